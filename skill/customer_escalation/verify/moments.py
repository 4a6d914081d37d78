"""Dates and times as people write them: "3 Oct", "2026-10-03T17:02Z", "Oct 3rd, 5 pm", "Monday", "today".

A moment holds what was said and no more; it agrees with a known moment where every part that was said is the same.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

_MONTHS = "january february march april may june july august september october november december".split()
MONTHS = {name: number for number, name in enumerate(_MONTHS, 1)}
MONTHS.update({name[:3]: number for name, number in list(MONTHS.items())})
MONTHS["sept"] = 9
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
WEEKDAYS = {name: number for number, name in enumerate(DAYS)}
WEEKDAYS.update({name[:3]: number for name, number in list(WEEKDAYS.items())})
WEEKDAYS.update({"tues": 1, "weds": 2, "thur": 3, "thurs": 3, **{f"{name}s": n for n, name in enumerate(DAYS)}})
RELATIVE = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
CLOCK_WORDS = {"noon": (12, 0), "midday": (12, 0), "midnight": (0, 0)}
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?[\d.]*\s*([ap])?", re.IGNORECASE)


class Moment(NamedTuple):
    """The parts that were said of a date, a time, or both; None is what was left open."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    weekday: int | None = None
    relative: int | None = None

    @property
    def has_date(self) -> bool:
        """Whether anything of a date was said."""
        return any(part is not None for part in (self.year, self.month, self.day, self.weekday, self.relative))

    @property
    def has_time(self) -> bool:
        """Whether a time of day was said."""
        return self.hour is not None


def iso(text: str) -> tuple[Moment, ...]:
    """An ISO date or time; one with an offset is given in UTC and as written."""
    found = _ISO.fullmatch(text)
    if found is None:
        return ()
    year, month, day = (int(part) for part in found.groups()[:3])
    hour, minute, second = (None if part is None else int(part) for part in found.groups()[3:6])
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return ()
    written = Moment(year, month, day, hour, minute, second)
    zone = found[7]
    if zone in (None, "Z", "z") or hour is None:
        return (written,)
    try:
        return (of(datetime.fromisoformat(text)), written)
    except ValueError:
        return (written,)


def of(at: datetime) -> Moment:
    """A moment to the second, in UTC."""
    at = at.astimezone(UTC) if at.tzinfo is not None else at
    return Moment(at.year, at.month, at.day, at.hour, at.minute, at.second)


def clock(text: str) -> Moment | None:
    """A time of day: "16:40", "4:05 pm", "07:55:08"."""
    found = _CLOCK.match(text)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2])
    half = (found[4] or "").lower()
    hour = twelve(hour, half) if half else hour
    second = None if found[3] is None else int(found[3])
    return Moment(hour=hour, minute=minute, second=second) if hour <= 24 and minute < 60 else None


def twelve(hour: int, half: str) -> int:
    """The hour of a 12-hour clock: 4 p is 16, 12 a is 0."""
    return hour % 12 + (12 if half == "p" else 0)


def slashed(text: str) -> tuple[Moment, ...]:
    """A date such as 03/10/2018, 3.10.18 or 2026/10/03, in every order that is possible."""
    parts = re.split(r"[/.\-]", text)
    if len(parts) != 3 or not all(part.isdecimal() and len(part) in (1, 2, 4) for part in parts):
        return ()
    one, two, three = (int(part) for part in parts)
    if len(parts[0]) == 4:
        orders = [(one, two, three)]
    elif len(parts[2]) == 4 or (len(parts[2]) == 2 and "/" in text):
        year = three if len(parts[2]) == 4 else 2000 + three
        orders = [(year, two, one), (year, one, two)]
    else:
        return ()
    fitting = [order for order in dict.fromkeys(orders) if 1 <= order[1] <= 12 and 1 <= order[2] <= 31]
    return tuple(Moment(*order) for order in fitting)


def weekday_of(moment: Moment) -> int | None:
    """The weekday of a whole date, 0 for Monday; None where the date is not whole or does not exist."""
    if moment.year is None or moment.month is None or moment.day is None:
        return None
    try:
        return date(moment.year, moment.month, moment.day).weekday()
    except ValueError:
        return None


def days_around(at: datetime, weekday: int) -> tuple[Moment, ...]:
    """The nearest such weekday before and after a moment, the day itself included."""
    ahead = (weekday - at.weekday()) % 7
    days = (
        {at + timedelta(days=ahead), at + timedelta(days=ahead - 7)}
        if at.year < 9999 and at.year > 1
        else set[datetime]()
    )
    return tuple(Moment(day.year, day.month, day.day) for day in sorted(days))


def shifted(at: datetime, days: int) -> Moment | None:
    """The date some days from a moment."""
    try:
        day = at + timedelta(days=days)
    except OverflowError:
        return None
    return Moment(day.year, day.month, day.day)


def date_agrees(said: Moment, known: Moment) -> bool:
    """Whether every part of the date that was said is the same in the known one."""
    if said.weekday is not None and weekday_of(known) not in (said.weekday,):
        return False
    return (
        (said.year is None or known.year is None or said.year == known.year)
        and (said.month is None or said.month == known.month)
        and (said.day is None or said.day == known.day)
    )


def time_agrees(said: Moment, known: Moment) -> bool:
    """Whether the time that was said is the known one, to the precision said."""
    if known.hour is None or said.hour != known.hour:
        return False
    if said.minute is not None and said.minute != (known.minute or 0):
        return False
    return said.second is None or said.second == known.second
