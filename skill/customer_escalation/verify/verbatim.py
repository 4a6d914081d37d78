"""A sentence of a cited row, word for word, with another figure in it: 236 rows are not 11,771 rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from customer_escalation.language import heard, sentences
from customer_escalation.verify.sources import Source

_WORD = re.compile(r"[^\W_]+(?:[.,:'’_/%-]+[^\W_]+)*")
_CUT = re.compile(r"[:;] ")
ENOUGH = 3  # words beside the figures; fewer could be anything


def altered(text: str, rows: Sequence[Source]) -> tuple[str, ...]:
    """Why a statement is refused that repeats a row's sentence with another figure; nothing where a row says it so."""
    words, figures = _taken_apart(text)
    if len(words) - len(figures) < ENOUGH or not figures:
        return ()
    others: list[str] = []
    for row in rows:
        for sentence in (part for whole in sentences(heard(row.row.text)) for part in _parts(whole)):
            own_words, own = _taken_apart(sentence)
            if own_words == words:
                if own == figures:
                    return ()
                others += [f"[{row.row.id}] says {figure} there" for figure in own if figure not in figures]
    return tuple(dict.fromkeys(others[:1]))


def _parts(sentence: str) -> tuple[str, ...]:
    """The sentence, and what follows a colon or semicolon in it."""
    return (sentence, *(part for cut in _CUT.finditer(sentence) if (part := sentence[cut.end() :].strip())))


def _taken_apart(text: str) -> tuple[list[str], list[str]]:
    """The words of a text with a blank for each figure, and the figures."""
    words = [found.group().lower() for found in _WORD.finditer(text)]
    return (
        ["" if any(c.isdigit() for c in word) else word for word in words],
        [word for word in words if any(c.isdigit() for c in word)],
    )
