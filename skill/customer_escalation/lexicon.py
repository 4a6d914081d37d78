"""The lexicon: words that tell what a sentence reports, kept as data in lexicon.yaml."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from customer_escalation import resources, yaml_file
from customer_escalation.memory import MEMORY
from escalation_connectors.options import Fields


class Cue(NamedTuple):
    """A sentence carries the cue when `found` matches it and `unless` does not."""

    name: str
    found: re.Pattern[str]
    unless: re.Pattern[str] | None

    def heard_in(self, sentence: str) -> bool:
        """Whether the sentence carries this cue."""
        return self.found.search(sentence) is not None and not (self.unless and self.unless.search(sentence))


@lru_cache(maxsize=1)
def _fields() -> Fields:
    return yaml_file.load(resources.PACKAGE / "lexicon.yaml")


def cues(section: str = "cues") -> tuple[Cue, ...]:
    """All cues of a section, compiled; raises InputError where lexicon.yaml is not what it should be."""
    return tuple(
        Cue(
            row.text("cue"),
            _pattern(row.texts("found")),
            _pattern(row.texts("unless")) if row.texts("unless") else None,
        )
        for row in _fields().rows(section)
    )


@lru_cache(maxsize=4096)
def marks_of(text: str) -> frozenset[str]:
    """The names of the marks of a report that a text carries."""
    return MEMORY.recall("marks", text, _marks_of, frozenset[str])


def _marks_of(text: str) -> frozenset[str]:
    return frozenset(name for name, found in _marks().items() if found.search(text))


@lru_cache(maxsize=1)
def _marks() -> dict[str, re.Pattern[str]]:
    marks = _fields().fields("marks")
    return {name: _pattern(marks.texts(name)) for name in marks.values}


def headings() -> tuple[str, ...]:
    """The names of the parts that a report may have."""
    return tuple(_fields().fields("headings").values)


@lru_cache(maxsize=1)
def heading_pattern() -> re.Pattern[str]:
    """A line that begins a part: its group tells which, `rest` is what follows on the line."""
    parts = _fields().fields("headings")
    named = "|".join(f"(?P<{name}>{'|'.join(parts.texts(name))})" for name in parts.values)
    end = r"\s*(?:\([^)]*\))?[*_]*\s*(?::|\?|$|\n|[-–—] )[*_]*\s*(?P<rest>.*)$"
    return re.compile(rf"^\s*(?:[#>*_\-\s]*)(?:{named}){end}", re.IGNORECASE)


def _pattern(alternatives: tuple[str, ...]) -> re.Pattern[str]:
    words = _fields().fields("words")
    text = re.sub(r"(?<!\?P)<(\w+)>", lambda found: words.text(found[1]), "|".join(alternatives))
    return re.compile(text, re.IGNORECASE)
