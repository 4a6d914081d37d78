"""Results as small answers for a model: numbered evidence, the assessment, what became of a submission, the status."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from customer_escalation.server.desk import Answer
from customer_escalation.server.trimming import THREAD, moment, row, text

if TYPE_CHECKING:
    from customer_escalation.brief import Reason, Result
    from customer_escalation.evidence import Evidence
    from customer_escalation.settings import Setting
    from customer_escalation.submit import Submission

ROWS = 50
QUOTE = 140
COVERAGE_QUOTE = 60
APART = ("Evidence", "Sources read", "Why this decision", "Verification", "Next steps")
WHOLE_ROWS = 20
AFTER = (
    "escalation_show gives the brief; case_approve(case_id, write=id of a next step) asks the person for a yes to it"
)
SHOWN = "case_approve(case_id, write) writes one of the next steps on the person's yes; case_show says how it stands"
CATEGORIES = {
    "support": "support_platform",
    "crm": "crm",
    "chat": "chat",
    "tracker": "project_tracker",
    "knowledge": "knowledge_base",
}


def gathered(case_id: str, result: Result, earlier: Answer) -> Answer:
    """The answer of gather: the decision, earlier cases, what was read, the evidence as numbered lines, the draft."""
    rows = _chosen(result)
    return {
        "case_id": case_id,
        **_decision(result),
        **row(earlier=earlier),
        "sources": [
            row(
                source=source.category,
                status=source.status,
                records=source.records,
                error=source.error,
                note=source.note,
            )
            for source in result.sources
        ],
        "reasons": [reason.criterion for reason in result.reasons if reason.holds],
        "digest": [f"{number}. [{each.id}] {_line(each)}" for number, each in enumerate(rows, 1)],
        "rows": f"{len(rows)} of {len(result.evidence)}; whole rows: escalation_show with evidence_ids",
        "draft": draft(result),
        "next_steps": [f"{step.id}: {step.title} → {step.destination}" for step in result.next_steps],
        "verified": _verified(result),
        "next": AFTER,
    }


def draft(result: Result) -> str:
    """The brief in Markdown without the sections that stand beside it in the answer, or that assess gives."""
    from customer_escalation.render import render

    sections = re.split(r"(?m)^(?=### )", render(result, "markdown"))
    apart = tuple(f"### {heading}\n" for heading in APART)
    return "".join(section for section in sections if not section.startswith(apart)).rstrip()


def assessed(case_id: str, result: Result) -> Answer:
    """The answer of assess: criteria that hold and do not, the impact, the policy's outcome."""
    impact = result.brief.impact
    revenue, queue = impact.revenue_at_risk, impact.time_in_queue
    return {
        "case_id": case_id,
        **_decision(result),
        "holds": [_reason(reason) for reason in result.reasons if reason.holds],
        "does_not_hold": [_reason(reason) for reason in result.reasons if not reason.holds],
        "impact": row(
            customers=row(
                count=impact.customers_affected.count,
                names=impact.customers_affected.names,
                growing=impact.customers_affected.growing,
                cites=impact.customers_affected.cites,
            ),
            depth=impact.depth and row(level=impact.depth.level, cites=impact.depth.cites),
            workflow=row(text=impact.workflow_impact.text, cites=impact.workflow_impact.cites),
            revenue=revenue
            and row(
                arr=revenue.arr,
                pipeline=revenue.pipeline,
                currency=revenue.currency,
                by_currency=revenue.by_currency,
                cites=revenue.cites,
            ),
            time_in_queue=queue and row(since=queue.since, hours=queue.hours, cites=queue.cites),
            more=[row(text=line.text, cites=line.cites) for line in impact.more],
        ),
        **row(unknown=result.unknown, conflicts=[row(text=each.text, cites=each.cites) for each in result.conflicts]),
    }


def submitted(case_id: str, submission: Submission) -> Answer:
    """The answer of submit: which sentences are in, which are not and why, and the check of the whole."""
    answer: Answer = {
        "case_id": case_id,
        "accepted": list(submission.accepted),
        "refused": [
            row(number=each.number, slot=each.slot, text=each.text, reasons=list(each.reasons))
            for each in submission.refused
        ],
        "verified": _verified(submission.result),
    }
    answer["next"] = (
        "mend the refused sentences or leave the draft's lines"
        if submission.refused
        else "escalation_show gives the brief"
    )
    return answer


def rows_in_full(case_id: str, result: Result, ids: Sequence[str]) -> Answer:
    """Rows of evidence by id, as they were read; unknown ids are named."""
    wanted = list(dict.fromkeys(each.strip("[]") for each in ids))
    found = [each for name in wanted[:WHOLE_ROWS] if (each := result.evidence.get(name))]
    known = {each.id for each in found}
    limit = max(THREAD // max(len(found), 1), QUOTE)
    return {
        "case_id": case_id,
        "rows": [_whole(each, limit) for each in found],
        **row(
            no_such_id=[name for name in wanted[:WHOLE_ROWS] if name not in known],
            more=f"the first {WHOLE_ROWS} of {len(wanted)} ids" if len(wanted) > WHOLE_ROWS else "",
        ),
    }


def status(setting: Setting, cases: int) -> Answer:
    """The answer of status; `cases` is how many are kept."""
    from customer_escalation import __version__

    connected = {category: getattr(setting.sources, name) for name, category in CATEGORIES.items()}
    return {
        "version": __version__,
        "workspace": text(setting.name),
        **row(
            sample="the bundled sample company; give --workspace DIR for your own" if setting.is_sample else "",
            connected={category: source.name for category, source in connected.items() if source is not None},
            not_connected=[category for category, source in connected.items() if source is None],
            left_out_lines=dict(setting.left_out),
        ),
        "cases": cases,
    }


def _verified(result: Result) -> str:
    check = result.verification
    return f"{check.supported} of {check.statements} statements supported"


def _decision(result: Result) -> Answer:
    return row(decision=result.decision, severity=result.severity, target=result.target, also_inform=result.also_inform)


def _reason(reason: Reason) -> Answer:
    return row(criterion=reason.criterion, text=reason.text, cites=reason.cites)


def _chosen(result: Result) -> list[Evidence]:
    """What the draft cites first, then the rest in the order it was read; what the searches covered is always there."""
    from customer_escalation.render.citations import cited_rows

    rows = {each.id: each for each in (*cited_rows(result), *result.evidence)}.values()
    coverage = [each for each in rows if each.origin == "coverage"]
    others = [each for each in rows if each.origin != "coverage"]
    return [*others[: max(ROWS - len(coverage), 0)], *coverage]


def _line(evidence: Evidence) -> str:
    author = evidence.author
    who = f"{author.name} ({author.role})" if author and author.role else author.name if author else ""
    parts = ("" if evidence.at is None else moment(evidence.at), who, "" if evidence.public else "internal")
    said = " ".join(text(evidence.text, len(evidence.text)).split())
    limit = COVERAGE_QUOTE if evidence.origin == "coverage" else QUOTE
    quote = said if len(said) <= limit else f"{said[:limit].rstrip()}…"
    return ", ".join(part for part in parts if part) + (": " if any(parts) else "") + quote


def _whole(evidence: Evidence, limit: int) -> Answer:
    return row(
        id=evidence.id,
        category=evidence.category,
        record=evidence.record,
        title=evidence.title,
        at=evidence.at,
        author=evidence.author and row(name=evidence.author.name, role=evidence.author.role),
        origin=evidence.origin,
        internal=None if evidence.public else True,
        incomplete=None if evidence.complete else True,
        text=text(evidence.text, limit),
        fields=evidence.fields,
        inputs=evidence.inputs,
        formula=evidence.formula,
        url=evidence.url,
    )
