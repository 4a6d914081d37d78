"""How many of which: "twice theirs and once ours", "22 more" where 22 is the sum of what there is and what is added."""

from __future__ import annotations

from collections.abc import Sequence

from customer_escalation.verify.facts import Reading
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.sources import Source
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed

_COUNTS = {
    "one": 1, "once": 1, "two": 2, "twice": 2, "three": 3, "thrice": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9,
}  # fmt: skip
_OWN = listed("own ours mine")
_OTHERS = listed("theirs other other's others other’s another another's")
_ENDS = frozenset(".;:!?\n")
_MORE = listed("more additional further extra")
_ADDS = listed("add adds added adding more additional further extra another new plus")
NEAR = 3


def shared_out(found: Sequence[Token], rows: Sequence[Source]) -> list[str]:
    """Shares of one's own and of others' that the cited rows count the other way around."""
    for said in _shares(found):
        known = [share for row in rows if not row.lows.isdisjoint(_COUNTS) for share in _shares(row.reading.tokens)]
        if known and said not in known and (said[1], said[0]) in known:
            return [f"the cited rows count {said[1]} of one's own and {said[0]} of others'"]
    return []


def _shares(found: Sequence[Token]) -> list[tuple[int, int]]:
    """Each sentence's count of one's own and of others', where it gives both."""
    shares: list[tuple[int, int]] = []
    own = others = count = 0
    for token in [*found, Token("mark", ".", 0, 0)]:
        low = token.text.lower()
        if low in _COUNTS:
            count = _COUNTS[low]
        elif count and low in _OWN:
            own, count = own or count, 0
        elif count and low in _OTHERS:
            others, count = others or count, 0
        elif low in _ENDS:
            if own and others:
                shares.append((own, others))
            own = others = count = 0
    return shares


def not_more(formula: str, reading: Reading, said: Sequence[Fact], rows: Sequence[Source]) -> list[str]:
    """ "22 more", where the formula adds what is to come to what there is already."""
    parts = [part.strip() for part in formula.split("+")]
    if len(parts) < 2 or not all(part.isdecimal() for part in parts):
        return []
    for fact in said:
        after = next((token.text.lower() for token in reading.tokens if token.start >= fact.end), "")
        if after in _MORE and not all(_is_added(part, rows) for part in parts):
            return [f"“{fact.text} {after}” counts in what there is already: say in total"]
    return []


def _is_added(part: str, rows: Sequence[Source]) -> bool:
    """Whether a row speaks of a figure as of something added."""
    for row in rows:
        found = row.reading.tokens
        for number, token in enumerate(found):
            near = {other.text.lower() for other in found[max(0, number - NEAR) : number + NEAR]}
            if token.text == part and not near.isdisjoint(_ADDS):
                return True
    return False
