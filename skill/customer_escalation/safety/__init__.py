"""Text from outside, made safe: cleaned of what cannot be seen and masked of what must not leave.

`fencing.py` sets apart what a model reads; `masking.py` is loaded where a text is masked that no run has seen before.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from msgspec import Struct

from customer_escalation.memory import MEMORY
from customer_escalation.safety.invisible import Cleaned, clean

__all__ = ["Cleaned", "Safe", "clean", "safe"]


class Safe(Struct, frozen=True):
    """Text that may leave the process, with what was removed from it and which kinds were masked."""

    text: str
    removed: tuple[str, ...]
    kinds: tuple[str, ...]


@lru_cache(maxsize=4096)
def safe(text: str) -> Safe:
    """The text cleaned, then masked (in that order: an invisible character inside a key would hide it)."""
    known = cast("Sequence[Sequence[str]]", MEMORY.recall("safe", text, _safe))
    return Safe(known[0][0], tuple(known[1]), tuple(known[2])) if known else Safe(text, (), ())


def _safe(text: str) -> list[list[str]]:
    """The three parts as lists, or nothing where the text may leave as it is."""
    from customer_escalation.safety.masking import mask

    cleaned = clean(text)
    masked = mask(cleaned.text)
    untouched = masked.text == text and not cleaned.removed and not masked.kinds
    return [] if untouched else [[masked.text], list(cleaned.removed), list(masked.kinds)]
