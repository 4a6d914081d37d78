"""Who did it: a row that says "we rotated" or "our mistake" speaks of its author, and of nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from customer_escalation.verify.deeds import is_past
from customer_escalation.verify.names import Name
from customer_escalation.verify.sources import Source, plain, stands
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import content, stem

_FIRST = frozenset(("i", "we"))
_BETWEEN = listed(
    "has have had already also then just now never not since later still only once again himself themselves both"
)
_OWN = frozenset(("own", "new", "old"))
_ENDS = frozenset(".!?\n")
REACH = 4


def elsewhere(found: Sequence[Token], names: Sequence[Name], rows: Sequence[Source]) -> list[str]:
    """A deed, or a thing of somebody's own, that is told of another party than the author who tells of it."""
    cited = [row for row in rows if row.row.author is not None and row.roles & {"customer", "staff"}]
    for number, token in enumerate(found):
        if token.kind == "word" and cited and (who := _doer(found, names, number)):
            verb = stem(token.text.lower())
            if (row := _teller(verb, who, cited, rows)) is not None:
                author = row.row.author.name if row.row.author is not None else ""
                return [f"[{row.row.id}] says it of its author ({author}), not of {who}"]
    return _not_ours(found, cited) if names else []  # with nobody named, the words are the customer's own


def _doer(found: Sequence[Token], names: Sequence[Name], at: int) -> str:
    """Who is said to have done it: the name right before a past form, or after "by" behind one."""
    if not is_past(found[at].text.lower()):
        return ""
    if at + 2 < len(found) and found[at + 1].text.lower() == "by":
        return next((name.text for name in names if name.start == found[at + 2].start), "")
    before = at - 1
    while before > 0 and at - before <= REACH and found[before].text.lower() in _BETWEEN:
        before -= 1
    if names and before >= 0 and found[before].text.lower() == "we":
        return "us"
    return next((name.text for name in names if before >= 0 and name.end == found[before].end), "")


def _teller(verb: str, who: str, cited: Sequence[Source], rows: Sequence[Source]) -> Source | None:
    """The row whose author tells the deed of himself, where no row tells it of the one who is named."""
    tellers = [row for row in cited if verb in _own_deeds(row)]
    if not tellers or any(_is_party(who, row) for row in tellers):
        return None
    if any(_names_with(who, verb, row) for row in rows):
        return None
    return tellers[0]


def _own_deeds(row: Source) -> set[str]:
    """What the author of a row tells in the first person, or opens with: "We rotated", "Tried both"."""
    return {stem(word) for word in _first_person(row.reading.tokens)}


def _first_person(found: Sequence[Token]) -> Iterator[str]:
    opening, subject = True, -1
    for number, token in enumerate(found):
        low = token.text.lower()
        if low in _FIRST:
            subject = number
        elif token.kind == "word" and is_past(low) and (opening or 0 <= subject >= number - 2):
            yield low
        opening = token.text in _ENDS


def _is_party(who: str, row: Source) -> bool:
    """Whether the author of a row is the one who is named, or belongs to them."""
    if who == "us":
        return "customer" not in row.roles
    name = plain(who).removesuffix("'s")
    author = plain(row.row.author.name) if row.row.author is not None else ""
    theirs = plain(row.context_customer) or plain(row.context)
    if stands(name, author) or stands(author, name) or stands(name, plain(row.context)):
        return True
    if "customer" not in row.roles:
        return not stands(name, theirs)
    known = theirs.removeprefix("acct-")
    return bool(theirs) and (stands(theirs, name) or known.startswith(name.split()[0]) or name.startswith(known))


def _names_with(who: str, verb: str, row: Source) -> bool:
    """Whether a row tells the deed of the one who is named, or is by them and tells it."""
    if who == "us":
        return "staff" in row.roles and verb in _own_deeds(row)
    name = plain(who).split()[-1]
    sentences = (said for said in row.sentences if stands(name, said))
    by_them = row.row.author is not None and stands(name, plain(row.row.author.name))
    return (by_them and verb in _own_deeds(row)) or any(
        verb in {stem(one) for one in said.split()} for said in sentences
    )


def _not_ours(found: Sequence[Token], cited: Sequence[Source]) -> list[str]:
    """ "Our mistake", where a customer speaks of "our own mistake" and no colleague of one."""
    said = _owned(found)
    if not said or not cited:
        return []
    ours = {thing for row in cited if "staff" in row.roles for thing in _owned(row.reading.tokens)}
    theirs = {thing for row in cited if "staff" not in row.roles for thing in _owned(row.reading.tokens)}
    yours = {
        content(two.text.lower())
        for row in cited
        for one, two in pairwise(row.reading.tokens)
        if one.text.lower() == "your"
    }
    wrong = (said & theirs) - ours - yours
    return [f"the customer says “our” of this ({min(wrong)}): it is theirs"] if wrong else []


def _owned(found: Sequence[Token]) -> set[str]:
    """The things of which a text says "our"."""
    words = [token.text.lower() for token in found]
    things = (words[n + 2] if words[n + 1] in _OWN and n + 2 < len(words) else words[n + 1] for n in _ours(words))
    return {content(thing) for thing in things} - {""}


def _ours(words: Sequence[str]) -> Iterator[int]:
    return (number for number, word in enumerate(words[:-1]) if word == "our")
