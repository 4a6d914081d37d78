"""submit: whatever is sent, the draft stays whole and each proposal is told why it was refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_escalation.sentences import ALL_TEXT, FIELDS, KINDS, SLOTS
from customer_escalation.submit import SENTENCES, submit
from tests.skill.drafts import draft


@pytest.mark.parametrize(
    ("proposal", "reason"),
    [
        (None, "not an object with slot, text, cites, kind, formula"),
        (17, "not an object with slot, text, cites, kind, formula"),
        ("title", "not an object with slot, text, cites, kind, formula"),
        ([], "not an object with slot, text, cites, kind, formula"),
        ({}, "slot is one of title, description, workflow_impact, expectation, escalation_risk, needed, insights"),
        ({"slot": "severity", "text": "critical", "cites": []}, "slot is one of title, "),
        ({"slot": ["title"], "text": "x", "cites": []}, "slot is one of title, "),
        ({"slot": "title", "text": "x", "cites": [], "sev": 1}, "unknown field sev; a sentence has slot, "),
        ({"slot": "title", "cites": []}, "text is missing"),
        ({"slot": "title", "text": 5, "cites": []}, "text is missing"),
        ({"slot": "title", "text": " \u200b\n", "cites": []}, "text is empty"),
        ({"slot": "title", "text": "[T-1]", "cites": []}, "text is empty"),
        ({"slot": "title", "text": "Is it down?", "cites": ["T-1"]}, "text: a question states nothing"),
        ({"slot": "title", "text": "a" * 161, "cites": []}, "text: 161 characters, at most 160"),
        ({"slot": "title", "text": "a" * 1_000_000, "cites": []}, "text: 1000000 characters, at most 160"),
        ({"slot": "title", "text": "x", "cites": 5}, "cites is a list of evidence ids"),
        ({"slot": "title", "text": "x", "cites": {"T-1": 1}}, "cites is a list of evidence ids"),
        ({"slot": "title", "text": "x", "cites": [1]}, "cites is a list of evidence ids such as T-51842/3"),
        ({"slot": "title", "text": "x", "cites": ["x" * 81]}, "cites is a list of evidence ids such as T-51842/3"),
        ({"slot": "title", "text": "x", "cites": ["T-1"] * 21}, "cites: 21 ids, at most 20"),
        ({"slot": "title", "text": "x", "cites": [], "kind": "fact"}, "kind is one of observed, stated_by_customer, "),
        ({"slot": "title", "text": "x", "cites": [], "formula": 5}, "formula is a text of at most 300 characters"),
        ({"slot": "title", "text": "x", "cites": [], "formula": "1+" * 200}, "formula is a text of at most 300 "),
        ({"slot": "title", "text": "x", "cites": None}, "it cites nothing: "),
        ({"slot": "title", "text": "x", "cites": "Z-1, Z-2"}, "there is no evidence row Z-1"),
    ],
)  # fmt: skip
def test_what_is_no_sentence_is_refused_with_the_reason(proposal: object, reason: str) -> None:
    before = draft()

    submission = submit(before, [proposal])

    assert submission.result == before
    assert submission.accepted == ()
    assert submission.refused[0].number == 1
    assert submission.refused[0].reasons[0].startswith(reason)


@pytest.mark.parametrize(
    "proposals",
    [None, 5, {}, True, "not JSON", "{}", "[" * 100_000, "[" + "1," * ALL_TEXT, json.dumps({"slot": "title"})],
)
def test_what_is_no_list_is_refused_as_a_whole(proposals: object) -> None:
    submission = submit(draft(), proposals)

    (refusal,) = submission.refused
    assert refusal.number == 0
    assert refusal.reasons[0].startswith("sentences")
    assert submission.accepted == ()


def test_a_list_written_as_text_is_read() -> None:
    text = json.dumps([{"slot": "title", "text": "Exports are empty", "cites": "T-1"}])

    assert submit(draft(), text).accepted == (1,)


def test_sentences_beyond_the_limit_are_named() -> None:
    submission = submit(draft(), [None] * (SENTENCES + 2))

    assert len(submission.refused) == SENTENCES + 1
    assert submission.refused[-1].reasons == (f"only the first {SENTENCES} of {SENTENCES + 2} were read",)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "slot": st.sampled_from(SLOTS) | JSON,
        "text": st.text(max_size=80) | JSON,
        "cites": st.lists(st.sampled_from(["T-1", "T-1/1", "R-0", "X"]) | st.text(max_size=5), max_size=3) | JSON,
        "kind": st.sampled_from(KINDS) | JSON,
        "formula": st.text(max_size=20) | JSON,
    },
)


@settings(max_examples=150, deadline=None)
@given(st.lists(NEARLY | JSON, max_size=3) | JSON)
def test_whatever_is_sent_the_draft_stays_supported(proposals: object) -> None:
    before = draft()

    submission = submit(before, proposals)

    assert submission.result.verification.unsupported == ()
    assert submission.result.evidence is before.evidence
    assert all(refusal.reasons for refusal in submission.refused)
    assert tuple(FIELDS) == ("slot", "text", "cites", "kind", "formula")
