"""What findings are made of: the case, its impact and ending, and ways to ask who said what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from customer_escalation.case import Case
from customer_escalation.ending import Ending
from customer_escalation.impact import Assessment
from customer_escalation.signals import Signal
from escalation_connectors.records import Ticket

CUSTOMER = ("customer",)
REPORT = ("customer", "agent", "typed", "")
STAFF = ("agent", "engineer", "system")
ANYONE = ("customer", "agent", "engineer", "typed", "")


class Finding(Struct, frozen=True):
    """What was found: the rows that show it, and the sentence of the first."""

    cites: tuple[str, ...]
    said: str = ""


Found = Mapping[str, Finding]


class Material(Struct, frozen=True):
    """What the makers of findings work on."""

    case: Case
    impact: Assessment
    ending: Ending

    def says(self, *cues: str, roles: tuple[str, ...] = ()) -> Finding | None:
        """The rows in which anyone of these roles says so."""
        return of_signals(self.case.signals.of(*cues, roles=roles))

    def states(self, *cues: str, roles: tuple[str, ...] = ()) -> Finding | None:
        """Like `says`, without questions and guesses."""
        return of_signals(self.case.signals.sure(*cues, roles=roles))

    def rows(self, tickets: Iterable[Ticket]) -> Finding | None:
        """The tickets' own rows."""
        cites = tuple(self.case.ticket_row(ticket) for ticket in tickets)
        return Finding(cites) if cites else None


def of_signals(signals: Iterable[Signal]) -> Finding | None:
    """The rows of these signals, what the records say before what was typed."""
    known = sorted(signals, key=lambda s: s.role == "typed")
    if not known:
        return None
    return Finding(tuple(dict.fromkeys(signal.row for signal in known))[:6], known[0].sentence)


def first(*findings: Finding | None) -> Finding | None:
    """The first of these that was found."""
    return next((finding for finding in findings if finding is not None), None)


def both(one: Finding | None, other: Finding | None) -> Finding | None:
    """Found where both were; cites the rows of both."""
    if one is None or other is None:
        return None
    return Finding(tuple(dict.fromkeys((*one.cites, *other.cites))), one.said)
