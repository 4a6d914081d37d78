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
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_LOOSE = frozenset(code.lower() for code in CURRENCIES) | WORDS.keys()
_NOT_BREACHED = re.compile(r"\b(?:not|never|\w+n't) (?:\w+ ){0,2}breached\b")
_PRODUCTION = re.compile(r"(?<![\w-])(?:production|prod)(?![\w])")
_ELSEWHERE = re.compile(
    r"(?<!\w)(?:pre-?prod(?:uction)?|staging|sandbox|qa|test (?:system|cluster|tenant|environment))(?!\w)"
)
_IS = re.compile(
    r"\b(?:ticket|issue|it)\b[^.;:]{0,40}? (?:is|are|was) (?:now |still |already )?(open|closed|solved|pending)\b"
)
_VALUES = {
    "priority": frozenset(("low", "normal", "medium", "high", "urgent", "critical", "highest", "lowest")),
    "health": frozenset(("green", "yellow", "red")),
}


def wrong_values(text: str, rows: Sequence[Source]) -> list[str]:
    """Values that the statement gives to a field, and that the cited rows do not give it."""
    said = plain(text)
    wrong = _elsewhere(said, rows) + _not_breached(said, rows)
    held: dict[str, set[str]] = {}
    for row in rows:
        for name, values in row.attributes.items():
            held.setdefault(name, set()).update(values)
    stated = _IS.search(said)
    if stated is not None and "status" in held and not any(stated[1] in known for known in held["status"]):
        return [f"the status is “{', '.join(sorted(held['status']))}” in the cited rows, not “{stated[1]}”"]
    for found in _SAID.finditer(said):
        known, value = held.get(found["name"]), found["value"]
        if known is not None and value == "not":
            wrong.append(f"say what the {found['name']} is: {', '.join(sorted(known))}")
        elif known is not None and _is_value(found["name"], value) and not any(value in one.split() for one in known):
            wrong.append(f"the {found['name']} is “{', '.join(sorted(known))}” in the cited rows, not “{value}”")
    return wrong


def _is_value(name: str, value: str) -> bool:
    return value not in STOP and (name not in _VALUES or value in _VALUES[name])


def _elsewhere(said: str, rows: Sequence[Source]) -> list[str]:
    """Production, where the rows speak of a test environment alone."""
    if not _PRODUCTION.search(said) or any(_PRODUCTION.search(row.blob) for row in rows):
        return []
    other = any(_ELSEWHERE.search(row.blob) for row in rows)
    return ["the cited rows speak of another environment than production"] if other else []


def _not_breached(said: str, rows: Sequence[Source]) -> list[str]:
    if not _NOT_BREACHED.search(said) or any("sla breached: no" in row.blob for row in rows):
        return []
    return ["the SLA is breached in the cited rows"] if any("sla breached: yes" in row.blob for row in rows) else []


def wrong_labels(found: Sequence[Token], rows: Sequence[Source]) -> list[str]:
    """Numbers that belong to a word: "Chrome 145", where the rows know Chrome 142 and no other; "the third host"."""
    wrong: list[str] = []
    for one, two in pairwise(found):
        pattern = _label(one, two) if two.start - one.end == 1 else None
        if pattern is None:
            continue
        said, known = pattern
        others = {match[1].rstrip(".,") for row in rows for match in known.finditer(row.blob)}
        if others and said not in others:
            wrong.append(f"the cited rows have {', '.join(sorted(others)[:3])}, not {said}: “{one.text} {two.text}”")
    return wrong


def _label(one: Token, two: Token) -> tuple[str, re.Pattern[str]] | None:
    """What is said of a series, and where the rows would say it: a word and its number, an ordinal and its word."""
    low, word = one.text.lower(), plain(two.text)
    if one.kind == "word" and two.kind == "num" and len(low) > 2 and low not in STOP | MONTHS.keys() | _LOOSE:
        return plain(two.text), re.compile(rf"(?<!\w){re.escape(plain(one.text))}[ =](\d[\d.,]*)(?!\d|-\d)")
    if low in ORDINALS and two.kind == "word" and word not in STOP:
        return low, re.compile(rf"\b({'|'.join(ORDINALS)}) {re.escape(word)}\b")
    return None
