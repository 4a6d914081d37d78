"""Who was told, sent or promised what: a message to that person must hold it, or a row must say that it was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from customer_escalation.verify.actors import CUSTOMER, rows_by, speakers
from customer_escalation.verify.claim import Claim, held, lows, sentences, stems
from customer_escalation.verify.deeds import is_ahead, is_past
from customer_escalation.verify.names import Name, is_acronym
from customer_escalation.verify.sources import Source, plain, stands
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import alike, frame_stems, stem

_TELLS = listed(
    """
    told informed notified answered assured sent wrote written explained replied confirmed promised announced
    reminded warned apologised apologized
    """
)
_SAYING = tuple(map(stem, listed("tell inform write answer explain say reply send promise confirm announce")))
_PARTIES = CUSTOMER - listed("reporters users")
_BREAKS = frozenset(",;:()")
_TURNS = listed("while whereas but although though")
_US = listed("me us you")
_SELF = listed("i we")


class _Telling(NamedTuple):
    """Who told whom: the teller's name, the addressee's (empty for "the customer"), the place of the verb."""

    teller: str
    addressee: str
    verb: int
    said: Sequence[Token]


def untold(claim: Claim) -> str:
    """ "Jonas Wiberg has told Elena Reyes that the orders are safe", where no message of his to her says so."""
    for telling in _tellings(claim):
        verb = telling.said[telling.verb].text.lower()
        wanted = _content(claim, telling)
        reported = [row for row in claim.told if _reports(telling, row)]
        messages = [row for row in claim.told if _is_message(telling, row)] or reported
        if not messages:
            return f"no cited row is a message of {telling.teller} to {telling.addressee or 'the customer'} ({verb})"
        missing = [word for word in wanted if not any(held(word, row.stems) for row in messages)]
        if wanted and 2 * len(missing) > len(wanted):
            return f"[{messages[0].row.id}] does not say that ({', '.join(missing[:4])}): tell what it does say"
    return ""


def _tellings(claim: Claim) -> Iterator[_Telling]:
    for said in sentences(claim.reading.tokens):
        words = lows(said)
        for speaker in speakers(said):
            at = next((n for n, token in enumerate(said) if token.start == speaker.verb), -1)
            if at < 0 or not speaker.name or words[at] not in _TELLS or not claim.plainly(speaker.verb):
                continue
            whom = _addressee(claim, said, at)
            if whom is not None and plain(whom) != plain(speaker.name):
                yield _Telling(speaker.name, whom, at, said)


def _addressee(claim: Claim, said: Sequence[Token], verb: int) -> str | None:
    """The name right after the verb or after a "to"; empty for "the customer"; None where nobody is named."""
    named = {name.start: name for name in claim.names if not is_acronym(name)}
    for at in range(verb + 1, len(said)):
        if said[at].text in _BREAKS:
            return None
        close = (
            at - verb <= 2
            or said[at - 1].text.lower() == "to"
            or [t.text.lower() for t in said[at - 2 : at]] == ["to", "the"]
        )
        if not close:
            continue
        name: Name | None = named.get(said[at].start)
        if name is not None:
            return name.text.removesuffix("'s")
        if said[at].text.lower() in _PARTIES and said[at - 1].text.lower() == "the":
            return ""
    return None


def _content(claim: Claim, telling: _Telling) -> list[str]:
    """The stems of what was told: the words of meaning after the verb, names and times left out."""
    skipped = [(name.start, name.end) for name in claim.names]
    skipped += [(f.start, f.end) for f in claim.reading.facts if f.kind == "moment"]
    rest = telling.said[telling.verb + 1 :]
    end = next((n for n, token in enumerate(rest) if token.text.lower() in _TURNS), len(rest))
    after = [t for t in rest[:end] if not any(s <= t.start < e for s, e in skipped)]
    whole = stems(after)
    return sorted(whole - frame_stems()) or sorted(whole - set(map(stem, CUSTOMER)))


def _is_message(telling: _Telling, row: Source) -> bool:
    """Whether a row is the teller's message to the addressee: public and in their ticket, or one that names them."""
    speaker = [s for s in speakers(telling.said) if s.verb == telling.said[telling.verb].start]
    if not speaker or row.row.author is None or row not in rows_by(speaker[0], [row]):
        return False
    in_ticket = row.row.category == "support_platform" and row.row.public and "staff" in row.roles
    if not telling.addressee:
        return in_ticket or "customer" in row.roles
    names = plain(telling.addressee).split()
    named = any(stands(name, row.said) for name in names)
    return (in_ticket and any(stands(name, row.blob) for name in names)) or (named and row.row.public and not in_ticket)


def _reports(telling: _Telling, row: Source) -> bool:
    """Whether a sentence of a row says that one told the other, by a verb of saying in the past."""
    author = plain(row.row.author.name) if row.row.author is not None else ""
    teller, addressee = plain(telling.teller), plain(telling.addressee)
    for inside in sentences(row.reading.tokens):
        words = lows(inside)
        told = [n for n, word in enumerate(words) if is_past(word) and any(alike(stem(word), one) for one in _SAYING)]
        if not any(not is_ahead(inside, 0, n) for n in told):
            continue
        tells = _names(teller, words) or (stands(author, teller) and not _SELF.isdisjoint([*words, *_dropped(words)]))
        hears = not addressee or _names(addressee, words) or (stands(author, addressee) and not _US.isdisjoint(words))
        if (tells and hears) or (hears and stands(author, addressee) and "you" in words):
            return True
    return False


def _names(name: str, words: Sequence[str]) -> bool:
    return bool(name) and any(part in words for part in name.split())


def _dropped(words: Sequence[str]) -> list[str]:
    """The "I" that a note leaves out: "Told Linnea"."""
    return ["i"] if words and is_past(words[0]) else []
