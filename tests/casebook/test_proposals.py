"""What may be proposed: only what a destination of this company is connected for, in a text that can be seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from customer_escalation.brief import NextStep, Reporter
from customer_escalation.casebook import Casebook, UnknownCase
from customer_escalation.casebook.proposal import LONGEST, Destination, Draft, Kind, hash_of
from customer_escalation.casebook.proposals import decline, edit, find, from_next_steps, left_out, proposals, propose
from customer_escalation.casebook.state import NotAllowed
from customer_escalation.next_steps import NOT_SET
from escalation_connectors.fakes_writing import FakeVendor, fake_setup
from escalation_connectors.records import Category
from tests.casebook.office import (
    ANNA,
    CHANNEL,
    ISSUE,
    LATER,
    MODEL,
    NOW,
    THEIRS,
    TICKET,
    Office,
    loose,
    office,
    setting,
)
from tests.server import results

KINDS: tuple[tuple[Kind, str, str], ...] = (
    ("post_to_chat", CHANNEL, "A post."),
    ("inform_team", "#exec-escalations", "A post."),
    ("file_issue", "ORD", "A title\n\nA text."),
    ("link_ticket", ISSUE, "A comment."),
    ("reply_to_customer", TICKET, "Hello."),
    ("ask_customer", THEIRS, "Which version?"),
    ("internal_note", TICKET, "A note."),
    ("update_ticket", TICKET, "priority: urgent\ntags: escalated, orders"),
    ("draft_article", "", "# An article"),
    ("schedule_follow_up", "Larkfield Support", "Check again."),
)


@pytest.fixture
def desk(casebook: Casebook, tmp_path: Path) -> Office:
    return office(casebook, setting(folder=tmp_path))


@pytest.mark.parametrize(("kind", "to", "text"), KINDS)
def test_every_kind_is_proposed_and_found_again(desk: Office, kind: Kind, to: str, text: str) -> None:
    made = desk.proposed(kind, to, text)

    assert find(desk.casebook, made.id) == made
    assert (made.state, made.case_id, made.payload) == ("pending", desk.case_id, text)
    assert made.destination.sink == ("casebook" if kind == "schedule_follow_up" else "outbox")
    assert made.sha256 == hash_of(desk.case_id, made.draft)


def test_proposals_are_listed_by_case_and_state(desk: Office, tmp_path: Path) -> None:
    other = office(desk.casebook, setting(folder=tmp_path))
    one, yes, elsewhere = desk.proposed(), desk.approved(), other.proposed()

    assert {each.id for each in proposals(desk.casebook)} == {one.id, yes.id, elsewhere.id}
    assert {each.id for each in proposals(desk.casebook, desk.case_id)} == {one.id, yes.id}
    assert proposals(desk.casebook, desk.case_id, ("approved",)) == (yes,)


def test_the_trail_never_holds_a_payload(desk: Office) -> None:
    made = desk.proposed(text="Secret words.")
    edit(desk.casebook, made.id, "Secret words, again.", actor=ANNA, at=LATER + NOW)

    assert desk.trail() == ["proposed", "edited"]
    assert all("Secret" not in repr(event) for event in desk.casebook.events(desk.case_id))


@pytest.mark.parametrize(
    "draft",
    [
        loose("outbox", "#attackers"),
        loose("outbox", "#eng-orders "),
        loose("outbox", "https://hooks.example/x"),
        loose("outbox", ""),
        loose("outbox", "EVIL", "file_issue", "A title"),
        loose("outbox", "99999", "internal_note"),
        loose("outbox", "99999", "reply_to_customer"),
        loose("outbox", "../51842", "reply_to_customer"),
        loose("outbox", "ORD-9999", "link_ticket"),
        loose("chat:slack", CHANNEL),
        loose("casebook", CHANNEL),
        loose("", CHANNEL),
        Draft("post_to_chat", "Harmless", Destination("outbox", CHANNEL, {"send": True}), "Text."),
        Draft("reply_to_customer", "Harmless", Destination("outbox", TICKET, {"bcc": "x@evil.example"}), "Text."),
        loose("outbox", TICKET, "update_ticket", "priority: P0"),
        loose("outbox", TICKET, "update_ticket", "assignee: mallory"),
        loose("outbox", TICKET, "update_ticket", "priority: high\npriority: low"),
        loose("outbox", CHANNEL, "drop_tables"),  # type: ignore[arg-type]  # what a model may say
        loose("outbox", CHANNEL, text=" \u200b\n "),
        loose("outbox", CHANNEL, text="x" * (LONGEST + 1)),
    ],
)
def test_what_a_text_names_as_its_destination_leads_nowhere(desk: Office, draft: Draft) -> None:
    with pytest.raises(NotAllowed):
        propose(desk.casebook, desk.case_id, draft, desk.sinks, actor=MODEL, at=NOW)

    assert proposals(desk.casebook) == ()
    assert desk.trail() == []


def test_a_case_that_is_not_there_takes_no_proposal(desk: Office) -> None:
    with pytest.raises(UnknownCase):
        propose(desk.casebook, "case-99", loose("outbox", CHANNEL), desk.sinks, actor=MODEL, at=NOW)


def test_another_workspaces_case_takes_no_proposal(desk: Office, tmp_path: Path) -> None:
    elsewhere = office(desk.casebook, replace(setting(folder=tmp_path), name="Northwind"))

    with pytest.raises(NotAllowed, match="belongs to the workspace 'Larkfield', not to 'Northwind'"):
        propose(desk.casebook, desk.case_id, loose("outbox", CHANNEL), elsewhere.sinks, actor=MODEL, at=NOW)


def test_what_cannot_be_seen_is_not_written(desk: Office) -> None:
    made = desk.proposed(text="Pay\u202e \u200bnow\r\n.\n")

    assert made.payload == "Pay now\n."
    assert edit(desk.casebook, made.id, "Pay\u2066 later", actor=ANNA, at=NOW).payload == "Pay later"


def test_an_edit_needs_a_text_that_is_another(desk: Office) -> None:
    made = desk.proposed()

    for same in (made.payload, f"{made.payload}\u200b\n"):
        with pytest.raises(NotAllowed, match="nothing was changed"):
            edit(desk.casebook, made.id, same, actor=ANNA, at=NOW)
    with pytest.raises(NotAllowed, match="needs a text"):
        edit(desk.casebook, made.id, " ", actor=ANNA, at=NOW)


def test_an_edit_starts_the_time_to_approve_anew(desk: Office) -> None:
    made = desk.proposed()

    assert edit(desk.casebook, made.id, "Another.", actor=ANNA, at=NOW + LATER).expires_at == made.expires_at + LATER


@pytest.mark.parametrize(("kind", "to", "text"), KINDS[:-1])
def test_without_a_writing_side_nothing_is_proposed(casebook: Casebook, kind: Kind, to: str, text: str) -> None:
    categories: tuple[Category, ...] = ("chat", "project_tracker", "support_platform", "knowledge_base")
    for where in (setting(), setting(*(fake_setup(each, None) for each in categories))):
        desk = office(casebook, where)

        with pytest.raises(NotAllowed, match=f"^no destination is connected for {kind}"):
            desk.draft(kind, to, text)


def test_a_configured_source_that_cannot_be_written_to_is_not_replaced_by_the_folder(
    casebook: Casebook, tmp_path: Path
) -> None:
    desk = office(casebook, setting(fake_setup("chat", None), folder=tmp_path))

    with pytest.raises(NotAllowed, match=r"^no destination is connected for post_to_chat"):
        desk.draft("post_to_chat", CHANNEL)
    assert desk.draft("internal_note", TICKET).destination.sink == "outbox"


def test_an_issue_is_made_only_in_the_project_that_a_tracker_is_configured_for(casebook: Casebook) -> None:
    orders = fake_setup("project_tracker", FakeVendor(name="orders"), project="ORD")
    exports = fake_setup("project_tracker", FakeVendor(name="exports"), project="EXP")
    desk = office(casebook, setting(orders, exports))

    assert desk.draft("file_issue", "ORD").destination.sink == "tracker:orders"
    assert desk.draft("file_issue", "EXP").destination.sink == "tracker:exports"
    with pytest.raises(NotAllowed, match="no tracker of the configuration makes issues in 'SEC'"):
        desk.draft("file_issue", "SEC")
    with pytest.raises(NotAllowed, match="'WEB' is no tracker project of a team in the company profile"):
        desk.draft("file_issue", "WEB")


def test_a_ticket_that_was_read_elsewhere_is_not_written_to_here(casebook: Casebook) -> None:
    desk = office(casebook, setting(fake_setup("support_platform", FakeVendor(name="zendesk"))))

    with pytest.raises(NotAllowed, match="no destination is connected for internal_note"):
        desk.draft("internal_note", TICKET)


def test_which_of_several_chats_is_meant_has_to_be_told(casebook: Casebook) -> None:
    chats = (fake_setup("chat", FakeVendor(name=name)) for name in ("slack", "teams"))
    desk = office(casebook, setting(*chats))

    with pytest.raises(NotAllowed, match=r"several are connected \(slack, teams\)"):
        desk.draft("post_to_chat", CHANNEL)


def test_the_offers_of_a_result_become_drafts_with_their_destinations(tmp_path: Path) -> None:
    drafts = from_next_steps(results.acme(), setting(folder=tmp_path))

    assert [(each.kind, each.destination.to) for each in drafts] == [
        ("post_to_chat", "#eng-orders"),
        ("inform_team", "#exec-escalations"),
        ("link_ticket", "ORD-3310"),
        ("reply_to_customer", "51842"),
        ("reply_to_customer", "51871"),
        ("schedule_follow_up", "Larkfield Support"),
        ("reply_to_customer", "51842"),
        ("internal_note", "51842"),
        ("internal_note", "51871"),
        ("reply_to_customer", "51842"),
    ]
    assert not any(each.destination.sends for each in drafts)
    assert left_out(results.acme(), setting(folder=tmp_path)) == ()


def test_nobodys_words_go_to_another_customer(tmp_path: Path) -> None:
    first, other, status, revoke = [
        each.payload
        for each in from_next_steps(results.acme(), setting(folder=tmp_path))
        if each.kind == "reply_to_customer"
    ]

    assert first.startswith("Hello Dana,")
    assert "You asked: “One question I need answered before we re-send anything" in first
    assert other.startswith(
        "Hello Chidi,\n\nthis is an update on “Order creation sometimes fails with order_write_failed”.\n"
    )
    assert "You asked: “Is there an estimate?”" in other
    for theirs in ("Dana", "re-send", "Acme", "API returning 500", "tomorrow noon"):
        assert theirs not in other
    assert status != first
    assert "contains an API key" in revoke


def test_a_result_that_holds_no_update_for_another_customer_sends_them_nothing_of_the_first(tmp_path: Path) -> None:
    nameless = tuple(Reporter(each.name, each.tickets) for each in results.acme().reporters)
    drafts = from_next_steps(replace(results.acme(), reporters=nameless), setting(folder=tmp_path))

    (other,) = [each.payload for each in drafts if each.kind == "reply_to_customer" and each.destination.to == THEIRS]
    assert other.startswith("Hello Pellworth Supply,\n\nthis is an update on “Order creation sometimes fails")
    for theirs in ("Dana", "re-send", "Acme", "API returning 500", "tomorrow noon", "You asked"):
        assert theirs not in other


def test_a_customer_with_two_tickets_gets_one_reply_and_two_notes(tmp_path: Path) -> None:
    reporters = (Reporter("Acme Corp", (TICKET,)), Reporter("Pellworth Supply", (THEIRS, "51900")))
    result = replace(results.acme(), reporters=reporters)
    drafts = from_next_steps(result, setting(folder=tmp_path))

    assert [each.destination.to for each in drafts if each.kind == "internal_note"] == [TICKET, THEIRS, "51900"]
    updates = [each for each in drafts if each.title == "Send the customer an interim response"]
    assert [each.destination.to for each in updates] == [TICKET, THEIRS]


def test_offers_without_a_destination_are_left_out_and_named(tmp_path: Path) -> None:
    steps = (
        NextStep("n1", "post_to_chat", "Post the brief in the channel of Product", NOT_SET, "Text."),
        NextStep("n2", "post_to_chat", "Post the brief elsewhere", "#not-ours", "Text."),
        NextStep("n3", "internal_note", "Note it", f"ticket {TICKET}", "Text."),
        NextStep("n4", "sing", "Sing it", "everybody", "Text."),
    )
    result = replace(results.acme(), next_steps=steps, reporters=())

    assert [each.kind for each in from_next_steps(result, setting(folder=tmp_path))] == ["internal_note"]
    assert left_out(result, setting(folder=tmp_path)) == (
        "Post the brief in the channel of Product: no destination configured",
        "Post the brief elsewhere: '#not-ours' is no channel of a team in the company profile",
        "Sing it: sing is nothing that can be delivered",
    )


def test_the_sample_companys_writes_land_in_the_folder_for_user_data(casebook: Casebook, tmp_path: Path) -> None:
    desk = office(casebook, setting(is_sample=True))

    assert {each.destination.sink for each in from_next_steps(results.acme(), setting(is_sample=True))} == {
        "outbox",
        "casebook",
    }
    assert desk.draft("post_to_chat", CHANNEL).destination == Destination("outbox", CHANNEL)


def test_the_same_text_that_waits_already_is_given_where_one_is_enough(desk: Office) -> None:
    draft = desk.draft("post_to_chat", CHANNEL)

    def proposed(**more: bool) -> str:
        return propose(desk.casebook, desk.case_id, draft, desk.sinks, actor=MODEL, at=NOW, **more).id

    first = proposed()

    assert proposed(twice=False) == first
    second = proposed()
    assert second != first
    assert proposed(twice=False) in (first, second)
    for each in (first, second):
        decline(desk.casebook, each, actor=ANNA, at=NOW)
    assert proposed(twice=False) not in (first, second)
