"""Results to render: an escalation rich in detail, one to handle in support, and one that knows nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from customer_escalation.brief import (
    Conflict,
    CustomerCommunication,
    CustomersAffected,
    Deadline,
    Depth,
    EscalationBrief,
    Handling,
    Impact,
    Need,
    NextStep,
    Reason,
    Ref,
    Reproduction,
    Result,
    Revenue,
    SourceReport,
    Statement,
    Stats,
    Supporting,
    TimeInQueue,
    Tried,
    Unsupported,
    Verification,
)
from customer_escalation.evidence import Author, Evidence, Ledger

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)

_LOG = (
    "Application log of orders-api, node 3. "
    + "GET /v2/orders 200 in 41 ms. " * 60
    + 'Then, at 15:02:07, "pool exhausted: 64 of 64 connections in use after 30000 ms", and from there on every fourth '
    + "request fails. "
    + "GET /v2/orders 500 in 30004 ms. " * 60
    + "Restarting the node at 15:40 cleared it for eleven minutes."
)


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def _ticket_rows() -> list[Evidence]:
    def row(number: str, text: str, at: datetime, author: Author, origin: str = "stated_by_customer") -> Evidence:
        return Evidence(
            id=f"T-{number}",
            category="support_platform",
            connector="workspace",
            record=number.partition("/")[0],
            text=text,
            origin="stated_by_staff" if origin == "staff" else "stated_by_customer",
            url=f"https://acme.support.example/tickets/{number.partition('/')[0]}",
            at=at,
            author=author,
            title="API returns 500 intermittently",
        )

    dana = Author("Dana Whitfield", "customer")
    return [
        row("51842", "API returns 500 intermittently; priority high; status open", _at(17, 9), Author("", "system")),
        row(
            "51842/1", "Since Tuesday about one in four order calls fails with a 500. We cannot book.", _at(17, 9), dana
        ),
        row("51842/2", _LOG, _at(17, 16), dana),
        row(
            "51842/3",
            "Our board meets on 27 November. If this is not fixed by then we will leave.",
            _at(20, 8, 30),
            dana,
        ),
        row(
            "51842/4",
            "We restarted node 3; errors came back after 11 minutes.",
            _at(20, 11),
            Author("Ravi", "agent"),
            "staff",
        ),
        row("51842/5", "We are on it and will update you on Friday.", _at(20, 12), Author("Ravi", "agent"), "staff"),
        row("51907", "Same 500s on /v2/orders here.", _at(19, 10), Author("Lee Okafor", "customer")),
    ]


def _other_rows() -> list[Evidence]:
    return [
        Evidence(
            id="R-0",
            category="typed",
            connector="person",
            record="0",
            text="API returning 500 errors intermittently for Acme Corp",
            origin="typed",
            at=NOW,
        ),
        Evidence(
            id="A-12", category="crm", connector="workspace", record="12", text="Acme Corp; ARR 480,000 USD; Enterprise"
        ),
        Evidence(id="A-31", category="crm", connector="workspace", record="31", text="Globex; ARR 96,500 USD; Team"),
        Evidence(
            id="M-88",
            category="chat",
            connector="workspace",
            record="88",
            text="The pool fix is ready, PR 771 waits for Ines since Wednesday.",
            origin="stated_by_staff",
            at=_at(20, 17),
            author=Author("Tomasz", "engineer"),
            public=False,
        ),
        Evidence(
            id="I-ORD-3310",
            category="project_tracker",
            connector="workspace",
            record="ORD-3310",
            text="Connection pool leaks on timeout; status in review",
            url="https://tracker.example/ORD-3310",
            at=_at(18, 13),
        ),
        Evidence(
            id="K-7",
            category="knowledge_base",
            connector="workspace",
            record="7",
            text="Failover of orders-api to region B.",
        ),
        Evidence(
            id="K-9", category="knowledge_base", connector="workspace", record="9", text="Nothing cites this row."
        ),
        Evidence(
            id="S-1",
            category="support_platform",
            connector="workspace",
            record="failover",
            text='searched tickets for "failover": read 100 of 120',
            origin="coverage",
            complete=False,
        ),
    ]


def _ledger() -> Ledger:
    ledger = Ledger([*_other_rows(), *_ticket_rows()])
    ledger.compute("576,500 USD ARR at risk", "A-12.arr + A-31.arr", ["A-12", "A-31"], 576500.0)
    ledger.compute("149 h in queue", "hours(now - T-51842.created_at)", ["T-51842", "R-0"], 149.0)
    return ledger


def _brief() -> EscalationBrief:
    customers = CustomersAffected(2, ("Acme Corp", "Globex"), True, ("T-51842", "T-51907"))
    revenue = Revenue(
        576500.0,
        84000.0,
        "USD",
        {"Acme Corp": {"arr": 480000.0, "pipeline": 84000.0}, "Globex": {"arr": 96500.0, "pipeline": 0.0}},
        ("C-1", "A-12", "A-31"),
    )
    return EscalationBrief(
        title=Statement(
            "orders-api answers 500 to one call in four for Acme Corp and Globex", ("T-51842/1", "T-51907")
        ),
        reported_by="Support, Northwind Cloud",
        date="2026-11-23",
        impact=Impact(
            customers,
            Statement("Acme Corp cannot book orders", ("T-51842/1",), "stated_by_customer"),
            revenue,
            TimeInQueue(_at(17, 9), 149.0, ("C-2",)),
            (Statement("The SLA target of 72 h passed 77 h ago", ("C-2",), "derived", "149 - 72 = 77"),),
            Depth("blocked", ("T-51842/1",)),
        ),
        description=(
            Statement("About one in four calls to /v2/orders fails with a 500", ("T-51842/1",), "stated_by_customer"),
            Statement(
                'The log shows "pool exhausted: 64 of 64 connections in use after 30000 ms"', ("T-51842/2",), "observed"
            ),
            Statement("A leak of connections on timeout would explain it", ("I-ORD-3310",), "hypothesis"),
        ),
        tried=(
            Tried("Restarted node 3", "errors came back after 11 minutes", ("T-51842/4",)),
            Tried("Asked for a trace", "", ("T-51842/5",)),
        ),
        reproduction=_reproduction(),
        customer_communication=CustomerCommunication(
            Statement("20 Nov: told that an update comes on Friday", ("T-51842/5",), "stated_by_staff"),
            Statement("A fix by 27 November", ("T-51842/3",), "stated_by_customer"),
            Statement("Says they will leave if it is not fixed by then", ("T-51842/3",), "stated_by_customer"),
        ),
        needed=(
            Need("fix", "Fix the connection leak in orders-api", ("I-ORD-3310",)),
            Need("approve", "Ines to review PR 771", ("M-88",)),
        ),
        deadline=Deadline(_at(27, 9), "the customer's board meets that day", ("T-51842/3",)),
        supporting=Supporting(
            (Ref("T-51842", "API returns 500", "https://acme.support.example/tickets/51842", ("T-51842",)),),
            (Ref("M-88", "#orders: pool fix", None, ("M-88",)),),
            (
                Ref(
                    "I-ORD-3310", "Connection pool leaks (timeout)", "https://tracker.example/ORD-3310", ("I-ORD-3310",)
                ),
            ),
        ),
        insights=(
            Statement("The update promised for Friday never came", ("T-51842/5",), "absence"),
            Statement("The fix has waited for a review since Wednesday", ("M-88",), "derived", "now - M-88.at = 69 h"),
        ),
    )


def _reproduction() -> Reproduction:
    return Reproduction(
        preconditions=(Statement("An account on plan Enterprise", ("A-12",)),),
        steps=(
            Statement("Send GET /v2/orders?limit=200 forty times in a minute", ("T-51842/2",), "stated_by_customer"),
            Statement("Watch the answers", ("T-51842/2",), "stated_by_customer"),
        ),
        expected=Statement("200 each time", ("T-51842/1",)),
        actual=Statement("500 after 30,004 ms, one call in four", ("T-51842/2",)),
        environment={"service": "orders-api", "node": "3"},
        ruled_out=(Statement("Not one node: it came back after a restart", ("T-51842/4",), "stated_by_staff"),),
        cites=("T-51842/2",),
        missing=("the request id of one failed call", "the version of orders-api"),
        evidence=(Statement("Log of node 3", ("T-51842/2",)),),
        notes=(Statement("Frequency is the customer's own count", ("T-51842/1",)),),
    )


def escalation() -> Result:
    """An escalation with nearly everything in it."""
    return Result(
        issue="API returning 500 errors intermittently for Acme Corp",
        customer="Acme Corp",
        now=NOW,
        planner="rules",
        model=None,
        decision="escalate",
        reasons=(
            Reason("impact.multiple_customers", True, "2 distinct customers report it", ("T-51842", "T-51907")),
            Reason("time.beyond_sla", True, "Open for 149 h against a target of 72 h", ("C-2",), "149 > 72"),
            Reason("pattern.three_customers", False, "2 customers, 3 would make it a pattern", ("T-51842", "T-51907")),
            Reason("handle.known_workaround", False, "No workaround is documented", ("S-1",)),
        ),
        severity="high",
        target="engineering",
        also_inform=("leadership",),
        brief=_brief(),
        handling=None,
        unknown=("Request id: no ticket holds one", "Reputation: no record says whether Acme Corp is a reference"),
        conflicts=(
            Conflict("Dana says it began on Tuesday; ORD-3310 was filed for Wednesday", ("T-51842/1", "I-ORD-3310")),
        ),
        evidence=_ledger(),
        verification=Verification(
            31, 30, (Unsupported("brief.tried[1].step", "Asked for a trace", "no comment says so"),)
        ),
        next_steps=(
            NextStep(
                "n1",
                "post_to_chat",
                "Post the brief to engineering",
                "#eng-escalations",
                "orders-api answers 500\n\n- Acme Corp, Globex\n# not a heading",
                "Want me to post this in #eng-escalations for the target team?",
            ),
            NextStep(
                "n2", "reply_to_customer", "Send an interim response", "", "Hi Dana,\nwe are still on it.\n\nRavi"
            ),
        ),
        sources=(
            SourceReport("support_platform", "workspace", "ok", 100, None, "read 100 of 120"),
            SourceReport("crm", "workspace", "ok", 1),
            SourceReport("chat", "slack", "failed", 12, "the token has expired"),
            SourceReport("project_tracker", "workspace", "empty", 0),
            SourceReport("knowledge_base", "", "not_connected", 0),
        ),
        notes=("Read from the bundled sample company: no workspace was given",),
        stats=Stats(wall_ms=812),
    )


def handled() -> Result:
    """A known issue with a workaround: the answer is how to handle it."""
    rows = [
        Evidence(
            id="R-0", category="typed", connector="person", record="0", text="Cannot export to XLSX", origin="typed"
        ),
        Evidence(
            id="K-4",
            category="knowledge_base",
            connector="workspace",
            record="4",
            text="Exports above 50,000 rows: choose CSV, or split by month.",
            title="Large exports",
            url="https://help.example/large-exports",
        ),
        Evidence(
            id="T-7", category="support_platform", connector="workspace", record="7", text="XLSX export times out"
        ),
    ]
    base = unknown()
    return replace(
        base,
        issue="Cannot export to XLSX",
        decision="handle_in_support",
        severity=None,
        target=None,
        reasons=(
            Reason("handle.known_workaround", True, "An article documents the workaround", ("K-4",)),
            Reason("technical.bug_confirmed", False, "Nobody confirmed a bug", ("T-7",)),
        ),
        brief=replace(
            base.brief,
            title=Statement("XLSX export times out above 50,000 rows", ("T-7",)),
            reported_by="Support",
            impact=Impact(
                CustomersAffected(1, ("Initech",), False, ("T-7",), "One customer, Initech"),
                Statement("Monthly report has to be split", ("T-7",), "stated_by_customer"),
            ),
            description=(Statement("The export stops at 50,000 rows", ("K-4",)),),
            reproduction=None,
        ),
        handling=Handling(
            (
                Statement("Export as CSV, or split the range by month", ("K-4",)),
                Statement("Tell Initech why: the limit is documented", ("K-4",)),
            ),
            (Ref("K-4", "Large exports", "https://help.example/large-exports", ("K-4",)),),
        ),
        unknown=("Revenue: no CRM record for Initech",),
        evidence=Ledger(rows),
        verification=Verification(8, 8),
        sources=(SourceReport("knowledge_base", "workspace", "ok", 1), SourceReport("crm", "workspace", "empty", 0)),
    )


def unknown() -> Result:
    """An escalation about which nothing but the issue is known."""
    typed = Evidence(id="R-0", category="typed", connector="person", record="0", text="It is broken", origin="typed")
    return Result(
        issue="It is broken",
        customer=None,
        now=NOW,
        planner="rules",
        model=None,
        decision="escalate",
        reasons=(),
        severity="medium",
        target="l2_support",
        also_inform=(),
        brief=EscalationBrief(
            title=Statement("It is broken", ("R-0",)),
            reported_by="",
            date="2026-11-23",
            impact=Impact(CustomersAffected(0), Statement("", kind="absence")),
            description=(),
            tried=(),
            reproduction=Reproduction(missing=("exact steps were never recorded",)),
            customer_communication=CustomerCommunication(),
            needed=(),
            deadline=None,
            supporting=Supporting(),
        ),
        handling=None,
        unknown=("Revenue: no customer is named",),
        conflicts=(),
        evidence=Ledger([typed]),
        verification=Verification(0, 0),
        next_steps=(),
        sources=(),
    )
