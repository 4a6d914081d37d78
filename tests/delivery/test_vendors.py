"""What reaches a vendor is what was approved, to the place that was approved; and what became of it is looked up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.outbox import LEASE, deliver
from customer_escalation.casebook.proposal import Kind, Proposal
from customer_escalation.casebook.proposals import find
from customer_escalation.delivery import Sinks
from escalation_connectors.errors import NotOffered
from escalation_connectors.fakes import FakeChat, FakeSupport, FakeTracker
from escalation_connectors.fakes_writing import FakeVendor, WritingTrouble, Written, fake_setup
from escalation_connectors.records import Category, Comment, Issue, Message, Page, Ticket
from escalation_connectors.vendor import Setup
from escalation_connectors.writing import Receipt
from tests.casebook.office import CHANNEL, ISSUE, NOW, TICKET, Office, office, setting
from tests.casebook.sweeping import sweep

TEXT = "The exact text,\nin two lines."
CATEGORY: dict[Kind, Category] = {
    "post_to_chat": "chat",
    "inform_team": "chat",
    "file_issue": "project_tracker",
    "link_ticket": "project_tracker",
    "internal_note": "support_platform",
    "reply_to_customer": "support_platform",
    "ask_customer": "support_platform",
    "update_ticket": "support_platform",
}
Read = Callable[[Setup], object]


def over(tmp_path: Path, vendor: FakeVendor, kind: Kind, read: Read | None = None) -> Office:
    """The case with one vendor connected; its records were read from there."""
    setup = fake_setup(CATEGORY[kind], vendor, project="ORD")
    setup = setup if read is None else replace_read(setup, read)
    return office(Casebook(tmp_path / "casebook.sqlite3"), setting(setup))


def replace_read(setup: Setup, read: Read) -> Setup:
    return replace(setup, vendor=replace(setup.vendor, read=read))


@pytest.mark.parametrize(
    ("kind", "to", "send", "text", "written"),
    [
        ("post_to_chat", CHANNEL, False, TEXT, ("post", CHANNEL, TEXT)),
        ("inform_team", CHANNEL, False, TEXT, ("post", CHANNEL, TEXT)),
        ("file_issue", "ORD", False, TEXT, ("issue", "The exact text,", "in two lines.")),
        ("link_ticket", ISSUE, False, TEXT, ("comment", ISSUE, TEXT)),
        ("internal_note", TICKET, False, TEXT, ("note", TICKET, TEXT)),
        ("reply_to_customer", TICKET, False, TEXT, ("draft", TICKET, TEXT)),
        ("reply_to_customer", TICKET, True, TEXT, ("reply", TICKET, TEXT)),
        ("ask_customer", TICKET, True, TEXT, ("reply", TICKET, TEXT)),
        ("update_ticket", TICKET, False, "Tags: a, b c\npriority: High", ("update", TICKET, "high", "a", "b c")),
        ("update_ticket", TICKET, False, "Status: Solved", ("update", TICKET, "", "status: solved")),
    ],
)
async def test_each_kind_reaches_its_vendor_word_for_word(
    tmp_path: Path, kind: Kind, to: str, send: bool, text: str, written: tuple[str, ...]
) -> None:
    vendor = FakeVendor(name="workspace")
    desk = over(tmp_path, vendor, kind)
    yes = desk.approved(kind, to, text, send=send)

    done = await deliver(desk.casebook, yes.id, desk.sinks, worker="w", now=NOW)

    what, where, said, *more = written
    assert done.destination.sink.endswith(":workspace")
    assert vendor.written == [Written(what, where, said, yes.id, tuple(more))]
    assert (done.state, done.receipt) == ("delivered", Receipt(f"{what}-1", "https://workspace.example/1"))


async def test_a_destination_that_is_gone_from_the_profile_gets_nothing(tmp_path: Path) -> None:
    vendor = FakeVendor(name="workspace")
    desk = over(tmp_path, vendor, "post_to_chat")
    yes = desk.approved()
    moved = setting(fake_setup("chat", vendor))
    desk = replace(
        desk, sinks=office(desk.casebook, replace(moved, profile=replace(moved.profile, teams={}, areas={}))).sinks
    )

    done = await deliver(desk.casebook, yes.id, desk.sinks, worker="w", now=NOW)

    assert (done.state, done.error) == ("failed", "'#eng-orders' is no channel of a team in the company profile")
    assert vendor.written == []


async def test_another_vendor_than_the_approved_one_gets_nothing(tmp_path: Path) -> None:
    desk = over(tmp_path, FakeVendor(name="slack"), "post_to_chat")
    yes = desk.approved()
    other = FakeVendor(name="teams")
    sinks = office(desk.casebook, setting(fake_setup("chat", other))).sinks

    done = await deliver(desk.casebook, yes.id, sinks, worker="w", now=NOW)

    assert (done.state, done.error) == ("failed", "post_to_chat does not go to 'chat:slack' here")
    assert other.written == []


async def test_what_a_vendor_does_not_offer_is_said_with_what_to_do(tmp_path: Path) -> None:
    class NoDrafts(FakeVendor):
        async def write(self, what: str, to: str, text: str, key: str, *more: str) -> Receipt:
            raise NotOffered(self.name, "keeps no drafts that are made through its API")

    desk = over(tmp_path, NoDrafts(name="workspace"), "reply_to_customer")
    yes = desk.approved("reply_to_customer", TICKET)

    done = await deliver(desk.casebook, yes.id, desk.sinks, worker="w", now=NOW)

    assert done.error == "workspace: keeps no drafts that are made through its API; do it by hand"


async def lost(desk: Office, yes: Proposal, sinks: Sinks) -> Proposal:
    """No answer came; afterwards another worker finds out."""
    first = await deliver(desk.casebook, yes.id, sinks, worker="w1", now=NOW)
    assert (first.state, first.error) == ("sending", "workspace: no answer came to a write")
    assert await sweep(desk.casebook, sinks, worker="w2", clock=lambda: NOW + LEASE) == 1
    return find(desk.casebook, yes.id)


@pytest.mark.parametrize("after_writing", [False, True])
@pytest.mark.parametrize(("kind", "to"), [("post_to_chat", CHANNEL), ("file_issue", "ORD"), ("internal_note", TICKET)])
async def test_a_vendor_that_writes_a_key_once_is_written_to_again(
    tmp_path: Path, kind: Kind, to: str, after_writing: bool
) -> None:
    vendor = FakeVendor(WritingTrouble("no_answer", after_writing), name="workspace", once=True)
    desk = over(tmp_path, vendor, kind)

    done = await lost(desk, desk.approved(kind, to), desk.sinks)

    assert (done.state, len(vendor.written)) == ("delivered", 1)


def said(text: str, minutes: int = 1, *, public: bool = False) -> Comment:
    return Comment("c9", text, NOW + timedelta(minutes=minutes), public=public)


def ticket(*comments: Comment, cut: bool = False) -> Read:
    read = Ticket(
        id=TICKET, subject="S", created_at=NOW - timedelta(days=1), url="https://t", comments=Page(comments, cut=cut)
    )
    return lambda _: FakeSupport([read])


def issue(*comments: Comment, title: str = "S", at: int = -60) -> Read:
    read = Issue(
        key=ISSUE, title=title, created_at=NOW + timedelta(minutes=at), url="https://i", comments=Page(comments)
    )
    return lambda _: FakeTracker([read])


def message(text: str, minutes: int = 1) -> Read:
    read = Message(id="m9", channel=CHANNEL, at=NOW + timedelta(minutes=minutes), text=text, url="https://m")
    return lambda _: FakeChat([read])


OLD = said("Something else.", -60)
CASES: tuple[tuple[str, Kind, str, bool, Read, str, str], ...] = (
    ("there", "internal_note", TICKET, False, ticket(OLD, said("The exact  text.\n")), "delivered", "c9"),
    ("nothing new", "internal_note", TICKET, False, ticket(OLD), "delivered", "note-1"),
    ("public is no note", "internal_note", TICKET, False, ticket(said("The exact text.", public=True)), "unsure", ""),
    ("other news", "internal_note", TICKET, False, ticket(said("Any news?")), "unsure", ""),
    ("an older one", "internal_note", TICKET, False, ticket(said("The exact text.", -60)), "delivered", "note-1"),
    ("thread is cut", "internal_note", TICKET, False, ticket(OLD, cut=True), "unsure", ""),
    ("reply", "reply_to_customer", TICKET, True, ticket(said("The exact text.", public=True)), "delivered", "c9"),
    ("no reply", "reply_to_customer", TICKET, True, ticket(OLD), "delivered", "reply-1"),
    ("a draft is unseen", "reply_to_customer", TICKET, False, ticket(OLD), "unsure", ""),
    ("comment", "link_ticket", ISSUE, False, issue(said("The exact text.")), "delivered", "c9"),
    ("no comment", "link_ticket", ISSUE, False, issue(), "delivered", "comment-1"),
    ("issue", "file_issue", "ORD", False, issue(title="The exact text.", at=1), "delivered", ISSUE),
    ("an older issue", "file_issue", "ORD", False, issue(title="The exact text.", at=-60), "unsure", ""),
    ("post", "post_to_chat", CHANNEL, False, message("The exact text."), "delivered", "m9"),
    ("an older post", "post_to_chat", CHANNEL, False, message("The exact text.", -60), "unsure", ""),
    ("another post", "post_to_chat", CHANNEL, False, message("The exact other text."), "unsure", ""),
)


@pytest.mark.parametrize(
    ("kind", "to", "send", "read", "state", "receipt"), [each[1:] for each in CASES], ids=[each[0] for each in CASES]
)
async def test_what_became_of_a_write_is_looked_up(
    tmp_path: Path, kind: Kind, to: str, send: bool, read: Read, state: str, receipt: str
) -> None:
    vendor = FakeVendor(WritingTrouble("no_answer"), name="workspace")
    desk = over(tmp_path, vendor, kind, read)

    done = await lost(desk, desk.approved(kind, to, send=send), desk.sinks)

    assert (done.state, done.receipt.id if done.receipt else "") == (state, receipt)
    assert len(vendor.written) == (1 if receipt.endswith("-1") else 0)


async def test_a_change_of_fields_is_made_again(tmp_path: Path) -> None:
    vendor = FakeVendor(WritingTrouble("no_answer", after_writing=True), name="workspace")
    desk = over(tmp_path, vendor, "update_ticket")

    done = await lost(desk, desk.approved("update_ticket", TICKET, "priority: high"), desk.sinks)

    assert (done.state, len(set(vendor.written))) == ("delivered", 1)


async def test_a_vendor_that_cannot_be_read_now_is_asked_later(tmp_path: Path) -> None:
    vendor = FakeVendor(WritingTrouble("no_answer", after_writing=True), name="workspace")
    desk = over(tmp_path, vendor, "internal_note")

    waiting = await lost(desk, desk.approved("internal_note", TICKET), desk.sinks)

    assert (waiting.state, len(vendor.written)) == ("sending", 1)
    assert waiting.error == "workspace: the service is not available"
