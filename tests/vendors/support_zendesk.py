"""Zendesk: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from escalation_connectors.records import Attachment, Comment, Page, Person, Sla, Ticket
from escalation_connectors.support.zendesk import VENDOR
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

LOG = "https://acme.zendesk.com/attachments/token/x/?name=job.log"
INES = Person("Ines Okafor", "customer", "ines@acme.example", "11")
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
FOUND = Ticket(
    id="51842",
    subject="Export misses rows",
    created_at=AT,
    status="open",
    priority="high",
    requester=INES,
    account="Acme Corp",
    assignee="Bo Lind",
    updated_at=datetime(2026, 11, 3, 10, tzinfo=UTC),
    tags=("export",),
    channel="email",
    url="https://acme.zendesk.com/agent/tickets/51842",
    satisfaction="bad",
    links=("51001", "51900"),
    comments=Page((Comment("description", "Rows 900 to 1,000 are missing.", AT, INES),), cut=True),
)
THREAD = Page(
    (
        Comment("1", "Rows 900 to 1,000 are missing.", AT, INES),
        Comment("2", "Seen in export_job_77.", datetime(2026, 11, 3, 10, tzinfo=UTC),
                Person("Bo Lind", "agent", "bo@vendor.example", "12"), False,
                (Attachment("job.log", LOG),)),
    ),
    total=2,
)  # fmt: skip
EXAMPLE = Example(
    vendor=VENDOR,
    settings={"url": "https://acme.zendesk.com", "token": "env:TOKEN"},
    contracts={"acme.zendesk.com": ("zendesk_support",)},
    answers=canned("support_zendesk"),
    calls=(
        Call("search", lambda zendesk: zendesk.search_tickets("the export misses rows"), Page((FOUND,), total=1)),
        Call("linked", lambda zendesk: zendesk.linked_tickets("ENG-12"), Page((FOUND,), total=1)),
        Call(
            "ticket",
            lambda zendesk: zendesk.get_ticket("51842"),
            replace(FOUND, comments=THREAD, sla=Sla("next_reply_time", datetime(2026, 11, 3, 13, tzinfo=UTC))),
        ),
    ),
    writes=(
        Call("note", lambda zendesk: zendesk.add_note("51842", "Escalated.", key="k1"), Receipt("9001")),
        Call("reply", lambda zendesk: zendesk.reply("51842", "We are on it.", draft=False, key="k2"), Receipt("9001")),
        Call("update", lambda z: z.update("51842", tags=["escalated"], priority="urgent", key="k3"), Receipt("9001")),
    ),
    more={
        "GET /api/v2/search": lambda answer: {
            **answer,
            "next_page": "https://acme.zendesk.com/api/v2/search?page=2&query=x",
        },
        "GET /api/v2/tickets/{ticket_id}/comments": lambda answer: {
            **answer,
            "meta": {"has_more": True, "after_cursor": "c2"},
        },
    },
    ids=(lambda zendesk, each: zendesk.get_ticket(each),),
    words=(
        lambda zendesk, words: zendesk.search_tickets(words),
        lambda zendesk, words: zendesk.search_tickets("export", account=words),
        lambda zendesk, words: zendesk.linked_tickets(words),
    ),
    spoken=lambda request: request.url.params.get("query", ""),
    faults={
        "expired": (401, {}, {"error": "Couldn't authenticate you"}),
        "scope": (403, {}, {"error": "Forbidden", "description": "Missing the required scope"}),
        "limited": (429, {"retry-after": "3600"}, {"error": "APIRateLimitExceeded"}),
        "missing": (404, {}, {"error": "RecordNotFound", "description": "Not found"}),
        "refused": (422, {}, {"error": "Unprocessable Entity"}),
        "down": (503, {"retry-after": "3600"}, {"error": "ServiceUnavailable"}),
    },
)
