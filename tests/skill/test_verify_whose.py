"""What one customer's rows say must not be told of another customer."""

from __future__ import annotations

import pytest

from customer_escalation.evidence import Author
from tests.skill.verify_rows import at, reasons, row

MORE = (
    row(
        "T-102/1",
        "Our warehouse team types in 25 shipments a day by hand until the nightly importer works again.",
        author=Author("Bo Lind", "customer"),
        when=at(17, 8),
    ),
    row(
        "T-101/9", "Our accountants cannot close October without the exports.", author=Author("Dana Reyes", "customer")
    ),
)
CITES = "T-101/1 T-101/9 T-102/1"


@pytest.mark.parametrize(
    "text",
    [
        "Beta Ltd types in 25 shipments a day by hand; at Acme Corp accountants cannot close October.",
        "Both Acme Corp and Beta Ltd have trouble: 12 of 40 exports failed, and 25 shipments a day are keyed in.",
    ],
)
def test_each_customer_with_its_own_words_passes(text: str) -> None:
    assert reasons(text, CITES, "stated_by_customer", None, *MORE) == ()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Acme Corp types in 25 shipments a day by hand; at Beta Ltd accountants cannot close October.", "“25”"),
        ("The warehouse team of Acme Corp types in shipments by hand until the importer works.", "“warehouse, "),
    ],
)
def test_a_case_of_another_customer_is_refused(text: str, what: str) -> None:
    why = "; ".join(reasons(text, CITES, "stated_by_customer", None, *MORE))
    assert what in why
    assert "another customer than Acme Corp" in why
