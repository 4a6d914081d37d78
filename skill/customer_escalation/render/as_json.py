"""The result as JSON: the schema of version 1, its fields in its order, for scripts and other agents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import cast

from customer_escalation.brief import (
    Deadline,
    Depth,
    EscalationBrief,
    Handling,
    Impact,
    NextStep,
    Reason,
    Ref,
    Reproduction,
    Result,
    Revenue,
    SourceReport,
    Statement,
    TimeInQueue,
    Verification,
)
from customer_escalation.evidence import Evidence
from customer_escalation.render.citations import cited_rows

Object = dict[str, object]


def render(result: Result) -> str:
    """The JSON text, indented, in UTF-8 characters, with a newline at its end."""
    return json.dumps(to_json(result), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def to_json(result: Result) -> dict[str, object]:
    """The result as plain values, ready for `json.dumps`; the keys stand in the schema's order."""
    return {
        "schema_version": result.schema_version,
        "issue": result.issue,
        "customer": result.customer,
        "now": time_text(result.now),
        "planner": result.planner,
        "model": result.model,
        "decision": result.decision,
        "reasons": [_reason(reason) for reason in result.reasons],
        "severity": result.severity,
        "target": result.target,
        "also_inform": list(result.also_inform),
        "brief": _brief(result.brief),
        "handling": _handling(result.handling),
        "unknown": list(result.unknown),
        "conflicts": [{"text": conflict.text, "cites": list(conflict.cites)} for conflict in result.conflicts],
        "evidence": [_row(row) for row in cited_rows(result)],
        "verification": _verification(result.verification),
        "next_steps": [_next_step(step) for step in result.next_steps],
        "sources": [_source(source) for source in result.sources],
        "stats": {
            "wall_ms": result.stats.wall_ms,
            "model_turns": result.stats.model_turns,
            "input_tokens": result.stats.input_tokens,
            "output_tokens": result.stats.output_tokens,
        },
        "notes": list(result.notes),
        "dissent": [
            {"about": each.about, "choice": each.choice, "reason": _statement(each.reason)} for each in result.dissent
        ],
    }


def time_text(at: datetime) -> str:
    """RFC 3339 in UTC with a Z; a time without a zone is taken as UTC."""
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at.isoformat().replace("+00:00", "Z")


def _brief(brief: EscalationBrief) -> Object:
    talk = brief.customer_communication
    return {
        "title": brief.title.text,
        "reported_by": brief.reported_by,
        "date": brief.date,
        "impact": _impact(brief.impact),
        "description": _statements(brief.description),
        "tried": [{"step": item.step, "result": item.result, "cites": list(item.cites)} for item in brief.tried],
        "reproduction": _reproduction(brief.reproduction),
        "customer_communication": {
            "last_update": _statement(talk.last_update),
            "expectation": _statement(talk.expectation),
            "escalation_risk": _statement(talk.escalation_risk),
        },
        "needed": [{"ask": need.ask, "text": need.text, "cites": list(need.cites)} for need in brief.needed],
        "deadline": _deadline(brief.deadline),
        "supporting": {
            "tickets": _refs(brief.supporting.tickets),
            "discussions": _refs(brief.supporting.discussions),
            "issues": _refs(brief.supporting.issues),
            "articles": _refs(brief.supporting.articles),
        },
        "title_cites": list(brief.title.cites),
        "title_kind": brief.title.kind,
        "title_formula": brief.title.formula,
        "insights": _statements(brief.insights),
    }


def _impact(impact: Impact) -> Object:
    customers = impact.customers_affected
    return {
        "customers_affected": {
            "count": customers.count,
            "names": list(customers.names),
            "growing": customers.growing,
            "cites": list(customers.cites),
            "text": customers.text,
        },
        "workflow_impact": _statement(impact.workflow_impact),
        "depth": _depth(impact.depth),
        "revenue_at_risk": _revenue(impact.revenue_at_risk),
        "time_in_queue": _time_in_queue(impact.time_in_queue),
        "more": _statements(impact.more),
    }


def _depth(depth: Depth | None) -> Object | None:
    return {"level": depth.level, "cites": list(depth.cites), "said": depth.said} if depth is not None else None


def _revenue(revenue: Revenue | None) -> Object | None:
    if revenue is None:
        return None
    return {
        "arr": _amounts(revenue.arr),
        "pipeline": _amounts(revenue.pipeline),
        "currency": revenue.currency,
        "by_account": _amounts(revenue.by_account),
        "cites": list(revenue.cites),
        "by_currency": _amounts(revenue.by_currency),
        "text": revenue.text,
    }


def _amounts(value: object) -> object:
    """Money and what surrounds it as plain values: whole amounts without a fraction."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, Mapping):
        return {str(key): _amounts(item) for key, item in cast("Mapping[object, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_amounts(item) for item in cast("Iterable[object]", value)]
    return value


def _time_in_queue(queue: TimeInQueue | None) -> Object | None:
    if queue is None:
        return None
    return {
        "since": time_text(queue.since),
        "hours": float(queue.hours),
        "cites": list(queue.cites),
        "text": queue.text,
    }


def _reproduction(reproduction: Reproduction | None) -> Object | None:
    if reproduction is None:
        return None
    return {
        "preconditions": _statements(reproduction.preconditions),
        "steps": _statements(reproduction.steps),
        "expected": _statement(reproduction.expected or _not_recorded(reproduction)),
        "actual": _statement(reproduction.actual or _not_recorded(reproduction)),
        "environment": dict(reproduction.environment),
        "frequency": _statement(reproduction.frequency),
        "ruled_out": _statements(reproduction.ruled_out),
        "cites": list(reproduction.cites),
        "missing": list(reproduction.missing),
        "evidence": _statements(reproduction.evidence),
        "notes": _statements(reproduction.notes),
    }


def _not_recorded(reproduction: Reproduction) -> Statement:
    """The schema has a statement here always; where no record holds one, it says so over the records that were read."""
    return Statement("not recorded", reproduction.cites, "absence")


def _statement(statement: Statement | None) -> Object | None:
    if statement is None:
        return None
    return {
        "text": statement.text,
        "cites": list(statement.cites),
        "kind": statement.kind,
        "formula": statement.formula,
    }


def _statements(statements: Iterable[Statement]) -> list[Object | None]:
    return [_statement(statement) for statement in statements]


def _reason(reason: Reason) -> Object:
    return {
        "criterion": reason.criterion,
        "holds": reason.holds,
        "text": reason.text,
        "cites": list(reason.cites),
        "formula": reason.formula,
    }


def _refs(refs: Iterable[Ref]) -> list[Object]:
    return [_ref(ref) for ref in refs]


def _ref(ref: Ref) -> Object:
    known: Object = {"id": ref.id, "title": ref.title, "url": ref.url or None, "cites": list(ref.cites)}
    return {**known, "note": ref.note} if ref.note else known


def _deadline(deadline: Deadline | None) -> Object | None:
    if deadline is None:
        return None
    return {"at": time_text(deadline.at), "why": deadline.why, "cites": list(deadline.cites)}


def _handling(handling: Handling | None) -> Object | None:
    if handling is None:
        return None
    return {"how": _statements(handling.how), "articles": _refs(handling.articles)}


def _row(row: Evidence) -> Object:
    author = row.author
    return {
        "id": row.id,
        "category": row.category,
        "connector": row.connector,
        "record": row.record,
        "url": row.url or None,
        "at": None if row.at is None else time_text(row.at),
        "author": None
        if author is None or not (author.name or author.role)
        else {"name": author.name, "role": author.role},
        "text": row.text,
        "origin": row.origin,
        "title": row.title,
        "public": row.public,
        "complete": row.complete,
        "inputs": list(row.inputs),
        "formula": row.formula or None,
    }


def _verification(verification: Verification) -> Object:
    return {
        "statements": verification.statements,
        "supported": verification.supported,
        "unsupported": [{"path": item.path, "text": item.text, "why": item.why} for item in verification.unsupported],
    }


def _next_step(step: NextStep) -> Object:
    return {
        "id": step.id,
        "kind": step.kind,
        "title": step.title,
        "destination": step.destination,
        "preview": step.preview,
        "offer": step.offer,
    }


def _source(source: SourceReport) -> Object:
    return {
        "category": source.category,
        "connector": source.connector,
        "status": source.status,
        "records": source.records,
        "error": source.error,
        "note": source.note,
    }
