"""Lengths of time are as exact as a reader can use, and no more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from customer_escalation.durations import in_days, in_hours


@pytest.mark.parametrize(
    ("hours", "said"),
    [(1 / 60, "1 minute"), (0.8, "48 minutes"), (2, "2 hours"), (91.97, "92 hours"), (1300, "1,300 hours")],
)
def test_hours_are_whole_and_short_ones_are_minutes(hours: float, said: str) -> None:
    assert in_hours(timedelta(hours=hours)) == said


@pytest.mark.parametrize(("days", "said"), [(3, "3 days"), (2.53, "2.5 days"), (9.97, "10 days"), (28.3, "28 days")])
def test_days_have_a_tenth_only_under_ten(days: float, said: str) -> None:
    assert in_days(timedelta(days=days)) == said
