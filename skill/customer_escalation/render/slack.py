"""The brief as one Slack message (mrkdwn): what a channel needs to act, short enough to post, cut where it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from customer_escalation.brief import Result
from customer_escalation.render import words
from customer_escalation.render.citations import cited_rows
from customer_escalation.render.escape import flat, pieces, unmarked
from customer_escalation.render.outline import Block, Line, Section, outline

LIMIT = 3_800
_LINE = 240
_NAMES = 300
_MARKS = 4
_SHORT = 170
_LAST = ("conflicts", "unknown", "supporting")
_PRIORITY = (
    *("impact", "handling", "needed", "reproduction", "description", "communication", "tried", "insights"),
    *_LAST,
)
# Which sections are cut to how many lines, until the message fits; the steps to reproduce stay longest, since they are
# what engineering needs first.
_CUTS = (
    (_LAST, 1), (("insights",), 4), (("reproduction",), 9), (_LAST, 0), (("insights", "description", "tried"), 3),
    (("impact",), 6), (("insights", "description", "tried"), 2), (("reproduction",), 6), (("description", "tried"), 1),
    (("insights", "description", "tried", "communication", "needed", "handling", "impact"), 1), (("reproduction",), 4),
    (_PRIORITY, 1), (_PRIORITY, 0),
)  # fmt: skip
_TERSE = ("reproduction", "tried", "communication")
_ALWAYS = ("impact", "needed", "communication")
_MENTION = re.compile(r"@(?=\w)")
_DEAD = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "`": "'", "*": "∗", "~": "∼"})


class _Part(Struct):
    """A section of the message and how many of its lines were left out."""

    key: str
    heading: str
    lines: list[str]
    hidden: int = 0

    def text(self) -> str:
        """Heading and lines, and how many more there are."""
        more = [f"… {self.hidden} more in the full brief"] if self.hidden else []
        return "\n".join([f"*{self.heading}*", *self.lines, *more])


def render(result: Result) -> str:
    """The message, under 3,800 characters, with a newline at its end."""
    page = outline(result)
    facts = " · ".join(f"*{fact.label}:* {_data(fact.text, 120)}" for fact in page.facts)
    head = [f"*{page.kicker}: {_data(page.title.text, 240)}*{_marks(page.title.cites)}", facts]
    notes = [f"_Note: {_data(note, 160)}_" for note in result.notes[:2]]
    if len(result.notes) > len(notes):
        notes.append(f"… {len(result.notes) - len(notes)} more notes in the full brief")
    seen = set[tuple[str, tuple[str, ...]]]()
    parts = [part for section in page.sections if (part := _part(section, seen)) is not None]
    top, foot = "\n".join([*head, *notes]), _foot(result)
    _cut(parts, LIMIT - len(top) - len(foot) - 8)
    return "\n\n".join([top, _body(parts), foot]) + "\n"


def _cut(parts: list[_Part], room: int) -> None:
    """Take lines away until the parts fit: from the least important sections first, each from its end."""
    for keys, keep in _CUTS:
        for part in sorted(parts, key=lambda part: -_PRIORITY.index(part.key)):
            while part.key in keys and len(part.lines) > keep and len(_body(parts)) > room:
                part.lines.pop()
                part.hidden += 1


def _body(parts: list[_Part]) -> str:
    """The sections that still have lines, then the names of those that have none left."""
    shown = [part.text() for part in parts if part.lines]
    gone = ", ".join(f"{part.heading} ({part.hidden})" for part in parts if not part.lines)
    return "\n\n".join([*shown, *([f"_Only in the full brief: {gone}_"] if gone else [])])


def _part(section: Section, seen: set[tuple[str, tuple[str, ...]]]) -> _Part | None:
    """The section as lines, or None where it is not for a channel or has nothing new to say."""
    if section.key not in _PRIORITY:
        return None
    lines = [line for block in section.blocks for line in block.lines]
    if not lines or (all(line.said for line in lines) and section.key not in _ALWAYS):
        return None
    room = _SHORT if section.key in _TERSE else _LINE
    shown = [text for block in section.blocks for text in _block(block, room, seen)]
    return _Part(section.key, section.heading, shown) if shown else None


def _block(block: Block, room: int, seen: set[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    """The block's lines, none that was shown before; of a label with lines under it and no words only those."""
    for number, line in enumerate(block.lines, start=1):
        if (line.text, line.cites) in seen and not line.said and not line.label:
            continue
        seen.add((line.text, line.cites))
        bullet = f"{number}." if block.style == "steps" else "•"
        if line.under and not line.text:
            yield from (f"{bullet} {_line(item, '', room)}" for item in line.under)
        else:
            yield f"{bullet} {_line(line, block.lead, room)}"


def _line(line: Line, lead: str, room: int) -> str:
    label = line.label or lead
    text = _data(line.text, room)
    if link := words.safe_link(line.url):
        text = f"<{_address(link)}|{_dead(_cut_to(unmarked(flat(line.text)), 120))}>"
    if line.said:
        text = f"_{text}_"
    tag = f" ({line.tag})" if line.tag else ""
    return (f"*{_data(label, 60)}:* " if label else "") + text + tag + _marks(line.cites)


def _marks(cites: tuple[str, ...]) -> str:
    shown = "".join(f" [{_data(cite, 40)}]" for cite in cites[:_MARKS])
    return f"{shown} +{len(cites) - _MARKS}" if len(cites) > _MARKS else shown


def _foot(result: Result) -> str:
    check = result.verification
    parts = [
        f"{check.supported} of {check.statements} statements supported",
        f"{len(cited_rows(result))} evidence rows",
    ]
    unread = [
        f"{words.category(source.category)} ({source.status.replace('_', ' ')})"
        for source in result.sources
        if source.status in ("failed", "not_connected")
    ]
    if unread:
        parts.append(f"not read: {_data(', '.join(dict.fromkeys(unread)), _NAMES)}")
    return f"_{' · '.join(parts)}_"


def _data(text: str, limit: int) -> str:
    """Text from records, escaped, at most `limit` characters of it and of what escaping makes of it."""
    text = unmarked(flat(text))
    escaped = _escaped(text)
    room = limit
    while len(escaped) > limit:
        escaped = _escaped(_cut_to(text, room))
        room = room * 3 // 4
    return escaped


def _cut_to(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words where there is a gap."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip() + "…"


def _escaped(text: str) -> str:
    """The text without force; addresses and mentions as code, whole and dead."""
    return "".join(f"`{piece.translate(_DEAD)}`" if live else _dead(piece) for piece, live in pieces(text))


def _dead(text: str) -> str:
    """Plain words; an "@" that touches a name is parted from it."""
    return _MENTION.sub("@\u200b", text.translate(_DEAD))


def _address(link: str) -> str:
    for character, safe in (("&", "&amp;"), ("<", "%3C"), (">", "%3E"), ("|", "%7C")):
        link = link.replace(character, safe)
    return link
