"""A follow-up that a person approves falls due at its time, everywhere, until somebody says that it is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from msgspec.structs import replace

from customer_escalation.casebook.calendar import feed
from customer_escalation.casebook.clocks import clocks
from customer_escalation.casebook.proposal import Proposal
from customer_escalation.casebook.state import NotAllowed
from customer_escalation.follow_up import Office, approving, dueing, updating
from customer_escalation.follow_up.proposing import proposed
from tests.casebook.cases import Remembering
from tests.casebook.office import NOW
from tests.casebook.sweeping import remind
from tests.follow_up.conftest import CASE, kinds

NINE = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)  # 9 o'clock in Stockholm, where the company is
ASK = "Ask the team tomorrow at 09:00"


def names(office: Office) -> list[str]:
    """The clocks of the case."""
    return [each.name for each in clocks(office.casebook.state(CASE))]


async def approved(anna: Office, made: Proposal) -> str:
    """The name of its clock, once it was approved; what the person reads says when it falls due."""
    said = await approving.approve(anna, made.id, made.sha256)
    assert "falls due at 2026-11-20T09:00+01:00" in str(said["says"])
    [name] = [each for each in names(anna) if each.startswith("follow_up:")]
    return name


async def test_what_the_brief_offers_falls_due_at_its_time(anna: Office) -> None:
    made = proposed(anna, CASE, "schedule_follow_up")
    await approving.approve(anna, made.id, made.sha256)

    [clock] = [each for each in clocks(anna.casebook.state(CASE)) if each.name.startswith("follow_up:")]
    assert clock.due_at == datetime(2026, 11, 19, 20, 50, tzinfo=UTC)


@pytest.mark.parametrize(("text", "due"), [
    (ASK, ""), ("Ask the team", "tomorrow at 09:00"), ("Ask the team", "2026-11-20"), ("", "2026-11-20T08:00:00Z"),
])  # fmt: skip
async def test_words_a_day_and_a_stamp_name_the_time_that_the_person_sees(
    model: Office, anna: Office, text: str, due: str
) -> None:
    made = proposed(model, CASE, "schedule_follow_up", text=text, due=due)
    assert made.payload.startswith("2026-11-20T09:00+01:00: ")

    await approved(anna, made)


async def test_it_is_due_in_the_list_the_calendar_and_the_reminders_until_it_is_done(anna: Office) -> None:
    name = await approved(anna, proposed(anna, CASE, "schedule_follow_up", text=ASK))
    later, channel = replace(anna, now=NINE + timedelta(minutes=1)), Remembering()

    due = cast("list[dict[str, str]]", dueing.due(later)["due"])
    assert f"follow-up: {ASK}" in [each["why"] for each in due if each["clock"] == name]
    assert "DTSTART:20261120T080000Z" in feed(anna.casebook, "ours", NOW)
    await remind(anna.casebook, [channel], worker="w1", clock=lambda: later.now)
    assert (name, 0) in channel.seen

    updating.update(later, CASE, "kept", value=name)
    assert name not in names(later)
    assert "DTSTART:20261120T080000Z" not in feed(anna.casebook, "ours", NOW)
    with pytest.raises(NotAllowed, match="kept: no open promise"):
        updating.update(later, CASE, "kept", value=name)


async def test_it_can_be_put_off(anna: Office) -> None:
    name = await approved(anna, proposed(anna, CASE, "schedule_follow_up", text=ASK))

    updating.update(anna, CASE, "snooze", value=name, due="tomorrow at 15:00")

    [clock] = [each for each in clocks(anna.casebook.state(CASE)) if each.name == name]
    assert clock.due_at == datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


def test_the_same_words_are_the_same_reminder_also_a_minute_later(model: Office) -> None:
    first = proposed(model, CASE, "schedule_follow_up", text="Look again in 2 hours")
    again = proposed(
        replace(model, now=NOW + timedelta(minutes=1)), CASE, "schedule_follow_up", text="Look again in 2 hours"
    )

    assert again == first


def test_an_edited_follow_up_has_its_time_too(model: Office) -> None:
    made = proposed(model, CASE, "schedule_follow_up", text=ASK)

    assert str(approving.edit(model, made.id, "Ask them tomorrow noon")["text"]).startswith("2026-11-20T12:00+01:00: ")
    with pytest.raises(NotAllowed, match="is no time"):
        approving.edit(model, made.id, "Ask them")


@pytest.mark.parametrize(("write", "words", "says"), [
    ("schedule_follow_up", {"text": "Look again"}, "'Look again' is no time; write it as 2026-11-20T12:00"),
    ("schedule_follow_up", {"due": "2026-11-18T12:00:00Z"}, "is past"),
    ("schedule_follow_up", {"due": "9999-12-31T23:59:59Z"}, "is more than ten years away"),
    ("schedule_follow_up", {"due": "2026-11-21"}, "2026-11-21 is no business day; give the hour as well"),
    ("internal_note", {"text": "A note", "to": "51842", "due": "tomorrow noon"}, "only a follow-up has a time"),
])  # fmt: skip
def test_what_is_no_time_to_come_is_one_clear_line(model: Office, write: str, words: dict[str, str], says: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        proposed(model, CASE, write, **words)  # type: ignore[arg-type]  # all of them are texts

    assert says in str(refused.value)
    assert kinds(model) == []


@pytest.mark.parametrize(("due", "until"), [
    ("2026-11-20", "2026-11-20T08:00:00+00:00"),
    ("tomorrow noon", "2026-11-20T11:00:00+00:00"),
    ("2026-11-20T12:00", "2026-11-20T11:00:00+00:00"),
])  # fmt: skip
def test_an_update_takes_the_same_times(anna: Office, due: str, until: str) -> None:
    updating.update(anna, CASE, "snooze", value="internal", due=due)

    assert anna.casebook.state(CASE).snoozed["internal"].astimezone(UTC).isoformat() == until


@pytest.mark.parametrize(("due", "says"), [
    ("", "due: say when, as 2026-11-20T12:00+01:00"),
    ("9999-12-31T23:59:59Z", "due: 9999-12-31T23:59:59Z is more than ten years away"),
    ("2026-11-22", "due: 2026-11-22 is no business day"),
    ("soon", "due: 'soon' is no time"),
])  # fmt: skip
def test_a_wrong_time_of_an_update_is_one_clear_line(anna: Office, due: str, says: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        updating.update(anna, CASE, "snooze", value="internal", due=due)

    assert str(refused.value).startswith(says)
