"""A statement of a few words: what it tells of, and what it tells of it, stand in one sentence of a row."""

from __future__ import annotations

import pytest

from customer_escalation.brief import Kind
from tests.skill.verify_rows import DANA, RAVI, at, reasons, row

CUSTOMER: Kind = "stated_by_customer"
STAFF: Kind = "stated_by_staff"
ROWS = (
    row("R-0", "Data export is missing rows, 3 customers reported this week", origin="typed", category="request"),
    row("R-1", "Customer threatening to churn over missing audit log", origin="typed", category="request"),
    row("R-2", "All orders deleted, production down at Beta Ltd", origin="typed", category="request"),
    row("R-3", "How do we log in?", origin="typed", category="request"),
    row("T-101/5", "The file was sent. It is lost. Logins are slow.", author=DANA, when=at(18, 9)),
    row("T-101/6", "No orders are lost. The fix is live.", author=RAVI, when=at(18, 10)),
    row("T-101/7", "The files are unreadable.", author=RAVI, when=at(18, 10)),
)
REFUSED = (
    "Orders are lost.", "No orders are lost.", "Nothing is lost.", "The customer has left.", "The problem is solved.",
    "Everybody is affected.", "Customers can log in.", "The API is up.", "Exports are slow.", "3 orders are lost.",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "cites", "kind"),
    [
        ("Rows are missing.", "R-0", "observed"),
        ("The customer threatens to leave.", "R-1", "observed"),
        ("All orders are deleted.", "R-2", "observed"),
        ("Production is down.", "R-2", "observed"),
        ("The file is lost.", "T-101/5", CUSTOMER),
        ("Logins are slow.", "T-101/5", CUSTOMER),
        ("No orders are lost.", "T-101/6", STAFF),
        ("The fix is live.", "T-101/6", STAFF),
        ("The fix is out.", "T-101/6", STAFF),
        ("The files cannot be read.", "T-101/7", STAFF),
    ],
)
def test_a_short_statement_that_one_sentence_holds_passes(text: str, cites: str, kind: Kind) -> None:
    assert reasons(text, cites, kind, None, *ROWS) == ()


@pytest.mark.parametrize("cites", ["R-0", "R-1", "R-2", "R-3"])
@pytest.mark.parametrize("text", REFUSED)
def test_a_short_lie_over_what_the_reporter_typed_is_refused(text: str, cites: str) -> None:
    assert reasons(text, cites, "observed", None, *ROWS) != ()


@pytest.mark.parametrize(
    ("text", "cites", "kind"),
    [
        ("The file is slow.", "T-101/5", CUSTOMER),
        ("Logins are lost.", "T-101/5", CUSTOMER),
        ("Orders are lost.", "T-101/6", STAFF),
        ("The orders are live.", "T-101/6", STAFF),
        ("The files can be read.", "T-101/7", STAFF),
    ],
)
def test_a_predicate_of_another_subject_or_of_the_other_sign_is_refused(text: str, cites: str, kind: Kind) -> None:
    assert reasons(text, cites, kind, None, *ROWS) != ()
