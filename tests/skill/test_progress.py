"""Live progress: a line per step with its newest details, on the console it is given."""

from __future__ import annotations

import io

from rich.console import Console

from customer_escalation.progress import live


def test_each_step_has_a_line_with_its_newest_details() -> None:
    screen = io.StringIO()
    with live(Console(file=screen, force_terminal=True, width=100)) as note:
        for number in range(6):
            note("gather", f"source {number}:\n {number} read")
        note("verify", "12 of 12 statements supported")
        note("model", "asking a-model")

    shown = screen.getvalue()
    last = [line.strip() for line in shown.rsplit("Reading", 1)[1].splitlines()]
    assert "source 5: 5 read" in last[0]
    assert "source 1" not in last[0]
    assert "12 of 12 statements supported" in shown
    assert "asking a-model" in shown


def test_every_step_is_marked_as_done_at_the_end() -> None:
    screen = io.StringIO()
    with live(Console(file=screen, force_terminal=True, width=100)) as note:
        note("gather", "5 sources")
        note("verify", "all supported")

    assert screen.getvalue().count("✓") >= 2
