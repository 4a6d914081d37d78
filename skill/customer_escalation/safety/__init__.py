"""Text from outside, made safe: cleaned of what cannot be seen, masked of what must not leave, and fenced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from customer_escalation.memory import MEMORY
from customer_escalation.safety.fencing import fence
from customer_escalation.safety.invisible import Cleaned, clean
from customer_escalation.safety.masking import Masked, mask

__all__ = ["Cleaned", "Masked", "Safe", "clean", "fence", "mask", "safe"]


@dataclass(frozen=True, slots=True)
class Safe:
    """Text that may leave the process, with what was removed from it and which kinds were masked."""

    text: str
    removed: tuple[str, ...]
    kinds: tuple[str, ...]


def safe(text: str) -> Safe:
    """The text cleaned, then masked (in that order: an invisible character inside a key would hide it)."""
    known = cast("Sequence[Sequence[str]]", MEMORY.recall("safe", text, _safe))
    return Safe(known[0][0], tuple(known[1]), tuple(known[2])) if known else Safe(text, (), ())


def _safe(text: str) -> list[list[str]]:
    """The three parts as lists, or nothing where the text may leave as it is."""
    cleaned = clean(text)
    masked = mask(cleaned.text)
    untouched = masked.text == text and not cleaned.removed and not masked.kinds
    return [] if untouched else [[masked.text], list(cleaned.removed), list(masked.kinds)]
