"""What a time or an amount belongs to: "the release for 17:30", where the row has the next update at 17:30."""

from __future__ import annotations

from collections.abc import Sequence

from customer_escalation.verify.claim import Claim, held, stems
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.moments import of, time_agrees
from customer_escalation.verify.quantities import CURRENCIES, agrees
from customer_escalation.verify.sources import Source
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import alike

_TIMES = listed("for at by until")
_BOUNDS = listed("up above over below under to of exceeding beyond")
_STARTS = listed("start started starts began begins begin beginning onset since")
_WITH = listed("at with since after on from by")
_EVENTS = listed(
    """
    release releases rollout deploy deployment update upgrade migration rotation restart maintenance outage hotfix
    switchover cutover reset failover reorganisation audit move relaunch
    """
)
_SETS = listed("has have had set sets announced announces scheduled schedules planned plans promised promises put puts")
_OPENERS = listed("the a an this its his her their our next last to on for of get")
REACH = 5


def other_bearer(claim: Claim) -> str:
    """A time or an amount beside a word that the rows use, but never in a sentence that has it."""
    for fact in claim.reading.facts:
        word = _bearer(fact, claim.reading.tokens)
        if not word or not claim.affirmed(fact.start):
            continue
        places = [(row, number) for row in claim.told for number in _places(fact, row)]
        if not places or any(held(word, _stems(row, number)) for row, number in places):
            continue
        if _is_of_record(fact, claim.told) or not any(_has(word, row) for row in claim.told):
            continue
        return f"“{fact.text}” is of something else than “{word}” in the cited rows"
    return ""


def _bearer(fact: Fact, found: Sequence[Token]) -> str:
    """The stem of the noun in "the release for 17:30", "dates above EUR 500"."""
    before = [token for token in found if token.end <= fact.start][-4:]
    timed = fact.kind == "moment" and fact.moments[0].has_time
    money = fact.kind == "number" and fact.quantities[0].unit in CURRENCIES
    words = _TIMES if timed else _BOUNDS if money else frozenset[str]()
    at = len(before) - 1
    if at > 0 and before[at].text.lower() == "to" and before[at - 1].text.lower() == "up":
        at -= 1
    if at < 2 or before[at].text.lower() not in words or before[at - 2].text.lower() not in _OPENERS:
        return ""
    if timed and (at < 3 or before[at - 3].text.lower() not in _SETS):
        return ""
    return next(iter(stems(before[at - 1 : at])), "") if before[at - 1].kind == "word" else ""


def _places(fact: Fact, row: Source) -> list[int]:
    """The numbers of the sentences of a row that have the time or the amount."""
    found: list[int] = []
    for one in row.reading.facts:
        if one.kind != fact.kind:
            continue
        if fact.kind == "moment":
            same = one.moments[0].has_time and time_agrees(fact.moments[0], one.moments[0])
        else:
            same = agrees(fact.quantities[0], one.quantities[0])
        if same:
            found += [clause.sentence for clause in row.clauses if clause.start <= one.start < clause.end]
    return found


def _stems(row: Source, number: int) -> set[str]:
    return set[str]().union(*(clause.stems for clause in row.clauses if clause.sentence == number))


def _is_of_record(fact: Fact, rows: Sequence[Source]) -> bool:
    """Whether a time is when a row was written, or an amount a field of a record."""
    if fact.kind == "moment":
        return any(row.row.at is not None and time_agrees(fact.moments[0], of(row.row.at)) for row in rows)
    values = (value for row in rows for value in row.row.fields.values() if isinstance(value, (int, float)))
    return any(abs(float(value) - fact.quantities[0].value) < 1.0 for value in values)


def _has(word: str, row: Source) -> bool:
    return any(alike(word, one) for one in row.stems)


def other_onset(claim: Claim) -> str:
    """ "It began with the release", where no cited row speaks of one."""
    found = claim.reading.tokens
    for at, token in enumerate(found):
        if token.text.lower() not in _STARTS or not claim.plainly(token.start):
            continue
        after = found[at + 1 : at + 1 + REACH]
        anchor = (
            0
            if token.text.lower() == "since"
            else next((n + 1 for n, t in enumerate(after) if t.text.lower() in _WITH), -1)
        )
        inside = after[anchor:] if anchor >= 0 else ()
        event = next((t for t in inside if t.text.lower() in _EVENTS), None)
        if event is None or any(held(word, row.stems) for word in stems([event]) for row in claim.rows):
            continue
        return f"no cited row speaks of the “{event.text}”: say when it began"
    return ""
