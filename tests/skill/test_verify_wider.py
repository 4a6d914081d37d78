"""A statement must not go further than its rows: in how much, how long, how sure, or how far a record has come."""

from __future__ import annotations

import pytest

from customer_escalation.brief import Kind
from tests.skill.verify_rows import DANA, at, reasons, row

CUSTOMER: Kind = "stated_by_customer"
MORE = (
    row("T-101/5", "Exports of the night are slow. Links expire after 7 days.", author=DANA, when=at(18, 9)),
    row("T-101/6", "Most exports fail, and it is always the same worker.", author=DANA, when=at(18, 10)),
    row(
        "I-EXP-9",
        "EXP-9: Slow exports (status: Backlog)\nDeep offsets get slower with depth.",
        category="project_tracker",
        record="EXP-9",
        title="Slow exports",
        status="Backlog",
    ),
)


@pytest.mark.parametrize(
    ("text", "cites", "kind"),
    [
        ("Dana Reyes writes that most exports fail and that it is always the same worker.", "T-101/6", CUSTOMER),
        ("EXP-9 is in the backlog and says that deep offsets get slower with depth.", "I-EXP-9", "observed"),
        ("EXP-9 is about slow exports, and deep offsets may be the cause.", "I-EXP-9", "hypothesis"),
        ("At most 7 days pass before links expire.", "T-101/5", CUSTOMER),
    ],
)
def test_a_claim_as_wide_as_its_rows_passes(text: str, cites: str, kind: Kind) -> None:
    assert reasons(text, cites, kind, None, *MORE) == ()


@pytest.mark.parametrize(
    ("text", "cites", "kind", "why"),
    [
        ("Dana Reyes writes that most exports of the night are slow.", "T-101/5", CUSTOMER, "“most” is more"),
        ("Exports of the night are permanently slow.", "T-101/5", CUSTOMER, "“permanently” is more"),
        ("Links never expire, writes Dana Reyes.", "T-101/5", CUSTOMER, "“never”"),
        ("EXP-9 is in progress; it is about slow exports.", "I-EXP-9", "observed", "is “backlog” in the cited rows"),
        ("Deep offsets are the cause of slow exports, as EXP-9 says.", "I-EXP-9", "observed", "is the cause"),
    ],
)
def test_a_claim_wider_than_its_rows_is_refused(text: str, cites: str, kind: Kind, why: str) -> None:
    assert why in "; ".join(reasons(text, cites, kind, None, *MORE))
