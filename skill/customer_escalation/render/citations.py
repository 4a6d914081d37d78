"""Which evidence a result rests on, in the order in which a reader meets it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from msgspec import Struct

from customer_escalation.brief import Result
from customer_escalation.evidence import Evidence

TYPED = "R-0"


def cited_rows(result: Result) -> list[Evidence]:
    """The rows that the result rests on, inputs of computed rows included, by first citation.

    What the person typed and the coverage rows are always there; rows that nothing cites are not.
    """
    rows: dict[str, Evidence] = {}
    for _, cites in cited_claims(result):
        for cite in cites:
            _collect(result, cite, rows)
    for row in result.evidence:
        if row.id == TYPED or row.origin == "coverage":
            _collect(result, row.id, rows)
    return list(rows.values())


def cited_claims(result: Result) -> list[tuple[str, tuple[str, ...]]]:
    """Every text of the result with the ids it cites, in reading order."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for part in _parts(result):
        _collect_claims(part, found)
    return found


def _collect(result: Result, evidence_id: str, rows: dict[str, Evidence]) -> None:
    """Add the row and, after it, the rows it was worked out from."""
    waiting = [evidence_id]
    while waiting:
        row = result.evidence.get(waiting.pop())
        if row is None or row.id in rows:
            continue
        rows[row.id] = row
        waiting.extend(reversed(row.inputs))


def _parts(result: Result) -> tuple[object, ...]:
    parts: tuple[object, ...] = (result.brief, result.conflicts, result.reasons, result.dissent)
    return parts if result.handling is None else (result.brief.title, result.handling, *parts)


def _collect_claims(value: object, found: list[tuple[str, tuple[str, ...]]]) -> None:
    """Every line below a value, one that has lines under it before those."""
    if isinstance(value, str) or value is None:
        return
    if isinstance(value, tuple):
        for item in cast("tuple[object, ...]", value):
            _collect_claims(item, found)
    elif isinstance(value, Struct):
        items = {name: cast("object", getattr(value, name)) for name in value.__struct_fields__}
        texts = [item for item in items.values() if isinstance(item, str)]
        _cited(texts, items.pop("cites", ()), found)
        for item in items.values():
            _collect_claims(item, found)
    elif isinstance(value, Mapping):
        values = cast("Mapping[str, object]", value)
        _cited([], values.get("cites"), found)
        for item in values.values():
            _collect_claims(item, found)


def _cited(texts: list[str], cites: object, found: list[tuple[str, tuple[str, ...]]]) -> None:
    if isinstance(cites, (tuple, list)) and cites:
        found.append((" ".join(texts), tuple(str(item) for item in cast("tuple[object, ...]", cites))))
