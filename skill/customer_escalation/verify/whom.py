"""Of whom it is said: a named subject, an owner, the holder of a role, the message that said it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from customer_escalation.verify.claim import ENDS, PAUSES, Claim, held, lows, row_sentences, sentences, stems
from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.deeds import is_past
from customer_escalation.verify.meaning import weighty
from customer_escalation.verify.names import is_acronym
from customer_escalation.verify.sources import Source, plain, stands
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import frame_stems

_BE = listed("is are was were")
_OWNERS = listed("his her their our its my")
_OWN = listed("theirs his hers ours mine")
_OTHERS = listed("theirs another stranger stranger's foreign else other's others'")
_SELF = listed("own ours mine my our")
_MESSAGES = listed("reply answer message comment response email letter post")
_WHOSE = listed("our the their his her")
_HAS = listed("has holds had")
_PRO = listed("it them one both that this these")


def denied_of(claim: Claim) -> str:
    """What a clause affirms of somebody by name, and every sentence that names that one denies."""
    for clause in claim.clauses:
        named = _subjects(claim, clause)
        if len(named) != 1 or clause.hedged or clause.questions:
            continue
        (text, end) = named[0]
        for word in clause.words:
            if word.sign <= 0 or word.named or word.lexical or word.start < end:
                continue
            signs = set(_signs(plain(text).removesuffix("'s"), word.key, claim.told))
            if signs == {-1}:
                return f"the cited rows deny “{word.low}” of {text}"
    return ""


def _subjects(claim: Claim, clause: Clause) -> list[tuple[str, int]]:
    """Whom or what a clause names, each with where it ends: a name, or an id with the method before it ("GET /v2")."""
    found = [(n.text, n.end) for n in claim.names if clause.start <= n.start < clause.end and not is_acronym(n)]
    if found:
        return found
    for fact in claim.reading.facts:
        if fact.kind == "id" and clause.start <= fact.start < clause.end:
            before = next((t for t in claim.reading.tokens if t.end == fact.start - 1), None)
            method = f"{before.text} " if before is not None and before.text.isupper() else ""
            found.append((method + fact.text, fact.end))
    return found


def _signs(name: str, key: str, rows: Sequence[Source]) -> Iterator[int]:
    """How a word is used in the sentences that name somebody."""
    for row in rows:
        for number, sign, _ in row.uses.get(key, ()):
            sentence = row.clauses[number].sentence
            inside = [clause for clause in row.clauses if clause.sentence == sentence]
            if stands(name, plain(row.whole[inside[0].start : inside[-1].end])):
                yield sign


def not_own(claim: Claim) -> str:
    """ "The second file is his own", where the row has it as somebody else's."""
    for said in sentences(claim.reading.tokens):
        words = lows(said)
        for at in range(1, len(words) - 1):
            owned = words[at + 1] in _OWN or (words[at + 1] in _OWNERS and words[at + 2 : at + 3] == ["own"])
            if words[at] not in _BE or not owned or not claim.plainly(said[at].start):
                continue
            opening = next((n + 1 for n in range(at - 1, -1, -1) if said[n].text == ","), 0)
            if (row := _another(stems(said[opening:at]), claim.told)) is not None:
                return f"[{row.row.id}] says that it is another's"
    return ""


def _another(subject: set[str], rows: Sequence[Source]) -> Source | None:
    """The row that, in the sentence sharing most with the subject, says that it is somebody else's."""
    scored = [(len(subject & stems(inside)), row, lows(inside)) for row, inside in row_sentences(rows, PAUSES)]
    best = max((score for score, _, _ in scored), default=0)
    if not best or 2 * best < len(subject):
        return None
    near = [(row, words) for score, row, words in scored if score == best]
    if any(not _SELF.isdisjoint(words) for _, words in near):
        return None
    return next((row for row, words in near if not _OTHERS.isdisjoint(words)), None)


def not_in_message(claim: Claim) -> str:
    """ "Our one reply pointed to the article", where no reply of ours speaks of that."""
    for clause in claim.clauses:
        inside = [t for t in claim.reading.tokens if clause.start <= t.start < clause.end]
        at = _verb_of_message(lows(inside))
        if at < 0 or clause.denies or clause.hedged:
            continue
        wanted = {word.stem for word in weighty(clause) if word.start > inside[at].start}
        rows = _replies(claim, clause)
        if (
            len(wanted) > 1
            and rows
            and not any(held(word, stems(row.reading.tokens)) for row in rows for word in wanted)
        ):
            return f"[{rows[0].row.id}] says nothing of the kind: say what it does say"
    return ""


def _verb_of_message(words: Sequence[str]) -> int:
    """Where "our reply in ticket 7" goes on with what it did; -1 where no message is the subject."""
    start = next((n for n, word in enumerate(words[:4]) if word in _MESSAGES), -1)
    if start < 1 or words[0] not in _WHOSE:
        return -1
    return next((n for n in range(start + 1, min(len(words), start + 7)) if is_past(words[n])), -1)


def _replies(claim: Claim, clause: Clause) -> list[Source]:
    """The cited messages of our own, those of the record that the clause names where it names one."""
    own = [row for row in claim.told if "staff" in row.roles and "/" in row.row.id]
    facts = [plain(f.text) for f in claim.reading.facts if clause.start <= f.start < clause.end]
    return [row for row in own if plain(row.row.record) in facts] or own


def holds_role(claim: Claim) -> str:
    """ "Ines Vale has it": the rows that name her must speak of what she is said to have."""
    before: set[str] = set()
    for said in sentences(claim.reading.tokens, ENDS):
        words = lows(said)
        for at in range(1, len(words) - 1):
            name = next((n.text for n in claim.names if n.end == said[at - 1].end), "")
            if words[at] not in _HAS or words[at + 1] not in _PRO or not name or not claim.plainly(said[at].start):
                continue
            own = [row for row in claim.told if stands(plain(name), row.blob)]
            shared = [word for word in before if any(held(word, row.stems) for row in own)]
            if before and own and 2 * len(shared) < len(before):
                return f"no cited row about {name} says so: ask, or make it a hypothesis"
        before = stems(said) - frame_stems()
    return ""
