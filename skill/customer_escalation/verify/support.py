"""Whether a hard fact of a statement stands in the rows it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from customer_escalation.verify import moments
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.moments import Moment
from customer_escalation.verify.quantities import Quantity, agrees
from customer_escalation.verify.sources import Source, plain, stands


class WorkedOut(Protocol):
    """Figures and times that code worked out."""

    quantities: list[Quantity]
    times: list[Moment]


class Support:
    """The rows a statement cites, and what code worked out for it."""

    def __init__(self, rows: Sequence[Source], now: datetime, known: WorkedOut | None = None) -> None:
        self.rows, self.now = rows, now
        self.known = tuple(known.quantities) if known is not None else ()
        self.times = tuple(known.times) if known is not None else ()

    def holds(self, fact: Fact) -> bool:
        """Whether the fact stands in any of the rows."""
        if fact.kind == "number":
            return self._number(fact)
        if fact.kind == "pair":
            return self._pair(fact)
        if fact.kind == "moment":
            return any(self._moment(said) for said in fact.moments)
        return self._verbatim(fact.text)

    def holds_time(self, at: datetime) -> bool:
        """Whether the time stands in any of the rows, to the minute; midnight stands for the day."""
        said = moments.of(at)._replace(second=None)
        if self._dated(said):
            return True
        return (said.hour, said.minute) == (0, 0) and self._dated(said._replace(hour=None, minute=None))

    def _number(self, fact: Fact) -> bool:
        said = fact.quantities[0]
        if any(agrees(said, known) for known in self.known):
            return True
        if any(agrees(said, number) for row in self.rows for number in row.quantities):
            return True
        return not said.unit and fact.text.isdecimal() and self._is_record(fact.text)

    def _pair(self, fact: Fact) -> bool:
        part, whole = fact.quantities[0], fact.quantities[1]
        if any((part.value, whole.value) in row.pairs for row in self.rows):
            return True
        if any(agrees(half, known) for half in (part, whole) for known in self.known):
            return all(self._figure(half) for half in (part, whole))
        return any(_in_one_sentence(part, whole, row) for row in self.rows)

    def _figure(self, said: Quantity) -> bool:
        return any(agrees(said, known) for known in self.known) or any(
            agrees(said, number) for row in self.rows for number in row.quantities
        )

    def _moment(self, said: Moment) -> bool:
        if said.relative is not None:
            own = said._replace(relative=None)
            if own.has_date and not self._dated(own):
                return False  # "today on 3 February 2031"
            day = moments.shifted(self.now, said.relative)
            dated = own._replace(year=day.year, month=day.month, day=day.day) if day is not None else said
            fits = day is None or not own.has_date or moments.date_agrees(own, day)
            return (fits and self._dated(dated)) or self._dated(said)
        return self._dated(said)

    def _dated(self, said: Moment) -> bool:
        if said == Moment(weekday=said.weekday):
            return self._weekday(said)
        found = [*self.times, *(known for row in self.rows for known in row.moments)]
        if said.relative is not None:
            fitting = [known for known in found if known.relative == said.relative]
        else:
            fitting = [
                known for known in found if known.has_date and known.relative is None and self._same_day(said, known)
            ]
        if not said.has_time:
            return bool(fitting)
        if any(moments.time_agrees(said, known) for known in (fitting if said.has_date else found)):
            return True
        loose = [known for known in found if known.has_time and not known.has_date]
        return bool(fitting) and said.has_date and any(moments.time_agrees(said, known) for known in loose)

    def _weekday(self, said: Moment) -> bool:
        """A weekday alone: as a row's text names it or a date; only where none does, the day a row was written."""
        told = [known for row in self.rows for known in row.told if known.weekday is not None]
        dated = [known for row in self.rows for known in row.told if known.day is not None and known.weekday is None]
        if any(moments.weekday_of(known) == said.weekday for known in dated):
            return True
        if told or not self.rows:
            return any(said.weekday == known.weekday for known in told) or any(
                self._same_day(said, known) for known in self.times
            )
        return any(self._same_day(said, known) for row in self.rows for known in row.moments)

    def _same_day(self, said: Moment, known: Moment) -> bool:
        if said.day is None and said.month is None and said.year is None:
            if said.weekday is None:
                return False
            return known.weekday == said.weekday or moments.weekday_of(known) == said.weekday
        if (said.day is not None and known.day is None) or (said.month is not None and known.month is None):
            return False
        if said.year is not None and known.year is None and said.year != self.now.year:
            return False
        if said.weekday is not None and known.year is None:
            known = known._replace(year=said.year or self.now.year)
        return moments.date_agrees(said, known)

    def _is_record(self, number: str) -> bool:
        """Whether a bare number is the number of a record: "51842" of "T-51842", "2291" of "#2291"."""
        within = re.compile(rf"(?:[a-z]{{1,5}}-|#|/){number}(?![\w.])")
        return any(stands(number, head) or within.search(blob) for head, blob in (row.names for row in self.rows))

    def _verbatim(self, text: str) -> bool:
        wanted = plain(text).strip("()[]")
        return any(stands(form, row.blob) for form in _forms(wanted) for row in self.rows)


def _in_one_sentence(part: Quantity, whole: Quantity, row: Source) -> bool:
    """Whether two figures stand in one sentence of a row, and neither is half of another pair there."""
    if any({part.value, whole.value} & set(pair) for pair in row.pairs):
        return False
    first = {number for number, known in row.figures if agrees(part, known)}
    second = {number for number, known in row.figures if agrees(whole, known)}
    return not first.isdisjoint(second) and part.value != whole.value


def _forms(text: str) -> list[str]:
    """The ways the same id is written: with and without "#", "v" or "@"."""
    forms = [text]
    if len(text) > 2 and text[0] in "#@":
        forms.append(text[1:])
    if len(text) > 1 and text[0] == "v" and text[1].isdigit():
        forms.append(text[1:])
    elif text[0:1].isdigit():
        forms.append(f"v{text}")
    return forms
