"""Help Scout: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx2

from escalation_connectors.records import Comment, Page, Person, Ticket
from escalation_connectors.support.helpscout import VENDOR
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

INES = Person("Ines Okafor", "customer", "ines@acme.example", "11")
BO = Person("Bo Lind", "agent", "bo@vendor.example", "12")
URL = "https://secure.helpscout.net/conversation/51842"
FOUND = Ticket(
    id="51842",
    subject="Export misses rows",
    created_at=datetime(2026, 11, 3, 9, tzinfo=UTC),
    status="closed",
    requester=INES,
    assignee="Bo Lind",
    updated_at=datetime(2026, 11, 3, 10, tzinfo=UTC),
    tags=("export",),
    channel="email",
    url=URL,
    comments=Page(
        (
            Comment("1", "Rows 900 to 1,000 are missing: export_job_77", datetime(2026, 11, 3, 9, tzinfo=UTC), INES),
            Comment("2", "Seen in the log.", datetime(2026, 11, 3, 10, tzinfo=UTC), BO, public=False),
        ),
        total=2,
    ),
)
DONE = Receipt("51842", URL)

EXAMPLE = Example(
    vendor=VENDOR,
    settings={"client_id": "c", "client_secret": "env:TOKEN"},
    contracts={"api.helpscout.net": ("helpscout",)},
    answers={
        **canned("support_helpscout"),
        "POST /conversations/{id}/notes": httpx2.Response(201),
        "POST /conversations/{id}/reply": httpx2.Response(201),
        "PUT /conversations/{id}/tags": httpx2.Response(204),
        "PATCH /conversations/{id}": httpx2.Response(204),
    },
    calls=(
        Call("search", lambda desk: desk.search_tickets("the export misses rows"), Page((FOUND,), total=1)),
        Call("linked", lambda desk: desk.linked_tickets("https://jira.example/browse/ENG-12"), Page((FOUND,), total=1)),
        Call("ticket", lambda desk: desk.get_ticket("51842"), FOUND),
    ),
    writes=(
        Call("note", lambda desk: desk.add_note("51842", "Escalated.", key="k1"), DONE),
        Call("reply", lambda desk: desk.reply("51842", "We are on it.", draft=False, key="k2"), DONE),
        Call("draft", lambda desk: desk.reply("51842", "We are on it.", draft=True, key="k3"), DONE),
        Call("update", lambda desk: desk.update("51842", tags=["escalated"], key="k4"), DONE),
        Call("status", lambda desk: desk.update("51842", status="solved", key="k5"), DONE),
    ),
    more={"GET /conversations": lambda answer: {**answer, "page": {"number": 1, "totalPages": 9, "totalElements": 9}}},
    ids=(lambda desk, each: desk.get_ticket(each),),
    words=(
        lambda desk, words: desk.search_tickets(words),
        lambda desk, words: desk.search_tickets("export", account=words),
        lambda desk, words: desk.linked_tickets(words),
    ),
    spoken=lambda request: request.url.params.get("query", ""),
    faults={
        "limited": (429, {"x-ratelimit-retry-after": "3"}, {"message": "Too many requests"}),
        "scope": (403, {}, {"message": "Forbidden"}),
    },
)
