"""The cited rows as the checks look at them: what each says, prepared when first asked for, once per row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from customer_escalation.addressed import heard
from customer_escalation.evidence import Evidence, Ledger
from customer_escalation.verify import moments
from customer_escalation.verify import quantities as q
from customer_escalation.verify.clauses import Clause, clauses
from customer_escalation.verify.facts import Reading, read
from customer_escalation.verify.moments import Moment
from customer_escalation.verify.quantities import Quantity
from customer_escalation.verify.words import concepts, content, parts

STAFF = frozenset(("agent", "engineer"))
CONTEXT_FIELDS = ("customer", "account", "name", "requester", "currency")
_QUOTES = str.maketrans(
    dict.fromkeys('"“”„‟«»‘’‚`´', "'") | {"\u00a0": " ", "\u202f": " ", "–": "-", "—": "-", "−": "-"}
)
_ATTRIBUTE = re.compile(r"(?:^|[(;,\n ])(?P<name>priority|status|stage|health|tier): (?P<value>[^;)\n]+)")
_RETOLD = re.compile(
    r"\b(?:customers?|users?|clients?|they)(?: also| has| have)?"
    r" (?:stat|report|sa[iy]|writ|wrote|ask|complain|confirm|claim|want|need)"
)
_RECORD = re.compile(r"\b(?:[A-Z]{2,9}-\d+|\d{5,9})\b")
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """Text for looking things up: case, spaces and the style of quotes and dashes do not count."""
    return _SPACES.sub(" ", text.translate(_QUOTES)).casefold()


def stands(piece: str, text: str) -> bool:
    """Whether the piece stands in the text as a whole: no letter or digit continues it on either side."""
    if not piece:
        return True
    at = text.find(piece)
    while at >= 0:
        if _ends_well(text, at, at + len(piece), piece):
            return True
        at = text.find(piece, at + 1)
    return False


def _ends_well(text: str, start: int, end: int, piece: str) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if piece[0].isalnum() and (before.isalnum() or before == "_"):
        return False
    if piece[0].isdigit() and before in ".," and start > 1 and text[start - 2].isdigit():
        return False
    if piece[-1].isalnum() and (after.isalnum() or after == "_"):
        return False
    return not (piece[-1].isdigit() and after in ".," and end + 1 < len(text) and text[end + 1].isdigit())


class Source:
    """One row of evidence, read for checking; `parent` is the record's own row where this one is a part of it."""

    def __init__(self, row: Evidence, parent: Evidence | None = None) -> None:
        self.row, self._parent = row, parent

    @property
    def is_read(self) -> bool:
        """Whether the row has been taken apart already."""
        return "reading" in self.__dict__

    @property
    def roles(self) -> frozenset[str]:
        """Whose words these are: customer, staff, system, typed; a record that a colleague filed is both."""
        author = self.row.author.role if self.row.author is not None else ""
        found: set[str] = set()
        if self.row.origin == "stated_by_customer" or author == "customer":
            found.add("customer")
        if self.row.origin == "stated_by_staff" or author in STAFF:
            found.add("staff")
        if self.row.origin == "typed":
            found.add("typed")
        if self.row.origin in ("observed", "computed", "coverage") and author != "customer":
            found.add("system")
        return frozenset(found)

    @cached_property
    def text(self) -> str:
        """The row's text as it is heard: an order to a machine supports nothing and casts no doubt on anything.

        The first line of a record's own row lists its fields, and stays.
        """
        if self._parent is not None or self.row.category == "chat":
            return heard(self.row.text)
        fields, line, rest = self.row.text.partition("\n")
        return f"{fields}{line}{heard(rest)}"

    @cached_property
    def whole(self) -> str:
        """Everything the row says, its own fields included."""
        row = self.row
        fields = "; ".join(f"{name}: {_written(value)}" for name, value in row.fields.items() if value is not None)
        return "\n".join(part for part in (row.title, self.text, fields) if part)

    @cached_property
    def blob(self) -> str:
        """The whole as `plain` text, with the row's ids and link."""
        row = self.row
        at = row.at.isoformat() if row.at is not None else ""
        author = f"{row.author.name} ({row.author.role})" if row.author is not None else ""
        return plain("\n".join((row.id, row.record, row.url, at, author, self.context, self.whole)))

    @cached_property
    def said(self) -> str:
        """The row's title and text as `plain` text, for quotes."""
        return plain(f"{self.row.title}\n{self.text}")

    @cached_property
    def context(self) -> str:
        """What the record as a whole is about: its title and whose it is."""
        parent = self._parent
        if parent is None:
            return ""
        fields = " ".join(_written(parent.fields[name]) for name in CONTEXT_FIELDS if parent.fields.get(name))
        return f"{parent.id}\n{parent.record}\n{parent.title}\n{fields}"

    @property
    def context_customer(self) -> str:
        """The customer that the record belongs to, as its own row says."""
        return str((self._parent or self.row).fields.get("customer") or "")

    def belongs_with(self, other: Source) -> bool:
        """Whether both are of one record, thread or customer, name a common record, or one names the other's author."""
        row, its = self.row, other.row
        if (row.category, row.record) == (its.category, its.record):
            return True
        if row.category == its.category == "chat" and row.title and row.title == its.title:
            return True
        if self.context_customer and self.context_customer == other.context_customer:
            return True
        return not self.marks.isdisjoint(other.marks) or self._names_whose(other) or other._names_whose(self)

    def _names_whose(self, other: Source) -> bool:
        author = other.row.author.name if other.row.author is not None else ""
        whose = [name.split()[0] for name in (author, other.context_customer) if len(name) > 3]
        return any(stands(plain(name), self.said) for name in whose)

    @cached_property
    def marks(self) -> frozenset[str]:
        """The records that the row, or the record it is part of, is about or names."""
        texts = [self.row.record, self.row.text]
        if self._parent is not None:
            texts.append(self._parent.text)
        return frozenset(found[0] for text in texts for found in _RECORD.finditer(text))

    @cached_property
    def reading(self) -> Reading:
        """The tokens and hard facts of the row's title, text and fields."""
        return read(self.whole)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every figure of the row."""
        found = [number for fact in self.reading.facts for number in fact.quantities]
        currency = str(self.row.fields.get("currency") or "")
        for name, value in self.row.fields.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                known = Quantity(float(value), "", 0.0)
                found.append(known)
                if name in ("arr", "amount", "pipeline") and currency:
                    found.append(known._replace(unit=currency))
                elif name in q.UNITS:
                    unit, factor = q.UNITS[name]
                    found.append(Quantity(value * factor, unit, 0.0))
        return tuple(found)

    @cached_property
    def pairs(self) -> frozenset[tuple[float, float]]:
        """Every "n of m" of the row."""
        return frozenset(
            (fact.quantities[0].value, fact.quantities[1].value) for fact in self.reading.facts if fact.kind == "pair"
        )

    @cached_property
    def figures(self) -> list[tuple[int, Quantity]]:
        """Every figure of the row's text with the number of the sentence it stands in."""
        found: list[tuple[int, Quantity]] = []
        ends = self._sentence_ends
        number = 0
        for fact in self.reading.facts:
            while number < len(ends) - 1 and fact.start >= ends[number]:
                number += 1
            found += [(number, quantity) for quantity in fact.quantities]
        return found

    @cached_property
    def _sentence_ends(self) -> list[int]:
        ends: dict[int, int] = {}
        for clause in self.clauses:
            ends[clause.sentence] = clause.end
        return list(ends.values()) or [0]

    @cached_property
    def sentences(self) -> list[str]:
        """The row's sentences as `plain` text."""
        text, start, found = self.whole, 0, list[str]()
        for end in self._sentence_ends:
            found.append(plain(text[start:end]))
            start = end
        return found

    @cached_property
    def head(self) -> str:
        """What holds for the whole row: ids, title, author, record and fields, as `plain` text."""
        row = self.row
        author = f"{row.author.name} {row.author.role}" if row.author is not None else ""
        fields = "; ".join(f"{name}: {_written(value)}" for name, value in row.fields.items() if value is not None)
        return plain("\n".join((row.id, row.record, row.title, author, row.url, fields, self.context)))

    @cached_property
    def told(self) -> tuple[Moment, ...]:
        """The dates and times that the row's own text names, worked out from when it was written."""
        found: list[Moment] = []
        for fact in self.reading.facts:
            for said in fact.moments:
                found += _worked_out(said, self.row.at)
        return tuple(found)

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """Every date and time of the row; weekdays and "tomorrow" are worked out from when it was written."""
        row = self.row
        found = [moments.of(row.at)] if row.at is not None else []
        found += [moments.of(value) for value in row.fields.values() if isinstance(value, datetime)]
        return (*found, *self.told)

    @cached_property
    def clauses(self) -> list[Clause]:
        """The clauses of the row."""
        return clauses(self.reading.tokens, self.reading.facts, by_staff="staff" in self.roles)

    @cached_property
    def retells(self) -> bool:
        """Whether a colleague retells in it what a customer said."""
        return _RETOLD.search(self.said) is not None

    @property
    def answers_no(self) -> bool:
        """Whether the row begins by answering no."""
        return self.row.text.lstrip().lower().startswith(("no.", "no,", "no:", "no ", "not "))

    @cached_property
    def doubts(self) -> bool:
        """Whether anything in the row is a guess, a question, a request or a plan."""
        return any(clause.hedged or clause.asks or clause.intends for clause in self.clauses)

    @cached_property
    def uses(self) -> dict[str, list[tuple[int, int, bool]]]:
        """Where each word is used, by its key: the clause's number, the sign, and whether by an opposite."""
        found: dict[str, list[tuple[int, int, bool]]] = {}
        for number, clause in enumerate(self.clauses):
            for word in clause.words:
                found.setdefault(word.key, []).append((number, word.sign, word.lexical))
        return found

    @cached_property
    def attributes(self) -> dict[str, set[str]]:
        """The values that the row gives to fields such as priority and status, by field."""
        held: dict[str, set[str]] = {}
        for found in _ATTRIBUTE.finditer(self.blob):
            held.setdefault(found["name"], set()).add(found["value"].strip())
        return held

    @cached_property
    def lows(self) -> frozenset[str]:
        """All words of the row in lower case."""
        return frozenset(token.text.lower() for token in self.reading.tokens if token.kind == "word")

    @cached_property
    def groups(self) -> frozenset[int]:
        """The groups of like meaning that the row's words belong to."""
        return frozenset(group for word in self.stems for group in concepts(word))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all words that carry meaning, of the record it belongs to included."""
        found = set[str]().union(*(clause.stems for clause in self.clauses))
        found |= {content(part) for word in self.context.split() for part in parts(word)}
        return frozenset(found - {""})


def _worked_out(said: Moment, at: datetime | None) -> list[Moment]:
    """The moment as said and, where the row has a time, the dates it stands for."""
    if at is None or (said.weekday is None and said.relative is None and said.year is not None):
        return [said]
    found = [said]
    time = (said.hour, said.minute, said.second)
    if said.relative is not None:
        day = moments.shifted(at, said.relative)
        found += [Moment(day.year, day.month, day.day, *time)] if day is not None else []
    elif said.weekday is not None and said.day is None:
        found += [Moment(day.year, day.month, day.day, *time) for day in moments.days_around(at, said.weekday)]
    elif said.month is not None and said.year is None:
        apart = said.month - at.month
        near = at.year + (1 if apart <= -6 else -1 if apart >= 6 else 0)
        found += [said._replace(year=year) for year in dict.fromkeys((at.year, near))]
    return found


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _reach(source: Source) -> int:
    """What is quick to look through comes first: rows read already, then those that code wrote."""
    return 0 if source.is_read else 1 if source.row.category in ("computed", "policy", "request") else 2


class Sources:
    """The rows of a ledger, each prepared at most once."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._known: dict[str, Source] = {}

    def get(self, row_id: str) -> Source | None:
        """The prepared row, or None where the ledger has none with this id."""
        found = self._known.get(row_id)
        row = self.ledger.get(row_id)
        if row is None or (found is not None and found.row is row):
            return found if row is not None else None
        base, slash, _ = row_id.rpartition("/")
        found = Source(row, self.ledger.get(base) if slash else None)
        self._known[row_id] = found
        return found

    def among(self, ids: Iterable[str]) -> list[Source]:
        """The prepared rows of these ids, those that exist."""
        return [source for source in map(self.get, dict.fromkeys(ids)) if source is not None]

    def everything(self) -> list[Source]:
        """All rows of the ledger, those that have been read already first."""
        return sorted(self.among(row.id for row in self.ledger), key=_reach)
