"""Freshdesk: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from escalation_connectors.records import Attachment, Comment, Page, Person, Sla, Ticket
from escalation_connectors.support.freshdesk import VENDOR
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

INES, AGENT = Person("Ines Okafor", "customer", "ines@acme.example", "11"), Person("", "agent", "", "12")
AT, DUE = datetime(2026, 11, 3, 9, tzinfo=UTC), datetime(2026, 11, 3, 13, tzinfo=UTC)
FIRST = Comment("description", "Rows 900 to 1,000 are missing in <job_77>.", AT, INES)
FOUND = Ticket(
    id="51842",
    subject="Export misses rows",
    created_at=AT,
    status="open",
    priority="high",
    requester=INES,
    account="Acme Corp",
    assignee="12",
    updated_at=datetime(2026, 11, 3, 10, tzinfo=UTC),
    tags=("export",),
    channel="email",
    url="https://acme.freshdesk.com/a/tickets/51842",
    sla=Sla("resolution", DUE, breached=True),
    comments=Page((FIRST,), cut=True),
)
OTHER = replace(
    FOUND,
    id="51001",
    subject="Cannot sign in, see ENG-12",
    created_at=datetime(2026, 11, 2, 9, tzinfo=UTC),
    status="closed",
    account="",
    tags=(),
    url="https://acme.freshdesk.com/a/tickets/51001",
    sla=None,
    comments=Page(
        (Comment("description", "Single sign-on fails.", datetime(2026, 11, 2, 9, tzinfo=UTC), INES),), cut=True
    ),
)
THREAD = (
    FIRST,
    Comment("1", "Seen in export_job_77.", datetime(2026, 11, 3, 10, tzinfo=UTC), AGENT, False,
            (Attachment("job.log", "https://cdn.freshdesk.com/job.log"),)),
    Comment("2", "Please try again.", datetime(2026, 11, 3, 10, 5, tzinfo=UTC), AGENT),
    Comment("3", "It came again.", datetime(2026, 11, 3, 10, 10, tzinfo=UTC), INES),
)  # fmt: skip


def second_page(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "headers": {"link": '<https://acme.freshdesk.com/api/v2/tickets?page=2>; rel="next"'}}


def second_page_of_conversations(answer: dict[str, Any]) -> dict[str, Any]:
    link = '<https://acme.freshdesk.com/api/v2/tickets/51842/conversations?page=2>; rel="next"'
    return {**answer, "headers": {"link": link}}


EXAMPLE = Example(
    vendor=VENDOR,
    settings={"url": "https://acme.freshdesk.com", "token": "env:TOKEN"},
    contracts={"acme.freshdesk.com": ("freshdesk_tickets",)},
    answers=canned("support_freshdesk"),
    calls=(
        Call("search", lambda freshdesk: freshdesk.search_tickets("the export misses rows"), Page((FOUND,), total=1)),
        Call("account", lambda freshdesk: freshdesk.search_tickets("", account="Acme Corp"), Page((FOUND, OTHER), 2)),
        Call("since", lambda freshdesk: freshdesk.search_tickets("", since=AT), Page((FOUND,), total=1)),
        Call("linked", lambda freshdesk: freshdesk.linked_tickets("https://x.example/ENG-12"), Page((OTHER,), 1)),
        Call("linked to another", lambda freshdesk: freshdesk.linked_tickets("ENG-1"), Page((), 0)),
        Call(
            "ticket",
            lambda freshdesk: freshdesk.get_ticket("51842"),
            replace(FOUND, sla=Sla("Gold: resolution", DUE, breached=True), comments=Page(THREAD, total=4)),
        ),
    ),
    writes=(
        Call("note", lambda freshdesk: freshdesk.add_note("51842", "Escalated.", key="k1"), Receipt("9001")),
        Call("reply", lambda freshdesk: freshdesk.reply("51842", "On it.", draft=False, key="k2"), Receipt("9002")),
        Call(
            "update",
            lambda freshdesk: freshdesk.update("51842", tags=["escalated"], priority="urgent", key="k3"),
            Receipt("51842"),
        ),
    ),
    more={"GET /tickets": second_page, "GET /tickets/{ticket_id}/conversations": second_page_of_conversations},
    ids=(lambda freshdesk, each: freshdesk.get_ticket(each),),
    words=(
        lambda freshdesk, words: freshdesk.search_tickets(words),
        lambda freshdesk, words: freshdesk.search_tickets("export", account=words),
        lambda freshdesk, words: freshdesk.linked_tickets(words),
    ),
    faults={
        "expired": (401, {}, {"code": "invalid_credentials", "message": "You have to be logged in"}),
        "scope": (403, {}, {"code": "access_denied", "message": "You are not authorized"}),
        "limited": (429, {"retry-after": "1"}, {"message": "You have exceeded the limit of requests per hour"}),
        "refused": (400, {}, {"description": "Validation failed", "errors": [{"field": "include", "code": "x"}]}),
    },
)
