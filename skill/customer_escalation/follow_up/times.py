"""A time that somebody writes: RFC 3339, a day, or words ("tomorrow noon"), as the company's clock reads them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from customer_escalation import promises
from customer_escalation.casebook.rhythm import Rhythm
from customer_escalation.casebook.state import NotAllowed
from customer_escalation.workdays import opening_of

FARTHEST = timedelta(days=3660)
HOW = "as 2026-11-20T12:00+01:00, a day (2026-11-20: when it opens), or words (tomorrow noon, in 2 hours)"


def coming(text: str, rhythm: Rhythm, now: datetime) -> datetime:
    """The moment, which is still to come and less than ten years away. Raises NotAllowed.

    Without a zone it is the company's; a day means its opening, and has to be a business day.
    """
    text = text.strip()
    if not text:
        raise NotAllowed(f"due: say when, {HOW}")
    at = _day(text, rhythm) or _stamp(text, rhythm) or promises.due(text, now, rhythm.timezone)
    if at is None:
        raise NotAllowed(f"due: {text[:40]!r} is no time; write it {HOW}")
    if (
        at.replace(tzinfo=None) > now.replace(tzinfo=None) + FARTHEST
    ):  # before any zone is applied: year 9999 has an end
        raise NotAllowed(f"due: {text[:40]} is more than ten years away")
    if at <= now:
        raise NotAllowed(f"due: {rhythm.local(at)} is past")
    return at


def _day(text: str, rhythm: Rhythm) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    at = opening_of(day, rhythm.hours, rhythm.timezone)
    if at is None:
        raise NotAllowed(
            f"due: {day.isoformat()} is no business day; give the hour as well, as {day.isoformat()}T09:00"
        )
    return at


def _stamp(text: str, rhythm: Rhythm) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=rhythm.timezone)
