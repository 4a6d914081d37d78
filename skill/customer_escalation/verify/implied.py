"""Figures and dates that no row has in so many words, and that follow from the cited rows: counts, spans, weekdays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations, takewhile
from typing import NamedTuple

from customer_escalation.verify import moments
from customer_escalation.verify import quantities as q
from customer_escalation.verify.facts import Reading
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.meaning import Vocabulary
from customer_escalation.verify.moments import Moment
from customer_escalation.verify.quantities import Quantity, agrees
from customer_escalation.verify.sources import Source
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import COUNTED, listed
from customer_escalation.verify.words import content, parts

_WRITTEN = listed(
    """
    sources views versions accounts answers statements notes messages replies comments reports records articles rows
    tickets cases threads issues opinions stories explanations sides
    """
)
_OWNERS = listed("customers companies tenants clients accounts")
_SPEAKERS = listed("colleagues people persons engineers agents voices views versions sides")
_APART = listed("later after before earlier apart between prior sooner")
_PART = listed("first last next")
_ENDS = frozenset(".;!?")
_IDS = re.compile(r"(?<![\w-])([a-z]{2,9})_\w*\d\w*", re.IGNORECASE)
NEAR, REACH, MOST_TIMES = 4, 9, 40
DAY = 86400.0
WEEK = timedelta(days=8)
NUMBERS = q.WORDS.keys() - {"one", "twice", "thrice", "couple", "pair"}


def follows(fact: Fact, reading: Reading, rows: Sequence[Source], now: datetime) -> bool:
    """Whether a hard fact of a text follows from what the rows are, or from two times that they name."""
    cited = [row for row in rows if row.row.origin not in ("coverage", "computed", "typed")]
    if fact.kind == "moment":
        return any(_recurs(said, cited, now) for said in fact.moments)
    if fact.kind != "number":
        return False
    if fact.quantities[0].unit == "s":
        return _spans(fact, reading, cited)
    return not fact.quantities[0].unit and (_counted(fact, reading, cited) or _told(fact, reading, cited))


def _counted(fact: Fact, reading: Reading, cited: Sequence[Source]) -> bool:
    """Whether "all four tickets" counts the records, or the customers, that are cited."""
    around = [token for token in reading.tokens if fact.start - 8 <= token.start < fact.end + 24]
    if not any(token.text.lower() in COUNTED for token in around):
        return False
    return fact.quantities[0].value in (len(_records(cited)), len(_customers(cited)))


def _records(cited: Sequence[Source]) -> set[tuple[str, str]]:
    return {(row.row.category, row.row.record) for row in cited}


def _customers(cited: Sequence[Source]) -> set[str]:
    return {row.context_customer for row in cited} - {""}


def _told(fact: Fact, reading: Reading, cited: Sequence[Source]) -> bool:
    """Whether a number word counts what is cited, what the sentence goes on to list, or the ids of one row."""
    value = fact.quantities[0].value
    if fact.text.lower() not in NUMBERS:
        return False
    after = _rest(fact, reading)
    nouns = {token.text.lower() for token in after[:NEAR]}
    counts: set[int] = set()
    if not nouns.isdisjoint(_WRITTEN):
        counts |= {len(_records(cited)), len(cited)}
    if not nouns.isdisjoint(_OWNERS):
        counts.add(len(_customers(cited)))
    if not nouns.isdisjoint(_SPEAKERS):
        counts.add(len({row.row.author.name for row in cited if row.row.author is not None}))
    if nouns & {"id", "ids"}:
        counts |= set(_ids(nouns, cited))
    return value in counts | _listed(after)


def _rest(fact: Fact, reading: Reading) -> list[Token]:
    """What follows the fact in its sentence."""
    found: list[Token] = []
    for token in reading.tokens:
        if token.start >= fact.end:
            if token.kind == "line" or (token.text in _ENDS and (token.text != ";" or not found)):
                break
            found.append(token)
    return found


def _listed(after: Sequence[Token]) -> set[int]:
    """How many things the sentence lists: after a colon, or one by one ("one of ... and one of ...")."""
    words = [token.text.lower() for token in after]
    counts = {words.count("one")}
    if ":" in words:
        things = words[words.index(":") + 1 :]
        counts |= {1 + things.count(","), 1 + things.count(";"), 1 + things.count("and")}
        counts.add(1 + sum(word == "and" or (word == "," and after != "and") for word, after in _pairs(things)))
    return counts - {0, 1}


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(words, [*words[1:], ""], strict=False)


def _ids(nouns: set[str], cited: Sequence[Source]) -> Iterator[int]:
    """How many different ids of the kind that is named each row holds: "request ids" are those that begin with req_."""
    for row in cited:
        found: dict[str, set[str]] = {}
        for match in _IDS.finditer(row.blob):
            found.setdefault(match[1], set()).add(match[0])
        yield from (len(ids) for prefix, ids in found.items() if any(noun.startswith(prefix) for noun in nouns))


def _spans(fact: Fact, reading: Reading, cited: Sequence[Source]) -> bool:
    """Whether "two days later" lies between two times that the rows have."""
    after = _rest(fact, reading)
    near = {token.text.lower() for token in after[:2]}
    before = [token.text.lower() for token in reading.tokens if token.end <= fact.start][-1:]
    if near.isdisjoint(_APART) and _PART.isdisjoint(before):
        return False
    said = fact.quantities[0]
    event = takewhile(lambda token: token.kind != "mark", after[1:REACH])
    named = {word for token in event for part in parts(token.text) if (word := content(part))}
    for one, two in combinations(sorted(_times(cited), key=lambda time: time.at), 2):
        gap = (two.at.date() - one.at.date()) if said.step >= DAY else (two.at - one.at)
        if gap and agrees(said, Quantity(gap.total_seconds(), "s", 0.0)) and _in_order(near, named, one.row, two.row):
            return True
    return False


def _in_order(near: set[str], named: set[str], first: Source, last: Source) -> bool:
    """Whether what is named after "after" is not the later of two events, and after "before" not the earlier."""
    if near.isdisjoint(("after", "before")):
        return True
    one, two = (sum(Vocabulary([row]).covers(word) for word in named) for row in (first, last))
    return one >= two if "after" in near else two >= one


class _Time(NamedTuple):
    at: datetime
    row: Source


def _times(cited: Sequence[Source]) -> list[_Time]:
    """The times of the rows and those that their texts name; a weekday may be that of any row."""
    found = [_Time(row.row.at.astimezone(UTC), row) for row in cited if row.row.at is not None]
    days = list(dict.fromkeys(time.at.date() for time in found))
    for row in cited:
        own = [row.row.at.astimezone(UTC).date()] if row.row.at is not None else days
        for said in row.told:
            near = own if said.weekday is None else [day for day in days if day.weekday() == said.weekday]
            whole = [Moment(day.year, day.month, day.day) for day in near] if said.day is None else [said]
            found += [_Time(at, row) for day in whole if (at := _at(day, said)) is not None]
    return found[:MOST_TIMES]


def _at(day: Moment, time: Moment) -> datetime | None:
    try:
        date = (day.year or 0, day.month or 0, day.day or 0)
        return datetime(*date, time.hour or 0, time.minute or 0, time.second or 0, tzinfo=UTC)
    except ValueError:
        return None


def _recurs(said: Moment, cited: Sequence[Source], now: datetime) -> bool:
    """Whether "Wednesday 25 November" is the next of the Wednesdays that a row speaks of."""
    year = said.year or now.year
    day = _at(said._replace(year=year), Moment())
    if said.weekday is None or said.has_time or day is None or day.weekday() != said.weekday:
        return False
    name = moments.DAYS[said.weekday]
    weekly = re.compile(rf"\b(?:{name}s|(?:every|each) {name})\b")
    return abs(day - now.astimezone(UTC)) <= WEEK and any(weekly.search(row.blob) for row in cited)
