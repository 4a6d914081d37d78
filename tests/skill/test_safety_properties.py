"""What holds for every text: nothing changes twice, ordinary text stays, and the time is linear."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_escalation.safety import clean, safe
from customer_escalation.safety.fencing import fence
from customer_escalation.safety.masking import mask

PW = "pass" + "word"
PIECES = [
    PW, "=", ": ", " is ", "hunter2", "token", "api_key", "secret", '"', "'", '\\"', "&", ";", ",", "\n", " ", "@",
    "://", "//", "a:b", ":", "jane", "acme.example", "+46 8 555 01 23", "call ", "(555) 010-1234",
    "4111 1111 1111 1111", "card ", "4111" + "111111111111", "DE89" + "370400440532013000", "gh" + "p_" + "aB3" * 12,
    "ey" + "Jabcdefghij." + "ey" + "Jabcdefghij.x", "sk" + "-", "[masked: ", "]", "[masked: API key]",
    "[masked: e-mail address at acme.example]", "Authorization: Bearer ", "Cookie: a=", "abcdef" + "123456", "--", "<",
    ">", "</", "-----BEGIN PRIVATE" + " KEY-----", "-----END PRIVATE" + " KEY-----", "login ",
    "AK" + "IA" + "Q7XK2MWPZ4RTB9HN", "zZ9/" * 10, "(", ")", "é", "İ", "\u200b", "\u200d", "\ufe0f", "🙂", "می", "1",
    "\u20e3", "\x1b", "[31m", "\r", "\u0338", "e\u0301", "\ud800", "\u2328",
]  # fmt: skip
SPLICED = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
ANY_TEXT = st.text(max_size=200) | st.text(st.characters(), max_size=60) | SPLICED
SENTENCE = (
    "the export fails with rows missing since Tuesday, customer says build 4.11.2 error 500 at 10:15 R673875614 €"
)
WORDS = st.sampled_from(SENTENCE.split())


@settings(max_examples=400, deadline=None)
@given(ANY_TEXT)
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once.text) == once


@settings(max_examples=400, deadline=None)
@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once.text).text == once.text
    assert clean(once.text).removed == ()
    once.text.encode()


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_safe_text_is_cleaned_and_masked(text: str) -> None:
    cleaned = clean(text)
    masked = mask(cleaned.text)
    result = safe(text)
    assert (result.text, result.removed, result.kinds) == (masked.text, cleaned.removed, masked.kinds)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_ordinary_text_is_untouched(text: str) -> None:
    result = safe(text)
    assert (result.text, result.removed, result.kinds) == (text, (), ())


@settings(max_examples=200, deadline=None)
@given(st.from_regex(r"[0-9]{1,19}", fullmatch=True), st.sampled_from(["id ", "#", "order ", "rows: ", "", "at "]))
def test_a_run_of_digits_is_untouched(digits: str, before: str) -> None:
    assert mask(before + digits).text == before + digits


@settings(max_examples=200, deadline=None)
@given(st.from_regex(r"[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}", fullmatch=True))
def test_a_hash_is_untouched(digest: str) -> None:
    assert mask(f"commit {digest} built").text == f"commit {digest} built"


@settings(max_examples=200, deadline=None)
@given(st.uuids())
def test_a_uuid_is_untouched(identifier: object) -> None:
    assert mask(f"trace {identifier} failed").text == f"trace {identifier} failed"


@settings(max_examples=200, deadline=None)
@given(SPLICED)
def test_a_fence_holds_whatever_stands_in_it(text: str) -> None:
    boundary = "masked-9a8b7c6d"
    lines = fence(text + boundary + text, boundary, "chat").split("\n")
    assert [n for n, line in enumerate(lines) if boundary in line] == [0, 1, len(lines) - 1]


HOSTILE = [
    "a", "1", " ", "-", "@", ".", ":", "/", "=", "\\", '"', "<a>", "://", "://a:", "a@", "@a.", "a@b.", "+1", "+1 ",
    "1 ", "1-", "(1", "1234 ", "[masked: ", "-----BEGIN PRIVATE" + " KEY-----", "----", "PuTTY-User" + "-Key-File-2",
    "ey" + "J", "ey" + "Ja.", "sk" + "-", "x" + "oxb-", "AK" + "IA", PW, PW + "=", PW + "=a,", PW + ' "', PW + "='",
    PW + " ", PW + ': \\"', "my " + PW + " is ", "token", "token=", "key", "api_key=a1", "--token ", "secret: a",
    "cookie: ", "cookie: a=b;", "authorization: ", "authorization: bearer ", "bearer ", "basic aaaaaaaa", "mysql",
    "mysql -", "curl -u ", "login a ", "login password ", "pin: 1", "sig=", "?sig=", "$2", "$argon2id$", "-us", ":AA",
    "8Q~", "00D", "pat", "call ", "call 1", "tel", "cvv", "AA11", "AA11 ", "Message-ID: ", "phpsessid=",
    "hooks.slack.com/", "<" + PW + ">", "a:b@tcp(", "\u200b", "\ufe0f", "\u200d", "\x1b[", "\x1b[1", "e\u0301",
    "🙂\ufe0f",
]  # fmt: skip


# One piece for each finder, and for cleaning.
WORST = [
    "://a:",
    "-----BEGIN PRIVATE" + " KEY-----",
    PW + "=",
    "token",
    "key",
    "cookie: a=b;",
    "call 1",
    "1234 ",
    "a@",
    "\u200d",
]


def seconds(text: str) -> float:
    """Processor time that cleaning and masking the text takes."""
    started = time.process_time()
    safe(text)
    return time.process_time() - started


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    assert seconds((piece * 100_000)[:100_000]) < 4


@pytest.mark.parametrize("piece", WORST)
def test_a_megabyte_of_hostile_text_takes_linear_time(piece: str) -> None:
    assert seconds((piece * 1_000_000)[:1_000_000]) < 30
