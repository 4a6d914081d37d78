"""Whether figures and names that a statement puts side by side stand side by side in a row as well."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.names import Name
from customer_escalation.verify.quantities import agrees
from customer_escalation.verify.sources import Source, plain, stands


class _Anchor(NamedTuple):
    text: str
    start: int
    fact: Fact | None


def apart(facts: Sequence[Fact], found: Sequence[Name], stated: Sequence[Clause], rows: Sequence[Source]) -> list[str]:
    """Neighbours within a clause that one row holds, but nowhere near each other."""
    anchors = [_Anchor(plain(fact.text), fact.start, fact) for fact in facts if fact.kind in ("number", "pair", "id")]
    anchors += [_Anchor(plain(name.text), name.start, None) for name in found]
    anchors.sort(key=lambda anchor: anchor.start)
    for clause in stated:
        inside = [anchor for anchor in anchors if clause.start <= anchor.start < clause.end]
        for one, two in pairwise(inside):
            if one.text == two.text or (one.fact is not None and two.fact is not None):
                continue
            if not _near(one, two, rows):
                return [f"“{one.text}” and “{two.text}” do not stand together in any cited row"]
    return []


def _near(one: _Anchor, two: _Anchor, rows: Sequence[Source]) -> bool:
    """Whether some row holds both within two sentences or among its fields, or one in its head, or rows share them."""
    first, second = ([_places(anchor, row) for row in rows] for anchor in (one, two))
    if any(stands(one.text, row.fields_said) and stands(two.text, row.fields_said) for row in rows):
        return True
    for places, others in zip(first, second, strict=True):
        if places is None or others is None:
            if places is not others or (places is None and others is None):
                return True
            continue
        apart = 0 if one.fact is None and two.fact is None else 1
        if any(abs(place - other) <= apart for place in places for other in others):
            return True
    holds_one = {number for number, places in enumerate(first) if places}
    holds_two = {number for number, places in enumerate(second) if places}
    if not holds_one or not holds_two:
        return True
    return not holds_one & holds_two


def _places(anchor: _Anchor, row: Source) -> list[int] | None:
    """The numbers of the sentences that hold the anchor; None where the head of the row holds it."""
    fact = anchor.fact
    if fact is None or fact.kind == "id":
        if stands(anchor.text, row.head):
            return None
        return [number for number, said in enumerate(row.sentences) if stands(anchor.text, said)]
    wanted = fact.quantities[0]
    return [number for number, known in row.figures if agrees(wanted, known)]
