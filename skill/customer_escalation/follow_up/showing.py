"""One case: how it stands, what is due, what waits for a person, what happened last, whether the trail is intact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from customer_escalation.casebook.clocks import Clock, clocks
from customer_escalation.casebook.events import Event
from customer_escalation.casebook.learnings import learned
from customer_escalation.casebook.noticed import suggested
from customer_escalation.casebook.state import MOVES, OVER, Affected, State, state_of, unfinished
from customer_escalation.follow_up import approving
from customer_escalation.follow_up.office import Office
from customer_escalation.follow_up.saying import Answer, filled, line, named

EVENTS = 10
TOLD = 160
# What of an event's data belongs into its line, in this order.
DATA = ("to", "customer", "kind", "condition", "clock", "due_at", "until", "tickets", "sla", "severity", "revision",
        "root_cause", "fix", "fix_version", "workaround", "recognise", "article", "duty", "left", "receipt", "evidence",
        "through")  # fmt: skip


def show(office: Office, case_id: str, *, events: int = EVENTS, whole: bool = False) -> Answer:
    """Everything a person needs for the next step on a case; `whole` gives the proposals' exact texts, not their heads.

    `{case_id, title, customer, team, opened_at, **standing, pending: [approving.shown], unsettled: [approving.shown],
    lapsed: [line], offered: [line], not_offered: [line], suggested: [{kind, to, condition, text, cites}],
    duties: [rounding_off.told],
    learned: {about: text}, earlier: {note, cases}, trail: [line], events, trail_intact}`.
    `trail_intact` is True, or says what was changed. Raises UnknownCase.
    """
    from customer_escalation.casebook.earlier import answer, earlier
    from customer_escalation.follow_up import proposing, rounding_off

    case, wrong = office.casebook.get(case_id), office.casebook.broken(case_id)
    if wrong:
        return {"case_id": case.id, "title": line(case.result.brief.title.text), "trail_intact": wrong}
    trail = office.casebook.events(case.id)
    return {
        **filled(
            case_id=case.id,
            title=line(case.result.brief.title.text),
            customer=line(case.customer),
            team=case.team,
        ),
        **_standing(office, case.id, state_of(trail)),
        **filled(
            pending=approving.pending(office, case.id, whole=whole),
            unsettled=approving.unsettled(office, case.id),
            lapsed=approving.lapsed(office, case.id),
            offered=proposing.offered(office, case.id),
            not_offered=proposing.not_offered(office, case.id),
            suggested=list(map(_suggested, suggested(trail))),
            duties=rounding_off.told(rounding_off.asked(office, case.id)),
            learned={about: line(each.text) for about, each in learned(trail).items()},
            earlier=answer(earlier(office.casebook, case.result, office.setting, but=case.id)),
            trail=[told(office, event) for event in trail[-events:]] if events else [],
        ),
        "events": len(trail),
        "trail_intact": True,
    }


def _suggested(each: Mapping[str, object]) -> dict[str, object]:
    return {key: line(value) if isinstance(value, str) else value for key, value in each.items() if value}


def standing(office: Office, case_id: str) -> Answer:
    """`{status, severity, target, opened_at, customers: [{name, tickets, told_at, confirmed_at, sla_due_at}],
    promises, clocks, may_become, unfinished}`: how the case stands now.

    A clock is `{name, due_at, why, overdue, lead_at}`; `unfinished` says what stands against closing.
    Raises UnknownCase.
    """
    return _standing(office, case_id, office.casebook.state(case_id))


def _standing(office: Office, case_id: str, state: State) -> Answer:
    return filled(
        case_id=case_id,
        status=state.status,
        severity=state.severity,
        target=state.target,
        opened_at=None if state.opened_at is None else office.local(state.opened_at),
        customers=[_customer(office, each) for each in state.customers.values()],
        promises=[
            filled(number=each.number, to=line(each.to), due_at=office.local(each.due_at), text=line(each.text),
                   kept=True if each.kept else None, late=True if each.late else None,
                   missed=True if each.missed(office.now) else None)
            for each in state.promises
        ],
        clocks=[_clock(office, each) for each in clocks(state)],
        may_become=sorted(MOVES[state.status]) if state.status != "kept" else [],
        unfinished=line(unfinished(state)) if state.status not in OVER else "",
    )  # fmt: skip


def _customer(office: Office, customer: Affected) -> Answer:
    told_at, confirmed_at, sla = customer.told_at, customer.confirmed_at, customer.waiting_sla
    return filled(
        name=line(customer.name),
        tickets=[line(ticket) for ticket in customer.tickets],
        told_at=None if told_at is None else office.local(told_at),
        confirmed_at=None if confirmed_at is None else office.local(confirmed_at),
        sla_due_at=None if sla is None else office.local(sla),
    )


def _clock(office: Office, clock: Clock) -> Answer:
    return filled(
        name=line(clock.name),
        due_at=office.local(clock.due_at),
        why=line(clock.why),
        overdue=True if clock.due_at <= office.now else None,
        lead_at=None if clock.lead_at is None else office.local(clock.lead_at),
    )


def told(office: Office, event: Event) -> str:
    """An event on one line: "12 2026-11-19T17:00+01:00 person:anna told: Acme Corp; by phone"."""
    data = "; ".join(_values(event))
    return line(f"{event.number} {office.local(event.at)} {event.actor} {event.kind}", TOLD) + (
        f": {line(text, TOLD)}" if (text := "; ".join(filter(None, (data, event.why)))) else ""
    )


def _values(event: Event) -> Iterator[str]:
    if event.kind in ("opened", "seen"):
        return
    if proposal := event.text("proposal"):
        yield f"{proposal[:8]} → {named(event.data.get('destination')).get('to', '')}"
    for key in DATA:
        value = event.data.get(key)
        yield from [", ".join(map(str, cast("list[object]", value))) if isinstance(value, list) else str(value)] * bool(
            value
        )
