"""The hard facts of a text: what it names that can be looked up, number by number, date by date, id by id.

Quoted passages and masked secrets are set apart first; what is left is read once, token by token.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from customer_escalation.verify import moments
from customer_escalation.verify import quantities as q
from customer_escalation.verify.joining import Fact, joined
from customer_escalation.verify.moments import Moment
from customer_escalation.verify.quantities import Quantity
from customer_escalation.verify.spelled import is_one, spelled
from customer_escalation.verify.tokens import Token, tokens

_ONE, _ROUGH = frozenset(("a", "an")), 0.2
_TELLING = (
    q.WORDS.keys()
    | moments.MONTHS.keys()
    | moments.WEEKDAYS.keys()
    | moments.RELATIVE.keys()
    | moments.CLOCK_WORDS.keys()
    | {code.lower() for code in q.CURRENCIES}
    | _ONE
)
_NOT_FILES = {"e.g", "i.e", "a.m", "p.m", "u.s", "u.k", "vs"}
_MEASURED = re.compile(r"(\d[\d.,]*)-([A-Za-zµ]+)")
_SPAN = re.compile(r"(\d[\d.,]*)[-–](\d[\d.,]*)([A-Za-zµ]*)")
_RATIO = re.compile(r"(\d[\d,]*)/(\d[\d,]*)")
_DIGIT = re.compile(r"\d")
_LIST_ENDS = ".):"


class Reading(NamedTuple):
    """A text taken apart: its tokens and its hard facts, each in order."""

    tokens: list[Token]
    facts: list[Fact]


def read(text: str) -> Reading:
    """The tokens and hard facts of a text."""
    found = list(tokens(text))
    return Reading(found, _Reader(text, found).facts())


class _Reader:
    """Walks over the tokens once; `at` is the next one."""

    def __init__(self, text: str, found: list[Token]) -> None:
        self.text, self.tokens, self.at = text, found, 0
        self.found: list[Fact] = []

    def facts(self) -> list[Fact]:
        """All facts, neighbours joined where they are one."""
        while self.at < len(self.tokens):
            before = self.at
            token = self.tokens[self.at]
            if token.kind == "word" and token.text.lower() not in _TELLING:
                self.at += 1
                continue
            self._read(token)
            if self.at == before:
                self.at += 1
        return joined(self.text, self.found)

    def _read(self, token: Token) -> None:
        kind = token.kind
        if kind == "word":
            self._word(token)
        elif kind == "num":
            self._number(token)
        elif kind == "iso":
            self._moment(token, self.at + 1, moments.iso(token.text))
        elif kind == "clock":
            said = moments.clock(token.text)
            self._moment(token, self.at + 1, (said,) if said else ())
        elif kind == "chunk":
            self._chunk(token)
        elif kind == "url":
            self._id(token)
        elif token.text in q.SYMBOLS:
            self._money(token, q.SYMBOLS[token.text])

    def _peek(self, ahead: int = 1) -> Token | None:
        index = self.at + ahead
        return self.tokens[index] if index < len(self.tokens) else None

    def _low(self, ahead: int = 1) -> str:
        token = self._peek(ahead)
        return token.text.lower() if token is not None else ""

    def _add(self, kind: str, first: Token, until: int, *quantities: Quantity) -> None:
        last = self.tokens[until - 1]
        text = self.text[first.start : last.end]
        self.found.append(Fact(kind, text, first.start, last.end, quantities))
        self.at = until

    def _moment(self, first: Token, until: int, said: tuple[Moment, ...]) -> None:
        last = self.tokens[until - 1]
        if said:
            self.found.append(Fact("moment", self.text[first.start : last.end], first.start, last.end, (), said))
        else:
            self.found.append(Fact("id", first.text, first.start, last.end))
        self.at = until

    def _id(self, token: Token) -> None:
        text = token.text.rstrip(".,;:!?")
        self.found.append(Fact("id", text, token.start, token.start + len(text)))
        self.at += 1

    def _word(self, token: Token) -> None:
        low = token.text.lower()
        if low in q.WORDS:
            self._number_word(token, low)
        elif low in moments.MONTHS and token.text[0].isupper():
            self._month_first(token, moments.MONTHS[low])
        elif low in moments.WEEKDAYS and token.text[0].isupper() and low not in ("sun", "sat"):
            self._moment(token, self.at + 1, (Moment(weekday=moments.WEEKDAYS[low]),))
        elif low in moments.RELATIVE:
            self._moment(token, self.at + 1, (Moment(relative=moments.RELATIVE[low]),))
        elif low in moments.CLOCK_WORDS:
            hour, minute = moments.CLOCK_WORDS[low]
            self._moment(token, self.at + 1, (Moment(hour=hour, minute=minute),))
        elif token.text in q.CURRENCIES:
            self._money(token, token.text)
        elif low in _ONE and self._fuzz() not in ("", "within") and is_one(self.tokens, self.at):
            self._measure(token, self.at + 1, 1.0, _ROUGH)

    def _number_word(self, token: Token, low: str) -> None:
        if low == "one":
            return
        value, step, until = spelled(self.tokens, self.at)
        self._measure(token, until, value, step)

    def _month_first(self, token: Token, month: int) -> None:
        """ "March 2026", "Oct 3rd", "October 3, 2026", "November"."""
        after = self._peek()
        day = _day(after)
        year = _year(after)
        if day is not None:
            until, year = self._year_after(self.at + 2)
            self._moment(token, until, (Moment(year, month, day),))
        elif year is not None:
            self._moment(token, self.at + 2, (Moment(year, month),))
        elif token.text.lower() not in ("may", "mar", "march") or self._before() in _BEFORE_MONTH:
            self._moment(token, self.at + 1, (Moment(month=month),))

    def _before(self) -> str:
        return self.tokens[self.at - 1].text.lower() if self.at else ""

    def _year_after(self, until: int) -> tuple[int, int | None]:
        comma = until < len(self.tokens) and self.tokens[until].text == ","
        index = until + 1 if comma else until
        year = _year(self.tokens[index]) if index < len(self.tokens) else None
        return (index + 1, year) if year is not None else (until, None)

    def _number(self, token: Token) -> None:
        if self._is_list_mark(token):
            self.at += 1
            return
        day = _day(token)
        skip = 2 if self._low() == "of" else 1
        month = self._peek(skip)
        if day is not None and month is not None and month.text.lower() in moments.MONTHS and month.text[0].isupper():
            until, year = self._year_after(self.at + skip + 1)
            self._moment(token, until, (Moment(year, moments.MONTHS[month.text.lower()], day),))
            return
        shared = self._shared_month(day)
        if shared is not None:
            self._moment(token, self.at + 1, (Moment(None, shared, day),))
            return
        if token.suffix.lower() in ("am", "pm") or (not token.suffix and self._low() in ("am", "pm")):
            self._hour(token)
            return
        year = _year(token)
        if year is not None and self._before() in _BEFORE_YEAR and self._low() not in q.UNITS:
            self._moment(token, self.at + 1, (Moment(year),))
            return
        value, step = q.number_of(token.text)
        suffix = token.suffix
        if suffix == "s" and value >= 100 and step == 1.0:
            suffix = ""
        if suffix.lower() in q.CURRENCY_WORDS:
            self._add(
                "number", token, self.at + 1, Quantity(value, q.CURRENCY_WORDS[suffix.lower()], step, self._fuzz())
            )
            return
        if suffix and suffix not in q.SCALES and suffix not in q.UNITS and suffix not in q.ORDINALS:
            self._add("id", token, self.at + 1)
            return
        self._measure(token, self.at + 1, value, step, suffix or self._unit_of_key())

    def _unit_of_key(self) -> str:
        """The unit that a key names: the "ms" of "duration_ms=412" and of "ms: 412"."""
        if self.at < 2 or self._before() not in ("=", ":"):
            return ""
        unit = self.tokens[self.at - 2].text.rpartition("_")[2]
        return unit if unit in q.UNITS else ""

    def _shared_month(self, day: int | None) -> int | None:
        """The month of the first day in "20 and 24 November"."""
        if day is None or self._low() not in ("and", "or", "to", "–", "-", ","):
            return None
        month = self._peek(3)
        if _day(self._peek(2)) is None or month is None or not month.text[0].isupper():
            return None
        return moments.MONTHS.get(month.text.lower())

    def _is_list_mark(self, token: Token) -> bool:
        """The 1 of "1. Open the page" and of "(1) raise the limit"."""
        after, before = self._peek(), self.tokens[self.at - 1] if self.at else None
        if token.suffix or not token.text.isdecimal() or len(token.text) > 2 or after is None:
            return False
        if before is not None and before.text == "(":
            return after.text == ")" and after.start == token.end
        opens = before is None or before.kind == "line"
        return opens and after.text in _LIST_ENDS and after.start == token.end

    def _hour(self, token: Token) -> None:
        half = (token.suffix or self._low())[0].lower()
        until = self.at + (1 if token.suffix else 2)
        hour = int(token.text) if token.text.isdecimal() and int(token.text) <= 12 else None
        said = () if hour is None else (Moment(hour=moments.twelve(hour, half), minute=0),)
        self._moment(token, until, said)

    def _measure(self, first: Token, until: int, value: float, step: float, suffix: str = "") -> None:
        """A number with its magnitude and unit, whatever follows it."""
        if suffix in q.ORDINALS:
            self._add("number", first, until, Quantity(value, "", step, self._fuzz()))
            return
        scale, until, suffix = self._scale(until, suffix)
        unit, factor, until = self._unit(until, suffix)
        said = Quantity(value * scale * factor, unit, step * scale * factor, self._fuzz())
        whole = self._whole(until) if not unit else None
        if whole is not None:
            self._add("pair", first, whole[1], said, whole[0])
        else:
            self._add("number", first, until, said)

    def _scale(self, until: int, suffix: str) -> tuple[float, int, str]:
        if suffix in q.SCALES:
            return q.SCALES[suffix], until, ""
        if not suffix and until < len(self.tokens):
            token = self.tokens[until]
            if token.text in ("million", "billion", "thousand", "hundred", "bn", "M", "k", "Mio", "mn"):
                return q.SCALES[token.text], until + 1, ""
        return 1.0, until, suffix

    def _unit(self, until: int, suffix: str) -> tuple[str, float, int]:
        if suffix in q.UNITS:
            unit, factor = q.UNITS[suffix]
            return unit, factor, until
        if until >= len(self.tokens) or self._low(until + 1 - self.at) == "=":
            return "", 1.0, until
        word, low = self.tokens[until].text, self.tokens[until].text.lower()
        if low in ("business", "working") and until + 1 < len(self.tokens):
            unit, _ = q.UNITS.get(self.tokens[until + 1].text.lower(), ("", 1.0))
            return ("workdays", 1.0, until + 2) if unit else ("", 1.0, until)
        if low == "per" and until + 1 < len(self.tokens) and self.tokens[until + 1].text.lower() == "cent":
            return "%", 1.0, until + 2
        if word in q.CURRENCIES or word in q.SYMBOLS or low in q.CURRENCY_WORDS:
            return (q.SYMBOLS.get(word) or q.CURRENCY_WORDS.get(low) or word, 1.0, until + 1)
        if low == "us" and until + 1 < len(self.tokens) and self.tokens[until + 1].text.lower() == "dollars":
            return "USD", 1.0, until + 2
        found = q.UNITS.get(word) or (q.UNITS.get(low) if len(low) > 2 else None)
        return (*found, until + 1) if found is not None else ("", 1.0, until)

    def _whole(self, until: int) -> tuple[Quantity, int] | None:
        """The second half of "63 of 2,140" or "two of our three", and where it ends."""
        if until >= len(self.tokens) or self.tokens[until].text.lower() != "of":
            return None
        at = until + 1
        if at < len(self.tokens) and self.tokens[at].text.lower() in _DETERMINERS:
            at += 1
        if at >= len(self.tokens):
            return None
        token = self.tokens[at]
        if token.kind == "num" and not token.suffix:
            value, step = q.number_of(token.text)
            return Quantity(value, "", step), at + 1
        low = token.text.lower()
        return (Quantity(q.WORDS[low]), at + 1) if low in q.WORDS and low != "one" else None

    def _fuzz(self) -> str:
        for back in (1, 2):
            word = self.tokens[self.at - back].text.lower() if self.at >= back else ""
            if word == ">" and self.at > back and self.tokens[self.at - back - 1].text == "-":
                return ""
            for name, words in (("about", q.ABOUT), ("over", q.OVER), ("under", q.UNDER), ("within", ("within",))):
                if word in words:
                    lesser = (
                        word == "than" and self.at >= 2 and self.tokens[self.at - 2].text.lower() in ("less", "fewer")
                    )
                    return "under" if lesser else name
            if word not in ("the", "a", "another"):
                return ""
        return ""

    def _money(self, token: Token, currency: str) -> None:
        """ "EUR 2.5M", "€2,500,000", "$ 12 million"."""
        after = self._peek()
        if after is None or after.kind != "num":
            if token.text in q.CURRENCIES:
                self._add("id", token, self.at + 1)
            return
        value, step = q.number_of(after.text)
        scale, until, suffix = self._scale(self.at + 2, after.suffix)
        fuzz = self._fuzz()
        if suffix:
            self._add("id", token, until)
            return
        if until < len(self.tokens) and self.tokens[until].text == currency:
            until += 1
        self._add("number", token, until, Quantity(value * scale, currency, step * scale, fuzz))

    def _chunk(self, token: Token) -> None:
        text = token.text
        if not _DIGIT.search(text):
            self._wordlike(token)
            return
        dated = moments.slashed(text)
        if dated:
            self._moment(token, self.at + 1, dated)
        elif not self._compound(token):
            self._id(token)

    def _wordlike(self, token: Token) -> None:
        """A compound without digits: a word ("follow-up"), or a code, path, file or channel."""
        text = token.text
        plain = text.replace("-", "").replace("'", "").replace("’", "").replace("–", "").replace("/", "")
        low = text.lower()
        if text[0] in "#@/." or (not plain.isalpha() and low not in _NOT_FILES and plain.strip("_")):
            self._id(token)
        elif low in q.WORDS:
            self._number_word(token, low)

    def _compound(self, token: Token) -> bool:
        """ "24-hour", "5-6 h", "4/200", "2018": numbers that hyphens or slashes hold together."""
        text = token.text
        if text.isdecimal():
            value, step = q.number_of(text)
            self._measure(token, self.at + 1, value, step)
            return True
        measured = _MEASURED.fullmatch(text)
        if measured is not None and (measured[2] in q.UNITS or measured[2].lower() in q.UNITS):
            value, step = q.number_of(measured[1].strip(".,"))
            unit, factor = q.UNITS.get(measured[2]) or q.UNITS[measured[2].lower()]
            self._add("number", token, self.at + 1, Quantity(value * factor, unit, step * factor))
            return True
        ratio = _RATIO.fullmatch(text)
        if ratio is not None:
            halves = [_plain(part) for part in ratio.groups()]
            self._add("pair", token, self.at + 1, *halves)
            return True
        return self._span(token)

    def _span(self, token: Token) -> bool:
        span = _SPAN.fullmatch(token.text)
        if span is None or len(span[1]) > 6 or len(span[2]) > 6:
            return False
        unit, factor, until = self._unit(self.at + 1, span[3])
        if span[3] and not unit:
            return False
        both = (_plain(span[1]), _plain(span[2]))
        said = [Quantity(one.value * factor, unit, one.step * factor) for one in both]
        self._add("number", token, until, said[0])
        self.found.append(self.found[-1]._replace(quantities=(said[1],)))
        return True


_DETERMINERS = frozenset(("the", "our", "its", "their", "all", "his", "her", "these", "those", "about", "some"))
_BEFORE_YEAR = frozenset(("in", "since", "until", "of", "by", "from", "year", "during", "before", "after"))
_BEFORE_MONTH = frozenset("in of since until till by last next this early late mid during from to".split())


def _plain(text: str) -> Quantity:
    value, step = q.number_of(text.strip(".,"))
    return Quantity(value, "", step)


def _day(token: Token | None) -> int | None:
    if token is None or token.kind != "num" or not token.text.isdecimal() or len(token.text) > 2:
        return None
    if token.suffix and token.suffix.lower() not in q.ORDINALS:
        return None
    return int(token.text) if 1 <= int(token.text) <= 31 else None


def _year(token: Token | None) -> int | None:
    if token is None or token.kind != "num" or token.suffix or not token.text.isdecimal() or len(token.text) != 4:
        return None
    return int(token.text) if 1970 <= int(token.text) <= 2199 else None
