"""On what grounds: conclusions, compulsion, what a thing is taken for, what is forbidden, what was withdrawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from customer_escalation.verify.claim import ENDS, Claim, held, lows, row_sentences, sentences, stems, up_to
from customer_escalation.verify.deeds import is_past
from customer_escalation.verify.meaning import weighty
from customer_escalation.verify.sources import Source, plain
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import content

_THUS = listed("therefore hence thus consequently accordingly")
_HAD = (("had", "to"), ("has", "to"), ("have", "to"), ("was", "forced"), ("were", "forced"))
_NEED = listed(
    """
    must need needs needed require requires required necessary unable cannot can't couldn't only forced
    forces until manual manually hand unless should ought
    """
)
_TAKES = listed(
    """
    drop drops dropped treat treats treated count counts counted mark marks marked flag flags flagged reject rejects
    rejected take takes took regard regards regarded classify classifies classified discard discards discarded skip
    skips skipped read reads handle handles handled record records recorded register registers registered book books
    booked log logs logged store stores stored label labels labelled report reports interpret interprets interpreted
    """
)
_NO_ROLE = listed("well soon such same long far much many if though just known")
_DO_NOT = (("do", "not"), ("must", "not"), ("may", "not"), ("don't",), ("never",), ("mustn't",), ("should", "not"))
_FORBIDS = ("not", "never", "don", "mustn")  # without any of these, no row forbids
_MARKUP = frozenset("*_`")
_AGAINST = listed("forbid forbids forbidden against must not never don't cannot no without policy violates breach")
_WITHDRAWN = ("stand down", "false alarm", "our own mistake", "my own mistake", "our mistake", "my mistake",
              "please ignore", "never mind", "i was wrong", "we were wrong", "take that back")  # fmt: skip
_TOLD = listed(
    """
    alarm false mistake wrote write reported claimed said thought believed feared overtaken withdrawn retracted
    corrected mistaken supposed alleged not no never was instead
    """
) - {"was"}
NEAR = 6


def concluded(claim: Claim) -> str:
    """ "Therefore", "being": a conclusion that no row draws is a hypothesis."""
    if claim.kind in ("derived", "hypothesis"):
        return ""
    for clause in claim.clauses:
        inside = [t for t in claim.reading.tokens if clause.start <= t.start < clause.end]
        words = [low for low in lows(inside) if low != ","]
        word = next((one for one in words if one in _THUS), "being" if words[:1] == ["being"] else "")
        if not word or clause.hedged or (word == "being" and not _goes_before(claim, clause.start)):
            continue
        wanted = {one.stem for one in weighty(clause)}
        if word == "being" or not any(wanted <= other.stems for row in claim.told for other in row.clauses):
            return f"“{word}” draws a conclusion that no cited row draws: make it a hypothesis"
    return ""


def _goes_before(claim: Claim, start: int) -> bool:
    """Whether something stands before it in its sentence that ", being ..." gives the grounds of."""
    return any(token.end <= start and token.kind == "word" for token in claim.reading.tokens)


def compelled(claim: Claim) -> str:
    """ "She had to", where no cited row speaks of a need."""
    if any(_speaks_of_need(row) for row in claim.told):
        return ""
    for said in sentences(claim.reading.tokens):
        words = lows(said)
        at = next((n for n in range(len(words)) if tuple(words[n : n + 2]) in _HAD), -1)
        if at >= 0 and claim.plainly(said[at].start):
            return f"no cited row says that anybody “{words[at]} {words[at + 1]}”: say what was done"
    return ""


def _speaks_of_need(row: Source) -> bool:
    words = lows(row.reading.tokens)
    return not _NEED.isdisjoint(words) or any(tuple(words[n : n + 2]) in _HAD for n in range(len(words)))


def taken_for(claim: Claim) -> str:
    """ "Drops the rows as duplicates": what a thing is taken for stands in a row."""
    found = claim.reading.tokens
    for at in range(2, len(found) - 1):
        if found[at].text.lower() != "as" or found[at - 1].text.lower() in _NO_ROLE or found[at + 1].kind != "word":
            continue
        if "as" in lows(found[at + 2 : at + 4]):
            continue
        before = lows(found[max(0, at - NEAR) : at])
        if _TAKES.isdisjoint(before[:-1]) or not claim.plainly(found[at].start) or not found[at + 1].text.islower():
            continue
        role = content(found[at + 1].text.lower())
        if role and not any(held(role, row.stems) for row in claim.told):
            return f"no cited row takes it for “{found[at + 1].text}”"
    return ""


def forbidden(claim: Claim) -> str:
    """What a row forbids, told as what is to be done or may be."""
    for row, verb, objects in _prohibitions(claim.told):
        for said in sentences(claim.reading.tokens, ENDS):
            words = lows(said)
            if not _AGAINST.isdisjoint(words):
                continue
            for at, token in enumerate(said):
                if content(words[at]) != verb or is_past(words[at]) or not claim.plainly(token.start):
                    continue
                if objects <= set(words[at + 1 : at + 1 + NEAR]):
                    return f"[{row.row.id}] forbids it: “do not {words[at]}”"
    return ""


def _prohibitions(rows: Sequence[Source]) -> Iterator[tuple[Source, str, set[str]]]:
    """Each "do not contact the other customer" of the rows: the verb and the words of its object."""
    for row, inside in row_sentences(row for row in rows if any(sign in row.blob for sign in _FORBIDS)):
        said = [token for token in inside if token.text not in _MARKUP]
        words = lows(said)
        for at in range(len(words)):
            size = next((len(one) for one in _DO_NOT if tuple(words[at : at + len(one)]) == one), 0)
            if not size or at + size >= len(words):
                continue
            verb = content(words[at + size])
            objects = [t.text.lower() for t in up_to(said, at + size + 1)[:3] if len(t.text) > 3]
            if verb and len(objects) > 1:
                yield row, verb, set(objects[:2])


def withdrawn(claim: Claim) -> str:
    """What only a report says that its own side has taken back since."""
    for row in claim.told:
        if "customer" not in row.roles or not any(one in row.said for one in _WITHDRAWN):
            continue
        words = set(lows(claim.reading.tokens))
        if not words.isdisjoint(_TOLD):
            continue
        earlier = [one for one in claim.told if one is not row and one.row.record == row.row.record]
        for word in (one for clause in claim.clauses for one in weighty(clause) if is_past(one.low)):
            if any(word.stem in one.stems for one in earlier) and not held(word.stem, _own(row)):
                return f"[{row.row.id}] takes that back (“{word.low}”): say what is true now"
    return ""


def _own(row: Source) -> set[str]:
    return stems(row.reading.tokens)


def elsewhere(claim: Claim) -> str:
    """A deed in a record that no cited row is of, nor names: a search only tells that it was read."""
    cited = {plain(row.row.record) for row in claim.told}
    searched = [row for row in claim.rows if row.row.origin == "coverage"]
    named = [row for row in claim.told if row.row.author is not None]
    for fact in claim.reading.facts if searched else ():
        said = plain(fact.text)
        before = lows(t for t in claim.reading.tokens if t.end <= fact.start)[-2:]
        if "ticket" not in before or not _into(before) or said in cited or not claim.plainly(fact.start):
            continue
        clause = claim.clause_at(fact.start)
        inside = [n for n in claim.names if clause is not None and clause.start <= n.start < clause.end]
        mine = [row for row in named for n in inside if row.row.author and plain(n.text) == plain(row.row.author.name)]
        if mine and not any(said in row.blob for row in claim.told):
            return f"[{mine[0].row.id}] is not of {fact.text}: name the record that it is of"
    return ""


def _into(before: Sequence[str]) -> bool:
    return before[0] in ("in", "into", "to", "on") and before[1] == "ticket"
