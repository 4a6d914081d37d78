"""What is told as sure to come, and when it is due, must be so in the cited rows."""

from __future__ import annotations

import pytest

from customer_escalation.brief import Kind
from tests.skill.verify_rows import DANA, NILS, at, reasons, row

ROWS = (
    row("T-101/5", "The empty files may come back on busy days, and we carry a remark into our audit.", author=DANA),
    row("T-101/6", "The index will be rebuilt on every worker.", author=NILS),
    row("T-103", "Ticket 103: Late invoices (SLA due: 2026-11-18T08:00:00Z)", when=at(17, 8), due_at=at(18, 8)),
    row("T-104", "Ticket 104: Late labels (SLA due: 2026-11-19T20:00:00Z)", when=at(16, 8), due_at=at(19, 20)),
)
CUSTOMER: Kind = "stated_by_customer"
STAFF: Kind = "stated_by_staff"


@pytest.mark.parametrize(
    ("text", "cites", "kind"),
    [
        ("Dana Reyes says the empty files may come back on busy days.", "T-101/5", CUSTOMER),
        ("The index will be rebuilt on every worker, says Nils Berg.", "T-101/6", STAFF),
        ("Ticket 104 is due at 20:00 UTC on 19 November.", "T-104", "observed"),
        ("Ticket 103 was due at 08:00 UTC on 18 November.", "T-103", "observed"),
    ],
)
def test_what_a_row_looks_ahead_to_passes(text: str, cites: str, kind: Kind) -> None:
    assert reasons(text, cites, kind, None, *ROWS) == ()


@pytest.mark.parametrize(
    ("text", "cites", "kind", "why"),
    [
        ("Dana Reyes says the audit will turn on the remark.", "T-101/5", CUSTOMER, "“will”"),
        ("Ticket 104 was due at 20:00 UTC on 19 November.", "T-104", "observed", "still to come"),
        ("Ticket 104 is due at 08:00 UTC on 16 November.", "T-104", "observed", "is not when it is due"),
        ("Labels are late in ticket 104, and the time ran out at 20:00 UTC.", "T-104", "observed", "still to come"),
    ],
)
def test_what_no_row_looks_ahead_to_is_refused(text: str, cites: str, kind: Kind, why: str) -> None:
    assert why in "; ".join(reasons(text, cites, kind, None, *ROWS))
