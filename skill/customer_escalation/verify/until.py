"""Which end a span was counted to, and whether one thing is in time for another: the dates of the rows decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from customer_escalation.verify.claim import Claim, lows, row_sentences, sentences, stems, up_to
from customer_escalation.verify.formula import Call, FormulaError, Text, parse
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.moments import Moment
from customer_escalation.verify.sources import Source, worked_out
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed

_SPANS = frozenset(("hours", "days"))
_FOLLOWS = listed("follows followed")
_ANAPHORS = listed("it that this them")
_BEFORE = listed("before ahead")
_PARTS = {"end": 28, "late": 25, "mid": 15, "middle": 15, "beginning": 1, "early": 1, "start": 1}
HALF_A_YEAR = 6


def other_end(claim: Claim) -> str:
    """The date of a sentence that counts days or hours, where the formula counts to or from another."""
    ends = _ends(claim.formula)
    dated = [fact for fact in claim.reading.facts if fact.kind == "moment" and fact.moments[0].day]
    if not ends or len(dated) != 1 or claim.kind != "derived":
        return ""
    said = dated[0].moments[0]
    if any(abs((_ordinal(said.month, said.day)) - _ordinal(end.month, end.day)) <= 1 for end in ends):
        return ""
    return f"the formula counts with {ends[0]:%d %B}, and the sentence speaks of “{dated[0].text}”"


def _ends(formula: str) -> list[datetime]:
    """The dates written in a formula that counts from or to now; none where it counts between rows."""
    try:
        tree = parse(formula) if formula else None
    except FormulaError:
        return []
    if not isinstance(tree, Call) or tree.name not in _SPANS or len(tree.arguments) != 2:
        return []
    texts = [node.value for node in tree.arguments if isinstance(node, Text)]
    if len(texts) != 1 or "now" not in formula:
        return []
    try:
        return [datetime.fromisoformat(text) for text in texts]
    except ValueError:
        return []


def _ordinal(month: int | None, day: int | None) -> int:
    return 31 * (month or 0) + (day or 0)


def too_late(claim: Claim) -> str:
    """ "It is ready by the end of January, and the audit follows it", where a row dates the audit before that."""
    for said in sentences(claim.reading.tokens):
        event = _event(said)
        if not event:
            continue
        inside = (f for f in claim.reading.facts if said[0].start <= f.start < said[-1].end and f.kind == "moment")
        ends = [day for fact in inside if (day := _day(fact, said)) is not None]
        known = list(_dates(event, claim.told))
        if ends and known and all(0 < ends[0] - day < 31 * HALF_A_YEAR for day in known):
            return f"the cited rows have the {min(event)} before that, not after it"
    return ""


def _event(said: Sequence[Token]) -> set[str]:
    """What is said to come later than something: "the audit follows it", "in time for the audit"."""
    words = lows(said)
    for at, word in enumerate(words):
        if word in _FOLLOWS and words[at + 1 : at + 2] and words[at + 1] in _ANAPHORS and at:
            return stems(said[at - 1 : at])
        if words[at : at + 3] == ["in", "time", "for"] or (word in _BEFORE and at and words[at - 1] != "not"):
            event = stems(up_to(said, at + (3 if word == "in" else 1))[:3])
            if event and not any(other in _FOLLOWS for other in words):
                return event
    return set()


def _day(fact: Fact, said: Sequence[Token]) -> int | None:
    """The day of the year of "14 January" and "the end of January", roughly; months count 31 days."""
    moment = fact.moments[0]
    before = [token.text.lower() for token in said if token.end <= fact.start][-2:]
    part = next((_PARTS[word] for word in before if word in _PARTS), None)
    if moment.month is None or (moment.day is None and part is None):
        return None
    return _ordinal(moment.month, moment.day or part)


def _dates(event: set[str], rows: Sequence[Source]) -> Iterator[int]:
    """The days on which the rows' sentences have the event, where they name it right before the date."""
    for row, inside in row_sentences(rows):
        for fact in row.reading.facts:
            if fact.kind != "moment" or not inside[0].start <= fact.start < inside[-1].end:
                continue
            near = [token for token in inside if token.end <= fact.start]
            if event <= stems(near[-12:]):
                yield from (_of(one) for one in worked_out(fact.moments[0], row.row.at) if one.day and one.month)


def _of(one: Moment) -> int:
    return _ordinal(one.month, one.day)
