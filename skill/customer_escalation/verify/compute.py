"""Working out formulas over the rows of a ledger, computed rows included, with units: hours, money, percent, times.

Nothing is taken from a computed row on trust: its formula is worked out again, as deep as it goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import NamedTuple

from customer_escalation.evidence import Evidence, Ledger
from customer_escalation.verify.formula import FormulaError, Node, Number, Row, Text, Word, parse
from customer_escalation.verify.moments import Moment
from customer_escalation.verify.moments import of as moment_of
from customer_escalation.verify.quantities import Quantity
from customer_escalation.verify.words import parts, stem

MONEY_FIELDS = ("arr", "amount", "pipeline")
MOST_ROWS = 16
HOUR, DAY = 3600.0, 86400.0
ROLES = {
    "agent": ("agent",),
    "engineer": ("engineer",),
    "staff": ("agent", "engineer"),
    "customer": ("customer",),
    "system": ("system",),
    "anyone": (),
}


class Value(NamedTuple):
    """What a formula gives: a figure (unit "h", "d", "%", a currency code, or none), a time, or a text."""

    is_: float | datetime | str
    unit: str = ""

    @property
    def quantity(self) -> Quantity | None:
        """The figure in the base unit of its family, exact; None for a time or a text."""
        if not isinstance(self.is_, float):
            return None
        factor = {"h": HOUR, "d": DAY}.get(self.unit)
        return Quantity(self.is_ * factor, "s", 0.0) if factor else Quantity(self.is_, self.unit, 0.0)

    @property
    def moment(self) -> Moment | None:
        """The time, or None for anything else."""
        return moment_of(self.is_) if isinstance(self.is_, datetime) else None

    @property
    def written(self) -> str:
        """The value as a reason names it."""
        if isinstance(self.is_, float):
            return f"{self.is_:,.10g}{'' if self.unit in ('', '%') else ' '}{self.unit}".strip()
        return self.is_.isoformat() if isinstance(self.is_, datetime) else str(self.is_)


class Computed(NamedTuple):
    """The value of a formula, the rows it used, and the bare numbers and times written in it."""

    value: Value
    rows: list[str]
    literals: list[Number]
    times: list[datetime]


def compute(formula: str, ledger: Ledger, now: datetime) -> Computed:
    """Work the formula out; raises FormulaError with a plain reason."""
    work = _Work(ledger, _aware(now), {})
    try:
        value = work.value(parse(formula))
    except OverflowError as error:
        raise FormulaError("the formula gives a time out of range") from error
    if isinstance(value.is_, float) and not isfinite(value.is_):
        raise FormulaError("the formula gives a figure out of range")
    return Computed(value, list(dict.fromkeys(work.rows)), work.literals, work.times)


class _Work:
    """One formula being worked out; `done` holds the computed rows below it, None while one is being worked out."""

    def __init__(self, ledger: Ledger, now: datetime, done: dict[str, Value | None]) -> None:
        self.ledger, self.now, self.done = ledger, now, done
        self.rows: list[str] = []
        self.literals: list[Number] = []
        self.times: list[datetime] = []

    def value(self, node: Node) -> Value:
        if isinstance(node, Number):
            self.literals.append(node)
            return Value(node.value)
        if isinstance(node, Text):
            return self._text(node.value)
        if isinstance(node, Word):
            if node.name == "now":
                return Value(self.now)
            raise FormulaError(f"“{node.name}” is not known; a row is written [T-1], a function name(...)")
        if isinstance(node, Row):
            return self._field(node)
        function = _FUNCTIONS.get(node.name)
        if function is None:
            raise FormulaError(f"there is no function {node.name}(); known are {', '.join(sorted(_FUNCTIONS)[4:])}")
        return function(self, node.arguments)

    def _text(self, text: str) -> Value:
        at = _time(text)
        if at is not None:
            self.times.append(at)
        return Value(at if at is not None else text)

    def row(self, row_id: str) -> Evidence:
        """The row; refused where the ledger has none."""
        row = self.ledger.get(row_id)
        if row is None:
            raise FormulaError(f"there is no row [{row_id}]")
        self.rows.append(row_id)
        return row

    def _field(self, node: Row) -> Value:
        row = self.row(node.id)
        if row.origin == "computed" and node.field in ("", "value"):
            return self._computed(row)
        if not node.field:
            raise FormulaError(f"[{node.id}] is a whole row; name a field, such as [{node.id}].at")
        known = {"at": row.at, **row.fields} if row.at is not None else dict(row.fields)
        found = known.get(node.field)
        if found is None:
            names = ", ".join(name for name, value in known.items() if value is not None) or "none"
            raise FormulaError(f"[{node.id}] has no field “{node.field}”; it has {names}")
        if isinstance(found, datetime):
            return Value(_aware(found))
        if isinstance(found, bool):
            return Value("yes" if found else "no")
        if isinstance(found, (int, float)):
            unit = str(row.fields.get("currency") or "") if node.field in MONEY_FIELDS else ""
            return Value(float(found), unit)
        at = _time(found)
        return Value(at if at is not None else found)

    def _computed(self, row: Evidence) -> Value:
        if row.id in self.done:
            known = self.done[row.id]
            if known is None:
                raise FormulaError(f"[{row.id}] rests on itself")
            return known
        if not row.formula:
            raise FormulaError(f"[{row.id}] has no formula")
        if len(self.done) >= MOST_ROWS:
            raise FormulaError("computed rows rest on each other too deeply")
        self.done[row.id] = None
        value = _Work(self.ledger, self.now, self.done).value(parse(row.formula))
        self.done[row.id] = value
        return value

    def numbers(self, nodes: Sequence[Node], name: str) -> list[Value]:
        """The figures of the arguments, all of one unit."""
        values = [self.value(node) for node in nodes]
        if not values:
            raise FormulaError(f"{name}() needs at least one figure")
        for value in values:
            if not isinstance(value.is_, float):
                raise FormulaError(f"{name}() adds up figures, not “{value.written}”")
        units = {value.unit for value in values}
        if len(units) > 1:
            raise FormulaError(f"{name}() mixes {' and '.join(sorted(unit or 'plain numbers' for unit in units))}")
        return values

    def figure(self, node: Node, name: str) -> tuple[float, str]:
        """One figure with its unit."""
        value = self.value(node)
        if not isinstance(value.is_, float):
            raise FormulaError(f"{name} needs a figure, not “{value.written}”")
        return value.is_, value.unit

    def time(self, node: Node, name: str) -> datetime:
        """One time."""
        value = self.value(node)
        if not isinstance(value.is_, datetime):
            raise FormulaError(f"{name} needs a time, not “{value.written}”")
        return value.is_


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _time(text: str) -> datetime | None:
    if not text[:4].isdecimal():
        return None
    try:
        return _aware(datetime.fromisoformat(text))
    except ValueError:
        return None


def _arguments(nodes: Sequence[Node], count: int, name: str) -> None:
    if len(nodes) != count:
        raise FormulaError(f"{name}() takes {count} values, not {len(nodes)}")


def _between(unit: str, seconds: float) -> Callable[[_Work, Sequence[Node]], Value]:
    name = "hours" if unit == "h" else "days"

    def work_out(work: _Work, nodes: Sequence[Node]) -> Value:
        _arguments(nodes, 2, name)
        start, end = (work.time(node, f"{name}()") for node in nodes)
        return Value((end - start).total_seconds() / seconds, unit)

    return work_out


def _add_hours(work: _Work, nodes: Sequence[Node]) -> Value:
    _arguments(nodes, 2, "add_hours")
    hours, _ = work.figure(nodes[1], "add_hours()")
    return Value(work.time(nodes[0], "add_hours()") + timedelta(hours=hours))


def _due(work: _Work, nodes: Sequence[Node]) -> Value:
    """When the promise of time that a row states falls due: due([T-1/4], "Europe/Stockholm")."""
    if len(nodes) != 2 or not isinstance(nodes[0], Row) or nodes[0].field or not isinstance(nodes[1], Text):
        raise FormulaError('due() takes a row and a time zone: due([T-1/4], "Europe/Stockholm")')
    from zoneinfo import ZoneInfo

    from customer_escalation import promises

    row = work.row(nodes[0].id)
    try:
        at = promises.due_in(row.text, _aware(row.at), ZoneInfo(nodes[1].value)) if row.at is not None else None
    except (KeyError, ValueError, OSError) as error:
        raise FormulaError("the second value of due() is an IANA time zone") from error
    if at is None:
        raise FormulaError(f"[{row.id}] promises no time that can be read")
    return Value(at)


def _percent(work: _Work, nodes: Sequence[Node]) -> Value:
    _arguments(nodes, 2, "percent")
    (part, one), (whole, two) = (work.figure(node, "percent()") for node in nodes)
    if one != two:
        raise FormulaError(f"percent() compares {one or 'a plain number'} with {two or 'a plain number'}")
    if not whole:
        raise FormulaError("percent() of nothing: the second figure is 0")
    return Value(100.0 * part / whole, "%")


def _sum(work: _Work, nodes: Sequence[Node]) -> Value:
    values = work.numbers(nodes, "sum")
    return Value(sum(value.is_ for value in values if isinstance(value.is_, float)), values[0].unit)


def _extreme(name: str, latest: bool) -> Callable[[_Work, Sequence[Node]], Value]:
    def work_out(work: _Work, nodes: Sequence[Node]) -> Value:
        values = [work.value(node) for node in nodes]
        times = [value.is_ for value in values if isinstance(value.is_, datetime)]
        if times and len(times) == len(values):
            return Value(max(times) if latest else min(times))
        figures = work.numbers(nodes, name)
        best = [value.is_ for value in figures if isinstance(value.is_, float)]
        return Value(max(best) if latest else min(best), figures[0].unit)

    return work_out


def _count(work: _Work, nodes: Sequence[Node]) -> Value:
    ids: set[str] = set()
    for node in nodes:
        if not isinstance(node, Row) or node.field:
            raise FormulaError("count() counts rows: count([T-1], [T-2])")
        ids.add(work.row(node.id).id)
    return Value(float(len(ids)))


def _distinct(work: _Work, nodes: Sequence[Node]) -> Value:
    seen: set[str] = set()
    for node in nodes:
        if not isinstance(node, Row) or not node.field:
            raise FormulaError("distinct() compares fields: distinct([T-1].customer, [T-2].customer)")
        row = work.row(node.id)
        found = row.fields.get(node.field)
        if found is not None and str(found).strip():
            seen.add(str(found).strip().casefold())
    return Value(float(len(seen)))


def _later(work: _Work, nodes: Sequence[Node]) -> Value:
    """How many later parts of the same record, by that role: later([T-1/4], staff)."""
    if len(nodes) not in (1, 2) or not isinstance(nodes[0], Row) or nodes[0].field:
        raise FormulaError("later() takes a row and, if you like, a role: later([T-1/4], staff)")
    name = nodes[1].name if len(nodes) == 2 and isinstance(nodes[1], Word) else "anyone"
    roles = ROLES.get(name)
    if roles is None or (len(nodes) == 2 and not isinstance(nodes[1], Word)):
        raise FormulaError(f"the second value of later() is a role: {', '.join(ROLES)}")
    row = work.row(nodes[0].id)
    return Value(float(len(list(later_rows(work.ledger, row, roles)))))


def later_rows(ledger: Ledger, row: Evidence, roles: Sequence[str], public: bool = False) -> list[Evidence]:
    """The parts of the same record that were written after the row, by these roles (none: by anyone)."""
    if row.at is None:
        return []
    since = _aware(row.at)
    return [
        other
        for other in ledger
        if (other.category, other.record) == (row.category, row.record)
        and "/" in other.id
        and other.at is not None
        and _aware(other.at) > since
        and (not roles or (other.author is not None and other.author.role in roles))
        and (other.public or not public)
    ]


def _mentions(work: _Work, nodes: Sequence[Node]) -> Value:
    """How many things that people wrote hold all these words: mentions("secondary endpoint")."""
    if len(nodes) != 1 or not isinstance(nodes[0], Text) or not nodes[0].value.strip():
        raise FormulaError('mentions() takes a phrase in quotes: mentions("secondary endpoint")')
    wanted = {stem(part) for part in parts(nodes[0].value)}
    if not wanted:
        raise FormulaError("mentions() needs a phrase with words in it")
    found = (row for row in work.ledger if row.origin in ("stated_by_customer", "stated_by_staff"))
    return Value(float(sum(wanted <= {stem(part) for part in parts(row.text)} for row in found)))


def _plus(sign: float) -> Callable[[_Work, Sequence[Node]], Value]:
    name = "adding" if sign > 0 else "subtracting"

    def work_out(work: _Work, nodes: Sequence[Node]) -> Value:
        (one, unit), (two, other) = (work.figure(node, name) for node in nodes)
        if unit != other:
            raise FormulaError(f"{name} mixes {unit or 'a plain number'} and {other or 'a plain number'}")
        return Value(one + sign * two, unit)

    return work_out


def _times(work: _Work, nodes: Sequence[Node]) -> Value:
    (one, unit), (two, other) = (work.figure(node, "multiplying") for node in nodes)
    if unit and other:
        raise FormulaError(f"multiplying {unit} by {other} means nothing")
    return Value(one * two, unit or other)


def _over(work: _Work, nodes: Sequence[Node]) -> Value:
    (one, unit), (two, other) = (work.figure(node, "dividing") for node in nodes)
    if other not in ("", unit):
        raise FormulaError(f"dividing {unit or 'a plain number'} by {other} means nothing")
    if not two:
        raise FormulaError("the formula divides by zero")
    return Value(one / two, "" if unit == other else unit)


_FUNCTIONS: dict[str, Callable[[_Work, Sequence[Node]], Value]] = {
    "*": _times,
    "+": _plus(1.0),
    "-": _plus(-1.0),
    "/": _over,
    "add_hours": _add_hours,
    "due": _due,
    "count": _count,
    "days": _between("d", DAY),
    "distinct": _distinct,
    "hours": _between("h", HOUR),
    "later": _later,
    "max": _extreme("max", True),
    "mentions": _mentions,
    "min": _extreme("min", False),
    "percent": _percent,
    "sum": _sum,
}
