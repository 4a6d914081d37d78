"""Whatever comes in, the verifier answers with reasons, raises nothing, and takes time in step with the text."""

from __future__ import annotations

import time
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from customer_escalation.brief import Kind, Statement
from customer_escalation.verify import FormulaError, Verifier, check, compute, verify_text
from customer_escalation.verify.facts import read
from customer_escalation.verify.tokens import tokens
from tests.skill.verify_rows import DANA, NOW, ledger, row

LEDGER = ledger()
WORDS = st.sampled_from(
    """
    Dana Reyes states that 12 of 40 exports EUR 2.5M 16 November 08:00 UTC not never “quote” ' ` … T-101 [T-101/1] #77
    ERR_EMPTY_FILE v5.2.0 may nobody Acme Corp is fixed ? : ; , ( ) 2.1 % -> 30 s from to three dozen tomorrow Friday
    """.split()
)
PIECES = st.sampled_from(
    """
    hours( days( sum( count( distinct( later( mentions( due( percent( min( add_hours( [T-101] [T-101/1].at [A-acme].arr
    [D-1].amount now 12 40 + - * / , ) ) "2026-11-16" "UTC" staff ; [X].y
    """.split()
)
PROSE = st.lists(WORDS, max_size=30).map(" ".join)
TEXT = st.one_of(st.text(max_size=200), PROSE)
CITES = st.lists(st.one_of(st.sampled_from([row.id for row in LEDGER]), st.text(max_size=8)), max_size=4).map(tuple)
FORMULAS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join))
FORMULA = st.one_of(st.none(), FORMULAS)


@settings(max_examples=300, deadline=None)
@given(text=TEXT, cites=CITES, kind=st.sampled_from(get_args(Kind)), formula=FORMULA)
@example(text="’'’' \u0130 \u1e9e ﬃ ² ½ ٣ 三", cites=("T-101/1",), kind="observed", formula="1/0")
@example(text="0 of 0 from 9999-12-31T23:59:59Z", cites=("T-101",), kind="derived", formula="hours(now, now)")
@example(text="\ud800 \x00", cites=("\ud800",), kind="absence", formula="\x00")
def test_a_statement_is_never_an_error(text: str, cites: tuple[str, ...], kind: Kind, formula: str | None) -> None:
    found = check(Statement(text, cites, kind, formula), LEDGER, NOW)

    assert all(isinstance(reason, str) and reason for reason in found)


@settings(max_examples=300, deadline=None)
@given(formula=FORMULAS)
def test_a_formula_gives_a_value_or_a_plain_reason(formula: str) -> None:
    try:
        found = compute(formula, LEDGER, NOW).value.written
    except FormulaError as error:
        found = str(error)
    assert found or formula


@settings(max_examples=200, deadline=None)
@given(text=TEXT)
def test_a_row_may_hold_any_text(text: str) -> None:
    rows = ledger(row("X-1", text, author=DANA, title=text[:20]))

    assert isinstance(check(Statement("Exports are empty.", ("X-1",), "stated_by_customer"), rows, NOW), tuple)
    assert isinstance(verify_text(text, rows, NOW), tuple)


@settings(max_examples=200, deadline=None)
@given(text=TEXT)
def test_facts_and_tokens_stand_where_they_say(text: str) -> None:
    reading = read(text)

    assert [token.text for token in reading.tokens if token.kind != "num"] == [
        text[token.start : token.end] for token in reading.tokens if token.kind != "num"
    ]
    assert all(0 <= fact.start <= fact.end <= len(text) for fact in reading.facts)


@settings(max_examples=200, deadline=None)
@given(text=PROSE, cites=CITES, kind=st.sampled_from(get_args(Kind)), formula=FORMULA)
def test_the_same_statement_gets_the_same_reasons(
    text: str, cites: tuple[str, ...], kind: Kind, formula: str | None
) -> None:
    statement, shared = Statement(text, cites, kind, formula), Verifier(LEDGER, NOW)

    assert shared.check(statement) == shared.check(statement) == check(statement, LEDGER, NOW)


def seconds(text: str) -> float:
    """The best of three, in the time of this process."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        rows = ledger(row("X-1", text, author=DANA))
        check(Statement("Dana Reyes states that 12 exports failed.", ("X-1",), "stated_by_customer"), rows, NOW)
        verify_text(text, LEDGER, NOW, (text[:100],))
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize(
    "piece",
    [
        "a", "1", "1,111", "a.", "'", '"a" ', "“a” ", "`", "(", "12 of ", "Dana Reyes ", "not ", "T-1/", "2026-11-16 ",
        "- ", "a-", "5 h ", "3 Oct ", "? ", "\n", "EUR 1 ", "may be it, ", "https://x/", "_", "é",
    ],
)  # fmt: skip
def test_the_time_grows_no_faster_than_the_text(piece: str) -> None:
    """Eight times the text, far less than the 64 times of a quadratic reading; a busy machine gets three tries."""
    tries = ((seconds(piece * (8_000 // len(piece))), seconds(piece * (64_000 // len(piece)))) for _ in range(3))

    assert any(large < 0.05 or large < 24 * small for small, large in tries)


def test_a_statement_of_a_megabyte_is_refused_at_once() -> None:
    start = time.process_time()

    assert "characters" in check(Statement("Exports fail. " * 75_000, ("T-101",)), LEDGER, NOW)[0]
    assert time.process_time() - start < 0.1


def test_a_text_of_a_megabyte_is_taken_apart_in_seconds() -> None:
    start = time.process_time()

    assert sum(1 for _ in tokens("Dana wrote 12 of 40, EUR 2.5M, on 3 Oct. " * 25_000)) > 300_000
    assert time.process_time() - start < 10


def test_a_colon_with_nothing_behind_it_is_no_error() -> None:
    check(Statement("Three:", ("T-101",)), LEDGER, NOW)
