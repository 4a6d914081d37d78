"""What the checks of one meaning each look at: a statement, taken apart, and the rows it cites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from customer_escalation.verify.actors import Speaker
from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.facts import Reading
from customer_escalation.verify.names import Name
from customer_escalation.verify.sources import Source
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.words import alike, concepts, content, parts

ENDS = frozenset(".!?;\n")
PAUSES = ENDS | frozenset(",:()—–")
_NOT_SAID = frozenset(("coverage", "computed"))


class Claim(NamedTuple):
    """A statement: its kind, formula, reading, clauses, names and speakers, and the cited rows."""

    kind: str
    formula: str
    reading: Reading
    clauses: Sequence[Clause]
    names: Sequence[Name]
    speakers: Sequence[Speaker]
    rows: Sequence[Source]

    @property
    def told(self) -> list[Source]:
        """The rows that somebody or some record wrote; searches and figures left out."""
        return [row for row in self.rows if row.row.origin not in _NOT_SAID]

    def clause_at(self, start: int) -> Clause | None:
        """The clause in which a character stands."""
        return next((clause for clause in self.clauses if clause.start <= start < clause.end), None)

    def stated(self, start: int) -> bool:
        """Whether the clause at a character states what it says, be it yes or no: no doubt, no question."""
        clause = self.clause_at(start)
        return clause is not None and not (clause.hedged or clause.questions)

    def affirmed(self, start: int) -> bool:
        """Whether the clause at a character neither denies nor asks what it says."""
        clause = self.clause_at(start)
        return clause is not None and not (clause.denies or clause.questions)

    def plainly(self, start: int) -> bool:
        """Whether the clause at a character affirms what it says: no denial, doubt or question."""
        clause = self.clause_at(start)
        return clause is not None and not (clause.denies or clause.hedged or clause.questions)


def sentences(found: Sequence[Token], ends: frozenset[str] = ENDS) -> Iterator[list[Token]]:
    """The tokens of each sentence, without the mark that ends it, but with a question mark."""
    group: list[Token] = []
    for token in found:
        if token.kind in ("mark", "line") and token.text in ends:
            if token.text == "?":
                group.append(token)
            if group:
                yield group
            group = []
        else:
            group.append(token)
    if group:
        yield group


def up_to(found: Sequence[Token], start: int, ends: frozenset[str] = PAUSES) -> list[Token]:
    """The tokens from a place on, up to the next pause."""
    end = next((n for n in range(start, len(found)) if found[n].text in ends), len(found))
    return list(found[start:end])


def lows(found: Iterable[Token]) -> list[str]:
    """The tokens in lower case."""
    return [token.text.lower().replace("’", "'") for token in found]


def stems(found: Iterable[Token]) -> set[str]:
    """The stems of the words that carry meaning."""
    return {word for token in found for part in parts(token.text) if (word := content(part))}


def held(word: str, among: Iterable[str]) -> bool:
    """Whether one of the stems is this one, or of like meaning."""
    own = concepts(word)
    return any(alike(word, one) or not own.isdisjoint(concepts(one)) for one in among)


def row_sentences(rows: Iterable[Source], ends: frozenset[str] = ENDS) -> Iterator[tuple[Source, list[Token]]]:
    """Every sentence of the rows."""
    for row in rows:
        for inside in sentences(row.reading.tokens, ends):
            yield row, inside
