"""Two things told of two others, each of the wrong one: records, figures and their ids, figures and their days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.facts import Reading
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.meaning import weighty
from customer_escalation.verify.moments import Moment, date_agrees, weekday_of
from customer_escalation.verify.quantities import agrees
from customer_escalation.verify.sources import Source, plain, stands, worked_out

_PARTS = frozenset((",", ".", ";", ":", "and"))
MARGIN = 2
NEAR = 24


def swapped(reading: Reading, stated: Sequence[Clause], rows: Sequence[Source]) -> list[str]:
    """Why something is told of the wrong one of two; empty where it is not."""
    why = _records(reading, stated, rows) or _in_brackets(reading, rows) or _days(reading, rows)
    return [why] if why else []


def _records(reading: Reading, stated: Sequence[Clause], rows: Sequence[Source]) -> str:
    """Two records of a sentence, each with the words that only the other's rows hold."""
    for (one, first), (two, second) in pairwise(_groups(reading, stated, rows)):
        if one == two or first[0].sentence != second[0].sentence:
            continue
        mine, theirs = _only(one, two, rows), _only(two, one, rows)
        words, others = _words(first), _words(second)
        right = len(words & mine) + len(others & theirs)
        wrong = len(words & theirs) + len(others & mine)
        if wrong >= right + MARGIN and words & theirs | others & mine and (not right or wrong > 2 * right):
            return f"what is said of {one} and of {two} stands the other way around in the cited rows"
    return ""


def _groups(reading: Reading, stated: Sequence[Clause], rows: Sequence[Source]) -> Iterator[tuple[str, list[Clause]]]:
    """The clauses that follow the name of a cited record, up to the next such name or the end of the sentence."""
    records = {plain(row.row.record) for row in rows if row.row.origin != "coverage"}
    current, group = "", list[Clause]()
    for clause in stated:
        inside = [f for f in reading.facts if clause.start <= f.start < clause.end and f.kind in ("id", "number")]
        named = next((plain(fact.text) for fact in inside if plain(fact.text) in records), "")
        if group and (named or clause.sentence != group[-1].sentence):
            yield current, group
            current, group = "", []
        if named or group:
            current = named or current
            group.append(clause)
    if group:
        yield current, group


def _words(group: Sequence[Clause]) -> set[str]:
    return {word.stem for clause in group for word in weighty(clause)}


def _only(record: str, other: str, rows: Sequence[Source]) -> set[str]:
    """The words that only the one record's rows hold."""
    own, strange = set[str](), set[str]()
    for row in rows:
        name = plain(row.row.record)
        if name == record:
            own |= row.stems
        elif name == other:
            strange |= row.stems
    return own - strange


def _in_brackets(reading: Reading, rows: Sequence[Source]) -> str:
    """A figure and an id side by side in brackets, which a row holds in different lines only."""
    for inside in _bracketed(reading):
        ids = [fact for fact in inside if fact.kind == "id"]
        figures = [fact for fact in inside if fact.kind == "number"]
        for fact, figure in ((one, two) for one in ids[:1] for two in figures[:1] if len(ids) == len(figures) == 1):
            found = [_lines(fact, figure, row) for row in rows]
            if any(both for both, _ in found) or not any(apart for _, apart in found):
                continue
            return f"“{figure.text}” and “{fact.text}” do not stand in one line of any cited row"
    return ""


def _bracketed(reading: Reading) -> Iterator[list[Fact]]:
    opening = -1
    for token in reading.tokens:
        if token.text == "(":
            opening = token.end
        elif token.text == ")" and opening >= 0:
            yield [fact for fact in reading.facts if opening <= fact.start < token.start]
            opening = -1


def _lines(fact: Fact, figure: Fact, row: Source) -> tuple[bool, bool]:
    """Whether a row holds both in one line, and whether it holds both in lines of their own."""
    wanted, said = plain(fact.text), figure.quantities[0]
    if not stands(wanted, row.blob):
        return False, False
    start, of_id, of_figure = 0, set[int](), set[int]()
    for number, line in enumerate(row.whole.split("\n")):
        end = start + len(line)
        inside = [one for one in row.reading.facts if start <= one.start < end and one.kind == "number"]
        if any(agrees(said, one.quantities[0]) for one in inside):
            of_figure.add(number)
        if stands(wanted, plain(line)):
            of_id.add(number)
        start = end + 1
    return not of_id.isdisjoint(of_figure), bool(of_id and of_figure)


def _days(reading: Reading, rows: Sequence[Source]) -> str:
    """A percentage of one day, told of another: "1.3 % on Monday"."""
    for figure in reading.facts:
        if figure.kind != "number" or figure.quantities[0].unit != "%":
            continue
        day = next((f for f in reading.facts if f.kind == "moment" and 0 <= f.start - figure.end < 2 * NEAR), None)
        if day is None or not day.moments[0].has_date or _figure_between(figure, day, reading):
            continue
        held = list(_dated(figure, rows))
        if held and not any(_same(day.moments[0], one) for days in held for one in days) and all(held):
            return f"“{figure.text}” is of another day than “{day.text}” in the cited rows"
    return ""


def _figure_between(figure: Fact, day: Fact, reading: Reading) -> bool:
    """Whether another figure, or the end of a clause, stands between a figure and the day that follows it."""
    between = [fact for fact in reading.facts if figure.end <= fact.start < day.start]
    inside = (token.text for token in reading.tokens if figure.end <= token.start < day.start)
    return bool(between) or any(text in _PARTS for text in inside)


def _dated(figure: Fact, rows: Sequence[Source]) -> Iterator[list[Moment]]:
    """For each row that holds a figure, the days that its sentence names; empty where one names none."""
    for row in rows:
        for number, one in row.figures:
            if not agrees(figure.quantities[0], one):
                continue
            yield [known for known, place in _placed(row) if place == number]


def _placed(row: Source) -> Iterator[tuple[Moment, int]]:
    """The days that a row's text names, worked out, each with the number of its sentence."""
    for fact in row.reading.facts:
        place = next((c.sentence for c in row.clauses if c.start <= fact.start < c.end), -1)
        for said in fact.moments:
            yield from ((known, place) for known in worked_out(said, row.row.at) if known.day and not known.weekday)


def _same(said: Moment, known: Moment) -> bool:
    if said.weekday is not None and said.day is None:
        return weekday_of(known) == said.weekday
    return date_agrees(said, known)
