"""How long, as exact as a reader can use: minutes under two hours, then whole hours; tenths of days under ten."""

from __future__ import annotations

from datetime import timedelta


def in_hours(length: timedelta) -> str:
    """ "48 minutes", "92 hours"."""
    seconds = length.total_seconds()
    if abs(seconds) < 7200:
        minutes = round(seconds / 60)
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    return f"{round(seconds / 3600):,} hours"


def in_days(length: timedelta) -> str:
    """ "2.5 days", "28 days"."""
    days = length.total_seconds() / 86400
    return f"{days:,.0f} days" if abs(days) >= 9.95 else f"{days:.1f}".removesuffix(".0") + " days"
