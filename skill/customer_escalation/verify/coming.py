"""What is still to come: "it will be resent", "the reply was due". The rows must look ahead to it as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.facts import Reading
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.moments import Moment, date_agrees, of, time_agrees
from customer_escalation.verify.sources import Source
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import HEDGES, QUESTIONED, listed

_WILL = listed("will shall going 'll")
_OPEN = HEDGES | QUESTIONED | listed("if unless when not never nobody nothing no how until")
_AHEAD = listed(
    """
    will shall going would next plan plans planned planning promise promised promises until tomorrow soon upcoming due
    intend intends scheduled schedule future renewal renews target deadline starts begins ends opens closes
    """
)
_SHORT = ("'ll", "’ll", "won't", "won’t")
_DUE = listed("due expired overdue")
_OVER = listed("was were fell ran expired lapsed passed")
_RAN_OUT = ("ran", "out")
REACH = 6


def ahead(reading: Reading, stated: Sequence[Clause], rows: Sequence[Source]) -> list[str]:
    """What is told as sure to come, where no cited row looks ahead."""
    if any(_looks_ahead(row) for row in rows):
        return []
    for number in sorted({clause.sentence for clause in stated}):
        inside = [clause for clause in stated if clause.sentence == number]
        said = [t for t in reading.tokens if inside[0].start <= t.start < inside[-1].end]
        word = _certain([token.text.lower() for token in said])
        if word:
            return [f"no cited row says what “{word}” be: say may or would, or what a row says of it"]
    return []


def _certain(words: Sequence[str]) -> str:
    """The "will" of a sentence that neither asks, doubts nor denies it."""
    word = next((one for one in words if one in _WILL and (one != "going" or "to" in words)), "")
    return word if word and _OPEN.isdisjoint(words) else ""


def _looks_ahead(row: Source) -> bool:
    return not row.lows.isdisjoint(_AHEAD) or any(short in row.said for short in _SHORT)


def due(reading: Reading, stated: Sequence[Clause], rows: Sequence[Source], now: datetime) -> list[str]:
    """When something is due: told as over while its time is still to come, or at the time of something else."""
    times = [at for row in rows if isinstance(at := row.row.fields.get("due_at"), datetime)]
    if not times or any(row.row.origin == "computed" for row in rows):
        return []
    for clause in stated:
        inside = [token for token in reading.tokens if clause.start <= token.start < clause.end]
        at = _where_due(inside)
        if at < 0 or clause.denies:
            continue
        said = [f for f in reading.facts if f.kind == "moment" and 0 <= f.start - inside[at].start < 40]
        if said and said[0].start < clause.end and _is_anothers(said[0], rows, times):
            return [f"“{said[0].text}” is not when it is due in the cited rows"]
        words = {token.text.lower() for token in inside[max(0, at - REACH) : at + 1]}
        if not words.isdisjoint(_OVER) and all(time > now for time in times) and not _told(rows, now):
            return ["it is due at a time that is still to come: say so"]
    return []


def _where_due(inside: Sequence[Token]) -> int:
    words = [token.text.lower() for token in inside]
    for number, word in enumerate(words):
        if word in _DUE or tuple(words[number : number + 2]) == _RAN_OUT:
            return number
    return -1


def _is_anothers(fact: Fact, rows: Sequence[Source], times: Sequence[datetime]) -> bool:
    """Whether a moment is when a record was made or changed, and not when it is due, nor told in any text."""
    said = fact.moments[0]
    if said.relative is not None or any(_agrees(said, of(at)) for at in times):
        return False
    spoken = [one for row in rows if "/" in row.row.id for one in row.told]
    return not any(_agrees(said, one) for one in spoken)


def _agrees(said: Moment, known: Moment) -> bool:
    return (not said.has_date or date_agrees(said, known)) and (not said.has_time or time_agrees(said, known))


def _told(rows: Sequence[Source], now: datetime) -> bool:
    """Whether the text of a message tells of another time that is over."""
    spoken = (fact for row in rows if "/" in row.row.id for fact in row.reading.facts)
    return any(_before(one, now) for fact in spoken for one in fact.moments if one.day and one.month)


def _before(one: Moment, now: datetime) -> bool:
    return (one.year or now.year, one.month or 0, one.day or 0) < (now.year, now.month, now.day)
