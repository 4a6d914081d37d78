"""Business days against a slower way to count them: minute by minute, on the wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_escalation import policy
from customer_escalation.findings import NAMES
from customer_escalation.profile import WEEKDAYS, BusinessHours, Profile
from customer_escalation.workdays import FollowUp, after_business_days, follow_up

BERLIN, CHICAGO = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Chicago")
BAVARIA = BusinessHours(holidays=("DE-BY",))
HOURS = st.sampled_from((
    BusinessHours(), BAVARIA, BusinessHours(("mon", "wed", "sat"), "08:30", "12:00"),
    BusinessHours(WEEKDAYS, "00:00", "23:59"), BusinessHours(holidays=("2026-12-24", "2026-12-25", "2026-12-31")),
    BusinessHours(holidays=("US",)),
))  # fmt: skip
FIRST, MINUTES = datetime(2024, 1, 1, tzinfo=UTC), st.integers(0, 10 * 365 * 24 * 60)


def open_on(day: date, hours: BusinessHours) -> bool:
    closed: set[date] = set()
    if hours.holidays:
        country, _, region = hours.holidays[0].partition("-")
        dated = country.isdigit()
        closed = {*map(date.fromisoformat, hours.holidays)} if dated else {
            *holidays.country_holidays(country, subdiv=region or None, years=day.year)
        }  # fmt: skip
    return WEEKDAYS[day.weekday()] in hours.days and day not in closed


def counted(at: datetime, days: int, hours: BusinessHours, zone: ZoneInfo) -> datetime:
    """The end of the minute by which so many days' worth of open minutes have passed; for none the first open one."""
    start, end = time.fromisoformat(hours.start), time.fromisoformat(hours.end)
    length = (end.hour - start.hour) * 60 + end.minute - start.minute
    wall, left = at.astimezone(zone).replace(tzinfo=None), days * length
    day, is_open = wall.date(), open_on(wall.date(), hours)
    while True:
        if wall.date() != day:
            day, is_open = wall.date(), open_on(wall.date(), hours)
        if is_open and start <= wall.time() < end:
            if not days:
                return wall.replace(tzinfo=zone).astimezone(UTC)
            left -= 1
        wall += timedelta(minutes=1)
        if days and not left:
            return wall.replace(tzinfo=zone).astimezone(UTC)


@settings(max_examples=120, deadline=None)
@given(MINUTES, st.integers(0, 4), HOURS, st.sampled_from((BERLIN, CHICAGO)))
def test_the_due_time_is_that_of_counting_minutes(after: int, days: int, hours: BusinessHours, zone: ZoneInfo) -> None:
    at = FIRST + timedelta(minutes=after)

    assert after_business_days(at, days, hours, zone) == counted(at, days, hours, zone)


@pytest.mark.parametrize(
    ("at", "days", "due"),
    [
        ("2026-11-20T16:00", 1, "2026-11-23T16:00"),  # over a weekend
        ("2026-11-21T12:00", 1, "2026-11-23T17:00"),  # Saturday counts from Monday's opening
        ("2026-11-19T18:00", 1, "2026-11-20T17:00"),  # after closing counts from the next opening
        ("2026-11-19T18:00", 2, "2026-11-23T17:00"),
        ("2026-11-20T09:00", 1, "2026-11-20T17:00"),
        ("2026-11-19T07:00", 0, "2026-11-19T09:00"),
        ("2026-11-19T15:00", 0.5, "2026-11-20T11:00"),
        ("2026-12-23T10:00", 1, "2026-12-24T10:00"),
        ("2026-12-24T10:00", 1, "2026-12-28T10:00"),  # Christmas, and its second day
        ("2027-03-25T10:00", 1, "2027-03-30T10:00"),  # Good Friday to Easter Monday, and summer time begins
        ("2026-10-23T10:00", 1, "2026-10-26T10:00"),  # summer time ends
    ],
)
def test_what_a_person_would_say(at: str, days: float, due: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=BERLIN)

    assert after_business_days(moment.astimezone(UTC), days, BAVARIA, BERLIN) == datetime.fromisoformat(due).replace(
        tzinfo=BERLIN
    )


def test_without_business_days_a_day_has_24_hours() -> None:
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert after_business_days(at, 2, BusinessHours(days=()), BERLIN) == at + timedelta(days=2)


def test_a_company_that_is_always_closed_does_not_keep_us() -> None:
    closed = tuple(str(date(2026, 1, 1) + timedelta(days=number)) for number in range(1200))
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert after_business_days(at, 1, BusinessHours(holidays=closed), BERLIN) > at


@pytest.mark.parametrize("holidays", [("XX",), ("DE-ZZ",), ("2026-13-01",)])
def test_what_no_holidays_are_known_of_closes_nothing(holidays: tuple[str, ...]) -> None:
    at = datetime(2026, 11, 20, 10, tzinfo=BERLIN)

    assert after_business_days(at, 1, BusinessHours(holidays=holidays), BERLIN) == at + timedelta(days=3)


def test_a_slow_cadence_counts_business_days_and_a_fast_one_hours() -> None:
    friday = datetime(2026, 11, 20, 15, tzinfo=UTC)
    profile = Profile(timezone=BERLIN, business_hours=BAVARIA)
    cadence = policy.load(None, NAMES).cadence

    assert follow_up(cadence["medium"], friday, profile) == FollowUp(72.0, 96.0)
    assert follow_up(cadence["high"], friday, profile) == FollowUp(4.0, 8.0)
