"""What a statement tells as done must be told as done by a cited row."""

from __future__ import annotations

import pytest

from customer_escalation.brief import Kind
from tests.skill.verify_rows import DANA, NILS, RAVI, at, reasons, row

ROWS = (
    row(
        "T-101/5",
        "I have to add 9 users before Friday. I can send the log to the right person. Should I call Petra Nyman?",
        author=DANA,
        when=at(18, 10),
    ),
    row("T-101/6", "We rotated the key this morning and added 9 users.", author=DANA, when=at(18, 11)),
    row("T-101/7", "You can use the nightly list instead of the export. Please keep the log.", author=RAVI),
    row("T-101/9", "They wait in the queue, 12 of them. Nothing lost so far I think.", author=DANA, when=at(18, 12)),
    row("T-101/8", "PR #77 is ready. It needs the approval of Petra Nyman.", author=NILS, public=False),
)
CUSTOMER: Kind = "stated_by_customer"
STAFF: Kind = "stated_by_staff"


@pytest.mark.parametrize(
    ("text", "cites", "kind"),
    [
        ("Dana Reyes has to add 9 users before Friday.", "T-101/5", CUSTOMER),
        ("Dana Reyes rotated the key and has added 9 users.", "T-101/6", CUSTOMER),
        ("Dana Reyes offered to send the log and asked whether to call Petra Nyman.", "T-101/5", CUSTOMER),
        ("Nils Berg needs PR #77 approved by Petra Nyman.", "T-101/8", STAFF),
        ("Ravi Shah promised an answer by noon of 17 November.", "T-101/2", STAFF),
    ],
)
def test_a_deed_that_a_row_tells_passes(text: str, cites: str, kind: Kind) -> None:
    assert reasons(text, cites, kind, None, *ROWS) == ()


@pytest.mark.parametrize(
    ("text", "cites", "kind", "why"),
    [
        ("Dana Reyes has added 9 users before Friday.", "T-101/5", CUSTOMER, "“added” already"),
        ("Dana Reyes called Petra Nyman about the log.", "T-101/5", CUSTOMER, "“called” already"),
        ("Dana Reyes accepted the nightly list instead of the export.", "T-101/7 T-101/5", CUSTOMER, "“accepted”"),
        ("Ravi Shah promised the nightly list instead of the export.", "T-101/7", STAFF, "“promised”"),
        ("At noon 12 of them were lost in the queue.", "T-101/9", CUSTOMER, "“lost” already"),
        ("As Dana Reyes pointed out, PR #77 needs the approval.", "T-101/8", STAFF, "no cited row is by Dana Reyes"),
        ("PR #77 was merged after Petra Nyman's approval.", "T-101/8", STAFF, "“merged”"),
    ],
)
def test_a_deed_that_no_row_tells_is_refused(text: str, cites: str, kind: Kind, why: str) -> None:
    assert why in "; ".join(reasons(text, cites, kind, None, *ROWS))
