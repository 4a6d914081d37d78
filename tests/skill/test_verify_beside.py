"""A figure, a version or a time must stand beside the same thing as in the rows."""

from __future__ import annotations

import pytest

from customer_escalation.brief import Kind
from tests.skill.verify_rows import DANA, at, reasons, row

CUSTOMER: Kind = "stated_by_customer"
MORE = (
    row(
        "T-101/5",
        "We rotated the key of the import endpoint this morning at 08:50 UTC. People key in around 60 orders a day. "
        "We run acme-python 4.7.0.",
        author=DANA,
        when=at(18, 9, 30),
    ),
    row(
        "K-keys",
        "Keys after a rotation\nFor 24 hours after a rotation every delivery is signed with both keys.\n"
        "Rejected deliveries are retried for 72 hours. The acme-node client does it from 3.10.0.",
        category="knowledge_base",
        title="Keys after a rotation",
    ),
    row(
        "I-EXP-8",
        "EXP-8: Orders fail since 2026.11.3 (status: In Review; affects version: 2026.11.3; fix version: 2026.11.4)",
        category="project_tracker",
        title="Orders fail since 2026.11.3",
        fix_version="2026.11.4",
    ),
)


@pytest.mark.parametrize(
    ("text", "cites", "kind"),
    [
        ("Dana Reyes rotated the key of the import endpoint at 08:50 UTC.", "T-101/5", CUSTOMER),
        ("Dana Reyes wrote at 09:30 UTC that people key in around 60 orders a day.", "T-101/5", CUSTOMER),
        ("Dana Reyes runs acme-python 4.7.0.", "T-101/5", CUSTOMER),
        ("For 24 hours every delivery is signed with both keys, and rejected ones are retried.", "K-keys", "observed"),
        ("EXP-8: orders fail since 2026.11.3, and the fix is in 2026.11.4.", "I-EXP-8", "observed"),
        ("A deal of EUR 100,000 for more seats is open at Acme Corp.", "D-1 A-acme", "observed"),
    ],
)
def test_a_figure_beside_its_own_thing_passes(text: str, cites: str, kind: Kind) -> None:
    assert reasons(text, cites, kind, None, *MORE) == ()


@pytest.mark.parametrize(
    ("text", "cites", "kind", "why"),
    [
        ("Dana Reyes rotated the key of the import endpoint at 09:30 UTC.", "T-101/5", CUSTOMER, "says 08:50 of this"),
        ("Dana Reyes writes that people key in around 60 orders an hour.", "T-101/5", CUSTOMER, "by the day"),
        ("Dana Reyes runs acme-node 4.7.0.", "T-101/5 K-keys", CUSTOMER, "beside acme-python"),
        ("For 72 hours after a rotation every delivery is signed with both keys.", "K-keys", "observed", "“24 hours”"),
        ("EXP-8: orders fail since 2026.11.4.", "I-EXP-8", "observed", "holds the fix"),
        ("A deal of EUR 2.5M for more seats is open at Acme Corp.", "D-1 A-acme", "observed", "the arr of [A-acme]"),
    ],
)
def test_a_figure_beside_another_thing_is_refused(text: str, cites: str, kind: Kind, why: str) -> None:
    assert why in "; ".join(reasons(text, cites, kind, None, *MORE))
