"""Intercom: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from escalation_connectors.records import Attachment, Comment, Page, Person, Sla, Ticket
from escalation_connectors.support.intercom import VENDOR
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

LOG = "https://downloads.intercomcdn.com/i/o/1/job.log"
INES = Person("Ines Okafor", "customer", "ines@acme.example", "11")
BO = Person("Bo Lind", "agent", "bo@vendor.example", "12")
FIN = Person("Fin", "system", "operator+ian@intercom.io", "99")
AT = datetime.fromtimestamp(1793696400, UTC)
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
    updated_at=datetime.fromtimestamp(1793700000, UTC),
    tags=("export",),
    channel="email",
    sla=Sla("First answer in 4 hours", breached=True),
    satisfaction="2",
    links=("51001",),
    comments=Page((FIRST,), cut=True),
)
THREAD = (
    FIRST,
    Comment("1", "Have you tried again?", datetime.fromtimestamp(1793696460, UTC), FIN),
    Comment("3", "Seen in export_job_77.", datetime.fromtimestamp(1793700000, UTC), BO, False,
            (Attachment("job.log", LOG),)),
    Comment("4", "Please tell us if it comes again.", datetime.fromtimestamp(1793700060, UTC), BO),
    Comment("5", "It came again.", datetime.fromtimestamp(1793703600, UTC), INES),
)  # fmt: skip
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
EXAMPLE = Example(
    vendor=VENDOR,
    settings={"token": "env:TOKEN", "admin_id": 12},
    contracts={"api.intercom.io": ("intercom_2.15",)},
    answers=canned("support_intercom"),
    calls=(
        Call("search", lambda intercom: intercom.search_tickets("the export misses rows"), Page((FOUND,), total=1)),
        Call(
            "account",
            lambda intercom: intercom.search_tickets("export misses", account="Acme Corp", since=SINCE),
            Page((FOUND,), total=1),
        ),
        Call("linked", lambda intercom: intercom.linked_tickets("ENG-12"), Page((FOUND,), total=1)),
        Call(
            "ticket",
            lambda intercom: intercom.get_ticket("51842"),
            replace(FOUND, assignee="Bo Lind", comments=Page(THREAD, total=5)),
        ),
    ),
    writes=(
        Call("note", lambda intercom: intercom.add_note("51842", "Escalated.", key="k1"), Receipt("9001")),
        Call("reply", lambda intercom: intercom.reply("51842", "On it.", draft=False, key="k2"), Receipt("9001")),
        Call("update", lambda intercom: intercom.update("51842", tags=["escalated"], key="k3"), Receipt("51842")),
        Call("status", lambda intercom: intercom.update("51842", status="solved", key="k4"), Receipt("51842")),
    ),
    more={
        "POST /conversations/search": lambda answer: {
            **answer,
            "total_count": 40,
            "pages": {"type": "pages", "next": {"per_page": 20, "starting_after": "c2"}},
        },
    },
    ids=(lambda intercom, each: intercom.get_ticket(each),),
    words=(
        lambda intercom, words: intercom.search_tickets(words),
        lambda intercom, words: intercom.search_tickets("export", account=words),
        lambda intercom, words: intercom.linked_tickets(words),
    ),
    faults={
        "expired": (401, {}, {"type": "error.list", "errors": [{"code": "unauthorized", "message": "no token"}]}),
        "scope": (403, {}, {"type": "error.list", "errors": [{"code": "api_plan_restricted", "message": "no plan"}]}),
        "limited": (429, {}, {"type": "error.list", "errors": [{"code": "rate_limit_exceeded", "message": "wait"}]}),
    },
)
