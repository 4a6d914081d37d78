"""Moments as customers read them, whatever zone they are in: one style for every text that is for a customer."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """ "19 November, 20:48 UTC"."""
    return f"{day(at)}, {at.astimezone(UTC):%H:%M} UTC"


def day(at: datetime) -> str:
    """ "19 November"."""
    here = at.astimezone(UTC)
    return f"{here.day} {here:%B}"
