"""What the people in the records report, sentence by sentence, each with its row. Lexicon in, signals out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from msgspec import Struct

from customer_escalation.evidence import Evidence
from customer_escalation.language import heard, sentences
from customer_escalation.lexicon import Cue, cues
from customer_escalation.memory import MEMORY

HEADING = re.compile(r"^(?:#{1,6}\s.{0,80}|\*\*[^*]{1,80}\*\*:?)\s*$", re.MULTILINE)


class Signal(Struct, frozen=True):
    """One cue in one sentence of one row; `role` is who said it, "typed" for the person at the keyboard."""

    cue: str
    row: str
    sentence: str
    role: str
    at: datetime | None
    public: bool

    @property
    def by_staff(self) -> bool:
        """Whether someone of ours said it."""
        return self.role in {"agent", "engineer", "system"}


class Signals:
    """All signals of a case, in the order of the rows."""

    def __init__(self, signals: Iterable[Signal]) -> None:
        self.all = tuple(signals)

    def of(self, *cues: str, roles: tuple[str, ...] = ()) -> tuple[Signal, ...]:
        """The signals of any of these cues, from these roles (empty: from anyone)."""
        return tuple(s for s in self.all if s.cue in cues and (not roles or s.role in roles))

    def sure(self, *cues: str, roles: tuple[str, ...] = ()) -> tuple[Signal, ...]:
        """Those whose sentence is neither a question nor hedged."""
        return tuple(s for s in self.of(*cues, roles=roles) if "maybe" not in cues_of(s.sentence))

    def in_rows(self, rows: Iterable[str]) -> Signals:
        """Only those of these rows."""
        wanted = frozenset(rows)
        return Signals(s for s in self.all if s.row in wanted)


@lru_cache(maxsize=1)
def _lexicon() -> tuple[Cue, ...]:
    return cues()


@lru_cache(maxsize=8192)
def cues_of(sentence: str) -> frozenset[str]:
    """The names of the cues that this sentence carries."""
    return frozenset(MEMORY.recall("cues", sentence[:2000], _cues))


def _cues(sentence: str) -> list[str]:
    text = sentence.replace("’", "'")
    return sorted({cue.name for cue in _lexicon() if cue.heard_in(text)})


def listen(rows: Iterable[Evidence]) -> Signals:
    """The signals in these rows (of a record's own row, title and body); what orders a machine is not heard."""
    return Signals(signal for row in rows for signal in _of_row(row))


def spoken(text: str) -> tuple[str, ...]:
    """The sentences that a person wrote: without what is addressed to a machine, and without a form's own headings."""
    written = HEADING.sub("", heard(text))
    return tuple(sentence for sentence in sentences(written) if "form" not in cues_of(sentence))


def _of_row(row: Evidence) -> Iterable[Signal]:
    role = "typed" if row.origin == "typed" else (row.author.role if row.author else "")
    said = row.text
    if "/" not in row.id and row.category in {"support_platform", "project_tracker"}:
        body = row.text.partition("\n")[2] if row.category == "project_tracker" else ""
        said = f"{row.title}\n{body}"  # the fields are evidence, and tell nothing
    for sentence in spoken(said):
        for cue in sorted(cues_of(sentence)):
            yield Signal(cue, row.id, sentence, role, row.at, row.public)
