"""Which way round: "from 2.1 % to 2.9 %" grows, "2 hours after the call" begins with the call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.facts import Reading
from customer_escalation.verify.formula import Call, FormulaError, Node, Text, parse, rows_of
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.meaning import Vocabulary
from customer_escalation.verify.moments import of
from customer_escalation.verify.sources import Source
from customer_escalation.verify.support import Support
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import content, parts

RISES = listed(
    "grow grows grew grown growing rise rises rose risen rising increase increases increased increasing climbed"
)
FALLS = listed(
    "fall falls fell fallen falling drop drops dropped decrease decreases decreased decreasing shrunk declined"
)
REACH = 8


def wrong_way(reading: Reading, stated: Sequence[Clause]) -> list[str]:
    """A rise that is told as a fall, or the other way around."""
    figures = [fact for fact in reading.facts if fact.kind == "number"]
    for clause in stated:
        words = {token.text.lower() for token in reading.tokens if clause.start <= token.start < clause.end}
        rises, falls = not words.isdisjoint(RISES), not words.isdisjoint(FALLS)
        inside = [fact for fact in figures if clause.start <= fact.start < clause.end]
        if rises == falls or len(inside) != 2:
            continue
        one, two = inside[0].quantities[0], inside[1].quantities[0]
        if one.unit == two.unit and _from_to(reading.tokens, inside) and (one.value > two.value) == rises:
            return [f"from {inside[0].text} to {inside[1].text} is {'a fall' if rises else 'a rise'}"]
    return []


def _from_to(found: Sequence[Token], figures: Sequence[Fact]) -> bool:
    before = [(token.end, token.text.lower()) for token in found]
    ahead = [max(((end, word) for end, word in before if end <= fact.start), default=(0, ""))[1] for fact in figures]
    return ahead == ["from", "to"]


def before_or_after(formula: str, reading: Reading, rows: Sequence[Source]) -> list[str]:
    """ "2 hours before the call", where the formula counts from the call on."""
    try:
        tree = parse(formula)
    except FormulaError:
        return []
    if not isinstance(tree, Call) or tree.name not in ("hours", "days") or len(tree.arguments) != 2:
        return []
    lows = [token.text.lower() for token in reading.tokens]
    for word, other in (("after", 0), ("before", 1)):
        if lows.count(word) != 1:
            continue
        at = lows.index(word)
        wanted = {content(part) for token in reading.tokens[at + 1 : at + 1 + REACH] for part in parts(token.text)} - {
            ""
        }
        scores = [_known(wanted, _rows_for(node, rows)) for node in tree.arguments]
        if scores[1 - other] > scores[other]:
            return [f"the formula counts the other way around: “{word}” is not what it says"]
    return []


def _known(wanted: set[str], rows: Sequence[Source]) -> int:
    vocabulary = Vocabulary(rows)
    return sum(vocabulary.covers(word) for word in wanted)


def _rows_for(node: Node, rows: Sequence[Source]) -> list[Source]:
    """The rows that a side of the formula comes from: those it names, or those that hold its literal time."""
    named = rows_of(node)
    if named or not isinstance(node, Text):
        return [row for row in rows if row.row.id in named]
    try:
        moment = of(datetime.fromisoformat(node.value))._replace(second=None)
    except ValueError:
        return []
    fact = Fact("moment", node.value, 0, 0, (), (moment,))
    return [row for row in rows if row.row.at is not None and Support([row], row.row.at).holds(fact)]
