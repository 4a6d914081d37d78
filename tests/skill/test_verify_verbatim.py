"""A sentence of a row word for word, with another figure in it, is not what the row says."""

from __future__ import annotations

import pytest

from customer_escalation.brief import Statement
from customer_escalation.verify import check
from tests.skill.verify_rows import NOW, ledger, row

HEARD = row("M-9", "Second customer: Dunmere, 51873, 236 rows short.", public=False)
OTHER = row("T-102/4", "The file had 11,771 of 12,000 rows. Same pattern as 51846 in this export.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Dunmere, 11,771, 236 rows short.", "[M-9] says 51873 there"),
        ("Same pattern as 51873 in this export.", "[T-102/4] says 51846 there"),
    ],
)
def test_another_figure_in_a_row_s_own_sentence_is_refused(text: str, said: str) -> None:
    reasons = check(Statement(text, ("M-9", "T-102/4")), ledger(HEARD, OTHER), NOW)

    assert said in reasons


def test_the_row_s_own_figure_is_not() -> None:
    reasons = check(Statement("Dunmere, 51873, 236 rows short.", ("M-9", "T-102/4")), ledger(HEARD, OTHER), NOW)

    assert not any("there" in reason for reason in reasons)
