"""All, each and the whole of it: a quantifier needs rows that quantify the same thing, and a case for each of many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from customer_escalation.verify.claim import Claim, held, lows, row_sentences, sentences, stems, up_to
from customer_escalation.verify.meaning import weighty
from customer_escalation.verify.quantities import WORDS as NUMERALS
from customer_escalation.verify.sources import Source
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import UNIVERSAL, listed
from customer_escalation.verify.words import STOP

_ALL = frozenset(("all", "every", "each"))
_EACH = (("all", "of", "them"), ("each", "of", "them"), ("every", "one", "of", "them"), ("both", "of", "them"))
_HOLDS = UNIVERSAL | listed("each both no none any nobody nothing everyone only")
_WHOLE = (("in", "full"), ("fully",), ("wholly",))
_WHOLE_HELD = UNIVERSAL | listed("full fully total totally both wholly complete each")
_FIRST = {"first": listed("first 1st start begins earliest"), "last": listed("last end ends final latest")}
_COMES = listed("come comes came coming stands stood goes")


def too_many(claim: Claim) -> str:
    """ "All Enterprise tenants", where the rows say all of no such thing; empty where they do."""
    for said in sentences(claim.reading.tokens):
        words = lows(said)
        for at, word in enumerate(words):
            thing = _kind_of_thing(said, at) if word in _ALL and (not at or words[at - 1] != "not") else []
            if thing and claim.stated(said[at].start) and _in_doubt(claim.told, stems(thing)):
                return f"no cited row says it of “{word} {' '.join(token.text for token in thing)}”"
    return ""


def _kind_of_thing(said: Sequence[Token], at: int) -> list[Token]:
    """The words of "all Enterprise tenants"; none where a number is said or nothing narrows the noun."""
    found: list[Token] = []
    for token in up_to(said, at + 1)[:4]:
        low = token.text.lower()
        if low in NUMERALS or token.kind == "num":
            return []
        if low in STOP and low not in ("of", "the", "our", "their"):
            break
        if low not in STOP:
            found.append(token)
    return found if len(found) > 1 else []


def _in_doubt(rows: Sequence[Source], thing: set[str]) -> bool:
    """Whether no sentence says all of the thing, though some row asks for it or tells of a part."""
    for _, inside in row_sentences(rows):
        words = set(lows(inside))
        own = stems(inside)
        if not words.isdisjoint(_HOLDS) and "?" not in words and all(held(one, own) for one in thing):
            return False
    return True


def not_each(claim: Claim) -> str:
    """ "All of them tie their renewal to it", where the rows of some of them say nothing of the kind."""
    for clause in claim.clauses:
        words = lows(t for t in claim.reading.tokens if clause.start <= t.start < clause.end)
        if not any(_stands(phrase, words) for phrase in _EACH) or clause.denies or clause.hedged:
            continue
        wanted = {word.stem for word in weighty(clause)}
        owners = _by_owner(claim.told)
        silent = [
            owner for owner, rows in owners.items() if not any(held(w, row.stems) for row in rows for w in wanted)
        ]
        if wanted and len(owners) > 1 and silent:
            return f"no cited row of {silent[0]} says so: say of whom it is true"
    return ""


def _stands(phrase: Sequence[str], words: Sequence[str]) -> bool:
    return any(tuple(words[at : at + len(phrase)]) == tuple(phrase) for at in range(len(words)))


def _by_owner(rows: Sequence[Source]) -> dict[str, list[Source]]:
    found: dict[str, list[Source]] = {}
    for row in rows:
        if row.context_customer:
            found.setdefault(row.context_customer, []).append(row)
    return found


def how_far(claim: Claim) -> str:
    """ "Charged in full", "the new one comes first": to what extent, and at which end, the rows must say."""
    known = {word for row in claim.rows for word in row.lows}
    for clause in claim.clauses:
        words = lows(t for t in claim.reading.tokens if clause.start <= t.start < clause.end)
        if clause.denies or clause.hedged:
            continue
        whole = next((phrase for phrase in _WHOLE if _stands(phrase, words)), ())
        if whole and known.isdisjoint(_WHOLE_HELD):
            return f"“{' '.join(whole)}” is more than the cited rows say"
        for place in _places(words):
            if known.isdisjoint(_FIRST[place]):
                return f"no cited row says what comes {place}"
    return ""


def _places(words: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(words[:-1]):
        if word in _COMES and words[at + 1] in _FIRST:
            yield words[at + 1]
