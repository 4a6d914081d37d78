"""A small company in memory, behind sources with trouble of choice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from customer_escalation import policy, workflow
from customer_escalation.brief import Result, SourceReport
from customer_escalation.findings import NAMES
from customer_escalation.profile import Profile
from customer_escalation.settings import Setting
from escalation_connectors.fakes import CALM, FakeChat, FakeCRM, FakeKnowledge, FakeSupport, FakeTracker, Trouble
from escalation_connectors.records import (
    Account,
    Article,
    Category,
    Comment,
    Contact,
    Deal,
    Issue,
    Message,
    Page,
    Person,
    Ticket,
)
from escalation_connectors.sources import Sources

NOW = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
ISSUE = "Export of orders fails with error 500 for Acme Corp"


def ago(hours: float) -> datetime:
    """This many hours before the run."""
    return NOW - timedelta(hours=hours)


def comment(text: str, hours: float, role: str = "customer", name: str = "Ada Lund") -> Comment:
    """One message of a thread."""
    return Comment("1", text, ago(hours), Person(name, "agent" if role == "agent" else "customer"))


TICKET = Ticket(
    id="101",
    subject="Export of orders fails with error 500",
    created_at=ago(20),
    status="open",
    requester=Person("Ada Lund", "customer", "ada@acme.example"),
    account="acme",
    links=("ORD-1", "77"),
    comments=Page((comment("The export of orders fails with error 500 since this morning. We are blocked.", 20),), 1),
)
OTHER = Ticket(
    id="102",
    subject="Orders export fails: error 500",
    created_at=ago(10),
    status="open",
    requester=Person("Bo Ek", "customer", "bo@borg.example"),
    account="borg",
    comments=Page((comment("Our export of orders fails with error 500 as well.", 10, name="Bo Ek"),), 1),
)
ACCOUNTS = (
    Account(id="acme", name="Acme Corp", domain="acme.example", arr=120000.0, currency="USD", tier="Enterprise"),
    Account(id="borg", name="Borg AB", domain="borg.example", arr=40000.0, currency="USD"),
)
TRACKED = Issue(
    key="ORD-1", title="Export fails with 500", created_at=ago(9), kind="bug", status="open", links=("101",)
)
SAID = Message(id="m1", channel="#support", at=ago(8), text="101: the export fails with error 500", thread="m1")
ARTICLE = Article(id="kb-export", title="Export of orders", body="How to export orders.", kind="guide")


def company(everywhere: Trouble = CALM, **trouble: Trouble) -> Sources:
    """The company's five sources, with the same trouble everywhere, or another one for support, crm, chat ..."""

    def of(name: str) -> Trouble:
        return trouble.get(name, everywhere)

    return Sources(
        support=FakeSupport((TICKET, OTHER), accounts=ACCOUNTS, trouble=of("support")),
        crm=FakeCRM(
            ACCOUNTS,
            (Contact(id="c1", account="acme", name="Ada Lund"),),
            (Deal(id="d1", account="acme", name="Renewal", amount=9000.0, currency="USD", is_open=True),),
            trouble=of("crm"),
        ),
        chat=FakeChat((SAID,), trouble=of("chat")),
        tracker=FakeTracker((TRACKED,), trouble=of("tracker")),
        knowledge=FakeKnowledge((ARTICLE,), trouble=of("knowledge")),
    )


def setting_over(sources: Sources, deadline_s: float = 30.0) -> Setting:
    """The default policy over these sources."""
    return Setting(
        sources=sources,
        profile=Profile(company="Larkfield", timezone=ZoneInfo("UTC")),
        policy=policy.load(None, NAMES),
        left_out={},
        is_sample=False,
        name="Larkfield",
        close=_nothing,
        deadline_s=deadline_s,
    )


def _nothing() -> None:
    return None


async def brief_over(
    sources: Sources, deadline_s: float = 30.0, report: Callable[[str, str], None] | None = None
) -> Result:
    """The result of a run over these sources, without what it cost."""
    request, setting = workflow.Request(ISSUE, NOW), setting_over(sources, deadline_s)
    result = await workflow.escalate(request, setting, report or workflow.quiet)
    return replace(result, stats=replace(result.stats, wall_ms=0))


def report_of(result: Result, category: Category) -> SourceReport:
    """What became of one source."""
    return next(report for report in result.sources if report.category == category)
