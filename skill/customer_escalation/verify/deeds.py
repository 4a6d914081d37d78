"""What was done or decided: merged, released, sent, accepted. The cited rows must say that it happened, too.

A row holds a deed where it tells it as done; where it plans, asks for, doubts or denies it, it holds no more than that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import DOUBTS, QUESTION_OPENERS, listed
from customer_escalation.verify.words import stem

# Words of one line tell of one deed; those after the stroke hold it in a row, and claim nothing by themselves.
DEEDS = (
    "merge / land",
    "release ship publish deploy launch / rollout rolled live hotfix install out",
    "fix repair resolve solve correct remedy / patch works worked",
    "approve / approval sign-off signed cleared fine go-ahead",
    "accept / agree take took taken happy",
    "decline refuse reject / rather prefer no not but cannot",
    "promise commit pledge guarantee / will shall we'll i'll next",
    "delete remove erase wipe purge / gone",
    "restore recover / back",
    "add append / include",
    "rotate / rotation",
    "renew extend prolong / renewal",
    "cancel terminate",
    "refund reimburse / repay credit",
    "send resend mail forward submit / deliver attach post",
    "present",
    "call phone / ring rang",
    "reset",
    "revert / rollback back",
    "lose",
    "migrate / migration",
    "restart reboot / redeploy",
    "finish complete conclude / done",
    "change modify alter edit adjust switch replace / instead",
    "adopt",
    "notify inform / told tell",
    "escalate raise",
    "hand / handover transfer pass",
    "enlarge expand increase / bigger larger",
    "decide / decision",
    "upgrade",
    "credit",
    "hijack breach hack compromise / takeover",
)
# Verbs whose particle makes the deed: "rolled back" reverts, and "rolled out" releases.
_WITH = {
    (stem("rolled"), "back"): "revert",
    (stem("rolled"), "out"): "release",
    (stem("taken"), "over"): "hijack",
    (stem("handed"), "over"): "hand",
}
_PAST = listed(
    """
    sent resent lost gave given took taken made told left kept held built reset shut wrote written paid withdrew
    withdrawn rolled begun began gone rebuilt found won hid hidden
    """
)
# Before a deed: it is still to come, wished for, possible, or not so.
_NOT = listed(
    """
    cannot not never without lacks lack can't didn't hasn't haven't doesn't don't isn't wasn't won't nobody nothing none
    no neither nor
    """
)
TO_COME = listed(
    """
    will shall 'll would should could can may might must to please if unless once until before whether need needs
    let's lets when awaiting await awaits wants want wait waits waiting ask asks asked plan plans planned hopes promise
    promises promised request requests requested yet i'll we'll they'll offer offers offered needed require requires
    threaten threatens threatened threatening
    """
)
_AHEAD = TO_COME | _NOT
_ENDS = frozenset(".!?;:,()\n")
_STOPS = frozenset(".!?;\n")
_AWAITED = frozenset(("for", "on", "until", "to"))
_BREAKS = frozenset(',:"“')
_AUXILIARIES = frozenset(("has", "have", "had", "was", "were", "been"))
_PARTICLES = frozenset(("it", "off", "for", "on", "out", "this", "that"))
_DETERMINERS = frozenset(("this", "its", "his", "us", "towards"))
_WISHES = listed("wants want wished wishes asks asked demands demanded needs tells told orders ordered")
_JOINS = frozenset(("or", "and", ","))
_PRESUPPOSE = frozenset(("until", "before"))
_OVER = frozenset(("was", "were"))
REACH = 5


@lru_cache(maxsize=2)
def _groups(claiming: bool) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(DEEDS):
        claims, _, holds = line.partition(" / ")
        for word in claims.split() if claiming else [*claims.split(), *holds.split()]:
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def groups_of(verb: str) -> frozenset[int]:
    """The kinds of deed that a stem claims; none for most words."""
    return _groups(True).get(verb, frozenset[int]())


def is_past(low: str) -> bool:
    """Whether a word is a past form: "merged", "sent"."""
    return low in _PAST or (low.endswith("ed") and len(low) > 4)


_PLEDGES = _groups(True)["promis"]
SENT = dict.fromkeys(_groups(True)["send"], True)


def held(found: Sequence[Token]) -> dict[int, bool]:
    """The deeds that a text speaks of: whether it tells any of them as done."""
    deeds: dict[int, bool] = {}
    for number, groups, opening in _deeds(found):
        past = is_past(found[number].text.lower())
        bidden = number == opening and not past  # "Send me the requests"
        done = not bidden and not is_ahead(found, opening, number) and (past or not _goes_on(found, number))
        for group in groups:
            deeds[group] = deeds.get(group, False) or done
    return deeds


def _deeds(found: Sequence[Token], claiming: bool = False) -> Iterator[tuple[int, frozenset[int], int]]:
    """Where a deed is told: its token, what it means, and where its clause opens."""
    known, opening = _groups(claiming), 0
    for number, token in enumerate(found):
        if token.kind in ("mark", "line") and token.text in _ENDS:
            opening = number + 1
        elif token.kind in ("word", "chunk") and (groups := known.get(_verb(found, number))):
            yield number, groups, opening


def _verb(found: Sequence[Token], at: int) -> str:
    """The stem of a word; with its particle, that of the deed which they make together."""
    own = stem(found[at].text.lower())
    after = (token.text.lower() for token in found[at + 1 : at + 3])
    return next((stem(_WITH[own, one]) for one in after if (own, one) in _WITH), own)


def _goes_on(found: Sequence[Token], at: int) -> bool:
    """Whether a bare verb ends a list that began as no deed: "do not open, download or send it"."""
    if not at or found[at - 1].text.lower() not in _JOINS:
        return False
    start = next((n for n in range(at, 0, -1) if found[n - 1].text in _STOPS), 0)
    return any(token.text.lower() in _AHEAD for token in found[start:at])


def is_ahead(found: Sequence[Token], opening: int, at: int, words: frozenset[str] = _AHEAD) -> bool:
    """Whether words before a deed keep it from having happened, or the sentence only asks for it."""
    start = max(opening, at - REACH)
    near = [token.text.lower().replace("’", "'") for token in found[start : at + 1]]
    before = {low for low, after in pairwise(near) if low != "waiting" or after in _AWAITED}
    if not before.isdisjoint(words) or not before.isdisjoint(DOUBTS):
        return True
    return _is_asked(found, opening, at)


def _is_asked(found: Sequence[Token], opening: int, at: int) -> bool:
    """Whether a question asks about a word: not where only what follows a comma asks ("we added one, is it that?")."""
    end = next((n for n in range(at, len(found)) if found[n].text in _STOPS), -1)
    if end < 0 or found[end].text != "?":
        return False
    last = next((n for n in range(end, at, -1) if found[n].text in _BREAKS), -1)
    asks = last > 0 and found[last + 1].text.lower() in QUESTION_OPENERS
    return not asks or found[opening].text.lower() in QUESTION_OPENERS


def untold(found: Sequence[Token], stated: Sequence[Clause], rows: Sequence[dict[int, bool]]) -> list[str]:
    """A deed that the statement tells as done, and the cited rows do not."""
    for number, groups, opening in _deeds(found, claiming=True):
        token = found[number]
        words = _AHEAD - _PRESUPPOSE if _is_over(found, number) else _AHEAD
        if not _is_told(found, opening, number) or is_ahead(found, opening, number, words):
            continue
        clause = next((one for one in stated if one.start <= token.start < one.end), None)
        if clause is None or clause.hedged or clause.questions or _is_denied(clause, token.start):
            continue
        told = [row[group] for row in rows for group in groups if group in row]
        if not told:
            return [f"no cited row says that anything was “{token.text}”: cite the row that does, or leave it out"]
        if not any(told) and groups.isdisjoint(_PLEDGES):
            return [f"no cited row says that it was “{token.text}” already: say what is planned, asked or missing"]
    return []


def _is_over(found: Sequence[Token], at: int) -> bool:
    """ "Until it was solved": what is told so has happened, unlike "until it is solved"."""
    before = [token.text.lower() for token in found[max(0, at - REACH) : at]]
    return not _OVER.isdisjoint(before[-2:]) and not _PRESUPPOSE.isdisjoint(before)


def _is_told(found: Sequence[Token], opening: int, at: int) -> bool:
    """Whether a deed is told: a past form that is the verb, and neither "the deleted orders" nor "called it off"."""
    low = found[at].text.lower()
    if not is_past(low):
        return False
    before = {token.text.lower() for token in found[max(opening, at - 3) : at]}
    after = found[at + 1].text.lower() if at + 1 < len(found) else ""
    if not before.isdisjoint(_AUXILIARIES):
        return True
    if low == "called" and after in _PARTICLES:
        return False
    start = next((n for n in range(at, 0, -1) if found[n - 1].text in _STOPS), 0)
    wished = any(token.text.lower() in _WISHES for token in found[start:at])
    return not wished and not (after.endswith("s") and after not in _DETERMINERS)


def _is_denied(clause: Clause, start: int) -> bool:
    return any(word.start == start and (word.sign >= 0 if word.lexical else word.sign <= 0) for word in clause.words)
