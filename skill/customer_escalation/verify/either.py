"""One of two: where a row leaves it open ("a fix or a date for one"), neither both nor the one alone is promised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from customer_escalation.verify.claim import PAUSES, Claim, lows, row_sentences, sentences, stems
from customer_escalation.verify.sources import Source
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed

_PLEDGED = listed("promised pledged announced agreed committed assured guaranteed")
_AHEAD = listed("will shall 'll we'll i'll going promise promised plan")
_WISHED = _PLEDGED | listed("wants want asks asked ask needs need wishes demands will expects requests requested")
_BOTH = frozenset(("and", "plus"))
_THAT = frozenset(("that", "which"))
NEAR = 4


def one_of_two(claim: Claim) -> str:
    """Both, or one for sure, of what a row names as alternatives; empty where that is not so."""
    for row, sentence, left, right in _alternatives(claim.told):
        for said in sentences(claim.reading.tokens):
            if _joined(said, left, right) and not _joins(claim.told, left, right):
                return f"[{row.row.id}] says the one or the other, and not both"
            if not _AHEAD.isdisjoint(sentence) and _alone(said, left, right):
                return f"[{row.row.id}] promises the one or the other: say so"
    return ""


def _alternatives(rows: Sequence[Source]) -> Iterator[tuple[Source, list[str], str, set[str]]]:
    """Each "A or B" of the rows that is neither denied nor asked: the sentence, the word of A, the words of B."""
    for row, sentence in row_sentences(rows):
        words = lows(sentence)
        if "or" not in words or "?" in words or "not" in words:
            continue
        at = words.index("or")
        left = stems(sentence[at - 1 : at]) if at else set[str]()
        right = stems(sentence[at + 1 : at + 1 + NEAR])
        if len(left) == 1 and right:
            yield row, words, left.pop(), right


def _joined(said: Sequence[Token], left: str, right: set[str]) -> bool:
    """Whether a wish or plan names both: "with our CEO and our head of product"."""
    words = lows(said)
    if _WISHED.isdisjoint(words):
        return False
    for at, (one, two) in enumerate(pairwise(said)):
        joins = two.text.lower() in _BOTH and left in stems([one])
        after = stems(said[at + 2 : at + 2 + NEAR])
        if joins and after and after & right and "or" not in words:
            return True
    return False


def _joins(rows: Sequence[Source], left: str, right: set[str]) -> bool:
    return any(_joined([*inside], left, right) for _, inside in row_sentences(rows))


def _alone(said: Sequence[Token], left: str, right: set[str]) -> bool:
    """ "The fix that she promised", "promised a fix": the one, for sure."""
    words = lows(said)
    if "or" in words or stems(said) & right:
        return False
    for at, word in enumerate(words):
        if left not in stems([said[at]]):
            continue
        behind = words[at + 1 : at + 2 + NEAR]
        if behind[:1] and behind[0] in _THAT | _PLEDGED and not _PLEDGED.isdisjoint(behind):
            return True
        ahead = words[max(0, at - 2) : at]
        if not _PLEDGED.isdisjoint(ahead) and PAUSES.isdisjoint(ahead) and word:
            return True
    return False
