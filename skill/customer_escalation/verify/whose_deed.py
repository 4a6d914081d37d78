"""Who may or does it, and with which of two things: the row's own subject and its own thing, not another's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from customer_escalation.verify.claim import ENDS, PAUSES, Claim, held, lows, row_sentences, sentences, stems
from customer_escalation.verify.deeds import is_past
from customer_escalation.verify.sources import Source
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import alike, content, is_irregular, stem

_ABLE = listed("can may could")
_MODALS = listed("can may could must should will shall has have to only also")
_ROLES = listed(
    "support customer leadership legal security engineering sales product finance owner owners agents engineers"
)
_JOINED = listed("and together with or")
_FRESH = listed("new own separate another different second fresh")
_SAME = listed("same one shared single common")
_DETERMINERS = listed("a an the its their his her our your of for to in at by with on")
_BACK = listed(
    "back again revert reverted reverts rollback undo undone undid restore restored restores return returned old"
)
_MOVED = frozenset(map(stem, listed("rotate roll switch change turn set move put migrate convert")))
_SENDS = frozenset(map(stem, listed("send attach forward submit post deliver mail upload share paste")))
# What is so plainly good or bad news that a row must have it, whatever else it speaks of.
_STRONG = frozenset(
    map(
        stem,
        listed(
            """
            drop delete lose reject refuse cancel approve sign block close stop lock publish share store send release
            fix restore encrypt expose leak steal overwrite duplicate disable enable refund pay renew terminate suspend
            """
        ),
    )
)
_IF = listed("if until unless once before whether when must should why how")


def allowed_to_another(claim: Claim) -> str:
    """ "An owner can lift it", where the row says that only somebody else can."""
    for said in sentences(claim.reading.tokens, PAUSES):
        words = lows(said)
        at = next((n for n, word in enumerate(words) if word in _ABLE), -1)
        if at < 1 or "only" in words or not claim.affirmed(said[at].start):
            continue
        verb = content(words[at + 1]) if at + 1 < len(words) else ""
        subject = stems(said[:at])
        for _, inside in row_sentences(claim.told, PAUSES):
            own = lows(inside)
            place = next((n for n, word in enumerate(own) if word in _ABLE and n), -1)
            if place < 0 or "only" not in own[:place] or not verb or verb not in {content(w) for w in own[place:]}:
                continue
            if subject and not subject & stems(inside[:place]):
                return f"the cited row says that only another can ({' '.join(own[: place + 2])})"
    return ""


def done_by_another(claim: Claim) -> str:
    """ "Support decides on notification", where the guide says of others that they decide."""
    guides = [row for row in claim.told if row.row.category == "knowledge_base"]
    if not guides or len(guides) < len(claim.told):
        return ""
    for said in sentences(claim.reading.tokens, PAUSES):
        words = lows(said)
        at = next((n for n, word in enumerate(words[:3]) if word in _ROLES), -1)
        verb = next((n for n in range(at + 1, min(len(words), at + 3)) if words[n] not in _MODALS), -1)
        own = content(words[verb]) if at >= 0 and verb > 0 else ""
        if not own or words[at + 1] in _JOINED or not claim.plainly(said[verb].start):
            continue
        uses = [lows(inside) for _, inside in row_sentences(guides, ENDS) if own in {content(w) for w in lows(inside)}]
        if uses and all(words[at] not in use for use in uses):
            return f"the cited guide does not say “{words[verb]}” of {words[at]}"
    return ""


def other_thing(claim: Claim) -> str:
    """ "A new connection for each page", where the row has one connection; "its own database", where it is the same."""
    for said in sentences(claim.reading.tokens, PAUSES):
        words = lows(said)
        if not _IF.isdisjoint(words):
            continue
        for noun, qualified in _qualified(words):
            called = {kind for row in claim.told for known, kind in _qualified_in(row) if known == noun}
            if qualified in _FRESH and called and called <= _SAME and claim.affirmed(said[0].start):
                return f"the cited rows call it “{min(called)}”, not “{qualified}”"
            if qualified in _SAME - {"one", "single"} and called and called <= _FRESH and claim.affirmed(said[0].start):
                return f"the cited rows call it “{min(called)}”, not “{qualified}”"
    return ""


def _qualified(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The nouns of "a new connection" and "a database of its own", each with how it is qualified."""
    for at, (one, two) in enumerate(pairwise(words)):
        if one in _FRESH | _SAME and content(two):
            yield content(two), one
        if one == "of" and words[at + 2 : at + 3] == ["own"] and at and content(words[at - 1]):
            yield content(words[at - 1]), "own"


def _qualified_in(row: Source) -> Iterator[tuple[str, str]]:
    return _qualified(lows(row.reading.tokens))


def not_undone(claim: Claim) -> str:
    """ "Has rotated the secret back", where no row tells of any way back."""
    for said in sentences(claim.reading.tokens, PAUSES):
        words = lows(said)
        moved = next((n for n, word in enumerate(words) if is_past(word) and stem(word) in _MOVED), -1)
        if moved < 0 or "back" not in words[moved:] or not claim.plainly(said[moved].start):
            continue
        if all(_BACK.isdisjoint(row.lows) for row in claim.told):
            return "no cited row says that it was turned back"
    return ""


def not_sent(claim: Claim) -> str:
    """ "Brackwater has sent the order", where no row has anything sent."""
    for said in sentences(claim.reading.tokens, PAUSES):
        words = lows(said)
        for at, word in enumerate(words):
            if word != "sent" or at + 1 == len(words) or not claim.plainly(said[at].start):
                continue
            if words[at - 1] not in ("has", "have", "had") and not _names_before(claim, said[at].start):
                continue
            if not any(_sends(row) for row in claim.told):
                return "no cited row has anything sent: say what is ready, asked or missing"
    return ""


def _names_before(claim: Claim, start: int) -> bool:
    return any(name.end == start - 1 for name in claim.names)


def _sends(row: Source) -> bool:
    found = (token.text.lower() for token in row.reading.tokens)
    if row.row.public and "staff" in row.roles and row.row.category == "support_platform":
        return True  # a reply is itself something sent
    return any(stem(low) in _SENDS and (is_past(low) or is_irregular(low)) for low in found)


def not_passive(claim: Claim) -> str:
    """ "Deliveries are dropped", where the rows have nothing dropped."""
    for said in sentences(claim.reading.tokens) if claim.kind != "derived" else ():
        words = lows(said)
        for at in range(len(words) - 1):
            word = words[at + 1]
            if words[at] not in ("is", "are") or not is_past(word) or not claim.plainly(said[at].start):
                continue
            own = stem(word)
            if own not in _STRONG or not _IF.isdisjoint(words[:at]):
                continue
            if not any(held(own, row.stems) or any(alike(own, one) for one in row.stems) for row in claim.told):
                return f"no cited row says that anything is “{word}”"
    return ""
