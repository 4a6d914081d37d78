"""The Slack message: short enough to post, cut where it says so, and nobody is called by a ticket."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from customer_escalation.brief import Ref, Statement
from customer_escalation.render import render
from customer_escalation.render.escape import flat
from customer_escalation.render.slack import LIMIT
from tests.skill import render_samples
from tests.skill.render_hostile import RESULTS, filled

PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["<!channel>", "<@U1>", "@here", "@", "&", "<", ">", "|", "`", "```", "*", "~", "http://e.example"]
        ),
        st.sampled_from(["<http://e.example|x>", "mail@e.example", "x@here", "\n", " ", "•", "&lt;!here&gt;"]),
        st.text(max_size=5),
    ),
    min_size=1,
    max_size=15,
)
HEADS = re.compile(r"(\*[A-Z].*|• .+|\d+\. .+|_.+_|… \d+ more .+|)")


@pytest.mark.parametrize("sample", ["escalation", "handled", "unknown", "hostile"])
def test_every_message_is_short_enough(sample: str) -> None:
    assert len(render(RESULTS[sample](), "slack")) < LIMIT


@pytest.mark.parametrize("text", ["&" * 3000, "word & " * 900, "@here " * 900, "x"])
def test_a_message_stays_short_whatever_the_records_hold(text: str) -> None:
    result = filled(text)
    result = replace(result, notes=(text,) * 4, brief=replace(result.brief, description=(Statement(text),) * 40))
    message = render(result, "slack")
    assert len(message) < LIMIT
    assert "… 2 more notes in the full brief" in message


def test_what_was_cut_is_counted() -> None:
    result = render_samples.escalation()
    many = tuple(Statement(f"Sentence {number} " + "about it " * 20) for number in range(30))
    message = render(replace(result, brief=replace(result.brief, description=many)), "slack")
    shown = message.count("• Sentence")
    assert f"… {30 - shown} more in the full brief" in message
    assert "*Customers affected:*" in message
    assert "*Deadline:*" in message


def test_the_steps_to_reproduce_and_what_was_tried_stay_where_much_else_is_cut() -> None:
    result = render_samples.escalation()
    many = tuple(Statement(f"Sentence {number} " + "about it " * 20) for number in range(30))
    brief = replace(result.brief, description=many, insights=many)
    message = render(replace(result, brief=brief), "slack")
    reproduction = message.partition("*Reproduction Steps*\n")[2].partition("\n\n")[0]
    assert result.brief.reproduction is not None
    assert reproduction.count("\n") >= len(result.brief.reproduction.steps)
    assert reproduction.startswith(("• ", "1. "))
    assert "*What's Been Tried*" in message


def test_a_line_that_was_shown_above_is_not_repeated() -> None:
    result = render_samples.escalation()
    impact = replace(result.brief.impact, workflow_impact=Statement("Nobody can order.", ("T-1",)))
    brief = replace(result.brief, impact=impact, description=(Statement("Nobody can order.", ("T-1",)),))
    message = render(replace(result, brief=brief), "slack")
    assert message.count("Nobody can order.") == 1


def test_many_marks_are_counted_and_not_repeated() -> None:
    result = render_samples.unknown()
    brief = replace(result.brief, description=(Statement("It is broken", tuple(f"T-{n}" for n in range(9))),))
    assert "It is broken [T-0] [T-1] [T-2] [T-3] +5\n" in render(replace(result, brief=brief), "slack")


def test_only_web_and_mail_addresses_become_links() -> None:
    result = render_samples.unknown()
    refs = tuple(
        Ref(f"K-{number}", f"Page {number}", url)
        for number, url in enumerate(("https://x.example/?a=1&b=<|>", "javascript:alert(1)", "mailto:ops@x.example"))
    )
    brief = replace(result.brief, supporting=replace(result.brief.supporting, articles=refs))
    message = render(replace(result, brief=brief), "slack")
    assert re.findall("<[^>]*>", message) == [
        "<https://x.example/?a=1&amp;b=%3C%7C%3E|Page 0>",
        "<mailto:ops@x.example|Page 2>",
    ]
    assert "• Page 1\n" in message


def test_sources_that_were_not_read_are_named() -> None:
    message = render(render_samples.escalation(), "slack")
    assert message.endswith("not read: Chat (failed), Knowledge base (not connected)_\n")


@settings(max_examples=100, deadline=None)
@given(PIECES)
def test_no_text_of_a_record_calls_anyone_or_makes_a_link_or_a_line(pieces: list[str]) -> None:
    text = "".join(pieces)
    assume(flat(text))
    message = render(filled(text), "slack")
    for link in re.findall("<[^>]*>?", message):
        assert link.startswith(("<https://acme.support.example/", "<https://tracker.example/"))
    words = re.sub("`[^`\n]*`", "", message)
    assert not re.search(r"@[^\W_]", words)
    assert not re.search(r"\w://", re.sub(r"<[^>]*>", "", words))
    assert len(message) < LIMIT
    for row in message.splitlines():
        assert HEADS.fullmatch(row), row
