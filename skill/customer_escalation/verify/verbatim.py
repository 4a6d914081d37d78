"""A sentence of a cited row, word for word, with another figure in it: 236 rows are not 11,771 rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from customer_escalation.language import heard, sentences
from customer_escalation.verify.sources import Source

_WORD = re.compile(r"[^\W_]+(?:[.,:'’_/%-]+[^\W_]+)*")
_DIGIT = re.compile(r"\d")
_CUT = re.compile(r"[:;] ")
ENOUGH = 3  # words beside the figures; fewer could be anything


def altered(text: str, rows: Sequence[Source]) -> tuple[str, ...]:
    """Why a statement is refused that repeats a row's sentence with another figure; nothing where a row says it so."""
    words, figures = _taken_apart(text)
    if len(words) - len(figures) < ENOUGH or not figures:
        return ()
    others: list[str] = []
    telling = max(words, key=len)  # a row without it has no such sentence
    for row in (each for each in rows if telling in each.row.text.lower()):
        for sentence in (part for whole in sentences(heard(row.row.text)) for part in _parts(whole)):
            own_words, own = _taken_apart(sentence) if telling in sentence.lower() else ((), ())
            if own_words == words:
                if own == figures:
                    return ()
                others += [f"[{row.row.id}] says {figure} there" for figure in own if figure not in figures]
    return tuple(dict.fromkeys(others[:1]))


def _parts(sentence: str) -> tuple[str, ...]:
    """The sentence, and what follows a colon or semicolon in it."""
    return (sentence, *(part for cut in _CUT.finditer(sentence) if (part := sentence[cut.end() :].strip())))


@lru_cache(maxsize=8192)
def _taken_apart(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a text with a blank for each figure, and the figures."""
    words = _WORD.findall(text.lower())
    figures = tuple(filter(_DIGIT.search, words))
    return tuple("" if word in figures else word for word in words), figures
