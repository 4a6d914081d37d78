"""Text from outside, made safe: cleaned of what cannot be seen, masked of what must not leave, and fenced."""

from __future__ import annotations

from dataclasses import dataclass

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
    cleaned = clean(text)
    masked = mask(cleaned.text)
    return Safe(masked.text, cleaned.removed, masked.kinds)
