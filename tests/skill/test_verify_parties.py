"""What an author tells of himself and his own must not be told of another party."""

from __future__ import annotations

import pytest

from customer_escalation.brief import Kind
from tests.skill.verify_rows import DANA, RAVI, at, reasons, row

ROWS = (
    row(
        "T-101/5", "We rotated the key this morning, and our own typo broke the importer.", author=DANA, when=at(18, 9)
    ),
    row("T-101/6", "Could you try another worker?", author=RAVI, when=at(18, 10)),
    row("T-101/7", "Tried another worker last night: same.", author=DANA, when=at(18, 11)),
)
CUSTOMER: Kind = "stated_by_customer"


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("Dana Reyes rotated the key this morning.", "T-101/5"),
        ("Acme rotated the key this morning, says Dana Reyes.", "T-101/5"),
        ("Dana Reyes calls it their own typo.", "T-101/5"),
        ("Another worker was tried by Dana Reyes last night.", "T-101/6 T-101/7"),
    ],
)
def test_what_an_author_tells_of_himself_passes(text: str, cites: str) -> None:
    assert reasons(text, cites, CUSTOMER, None, *ROWS) == ()


@pytest.mark.parametrize(
    ("text", "cites", "why"),
    [
        ("In the morning we rotated the key for Dana Reyes.", "T-101/5", "not of us"),
        ("Dana Reyes says that our typo broke the importer.", "T-101/5", "it is theirs"),
        ("Another worker was tried by Ravi Shah last night.", "T-101/6 T-101/7", "not of Ravi Shah"),
        ("Ravi Shah rotated the key this morning.", "T-101/2 T-101/5", "not of Ravi Shah"),
    ],
)
def test_what_is_told_of_another_party_is_refused(text: str, cites: str, why: str) -> None:
    assert why in "; ".join(reasons(text, cites, CUSTOMER, None, *ROWS))
