"""What a model proposes over several attempts: what passed is kept, what is mended takes the refused one's place."""

from __future__ import annotations

from typing import Any

import pytest

from customer_escalation.brief import Dissent, Statement
from customer_escalation.writers.proposal import Proposal
from tests.skill.drafts import draft

GOOD = {"slot": "insights", "text": "The next export was empty again", "cites": ["T-1/2"], "kind": "stated_by_staff"}
BAD = {"slot": "insights", "text": "99 exports failed", "cites": ["T-1/1"], "kind": "stated_by_customer"}
MENDED = {**BAD, "text": "12 exports failed"}


def described(*texts: str) -> list[dict[str, Any]]:
    """Sentences of a description; each cites the comment that it repeats."""
    customer, staff = "stated_by_customer", "stated_by_staff"
    of = {"Our": ("T-1/1", customer), "99": ("T-1/1", customer), "I": ("T-1/2", staff), "We": ("T-1/3", customer)}
    rows = [of[text.split()[0]] for text in texts]
    return [
        {"slot": "description", "text": text, "cites": [cite], "kind": kind}
        for text, (cite, kind) in zip(texts, rows, strict=True)
    ]


FIRST = "Our nightly exports are empty since Monday."
SECOND = "I restarted the export worker; the next export was empty again."
THIRD = "We need a fix before the audit on 27 November."


def offered(*attempts: object) -> tuple[Proposal, list[str]]:
    """A proposal after these attempts, and the refusals of the last."""
    proposal, refused = Proposal(draft()), ["nothing was offered"]
    for attempt in attempts:
        refused = proposal.offer(draft(), attempt)
    return proposal, refused


def test_good_sentences_are_in_at_once() -> None:
    proposal, refused = offered({"sentences": [GOOD], "dissent": []})

    assert refused == []
    assert proposal.accepted == 1
    assert proposal.result.brief.insights[-1].text == GOOD["text"]
    assert proposal.left_out() == {}


def test_a_refused_sentence_comes_back_with_the_reason_and_the_good_one_is_in() -> None:
    proposal, refused = offered({"sentences": [BAD, GOOD]})

    assert refused == ["insights “99 exports failed”: “99” is in none of the cited rows"]
    assert proposal.accepted == 1


def test_a_mended_sentence_takes_the_place_of_the_refused_one() -> None:
    proposal, refused = offered({"sentences": [BAD, GOOD]}, {"sentences": [MENDED]})

    assert refused == []
    assert [line.text for line in proposal.result.brief.insights[-2:]] == [MENDED["text"], GOOD["text"]]


def test_of_a_description_only_the_refused_sentence_is_mended() -> None:
    first = {"sentences": described(FIRST, "99 exports failed.", THIRD)}
    proposal, refused = offered(first)
    assert refused == ["description “99 exports failed.”: “99” is in none of the cited rows"]

    assert proposal.offer(draft(), {"sentences": described(SECOND)}) == []

    assert [line.text for line in proposal.result.brief.description] == [FIRST, SECOND, THIRD]


def test_a_description_that_is_sent_again_as_a_whole_is_not_doubled() -> None:
    proposal, _ = offered({"sentences": described(FIRST, "99 exports failed.", THIRD)})

    assert proposal.offer(draft(), {"sentences": described(FIRST, SECOND, THIRD)}) == []

    assert [line.text for line in proposal.result.brief.description] == [FIRST, SECOND, THIRD]


def test_a_description_that_stays_too_short_leaves_the_draft_s() -> None:
    proposal, refused = offered({"sentences": described(FIRST, THIRD)})

    assert refused == ["description: the description is replaced as a whole: 3 to 5 sentences must pass, 2 did"]
    assert proposal.result.brief.description == draft().brief.description


def test_a_sentence_that_is_not_submitted_again_stays_out_and_is_not_named_for_ever() -> None:
    proposal, refused = offered({"sentences": [BAD, GOOD]}, {"sentences": []})

    assert refused == []
    assert proposal.left_out() == {}
    assert proposal.accepted == 1


def test_what_stays_out_is_counted_by_slot() -> None:
    proposal, _ = offered({"sentences": [BAD]})

    assert proposal.left_out() == {"insights": 1}


@pytest.mark.parametrize(
    ("proposed", "refused"),
    [
        ("not JSON", ["sentences: sentences is a list of objects, not this text"]),
        ({"sentences": 7}, ["sentences: sentences is a list of objects"]),
        (None, ["sentences: sentences is a list of objects"]),
        ({"sentences": [7]}, ["sentences “”: not an object with slot, text, cites, kind, formula"]),
        ({"dissent": "no"}, ["dissent: must be a list"]),
        ({}, []),
    ],
)
def test_whatever_else_is_sent_is_refused_in_a_line(proposed: object, refused: list[str]) -> None:
    proposal, said = offered(proposed)

    assert said == refused
    assert proposal.accepted == 0
    assert proposal.result.brief == draft().brief


REASON: dict[str, object] = {
    "text": "12 of 40 exports failed",
    "cites": ["T-1/1"],
    "kind": "stated_by_customer",
    "formula": "",
}


def test_a_dissent_with_a_cited_reason_stands_beside_the_policy_s_choice() -> None:
    before = draft()
    proposal, refused = offered({"sentences": [], "dissent": [{"about": "severity", "choice": "critical", **REASON}]})

    assert refused == []
    reason = Statement("12 of 40 exports failed", ("T-1/1",), "stated_by_customer")
    assert proposal.result.dissent == (Dissent("severity", "critical", reason),)
    assert proposal.result.severity == before.severity
    assert proposal.result.verification.unsupported == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"about": "revenue"}, "dissent: about: must be one of decision, severity, target"),
        ({"choice": "enormous"}, "dissent: choice: for severity it must be one of critical, high, medium"),
        ({"text": "99 of 100 exports failed"}, "dissent about severity: “99 of 100” is in none of the cited rows"),
        ({"cites": ["T-9"]}, "dissent about severity: "),
        ({"text": ""}, "dissent: text"),
    ],
)
def test_a_dissent_without_good_evidence_is_refused(changed: dict[str, object], said: str) -> None:
    dissent = {"about": "severity", "choice": "critical", **REASON, **changed}
    proposal, refused = offered({"sentences": [], "dissent": [dissent]})

    assert refused[0].startswith(said)
    assert proposal.result.dissent == ()


def test_a_dissent_from_what_the_policy_chose_already_is_none() -> None:
    chosen = draft().severity
    dissent = {"about": "severity", "choice": chosen, **REASON}
    _, refused = offered({"dissent": [dissent]})

    assert refused == [f"dissent: the policy chose {chosen} already"]


def test_sentences_beyond_the_first_forty_are_left_out_and_counted_so() -> None:
    countless = [{**BAD, "text": f"{number} exports vanished"} for number in range(100, 1099)]
    proposal, refused = offered({"sentences": [GOOD, *countless]})

    assert proposal.accepted == 1
    assert refused[0] == "sentences: only the first 40 of 1000 were read"
    assert proposal.left_out() == {"insights": 39, "not read": 960}
