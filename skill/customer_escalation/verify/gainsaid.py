"""Absences that a row gainsays: who was silent did speak, what was not done was asked for and done, or has a date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.deeds import is_past
from customer_escalation.verify.meaning import weighty
from customer_escalation.verify.sources import Source, Sources
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import stem

_NOBODY = listed("nobody none no-one noone no")
_OF = frozenset(("in", "from", "at", "of", "on"))
_DEPARTMENTS = {"engineering": "engineer", "engineer": "engineer", "engineers": "engineer", "developer": "engineer",
                "developers": "engineer", "support": "agent", "agent": "agent", "agents": "agent"}  # fmt: skip
_SPOKE = listed("said answered replied responded decided agreed spoken commented reacted")
_HAS_NOT = (("has", "not"), ("have", "not"), ("did", "not"), ("hasn't",), ("haven't",), ("didn't",))
_SPEECH = frozenset(map(stem, ("says", "said", "tells", "states", "shows", "records", "mentions", "gives")))
_WHICH = listed("first last exactly")
_PARTS = frozenset(",;:.!?()")
_OPEN = listed("will would may might must needs need wants should could can not has cannot")
ENOUGH = 0.8


def gainsaid(found: Sequence[Token], stated: Sequence[Clause], rows: Sequence[Source], sources: Sources) -> list[str]:
    """Why an absence does not hold, by the rows it cites and those of their records; empty where it may."""
    words = [token.text.lower().replace("’", "'") for token in found]
    cited = [row for row in rows if row.row.origin not in ("coverage", "computed", "typed")]
    why = _silent_role(words, cited) or _silent_party(found, words, cited) or _dated(found, words, stated, cited)
    why = why or _asked_and_done(stated, sources)
    return [why] if why else []


def _silent_role(words: Sequence[str], cited: Sequence[Source]) -> str:
    """ "Nobody in engineering has replied", while a cited row by an engineer follows another's."""
    for at, word in enumerate(words):
        rest = words[at + 1 : at + 4]
        role = next((_DEPARTMENTS[one] for one in rest if one in _DEPARTMENTS), "")
        if word not in _NOBODY or not role or (word != "no" and _OF.isdisjoint(rest)):
            continue
        if _SPOKE.isdisjoint(words[at : at + 8]):
            continue
        others = [row.row.at for row in cited if row.row.at and row.row.author and row.row.author.role != role]
        for row in cited:
            own = row.row.author is not None and row.row.author.role == role
            if own and row.row.at is not None and others and row.row.at > min(others):
                return f"[{row.row.id}] is such an answer: say what it leaves open"
    return ""


def _silent_party(found: Sequence[Token], words: Sequence[str], cited: Sequence[Source]) -> str:
    """ "Legal has not said yet", while a row tells what Legal says."""
    for at in range(1, len(words)):
        shape = next((one for one in _HAS_NOT if tuple(words[at : at + len(one)]) == one), ())
        who = found[at - 1].text
        if not shape or not who[0].isupper() or _SPOKE.isdisjoint(words[at + len(shape) : at + len(shape) + 3]):
            continue
        for row in cited:
            if any(_tells_of(who, clause, row.reading.tokens) for clause in row.clauses):
                return f"[{row.row.id}] tells what {who} says: say what it leaves open"
    return ""


def _tells_of(who: str, clause: Clause, found: Sequence[Token]) -> bool:
    """Whether a clause begins with somebody and tells plainly what that one says or thinks."""
    if clause.denies or clause.asks or clause.hedged or clause.intends:
        return False
    inside = [token.text for token in found if clause.start <= token.start < clause.end]
    return inside[:1] == [who] and len(inside) > 2 and inside[1].isalpha() and inside[1].lower() not in _OPEN


def _dated(found: Sequence[Token], words: Sequence[str], stated: Sequence[Clause], cited: Sequence[Source]) -> str:
    """ "Nothing says when they added a user", while a row says so with a date."""
    at = next((n for n, (one, two) in enumerate(pairwise(words)) if two == "when" and stem(one) in _SPEECH), -1)
    if at < 0:
        return ""
    start = found[at + 1].start
    end = next((token.start for token in found[at + 1 :] if token.text in _PARTS), found[-1].end)
    inside = [word for clause in stated for word in clause.words if start <= word.start < end]
    wanted = {word.stem for word in inside if word.stem and not word.named and word.low not in _WHICH}
    for row in cited:
        for clause in row.clauses:
            tells = len(wanted) > 1 and wanted <= clause.stems and not (clause.denies or clause.asks or clause.hedged)
            if tells and any(f.kind == "moment" and clause.start <= f.start < clause.end for f in row.reading.facts):
                return f"[{row.row.id}] does say when: read it again"
    return ""


def _asked_and_done(stated: Sequence[Clause], sources: Sources) -> str:
    """ "Nobody tried a restart", while somebody was asked to try one, and answers "Tried it last night"."""
    first = [clause for clause in stated if clause.sentence == stated[0].sentence][:1]
    wanted = {word.stem for clause in first for word in weighty(clause)}
    deeds = {word.stem for clause in first for word in clause.words if is_past(word.low)}
    if len(wanted) < 3 or not deeds:
        return ""
    for asked, later in _exchanges(sources):
        text = asked.row.text.casefold()
        if sum(word in text for word in wanted) < len(wanted) / 2:
            continue
        asking = {clause.sentence for clause in asked.clauses if clause.asks}
        close = (c for c in asked.clauses if c.sentence in asking and len(wanted & c.stems) >= ENOUGH * len(wanted))
        if next(close, None) is not None and _done(later, deeds):
            return f"[{later.row.id}] says that it was done: read it again"
    return ""


def _exchanges(sources: Sources) -> Iterator[tuple[Source, Source]]:
    """Each message with the next one in its record by somebody else."""
    records: dict[tuple[str, str], list[Source]] = {}
    for row in sources.everything():
        if "/" in row.row.id and row.row.at is not None and row.row.author is not None:
            records.setdefault((row.row.category, row.row.record), []).append(row)
    for messages in records.values():
        for one, two in pairwise(sorted(messages, key=lambda row: str(row.row.at))):
            if one.row.author != two.row.author:
                yield one, two


def _done(later: Source, deeds: set[str]) -> bool:
    """Whether a message opens with one of the deeds, told as done: "Tried both"."""
    first = later.clauses[0] if later.clauses else None
    opening = next((word for word in first.words), None) if first is not None else None
    return opening is not None and opening.stem in deeds and opening.sign > 0 and is_past(opening.low)
