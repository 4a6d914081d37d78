"""Fields whose value a statement names: "priority high", "its status is In Review", "SLA breached"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from customer_escalation.verify.moments import MONTHS
from customer_escalation.verify.quantities import CURRENCIES, WORDS
from customer_escalation.verify.sources import Source, plain
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.words import STOP

_SAID = re.compile(
    r"\b(?P<name>priority|status|stage|health|tier)(?: is| of| as| was|:)?(?: set to| now| the| still| at)*"
    r" “?(?P<value>[a-z][\w'-]*)"
)
# Words before a number that name no series: amounts, counts, "shows 5", "returns 500".
_LOOSE = frozenset(code.lower() for code in CURRENCIES) | WORDS.keys()
_VALUES = {
    "priority": frozenset(("low", "normal", "medium", "high", "urgent", "critical", "highest", "lowest")),
    "health": frozenset(("green", "yellow", "red")),
}


def wrong_values(text: str, rows: Sequence[Source]) -> list[str]:
    """Values that the statement gives to a field, and that the cited rows do not give it."""
    held: dict[str, set[str]] = {}
    for row in rows:
        for name, values in row.attributes.items():
            held.setdefault(name, set()).update(values)
    if not held:
        return []
    wrong: list[str] = []
    for found in _SAID.finditer(plain(text)):
        name, value = found["name"], found["value"]
        known = held.get(name)
        if known is not None and value == "not":
            wrong.append(f"say what the {name} is: {', '.join(sorted(known))}")
            continue
        if known is None or value in STOP or (name in _VALUES and value not in _VALUES[name]):
            continue
        if not any(value in one.split() for one in known):
            wrong.append(f"the {name} is “{', '.join(sorted(known))}” in the cited rows, not “{value}”")
    return wrong


def wrong_labels(found: Sequence[Token], rows: Sequence[Source]) -> list[str]:
    """Numbers that belong to a word: "Chrome 145", where the rows know Chrome 142 and no other."""
    wrong: list[str] = []
    for word, number in pairwise(found):
        low = word.text.lower()
        if number.kind != "num" or word.kind != "word" or low in STOP or len(low) < 3 or number.start - word.end != 1:
            continue
        known = re.compile(rf"(?<!\w){re.escape(plain(word.text))} (\d[\d.,]*)")
        others = {match[1].rstrip(".,") for row in rows for match in known.finditer(row.blob)}
        if others and plain(number.text) not in others and low not in MONTHS and low not in _LOOSE:
            wrong.append(f"the cited rows have {word.text} {', '.join(sorted(others)[:3])}, not {number.text}")
    return wrong
