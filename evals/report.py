"""The figures as one HTML file that needs nothing else: totals, the table, and behind each cell what was said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from customer_escalation.brief import Result
from customer_escalation.claims import claims
from evals.cases import ROOT, EvalCase
from evals.figures import CaseFigures, Gate, Totals, by_group
from evals.scorers import Score
from evals.table import share_text, usd_text

LEFT_OUT = ("reasons", "next_steps", "brief.supporting")
FIGURE = re.compile(r"(?:count|names\[\d+\]|arr|pipeline|by_account\[.*\]|by_currency\[.*\]|since|hours)$")


@dataclass(frozen=True, slots=True)
class Line:
    """A statement of a brief, where it stands, and why it is refused where it is."""

    path: str
    kind: str
    text: str
    cites: str
    refused: str


@dataclass(frozen=True, slots=True)
class Row:
    """A case with what each planner of its group made of it; None where one did not run it."""

    case: EvalCase
    by_planner: tuple[CaseFigures | None, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A group of cases and the planners that ran any of them, whose order the marks have."""

    name: str
    planners: tuple[str, ...]
    rows: tuple[Row, ...]


def page(
    figures: Sequence[CaseFigures], totals: Sequence[Totals], gates: Sequence[Gate], names: Sequence[str], repeat: int
) -> str:
    """The whole page."""
    environment = Environment(
        loader=FileSystemLoader(ROOT), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    shown: dict[str, Any] = {"mark": mark, "lines": lines, "share_text": share_text, "usd_text": usd_text}
    environment.globals.update(shown)
    sections = [_section(name, members) for name, members in by_group(figures).items()]
    return environment.get_template("report.html.j2").render(
        sections=sections, totals=totals, gates=gates, names=names, repeat=repeat
    )


def _section(name: str, figures: Sequence[CaseFigures]) -> Section:
    planners = tuple(dict.fromkeys(each.planner for each in figures))
    cases = {each.case.id: each.case for each in figures}
    found = {(each.case.id, each.planner): each for each in figures}
    rows = (Row(case, tuple(found.get((case.id, planner)) for planner in planners)) for case in cases.values())
    return Section(name, planners, tuple(rows))


def mark(score: Score | None) -> tuple[str, str, str]:
    """What a cell shows, its style, and what it says to who cannot see it."""
    if score is None:
        return "·", "none", "nothing to say"
    if score.passed is None:
        return f"{score.share:.0%}".removesuffix("%"), "figure", f"{score.share:.0%}"
    return ("✓", "right", "right") if score.passed else ("✗", "wrong", f"wrong: {score.why}")


def lines(result: Result) -> list[Line]:
    """What the brief says, without the criteria, the previews and the figures that its sentences say again."""
    refused = {each.path: each.why for each in result.verification.unsupported}
    return [
        Line(
            claim.path.removeprefix("brief."),
            claim.statement.kind.replace("_", " "),
            claim.statement.text,
            ", ".join(claim.statement.cites),
            refused.get(claim.path, ""),
        )
        for claim in claims(result)
        if not claim.path.startswith(LEFT_OUT) and not FIGURE.search(claim.path)
    ]
