"""How often a case is followed up: the policy's cadence and the company's calendar, kept with the case when it opens.

So a case keeps the promise under which it was opened, and any process can work out what is due from the case alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct, field

from customer_escalation.brief import Severity
from customer_escalation.casebook.events import Value
from customer_escalation.policy import Cadence, Policy
from customer_escalation.profile import BusinessHours, Profile


class Rhythm(Struct, frozen=True):
    """Cadences by severity, and the business hours and zone (IANA name) that business days are counted in."""

    cadence: Mapping[Severity, Cadence] = field(default_factory=dict[Severity, Cadence])
    hours: BusinessHours = BusinessHours()
    zone: str = "UTC"

    @property
    def timezone(self) -> ZoneInfo:
        """The zone; UTC where this machine does not know the one that the case was opened in."""
        try:
            return ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            return ZoneInfo("UTC")

    @property
    def calmest(self) -> Cadence:
        """The cadence with the longest customer interval: for what is over and only wants its confirmation."""
        return max(self.cadence.values(), key=lambda cadence: cadence.longest_customer_hours)

    def local(self, at: datetime) -> str:
        """A moment as people of this company read it: "Fri 27 Nov 2026, 12:00 CET"."""
        here = at.astimezone(self.timezone)
        zone = f"{here:%Z}"
        return f"{here:%a %d %b %Y, %H:%M} {'UTC' if zone[:1] in '+-' else ''}{zone}"


def rhythm_of(policy: Policy, profile: Profile) -> Rhythm:
    """What this policy and this company ask for."""
    return Rhythm(dict(policy.cadence), profile.business_hours, str(profile.timezone))


def dumped(rhythm: Rhythm) -> dict[str, Value]:
    """As an event carries it."""
    return cast("dict[str, Value]", msgspec.to_builtins(rhythm))


def loaded(value: object) -> Rhythm:
    """The rhythm that was dumped. Raises ValueError."""
    return msgspec.convert(value, Rhythm)
