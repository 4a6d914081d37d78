"""What a model is told: the static part, which is the same for every case, and the case's own turn.

The static part is SKILL.md and our instructions, so that it can be cached. The case's turn holds each fact once: the
evidence in full, and the draft with “…” for the words of a row that stands below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from functools import cache

from jinja2 import Environment, FunctionLoader, StrictUndefined

from customer_escalation.brief import NOT_RECORDED, Result, Statement
from customer_escalation.evidence import Evidence
from customer_escalation.language import one_line
from customer_escalation.render import words
from customer_escalation.render.citations import cited_rows
from customer_escalation.resources import text_of
from customer_escalation.safety import safe
from customer_escalation.safety.fencing import fence
from customer_escalation.sentences import ASKS

LONGEST_ROW = 6000
BESIDE, NAMED_BESIDE = 12, ("A-", "I-", "K-", "T-")
LEFT_OUT = ("---", "## With the tools", "## Without the tools", "## 6. Write the brief", "## ESCALATION")
_QUOTED = re.compile(r"“([^“”]{24,})”")
_LINE, INDENTED = re.compile(r"\n(?=[^\n])"), "\n  "
_SECTION = re.compile(r"(?m)^(?=## )")
_ENVIRONMENT = Environment(
    loader=FunctionLoader(lambda name: text_of(f"prompts/planner/{name}")),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # noqa: S701 - plain text for a model, not a page
)


@cache
def system_text() -> str:
    """The instructions: what SKILL.md says of the seven steps, and how a model works with the code."""
    sections = _SECTION.split(text_of("SKILL.md"))
    skill = "".join(section for section in sections if not section.startswith(LEFT_OUT)).strip()
    asks = ", ".join(ask.capitalize() for ask in ASKS)
    return _ENVIRONMENT.get_template("system.md.j2").render(skill=skill, asks=asks)


def case_text(result: Result, company: str, boundary: str) -> str:
    """The case's turn: the policy's decision, and between two lines of this boundary all that repeats outside words.

    Only code begins a line there: what comes from outside stays on its line or is indented.
    """
    rows = cited_rows(result)
    named = {row.id for row in rows}
    also = [
        row
        for row in result.evidence
        if row.title and not row.id.partition("/")[2] and row.id not in named and row.id.startswith(NAMED_BESIDE)
    ]
    lines = (
        *_facts(result),
        "",
        "Draft:",
        *_draft(result),
        "",
        "Evidence:",
        *map(row_text, rows),
        *_listed(also),
    )
    return _ENVIRONMENT.get_template("case.md.j2").render(
        now=f"{result.now.astimezone(UTC):%A %Y-%m-%d %H:%M} UTC",
        company=one_line(safe(company).text),
        decided=_decided(result),
        criteria=", ".join(reason.criterion for reason in result.reasons if reason.holds) or "none",
        case=fence("\n".join(lines), boundary, "facts, draft and evidence"),
    )


def row_text(row: Evidence) -> str:
    """One row: its id, when, who, what it is, and its text; the end of a very long one is left to escalation_show."""
    author = row.author
    name = one_line(author.name) if author else ""
    who = "" if author is None else f"{name} ({author.role})" if author.role else name
    at = "" if row.at is None or not row.author else f"{row.at.astimezone(UTC):%Y-%m-%d %H:%MZ}"
    marks = ("" if row.public else "internal", "" if row.complete else "incomplete")
    head = ", ".join(part for part in (at, who, *marks) if part)
    text = row.text.strip()
    if len(text) > LONGEST_ROW:
        text = (
            f"{text[:LONGEST_ROW].rstrip()} … [{LONGEST_ROW} of {len(text)} characters; escalation_show has the rest]"
        )
    formula = f" = {row.formula}" if row.formula else ""
    return f"[{row.id}] {head}{': ' if head else ''}{_LINE.sub(INDENTED, text)}{formula}"


def _listed(rows: Sequence[Evidence]) -> Iterator[str]:
    """Records that were read and that the draft does not use, by id and title."""
    if rows:
        cut = f" ({BESIDE} of {len(rows)}; the searching tools find the others)" if len(rows) > BESIDE else ""
        yield f"Also read, whole with escalation_show{cut}:"
    yield from (f"[{row.id}] {one_line(row.title)}" for row in rows[:BESIDE])


def _decided(result: Result) -> str:
    parts = [result.decision.replace("_", " ")]
    if result.severity:
        parts.append(f"severity {result.severity}")
    if result.target:
        parts.append(f"target {result.target}")
    if result.also_inform:
        parts.append(f"also inform {', '.join(result.also_inform)}")
    return "; ".join(parts)


def _facts(result: Result) -> Iterator[str]:
    """What code counted, what nobody knows, and where sources disagree."""
    impact = result.brief.impact
    yield _line("Customers affected", words.customers(impact.customers_affected), impact.customers_affected.cites)
    if impact.revenue_at_risk:
        yield _line("Revenue at risk", words.revenue(impact.revenue_at_risk), impact.revenue_at_risk.cites)
    if impact.time_in_queue:
        yield _line("Time in queue", words.waiting(impact.time_in_queue), impact.time_in_queue.cites)
    if impact.depth:
        yield _line("Depth", words.depth(impact.depth), impact.depth.cites)
    due = result.brief.deadline
    if due:
        yield _line("Deadline", f"{words.moment(due.at)}, {due.why}", due.cites)
    read = {source.note for source in result.sources}  # stands in the rows of coverage already
    if unknown := [line for line in result.unknown if line.partition(": ")[2] not in read]:
        yield f"Not known: {one_line('; '.join(unknown))}"
    for conflict in result.conflicts:
        yield _line("Sources disagree", _folded(conflict.text), conflict.cites)


def _draft(result: Result) -> Iterator[str]:
    """The draft's lines by slot, then the lines that stay as they are."""
    brief = result.brief
    yield _said("title", brief.title)
    yield from (_said("description", statement) for statement in brief.description)
    yield _said("workflow_impact", brief.impact.workflow_impact)
    talk = brief.customer_communication
    yield from (_said("expectation", talk.expectation), _said("escalation_risk", talk.escalation_risk))
    yield from (_line("needed", f"{need.ask.capitalize()}: {_folded(need.text)}", need.cites) for need in brief.needed)
    yield from (_said("insights", statement) for statement in brief.insights)
    yield _said("last update (fixed)", talk.last_update)
    yield from (
        _line("tried (fixed)", f"{_folded(each.step)} — {_folded(each.result)}", each.cites) for each in brief.tried
    )
    if brief.reproduction:
        missing = "; ".join(brief.reproduction.missing) or "nothing"
        yield _line(
            "reproduction (fixed)",
            f"{len(brief.reproduction.steps)} steps; missing: {missing}",
            brief.reproduction.cites,
        )
    if result.handling:
        yield from (_said("handling (fixed)", statement) for statement in result.handling.how)


def _said(slot: str, statement: Statement | None) -> str:
    if statement is None:
        return f"- {slot}: {NOT_RECORDED}"
    return _line(f"- {slot}", _folded(statement.text), statement.cites, statement.formula or "")


def _line(label: str, text: str, cites: Iterable[str], formula: str = "") -> str:
    marks = " ".join(f"[{cite}]" for cite in cites)
    label = label if label.startswith("- ") or label[0].isupper() else f"- {label}"
    return f"{label}: {one_line(text)}{f' = {formula}' if formula else ''} {marks}".rstrip()


def _folded(text: str) -> str:
    """The text with each longer quotation cut to its first words: the whole of it stands in the row."""
    return _QUOTED.sub(lambda found: f"“{' '.join(found[1].split()[:3])} …”", text)
