"""Where reminders go is what a person wrote under `reminders:`; whatever cannot be meant is one clear line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from customer_escalation.casebook.channels import ChatChannel, FolderChannel, TerminalChannel
from customer_escalation.casebook.reminders import Channel, Job, Reminder
from customer_escalation.delivery.reminding import channels_of
from escalation_connectors.errors import AccessDenied, InputError, NotFound, NotOffered, Unavailable
from escalation_connectors.fakes_writing import FakeVendor, fake_setup
from escalation_connectors.options import Fields
from escalation_connectors.records import Message, Page
from escalation_connectors.vendor import Setup

SLACK, TEAMS = FakeVendor(name="slack", once=True), FakeVendor(name="teams")
BOTH = (fake_setup("chat", SLACK), fake_setup("chat", TEAMS))
AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def lines(text: str) -> None:
    """A terminal."""


def channels(setups: tuple[Setup, ...] = BOTH[:1], **said: object) -> tuple[Channel, ...]:
    fields = Fields(said, "escalation.yaml: reminders")
    return channels_of(fields, setups, Path("data"), Path("beside"), lines)


def reminder(team: str = "", level: int = 0) -> Reminder:
    return Reminder(Job("case-1", "internal", AT, level), team, "It is due.")


def test_where_nothing_is_said_they_are_files_and_lines_in_the_terminal() -> None:
    assert channels() == (FolderChannel(Path("data/reminders")), TerminalChannel(lines))


def test_a_folder_is_named_from_where_the_configuration_stands() -> None:
    assert channels(folder="due")[0] == FolderChannel(Path("beside/due"))


def test_with_a_chat_nothing_else_counts_as_having_reached_somebody() -> None:
    [chat] = channels(chat="#follow-up")

    assert isinstance(chat, ChatChannel)
    assert (chat.name, chat.once) == ("slack #follow-up", True)
    assert channels(chat="#follow-up", folder="due")[1:] == (FolderChannel(Path("beside/due")),)


async def test_the_lead_and_each_team_have_a_channel_of_their_own() -> None:
    [chat] = channels(BOTH, chat="#all", lead="#leads", teams={"billing": "#billing"}, through="teams")

    for each in (reminder(), reminder("billing"), reminder("billing", level=1)):
        await chat.send(each, each.job.key)

    assert [each.to for each in TEAMS.written] == ["#all", "#billing", "#leads"]


class Listing:
    """A chat whose channels can be listed: it holds what was posted through this vendor."""

    def __init__(self, vendor: FakeVendor, trouble: Exception | None = None, *, cut: bool = False) -> None:
        self.vendor, self.trouble, self.cut, self.name = vendor, trouble, cut, vendor.name

    async def latest_messages(self, channel: str, *, since: datetime, limit: int = 500) -> Page[Message]:
        if self.trouble is not None:
            raise self.trouble
        items = tuple(
            Message(id=str(number), channel=channel, at=AT, text=each.text)
            for number, each in enumerate(self.vendor.written)
            if each.to == channel
        )
        return Page(items, cut=self.cut)


def listed(vendor: FakeVendor, trouble: Exception | None = None, *, cut: bool = False) -> Channel:
    """The channel of a chat like Slack's or Teams's, which knows no key."""
    setup = fake_setup("chat", vendor, read=lambda _: Listing(vendor, trouble, cut=cut))
    return channels((setup,), chat="#all", lead="#leads")[0]


async def test_a_chat_that_knows_no_key_is_asked_for_what_stands_in_the_channel() -> None:
    vendor, key = FakeVendor(), reminder().job.key
    chat = listed(vendor)

    before = await chat.find(reminder(), key)
    await chat.send(reminder(), key)

    assert (before, await chat.find(reminder(), key)) == (False, True)
    assert not await chat.find(reminder(), "another")
    assert not await chat.find(reminder(level=1), key)  # the lead's channel holds nothing
    assert vendor.written[0].text == f"It is due.\n\nReminder {key[:8]}"


@pytest.mark.parametrize("chat", [
    listed(FakeVendor(), AccessDenied("slack", "lacks a right")),
    listed(FakeVendor(), NotFound("slack", "no such channel")),
    listed(FakeVendor(), cut=True),
    channels((fake_setup("chat", FakeVendor(), read=lambda _: object()),), chat="#all")[0],
])  # fmt: skip
async def test_where_the_channel_cannot_be_seen_whole_nobody_can_tell(chat: Channel) -> None:
    with pytest.raises(NotOffered):
        await chat.find(reminder(), reminder().job.key)


async def test_a_chat_that_is_down_is_asked_later() -> None:
    with pytest.raises(Unavailable):
        await listed(FakeVendor(), Unavailable("slack", "answered 503")).find(reminder(), reminder().job.key)


@pytest.mark.parametrize(("setups", "said", "line"), [
    (BOTH, {"chanel": "#x"}, "chanel: unknown; known are chat, lead, teams, through, folder"),
    (BOTH, {"chat": "#x"}, "through: name one of slack, teams"),
    (BOTH, {"chat": "#x", "through": "zulip"}, "through: no chat that can be written to is connected as 'zulip'"),
    ((), {"chat": "#x"}, "chat: no chat that can be written to is connected"),
    (BOTH, {"lead": "#x"}, "lead: needs `chat`, the channel for everything else"),
    (BOTH, {"chat": "#x", "through": "slack", "teams": {"billing": ""}}, "teams.billing: names no channel"),
    (BOTH, {"chat": ["#x"]}, "chat: must be text, not a list"),
])  # fmt: skip
def test_what_cannot_be_meant_is_one_clear_line(setups: tuple[Setup, ...], said: dict[str, object], line: str) -> None:
    with pytest.raises(InputError) as refused:
        channels(setups, **said)

    assert str(refused.value) == f"escalation.yaml: reminders.{line}"
