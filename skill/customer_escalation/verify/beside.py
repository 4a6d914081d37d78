"""What stands beside a figure: "60 a day", "larkfield-python 4.8.2", "signed for 24 hours", a deal's amount."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.facts import Reading
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.meaning import weighty
from customer_escalation.verify.moments import of, time_agrees
from customer_escalation.verify.quantities import CURRENCIES, Quantity, agrees
from customer_escalation.verify.sources import Source, plain
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed

_PER = frozenset(("a", "an", "per", "each", "every"))
_PERIODS = {
    "hour": "hour", "hourly": "hour", "day": "day", "daily": "day", "week": "week", "weekly": "week",
    "month": "month", "monthly": "month", "minute": "minute", "second": "second", "year": "year", "night": "day",
    "morning": "day",
}  # fmt: skip
_DEALS = listed("deal deals opportunity opportunities expansion upsell pipeline")
_INCOME = listed("arr revenue contract annual annually yearly year")
_SINCE = frozenset(("since", "introduced", "regression", "broke", "began", "started"))
_FIX = re.compile(r"fix[ _]versions?:? $")
_MARGIN = 2
NEAR = 4


def misplaced(
    reading: Reading, stated: Sequence[Clause], rows: Sequence[Source], known: Sequence[Quantity]
) -> list[str]:
    """Figures and versions that the rows hold, but beside something else."""
    found = reading.tokens
    for fact in reading.facts:
        wrong = ""
        if fact.kind == "number" and not any(agrees(fact.quantities[0], one) for one in known):
            wrong = _other_period(fact, found, rows) or _other_money(fact, found, rows) or _rival(fact, stated, rows)
        elif fact.kind == "id":
            wrong = _other_name(fact, found, rows)
        elif fact.kind == "moment":
            wrong = _stamp(fact, stated, rows)
        if not wrong and fact.text.count(".") > 1:
            wrong = _not_yet(fact, found, rows)
        if wrong:
            return [wrong]
    return []


def _after(found: Sequence[Token], end: int) -> list[str]:
    return [token.text.lower() for token in found if end <= token.start < end + 40][:NEAR]


def _period(words: Sequence[str]) -> str:
    """The period of "60 orders a day"; empty where none is said."""
    for one, two in pairwise(words):
        if one in ",.;:":
            return ""
        if one in _PER and two in _PERIODS:
            return _PERIODS[two]
    return ""


def _other_period(fact: Fact, found: Sequence[Token], rows: Sequence[Source]) -> str:
    said = _period(_after(found, fact.end))
    if not said:
        return ""
    known = {
        _period(_after(row.reading.tokens, one.end))
        for row in rows
        for one in row.reading.facts
        if one.kind == "number" and agrees(fact.quantities[0], one.quantities[0])
    } - {""}
    return (
        f"“{fact.text}” is by the {', '.join(sorted(known))} in the cited rows" if known and said not in known else ""
    )


def _other_money(fact: Fact, found: Sequence[Token], rows: Sequence[Source]) -> str:
    """What an account pays, told as what a deal is worth."""
    if fact.quantities[0].unit not in CURRENCIES:
        return ""
    before = [token.text.lower() for token in found if token.end <= fact.start][-3:]
    around = {*before[before.index("and") + 1 if "and" in before else 0 :], *_after(found, fact.end)[:1]}
    holding = [row for row in rows if any(agrees(fact.quantities[0], one) for one in row.quantities)]
    is_deal, is_income = not around.isdisjoint(_DEALS), not around.isdisjoint(_INCOME)
    if is_deal == is_income or not holding:
        return ""
    wrong = "arr" if is_deal else "amount"
    other = all(wrong in row.row.fields and agrees(fact.quantities[0], _money(row, wrong)) for row in holding)
    return f"“{fact.text}” is the {wrong} of [{holding[0].row.id}]: say what the amount is of" if other else ""


def _money(row: Source, name: str) -> Quantity:
    value = row.row.fields[name]
    currency = str(row.row.fields.get("currency") or "")
    return Quantity(float(value), currency) if isinstance(value, (int, float)) else Quantity(-1.0)


def _other_name(fact: Fact, found: Sequence[Token], rows: Sequence[Source]) -> str:
    """A version beside another product than in the rows: "larkfield-node 4.7.0"."""
    before = next((token for token in reversed(found) if token.end <= fact.start), None)
    if before is None or before.kind != "chunk" or "-" not in before.text or not before.text[0].isalpha():
        return ""
    beside = re.compile(rf"([\w-]+) v?{re.escape(plain(fact.text))}(?![\w])")
    known = {match[1] for row in rows for match in beside.finditer(row.blob)}
    names = {name for name in known if "-" in name and not name.isdigit()}
    if not names or plain(before.text) in known:
        return ""
    return f"the cited rows have {fact.text} beside {', '.join(sorted(names)[:3])}, not “{before.text}”"


def _not_yet(fact: Fact, found: Sequence[Token], rows: Sequence[Source]) -> str:
    """Something that began with a version, which the rows know only as the one that will hold the fix."""
    before = {token.text.lower() for token in found if fact.start - 24 <= token.start < fact.start}
    if before.isdisjoint(_SINCE):
        return ""
    version = plain(fact.text)
    places = [(row, at.start()) for row in rows for at in re.finditer(re.escape(version), row.blob)]
    if not places or not all(_FIX.search(row.blob[max(0, at - 16) : at]) for row, at in places):
        return ""
    return f"{fact.text} is the version that holds the fix in the cited rows"


def _stamp(fact: Fact, stated: Sequence[Clause], rows: Sequence[Source]) -> str:
    """The time at which a row was written, told as the time of what the row tells with a time of its own."""
    said = fact.moments[0]
    clause = next((one for one in stated if one.start <= fact.start < one.end), None)
    if clause is None or not said.has_time or any(time_agrees(said, one) for row in rows for one in row.told):
        return ""
    wanted = {word.stem for word in weighty(clause)}
    for row in rows:
        if row.row.at is None or not time_agrees(said, of(row.row.at)):
            continue
        for one in row.reading.facts:
            around = next((other for other in row.clauses if other.start <= one.start < other.end), None)
            if around is None or one.kind != "moment" or not one.moments[0].has_time:
                continue
            if len(wanted & around.stems) >= NEAR:
                return f"[{row.row.id}] was written at {fact.text} and says {one.text} of this"
    return ""


def _rival(fact: Fact, stated: Sequence[Clause], rows: Sequence[Source]) -> str:
    """A measure that the rows give to something else, where they give another to what the clause speaks of."""
    said = fact.quantities[0]
    clause = next((one for one in stated if one.start <= fact.start < one.end), None)
    if clause is None or not said.unit:
        return ""
    wanted = {word.stem for word in weighty(clause)}
    own, other, rival = -1, 0, ""
    word = fact.text.split()[-1].rstrip("s")
    for row in rows:
        for shared, one in _measured(wanted, row, said.unit):
            if agrees(said, one.quantities[0]):
                own = max(own, shared)
            elif shared > other and one.text.split()[-1].rstrip("s") == word:
                other, rival = shared, one.text
    return f"the cited rows give “{rival}” for this, not “{fact.text}”" if rival and 0 <= own <= other - _MARGIN else ""


def _measured(wanted: set[str], row: Source, unit: str) -> Iterator[tuple[int, Fact]]:
    """Each measure of a unit in a row, with how many of the wanted words stand in its clause."""
    for one in row.reading.facts:
        if one.kind == "number" and one.quantities[0].unit == unit:
            around = next((clause for clause in row.clauses if clause.start <= one.start < clause.end), None)
            if around is not None:
                yield len(wanted & around.stems), one
