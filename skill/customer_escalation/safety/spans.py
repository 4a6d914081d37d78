"""What a finder reports: where something to mask stands and which kind it is; and the placeholder that replaces it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_KINDS = (
    ("private_key", "private key"),
    ("password", "password"),
    ("password_hash", "password hash"),
    ("api_key", "API key"),
    ("token", "access token"),
    ("authorization", "authorization credentials"),
    ("cookie", "session cookie"),
    ("secret", "secret"),
    ("card", "card number"),
    ("card_code", "card security code"),
    ("iban", "bank account number"),
    ("national_id", "national id number"),
    ("email", "e-mail address"),
    ("phone", "phone number"),
)
LABELS = dict(_KINDS)
OPENING = "[masked: "
_PLACEHOLDER = rf"\[masked: ({'|'.join(LABELS.values())})(?: at [^\s\[\]]+)?\]"


class Span(NamedTuple):
    """Characters start to end of a text, the kind of thing they are, and what the placeholder may still tell."""

    start: int
    end: int
    kind: str
    note: str = ""

    @property
    def placeholder(self) -> str:
        """What the reader sees instead, such as "[masked: API key]"."""
        return f"{OPENING}{LABELS[self.kind]}{self.note}]"


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled on first use: most texts need few of them, and compiling all would cost every start."""
    return re.compile(pattern)


def placeholders(text: str) -> Iterator[Span]:
    """The placeholders that stand in the text, in order."""
    kinds = {label: kind for kind, label in LABELS.items()}
    if OPENING in text:
        for match in compiled(_PLACEHOLDER).finditer(text):
            yield Span(match.start(), match.end(), kinds[match[1]])


def lowered(text: str) -> str:
    """The text in lower case with every character at its place (one capital letter, İ, becomes two in lower case)."""
    return text.replace("İ", "I").lower()


def positions(text: str, word: str) -> Iterator[int]:
    """Where the word stands in the text."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))
