"""Text as tokens: one pass, in time linear in its length. What a token means is decided elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

NUMBER = r"(?>\d{1,3}(?:[,\u00a0\u202f’']\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.,]\d+)?)"
_TOKEN = re.compile(
    rf"""
    (?P<url>[hH][tT][tT][pP][sS]?://[^\s<>"'`”’)\]|]+)
  | (?P<word>(?>[^\W\d_]+(?:['’][^\W\d_]+)*)(?![\w])(?![.\-/_@]\w|::\w))
  | (?P<iso>\d{{4}}-\d{{2}}-\d{{2}}(?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?)?(?:Z|[+-]\d{{2}}:?\d{{2}})?(?![\w]))
  | (?P<clock>\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:\ ?[apAP]\.?[mM]\b\.?)?(?![\w:]))
  | (?P<num>{NUMBER})(?P<suffix>[A-Za-zµ]{{0,8}})(?![\w])(?![.\-/_@#’'–]\w)
  | (?P<chunk>(?:[#@/]|(?<!\w)\.(?=\w))?\w+(?:(?:[.\-/_@#–]|::)\w+)*)
  | (?P<mask>\[masked:[^\]\n]{{0,200}}\])
  | (?P<mark>[^\w\s])
  | (?P<line>\n)
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """A piece of text: its kind is mask, url, mail, iso, clock, num, word, chunk, mark or line."""

    kind: str
    text: str
    start: int
    end: int
    suffix: str = ""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text in order; spaces are left out, line breaks are not."""
    new = tuple.__new__  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]  # thrice as fast as Token()
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        start, end = found.span()
        if kind == "suffix":
            yield new(Token, ("num", found["num"], start, end, found["suffix"]))
        else:
            yield new(Token, (kind, text[start:end], start, end, ""))
