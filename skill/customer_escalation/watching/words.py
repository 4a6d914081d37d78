"""What a message that came later means for a case: a customer's verdict, or what ours say of cause, fix and date.

The last clear sentence counts. Bitter thanks, a fix that broke something else and a colleague who still has the problem
outweigh any "works now" around them; what ours say that a customer said is theirs, and confirms nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from customer_escalation.ending import REOPENS, TROUBLE
from customer_escalation.evidence import Evidence
from customer_escalation.lexicon import Cue, cues, marks_of
from customer_escalation.signals import cues_of, spoken
from customer_escalation.watching.own_words import is_automatic, own_words

Verdict = Literal["", "solved", "broken"]
Step = Literal["", "done", "undone", "coming", "underway"]
TURN = re.compile(
    r"[,;.]?\s+\b(?:but|however|except(?: that)?|although|only that|just that|yet|while|whereas)\b\s+", re.I
)
GUESS = re.compile(
    r"\b(?:maybe|perhaps|might|may|hopefully|hope|not sure|cannot tell|can.?t tell|probably|wish|if only)\b"
    r"|\bworked (?:\w+ )?(?:yesterday|before|last (?:week|month|year|night)|previously|in the past|for years)\b", re.I
)  # fmt: skip
ELSEWHERE = re.compile(
    r"\bwrong (?:ticket|thread|case|chat|window|channel)\b|\b(?:said|told|promised|announced)\b[^.]{0,30}\bwould\b"
    r"|\b(?:ignore|disregard) (?:my|this|the) (?:last|previous|earlier|comment)", re.I
)  # fmt: skip
POLITE = re.compile(r"^\W*(?:perfect|great|excellent|awesome|super|nice|cool|wonderful|lovely|ok(?:ay)?)\W*$", re.I)
BEHAVES = re.compile(
    r"^(?:it |they |then |now |that )?(?:only |just |still |also |now )?(?:shows?|displays?|returns?|gives?|prints?"
    r"|exports?|sends?|throws?|requires?|ignores?|loses?|drops?|skips?|takes?|asks?)\b", re.I
)  # fmt: skip
CONDITION = re.compile(r"\b(?:if|unless|otherwise)\b", re.I)
TO_COME = re.compile(
    r"^(?:and |or )?(?:should (?:it|this|that|the)|in case|if|once|when(?:ever)?)\b.*"
    r"\b(?:will|shall|would|please|let (?:us|me)|can you|could you|we.ll|i.ll|tell (?:us|me)"
    r"|(?:we|i) (?:cancel|leave|quit|switch|move|stop|have to|need to|must))\b", re.I
)  # fmt: skip
NOT = re.compile(r"\b(?P<verb>is|are|was|were|do|does|did|has|have|had|would|could|should|need|must)n't\b", re.I)
LONGEST = 2000
UNENDED = {"heard_say", "fix_coming", "closed_unsolved"}  # closing a ticket with such words says nothing of a fix
LEAVING = {"churn", "legal", "public"}


class Word(Struct, frozen=True):
    """What one message says, with the sentence that says it.

    `verdict` is a customer's, `step` is how far ours say the fix is; `told` holds other cues, each with its sentence.
    `automatic`: a program sent it, so it is nobody's verdict and no answer to anybody.
    """

    row: str
    verdict: Verdict = ""
    sentence: str = ""
    step: Step = ""
    asks: str = ""
    leaves: str = ""
    told: dict[str, str] = {}
    automatic: bool = False

    def says(self, cue: str) -> bool:
        """Whether a sentence of it carries this cue."""
        return cue in self.told


@lru_cache(maxsize=1)
def _later() -> tuple[Cue, ...]:
    return cues("later")


@lru_cache(maxsize=4096)
def later_cues(sentence: str) -> frozenset[str]:
    """The cues of a sentence that is said once a case is escalated."""
    text = sentence[:LONGEST].replace("’", "'").replace("“", '"').replace("”", '"')
    said = (text, NOT.sub(r"\g<verb> not", text.replace("won't", "will not").replace("can't", "can not")))
    return frozenset(cue.name for cue in _later() if _heard(cue, said))


def _heard(cue: Cue, said: tuple[str, ...]) -> bool:
    """Whether the cue is in the sentence, as it is written or with its "n't" in full."""
    found = any(cue.found.search(text) for text in said)
    return found and not (cue.unless and any(cue.unless.search(text) for text in said))


def is_staff(row: Evidence) -> bool:
    """Whether somebody of ours says it."""
    return row.origin == "stated_by_staff"


def word_of(row: Evidence) -> Word:
    """What this message means; what it repeats of an earlier one is not said in it."""
    said = tuple(spoken(own_words(row.text)))
    if is_staff(row):
        return _ours(row, said)
    return Word(row.id, automatic=True) if is_automatic(row) else _theirs(row, said)


def _theirs(row: Evidence, said: tuple[str, ...]) -> Word:
    verdict: Verdict = ""
    sentence, lasting = "", False
    told: dict[str, str] = {}
    for each in said:
        for cue in later_cues(each) & {"bitter", "fix_broke", "elsewhere", "accepts"}:
            told.setdefault(cue, each)
        if CONDITION.search(each) and cues_of(each) & LEAVING:
            continue  # what they will do if nothing happens reports nothing
        heavy = bool(later_cues(each) & {"bitter", "fix_broke", "elsewhere"})
        for part in TURN.split(each):
            found: Verdict = "broken" if heavy else _part(part, first=each.startswith(part))
            if found and not lasting:
                verdict, sentence = found, each
        lasting = lasting or heavy
    return Word(
        row=row.id,
        verdict=verdict,
        sentence=sentence,
        asks=next((each for each in said if each.rstrip(" )\"'”").endswith("?")), ""),
        leaves=next((each for each in said if cues_of(each) & LEAVING), ""),
        told=told,
    )


def _part(part: str, *, first: bool) -> Verdict:
    """The verdict of one clause; after a "but", what fails counts in any words."""
    found = cues_of(part) | later_cues(part)
    if part.rstrip(" )\"'”").endswith("?") or any(each.search(part) for each in (TO_COME, ELSEWHERE, POLITE)):
        return ""
    well = "gone" in found or (found & {"solved", "well"} and "solution_failed" not in found)
    if well and "ill" not in found and not GUESS.search(part):
        return "solved"
    if found & (REOPENS | TROUBLE | {"blocked", "ill"}) or (
        not first and ("failing" in marks_of(part) or BEHAVES.search(part))
    ):
        return "broken"
    return ""


def _ours(row: Evidence, said: tuple[str, ...]) -> Word:
    step: Step = ""
    sentence = ""
    told: dict[str, str] = {}
    automatic = is_automatic(row)
    for each in said:
        heard = later_cues(each)
        if automatic or "closed_unsolved" in heard:
            heard -= {"cause_told", "no_date", "heard_say"}  # why a ticket was closed is no cause of the problem
        for cue in (*heard, *(cues_of(each) & {"promise", "workaround", "answer", "closed_by_staff"})):
            told.setdefault(cue, each)
        found = next(_steps(heard), None)
        if found and not (found == "underway" and step):
            step, sentence = found, each
    if not step and "closed_by_staff" in told and not automatic and not UNENDED & told.keys():
        step, sentence = "done", told["closed_by_staff"]
    return Word(
        row=row.id,
        sentence=sentence,
        step=step,
        asks=next((each for each in said if each.rstrip(" )\"'”").endswith("?")), ""),
        told=told,
        automatic=automatic,
    )


def _steps(heard: frozenset[str]) -> Iterator[Step]:
    if "fix_undone" in heard:
        yield "undone"
    if "fix_done" in heard:
        yield "done"
    if "fix_coming" in heard:
        yield "coming"
    if "underway" in heard:
        yield "underway"
