"""Where a case stands: worked out from its events alone, so that it is never told two ways.

open → acknowledged → in_progress → fix_pending → resolved → confirmed → closed; de-escalated, re-escalated on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, cast, get_args

from msgspec import Struct, field
from msgspec.structs import replace

from customer_escalation.brief import Severity, Target
from customer_escalation.casebook.errors import CasebookError
from customer_escalation.casebook.events import Event
from customer_escalation.casebook.follow_ups import FollowUp, planned, served
from customer_escalation.casebook.promise import Promise
from customer_escalation.casebook.rhythm import Rhythm, loaded

Status = Literal[
    "kept", "open", "acknowledged", "in_progress", "fix_pending", "resolved", "confirmed", "de_escalated", "closed"
]
STATUSES: tuple[Status, ...] = get_args(Status)
OVER: tuple[Status, ...] = ("kept", "closed")  # nobody follows it up
LIVE: frozenset[Status] = frozenset(("open", "acknowledged", "in_progress", "fix_pending", "resolved"))
# From where to where a case may move by itself; escalating again is an event of its own.
MOVES: Mapping[Status, frozenset[Status]] = {
    "kept": frozenset(("open",)),
    "open": frozenset(("acknowledged", "in_progress", "fix_pending", "resolved")),
    "acknowledged": frozenset(("in_progress", "fix_pending", "resolved")),
    "in_progress": frozenset(("acknowledged", "fix_pending", "resolved")),
    "fix_pending": frozenset(("in_progress", "resolved")),
    "resolved": frozenset(("in_progress", "fix_pending")),
    "confirmed": frozenset(("in_progress",)),
    "de_escalated": frozenset(),
    "closed": frozenset(),
}
INTERNAL = "internal"
T = Mapping[str, datetime]


class NotAllowed(CasebookError):  # noqa: N818 - named by what happened, as the callers read it
    """The case does not stand where this can happen."""


class UnknownProposal(NotAllowed):
    """There is no such proposal."""


class Affected(Struct, frozen=True):
    """A customer of the case: their tickets, when and by which event they were last told, whether they confirmed.

    `sla` are the times at which the SLAs of their own tickets fall due, the next first.
    """

    name: str
    tickets: tuple[str, ...] = ()
    told_at: datetime | None = None
    told: int = 0
    confirmed_at: datetime | None = None
    joined_at: datetime | None = None
    sla: tuple[datetime, ...] = ()

    @property
    def waiting_sla(self) -> datetime | None:
        """The first SLA after which they were not told anything yet; it may have passed."""
        return next((at for at in self.sla if self.told_at is None or at > self.told_at), None)


class State(Struct, frozen=True):
    """A case as it stands. `settled_at` is when, and `settled` by which event, it was resolved or de-escalated.

    What is told after that event tells of the end: the order of events decides, since a clock may stand still.

    `resumed_at` is when following up began, or began again. What was answered to a reminder (snoozed, attended,
    disagreed, by clock) holds until the clock is served, and until the severity or the end of the case changes.
    """

    status: Status = "kept"
    severity: Severity | None = None
    target: Target | None = None
    opened_at: datetime | None = None
    resumed_at: datetime | None = None
    reporter: str = ""
    rhythm: Rhythm = Rhythm()
    customers: Mapping[str, Affected] = field(default_factory=lambda: MappingProxyType[str, Affected]({}))
    promises: tuple[Promise, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    sla_due_at: datetime | None = None  # of a case opened before each customer had their own
    checked_at: datetime | None = None
    severity_at: datetime | None = None
    settled_at: datetime | None = None
    settled: int = 0
    snoozed: T = field(default_factory=lambda: MappingProxyType[str, datetime]({}))
    attended: T = field(default_factory=lambda: MappingProxyType[str, datetime]({}))
    disagreed: T = field(default_factory=lambda: MappingProxyType[str, datetime]({}))
    count: int = 0

    @property
    def live(self) -> bool:
        """Whether somebody still has to be followed up."""
        return self.status in LIVE

    @property
    def untold(self) -> tuple[str, ...]:
        """Customers who have not heard since it was settled."""
        return tuple(c.name for c in self.customers.values() if not self.knows(c))

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """Customers who have not said that it is solved for them."""
        return tuple(c.name for c in self.customers.values() if c.confirmed_at is None)

    @property
    def owed(self) -> tuple[Promise, ...]:
        """Promises that nobody has kept yet."""
        return tuple(promise for promise in self.promises if not promise.kept)

    def knows(self, customer: Affected) -> bool:
        """Whether this customer was told after the case was settled."""
        return 0 < self.settled < customer.told


def state_of(events: Iterable[Event]) -> State:
    """Where these events lead. Raises NotAllowed where one of them cannot follow those before it."""
    state = State()
    for event in events:
        state = after(state, event)
    return state


def after(state: State, event: Event) -> State:
    """The state with one more event. Raises NotAllowed."""
    change = CHANGES.get(event.kind)
    changed = state if change is None else change(state, event)
    return replace(changed, count=event.number)


def _opened(state: State, event: Event) -> State:
    if state.status != "kept":
        raise NotAllowed("this case is open already")
    named = cast("list[dict[str, object]]", event.data.get("customers") or [])
    case_wide = moment(event, "sla_due_at")
    customers = {
        str(each["name"]): Affected(
            str(each["name"]), _tickets(each), joined_at=event.at, sla=sla_times(each, (), case_wide)
        )
        for each in named
    }
    return State(
        status="open",
        severity=cast("Severity | None", event.data.get("severity")),
        target=cast("Target | None", event.data.get("target")),
        opened_at=event.at,
        resumed_at=event.at,
        reporter=event.text("reporter"),
        rhythm=loaded(event.data["rhythm"]),
        customers=customers,
        sla_due_at=case_wide,
        checked_at=event.at,
        severity_at=event.at,
    )


def _tickets(each: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(map(str, cast("list[object]", each.get("tickets") or [])))


def _moved(state: State, event: Event) -> State:
    to = event.text("to")
    if to not in MOVES[state.status]:
        allowed = ", ".join(sorted(MOVES[state.status])) or "nothing: escalate it again first"
        raise NotAllowed(
            f"a case that is {state.status} does not become {to[:40] or 'nothing'}; it may become {allowed}"
        )
    back = state.settled_at is not None and to != "resolved"
    customers = (
        {name: replace(c, confirmed_at=None) for name, c in state.customers.items()} if back else state.customers
    )
    settled = to == "resolved"
    state = _unanswered(state) if back or settled else _unanswered(state, INTERNAL)
    return replace(
        state,
        status=to,
        settled_at=event.at if settled else None,
        settled=event.number if settled else 0,
        resumed_at=event.at if back else state.resumed_at,
        customers=customers,
        checked_at=event.at,
    )


def _severity(state: State, event: Event) -> State:
    _must_live(state, "its severity")
    state = _unanswered(state)
    return replace(state, severity=cast("Severity", event.text("to")), severity_at=event.at)


def _checked(state: State, event: Event) -> State:
    return replace(_unanswered(state, INTERNAL), checked_at=event.at)


def _told(state: State, event: Event) -> State:
    customer = _customer(state, event)
    hours = 0.0 if state.severity is None else state.rhythm.cadence[state.severity].shortest_customer_hours
    early = timedelta(hours=hours)
    promises = tuple(each.after_update(customer.name, event.at, early) for each in state.promises)
    state = replace(_unanswered(state, f"customer:{customer.name}"), promises=promises)
    return _with(state, replace(customer, told_at=event.at, told=event.number))


def _confirmed(state: State, event: Event) -> State:
    if state.settled_at is None:
        raise NotAllowed(f"a case that is {state.status} is not solved yet, so nobody can confirm it")
    state = _with(state, replace(_customer(state, event), confirmed_at=event.at))
    done = state.status == "resolved" and not state.unconfirmed
    return replace(state, status="confirmed") if done else state


def _joined(state: State, event: Event) -> State:
    name = event.text("customer")
    known = state.customers.get(name, Affected(name, joined_at=event.at))
    tickets = tuple(dict.fromkeys((*known.tickets, *_tickets(event.data))))
    sla = sla_times(event.data, known.sla, None if known.sla else state.sla_due_at)
    return _with(state, replace(known, tickets=tickets, sla=tuple(sorted({*known.sla, *sla}))))


def _sla(state: State, event: Event) -> State:
    """The sources say other times than before for the tickets of this customer."""
    customer = _customer(state, event)
    return _with(state, replace(customer, sla=sla_times(event.data, customer.sla, None)))


def _promised(state: State, event: Event) -> State:
    due = moment(event, "due_at")
    if due is None:
        raise NotAllowed("a promise needs its time")
    made_at = moment(event, "said_at") or event.at
    promise = Promise(event.number, event.text("to"), due, event.why, made_at, event.text("of") != "deed")
    return replace(state, promises=(*state.promises, promise))


def _kept(state: State, event: Event) -> State:
    number = event.data.get("promise")
    promises = tuple(p.done(event.at) if p.number == number else p for p in state.promises)
    return replace(state, promises=promises, follow_ups=served(state.follow_ups, number))


def _planned(state: State, event: Event) -> State:
    return replace(state, follow_ups=planned(state.follow_ups, event))


def _snoozed(state: State, event: Event) -> State:
    until = moment(event, "until")
    if until is None or until <= event.at:
        raise NotAllowed("a snooze needs a time that is still to come")
    return replace(state, snoozed={**state.snoozed, event.text("clock"): until})


def _attended(state: State, event: Event) -> State:
    return replace(state, attended={event.text("clock"): event.at, **state.attended})  # taking it again adds nothing


def _disagreed(state: State, event: Event) -> State:
    return replace(state, disagreed={**state.disagreed, event.text("clock"): event.at})


def _de_escalated(state: State, event: Event) -> State:
    _must_live(state, "de-escalated")
    return replace(_unanswered(state), status="de_escalated", settled_at=event.at, settled=event.number)


def _re_escalated(state: State, event: Event) -> State:
    if state.live or state.status == "kept":
        raise NotAllowed(f"a case that is {state.status} was never de-escalated or closed")
    customers = {name: replace(c, confirmed_at=None) for name, c in state.customers.items()}
    severity = cast("Severity | None", event.data.get("severity")) or state.severity
    target = cast("Target | None", event.data.get("target")) or state.target
    return replace(
        _unanswered(state), status="open", severity=severity, target=target, settled_at=None, settled=0,
        customers=customers, resumed_at=event.at, checked_at=event.at, severity_at=event.at,
    )  # fmt: skip


def _closed(state: State, event: Event) -> State:
    if state.status in OVER:
        raise NotAllowed(f"a case that is {state.status} cannot be closed")
    missing = unfinished(state)
    if missing and not event.why.strip():
        raise NotAllowed(f"not yet: {missing}; close it with a reason, or finish that first")
    return replace(state, status="closed")


def is_end(event: Event) -> bool:
    """Whether this event settled a case: it was resolved, or stepped down."""
    return event.kind == "de_escalated" or (event.kind == "moved" and event.text("to") == "resolved")


def unfinished(state: State) -> str:
    """What still stands against closing, in words; empty where all were told, have confirmed, and are owed nothing."""
    wrong = [] if state.settled_at else ["it is neither resolved nor de-escalated"]
    wrong += [f"{', '.join(state.untold)} not told of the end"] if state.untold and state.settled_at else []
    wrong += [f"no confirmation from {', '.join(state.unconfirmed)}"] if state.unconfirmed else []
    wrong += [f"the promise to {each.to} for {state.rhythm.local(each.due_at)} is not kept" for each in state.owed]
    return "; ".join(wrong)


def moment(event: Event, key: str) -> datetime | None:
    """The time of this name. Raises NotAllowed where it is none."""
    text = event.text(key)
    return _zoned(text, key) if text else None


def _zoned(text: str, key: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise NotAllowed(f"{key}: not a time with its zone: {text[:40]!r}")
    return at


def sla_times(
    said: Mapping[str, object], known: tuple[datetime, ...], case_wide: datetime | None
) -> tuple[datetime, ...]:
    """The times under "sla", the next first; where nothing is said of it what is known, else the case's one.

    Raises NotAllowed where one is no time.
    """
    if "sla" not in said:
        return known or (() if case_wide is None else (case_wide,))
    return tuple(sorted(_zoned(str(each), "sla") for each in cast("list[object]", said["sla"] or [])))


def _unanswered(state: State, clock: str = "") -> State:
    """Without what was answered to the reminders of this clock, or of all."""
    kept = ({n: at for n, at in each.items() if clock and n != clock} for each in _answers(state))
    return replace(state, **dict(zip(("snoozed", "attended", "disagreed"), kept, strict=True)))


def _answers(state: State) -> tuple[T, T, T]:
    return state.snoozed, state.attended, state.disagreed


def _must_live(state: State, what: str) -> None:
    if not state.live:
        raise NotAllowed(f"a case that is {state.status} cannot change: {what}")


def _customer(state: State, event: Event) -> Affected:
    name = event.text("customer")
    if name not in state.customers:
        raise unknown_customer(state, name)
    return state.customers[name]


def unknown_customer(state: State, name: str) -> NotAllowed:
    """The error for a customer that the case does not hold."""
    known = ", ".join(state.customers) or "nobody"
    if not name:
        return NotAllowed(f"say which customer; this case holds {known}")
    return NotAllowed(f"no customer {name[:60]!r} in this case; it holds {known}")


def _with(state: State, customer: Affected) -> State:
    return replace(state, customers={**state.customers, customer.name: customer})


CHANGES: Mapping[str, Callable[[State, Event], State]] = {
    "opened": _opened,
    "moved": _moved,
    "severity": _severity,
    "checked": _checked,
    "told": _told,
    "confirmed": _confirmed,
    "joined": _joined,
    "sla": _sla,
    "promised": _promised,
    "kept": _kept,
    "follow_up": _planned,
    "snoozed": _snoozed,
    "attended": _attended,
    "disagreed": _disagreed,
    "de_escalated": _de_escalated,
    "re_escalated": _re_escalated,
    "closed": _closed,
}
