"""A small draft whose every line is supported, for tests that put sentences into it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from customer_escalation.brief import Need, NextStep, Result, Statement
from customer_escalation.evidence import Author, Evidence, Ledger
from customer_escalation.submit import Submission
from customer_escalation.verify import verify
from tests.skill import render_samples as samples

AT = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)


def row(evidence_id: str, text: str, origin: Any, author: Author | None = None, **more: Any) -> Evidence:
    return Evidence(
        id=evidence_id, category="support_platform", connector="workspace", record="1", text=text, origin=origin,
        at=AT, author=author, **more,
    )  # fmt: skip


def draft() -> Result:
    """A draft of five rows, each of whose lines is supported."""
    dana, ravi = Author("Dana Reyes", "customer"), Author("Ravi Shah", "agent")
    ledger = Ledger(
        [
            row("R-0", "Exports are empty at Acme Corp", "typed"),
            row(
                "T-1",
                "Ticket 1: Exports are empty (status: open; customer: Acme Corp)",
                "observed",
                title="Exports are empty",
            ),
            row(
                "T-1/1",
                "Our nightly exports are empty since Monday. 12 of 40 exports failed.",
                "stated_by_customer",
                dana,
            ),
            row("T-1/2", "I restarted the export worker; the next export was empty again.", "stated_by_staff", ravi),
            row("T-1/3", "We need a fix before the audit on 27 November.", "stated_by_customer", dana),
        ]
    )
    base = samples.unknown()
    empty = Statement("Dana Reyes: “Our nightly exports are empty”", ("T-1/1",), "stated_by_customer")
    brief = replace(
        base.brief,
        title=Statement("Exports are empty", ("T-1",)),
        impact=replace(base.brief.impact, workflow_impact=empty),
        description=tuple(
            Statement(text, (cite,), "stated_by_customer" if cite != "T-1/2" else "stated_by_staff")
            for text, cite in (
                ("Our nightly exports are empty since Monday.", "T-1/1"),
                ("I restarted the export worker; the next export was empty again.", "T-1/2"),
                ("We need a fix before the audit on 27 November.", "T-1/3"),
            )
        ),
        needed=(Need("investigate", "Investigate why exports are empty", ("T-1",)),),
        insights=(Statement("12 of 40 exports failed", ("T-1/1",), "stated_by_customer"),),
    )  # fmt: skip
    steps = (
        NextStep("n1", "post_to_chat", "Post", "#eng", "Exports are empty\nWe need: Investigate why exports are empty"),
        NextStep("n2", "reply_to_customer", "Reply", "ticket 1", "Hello Dana, about “Exports are empty”."),
    )
    result = replace(base, brief=brief, evidence=ledger, next_steps=steps)
    return replace(result, verification=verify(result))


def reasons(submission: Submission) -> list[str]:
    return [" / ".join(refusal.reasons) for refusal in submission.refused]
