"""Atlassian's document format as plain text, and plain text as such a document. Unknown nodes give their text."""

from __future__ import annotations

from datetime import UTC, datetime

from escalation_connectors.row import Row

LINES = frozenset(
    "paragraph heading codeBlock rule tableRow listItem taskItem decisionItem mediaSingle expand panel".split()
)
SHOWN = {
    "mention": "text",
    "emoji": "shortName",
    "status": "text",
    "inlineCard": "url",
    "blockCard": "url",
    "media": "alt",
}


def text_of(document: Row) -> str:
    """The text of a document; text stays text where a field holds it in place of one."""
    return document.text() or "".join(_parts(document, "")).strip("\n")


def _parts(node: Row, bullet: str) -> list[str]:
    kind = node.text("type")
    if kind == "text":
        return [_text(node)]
    if kind == "hardBreak":
        return ["\n"]
    if kind == "date":
        return [_date(node)]
    if kind in SHOWN:
        return [node.text("attrs", SHOWN[kind])]
    inside = [
        part for number, child in enumerate(node.rows("content"), 1) for part in _parts(child, _mark(kind, number))
    ]
    if kind in {"tableCell", "tableHeader"}:
        return ["".join(inside).strip("\n"), " | "]
    text = "".join(inside)
    if kind == "tableRow":
        return [text.removesuffix(" | ") + "\n"]
    if kind in {"listItem", "taskItem"}:
        return [bullet + text.strip("\n").replace("\n", "\n  ") + "\n"]
    whole = text.endswith("\n") and kind != "codeBlock"
    return [text if whole or kind not in LINES else text + "\n"]


def _mark(kind: str, number: int) -> str:
    return f"{number}. " if kind == "orderedList" else "- "


def _text(node: Row) -> str:
    said = node.text("text")
    address = next((mark.text("attrs", "href") for mark in node.rows("marks") if mark.text("type") == "link"), "")
    return f"{said} ({address})" if address and address != said else said


def _date(node: Row) -> str:
    milliseconds = node.number("attrs", "timestamp")
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).date().isoformat() if milliseconds else ""
    except (ValueError, OverflowError, OSError):  # no year that a calendar has
        return ""


Node = dict[str, object]


def document(text: str) -> Node:
    """A document of this text: a paragraph for each block of lines, a code block for what stands between fences."""
    content: list[Node] = []
    for number, part in enumerate(("\n" + text).split("\n```")):
        blocks = (block for block in part.split("\n\n") if block.strip("\n"))
        content += [_code(part)] if number % 2 else map(_paragraph, blocks)
    return {"type": "doc", "version": 1, "content": content}


def _code(text: str) -> Node:
    """What stands between two fences, without the language that the first one may name."""
    _, _, body = text.partition("\n")
    return {"type": "codeBlock", "content": _words(body)}


def _paragraph(block: str) -> Node:
    first, *others = block.strip("\n").split("\n")
    pieces = _words(first)
    for line in others:
        pieces += [{"type": "hardBreak"}, *_words(line)]
    return {"type": "paragraph", "content": pieces}


def _words(text: str) -> list[Node]:
    return [{"type": "text", "text": text}] if text else []
