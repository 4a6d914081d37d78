"""An absence does not hold where a row tells of what is said to be absent."""

from __future__ import annotations

import pytest

from tests.skill.verify_rows import DANA, NILS, RAVI, at, reasons, row

ROWS = (
    row("T-101/5", "Could you try a smaller batch of files on another worker?", author=RAVI, when=at(18, 10)),
    row(
        "T-101/6", "Tried it last night: same result. We moved one worker on 13 November.", author=DANA, when=at(18, 11)
    ),
    row("M-5", "Is the export intact?", author=RAVI, when=at(18, 10), category="chat", public=False),
    row("M-6", "Yes, the export is intact.", author=NILS, when=at(18, 11), category="chat", public=False),
    row("M-7", "Legal is fine with a written notice.", author=NILS, when=at(18, 12), category="chat", public=False),
    row("T-105", "Ticket 105: Empty exports (links: EXP-7)", title="Empty exports", when=at(18, 8)),
)


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("Legal has not said whether the export is intact.", "M-6 S-support_platform"),
        ("No record says when Dana Reyes first saw the result.", "T-101/6 S-support_platform"),
        ("Ticket 101 is not linked to EXP-7.", "T-101 I-EXP-7 S-support_platform"),
        ("No record says that anybody tried a smaller screen on another desk.", "S-support_platform"),
    ],
)
def test_an_absence_that_no_row_gainsays_passes(text: str, cites: str) -> None:
    assert reasons(text, cites, "absence", None, *ROWS) == ()


@pytest.mark.parametrize(
    ("text", "cites", "why"),
    [
        ("Nobody in engineering has replied to Ravi Shah about the export.", "M-5 M-6 S-support_platform", "[M-6] is"),
        ("Legal has not said yet whether a written notice will do.", "M-7 S-support_platform", "[M-7] tells"),
        ("No record says when they moved the worker.", "T-101/6 S-support_platform", "[T-101/6] does say when"),
        ("Nobody is aware of it: ticket 105 is not linked to EXP-7.", "T-105 I-EXP-7 S-support_platform", "does hold"),
        ("No record says that anybody tried a smaller batch of files.", "S-support_platform", "[T-101/6] says"),
    ],
)
def test_an_absence_that_a_row_gainsays_is_refused(text: str, cites: str, why: str) -> None:
    assert why in "; ".join(reasons(text, cites, "absence", None, *ROWS))
