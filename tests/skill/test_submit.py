"""submit: a model's sentences are let in one by one, and whatever it sends, the draft stays whole."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_escalation import submit as submitting
from customer_escalation.brief import EscalationBrief, Kind, Need, NextStep, Result, Statement, Unsupported
from customer_escalation.evidence import Author, Evidence, Ledger
from customer_escalation.sentences import ALL_TEXT, FIELDS, KINDS, SLOTS, Sentence, asked
from customer_escalation.submit import SENTENCES, Submission, apply, submit
from customer_escalation.verify import verify
from tests.skill import render_samples as samples

AT = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)


def row(evidence_id: str, text: str, origin: Any, author: Author | None = None, **more: Any) -> Evidence:
    return Evidence(
        id=evidence_id, category="support_platform", connector="workspace", record="1", text=text, origin=origin,
        at=AT, author=author, **more,
    )  # fmt: skip


def draft() -> Result:
    """A draft of five rows, each of whose lines is supported."""
    dana, ravi = Author("Dana Reyes", "customer"), Author("Ravi Shah", "agent")
    ledger = Ledger(
        [
            row("R-0", "Exports are empty at Acme Corp", "typed"),
            row(
                "T-1",
                "Ticket 1: Exports are empty (status: open; customer: Acme Corp)",
                "observed",
                title="Exports are empty",
            ),
            row(
                "T-1/1",
                "Our nightly exports are empty since Monday. 12 of 40 exports failed.",
                "stated_by_customer",
                dana,
            ),
            row("T-1/2", "I restarted the export worker; the next export was empty again.", "stated_by_staff", ravi),
            row("T-1/3", "We need a fix before the audit on 27 November.", "stated_by_customer", dana),
        ]
    )
    base = samples.unknown()
    empty = Statement("Dana Reyes: “Our nightly exports are empty”", ("T-1/1",), "stated_by_customer")
    brief = replace(
        base.brief,
        title=Statement("Exports are empty", ("T-1",)),
        impact=replace(base.brief.impact, workflow_impact=empty),
        description=tuple(
            Statement(text, (cite,), "stated_by_customer" if cite != "T-1/2" else "stated_by_staff")
            for text, cite in (
                ("Our nightly exports are empty since Monday.", "T-1/1"),
                ("I restarted the export worker; the next export was empty again.", "T-1/2"),
                ("We need a fix before the audit on 27 November.", "T-1/3"),
            )
        ),
        needed=(Need("investigate", "Investigate why exports are empty", ("T-1",)),),
        insights=(Statement("12 of 40 exports failed", ("T-1/1",), "stated_by_customer"),),
    )  # fmt: skip
    steps = (
        NextStep("n1", "post_to_chat", "Post", "#eng", "Exports are empty\nWe need: Investigate why exports are empty"),
        NextStep("n2", "reply_to_customer", "Reply", "ticket 1", "Hello Dana, about “Exports are empty”."),
    )
    result = replace(base, brief=brief, evidence=ledger, next_steps=steps)
    return replace(result, verification=verify(result))


def sentence(slot: Any = "insights", text: str = "12 exports failed of 40", *cites: str, **more: Any) -> Sentence:
    return Sentence(slot, text, cites or ("T-1/1",), more.pop("kind", "stated_by_customer"), **more)


def reasons(submission: Submission) -> list[str]:
    return [" / ".join(refusal.reasons) for refusal in submission.refused]


def test_the_draft_of_these_tests_is_supported() -> None:
    assert draft().verification.unsupported == ()


def line(brief: EscalationBrief, slot: str) -> Statement | None:
    """The line of the brief that a slot stands for; of a list the last."""
    talk = brief.customer_communication
    return {
        "title": brief.title,
        "workflow_impact": brief.impact.workflow_impact,
        "expectation": talk.expectation,
        "escalation_risk": talk.escalation_risk,
        "insights": brief.insights[-1],
    }[slot]


@pytest.mark.parametrize(
    ("slot", "text", "cite"),
    [
        ("title", "Nightly exports are empty", "T-1/1"),
        ("workflow_impact", "12 of 40 exports failed", "T-1/1"),
        ("expectation", "A fix before the audit on 27 November", "T-1/3"),
        ("escalation_risk", "We need a fix before the audit", "T-1/3"),
        ("insights", "The next export was empty again", "T-1/2"),
    ],
)
def test_a_supported_sentence_takes_its_place(slot: Any, text: str, cite: str) -> None:
    kind: Kind = "stated_by_staff" if cite == "T-1/2" else "stated_by_customer"

    submission = apply(draft(), [sentence(slot, text, cite, kind=kind)])

    assert reasons(submission) == []
    assert submission.accepted == (1,)
    assert line(submission.result.brief, slot) == Statement(text, (cite,), kind)
    assert submission.result.verification.unsupported == ()


@pytest.mark.parametrize("slot", ["title", "workflow_impact", "expectation", "escalation_risk", "insights"])
def test_a_sentence_that_its_evidence_does_not_hold_stays_out(slot: Any) -> None:
    before = draft()

    submission = apply(before, [sentence(slot, "39 of 40 exports failed")])

    assert submission.accepted == ()
    assert submission.result == before
    (refusal,) = submission.refused
    assert (refusal.number, refusal.slot, refusal.text) == (1, slot, "39 of 40 exports failed")
    assert "39 of 40" in refusal.reasons[0]


def test_the_good_go_in_beside_the_bad() -> None:
    submission = apply(
        draft(),
        [
            sentence("title", "99 exports are empty"),
            sentence("expectation", "A fix before the audit on 27 November", "T-1/3"),
            sentence("insights", "The next export was empty again", "X-9"),
        ],
    )

    assert submission.accepted == (2,)
    assert [refusal.number for refusal in submission.refused] == [1, 3]
    assert submission.refused[1].reasons == ("there is no evidence row X-9",)
    assert submission.result.brief.title.text == "Exports are empty"


def test_a_description_is_replaced_as_a_whole() -> None:
    texts = ["Nightly exports are empty", "12 of 40 exports failed", "Exports are empty since Monday"]

    submission = apply(draft(), [sentence("description", text) for text in texts])

    assert [line.text for line in submission.result.brief.description] == texts


def test_a_description_is_never_replaced_by_fewer_sentences_than_a_reader_needs() -> None:
    before = draft()

    submission = apply(
        before, [sentence("description", "12 of 40 exports failed"), sentence("description", "7 failed")]
    )

    assert submission.result.brief == before.brief
    assert submission.refused[0].reasons == (
        "the description is replaced as a whole: 3 to 5 sentences must pass, 1 did",
    )


def test_a_list_that_is_full_takes_no_more() -> None:
    six = [sentence("description", f"{word} of 40 exports failed") for word in ["12"] * 6]

    submission = apply(draft(), [*six, sentence("title", "Exports are empty"), sentence("title", "Exports failed")])

    assert submission.accepted == (1, 2, 3, 4, 5, 7)
    assert reasons(submission) == ["description is full: it holds 5", "title is full: it holds 1"]


def test_insights_are_added_once_and_up_to_a_limit() -> None:
    again = sentence("insights", "12 of 40 exports failed")
    texts = ["exports failed", "exports are empty", "nightly exports are empty", "our exports are empty",
             "our nightly exports are empty", "exports are empty since Monday", "12 exports failed",
             "empty exports since Monday", "of 40 exports 12 failed", "nightly exports failed",
             "40 exports, 12 failed", "our exports failed"]  # fmt: skip

    first = apply(draft(), [again])
    second = apply(first.result, [sentence("insights", text) for text in texts])

    assert first.accepted == (1,)
    assert len(first.result.brief.insights) == 1
    assert len(second.result.brief.insights) == 12
    assert reasons(second) == ["insights is full: it holds 12"]


def test_the_same_submission_twice_gives_the_same_result() -> None:
    sentences = [sentence("title", "Nightly exports are empty"), sentence("insights", "The exports failed")]

    once = apply(draft(), sentences)
    twice = apply(once.result, sentences)

    assert twice == once


def test_an_ask_begins_with_its_verb() -> None:
    submission = apply(
        draft(),
        [
            sentence("needed", "Fix the export worker", "T-1/2"),
            sentence("needed", "Approve a fix before 27 November", "T-1/3"),
            sentence("needed", "Please help", "T-1"),
            sentence("needed", "Fix 77 exports", "T-1"),
        ],
    )

    assert submission.result.brief.needed == (
        Need("fix", "Fix the export worker", ("T-1/2",)),
        Need("approve", "Approve a fix before 27 November", ("T-1/3",)),
    )
    assert reasons(submission)[0] == "begin with what is asked: Investigate, Fix, Decide, Approve, Prioritize, Contain"
    assert "77" in reasons(submission)[1]


@pytest.mark.parametrize(
    ("text", "ask"),
    [("Prioritise it", "prioritize"), ("contain: it", "contain"), ("", None), (" ", None), ("We fix", None)],
)
def test_the_first_word_tells_what_is_asked(text: str, ask: str | None) -> None:
    assert asked(text) == ask


def test_a_preview_that_would_lose_its_evidence_stays_as_it_was() -> None:
    before = draft()
    odd = replace(before, next_steps=(NextStep("n1", "file_issue", "File", "ORD", "Exports are empty"),))
    odd = replace(odd, verification=verify(odd))

    submission = apply(odd, [sentence("title", "our nightly exports are empty since Monday, 12 of 40 exports failed")])

    assert submission.accepted == (1,)
    assert submission.result.verification.unsupported == ()


def test_sentences_with_which_another_line_fails_stay_out(monkeypatch: pytest.MonkeyPatch) -> None:

    def strict(result: Result) -> Any:
        return replace(verify(result), unsupported=(Unsupported("brief.tried[0]", "Something else", "lost"),))

    before = draft()
    monkeypatch.setattr(submitting, "verify", strict)

    submission = apply(before, [sentence("title", "12 of 40 exports failed")])

    assert submission.result == before
    assert reasons(submission) == ["with it, another line of the brief would lose its evidence"]


def test_figures_decision_and_evidence_stay_with_code() -> None:
    before = draft()

    after = apply(before, [sentence(slot, "12 of 40 exports failed") for slot in SLOTS]).result

    assert replace(after, brief=before.brief, verification=before.verification, next_steps=before.next_steps) == before
    assert replace(after.brief.impact, workflow_impact=before.brief.impact.workflow_impact) == before.brief.impact


def test_proposals_for_our_teams_follow_and_those_for_customers_do_not() -> None:
    submission = apply(
        draft(),
        [sentence("title", "12 of 40 exports failed"), sentence("needed", "Fix the export worker", "T-1/2")],
    )

    assert [step.preview for step in submission.result.next_steps] == [
        "12 of 40 exports failed\nWe need: Fix the export worker",
        "Hello Dana, about “Exports are empty”.",
    ]


def test_a_derived_sentence_carries_a_formula_that_code_works_out() -> None:
    good = sentence("insights", "30 % of the exports failed: 12 / 40 = 30 %", kind="derived", formula="12 / 40")
    bad = sentence("insights", "45 % of the exports failed", kind="derived", formula="12 / 40")

    submission = apply(draft(), [good, bad])

    assert 2 not in submission.accepted
    assert {1} >= set(submission.accepted)


def test_a_sentence_is_cleaned_and_its_marks_become_cites() -> None:
    raw: dict[str, object] = {
        "slot": "insights",
        "text": "## -  12 of\u200b 40\n exports failed [T-1/1]",
        "cites": [],
        "kind": "stated_by_customer",
    }

    submission = submit(draft(), [raw])

    assert reasons(submission) == []
    assert submission.result.brief.insights[-1] == Statement(
        "12 of 40 exports failed", ("T-1/1",), "stated_by_customer"
    )


def test_secrets_are_masked_before_anything_is_kept() -> None:
    secret = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"

    submission = submit(
        draft(), [{"slot": "insights", "text": f"12 of 40 exports failed with {secret}", "cites": ["T-1/1"]}]
    )

    assert secret not in repr(submission)


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


def test_a_sentence_that_fails_only_in_the_whole_is_taken_out_again(monkeypatch: pytest.MonkeyPatch) -> None:

    def strict(result: Result) -> Any:
        found = verify(result)
        texts = [line.text for line in result.brief.insights]
        if "The exports failed" not in texts:
            return found
        return replace(
            found, unsupported=(Unsupported("brief.insights[1]", "The exports failed", "not in this place"),)
        )

    monkeypatch.setattr(submitting, "verify", strict)

    submission = apply(draft(), [sentence("insights", "The exports failed"), sentence("insights", "exports are empty")])

    assert submission.accepted == (2,)
    assert reasons(submission) == ["not in this place"]
    assert [line.text for line in submission.result.brief.insights][1:] == ["exports are empty"]


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
