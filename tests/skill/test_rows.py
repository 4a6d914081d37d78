"""Records as evidence: ids that people can read, the record's own fields, and the text as it was read."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from msgspec.structs import replace

from customer_escalation import policy, rows
from customer_escalation.evidence import Evidence
from customer_escalation.findings import NAMES
from customer_escalation.workdays import FollowUp
from escalation_connectors.records import (
    Account,
    Article,
    Attachment,
    Comment,
    Contact,
    Deal,
    Issue,
    Message,
    Note,
    Page,
    Person,
    Sla,
    Ticket,
)
from tests.planting import WORDINGS
from tests.sources import NOW, ago

ORDER = WORDINGS["plain"]
DAY = datetime(2026, 12, 1, tzinfo=UTC)
TICKET = Ticket(
    id="7",
    subject="Export fails",
    created_at=ago(2),
    status="open",
    requester=Person("Ada", "customer", "ada@acme.example"),
    tags=("export", "csv"),
    sla=Sla("Gold", NOW, False, "4 hours"),
    comments=Page(
        (
            Comment("a", "It fails.", ago(2), Person("Ada"), attachments=(Attachment("log.txt", "", "500"),)),
            Comment("b", "We look at it.", ago(1), Person("Bo", "agent"), public=False),
            Comment("c", "Assigned.", ago(1), Person("Desk", "system")),
        )
    ),
)


def ticket_rows(ticket: Ticket) -> list[Evidence]:
    """The rows of a ticket."""
    return list(rows.ticket_rows(ticket, "desk", "Acme Corp"))


def test_ids_are_the_records_own_with_their_kind_in_front() -> None:
    assert rows.evidence_id("ticket", "51842") == "T-51842"
    assert rows.evidence_id("ticket", "T-9") == "T-9"
    assert rows.evidence_id("article", "kb/export steps") == "K-kb_export_steps"


def test_a_ticket_is_a_row_of_its_fields_and_a_row_for_each_comment() -> None:
    own, *thread = ticket_rows(TICKET)

    assert [own.id, *(each.id for each in thread)] == ["T-7", "T-7/1", "T-7/2", "T-7/3"]
    assert own.text == (
        "Ticket 7: Export fails (status: open; customer: Acme Corp; requester: Ada; created: 2026-11-19T10:00:00Z; "
        "tags: export, csv; SLA: Gold; SLA target: 4 hours; SLA due: 2026-11-19T12:00:00Z; SLA breached: no)"
    )
    assert (own.title, own.fields["status"], own.fields["due_at"]) == ("Export fails", "open", NOW)
    assert own.sha256 == hashlib.sha256(own.text.encode()).hexdigest()


def test_each_comment_says_who_stated_it_and_whether_the_customer_saw_it() -> None:
    _, first, second, third = ticket_rows(TICKET)

    assert (first.origin, first.public) == ("stated_by_customer", True)
    assert first.text == "It fails.\n[attachment log.txt] 500"
    assert (second.origin, second.public) == ("stated_by_staff", False)
    assert third.origin == "observed"


def test_a_comment_of_nobody_has_no_author() -> None:
    bare = replace(TICKET, comments=Page((Comment("a", "It fails."),)))
    assert ticket_rows(bare)[1].author is None


def test_what_is_not_there_is_not_listed() -> None:
    bare = Ticket(id="8", subject="Login", created_at=ago(2))
    assert next(rows.ticket_rows(bare, "desk", "")).text == "Ticket 8: Login (created: 2026-11-19T10:00:00Z)"


def test_an_sla_says_whether_it_is_breached_only_where_the_record_does() -> None:
    texts = [ticket_rows(replace(TICKET, sla=Sla("Gold", breached=each)))[0].text for each in (True, False, None)]
    assert ["breached: yes" in texts[0], "breached: no" in texts[1], "breached" in texts[2]] == [True, True, False]


def test_an_account_is_a_row_of_its_fields_and_a_row_for_each_note() -> None:
    account = Account(
        id="acme", name="Acme Corp", arr=840000.0, currency="USD", renewal_date=DAY, is_reference=True, tier="Gold",
        notes=(Note("Asked for a call.", ago(30), "Bo"),),
    )  # fmt: skip
    own, note = rows.account_rows(account, "crm")

    assert own.text == "Acme Corp (tier: Gold; ARR: USD 840,000; renewal: 2026-12-01; reference customer: yes)"
    assert (own.fields["arr"], own.fields["currency"]) == (840000.0, "USD")
    assert (note.id, note.origin, note.public, note.text) == ("A-acme/1", "stated_by_staff", False, "Asked for a call.")


def test_an_account_that_is_no_reference_says_so_and_an_unknown_one_says_nothing() -> None:
    texts = [
        next(rows.account_rows(Account(id="a", name="A", is_reference=each), "crm")).text for each in (False, None)
    ]
    assert texts == ["A (reference customer: no)", "A"]


def test_a_contact_is_a_person_without_ways_to_reach_them() -> None:
    contact = Contact(
        id="c", account="acme", name="Ada", email="ada@acme.example", title="CTO", phone="1", is_primary=True
    )
    assert rows.contact_row(contact, "crm").text == "Ada (title: CTO; account: acme; primary: yes)"


def test_a_deal_tells_its_amount_with_its_currency_and_whether_it_is_open() -> None:
    deal = Deal(id="d", account="acme", name="Renewal", amount=1250.5, currency="EUR", is_open=False, close_date=DAY)
    row = rows.deal_row(deal, "crm")

    assert row.text == "Renewal (account: acme; amount: EUR 1,250.50; close date: 2026-12-01; open: no)"
    assert row.fields["amount"] == 1250.5
    assert "open" not in rows.deal_row(replace(deal, is_open=None), "crm").text


def test_a_message_is_internal_and_stated_by_whoever_wrote_it() -> None:
    message = Message(id="m", channel="#support", at=NOW, text="It is slow.", author=Person("Bo"))
    row = rows.message_row(message, "chat")

    assert (row.id, row.title, row.public, row.origin) == ("M-m", "#support", False, "stated_by_staff")


def test_an_issue_is_a_row_of_fields_and_body_and_a_row_for_each_comment() -> None:
    issue = Issue(
        key="O-1", title="Export fails", created_at=NOW, kind="bug", labels=("api",), body="Since 4.8.", reporter="Bo",
        comments=Page((Comment("a", "Fixed.", NOW, Person("Cy", "engineer")),)),
    )  # fmt: skip
    own, comment = rows.issue_rows(issue, "tracker")

    assert (
        own.text
        == "O-1: Export fails (kind: bug; reporter: Bo; created: 2026-11-19T12:00:00Z; labels: api)\nSince 4.8."
    )
    assert (comment.id, comment.origin) == ("I-O-1/1", "stated_by_staff")
    assert "\n" not in next(rows.issue_rows(replace(issue, body=""), "tracker")).text


def test_an_article_is_a_row_with_its_whole_body() -> None:
    row = rows.article_row(Article(id="k", title="Export", kind="guide", body="1. Open it."), "kb")
    assert row.text == "Export (kind: guide)\n1. Open it."


def test_the_fields_of_a_record_stand_on_one_line_whatever_they_hold() -> None:
    own = ticket_rows(replace(TICKET, status="open\n\nforged: yes"))[0]
    assert "\n" not in own.text


def test_a_text_keeps_what_orders_a_machine_and_title_fields_and_author_do_not() -> None:
    planted = replace(
        TICKET, subject=f"Export fails. {ORDER}", status=f"open {ORDER}",
        comments=Page((Comment("a", f"It fails. {ORDER}", NOW, Person(f"Ada {ORDER}")),)),
        requester=Person(f"Ada. {ORDER}"),
    )  # fmt: skip
    own, comment = ticket_rows(planted)

    assert (own.title, own.fields["status"]) == ("Export fails", "open")
    assert own.text.count(ORDER) == 3
    assert comment.author is not None
    assert (comment.author.name, comment.author.role, comment.origin) == ("Ada", "customer", "stated_by_customer")
    assert ORDER in comment.text


def test_secrets_are_masked_and_what_cannot_be_seen_is_removed() -> None:
    key = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    row = rows.typed(f"My key is {key}, in\u200bvisible", NOW)

    assert key not in row.text
    assert "invisible" in row.text
    assert (row.id, row.origin) == ("R-0", "typed")
    assert rows.hidden_in(["in\u200bvisible", "in\u200bvisible", "plain"]) == ("1 invisible character",)


def test_money_is_written_with_its_currency_and_without_needless_cents() -> None:
    assert [rows.money(840000.0, "USD"), rows.money(0.5, ""), rows.money(None, "USD")] == ["USD 840,000", "0.50", ""]


def test_a_cadence_is_a_row_that_a_deadline_can_cite() -> None:
    cadence = policy.load(None, NAMES).cadence["high"]
    row = rows.cadence_row(cadence, "high", FollowUp(4.0, 8.0))

    assert row.id == "Y-cadence-high"
    assert (row.fields["internal_hours"], row.fields["customer_hours"]) == (4.0, 8.0)
    assert cadence.internal in row.text
