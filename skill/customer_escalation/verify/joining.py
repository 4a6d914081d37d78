"""A hard fact, and neighbours that are one: "18 November 16:40", "6 d 5 h", "2 to 3 %"."""

from __future__ import annotations

from typing import NamedTuple

from customer_escalation.verify.moments import Moment
from customer_escalation.verify.quantities import Quantity

_RANGE = {"to", "-", "–", "—", "and", "or", "→"}


class Fact(NamedTuple):
    """One hard fact: kind is number, pair, moment or id; `value` is what it amounts to, `text` how it is written."""

    kind: str
    text: str
    start: int
    end: int
    quantities: tuple[Quantity, ...] = ()
    moments: tuple[Moment, ...] = ()
    is_ordinal: bool = False


def joined(text: str, found: list[Fact]) -> list[Fact]:
    """Neighbours that are one fact: "18 November 16:40", "Monday 23 November", "6 d 5 h"; a range shares its unit."""
    joined: list[Fact] = []
    for fact in found:
        last = joined[-1] if joined else None
        between = text[last.end : fact.start].strip(" \t") if last is not None else ""
        if last is not None and len(text[last.end : fact.start]) <= 12:
            if last.kind == fact.kind == "moment":
                whole = _one_moment(last, fact, between.lower())
                if whole is not None:
                    joined[-1] = whole
                    continue
            elif last.kind == fact.kind == "number":
                if _is_rest(last, fact, between):
                    joined[-1] = _sum(text, last, fact)
                    continue
                if between.lower() in _RANGE or between in ("->", "- >"):
                    joined[-1] = _with_unit(last, fact)
        joined.append(fact)
    return joined


def _one_moment(last: Fact, fact: Fact, between: str) -> Fact | None:
    if between not in ("", ",", "at", ", at", "(", "on", "the", "on the", "by"):
        return None
    one, two = last.moments[0], fact.moments[0]
    clash = any(a is not None and b is not None for a, b in zip(one, two, strict=True))
    if clash or (one.has_time and two.has_time):
        return None
    whole = [
        Moment(*(a if a is not None else b for a, b in zip(first, second, strict=True)))
        for first in last.moments
        for second in fact.moments
    ]
    return Fact("moment", f"{last.text} {fact.text}", last.start, fact.end, (), tuple(whole))


def _is_rest(last: Fact, fact: Fact, between: str) -> bool:
    """Whether "5 h" follows on "6 d": the same family, a smaller unit, nothing but "and" between."""
    one, two = last.quantities[0], fact.quantities[0]
    return one.unit == two.unit == "s" and between in ("", "and", ",") and two.value < one.step and two.step < one.step


def _sum(text: str, last: Fact, fact: Fact) -> Fact:
    one, two = last.quantities[0], fact.quantities[0]
    whole = Quantity(one.value + two.value, one.unit, two.step, one.fuzz)
    return Fact("number", text[last.start : fact.end], last.start, fact.end, (whole,))


def _with_unit(last: Fact, fact: Fact) -> Fact:
    """The left end of a range takes the unit of the right one: "2 to 3 %"."""
    one, two = last.quantities[0], fact.quantities[0]
    if one.unit or not two.unit:
        return last
    factor = two.step if two.step and two.unit == "s" else 1.0
    scaled = (
        Quantity(one.value * factor, two.unit, one.step * factor, one.fuzz)
        if two.unit == "s"
        else one._replace(unit=two.unit)
    )
    return last._replace(quantities=(scaled,))
