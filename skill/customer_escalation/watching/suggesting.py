"""What to do about what is new: decided by code over the policy, carried out by nobody until a person says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from customer_escalation.brief import Reason, Result
from customer_escalation.casebook.state import State, unfinished
from customer_escalation.policy import SEVERITIES, Criterion, Policy, holds
from customer_escalation.symptoms import ENDED
from customer_escalation.watching.look import issues_of
from customer_escalation.watching.standing import Said, Standing

Kind = Literal["move", "severity", "de_escalate", "re_escalate", "confirm", "tell", "close"]
REFUSED = frozenset(("cancelled", "canceled", "duplicate", "wont fix", "won't fix"))
AT_WORK = frozenset(("in progress", "in review", "in development", "doing", "started", "review", "testing", "reopened"))
EARLY = ("open", "acknowledged")
WAITING = (*EARLY, "in_progress", "fix_pending")


class Suggestion(Struct, frozen=True):
    """One thing to do: `to` is the status, severity or customer that it concerns, `condition` the policy's, if any."""

    kind: Kind
    to: str
    condition: str
    text: str
    cites: tuple[str, ...]


class Facts(Struct, frozen=True):
    """What suggestions are made from."""

    state: State
    kept: Result
    result: Result
    standing: Standing
    newcomers: tuple[tuple[str, tuple[str, ...]], ...]
    policy: Policy


def suggest(facts: Facts) -> tuple[Suggestion, ...]:
    """What the policy and the life of a case suggest, the most pressing first."""
    status = facts.state.status
    if status == "kept":
        return tuple(_from_support(facts))
    if status in ("closed", "de_escalated"):
        return tuple(_again(facts))
    found = [*(_after_the_end(facts) if status in ("resolved", "confirmed") else _on_the_way(facts))]
    return (*found, *_questions(facts))


def _from_support(facts: Facts) -> Iterator[Suggestion]:
    """What support handles by itself and what now meets the policy's criteria."""
    result = facts.result
    if facts.kept.decision == "handle_in_support" and result.decision == "escalate":
        cites = next((reason.cites for reason in result.reasons if reason.holds), ("R-0",))
        text = f"Escalate it: the policy now says {result.target}, {result.severity}"
        yield Suggestion("move", "open", "", text, cites)
        return
    undated = facts.standing.ours("no_date")
    asked = [each for each in facts.standing.said if each.customer and each.word.asks]
    if undated and asked:
        text = f"Escalate it to product: {asked[-1].customer} asks for what ours have no date for"
        yield Suggestion("move", "open", "", text, (asked[-1].row.id, undated[-1].row.id))


def _again(facts: Facts) -> Iterator[Suggestion]:
    """A case that was over and is not."""
    standing = facts.standing
    worse = [each for each in standing.broken if each.word.says("fix_broke")]
    if standing.broken:
        why = "the fix broke something else for" if worse else "it is not solved for"
        text = f"Escalate it again: {why} {_names(worse or standing.broken)}"
        yield Suggestion("re_escalate", "open", "", text, _rows(standing.broken))
    elif standing.has("undone") and standing.step is not None:
        yield Suggestion(
            "re_escalate", "open", "", "Escalate it again: the fix was taken back", (standing.step.row.id,)
        )
    elif facts.newcomers:
        names = ", ".join(name for name, _ in facts.newcomers)
        cites = tuple(cite for _, rows in facts.newcomers for cite in rows)
        yield Suggestion("re_escalate", "open", "", f"Escalate it again: {names} reports it after its end", cites)


def _after_the_end(facts: Facts) -> Iterator[Suggestion]:
    """A case that ours call solved: each customer says whether it is."""
    standing, state = facts.standing, facts.state
    if standing.broken:
        text = f"Take it up again: it is not solved for {_names(standing.broken)}"
        yield Suggestion("move", "in_progress", "", text, _rows(standing.broken))
        return
    if standing.has("undone") and standing.step is not None:
        yield Suggestion("move", "in_progress", "", "Take it up again: the fix was taken back", (standing.step.row.id,))
        return
    if facts.newcomers:
        names = ", ".join(name for name, _ in facts.newcomers)
        cites = tuple(cite for _, rows in facts.newcomers for cite in rows)
        yield Suggestion("move", "in_progress", "", f"Take it up again: {names} reports it after the fix", cites)
        return
    for each in standing.solved:
        if each.customer in state.unconfirmed:
            text = f"Note that {each.customer} confirms it: “{each.word.sentence}”"
            yield Suggestion("confirm", each.customer, "", text, (each.row.id,))
    if not unfinished(state):
        cites = _rows(standing.solved) or ("R-0",)
        yield Suggestion("close", "closed", "", "Close it: every customer was told and has confirmed", cites)


def _on_the_way(facts: Facts) -> Iterator[Suggestion]:
    """A case that somebody works on."""
    ended = next(_ended(facts), None)
    if ended is not None:
        yield ended
        return
    stepped_down = next(_down(facts), None)
    if stepped_down is not None:
        yield stepped_down
        return
    yield from _forward(facts)
    yield from _severity(facts)


def _ended(facts: Facts) -> Iterator[Suggestion]:
    """Ours say that it is fixed, and no customer denies it."""
    standing, state = facts.standing, facts.state
    if standing.broken:
        return
    waiting = [name for name in state.customers if name not in {each.customer for each in standing.solved}]
    asked = f"; tell and ask {', '.join(waiting)}" if waiting else "; its customers confirm it"
    if standing.is_fixed and standing.step is not None:
        cites = (standing.step.row.id, *_rows(standing.solved))
        yield Suggestion("move", "resolved", "", f"Call it resolved: “{standing.step.word.sentence}”{asked}", cites)
        return
    done = [row for row in issues_of(facts.result) if _status(facts.result, row) in ENDED - REFUSED]
    if done and len(done) == len(issues_of(facts.result)) and not standing.has("undone", "coming"):
        told = ", ".join(f"{facts.result.evidence[row].record} is {_status(facts.result, row)}" for row in done)
        yield Suggestion("move", "resolved", "", f"Call it resolved: {told}{asked}", tuple(done))


def _down(facts: Facts) -> Iterator[Suggestion]:
    """The first of the policy's conditions for stepping down that holds."""
    found = findings(facts)
    for condition in facts.policy.de_escalation:
        if holds(condition.when, found.__contains__):
            yield Suggestion("de_escalate", "", condition.id, _why(condition, found), _of(condition, found))


def findings(facts: Facts) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What the policy's conditions for stepping down name: each with its words and rows."""
    standing, state, result = facts.standing, facts.state, facts.result
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    if not standing.broken:
        cause = standing.ours("cause_told")
        mine = [each for each in standing.said if not each.customer and each.word.says("support_matter")]
        if cause:
            found["root_cause_found"] = (cause[-1].word.told["cause_told"], (cause[-1].row.id,))
        if mine and not standing.has("coming", "underway"):
            found["support_can_resolve"] = (mine[-1].word.told["support_matter"], (mine[-1].row.id,))
        if _everybody(state, standing.accepted):
            found["workaround_unblocks"] = (standing.accepted[-1].word.told["accepts"], _rows(standing.accepted))
        elif _everybody(state, standing.solved):
            around = standing.ours("workaround")
            name = "workaround_unblocks" if around else "ended_by_itself"
            found[name] = (standing.solved[-1].word.sentence, (*_rows(around[-1:]), *_rows(standing.solved)))
    ours = _told_by_ours(facts, ("support.documented_solution", "support.configuration", "support.known_limitation"))
    if ours is not None and facts.kept.decision == "escalate" and result.decision == "handle_in_support":
        found["support_can_handle"] = (ours.text, ours.cites)
    return found


def _told_by_ours(facts: Facts, criteria: tuple[str, ...] = ()) -> Reason | None:
    """A reason of these (of any, where none is named) that rests on new words of ours, and that no customer denies.

    A customer's silence, or the passing of time, is no new information.
    """
    if facts.standing.broken:
        return None
    mine = {each.row.id for each in facts.standing.said if not each.customer and not each.word.says("heard_say")}
    held = (each for each in facts.result.reasons if each.holds and (not criteria or each.criterion in criteria))
    return next((reason for reason in held if mine & set(reason.cites)), None)


def _everybody(state: State, said: Iterable[Said]) -> bool:
    return bool(state.customers) and set(state.customers) <= {each.customer for each in said}


def _why(condition: Criterion, found: dict[str, tuple[str, tuple[str, ...]]]) -> str:
    said = next((found[name][0] for terms in condition.when for name, wanted in terms if wanted and name in found), "")
    return f"De-escalate: {condition.text}" + (f" (“{said}”)" if said else "")


def _of(condition: Criterion, found: dict[str, tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    names = [name for terms in condition.when for name, wanted in terms if wanted and name in found]
    return tuple(dict.fromkeys(cite for name in names for cite in found[name][1]))


def _forward(facts: Facts) -> Iterator[Suggestion]:
    """From open to taken up, and to a fix that waits for its day; back where the fix does not hold."""
    standing, status = facts.standing, facts.state.status
    if (standing.broken and standing.has("done")) or standing.has("undone"):
        if status != "in_progress":
            said = standing.broken or ((standing.step,) if standing.step else ())
            yield Suggestion("move", "in_progress", "", "Take it up again: the fix does not hold", _rows(said))
        return
    if standing.has("coming") and standing.step is not None:
        if status != "fix_pending":
            text = f"A fix is on its way: “{standing.step.word.sentence}”"
            yield Suggestion("move", "fix_pending", "", text, (standing.step.row.id,))
        return
    working = [row for row in issues_of(facts.result) if _status(facts.result, row) in AT_WORK]
    if status in EARLY and (working or standing.has("underway")):
        cites = (standing.step.row.id,) if standing.step is not None else tuple(working)
        yield Suggestion("move", "in_progress", "", "The receiving team works on it", cites)


def _severity(facts: Facts) -> Iterator[Suggestion]:
    now, was, result = facts.result.severity, facts.state.severity, facts.result
    if now is None or was is None or now == was:
        return
    if SEVERITIES.index(now) < SEVERITIES.index(was):
        cites = tuple(dict.fromkeys(cite for reason in result.reasons if reason.holds for cite in reason.cites))[:6]
        yield Suggestion("severity", now, "", f"Raise the severity from {was} to {now}", cites or ("R-0",))
        return
    ours = _told_by_ours(facts)
    if ours is not None:
        text = f"Lower the severity from {was} to {now}: {ours.text}"
        yield Suggestion("severity", now, _condition(facts.policy, "severity_fell"), text, ours.cites)


def _condition(policy: Policy, finding: str) -> str:
    """The policy's condition that names this finding; empty where it is switched off."""
    named = (c.id for c in policy.de_escalation if any((finding, True) in terms for terms in c.when))
    return next(named, "")


def _questions(facts: Facts) -> Iterator[Suggestion]:
    for each in facts.standing.unanswered:
        text = f"Answer {each.customer}: “{each.word.asks}”"
        yield Suggestion("tell", each.customer, "", text, (each.row.id,))


def _status(result: Result, row: str) -> str:
    held = result.evidence.get(row)
    return str(held.fields.get("status") or "").lower() if held is not None else ""


def _rows(said: Iterable[Said]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.row.id for each in said))


def _names(said: Iterable[Said]) -> str:
    return ", ".join(dict.fromkeys(each.customer for each in said))
