"""Which evidence a result rests on, in the order in which a reader meets it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import cast

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


def cited_claims(result: Result) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every text of the result with the ids it cites, in reading order."""
    for part in _parts(result):
        yield from _claims(part)


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
    parts: tuple[object, ...] = (result.brief, result.conflicts, result.reasons)
    return parts if result.handling is None else (result.brief.title, result.handling, *parts)


def _claims(value: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every line below a value, one that has lines under it before those."""
    if isinstance(value, tuple):
        for item in cast("tuple[object, ...]", value):
            yield from _claims(item)
    elif is_dataclass(value):
        items = {item.name: cast("object", getattr(value, item.name)) for item in fields(value)}
        yield from _claim([item for item in items.values() if isinstance(item, str)], items.pop("cites", ()))
        for item in items.values():
            yield from _claims(item)
    elif not isinstance(value, str) and isinstance(value, Mapping):
        values = cast("Mapping[str, object]", value)
        yield from _claim([], values.get("cites"))
        for item in values.values():
            yield from _claims(item)


def _claim(texts: list[str], cites: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(cites, (tuple, list)) and cites:
        yield " ".join(texts), tuple(str(item) for item in cast("tuple[object, ...]", cites))
