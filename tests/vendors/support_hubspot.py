"""HubSpot Service Hub: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from escalation_connectors.records import Attachment, Comment, Page, Person, Ticket
from escalation_connectors.support.hubspot import VENDOR
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

TICKETS, ONE = "POST /crm/objects/2026-03/tickets/search", "GET /crm/objects/2026-03/tickets/{ticketId}"
MAILS, COMPANIES = "POST /crm/objects/2026-03/emails/search", "POST /crm/objects/2026-03/companies/search"
MESSAGES = "/conversations/v3/conversations/threads/{threadId}/messages"
ANSWERS = canned("support_hubspot")
AT, LATER = datetime(2026, 11, 3, 9, tzinfo=UTC), datetime(2026, 11, 3, 10, tzinfo=UTC)
INES = Person("Ines Okafor", "customer", "ines@acme.example", "501")
BO = Person("Bo Lind", "agent", "", "A-12")
NOTE = Comment("note-801", "Seen in export_job_77.", LATER, Person("", "agent", "", "77"), False)
FOUND = Ticket(
    id="601",
    subject="Export misses rows",
    created_at=AT,
    status="Waiting on us",
    priority="high",
    account="Acme Corp",
    assignee="77",
    updated_at=LATER,
    tags=("PRODUCT_ISSUE", "EXPORT"),
    channel="email",
    url="https://app.hubspot.com/contacts/1/record/0-5/601",
    comments=Page((Comment("description", "Rows 900 to 1,000 are missing.", AT),), cut=True),
)
MAIL, QUOTING = "ines@acme.example", "Rows 900 to 1,000\nare missing.\n\n> Sent from my phone"
NEWS = (
    Comment("email-901", "Are there news?", datetime(2026, 11, 3, 9, 10, tzinfo=UTC), replace(INES, id="")),
    Comment(
        "email-902", "Not yet.", datetime(2026, 11, 3, 9, 20, tzinfo=UTC),
        Person("bo@vendor.example", "agent", "bo@vendor.example"),
    ),
)  # fmt: skip
THREAD = Page(
    (
        Comment(
            "m1", "Rows 900 to 1,000 are missing.", AT, replace(INES, id="V-501"), True,
            (Attachment("job.log", "https://files.example/job.log"),),
        ),
        *NEWS,
        Comment("m3", "We are on it.", datetime(2026, 11, 3, 9, 30, tzinfo=UTC), BO),
        Comment("m4", "Ask engineering.", datetime(2026, 11, 3, 9, 40, tzinfo=UTC), BO, False),
        NOTE,
    ),
    total=6,
)  # fmt: skip


def second_page(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "total": 700, "paging": {"next": {"after": "200"}}}


def without_conversation() -> dict[str, object]:
    """A ticket that did not begin as a conversation."""
    ticket: Any = ANSWERS[ONE]
    own = {name: each for name, each in ticket["properties"].items() if "thread" not in name}
    unread = {TICKETS, COMPANIES, "GET " + MESSAGES}
    asked = {key: each for key, each in ANSWERS.items() if key.startswith("GET") or key.endswith("search")}
    return {key: each for key, each in asked.items() if key not in unread} | {ONE: {**ticket, "properties": own}}


EXAMPLE = Example(
    vendor=VENDOR,
    settings={"token": "env:TOKEN", "sender": "A-12"},
    contracts={"api.hubapi.com": ("hubspot",)},
    answers=ANSWERS,
    calls=(
        Call("search", lambda hubspot: hubspot.search_tickets("the export misses rows"), Page((FOUND,), 1)),
        Call(
            "narrowed",
            lambda hubspot: hubspot.search_tickets("export", account="acme corp", since=AT),
            Page((FOUND,), 1),
        ),
        Call("of a company", lambda hubspot: hubspot.search_tickets("", account="9001"), Page((FOUND,), 1)),
        Call("linked", lambda hubspot: hubspot.linked_tickets("ENG-12"), Page((FOUND,), 1)),
        Call("ticket", lambda hubspot: hubspot.get_ticket("601"), replace(FOUND, requester=INES, comments=THREAD)),
    ),
    writes=(
        Call("note", lambda hubspot: hubspot.add_note("601", "<b>Escalated.", key="k1"), Receipt("802")),
        Call("reply", lambda hubspot: hubspot.reply("601", "We found it.", draft=False, key="k2"), Receipt("m5")),
        Call("update", lambda hubspot: hubspot.update("601", priority="urgent", key="k3"), Receipt("601", FOUND.url)),
    ),
    more={
        TICKETS: second_page,
        "POST /crm/objects/2026-03/notes/search": second_page,
        "GET " + MESSAGES: lambda answer: {**answer, "paging": {"next": {"after": "n2"}}},
    },
    ids=(lambda hubspot, each: hubspot.get_ticket(each),),
    words=(
        lambda hubspot, words: hubspot.search_tickets(words),
        lambda hubspot, words: hubspot.search_tickets("export", account=words),
        lambda hubspot, words: hubspot.linked_tickets(words),
    ),
    faults={
        "missing": (404, {}, {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "", "correlationId": "1"}),
        "limited": (429, {}, {"status": "error", "errorType": "RATE_LIMIT", "policyName": "SECONDLY", "message": ""}),
    },
)
ALSO = {
    "without_a_conversation": replace(
        EXAMPLE,
        answers=without_conversation(),
        calls=(
            Call(
                "ticket",
                lambda hubspot: hubspot.get_ticket("601"),
                replace(
                    FOUND,
                    requester=INES,
                    comments=Page(
                        (
                            replace(FOUND.comments.items[0], author=INES),
                            Comment("email-900", QUOTING, AT, Person(MAIL, "customer", MAIL)),
                            *NEWS,
                            NOTE,
                        ),
                        total=5,
                    ),
                ),
            ),
        ),
        writes=(),
        more={MAILS: second_page},
        words=(),
        faults={},
    )
}  # fmt: skip
