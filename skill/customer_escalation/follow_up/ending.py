"""How a case ends: it steps down by a condition of the policy, or it is closed. Both are a person's to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from customer_escalation.brief import Kind as Said
from customer_escalation.casebook.events import Event, Kind, Value
from customer_escalation.casebook.lapsing import lapse
from customer_escalation.casebook.state import OVER, NotAllowed, after, unfinished
from customer_escalation.follow_up import rounding_off
from customer_escalation.follow_up.office import Office
from customer_escalation.follow_up.saying import Answer, filled, line, said
from customer_escalation.follow_up.showing import standing

OBSERVED: Said = "observed"
SAID_BY: Mapping[str, Said] = {"stated_by_customer": "stated_by_customer", "stated_by_staff": "stated_by_staff"}


class Ending(Struct, frozen=True):
    """What would be recorded, checked: the event, `says` in our words, and what is still `unfinished`.

    `doubt` says that the rows given do not bear the reason out, as far as code can tell; it hinders nobody.
    """

    kind: Kind
    data: Mapping[str, Value]
    why: str
    says: str
    unfinished: str
    doubt: str = ""


def conditions(office: Office) -> dict[str, str]:
    """The policy's conditions for stepping down, by id, in words."""
    return {each.id: each.text for each in office.setting.policy.de_escalation}


def stepping_down(office: Office, case_id: str, condition: str, reason: str, evidence: Sequence[str] = ()) -> Ending:
    """The de-escalation with this condition of the policy. Raises NotAllowed, UnknownCase.

    `reason` says in free words why the condition holds; `evidence` are ids of rows of the case that show it.
    """
    known = conditions(office)
    if condition not in known:
        told = "; ".join(f"{name}: {text}" for name, text in known.items())
        raise NotAllowed(f"no condition {condition[:40]!r}; a case steps down by one of these: {told}")
    why = said(reason, "the reason")
    if not why:
        raise NotAllowed("say why the condition holds")
    rows = office.casebook.get(case_id).result.evidence
    cites = list(dict.fromkeys(each.strip("[], ") for each in evidence if each.strip("[], ")))
    if missing := [each for each in cites if each not in rows]:
        raise NotAllowed(f"{case_id} holds no evidence {', '.join(each[:40] for each in missing[:5])}")
    data: dict[str, Value] = {"condition": condition, "evidence": [*cites]}
    ending = _ending(office, case_id, "de_escalated", data, why, f"{case_id} steps down: {known[condition]}")
    return replace(ending, doubt=_doubt(office, case_id, why, cites))


def _doubt(office: Office, case_id: str, why: str, cites: Sequence[str]) -> str:
    """Why the rows do not bear the reason out, whoever said them; empty where they do, or none is given."""
    from customer_escalation.brief import Statement
    from customer_escalation.verify import Verifier

    result = office.casebook.get(case_id).result
    verifier = Verifier(result.evidence, result.now)
    spoken: set[Said] = {SAID_BY.get(result.evidence[each].origin, OBSERVED) for each in cites}
    refused = [verifier.check(Statement(why, tuple(cites), kind)) for kind in sorted(spoken)]
    return f"{', '.join(cites)}: {refused[0][0]}" if refused and all(refused) else ""


def closing(office: Office, case_id: str, reason: str = "") -> Ending:
    """The end of a case: everybody was told and has confirmed, or a person gives the reason. Raises NotAllowed.

    What is left of its duties hinders nobody; it is named, and kept with the end.
    """
    why, left = said(reason, "the reason"), rounding_off.left(office, case_id)
    state = office.casebook.state(case_id)
    if state.status not in OVER and unfinished(state) and not why:
        raise NotAllowed(f"not yet: {'; '.join(left)}; close it with a reason, or finish that first")
    ending = _ending(office, case_id, "closed", {"left": [*left]}, why, f"{case_id} is closed")
    return replace(ending, unfinished="; ".join(left))


def de_escalate(office: Office, case_id: str, condition: str, reason: str, evidence: Sequence[str] = ()) -> Answer:
    """Step down: `{"recorded", "why", **standing, "proposed"}`; clocks run until everybody knows.

    `proposed` are the writes of its duties, one per line: "id kind → place", each waiting for a yes of its own.
    `doubt` is there where the rows given do not say what the reason says. Raises NotAllowed, NotTheirs.
    """
    ending = stepping_down(office, case_id, condition, reason, evidence)
    answer = {**_record(office, case_id, ending), **filled(doubt=line(ending.doubt))}
    made = rounding_off.proposed(office, case_id)
    found = rounding_off.told(rounding_off.asked(office, case_id))
    lines = [f"{each.id[:8]} {each.kind} → {each.destination.to}" for each in made]
    return {**answer, **filled(proposed=lines, duties=found)}


def close(office: Office, case_id: str, reason: str = "") -> Answer:
    """Close: `{"recorded", "why", **standing, "duties"}`, with the duties that are left.

    Raises NotAllowed where a customer was not told or has not confirmed, and no reason is given; NotTheirs.
    """
    answer = _record(office, case_id, closing(office, case_id, reason))
    open_ones = [each for each in rounding_off.asked(office, case_id) if not each.done]
    return {**answer, **filled(duties=rounding_off.told(open_ones))}


def _ending(office: Office, case_id: str, kind: Kind, data: Mapping[str, Value], why: str, says: str) -> Ending:
    state = office.casebook.state(case_id)
    after(state, Event(state.count + 1, office.now, office.actor, kind, why, data))
    return Ending(kind, data, why, says, "")


def _record(office: Office, case_id: str, ending: Ending) -> Answer:
    office.must_be_a_person(f"say this of a case: {ending.says}")
    data = {**ending.data, **({"through": office.through} if office.through else {})}
    book, actor, at = office.casebook, office.actor, office.now
    with book.database.together():
        before = book.state(case_id)
        book.record(case_id, ending.kind, actor=actor, at=at, why=ending.why, data=data)
        lapse(book, case_id, before, actor=actor, at=at)
    return {**filled(recorded=ending.says, why=line(ending.why)), **standing(office, case_id)}
