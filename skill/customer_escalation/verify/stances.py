"""What somebody is said to threaten, demand or dispute: their own rows must take that stance, about that thing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from customer_escalation.verify.actors import rows_by, speakers
from customer_escalation.verify.claim import Claim, held, lows, sentences, stems
from customer_escalation.verify.names import is_acronym
from customer_escalation.verify.sources import Source, plain, stands
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import frame_stems, stem

# A stance, and after the stroke the words by which a row may take it.
_STANCES = (
    """threaten threatens threatened / threat otherwise unless cancel leave churn legal lawyer court competitor
    terminate consequences if""",
    """demand demands demanded insist insists insisted / want need must require expect immediately now request ask
    please cannot unacceptable yes""",
    """dispute disputes disputed contest contests contested disagree disagrees disagreed object objects objected
    / wrong mistake incorrect not never cannot no""",
    """refuse refuses refused decline declines declined / cannot can't not no never rather won't unable only""",
    """complain complains complained / unhappy angry not no never still nobody nothing fails unacceptable late slow
    worse why annoyed broken disappointed missing again""",
    """regret regrets regretted apologise apologises apologised apologize apologizes apologized / sorry apologies""",
    "praise praises praised thank thanks thanked / great good perfect well glad happy",
    "forgive forgives forgave waive waives waived / free",
    "doubt doubts doubted / not whether unsure sure could may might really maybe",
)
_PAUSES = frozenset(",;:()")
_EMPTY = listed("anything something nothing everything that this it them")


@lru_cache(maxsize=1)
def _stances() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _STANCES:
        said, _, holds = line.partition("/")
        for word in said.split():
            found[word] = frozenset(map(stem, listed(holds) | listed(said)))
    return found


def not_taken(claim: Claim) -> str:
    """ "Dana Whitlock threatens to cancel", where no row of hers does; empty where one takes that stance."""
    for said in sentences(claim.reading.tokens):
        words = lows(said)
        for at, word in enumerate(words):
            holds = _stances().get(word)
            if holds is None or not at or not claim.plainly(said[at].start):
                continue
            rows = _own(claim, said, at)
            if rows and not any(not holds.isdisjoint(_words(row)) for row in rows):
                return f"[{rows[0].row.id}] does not go so far (“{word}”): keep to what was said"
            thing = _thing(claim, said, at + 1)
            if rows and thing and not any(held(one, row.stems) for row in rows for one in thing):
                return f"[{rows[0].row.id}] does not speak of that ({', '.join(sorted(thing))})"
    return ""


def _own(claim: Claim, said: Sequence[Token], at: int) -> list[Source]:
    """The rows of whoever takes the stance: a speaker's own, or those that name the subject."""
    speaker = next((one for one in speakers(said) if one.verb == said[at].start), None)
    if speaker is not None:
        return rows_by(speaker, claim.told)
    names = [name for name in claim.names if name.end == said[at - 1].end and not is_acronym(name)]
    if not names:
        return []
    return [row for row in claim.told if any(stands(part, row.blob) for part in plain(names[0].text).split())]


def _words(row: Source) -> frozenset[str]:
    return frozenset(stem(low) for low in row.lows)


def _thing(claim: Claim, said: Sequence[Token], start: int) -> set[str]:
    """The stems of what the stance is about, up to the next pause."""
    end = next((n for n in range(start, len(said)) if said[n].text in _PAUSES), len(said))
    skipped = [(name.start, name.end) for name in claim.names]
    inside = [t for t in said[start:end] if not any(s <= t.start < e for s, e in skipped)]
    inside = [t for t in inside if t.text.lower() not in _EMPTY]
    return stems(inside) - frame_stems() - {stem("take"), stem("give")}
