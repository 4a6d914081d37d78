"""The headed parts of a report ("Steps to reproduce", "Expected"), as its author set them apart."""

from __future__ import annotations

import re
from typing import NamedTuple

from customer_escalation.lexicon import heading_pattern, headings
from customer_escalation.memory import MEMORY

ITEM = re.compile(r"^\s*(?:(?P<number>\d{1,2})\s*[.):]|[-*•]|\[[ xX]\])\s+(?P<text>.+)$")
LONGEST_HEADING = 1500


class Part(NamedTuple):
    """What stands under one heading: its lines without list marks, and the numbers of those that had one."""

    lines: list[str]
    numbers: list[int]


def parts_of(text: str) -> dict[str, Part]:
    """The headed parts of one text by name; a numbered list under "how to reproduce" is its steps."""
    return MEMORY.recall("parts", text, _parts, dict[str, Part])


def _parts(text: str) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    current: Part | None = None
    for line in text.split("\n"):
        heading = heading_pattern().match(line) if len(line) < LONGEST_HEADING else None
        item = ITEM.match(line)
        if heading is not None and not (item is not None and item.group("number")):
            name = next(n for n in headings() if heading.group(n))
            current = parts.setdefault(name, Part([], [])) if name not in parts else Part([], [])
            rest = heading.group("rest").strip(" *_")
            if rest:
                current.lines.append(rest)
        elif current is not None and line.strip():
            said = item.group("text") if item else line.strip()
            if current is parts.get("steps") and item is None and current.numbers:
                current = None  # prose after a numbered list is no step
                continue
            current.lines.append(said.strip())
            if item is not None and item.group("number"):
                current.numbers.append(int(item.group("number")))
        elif current is not None and not line.strip() and current.lines and current is not parts.get("steps"):
            current = None
    return {name: part for name, part in parts.items() if part.lines}
