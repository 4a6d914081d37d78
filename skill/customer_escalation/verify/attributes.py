"""Fields whose value a statement names: "priority high", "its status is In Review", "SLA breached"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from customer_escalation.verify.sources import Source, plain
from customer_escalation.verify.words import STOP

_SAID = re.compile(
    r"\b(?P<name>priority|status|stage|health|tier)(?: is| of| as| was|:)?(?: set to| now| the| still| at)* “?(?P<value>[a-z][\w'-]*)"
)
_HELD = re.compile(r"(?:^|[(;,\n ])(?P<name>priority|status|stage|health|tier): (?P<value>[^;)\n]+)")
_VALUES = {
    "priority": frozenset(("low", "normal", "medium", "high", "urgent", "critical", "highest", "lowest")),
    "health": frozenset(("green", "yellow", "red")),
}
_BREACHED = re.compile(r"sla breached: (yes|no)")
_IS_BREACHED = re.compile(r"\b(not|never|yet to be|isn't|no longer)?\s*(?:yet )?(?:been )?breached\b")


def wrong_values(text: str, rows: Sequence[Source]) -> list[str]:
    """Values that the statement gives to a field, and that the cited rows do not give it."""
    held: dict[str, set[str]] = {}
    for row in rows:
        for found in _HELD.finditer(row.blob):
            held.setdefault(found["name"], set()).add(found["value"].strip())
    if not held:
        return []
    wrong: list[str] = []
    for found in _SAID.finditer(plain(text)):
        name, value = found["name"], found["value"]
        known = held.get(name)
        if known is None or value in STOP or (name in _VALUES and value not in _VALUES[name]):
            continue
        if not any(value in one.split() for one in known):
            wrong.append(f"the {name} is “{', '.join(sorted(known))}” in the cited rows, not “{value}”")
    return wrong
