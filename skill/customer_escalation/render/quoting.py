"""Long evidence made short, without losing what a statement takes from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from customer_escalation.brief import Result
from customer_escalation.render.citations import cited_claims
from customer_escalation.render.escape import flat

LIMIT = 1200
_OPENING = 160
_AROUND = 24
_RUN = 4
_QUOTED = re.compile(r"\"([^\"]{3,})\"|“([^”]{3,})”|«([^»]{3,})»|(?<!\w)'([^']{3,})'(?!\w)|‘([^’]{3,})’|`([^`]{3,})`")
_FIGURE = re.compile(r"[\w#][\w.,:/#-]*\d[\w.,:/#%-]*\w|\d+")
_WORD = re.compile(r"\S+")
_GAP = " … "

Span = tuple[int, int]


def shorten(text: str, claims: Iterable[str] = (), limit: int = LIMIT) -> str:
    """About `limit` characters of the text: its opening, and all that the claims quote from it, however long."""
    text = flat(text)
    if len(text) <= limit:
        return text
    kept = sorted({span for claim in claims for span in _taken(text, flat(claim))})
    spans = _joined(kept)
    room = limit - sum(end - start for start, end in spans)
    spans = _joined(sorted([(0, max(min(_OPENING, limit), room)), *spans]))
    pieces = [text[start:end].strip() for start, end in (_whole_words(text, span) for span in spans)]
    tail = "" if spans[-1][1] >= len(text) else " …"
    return _GAP.join(pieces) + tail


def claims_by_row(result: Result) -> dict[str, list[str]]:
    """What is said on the strength of each row."""
    claims: dict[str, list[str]] = {}
    for text, cites in cited_claims(result):
        for cite in cites:
            claims.setdefault(cite, []).append(text)
    return claims


def _taken(text: str, claim: str) -> Iterator[Span]:
    """Where the text holds what the claim quotes, its figures, and the runs of words that both share."""
    for quoted in _QUOTED.finditer(claim):
        yield from _places(text, next(group for group in quoted.groups() if group))
    for figure in _FIGURE.finditer(claim):
        yield from _places(text, figure.group())
    words = [match.group() for match in _WORD.finditer(claim)]
    for index in range(len(words) - _RUN + 1):
        yield from _places(text, " ".join(words[index : index + _RUN]))


def _places(text: str, part: str) -> Iterator[Span]:
    at = text.find(part)
    if at >= 0:
        yield max(at - _AROUND, 0), min(at + len(part) + _AROUND, len(text))


def _joined(spans: list[Span]) -> list[Span]:
    """The spans, with those that overlap or nearly touch made one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + len(_GAP):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _whole_words(text: str, span: Span) -> Span:
    """The span, grown to the nearest ends of words (by a dozen characters at the most)."""
    start, end = span
    for _ in range(12):
        if start and not text[start - 1].isspace():
            start -= 1
        if end < len(text) and not text[end].isspace():
            end += 1
    return start, end
