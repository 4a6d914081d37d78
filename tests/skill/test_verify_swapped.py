"""What is told of one of two records, ids or days must not be the other's."""

from __future__ import annotations

import pytest

from customer_escalation.brief import Kind
from tests.skill.verify_rows import DANA, at, reasons, row

ROWS = (
    row("T-201", "Ticket 201: Labels fail (status: solved)", when=at(2, 8)),
    row("T-201/1", "We swapped the printer driver and the labels came out.", author=DANA, when=at(2, 9)),
    row("T-202", "Ticket 202: Labels fail again (status: solved)", when=at(5, 8)),
    row("T-202/1", "It was the paper tray, a sheet had jammed.", author=DANA, when=at(5, 9)),
    row(
        "T-203/1",
        "[attachment run.log] 01:00 page=1 ms=412 req_5ab0e1\n02:00 page=9 ms=6904 req_b81f20",
        author=DANA,
        when=at(18, 9),
    ),
    row("T-204/1", "On Monday 2.5 % of the exports failed.", author=DANA, when=at(17, 9)),
    row("T-204/2", "Yesterday it was 4.5 % of the exports.", author=DANA, when=at(19, 9)),
)
CUSTOMER: Kind = "stated_by_customer"


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        (
            "It was solved in 201, where the printer driver was swapped, and in 202, where a sheet had jammed in the "
            "paper tray.",
            "T-201 T-201/1 T-202 T-202/1",
        ),
        ("In her log page 9 takes nearly 7 s (6904 ms, req_b81f20).", "T-203/1"),
        ("2.5 % of the exports failed on Monday and 4.5 % on Wednesday.", "T-204/1 T-204/2"),
    ],
)
def test_what_is_told_of_the_right_one_passes(text: str, cites: str) -> None:
    assert reasons(text, cites, CUSTOMER, None, *ROWS) == ()


@pytest.mark.parametrize(
    ("text", "cites", "why"),
    [
        (
            "It was solved in 201, where a sheet had jammed in the paper tray, and in 202, where the printer driver "
            "was swapped.",
            "T-201 T-201/1 T-202 T-202/1",
            "the other way around",
        ),
        ("In her log page 9 takes nearly 7 s (6904 ms, req_5ab0e1).", "T-203/1", "do not stand in one line"),
        ("4.5 % of the exports failed on Monday and 2.5 % on Wednesday.", "T-204/1 T-204/2", "is of another day"),
    ],
)
def test_what_is_told_of_the_wrong_one_is_refused(text: str, cites: str, why: str) -> None:
    assert why in "; ".join(reasons(text, cites, CUSTOMER, None, *ROWS))
