"""What findings are made of: the case, its impact and ending, and ways to ask who said what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from customer_escalation.case import Case
from customer_escalation.ending import Ending
from customer_escalation.impact import Assessment
from customer_escalation.language import one_line
from customer_escalation.signals import Signal
from escalation_connectors.records import Ticket

CUSTOMER = ("customer",)
REPORT = ("customer", "agent", "typed", "")
STAFF = ("agent", "engineer", "system")
ANYONE = ("customer", "agent", "engineer", "typed", "")


class Finding(Struct, frozen=True):
    """What was found: the rows that show it, and the sentence of the first; `told` is what to show in its stead."""

    cites: tuple[str, ...]
    said: str = ""
    told: str = ""


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
    """The rows of these signals, the records before what was typed; shown by what a person says, not by a title."""
    known = sorted(signals, key=lambda s: s.role == "typed")
    if not known:
        return None
    cites = tuple(dict.fromkeys(signal.row for signal in known))[:6]
    spoken = next((s for s in known if s.row in cites and ("/" in s.row or s.row.startswith("M-"))), known[0])
    return Finding(cites, spoken.sentence)


def first(*findings: Finding | None) -> Finding | None:
    """The first of these that was found."""
    return next((finding for finding in findings if finding is not None), None)


def both(one: Finding | None, other: Finding | None) -> Finding | None:
    """Found where both were; cites the rows of both and shows the words of both."""
    if one is None or other is None:
        return None
    cites = tuple(dict.fromkeys((*one.cites, *other.cites)))
    shown = [finding.told or (f"“{one_line(finding.said, 200)}”" if finding.said else "") for finding in (one, other)]
    return Finding(cites, one.said, "; ".join(filter(None, shown)) if one.told else "")
