"""Cases that are followed up, and channels that remember; for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from customer_escalation import policy
from customer_escalation.casebook import Casebook
from customer_escalation.casebook.events import Event, Kind, Value
from customer_escalation.casebook.reminders import Reminder
from customer_escalation.casebook.rhythm import Rhythm, dumped
from customer_escalation.findings import NAMES
from customer_escalation.profile import BusinessHours
from escalation_connectors.errors import EscalationError
from tests.skill import render_samples as samples

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)  # a Thursday
HOUR = timedelta(hours=1)
ANNA = "person:anna"
CADENCE = policy.load(None, NAMES).cadence


def rhythm(zone: str = "Europe/Stockholm", hours: BusinessHours | None = None) -> Rhythm:
    """The seed's cadences in this zone, with Sweden's holidays unless told otherwise."""
    return Rhythm(CADENCE, BusinessHours(holidays=("SE",)) if hours is None else hours, zone)


def opening(
    severity: str = "critical", *customers: str, zone: str = "Europe/Stockholm", sla: str = ""
) -> dict[str, Value]:
    """What the first event says."""
    return {
        "severity": severity,
        "target": "engineering",
        "customers": [{"name": name, "tickets": [f"{4520 + n}"]} for n, name in enumerate(customers or ("Acme",), 1)],
        "rhythm": dumped(rhythm(zone)),
        "sla_due_at": sla or None,
    }


def opened(casebook: Casebook, severity: str = "critical", *customers: str, at: datetime = NOW, sla: str = "") -> str:
    """A case that was opened then."""
    case_id = casebook.add(samples.unknown(), customer="Acme", workspace="Northwind", opened_at=at)
    casebook.record(case_id, "opened", actor=ANNA, at=at, data=opening(severity, *customers, sla=sla))
    return case_id


Happened = tuple[datetime, Kind, Mapping[str, Value]]


def on(at: datetime, kind: Kind, **data: Value) -> Happened:
    """Something that happened then."""
    return at, kind, data


def trail_of(*happened: Happened) -> tuple[Event, ...]:
    """Events in this order."""
    return tuple(
        Event(number, at, ANNA, kind, str(data.get("why", "")), data)
        for number, (at, kind, data) in enumerate(happened, 1)
    )


class Remembering:
    """A channel that keeps what it was given; `trouble` is raised instead of sending, or after it where `late`."""

    def __init__(self, name: str = "remembering", trouble: BaseException | None = None, *, late: bool = False) -> None:
        self.name, self.trouble, self.late = name, trouble, late
        self.cannot_tell: EscalationError | None = None
        self.sent: list[tuple[str, Reminder]] = []

    @property
    def seen(self) -> list[tuple[str, int]]:
        """The clock and the level of each reminder."""
        return [(reminder.job.clock, reminder.job.level) for _, reminder in self.sent]

    async def send(self, reminder: Reminder, key: str) -> None:
        """Keep it, or fail."""
        if self.trouble is not None and not self.late:
            raise self.trouble
        self.sent.append((key, reminder))
        if self.trouble is not None:
            raise self.trouble

    async def find(self, reminder: Reminder, key: str) -> bool:
        """Whether it was kept."""
        if self.cannot_tell is not None:
            raise self.cannot_tell
        return any(key == known for known, _ in self.sent)
