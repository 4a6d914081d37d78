"""The words that go with a reminder: the next message to a customer, or the next question to the receiving team.

Written by code from the events alone, as drafts for a person. A customer reads what a customer may know: how the case
stands, their own tickets and the times that were promised to them; no cause, no name, no severity, nothing of others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from customer_escalation.casebook import noticed
from customer_escalation.casebook.clocks import Clock
from customer_escalation.casebook.events import Event
from customer_escalation.casebook.learnings import learned
from customer_escalation.casebook.state import Affected, State, Status, state_of
from customer_escalation.moments import moment
from customer_escalation.policy import SEVERITIES
from customer_escalation.safety import safe
from customer_escalation.workdays import after_business_days

STANDS: Mapping[Status, str] = {
    "open": "Your report is with the team that can solve it.",
    "acknowledged": "The team that can solve it has confirmed that it has your report.",
    "in_progress": "The team is working on it.",
    "fix_pending": "A way to solve it has been found; it has not reached you yet.",
    "resolved": "The problem has been solved on our side. Please try it again and tell us whether it works for you.",
    "confirmed": "The problem has been solved on our side. Please try it again and tell us whether it works for you.",
    "de_escalated": "Our support team has taken it over again from the specialists."
    " Please tell us whether anything is still open for you.",
}
# What a customer reads of why it was stepped down, by the policy's condition; nothing where it concerns us alone.
STEPPED_DOWN: Mapping[str, str] = {
    "root_cause": "Its cause has been found.",
    "workaround": "There is a way around it.",
    "resolved_itself": "As far as we know it no longer occurs.",
}
CAUSE = "Its cause has been found."
FROM_THE_TEAM = "The team that works on it has news, which we are checking."
RAISED = "We have given it a higher priority."
WAY = "There is a way around it until then; tell us if you want help with it."
NOTHING_NEW = "there is nothing new to report, and we keep following it up. This is how it stands."
ASK = "Is it solved for you? A short yes is enough; if not, tell us what you still see."
WHERE = "Where does it stand? Please say what you have found, what comes next, and when we hear from you again."
MODEL = "model:"  # reminders go out unasked, so what only a model noted is in none of them
END = "Every customer was told and has confirmed. Please close it, with what was learned."


def draft(case_id: str, title: str, events: Sequence[Event], clock: Clock, now: datetime) -> str:
    """The text that serves this clock."""
    if clock.kind == "internal":
        return safe(_internal(case_id, title, events)).text
    return tell(events, clock.customer, now, max(now, clock.due_at))


def tell(events: Sequence[Event], name: str, now: datetime, sent_at: datetime | None = None) -> str:
    """What this customer is told next; `sent_at` is when they are, where that is later."""
    state = state_of(events)
    customer = state.customers.get(name, Affected(name))
    told = _last(events, lambda event: event.kind == "told" and event.text("customer") == name)
    tickets = ", ".join(map(_line, customer.tickets))
    about = f"about your ticket{'s' * (len(customer.tickets) > 1)} {tickets}:" if tickets else "about your report:"
    said = (
        *_said(state, events[:told], events[told:], customer),
        *_promised(state, name, now),
        *_again(state, name, sent_at or now),
    )
    return safe(f"Hello {_line(customer.name)},\n\n{about} {' '.join(said)}").text


def _said(state: State, before: Sequence[Event], new: Sequence[Event], customer: Affected) -> Iterator[str]:
    """What is new for this customer since they were last told; where nothing is, what is known so far."""
    stands = STANDS.get(state.status, "")
    if customer.told_at is not None and state.knows(customer):
        yield f"We told you on {moment(customer.told_at)} how it ended for us."
        yield ASK
        return
    if state.settled_at is not None:
        if why := STEPPED_DOWN.get(_condition(new) or _condition(before)) if state.status == "de_escalated" else None:
            yield why
        yield stands
        return
    then, known = state_of(before), any(event.kind == "learned" and event.text("root_cause") for event in before)
    heard = noticed.heard((*before, *new), customer.told_at)
    found = noticed.CAUSE in heard or any(event.kind == "learned" and event.text("root_cause") for event in new)
    raised = before and _rank(state) < _rank(then)
    moved = not before or then.status != state.status
    way = "workaround" in learned(new)
    if not (found or raised or moved or way or "team" in heard):
        yield _further(customer)
    elif customer.told_at is not None:
        yield f"This is a further update after that of {moment(customer.told_at)}."
    yield stands
    if found or known:
        yield CAUSE
    if "team" in heard:
        yield FROM_THE_TEAM
    if raised:
        yield RAISED
    if way or "workaround" in learned(before):
        yield WAY


def _further(customer: Affected) -> str:
    """That nothing changed since they last heard; a first update has nothing to follow."""
    since = f"Since our update of {moment(customer.told_at)} " if customer.told_at is not None else ""
    return f"{since}{NOTHING_NEW}" if since else f"{NOTHING_NEW[0].upper()}{NOTHING_NEW[1:]}"


def _again(state: State, name: str, now: datetime) -> Iterator[str]:
    """When they hear from us at the latest: by the cadence under which the case was opened, or as promised sooner."""
    if state.settled_at is not None or state.severity is None or state.severity not in state.rhythm.cadence:
        return
    cadence, rhythm = state.rhythm.cadence[state.severity], state.rhythm
    hours = cadence.longest_customer_hours
    at = now + timedelta(hours=hours)
    if cadence.customer_business_days:
        at = after_business_days(now, hours / 24, rhythm.hours, rhythm.timezone)
    promised = (each.due_at for each in state.promises if not each.kept and each.to == name and each.due_at > now)
    yield f"You hear from us again by {moment(min((at, *promised)))} at the latest."


def _condition(events: Sequence[Event]) -> str:
    """Under which condition of the policy the case was last stepped down."""
    return next((event.text("condition") for event in reversed(events) if event.kind == "de_escalated"), "")


def _promised(state: State, name: str, now: datetime) -> Iterator[str]:
    """The open promises to this customer, at their times."""
    for promise in state.owed:
        if promise.to != name:
            continue
        at = moment(promise.due_at)
        yield (
            f"What we promised you for {at} stands."
            if promise.due_at > now
            else (f"The time that we promised you, {at}, has passed. We are sorry for that.")
        )


def _internal(case_id: str, title: str, events: Sequence[Event]) -> str:
    state = state_of(events)
    head = f"{case_id} ({state.severity or 'no severity'}, {state.status.replace('_', ' ')}): {_line(title)}"
    if state.settled_at is not None:
        return f"{head}\n{END}"
    heard = _last(events, lambda event: event.kind in ("checked", "moved", "opened", "re_escalated"))
    since = "" if state.checked_at is None else f" since {state.rhythm.local(state.checked_at)}"
    news = [f"- {_line(line)}" for line in _news(state, events[:heard], events[heard:])]
    new = "\n".join((f"New{since}:", *news)) if news else f"Nothing new on our side{since}."
    return f"{head}\n{WHERE}\n{new}"


def _news(state: State, before: Sequence[Event], new: Sequence[Event]) -> Iterator[str]:
    """What the receiving team should know of since it was last heard."""
    then = state_of(before)
    if then.severity != state.severity:
        yield f"severity {state.severity}, before {then.severity}"
    for event in new:
        yield from _new(state, event)
    for customer in state.customers.values():
        if (sla := customer.waiting_sla) is not None and state.checked_at is not None:
            falls = "falls due" if sla > state.checked_at else "was breached at"
            yield f"the SLA of {customer.name} {falls} {state.rhythm.local(sla)}"


def _new(state: State, event: Event) -> Iterator[str]:
    why = f": {event.why}" if event.why else ""
    if event.kind == "joined":
        yield f"{event.text('customer')} has the same problem{why}"
    elif event.kind == "promised":
        due = next((p.due_at for p in state.promises if p.number == event.number), None)
        yield f"promised to {event.text('to')}{f' for {state.rhythm.local(due)}' if due else ''}{why}"
    elif event.kind == "learned" and event.text("root_cause"):
        yield f"cause: {event.text('root_cause')}"
    elif event.kind == "seen":  # code found it, whoever asked for the look
        yield from noticed.news(event)
    elif event.kind == "noted" and event.why and not event.actor.startswith(MODEL):
        yield event.why


def _last(events: Sequence[Event], is_one: Callable[[Event], bool]) -> int:
    """How many events there are up to the last such one."""
    return max((event.number for event in events if is_one(event)), default=0)


def _rank(state: State) -> int:
    return SEVERITIES.index(state.severity) if state.severity in SEVERITIES else len(SEVERITIES)


def _line(text: str) -> str:
    return " ".join(text.split())
