"""Promises of time: when "by tomorrow noon", said in a given row, falls due."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, tzinfo

from customer_escalation.language import sentences

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOCK = re.compile(r"\b(?:at |by |before )?(\d{1,2})(?::(\d{2}))?\s*(am|pm)\b|\b(\d{1,2}):(\d{2})\b", re.I)
WITHIN = re.compile(
    r"\b(?:within|in)(?: the)?(?: next)? (\d{1,3}|an|one|two|three|a few)\s*(business )?(minutes?|hours?|days?)\b", re.I
)
DAY = re.compile(r"\b(today|tonight|tomorrow|" + "|".join(WEEKDAYS) + r"|end of (?:the )?day|eod)\b", re.I)
UPDATE = re.compile(
    r"\b(?:get|come|be|report|write|circle) back\b|\bupdates?\b|\blet (?:you|them) know\b|\bkeep (?:you|them) posted\b"
    r"|\bhear (?:back )?from (?:us|me)\b|\b(?:answer|reply|respond|response|inform(?:ed)?|call|write|follow[- ]up)\b"
    r"|\btell (?:you|them)\b|\b(?:status|news|feedback)\b", re.I
)  # fmt: skip
DEEDS = "fix|resolve|solve|repair|restore|deploy|release|ship|deliver|refund|replace|migrate|enable|patch|roll|install"
DEED = re.compile(
    rf"\b(?:will|.ll|shall|going to) (?:\w+ )?(?:{DEEDS})\b|\b(?:be|have|has|is|are|get|got)\b[^.,;]{{0,40}}"
    r"\b(?:fixed|resolved|solved|repaired|restored|deployed|released|shipped|delivered|refunded|replaced|working|done)\b",
    re.I,
)
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
WORDS = {"an": 1, "one": 1, "two": 2, "three": 3, "a few": 3}


def is_of_update(text: str) -> bool:
    """Whether these words promise to be heard again, and nothing more: an answer keeps that, a deed takes more."""
    return bool(UPDATE.search(text)) and not DEED.search(text)


def due_in(text: str, said_at: datetime, zone: tzinfo) -> datetime | None:
    """The first moment that the sentences of a text promise."""
    return next((at for sentence in sentences(text) if (at := due(sentence, said_at, zone)) is not None), None)


def due(text: str, said_at: datetime, zone: tzinfo) -> datetime | None:
    """The moment that the words name, seen from when they were said; None where they name none.

    A day without a clock time ends at 17:00 local time, the end of an ordinary working day.
    """
    within = WITHIN.search(text)
    if within is not None:
        return _later(said_at, zone, within)
    day = DAY.search(text)
    return None if day is None else _ahead(text, day.group(1).lower(), said_at.astimezone(zone), said_at.tzinfo)


def _ahead(text: str, day: str, said_at: datetime, zone: tzinfo | None) -> datetime | None:
    """That day at its hour; what is over by then means the last minute of today, or the same day of next week."""
    date = (said_at + timedelta(days=_days_ahead(day, said_at.weekday()))).date()
    at = datetime.combine(date, _clock(text, day), said_at.tzinfo)
    if at < said_at and day in WEEKDAYS:
        at += timedelta(days=7)
    elif at < said_at:
        at = at.replace(hour=23, minute=59)
    return at.astimezone(zone)


def _later(said_at: datetime, zone: tzinfo, within: re.Match[str]) -> datetime | None:
    """So much later; a working day skips the weekend, and working hours depend on whose, so they name no moment."""
    amount, unit = within.group(1).lower(), within.group(3)[0].lower()
    count = WORDS.get(amount) or int(amount)
    if within.group(2) is None:
        return said_at + count * UNITS[unit]
    if unit != "d":
        return None
    at = said_at.astimezone(zone)
    while count:
        at += timedelta(days=1)
        count -= at.weekday() < 5
    return at.astimezone(said_at.tzinfo)


def _days_ahead(word: str, weekday: int) -> int:
    if word == "tomorrow":
        return 1
    return (WEEKDAYS.index(word) - weekday) % 7 if word in WEEKDAYS else 0


def _clock(text: str, day: str) -> time:
    low = text.lower()
    if "noon" in low or "midday" in low:
        return time(12)
    found = CLOCK.search(text)
    if found is None:
        return time(23, 59) if day == "tonight" else time(12) if "lunch" in low else time(17)
    if found.group(4):
        hour, minute = int(found.group(4)), int(found.group(5))
    else:
        hour, minute = (
            int(found.group(1)) % 12 + (12 if found.group(3).lower() == "pm" else 0),
            int(found.group(2) or 0),
        )
    return time(hour, minute) if hour < 24 and minute < 60 else time(17)
