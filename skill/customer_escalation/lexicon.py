"""The lexicon: words that tell what a sentence reports, kept as data in lexicon.yaml."""

from __future__ import annotations

import re
from typing import NamedTuple

from customer_escalation import resources, yaml_file


class Cue(NamedTuple):
    """A sentence carries the cue when `found` matches it and `unless` does not."""

    name: str
    found: re.Pattern[str]
    unless: re.Pattern[str] | None

    def heard_in(self, sentence: str) -> bool:
        """Whether the sentence carries this cue."""
        return self.found.search(sentence) is not None and not (self.unless and self.unless.search(sentence))


def cues() -> tuple[Cue, ...]:
    """All cues, compiled; raises InputError where lexicon.yaml is not what it should be."""
    fields = yaml_file.load(resources.PACKAGE / "lexicon.yaml")
    words = fields.fields("words")

    def pattern(alternatives: tuple[str, ...]) -> re.Pattern[str]:
        text = re.sub(r"(?<!\?P)<(\w+)>", lambda found: words.text(found[1]), "|".join(alternatives))
        return re.compile(text, re.IGNORECASE)

    return tuple(
        Cue(row.text("cue"), pattern(row.texts("found")), pattern(row.texts("unless")) if row.texts("unless") else None)
        for row in fields.rows("cues")
    )
