"""What somebody wants, and what is enough for them: the rows must speak of that very thing."""

from __future__ import annotations

from collections.abc import Sequence

from customer_escalation.verify.actors import rows_by
from customer_escalation.verify.claim import ENDS, PAUSES, Claim, held, lows, row_sentences, sentences, stems
from customer_escalation.verify.sources import Source
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import content, frame_stems

_WISHES = listed("wants want asks ask demands demand wishes requests")
_KNOW = frozenset(("know", "hear"))
_BREAKS = frozenset(("but", "while"))
_ENOUGH = (("will", "do"), ("is", "enough"), ("are", "enough"), ("will", "suffice"), ("suffice",), ("suffices",),
           ("is", "sufficient"), ("are", "sufficient"), ("be", "enough"), ("be", "sufficient"))  # fmt: skip
_SUFFICES = listed("enough suffice suffices sufficient plenty ample")
_SHORT = (("need", "more"), ("needs", "more"), ("not", "enough"), ("too", "few"), ("too", "little"), ("too", "small"))
LEAST, REACH = 2, 3


def not_wanted(claim: Claim) -> str:
    """A wish of which the rows of whoever has it hold not a single word."""
    for said in sentences(claim.reading.tokens):
        words = lows(said)
        for at, word in enumerate(words):
            if word not in _WISHES or not at or not claim.affirmed(said[at].start):
                continue
            wish = _wish(said, at + 1)
            wanted = {one for one in stems(wish) if one not in frame_stems() | _KNOW}
            rows = _wishing(claim, said[at].start, words[at - 1])
            if (
                len(wanted) >= LEAST
                and rows
                and not any(held(one, stems(row.reading.tokens)) for row in rows for one in wanted)
            ):
                return f"[{rows[0].row.id}] does not speak of this wish ({', '.join(sorted(wanted)[:4])})"
    return ""


def _wish(said: Sequence[Token], start: int) -> list[Token]:
    """What is wanted: up to the end of the sentence, or to the next wish."""
    found: list[Token] = []
    for token in said[start:]:
        low = token.text.lower()
        if token.text in ENDS or low in _BREAKS or low in _WISHES:
            break
        found.append(token)
    return found


def _wishing(claim: Claim, start: int, subject: str) -> list[Source]:
    """The rows of whoever wishes: a speaker's own, or those that name the subject ("its auditors ask for")."""
    before = [one for one in claim.speakers if one.start < start]
    speaker = before[-1] if before and before[-1].verb == start else None
    if speaker is not None:
        return rows_by(speaker, claim.told)
    naming = [row for row in claim.told if content(subject) and subject in row.lows]
    return naming or claim.told


def not_enough(claim: Claim) -> str:
    """ "The seats will do", where the rows ask for more of them, or nobody says that they are enough."""
    for said in sentences(claim.reading.tokens, PAUSES):
        words = lows(said)
        at = next((n for n in range(len(words)) if any(tuple(words[n : n + len(p)]) == p for p in _ENOUGH)), -1)
        if at < 1 or not claim.affirmed(said[at].start):
            continue
        thing = stems(said[:at]) - frame_stems()
        if _says_enough(claim.told, thing):
            continue
        return "no cited row says that it is enough: say what is needed"
    return ""


def _says_enough(rows: Sequence[Source], thing: set[str]) -> bool:
    """Whether some sentence says that a thing is enough, and none that more of it is needed."""
    enough = False
    for _, inside in row_sentences(rows):
        words = lows(inside)
        if any(tuple(words[n : n + 2]) in _SHORT for n in range(len(words))) and (thing & stems(inside) or not thing):
            return False
        enough = (
            enough
            or not _SUFFICES.isdisjoint(words)
            or any(tuple(words[n : n + 2]) == ("will", "do") for n in range(len(words)))
        )
    return enough
