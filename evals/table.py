"""The figures as one table for a terminal: cases by scorers, in each cell one mark a planner."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from evals.figures import CaseFigures, Gate, Totals, by_group
from evals.scorers import Score

WIDTH, WIDEST = 150, 1000
MARKS = {True: ("✓", "green"), False: ("✗", "bold red")}
NOT_RUN = ("·", "dim")


def table(
    figures: Sequence[CaseFigures], totals: Sequence[Totals], gates: Sequence[Gate], names: Sequence[str]
) -> Group:
    """All of it, ready to be printed."""
    return Group(
        Text(
            "✓ right, ✗ wrong, · nothing to say, else percent; one mark a planner, in the order of the group's heading"
        ),
        _cases(figures, names),
        _totals(totals, names),
        *_failures(figures),
        _gates(gates),
    )


def width(figures: Sequence[CaseFigures], names: Sequence[str]) -> int:
    """How wide the table has to be for every column to be whole."""
    return max(WIDTH, Console(width=WIDEST).measure(_cases(figures, names)).maximum)


def _cases(figures: Sequence[CaseFigures], names: Sequence[str]) -> Table:
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    drawn.add_column("case", overflow="fold", min_width=36)
    for name in (*names, "pass^k"):
        drawn.add_column(name, justify="center", no_wrap=True)
    for group, members in by_group(figures).items():
        planners = list(dict.fromkeys(each.planner for each in members))
        drawn.add_row(Text(f"{group}: {' '.join(planners)}", "bold"))
        for case in dict.fromkeys(each.case.id for each in members):
            row = {each.planner: each for each in members if each.case.id == case}
            ran = [row.get(planner) for planner in planners]
            cells = [_cell([each.score(name) if each else None for each in ran]) for name in names]
            drawn.add_row(case, *cells, _cell([Score(each.passed, 0) if each else None for each in ran]))
        drawn.add_section()
    return drawn


def _cell(scores: Sequence[Score | None]) -> Text:
    parts = [
        NOT_RUN if score is None else (f"{score.share:.0%}"[:-1], "") if score.passed is None else MARKS[score.passed]
        for score in scores
    ]
    return Text(" ").join(Text(mark, style) for mark, style in parts)


def _totals(totals: Sequence[Totals], names: Sequence[str]) -> Table:
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    drawn.add_column("")
    for each in totals:
        drawn.add_column(f"{each.group}\n{each.planner}", justify="right", no_wrap=True)
    drawn.add_row("verdict", *(f"{each.verdicts}/{each.cases}" for each in totals))
    for name in names:
        drawn.add_row(name, *(share_text(each, name) for each in totals))
    drawn.add_row("pass^k", *(f"{each.passed}/{each.cases}" for each in totals), end_section=True)
    drawn.add_row("requests", *(f"{each.requests:.1f}" for each in totals))
    drawn.add_row("tokens", *(f"{each.tokens:,.0f}" for each in totals))
    drawn.add_row("usd", *(usd_text(each) for each in totals))
    drawn.add_row("seconds", *(f"{each.seconds:.2f}" for each in totals))
    return drawn


def usd_text(total: Totals) -> str:
    """What a run cost in US dollars on average, where a price is known."""
    return "·" if total.usd is None else f"{total.usd:.4f}"


def share_text(total: Totals, name: str) -> str:
    """ "9/10" for a scorer that gates, "87 %" for one that informs."""
    if name in total.right:
        return "/".join(str(number) for number in total.right[name])
    return f"{total.shares[name]:.0%}".replace("%", " %") if name in total.shares else "·"


def _failures(figures: Sequence[CaseFigures]) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for each in figures:
        whys = [
            f"{name}: {score.why}"
            for name in each.runs[0].scores
            if (score := each.score(name)) and score.passed is False
        ]
        told = (f"{each.planner} {each.case.id} {why[:300]}" for why in (*each.errors, *whys))
        lines += [Text(line, "red", overflow="fold") for line in told]
    return lines


def _gates(gates: Sequence[Gate]) -> Text:
    broken = [gate for gate in gates if not gate.holds]
    if not broken:
        return Text(f"all {len(gates)} gates hold", "green")
    told = [f"{g.planner} on {g.group}: {g.scorer} {g.share:.0%}, at least {g.floor:.0%}" for g in broken]
    return Text("gates that fail: " + "; ".join(told), "bold red")
