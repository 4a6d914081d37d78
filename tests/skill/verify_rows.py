"""A small company as evidence rows, for the tests of the verifier."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from customer_escalation.brief import Kind, Statement
from customer_escalation.evidence import Author, Evidence, Ledger, Origin, Value
from customer_escalation.verify import check

NOW = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
DANA, RAVI, NILS = Author("Dana Reyes", "customer"), Author("Ravi Shah", "agent"), Author("Nils Berg", "engineer")


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def row(
    row_id: str,
    text: str,
    *,
    author: Author | None = None,
    when: datetime | None = None,
    category: str = "support_platform",
    title: str = "",
    record: str = "",
    public: bool = True,
    origin: Origin | None = None,
    formula: str = "",
    inputs: Iterable[str] = (),
    complete: bool = True,
    **fields: Value,
) -> Evidence:
    """A row whose origin follows from who wrote it."""
    roles: dict[str, Origin] = {
        "customer": "stated_by_customer",
        "agent": "stated_by_staff",
        "engineer": "stated_by_staff",
    }
    return Evidence(
        id=row_id,
        category=category,
        connector="test",
        record=record or row_id.partition("/")[0].partition("-")[2],
        text=text,
        origin=origin or roles.get(author.role if author else "", "observed"),
        at=when,
        author=author,
        title=title,
        fields=fields,
        public=public,
        formula=formula,
        inputs=tuple(inputs),
        complete=complete,
    )


def ledger(*more: Evidence) -> Ledger:
    """A ticket with its thread, its customer, a tracker issue, an article, a chat message, two searches."""
    return Ledger(
        [
            row("R-0", "3 customers of ours report empty exports", origin="typed", category="request", when=NOW),
            row(
                "T-101",
                "Ticket 101: Exports are empty (status: open; priority: high; customer: Acme Corp; SLA breached: no)",
                title="Exports are empty",
                when=at(16, 8),
                customer="Acme Corp",
                created_at=at(16, 8),
                due_at=at(19, 20),
                status="open",
            ),
            row(
                "T-101/1",
                "Our nightly exports have been empty since Monday 16 November. 12 of 40 exports failed with "
                "ERR_EMPTY_FILE on worker 5.2.0, after 30 seconds. We restarted our importer, and it did not help.\n"
                "We pay EUR 1,200.50 a month. Is our data safe?",
                author=DANA,
                when=at(16, 8),
            ),
            row("T-101/2", "We will answer you by tomorrow noon.", author=RAVI, when=at(16, 9)),
            row(
                "T-101/3",
                "It may be the cache. I restarted the export worker.",
                author=NILS,
                when=at(17, 9),
                public=False,
            ),
            row(
                "T-101/4",
                "It is NOT fixed, and nobody told us anything. We need it by Friday.",
                author=DANA,
                when=at(18, 9),
            ),
            row(
                "T-102",
                "Ticket 102: Empty files (status: solved; customer: Beta Ltd)",
                title="Empty files",
                when=at(17, 8),
                customer="Beta Ltd",
                created_at=at(17, 8),
                status="solved",
            ),
            row(
                "A-acme",
                "Acme Corp (tier: Enterprise; ARR: EUR 2,512,000)",
                category="crm",
                title="Acme Corp",
                name="Acme Corp",
                arr=2_512_000,
                currency="EUR",
                renewal_date=at(18, 0, month=12),
            ),
            row(
                "A-beta",
                "Beta Ltd (ARR: USD 90,000)",
                category="crm",
                title="Beta Ltd",
                name="Beta Ltd",
                arr=90_000.0,
                currency="USD",
            ),
            row(
                "D-1",
                "More seats (amount: EUR 100,000)",
                category="crm",
                title="More seats",
                amount=100_000,
                currency="EUR",
                account="acme",
            ),
            row(
                "I-EXP-7",
                "EXP-7: Empty export files (status: In Review; links: 101)",
                category="project_tracker",
                title="Empty export files",
                author=Author("Nils Berg", "engineer"),
                origin="observed",
                when=at(17, 10),
                record="EXP-7",
                status="In Review",
                updated_at=at(17, 10),
            ),
            row(
                "K-empty",
                "Empty exports\nChoose all orders and export again. Wait for 15 minutes.",
                category="knowledge_base",
                title="Empty exports",
            ),
            row(
                "M-1",
                "The fix is PR #77 and waits for Petra Nyman.",
                author=NILS,
                category="chat",
                title="#eng",
                when=at(18, 12),
                public=False,
            ),
            row("S-support_platform", "support platform: read 12 of 12", origin="coverage"),
            row("S-project_tracker", "project tracker: read 3 of 3", origin="coverage", category="project_tracker"),
            row("S-partial", "support platform: read 12 of 90", origin="coverage", complete=False),
            *more,
        ]
    )


def reasons(
    text: str, cites: str, kind: Kind = "observed", formula: str | None = None, *more: Evidence
) -> tuple[str, ...]:
    """Why a statement over the small company is refused."""
    return check(Statement(text, tuple(cites.split()), kind, formula), ledger(*more), NOW)
