"""Which came first: "whereupon", "afterwards", "has since", "40 minutes earlier". The times of the rows decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from customer_escalation.verify import moments
from customer_escalation.verify.actors import Speaker, rows_by
from customer_escalation.verify.claim import Claim
from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.facts import Reading
from customer_escalation.verify.sources import Source
from customer_escalation.verify.support import Support
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed

_THEN = listed("whereupon afterwards afterward thereafter thereupon subsequently")
_AFTER_THAT = (["after", "that"], ["only", "then"])
_HAS = frozenset(("has", "have"))
_ENDS = frozenset(".!?\n")


def out_of_order(
    reading: Reading, stated: Sequence[Clause], spoken: Sequence[Speaker], rows: Sequence[Source]
) -> list[str]:
    """What is said to have followed something that the rows date later."""
    if not _follows(reading.tokens):
        return []
    timed = [row for row in rows if row.row.at is not None and row.row.author is not None]
    before: list[datetime] = []
    for clause in stated:
        own = list(_when(clause, reading, spoken, timed))
        word = _follows([t for t in reading.tokens if clause.start <= t.start < clause.end])
        if word and own and before and max(own) < min(before):
            return [f"“{word}” is the wrong way around: the cited rows have it before"]
        before = own or before
    return []


def _follows(inside: Sequence[Token]) -> str:
    """The word by which a clause says that it came after what was told before."""
    words = [token.text.lower() for token in inside]
    for number, word in enumerate(words):
        if words[number : number + 2] in _AFTER_THAT and words[number + 2 : number + 3] not in ([","], []):
            return " ".join(words[number : number + 2])
        if word in _THEN or (word == "since" and words[number - 1 : number] and words[number - 1] in _HAS):
            return word
    return ""


def _when(clause: Clause, reading: Reading, spoken: Sequence[Speaker], rows: Sequence[Source]) -> Iterator[datetime]:
    """The times of the rows that a clause tells of: of its speaker, of its day, or that alone hold its facts."""
    speaker = next((one for one in spoken if clause.start <= one.start < clause.end), None)
    if speaker is not None and speaker.name:
        yield from (row.row.at for row in rows_by(speaker, rows) if row.row.at is not None)
        return
    facts = [f for f in reading.facts if clause.start <= f.start < clause.end]
    for row in rows:
        alone = row.row.at is not None and facts and all(Support([row], row.row.at).holds(fact) for fact in facts)
        if alone and row.row.at is not None:
            yield row.row.at


def earlier_or_later(claim: Claim) -> str:
    """ "At 17:00, and the alarm came 40 minutes earlier", where the rows have a time later by that."""
    reading, rows = claim.reading, claim.rows
    for fact in reading.facts:
        word = next((t.text.lower() for t in reading.tokens if t.start >= fact.end), "")
        unit = fact.quantities[0] if fact.kind == "number" and fact.quantities[0].unit == "s" else None
        if unit is None or word not in ("earlier", "later"):
            continue
        clocks = [one.moments[0] for one in reading.facts if one.kind == "moment" and one.end <= fact.start]
        told = [clock for clock in clocks if clock.hour is not None]
        if told:
            at = (told[-1].hour or 0) * 60 + (told[-1].minute or 0)
            gap = round(unit.value / 60) * (1 if word == "later" else -1)
            if gap and not _at_clock(at + gap, rows) and _at_clock(at - gap, rows):
                return f"“{fact.text} {word}” is the wrong way around in the cited rows"
    return ""


def _at_clock(minute: int, rows: Sequence[Source]) -> bool:
    """Whether a row was written, or tells of something, at that minute of a day."""
    wanted = moments.Moment(hour=minute // 60 % 24, minute=minute % 60)
    return any(moments.time_agrees(wanted, known) for row in rows for known in row.moments if known.has_time)
