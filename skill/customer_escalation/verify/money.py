"""Bare numbers that stand in the rows as money alone: "36,000 waiting" is not what "EUR 36,000" says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from customer_escalation.verify.joining import Fact
from customer_escalation.verify.quantities import CURRENCIES, CURRENCY_WORDS, Quantity, agrees
from customer_escalation.verify.vocabulary import listed

_MONEY = listed(
    """
    amount amounts arr contract cost costs currency deal deals expansion income money mrr opportunity pipeline price
    renewal renews revenue risk stake sum total totals upsell value valued worth
    """
)


def mistaken(facts: Iterable[Fact], lows: frozenset[str], rows: Sequence[Quantity]) -> list[str]:
    """Numbers without a currency, in a line that speaks of no money, that only an amount of money bears out."""
    numbers = [fact for fact in facts if fact.kind in ("number", "pair")]
    if not lows.isdisjoint(_MONEY | CURRENCY_WORDS.keys()) or any(_is_money(q) for f in numbers for q in f.quantities):
        return []
    amounts = {known.value for known in rows if _is_money(known)}  # a row's field holds the amount once more, bare
    for fact in numbers:
        for said in fact.quantities:
            held = {known.value for known in rows if agrees(said, known)}
            if held and held <= amounts:
                return [f"“{fact.text}” is an amount of money in the cited rows: say so, with its currency"]
    return []


def _is_money(quantity: Quantity) -> bool:
    return quantity.unit in CURRENCIES
