"""Request Tracker: canned answers and what they must become, with the search of texts switched off and on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from escalation_connectors.records import Comment, Page, Person, Sla, Ticket
from escalation_connectors.support.request_tracker import VENDOR
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

HOST, RECORD = "https://rt.acme.example", "https://redmine.acme.example/issues/12"
AT, LATER = datetime(2026, 11, 3, 9, tzinfo=UTC), datetime(2026, 11, 3, 10, tzinfo=UTC)
NOT_READ = Page[Comment]((), cut=True)
ANSWERS = canned("support_request_tracker")
FOUND = Ticket(
    id="51842",
    subject="Export misses rows",
    created_at=AT,
    status="open",
    priority="80",
    requester=Person("ines", "customer", "ines@acme.example", "ines@acme.example"),
    assignee="Bo Lind",
    updated_at=LATER,
    tags=("Support",),
    url=f"{HOST}/Ticket/Display.html?id=51842",
    sla=Sla("due", datetime(2026, 11, 4, 9, tzinfo=UTC)),
    comments=NOT_READ,
)
UNOWNED = Ticket(
    id="51850",
    subject="Export misses rows too",
    created_at=datetime(2026, 11, 3, 11, tzinfo=UTC),
    status="new",
    priority="0",
    requester=Person("", "customer"),
    updated_at=datetime(2026, 11, 3, 11, tzinfo=UTC),
    tags=("Support",),
    url=f"{HOST}/Ticket/Display.html?id=51850",
    comments=NOT_READ,
)
SUBJECTS = Page((FOUND, UNOWNED), 2, failed=("request_tracker: only subjects were searched (full_text is off)",))
THREAD = Page(
    (
        Comment("38", "Rows 900 to 1,000 are missing.", AT, Person("ines@acme.example", "customer")),
        Comment("64", "Seen in export_job_77.", LATER, Person("bo", "agent"), False),
    ),
    total=2,
)
WHOLE = replace(FOUND, assignee="bo", tags=(), links=(RECORD, f"{HOST}/REST/2.0/ticket/51850"), comments=THREAD)


def second_page(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "pages": 2, "total": 40}


EXAMPLE = Example(
    vendor=VENDOR,
    settings={"url": HOST, "token": "env:TOKEN"},
    contracts={"rt.acme.example": ("request_tracker",)},
    answers=ANSWERS,
    calls=(
        Call("search", lambda rt: rt.search_tickets("the export misses rows"), SUBJECTS),
        Call("of an account", lambda rt: rt.search_tickets("", account="acme.example", since=AT), SUBJECTS),
        Call("linked", lambda rt: rt.linked_tickets(RECORD), SUBJECTS),
        Call("ticket", lambda rt: rt.get_ticket("51842"), WHOLE),
    ),
    writes=(
        Call("note", lambda rt: rt.add_note("51842", "Escalated.", key="k1"), Receipt("51842")),
        Call("reply", lambda rt: rt.reply("51842", "We are on it.", draft=False, key="k2"), Receipt("51842")),
        Call("update", lambda rt: rt.update("51842", priority="urgent", key="k3"), Receipt("51842")),
    ),
    more={
        "GET /tickets": second_page,
        "GET /ticket/{id}/history": second_page,
        "GET /ticket/{id}/attachments": second_page,
    },
    ids=(lambda rt, each: rt.get_ticket(each),),
    words=(
        lambda rt, words: rt.search_tickets(words),
        lambda rt, words: rt.search_tickets("export", account=words),
        lambda rt, words: rt.linked_tickets(words),
    ),
    spoken=lambda request: request.url.params.get("query", ""),
    faults={
        "expired": (401, {}, {"message": "Unauthorized"}),
        "scope": (403, {}, {"message": "Forbidden"}),
        "missing": (404, {}, {"message": "Not Found"}),
        "refused": (400, {}, {"message": "Unknown field: Bogus at lib/RT/Tickets.pm line 3187.\n"}),
        "down": (500, {}, {"message": "Internal Server Error"}),
    },
)
ALSO = {
    "full_text": replace(
        EXAMPLE,
        settings={**EXAMPLE.settings, "full_text": True},
        answers={"GET /tickets": ANSWERS["GET /tickets"]},
        calls=(Call("search", lambda rt: rt.search_tickets("the export misses rows"), replace(SUBJECTS, failed=())),),
        writes=(),
        more={"GET /tickets": second_page},
        ids=(),
    )
}
