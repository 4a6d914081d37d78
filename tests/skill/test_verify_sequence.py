"""What came first, and how many were whose, must be as the cited rows have it."""

from __future__ import annotations

import pytest

from customer_escalation.brief import Kind
from tests.skill.verify_rows import DANA, NILS, RAVI, at, reasons, row

ROWS = (
    row("T-101/5", "I tried it three times: twice I saw theirs and once ours.", author=DANA, when=at(18, 9)),
    row("T-101/6", "We have 8 workers and have to add 14 of them.", author=DANA, when=at(18, 9)),
    row("T-101/7", "The importer was slow in 31 runs.", author=DANA, when=at(18, 11)),
    row("M-5", "The worker has 64 threads now.", author=NILS, when=at(17, 14), category="chat", public=False),
    row("M-6", "The importer is idle.", author=RAVI, when=at(17, 15), category="chat", public=False),
    row("K-empties", "Every worker is emptied at 17:00 UTC.", category="knowledge_base"),
    row("T-101/8", "ALARM: the worker is empty.", author=DANA, when=at(18, 17, 40)),
)
CUSTOMER: Kind = "stated_by_customer"
STAFF: Kind = "stated_by_staff"


@pytest.mark.parametrize(
    ("text", "cites", "kind", "formula"),
    [
        ("Dana Reyes saw two of the other company's and one of her own.", "T-101/5", CUSTOMER, None),
        ("Dana Reyes has to come to 22 workers in total.", "T-101/6", "derived", "8 + 14"),
        ("The worker has 64 threads; afterwards Dana Reyes reported 31 slow runs.", "M-5 T-101/7", CUSTOMER, None),
        (
            "The worker is emptied at 17:00 UTC, and the alarm came 40 minutes later.",
            "K-empties T-101/8",
            CUSTOMER,
            None,
        ),
    ],
)
def test_what_has_its_order_and_share_passes(text: str, cites: str, kind: Kind, formula: str | None) -> None:
    why = "; ".join(reasons(text, cites, kind, formula, *ROWS))
    assert "way around" not in why
    assert "count" not in why


@pytest.mark.parametrize(
    ("text", "cites", "kind", "formula", "why"),
    [
        ("Dana Reyes saw one of the other company's and two of her own.", "T-101/5", CUSTOMER, None, "count 1 of one"),
        ("Dana Reyes needs 22 more workers.", "T-101/6", "derived", "8 + 14", "say in total"),
        ("It was slow in 31 runs, whereupon the worker got 64 threads.", "M-5 T-101/7", STAFF, None, "around"),
        ("The importer had 31 slow runs; Ravi Shah has since noted it idle.", "M-6 T-101/7", STAFF, None, "around"),
        ("The worker is emptied at 17:00 UTC, and the alarm came 40 minutes earlier.", "K-empties T-101/8", CUSTOMER,
         None, "around"),
    ],
)  # fmt: skip
def test_what_is_the_wrong_way_around_is_refused(
    text: str, cites: str, kind: Kind, formula: str | None, why: str
) -> None:
    assert why in "; ".join(reasons(text, cites, kind, formula, *ROWS))
