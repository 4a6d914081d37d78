"""Masks secrets and personal data: finders propose spans, and the first to claim a character wins."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from customer_escalation.safety.headers import find_headers
from customer_escalation.safety.named import find_named
from customer_escalation.safety.numbers import find_numbers
from customer_escalation.safety.personal import find_personal
from customer_escalation.safety.spans import Span, placeholders
from customer_escalation.safety.tokens import find_private_keys, find_tokens
from customer_escalation.safety.urls import find_url_passwords

_FINDERS = (find_url_passwords, find_tokens, find_headers, find_named, find_numbers, find_personal)


class Masked(Struct, frozen=True):
    """Text without secrets and personal data, and the kinds that stand masked in it, in order of appearance."""

    text: str
    kinds: tuple[str, ...]


def mask(text: str) -> Masked:
    """The text with readable placeholders for secrets and personal data; idempotent: it repeats until none is left."""
    while (masked := _once(text)) != text:
        text = masked
    return Masked(text, tuple(dict.fromkeys(span.kind for span in placeholders(text))))


def _once(text: str) -> str:
    taken = bytearray(len(text))
    claimed = _claim(taken, find_private_keys(text))
    _claim(taken, placeholders(text))
    for find in _FINDERS:
        claimed += _claim(taken, find(text))
    return _replaced(text, claimed) if claimed else text


def _claim(taken: bytearray, spans: Iterable[Span]) -> list[Span]:
    """The spans that are still free, which they then are no more."""
    claimed: list[Span] = []
    for span in spans:
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            claimed.append(span)
    return claimed


def _replaced(text: str, spans: list[Span]) -> str:
    parts: list[str] = []
    done = 0
    for span in sorted(spans):
        parts += (text[done : span.start], span.placeholder)
        done = span.end
    return "".join((*parts, text[done:]))
