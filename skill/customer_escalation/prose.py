"""What a report without headings tells of a reproduction: what they did and got, what they expected, how often."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from customer_escalation.brief import Statement
from customer_escalation.evidence import Evidence
from customer_escalation.language import heard, one_line, sentences, terms
from customer_escalation.lexicon import marks_of
from customer_escalation.quoting import QUOTE, kind_of
from customer_escalation.signals import cues_of, spoken

DID_GOT = re.compile(
    r"^(?P<did>.*\b(?:click|press|tap|open|select|choose|download|upload|request|search for|send|submit|call|run|start"
    r"|print|load|export|import|log in|sign in|enter|save)(?:s|ed|ing)?\b(?P<wanted>[^.!?]{3,160}?)),?"
    r" (?:and|but) (?:then )?(?:(?:we|i|they|he|she|it) )?"
    r"(?P<got>(?:get|got|see|saw|receive|find|found|end up|land|am|is|are|was|were)\w*\b.+)$",
    re.I,
)
EXPECTED = re.compile(
    r"\b(?:(?:it|this|that|there|they|which|we|page|list|file|report|result|total) should (?:be|have|show|get|see"
    r"|return|contain|open|read|say|come|take|list|include|print)|(?:we|i) (?:would )?expect(?:ed)?\b|instead of"
    r"|(?:is|are|was|were) supposed to)",
    re.I,
)
SEEN = {"error", "server_fault", "data_loss", "data_incomplete", "security", "core_function", "down", "slow"}
TELLING = {"intermittent", "error", "server_fault", "blocked", "data_incomplete"}
CONTENT = re.compile(
    r"\b[\d,.]+ (?:of|out of) (?:the )?[\d,.]+ (?:\w+ )?(?:rows?|lines?|records?|entries|items|units|pages?|seats?"
    r"|columns?|pieces|characters|words|points)\b",
    re.I,
)
FAILED = re.compile(r"\b(?:fail|error|reject|time[ds]?[ -]?out|crash|drop)\w*", re.I)
LOGGED = re.compile(r"^[\[{<]|^\d{1,4}[:-]\d\d|\s->\s")
LONGEST = 400


class Acted(Struct, frozen=True):
    """One sentence that tells what was done, on what, and what came of it."""

    row: Evidence
    did: str
    wanted: str
    got: str


def acted(rows: Iterable[Evidence]) -> Acted | None:
    """The first sentence of a customer of the form "I open our invoice and get another one"."""
    for row in rows:
        for sentence in spoken(row.text) if row.origin == "stated_by_customer" else ():
            found = DID_GOT.match(sentence)
            if found and cues_of(sentence) & SEEN and len(sentence) < LONGEST and not sentence.endswith("?"):
                return Acted(row, found["did"], found["wanted"].strip(), found["got"])
    return None


def seen(rows: Iterable[Evidence]) -> Statement | None:
    """What the customer sees: of the first row that shows trouble, the sentence with most signs of it."""
    for row in rows:
        said = [s for s in spoken(row.text) if _shows(s)] if row.origin == "stated_by_customer" else []
        if said:
            return quoted(row, max(said, key=lambda s: len(cues_of(s) & SEEN)))
    return None


def _shows(sentence: str) -> bool:
    """Whether it tells what goes wrong: "it is broken" tells too little, and a line of a log is evidence."""
    told = cues_of(sentence) & SEEN and len(terms(sentence)) > 2 and len(sentence) < LONGEST
    return bool(told) and not sentence.endswith((":", "?")) and LOGGED.search(sentence) is None


def expected(rows: Iterable[Evidence]) -> Statement | None:
    """What the customer says should happen."""
    for row in rows:
        for sentence in spoken(row.text) if row.origin == "stated_by_customer" else ():
            if EXPECTED.search(sentence) and not sentence.endswith("?") and len(sentence) < LONGEST:
                return quoted(row, sentence)
    return None


def often(rows: Sequence[Evidence]) -> Statement | None:
    """How often it happens: the latest count, else whether every run fails, else what some tries gave, else a word."""
    counted = _often(reversed(rows), "counted")
    return (
        counted or _often(rows, "runs", telling=False) or _often(rows, "tries", telling=False) or _often(rows, "often")
    )


def _often(rows: Iterable[Evidence], mark: str, *, telling: bool = True) -> Statement | None:
    for row in rows:
        for sentence in sentences(heard(row.text)):
            if mark not in marks_of(sentence) or len(sentence) >= LONGEST or _counts_content(sentence):
                continue
            if not telling or cues_of(sentence) & TELLING:
                return quoted(row, sentence)
    return None


def _counts_content(sentence: str) -> bool:
    """ "4,812 of 5,000 rows" tells how much is there, not how often it fails."""
    return CONTENT.search(sentence) is not None and FAILED.search(sentence) is None


def quoted(row: Evidence, *parts: str) -> Statement:
    """The words of a row as a statement of whoever wrote it."""
    return Statement(f"“{one_line(' … '.join(parts), QUOTE)}”", (row.id,), kind_of(row))
