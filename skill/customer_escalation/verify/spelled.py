"""Figures in words: "five", "two hundred", "four and a half"."""

from __future__ import annotations

from collections.abc import Sequence

from customer_escalation.verify.quantities import UNITS, WORDS
from customer_escalation.verify.tokens import Token

_SCALES = ("hundred", "thousand", "million", "dozen")
_HALF = ["and", "a", "half"]


def spelled(found: Sequence[Token], at: int) -> tuple[float, float, int]:
    """The value that begins there, its step, and where it ends."""
    value, until = WORDS[found[at].text.lower()], at + 1
    while until < len(found) and found[until].text.lower() in _SCALES:
        value *= WORDS[found[until].text.lower()]
        until += 1
    if [token.text.lower() for token in found[until : until + 3]] == _HALF:
        return value + 0.5, 0.5, until + 3
    return value, 1.0, until


def is_one(found: Sequence[Token], at: int) -> bool:
    """Whether "a" or "an" stands for one, as in "less than an hour"; "a second" is mostly another one."""
    unit = found[at + 1].text.lower() if at + 1 < len(found) else ""
    return len(unit) > 2 and unit != "second" and UNITS.get(unit, ("",))[0] == "s"
