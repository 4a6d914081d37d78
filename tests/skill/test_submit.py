"""submit: a model's sentences are let in one by one, and whatever it sends, the draft stays whole."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from customer_escalation import submit as submitting
from customer_escalation.brief import EscalationBrief, Kind, Need, NextStep, Result, Statement, Unsupported
from customer_escalation.sentences import SLOTS, Sentence, asked
from customer_escalation.submit import apply, submit
from customer_escalation.verify import verify
from tests.skill.drafts import draft, reasons


def sentence(slot: Any = "insights", text: str = "12 exports failed of 40", *cites: str, **more: Any) -> Sentence:
    return Sentence(slot, text, cites or ("T-1/1",), more.pop("kind", "stated_by_customer"), **more)


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
    assert reasons(submission) == ["description is full: it takes 5", "title is full: it takes 1"]


def test_what_the_draft_already_holds_takes_no_room_from_new_insights() -> None:
    again = sentence("insights", "12 of 40 exports failed")
    texts = ["exports failed", "exports are empty", "nightly exports are empty", "our exports are empty",
             "our nightly exports are empty", "exports are empty since Monday", "12 exports failed",
             "empty exports since Monday", "of 40 exports 12 failed", "nightly exports failed",
             "40 exports, 12 failed", "our exports failed", "exports failed on Monday"]  # fmt: skip

    first = apply(draft(), [again])
    second = apply(first.result, [sentence("insights", text) for text in texts])

    assert first.accepted == (1,)
    assert len(first.result.brief.insights) == 1
    assert len(second.result.brief.insights) == 13
    assert reasons(second) == ["insights is full: it takes 12"]


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
