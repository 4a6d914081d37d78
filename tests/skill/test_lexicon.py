"""The lexicon is data: what it calls a cue, a heading or a mark is found in sentences, and every name in use exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from customer_escalation import resources
from customer_escalation.lexicon import cues, heading_pattern, headings, mark
from customer_escalation.signals import cues_of

SOURCES = [
    path for path in resources.PACKAGE.rglob("*.py") if not {"verify", "safety", "server"} & set(path.parts[-2:-1])
]
ASKING = {"says", "states", "of", "sure", "_typed_or", "typed_or"}


def asked_for(path: Path) -> Iterator[str]:
    """The cues that a module asks signals for, by name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = (argument.value for argument in node.args if isinstance(argument, ast.Constant))
            yield from (str(text) for text in texts if name in ASKING)


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("I can see another customer's invoices", "security"),
        ("All our orders are gone", "data_loss"),
        ("The stored data is intact", "data_safe"),
        ("The export is missing rows", "data_incomplete"),
        ("Production is down", "down"),
        ("Checkout fails for everyone", "core_function"),
        ("We cannot log in", "blocked"),
        ("It throws an exception", "error"),
        ("It answers with 502 bad gateway", "server_fault"),
        ("The database is overloaded", "infrastructure"),
        ("It takes ten minutes", "slow"),
        ("It sometimes stops", "intermittent"),
        ("It stopped after the upgrade", "regression"),
        ("The bug is back", "recurring"),
        ("We can reproduce it", "confirmed"),
        ("I cannot reproduce it", "cannot_reproduce"),
        ("We will cancel our contract", "churn"),
        ("Our lawyers will write to you", "legal"),
        ("We will post it on social media", "public"),
        ("Our CEO wants a call", "executive"),
        ("Our invoice is wrong", "billing"),
        ("We want a refund", "refund"),
        ("Nobody has replied", "no_answer"),
        ("They are our biggest customer", "high_value"),
        ("We need it by Friday", "deadline"),
        ("This is a feature request", "feature"),
        ("How do we invite people?", "question"),
        ("The webhook secret was misconfigured", "configuration"),
        ("It was caused by our firewall", "own_side"),
        ("It was caused by your firewall", "your_side"),
        ("That is a known limitation", "limitation"),
        ("As a workaround, use the CSV", "workaround"),
        ("There is no workaround", "no_workaround"),
        ("We run a custom integration", "custom"),
        ("We need access to the production logs", "access"),
        ("That solved it", "solved"),
        ("Closing this", "closed_by_staff"),
        ("The fix has been released", "fix_available"),
        ("It is described in our guide", "answer"),
        ("I did that but it still fails", "solution_failed"),
        ("We tried another browser", "tried"),
        ("Please clear the cache", "advice"),
        ("It was caused by the pool", "cause"),
        ("I lost access to my old e-mail", "identity"),
        ("We will send you an update by tomorrow", "promise"),
        ("The fix is waiting for approval", "waiting_approval"),
        ("The SLA ends at noon", "clock_running"),
        ("We got another report", "request_again"),
        ("Please describe the bug", "form"),
        ("The risk is low", "security_limited"),
        ("It affects the live site", "production"),
        ("It might be the cache", "maybe"),
    ],
)
def test_each_cue_is_heard_in_a_plain_sentence(sentence: str, cue: str) -> None:
    assert cue in cues_of(sentence)


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("Please fill in our security questionnaire", "security"),
        ("No orders were lost", "data_loss"),
        ("The menu drops down and is unavailable below, it is a drop-down", "down"),
        ("Staging checkout fails", "core_function"),
        ("Without any errors", "error"),
        ("Have you been blocked?", "blocked"),
        ("Press release of the legal entity", "legal"),
        ("Our project manager wants a call", "executive"),
        ("It is not solved", "solved"),
        ("Is there a workaround?", "workaround"),
        ("Maybe it is a configuration problem", "configuration"),
        ("Please confirm that you can reproduce it", "confirmed"),
    ],
)
def test_what_only_sounds_like_a_cue_is_none(sentence: str, cue: str) -> None:
    assert cue not in cues_of(sentence)


def test_a_curly_apostrophe_is_heard_like_a_straight_one() -> None:
    assert cues_of("We can’t log in") == cues_of("We can't log in")


def test_a_plain_sentence_is_tried_for_every_cue() -> None:
    (table,) = test_each_cue_is_heard_in_a_plain_sentence.pytestmark  # type: ignore[attr-defined]

    assert {cue for _, cue in table.args[1]} == {cue.name for cue in cues()}


def test_every_cue_that_the_program_asks_for_is_in_the_lexicon() -> None:
    asked = {name for path in SOURCES for name in asked_for(path)}

    assert asked - {cue.name for cue in cues()} <= {"confirmed"}


def test_every_pattern_compiles_and_none_matches_nothing() -> None:
    assert [cue.name for cue in cues() if cue.heard_in("")] == []


def test_a_heading_is_recognised_with_what_follows_it() -> None:
    found = heading_pattern().match("## Steps to reproduce (short): open the page")

    assert found is not None
    assert (found["steps"], found["rest"]) == ("Steps to reproduce", "open the page")


def test_prose_is_no_heading() -> None:
    assert heading_pattern().match("The steps of the stairs are wet") is None


def test_the_headings_are_the_parts_of_a_report() -> None:
    assert headings() == (
        "preconditions",
        "steps",
        "expected",
        "actual",
        "environment",
        "frequency",
        "ruled_out",
        "other",
    )


def test_marks_are_compiled_once_by_name() -> None:
    first = mark("counted")

    assert isinstance(first, re.Pattern)
    assert mark("counted") is first
    assert first.search("3 of 40") is not None
