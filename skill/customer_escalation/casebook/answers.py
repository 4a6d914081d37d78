"""What a person answers to a reminder: I take it, not before then, or it is wrong; each is an event of the case."""

from __future__ import annotations

from datetime import datetime

from customer_escalation.casebook.clocks import clocks
from customer_escalation.casebook.events import Event, is_a_person
from customer_escalation.casebook.state import NotAllowed
from customer_escalation.casebook.store import Casebook


def attend(casebook: Casebook, case_id: str, clock: str, *, actor: str, at: datetime, why: str = "") -> Event:
    """Take the reminder: the lead hears of it only if the clock is not served within one interval from now.

    Taking it again gives no more time. Raises UnknownCase, NotAllowed.
    """
    _must_run(casebook, case_id, clock)
    return casebook.record(case_id, "attended", actor=actor, at=at, why=why, data={"clock": clock})


def snooze(
    casebook: Casebook, case_id: str, clock: str, until: datetime, *, actor: str, at: datetime, why: str = ""
) -> Event:
    """Put the reminder off until then, at most until the SLA or the promise; a person's alone.

    Raises UnknownCase, NotAllowed.
    """
    _must_be_a_person(actor, "puts a reminder off")
    _must_run(casebook, case_id, clock)
    if until.tzinfo is None:
        raise NotAllowed("a snooze needs a time with its zone")
    data = {"clock": clock, "until": until.isoformat()}
    return casebook.record(case_id, "snoozed", actor=actor, at=at, why=why, data={**data})


def disagree(casebook: Casebook, case_id: str, clock: str, reason: str, *, actor: str, at: datetime) -> Event:
    """Hold the reminder for wrong: the lead is not called; a person's alone. Raises UnknownCase, NotAllowed."""
    _must_be_a_person(actor, "holds a reminder for wrong")
    if not reason.strip():
        raise NotAllowed("who holds a reminder for wrong gives the reason")
    _must_run(casebook, case_id, clock)
    return casebook.record(case_id, "disagreed", actor=actor, at=at, why=reason, data={"clock": clock})


def _must_be_a_person(actor: str, what: str) -> None:
    if not is_a_person(actor):
        raise NotAllowed(f"only a person {what}")


def _must_run(casebook: Casebook, case_id: str, clock: str) -> None:
    running = [each.name for each in clocks(casebook.state(case_id))]
    if clock not in running:
        raise NotAllowed(f"no clock {clock[:60]!r} runs in {case_id}; these do: {', '.join(running) or 'none'}")
