"""Live progress in a terminal: a line per step, the newest detail on it, and a mark on the one that is under way."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

LABELS = {"gather": "Reading", "assess": "Assessing", "verify": "Verifying", "model": "Model"}
KEPT = 4


class _Board:
    """The steps in the order they began, each with its last few details."""

    def __init__(self) -> None:
        self._steps: dict[str, list[str]] = {}
        self._current = ""
        self._spinner = Spinner("dots")

    def note(self, step: str, detail: str) -> None:
        self._steps.setdefault(step, []).append(detail)
        self._current = step

    def finish(self) -> None:
        self._current = ""

    def __rich__(self) -> Table:
        table = Table.grid(padding=(0, 1))
        for step, details in self._steps.items():
            mark = self._spinner if step == self._current else Text("✓", style="green")
            shown = " · ".join(details[-KEPT:])
            table.add_row(
                mark, Text(LABELS.get(step, step), style="bold"), Text(shown, overflow="ellipsis", no_wrap=True)
            )
        return table


@contextmanager
def live(console: Console | None = None) -> Generator[Callable[[str, str], None]]:
    """Gives what takes the steps; the board stays on standard error when the block ends."""
    board = _Board()
    with Live(board, console=console or Console(stderr=True), refresh_per_second=8) as view:

        def note(step: str, detail: str) -> None:
            board.note(step, " ".join("".join(c if c.isprintable() else " " for c in detail).split()))
            view.refresh()

        try:
            yield note
        finally:
            board.finish()
