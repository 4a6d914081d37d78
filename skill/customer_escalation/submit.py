"""A model's own sentences into the draft: each is cleaned, masked, checked against what it cites; then in, or refused.

Figures, the decision, the severity and the evidence stay with code. The draft's own line stays wherever a sentence was
refused, and the whole result is verified again afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from customer_escalation.brief import EscalationBrief, Need, NextStep, Result, Statement
from customer_escalation.sentences import ASKS, Sentence, Unreadable, asked, read_list, read_sentence, slot_of
from customer_escalation.verify import Verifier, verify

MOST: Mapping[str, int] = {"description": 5, "needed": 5, "insights": 12}
INTERNAL = frozenset({"post_to_chat", "inform_team", "file_issue", "internal_note"})
SHORTEST_DESCRIPTION = 3
WHOLE = "the description is replaced as a whole"
SENTENCES = 40


class Refusal(Struct, frozen=True):
    """A sentence that stays out: its place in the list (from 1; 0 is the list itself), slot, text and reasons."""

    number: int
    slot: str
    text: str
    reasons: tuple[str, ...]


class Submission(Struct, frozen=True):
    """The result with the accepted sentences in it, their places in the list, and the refused ones."""

    result: Result
    accepted: tuple[int, ...]
    refused: tuple[Refusal, ...]


class _Numbered(Struct, frozen=True):
    number: int
    sentence: Sentence

    def refused(self, *reasons: str) -> Refusal:
        return Refusal(self.number, self.sentence.slot, self.sentence.text, reasons)


def submit(result: Result, proposals: object) -> Submission:
    """Like `apply`, from whatever a model sent: what is no sentence is refused one by one; never raises."""
    try:
        items = read_list(proposals)
    except Unreadable as error:
        return Submission(result, (), (Refusal(0, "", "", (str(error),)),))
    readable: list[_Numbered] = []
    refused: list[Refusal] = []
    for number, item in enumerate(items[:SENTENCES], 1):
        try:
            readable.append(_Numbered(number, read_sentence(item)))
        except Unreadable as error:
            refused.append(Refusal(number, slot_of(item), "", (str(error),)))
    if len(items) > SENTENCES:
        refused.append(Refusal(SENTENCES + 1, "", "", (f"only the first {SENTENCES} of {len(items)} were read",)))
    return _enter(result, readable, refused)


def apply(result: Result, sentences: Sequence[Sentence]) -> Submission:
    """The result with every sentence that its evidence supports; the others come back with the reasons."""
    return submit(result, list(sentences))


def _enter(result: Result, readable: Sequence[_Numbered], refused: list[Refusal]) -> Submission:
    passed: list[_Numbered] = []
    verifier = Verifier(result.evidence, result.now)
    for item in readable:
        reasons = _reasons(verifier, item.sentence)
        if reasons:
            refused.append(item.refused(*reasons))
        else:
            passed.append(item)
    passed = _whole_description(result.brief, _fitting(result.brief, passed, refused), refused)
    changed = _with(result, passed)
    failed = _newly_failed(result, changed)
    if any(item.sentence.text in failed for item in passed):
        refused += [item.refused(failed[item.sentence.text]) for item in passed if item.sentence.text in failed]
        passed = [item for item in passed if item.sentence.text not in failed]
        changed = _with(result, passed)
    if _newly_failed(result, changed):
        refused += [item.refused("with it, another line of the brief would lose its evidence") for item in passed]
        passed, changed = [], result
    return Submission(
        changed, tuple(item.number for item in passed), tuple(sorted(refused, key=lambda refusal: refusal.number))
    )


def _reasons(verifier: Verifier, sentence: Sentence) -> tuple[str, ...]:
    """Why a sentence is refused. What an ask names is checked with the whole result, since an ask claims nothing."""
    if sentence.slot != "needed":
        return verifier.check(_statement(sentence))
    if asked(sentence.text) is None:
        return (f"begin with what is asked: {', '.join(ask.capitalize() for ask in ASKS)}",)
    return ()


def _fitting(brief: EscalationBrief, passed: Sequence[_Numbered], refused: list[Refusal]) -> list[_Numbered]:
    """Those for which there is room: one for a single line, a few for a list; the draft's insights take none of it."""
    fitting: list[_Numbered] = []
    known = {insight.text for insight in brief.insights}
    taken: dict[str, int] = {}
    for item in passed:
        slot = item.sentence.slot
        repeats = slot == "insights" and item.sentence.text in known
        if not repeats and taken.get(slot, 0) >= MOST.get(slot, 1):
            refused.append(item.refused(f"{slot} is full: it takes {MOST.get(slot, 1)}"))
            continue
        taken[slot] = taken.get(slot, 0) + (not repeats)
        fitting.append(item)
    return fitting


def _whole_description(brief: EscalationBrief, passed: list[_Numbered], refused: list[Refusal]) -> list[_Numbered]:
    """The description is replaced as a whole, never by fewer sentences than a reader needs."""
    described = [item for item in passed if item.sentence.slot == "description"]
    least = min(SHORTEST_DESCRIPTION, len(brief.description))
    if not described or len(described) >= least:
        return passed
    bounds = f"{least} to {MOST['description']}"
    why = f"{WHOLE}: {bounds} sentences must pass, {len(described)} did"
    refused += [item.refused(why) for item in described]
    return [item for item in passed if item.sentence.slot != "description"]


def _with(result: Result, passed: Sequence[_Numbered]) -> Result:
    """The result with these sentences, verified as a whole."""
    if not passed:
        return result
    brief = _filled(result.brief, [item.sentence for item in passed])
    changed = replace(result, brief=brief, next_steps=_carried(result.next_steps, result.brief, brief))
    changed = replace(changed, verification=verify(changed))
    if changed.next_steps != result.next_steps and _newly_failed(result, changed):
        changed = replace(changed, next_steps=result.next_steps)  # a preview is checked more strictly than its lines
        changed = replace(changed, verification=verify(changed))
    return changed


def _newly_failed(result: Result, changed: Result) -> dict[str, str]:
    """Lines that failed only after the change, with the reason."""
    before = {item.path for item in result.verification.unsupported}
    return {item.text: item.why for item in changed.verification.unsupported if item.path not in before}


def _filled(brief: EscalationBrief, sentences: Sequence[Sentence]) -> EscalationBrief:
    def lines(slot: str) -> tuple[Statement, ...]:
        return tuple(_statement(sentence) for sentence in sentences if sentence.slot == slot)

    def line(slot: str, draft: Statement | None) -> Statement | None:
        return next(iter(lines(slot)), draft)

    talk, known = brief.customer_communication, {insight.text for insight in brief.insights}
    return replace(
        brief,
        title=cast("Statement", line("title", brief.title)),
        description=lines("description") or brief.description,
        impact=replace(
            brief.impact, workflow_impact=cast("Statement", line("workflow_impact", brief.impact.workflow_impact))
        ),
        customer_communication=replace(
            talk,
            expectation=line("expectation", talk.expectation),
            escalation_risk=line("escalation_risk", talk.escalation_risk),
        ),
        needed=tuple(_need(sentence) for sentence in sentences if sentence.slot == "needed") or brief.needed,
        insights=(*brief.insights, *(new for new in lines("insights") if new.text not in known)),
    )


def _carried(steps: Sequence[NextStep], old: EscalationBrief, new: EscalationBrief) -> tuple[NextStep, ...]:
    """Proposals for our own teams quote the new lines where they quoted the draft; what customers get stays."""
    lines = [
        (old.title.text, new.title.text),
        (old.impact.workflow_impact.text, new.impact.workflow_impact.text),
        ("; ".join(need.text for need in old.needed), "; ".join(need.text for need in new.needed)),
    ]

    def carried(step: NextStep) -> NextStep:
        preview = step.preview
        for before, after in lines:
            preview = preview.replace(before, after) if before else preview
        return replace(step, preview=preview)

    return tuple(carried(step) if step.kind in INTERNAL else step for step in steps)


def _statement(sentence: Sentence) -> Statement:
    return Statement(sentence.text, sentence.cites, sentence.kind, sentence.formula)


def _need(sentence: Sentence) -> Need:
    return Need(asked(sentence.text) or "investigate", sentence.text, sentence.cites)
