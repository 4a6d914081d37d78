"""Business days of a company: its weekdays, hours, time zone and holidays, as workspace.yaml gives them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from customer_escalation.policy import Cadence
from customer_escalation.profile import WEEKDAYS, BusinessHours, Profile, has_holidays

LONGEST_CLOSED = 366


class FollowUp(NamedTuple):
    """Hours from now until the next follow-up inside, and until the latest next update to the customer."""

    internal_hours: float
    customer_hours: float


def follow_up(cadence: Cadence, now: datetime, profile: Profile) -> FollowUp:
    """When this cadence falls due: by the clock, or, where it counts business days, by the company's own."""
    if not cadence.customer_business_days:
        return FollowUp(cadence.internal_hours, cadence.longest_customer_hours)
    days = (cadence.internal_hours / 24, max(cadence.customer_business_days))
    due = (after_business_days(now, each, profile.business_hours, profile.timezone) for each in days)
    return FollowUp(*((at - now).total_seconds() / 3600 for at in due))


def after_business_days(at: datetime, days: float, hours: BusinessHours, zone: tzinfo) -> datetime:
    """The first moment by which so many business days' worth of open hours have passed, in the zone that `at` is in.

    What comes in while it is closed counts from the next opening, so a day after Thursday evening or Friday morning
    at the opening ends as Friday closes. Days are of 24 hours where no day is one, and none at all is the next opening.
    """
    if not hours.days:
        return at + timedelta(days=days)
    start, end = time.fromisoformat(hours.start), time.fromisoformat(hours.end)
    local = at.astimezone(zone)
    day, clock = local.date(), local.time().replace(tzinfo=None)
    if not _is_open(day, hours) or clock >= end:
        day, clock = _next_open(day, hours), start
    length = datetime.combine(day, end) - datetime.combine(day, start)
    passed = datetime.combine(day, max(clock, start)) - datetime.combine(day, start)
    whole, rest = divmod(passed + days * length, length)
    if not rest and whole:
        whole, rest = whole - 1, length
    for _ in range(whole):
        day = _next_open(day, hours)
    return datetime.combine(day, (datetime.combine(day, start) + rest).time(), zone).astimezone(at.tzinfo)


def opening_of(day: date, hours: BusinessHours, zone: tzinfo) -> datetime | None:
    """When the company opens on this day; None where it does not. Raises InputError as above."""
    return datetime.combine(day, time.fromisoformat(hours.start), zone) if _is_open(day, hours) else None


def _next_open(day: date, hours: BusinessHours) -> date:
    for _ in range(LONGEST_CLOSED):
        day += timedelta(days=1)
        if _is_open(day, hours):
            return day
    return day  # a company that is closed for a year has no business days to wait for


def _is_open(day: date, hours: BusinessHours) -> bool:
    return WEEKDAYS[day.weekday()] in hours.days and day not in _holidays(hours.holidays, day.year)


@lru_cache(maxsize=64)
def _holidays(named: tuple[str, ...], year: int) -> frozenset[date]:
    """Those of a country, perhaps of a region in it (SE, DE-BY), or the dates that were listed.

    None where nothing is known of it: the workspace is checked when it is read, and what an old case keeps must not
    stop its bookkeeping.
    """
    if not named:
        return frozenset()
    if named[0][:1].isdigit():
        return frozenset(_dates(named))
    if not has_holidays(named[0]):
        return frozenset()
    import holidays

    country, _, region = named[0].partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))


def _dates(named: tuple[str, ...]) -> Iterator[date]:
    for each in named:
        with suppress(ValueError):
            yield date.fromisoformat(each)
