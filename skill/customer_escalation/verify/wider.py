"""Claims that go further than the rows: most for some, always for twice, a cause for a lead, another status."""

from __future__ import annotations

import re
from collections.abc import Sequence

from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.facts import Reading
from customer_escalation.verify.meaning import weighty
from customer_escalation.verify.sources import Source, plain
from customer_escalation.verify.vocabulary import HEDGES, listed

_MOST = listed("most mostly majority")
_FOREVER = listed("permanent permanently constantly always")
_ALWAYS = _FOREVER | listed("constant every each all whole still")
_CAUSES = listed("cause culprit fault reason")
_CAUSED = _CAUSES | listed("caused causes root because due trigger triggered mistake why explains regression")
_STATUS = (
    "in progress", "in review", "under review", "in backlog", "backlog", "done", "open", "closed", "solved",
    "resolved", "investigating", "blocked", "released", "pending",
)  # fmt: skip
_IS = re.compile(
    r"\s*,?\s*(?:is|are|was|sits|stands|remains|stays)(?: still| now| already| currently)?(?: in the| at)? "
)


def wider(reading: Reading, stated: Sequence[Clause], rows: Sequence[Source], text: str) -> list[str]:
    """The first claim that goes further than the cited rows."""
    for clause in stated:
        words = [t.text.lower() for t in reading.tokens if clause.start <= t.start < clause.end]
        why = _quantified(words, clause, rows) or _caused(words, clause, rows)
        if why:
            return [why]
    return _status(text, rows)


def _quantified(words: Sequence[str], clause: Clause, rows: Sequence[Source]) -> str:
    said = set(words)
    if (most := said & _MOST) and "at" not in words and not _holds(rows, _MOST) and not _over_half(rows):
        return f"“{min(most)}” is more than the cited rows say"
    if (forever := said & _FOREVER) and not _holds(rows, _ALWAYS):
        return f"“{min(forever)}” is more than the cited rows say"
    if "never" in said and not _never(clause, rows):
        return "“never” is more than the cited rows say"
    return ""


def _holds(rows: Sequence[Source], words: frozenset[str]) -> bool:
    return any(not words.isdisjoint(row.lows) for row in rows)


def _over_half(rows: Sequence[Source]) -> bool:
    return any(one.unit == "%" and one.value > 50 for row in rows for one in row.quantities) or any(
        part > whole / 2 for row in rows for part, whole in row.pairs
    )


def _never(clause: Clause, rows: Sequence[Source]) -> bool:
    """Whether a row denies something in a clause that shares a word with this one."""
    wanted = {word.stem for word in weighty(clause)}
    return any(other.denies and wanted & other.stems for row in rows for other in row.clauses) or not wanted


def _caused(words: Sequence[str], clause: Clause, rows: Sequence[Source]) -> str:
    """ "Is the cause": no row speaks of a cause."""
    at = next((n for n, word in enumerate(words) if word in _CAUSES and words[n - 1 : n] == ["the"]), -1)
    if at < 1 or clause.denies or clause.hedged or not HEDGES.isdisjoint(words) or _holds(rows, _CAUSED):
        return ""
    return f"no cited row says that it is the {words[at]}: say what was seen, or make it a hypothesis"


def _status(text: str, rows: Sequence[Source]) -> list[str]:
    """ "ADM-88 is in progress", where its status is Backlog."""
    said = plain(text)
    for row in rows:
        record, known = plain(row.row.record), plain(str(row.row.fields.get("status") or ""))
        if not known or "/" in row.row.id or record not in said:
            continue
        verb = _IS.match(said, said.index(record) + len(record))
        rest = said[verb.end() :] if verb is not None else ""
        value = next((one for one in _STATUS if rest.startswith(one)), "")
        if value and value not in known and known not in value:
            return [f"the status of {row.row.record} is “{known}” in the cited rows, not “{value}”"]
    return []
