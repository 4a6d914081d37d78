"""When "by tomorrow noon", said in a given row, falls due."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from customer_escalation.promises import due, due_in, is_of_update

SAID = datetime(2026, 11, 19, 16, 50, tzinfo=UTC)
"""A Thursday; 17:50 in Stockholm, and Friday 01:50 in Tokyo."""
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("You hear from us within 2 hours.", "2026-11-19T18:50"),
        ("within the next two hours", "2026-11-19T18:50"),
        ("in an hour", "2026-11-19T17:50"),
        ("in one day", "2026-11-20T16:50"),
        ("in three days", "2026-11-22T16:50"),
        ("in a few minutes", "2026-11-19T16:53"),
        ("within 45 minutes", "2026-11-19T17:35"),
        ("within 0 hours", "2026-11-19T16:50"),
        ("WITHIN 2 HOURS", "2026-11-19T18:50"),
        ("in 2 hourſ", "2026-11-19T18:50"),
        ("within 1 business day", "2026-11-20T16:50"),
        ("within 2 business days", "2026-11-23T16:50"),
        ("within 7 business days", "2026-11-30T16:50"),
        ("within 0 business days", "2026-11-19T16:50"),
        ("today", "2026-11-19T22:59"),
        ("by end of day", "2026-11-19T22:59"),
        ("EOD", "2026-11-19T22:59"),
        ("today at 10:00", "2026-11-19T22:59"),
        ("today by 8 pm", "2026-11-19T19:00"),
        ("on Thursday", "2026-11-26T16:00"),
        ("tonight", "2026-11-19T22:59"),
        ("tomorrow", "2026-11-20T16:00"),
        ("by tomorrow noon", "2026-11-20T11:00"),
        ("tomorrow at midday", "2026-11-20T11:00"),
        ("tomorrow before lunch", "2026-11-20T11:00"),
        ("tomorrow at 9", "2026-11-20T16:00"),
        ("tomorrow at 9am", "2026-11-20T08:00"),
        ("tomorrow by 9:30 pm", "2026-11-20T20:30"),
        ("tomorrow 12 am", "2026-11-19T23:00"),
        ("tomorrow at 14:15", "2026-11-20T13:15"),
        ("tomorrow 25:99", "2026-11-20T16:00"),
        ("tomorrow 9:61 pm", "2026-11-20T16:00"),
        ("on Friday", "2026-11-20T16:00"),
        ("by Monday 10:00", "2026-11-23T09:00"),
        ("on Thursday at 23:00", "2026-11-19T22:00"),
    ],
)
def test_words_of_time_name_a_moment(words: str, moment: str) -> None:
    assert due(words, SAID, STOCKHOLM) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    ["", "soon", "as soon as possible", "within 4 business hours", "in 5 business minutes", "in 2027", "at 14:15"],
)
def test_words_that_name_no_moment_promise_none(words: str) -> None:
    assert due(words, SAID, STOCKHOLM) is None


def test_a_day_without_an_hour_ends_with_the_working_day() -> None:
    morning = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)

    for words in ("today", "by end of the day", "eod", "on Thursday"):
        assert due(words, morning, STOCKHOLM) == datetime(2026, 11, 19, 16, 0, tzinfo=UTC)


def test_a_day_is_the_day_of_those_who_said_it() -> None:
    assert due("today", SAID, ZoneInfo("Asia/Tokyo")) == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert due("tomorrow", SAID, ZoneInfo("America/Los_Angeles")) == datetime(2026, 11, 21, 1, tzinfo=UTC)


def test_a_business_day_keeps_the_hour_over_a_change_of_clocks() -> None:
    friday = datetime(2026, 10, 23, 10, 0, tzinfo=UTC)

    assert due("in one business day", friday, STOCKHOLM) == datetime(2026, 10, 26, 11, 0, tzinfo=UTC)
    assert due("in three days", friday, STOCKHOLM) == datetime(2026, 10, 26, 10, 0, tzinfo=UTC)


def test_the_first_promise_of_a_text_counts() -> None:
    text = "Thanks for the log. We will write again by tomorrow noon. A fix follows within 3 days."

    assert due_in(text, SAID, STOCKHOLM) == datetime(2026, 11, 20, 11, tzinfo=UTC)
    assert due_in("Thanks. We look into it.", SAID, STOCKHOLM) is None


@pytest.mark.parametrize(
    ("words", "of_update"),
    [
        ("We will update you by tomorrow noon with either a fix or a date for one.", True),
        ("We will get back to you by Friday.", True),
        ("You will hear from us within 2 hours.", True),
        ("an answer by noon", True),
        ("We will have this fixed by Friday.", False),
        ("We will have it fixed and get back to you by Friday.", False),
        ("We will release the update by Friday.", False),
        ("a fix by Friday", False),
        ("", False),
    ],
)
def test_only_a_promise_to_be_heard_again_is_kept_by_an_update(words: str, of_update: bool) -> None:
    assert is_of_update(words) == of_update
