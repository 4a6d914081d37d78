"""The cited rows as the checks look at them: what each says, prepared when first asked for, once per row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from operator import attrgetter

from customer_escalation.addressed import heard, heard_field, orders_a_machine
from customer_escalation.evidence import Evidence, Ledger
from customer_escalation.memory import MEMORY
from customer_escalation.verify import deeds, moments
from customer_escalation.verify import quantities as q
from customer_escalation.verify.clauses import Clause, clauses
from customer_escalation.verify.facts import Reading, read
from customer_escalation.verify.moments import Moment
from customer_escalation.verify.quantities import Quantity
from customer_escalation.verify.words import concepts, content, parts

STAFF = frozenset(("agent", "engineer"))
CONTEXT_FIELDS = ("customer", "account", "name", "requester", "currency")
_ALIKE = tuple(dict.fromkeys('"“”„‟«»‘’‚`´', "'").items()) + tuple(dict.fromkeys("–—−", "-").items())
_ATTRIBUTE = re.compile(r"(?:^|[(;,\n ])(?P<name>priority|status|stage|health|tier): (?P<value>[^;)\n]+)")
_FIELD = re.compile(r"(; (?=[A-Za-z ]{2,24}: )| \((?=[A-Za-z ]{2,24}: ))")
_WHOSE = re.compile(r"(?:^|[(;] ?)(?:customer|requester): ([^;)]+)")
_READ_WHOLE = re.compile(r"(?<![\w-])([\w-]+): \d+ of \d+ comments")
_RETOLD = re.compile(
    r"\b(?:customers?|users?|clients?|they)(?: also| has| have)?"
    r" (?:stat|report|sa[iy]|writ|wrote|ask|complain|confirm|claim|want|need)"
)
_RECORD = re.compile(r"\b(?:[A-Z]{2,9}-\d+|\d{5,9})\b")


def plain(text: str) -> str:
    """Text for looking things up: case, spaces and the style of quotes and dashes do not count."""
    for odd, usual in _ALIKE:
        if odd in text:
            text = text.replace(odd, usual)
    return " ".join(f"|{text}|".split())[1:-1].casefold()  # the bars keep a space at either end


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
    """One row of evidence, read for checking; `parent` is the record's own row where this one is a part of it.

    `threads` are the records whose threads a search read whole.
    """

    def __init__(self, row: Evidence, parent: Evidence | None = None, threads: Sequence[Evidence] = ()) -> None:
        self.row, self._parent, self._threads = row, parent, threads

    @property
    def reach(self) -> int:
        """How slow it is to look through: rows read already come first, then those that code wrote."""
        if "reading" in self.__dict__:
            return 0
        return 1 if self.row.category in ("computed", "policy", "request") else 2

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

        The first line of a record's own row lists its fields, which are heard one by one.
        """
        if self._parent is not None or self.row.category == "chat":
            return heard(self.row.text)
        fields, line, rest = self.row.text.partition("\n")
        if orders_a_machine(fields):
            fields = "".join(part if at % 2 else heard_field(part) for at, part in enumerate(_FIELD.split(fields)))
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
        return plain(self.written)

    @cached_property
    def written(self) -> str:
        """The whole as it is written, with the row's ids and link."""
        row = self.row
        at = row.at.isoformat() if row.at is not None else ""
        author = f"{row.author.name} ({row.author.role})" if row.author is not None else ""
        return "\n".join((row.id, row.record, row.url, at, author, self.context, self.whole))

    @cached_property
    def said(self) -> str:
        """The row's title and text as `plain` text, for quotes."""
        return plain(f"{self.row.title}\n{self.text}")

    @cached_property
    def fields_said(self) -> str:
        """The line in which a record's own row lists its fields, as `plain` text; empty for everything else."""
        own = self._parent is None and self.row.category != "chat" and self.row.fields
        return plain(self.text.partition("\n")[0]) if own else ""

    @cached_property
    def context(self) -> str:
        """The titles of the records that the row is a part of, or tells of, and whose they are."""
        records = self._threads if self._parent is None else (self._parent,)
        return "\n".join(map(_about, records))

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
        return MEMORY.recall("read", self.whole, read, Reading)

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
    def names(self) -> tuple[str, str]:
        """`head` and `blob` without the numbers that only we give: a comment's place, what was typed, a figure."""
        row = self.row
        if row.origin in ("typed", "computed", "coverage"):
            return "", self.said
        record = plain(row.id.partition("/")[0])
        return self.head.replace(plain(row.id), record), self.blob.replace(plain(row.id), record)

    @cached_property
    def told(self) -> tuple[Moment, ...]:
        """The dates and times that the row's own text names, worked out from when it was written."""
        found: list[Moment] = []
        for fact in self.reading.facts:
            for said in fact.moments:
                found += worked_out(said, self.row.at)
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
        by_staff = "staff" in self.roles
        kind = "clauses of staff" if by_staff else "clauses"
        return MEMORY.recall(kind, self.whole, lambda _: clauses(*self.reading, by_staff=by_staff), list[Clause])

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
    def deeds(self) -> dict[int, bool]:
        """What was done or decided in the row, by kind of deed; False where it only plans, asks or denies it.

        A message is itself something that was sent, unless it speaks of sending.
        """
        found = deeds.held(self.reading.tokens)
        return deeds.SENT | found if self.row.author is not None and "/" in self.row.id else found

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


def worked_out(said: Moment, at: datetime | None) -> list[Moment]:
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


def _about(record: Evidence) -> str:
    fields = " ".join(_written(record.fields[name]) for name in CONTEXT_FIELDS if record.fields.get(name))
    whose = " ".join(found[1] for found in _WHOSE.finditer(record.text.partition("\n")[0]))
    return f"{record.id}\n{record.record}\n{record.title}\n{fields}\n{whose}"


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


class Sources:
    """The rows of a ledger, each prepared at most once."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._known: dict[str, Source] = {}

    def get(self, row_id: str) -> Source | None:
        """The prepared row, or None where the ledger has none with this id."""
        row = self.ledger.get(row_id)
        return None if row is None else self._prepared(row)

    def _prepared(self, row: Evidence) -> Source:
        found = self._known.get(row.id)
        if found is None or found.row is not row:
            base, slash, _ = row.id.rpartition("/")
            found = Source(row, self.ledger.get(base) if slash else None, self._threads(row))
            self._known[row.id] = found
        return found

    def _threads(self, row: Evidence) -> list[Evidence]:
        if row.origin != "coverage":
            return []
        read_whole = set(_READ_WHOLE.findall(row.text))
        return [other for other in self.ledger if other.record in read_whole and "/" not in other.id]

    def among(self, ids: Iterable[str]) -> list[Source]:
        """The prepared rows of these ids, those that exist."""
        return [source for source in map(self.get, dict.fromkeys(ids)) if source is not None]

    def everything(self) -> list[Source]:
        """All rows of the ledger, those that have been read already first."""
        return sorted(map(self._prepared, self.ledger), key=attrgetter("reach"))
