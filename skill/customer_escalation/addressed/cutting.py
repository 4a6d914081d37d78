"""Where in a text an order to a machine begins and ends, and what of a short value stands before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from customer_escalation.addressed import rules
from customer_escalation.addressed.forms import is_turn, turn_in
from customer_escalation.addressed.readings import all_readings, hidden

_FENCE = r"(?s)(```|~~~).*?(?:\1|\Z)"
_COMMENT = r"(?s)<!--.*?(?:-->|\Z)"
_ELEMENT = r"<([A-Za-z][\w-]{0,20})\b[^<>]{0,200}>[^<>]{0,2000}</\1\s*>"
_LINK = r"!?\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)"
_BOUNDARY = r"[.!?;|)\]>][\"'”’)]*\s+|\s[-–—|]\s+"
_STOP = r"[.!?;][\"'”’)]*\s+|\s[-–—|]\s+|\n"
_OPENING = r"(?<=\s)[^\W\d_a-z][\w'’]*(?=\s+[^\W\d_A-Z])"
_MARKUP = r"(?<=\s)(?:!?\[[^\]]*\]\([^)]*\)?|<[^<>]*>|[\[{<(\"“`!]+[^\])}>\"”`]*)\s*\Z"
PROSE = 6
_LEAD_IN = (
    r"(?i)(?:(?<!\w)(?:please|could|can|may|will|for|you|must|should|now|and|then|also|so|i|we|hereby|ask|"
    r"request|want|instruct|"
    r"authori[sz]e|would|like|need|to|important|urgent|note|attention|the|that|bitte|por favor|hello|hi)\b"
    r"|[\s,:!<#*>\[({`-])+$"
)
_TRAILING = ' \t\n-–—|:;,([{<>*#/`"“'


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def holds_orders(text: str) -> bool:
    """Whether any reading of the text holds an order to a machine."""
    return next(_hits(text), None) is not None


def without_orders(text: str) -> str:
    """The text without the lines, comments and blocks that orders stand in, each from its own sentence on."""
    return _without(text, _spans(text))


def value_before_orders(text: str) -> str:
    """A short value as far as it goes before an order."""
    starts = [start for start, _ in _hits(text, anywhere=True)]
    return _trimmed(text[: _field_end(text, min(starts))]) if starts else text


def value_before_prose(value: str) -> str:
    """A name or a word without the prose that follows a stop."""
    stop = _compiled(_STOP).search(value)
    prose = stop is not None and len(value[stop.end() :].split()) >= PROSE
    return _trimmed(value[: stop.start()]) if stop is not None and prose else value


def _trimmed(text: str) -> str:
    return " ".join(text.split()).rstrip(_TRAILING + ".")


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    kept: list[str] = []
    done = 0
    for start, end in spans:
        kept.append(text[done:start].rstrip(_TRAILING) + "\n" * text[:start].endswith("\n"))
        done = end
    return text if not done else ("".join(kept) + text[done:]).strip()


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """The stretches to leave out, in order and apart from each other."""
    hits = sorted(_hits(text))
    blocks = (
        [found.span() for pattern in (_COMMENT, _FENCE, _ELEMENT, _LINK) for found in _compiled(pattern).finditer(text)]
        if hits
        else []
    )
    last = 0
    for start, end in hits:
        if end <= last:
            continue
        start = max(start, last)  # the order may stand in what is already left out
        opening, closing = _block(blocks, start) or (_sentence_start(text, start), _end(text, end))
        opening, last = max(last, opening), (_block(blocks, closing) or (0, closing))[1]
        yield opening, last


def _block(blocks: list[tuple[int, int]], at: int) -> tuple[int, int] | None:
    return next((block for block in blocks if block[0] <= at < block[1]), None)


def _hits(text: str, *, anywhere: bool = False) -> Iterator[tuple[int, int]]:
    """Where an order stands in any reading of the text, each as its start and its end."""
    for reading in all_readings(text):
        for start, end in rules.hits(reading.text, anywhere=anywhere):
            stop = _compiled(r"[.!?]").search(reading.text, end) if reading.backwards else None
            yield reading.place(start, stop.end() if stop else end)
    for said in hidden(text):
        if rules.suspects(said.text) or holds_orders(said.text):
            yield said.start, said.end


def _sentence_start(text: str, hit: int) -> int:
    """Where the hit's sentence begins, or the introduction, the link or the element that stands right before it."""
    line = text.rfind("\n", 0, hit) + 1
    if is_turn(text[line : _line_end(text, hit)]):
        return _first_turn(text, line)
    ends = [line, *(found.end() for found in _compiled(_BOUNDARY).finditer(text, line, hit))]
    if len(ends) > 1 and rules.introduces(text[ends[-2] : ends[-1]]):
        ends.pop()
    while len(ends) > 1 and not _compiled(f"{_LINK}|{_ELEMENT}").sub("", text[ends[-2] : ends[-1]]).strip(_TRAILING):
        ends.pop()
    return ends[-1]


def _first_turn(text: str, line: int) -> int:
    """Where a conversation begins of which this line is a turn; its first turn may begin within a line."""
    while line:
        above = text.rfind("\n", 0, line - 1) + 1
        turn = turn_in(text[above : line - 1])
        if turn is None or turn > 0:
            return line if turn is None else above + turn
        line = above
    return line


def _field_end(text: str, hit: int) -> int:
    """Where a short value ends before a hit: at its first stop or dash, or where another sentence begins."""
    before = text[:hit]
    markup = _compiled(_MARKUP).search(before)
    if markup is not None:
        before = text[: markup.start()]
    stop = _compiled(_STOP).search(before)
    if stop is not None:
        before = before[: stop.end()]
    elif markup is None and (ends := [found.end() for found in _compiled(_BOUNDARY).finditer(before)]):
        before = before[: ends[-1]]
    elif markup is None:
        lead = _compiled(_LEAD_IN).search(before, max(0, hit - 120))
        before = before[: lead.start()] if lead else before
    openings = [found.start() for found in _compiled(_OPENING).finditer(before)]
    led_in = stop is None and (text[hit : hit + 1].islower() or text[:hit].rstrip("\"“'‘ ").endswith(":"))
    if openings and (led_in or rules.introduces(before[openings[-1] :])):
        return openings[-1]
    return len(before)


def _end(text: str, hit: int) -> int:
    """The end of the line, and of the lines that go on with it: wrapped ones, and such as hold further orders."""
    end = _line_end(text, hit)
    while end < len(text):
        following = text[end + 1 : _line_end(text, end + 1)]
        line = text[text.rfind("\n", 0, end) + 1 : end].rstrip()
        wrapped = len(line) >= 50 and line[-1] not in ".!?:;)\"”'>"
        if not following.strip() or not (wrapped or is_turn(following) or rules.carries_on(following)):
            return end
        end += 1 + len(following)
    return end


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found
