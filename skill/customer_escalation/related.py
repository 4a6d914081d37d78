"""Which tickets tell of the same problem, and which only sound like it.

The same problem means: linked to each other or to the same tracker issue, or alike in the words that are rare among
what was found, and open or within the policy's window, and not settled with a cause of the customer's own.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain

from msgspec import Struct

from customer_escalation.language import heard, sentences, signatures, terms
from customer_escalation.signals import cues_of
from escalation_connectors.records import Ticket

SAME = 0.34
UNHEARD = 0.6  # the weight of a typed word that no ticket has: it tells none of them apart
TITLED = 0.6  # of the shorter subject
BURST_HOURS, BURST_WORDS = 48, 3  # open reports so close in time need half the likeness
OWN = 0.15  # a customer who is named means their own open ticket, even in other words
OPEN, OLDER = 0.3, 0.5  # the share of the typed words that an open ticket of anybody has, or one that is done
SIGNATURE_BONUS = 0.12
DONE = {"solved", "closed", "resolved", "done"}
CODE = re.compile(r"[45]\d\d")
FIRST_WORD = re.compile(r"[^\W\d_]+")


class Family(Struct, frozen=True):
    """The tickets around one problem: those that tell of it, earlier ones like it, look-alikes with another cause."""

    primary: Ticket | None
    same: tuple[Ticket, ...] = ()
    earlier: tuple[Ticket, ...] = ()
    other_cause: tuple[Ticket, ...] = ()


def is_done(ticket: Ticket) -> bool:
    """Whether the support platform calls it finished: by its first word, as in "Closed - duplicate"."""
    word = FIRST_WORD.match(ticket.status.lower())
    return word is not None and word[0] in DONE


def problem_text(ticket: Ticket) -> str:
    """What the ticket is about: its subject and its first comment."""
    first = ticket.comments.items[0].body if ticket.comments.items else ""
    return heard(f"{ticket.subject}\n{ticket.subject}\n{first}"[:4000])


def whole_text(ticket: Ticket) -> str:
    """Everything said on the ticket."""
    return heard("\n".join([ticket.subject, *(comment.body for comment in ticket.comments.items)])[:20000])


class _Weights(dict[str, float]):
    """What each word weighs: the rarer among the tickets, the more. Worked out when first asked for."""

    def __init__(self, tickets: Sequence[Ticket]) -> None:
        super().__init__()
        self._count = len(tickets)
        self.frequency = Counter(chain.from_iterable(terms(whole_text(ticket)) for ticket in tickets))

    def __missing__(self, term: str) -> float:
        self[term] = weight = math.log(1.5 + self._count / (1 + self.frequency.get(term, 0)))
        return weight


class Likeness:
    """How alike texts are, by the words that are rare among the tickets at hand."""

    def __init__(self, tickets: Iterable[Ticket]) -> None:
        self._weights = _Weights(tuple(tickets))
        self._sizes: dict[frozenset[str], float] = {}

    def weight(self, term: str) -> float:
        """Rare words weigh more."""
        return self._weights[term]

    def covered(self, wanted: frozenset[str], ticket: Ticket) -> float:
        """Which share of the wanted words the ticket has; words of its subject count half again."""
        if not wanted:
            return 0.0
        weights, body, subject = self._weights, terms(whole_text(ticket)), terms(heard(ticket.subject))
        total = sum(weights[term] if term in weights.frequency else UNHEARD for term in wanted)
        have = sum(weights[term] * (1.5 if term in subject else 1.0) for term in wanted if term in body)
        return have / total if total else 0.0

    def alike(self, one: str, other: str) -> float:
        """Cosine of the two texts' weighted words, plus a bonus for a shared error signature."""
        first, second = terms(one), terms(other)
        size = math.sqrt(self._size(first) * self._size(second))
        bonus = SIGNATURE_BONUS if signatures(one) & signatures(other) else 0.0
        return (self._size(first & second) / size if size else 0.0) + bonus

    def _size(self, words: frozenset[str]) -> float:
        known = self._sizes.get(words)
        if known is None:
            weights = self._weights
            known = self._sizes[words] = sum(weights[term] ** 2 for term in words)
        return known


def pick_primary(
    tickets: Iterable[Ticket], words: frozenset[str], wanted_ids: frozenset[str], customer_ids: frozenset[str]
) -> Ticket | None:
    """The ticket that the typed words mean: one they name (`wanted_ids`), else the best match, first of the customer's.

    A customer's only open ticket is meant in whatever words, unless an older one of theirs has most of them.
    """
    known = tuple(tickets)
    named = [ticket for ticket in known if ticket.id in wanted_ids]
    if named:
        return named[0]
    likeness = Likeness(known)
    own = [ticket for ticket in known if ticket.id in customer_ids]

    def rank(ticket: Ticket) -> tuple[float, float, str]:
        return (likeness.covered(words, ticket), ticket.created_at.timestamp(), ticket.id)

    open_own = _open(own)
    fitting = [ticket for ticket in own if not of_other_codes(words, ticket)]
    telling = [ticket for ticket in known if _tells_of(words, ticket)]
    titled = [ticket for ticket in known if not own and _is_titled(words, ticket)]
    for group, least in (
        (_open(fitting), OPEN),
        (fitting, OLDER),
        (_open(fitting), OWN),
        (open_own if len(open_own) == 1 else [], 0.0),
        (_open(telling), OPEN),
        (telling, OLDER),
        (_open(titled), OPEN),
        (titled, OLDER),
    ):
        best = max(group, key=rank, default=None)
        if best is not None and likeness.covered(words, best) >= least:
            return best
    return max(known, key=rank, default=None) if _one_thread(known) else None


def of_other_codes(words: frozenset[str], ticket: Ticket) -> bool:
    """Whether HTTP statuses were typed and the ticket is all about others."""
    asked = {word for word in words if CODE.fullmatch(word)}
    said = {word for word in terms(whole_text(ticket)) if CODE.fullmatch(word)} if asked else set[str]()
    return bool(asked and said) and not asked & said


def _is_titled(words: frozenset[str], ticket: Ticket) -> bool:
    """Whether one of the words stands in its subject."""
    return bool(words & terms(heard(ticket.subject))) and not of_other_codes(words, ticket)


def _tells_of(words: frozenset[str], ticket: Ticket) -> bool:
    """Whether more than one of the words stands in it: "broken" alone means any ticket."""
    shared = words & terms(whole_text(ticket))
    return len(shared) >= min(2, len(words)) and not of_other_codes(words, ticket)


def _open(tickets: Iterable[Ticket]) -> list[Ticket]:
    return [ticket for ticket in tickets if not is_done(ticket)]


def _one_thread(tickets: tuple[Ticket, ...]) -> bool:
    """Whether all tickets are linked into a single thread, so that no choice has to be made."""
    return bool(tickets) and len(_linked(tickets[0], tickets, {})) == len(tickets)


def family(
    primary: Ticket | None,
    tickets: Iterable[Ticket],
    issue_links: Mapping[str, frozenset[str]],
    words: frozenset[str],
    now: datetime,
    window_days: float,
    meant: frozenset[str] = frozenset(),
) -> Family:
    """Sort what was found around the primary ticket; `issue_links` are the tracker issues per ticket id.

    `meant` are tickets of customers who were named together with the primary's.
    """
    known = tuple(tickets)
    if primary is None:
        return Family(None)
    likeness = Likeness(known)
    about, linked = problem_text(primary), _linked(primary, known, issue_links)
    oldest = primary.created_at - timedelta(days=window_days)
    same, earlier, other = [primary], list[Ticket](), list[Ticket]()
    for ticket in sorted(known, key=lambda t: (t.created_at, t.id)):
        if ticket.id == primary.id or ticket.created_at > now:
            continue
        close = ticket.id in linked or ticket.id in meant
        score = likeness.alike(about, problem_text(ticket))
        alike = (
            score >= SAME
            or _covers(likeness, words, ticket, score)
            or _titled_alike(likeness, primary, ticket, oldest)
            or _of_one_burst(primary, ticket, score)
        )
        if not close and not alike:
            continue
        if is_done(ticket) and own_cause(ticket) and not is_done(primary):
            other.append(ticket)
        elif not close and (ticket.created_at < oldest or (is_done(ticket) and not is_done(primary))):
            earlier.append(ticket)
        else:
            same.append(ticket)
    return Family(primary, tuple(same), tuple(earlier), tuple(other))


def _titled_alike(likeness: Likeness, one: Ticket, other: Ticket, since: datetime) -> bool:
    """Whether two open reports of the same days have most of their subjects' words in common."""
    if is_done(one) or is_done(other) or other.created_at < since:
        return False
    first, second = terms(heard(one.subject)), terms(heard(other.subject))
    shared = sum(likeness.weight(term) for term in first & second)
    smaller = min(sum(map(likeness.weight, first)), sum(map(likeness.weight, second)))
    return len(first & second) >= 2 and shared >= TITLED * smaller


def _of_one_burst(one: Ticket, other: Ticket, score: float) -> bool:
    """Whether two open reports came within two days of each other and share a few words: people name a fault freely."""
    if is_done(one) or is_done(other) or abs(one.created_at - other.created_at) > timedelta(hours=BURST_HOURS):
        return False
    shared = terms(problem_text(one)) & terms(problem_text(other))
    return score >= SAME / 2 and sum(not term.isdecimal() for term in shared) >= BURST_WORDS


def _covers(likeness: Likeness, words: frozenset[str], ticket: Ticket, score: float) -> bool:
    return len(words) >= 3 and score >= SAME / 2 and likeness.covered(words, ticket) >= 0.75


def _linked(primary: Ticket, tickets: tuple[Ticket, ...], issue_links: Mapping[str, frozenset[str]]) -> set[str]:
    """Ids reachable from the primary ticket over links, in either direction, or over a shared tracker issue."""
    reached, grew = {primary.id}, True
    names = {
        ticket.id: {ticket.id, *(link.rstrip("/").rsplit("/", 1)[-1] for link in ticket.links)} for ticket in tickets
    }
    issues = {ticket.id: issue_links.get(ticket.id, frozenset()) for ticket in tickets}
    while grew:
        grew = False
        for ticket in tickets:
            near = any(names[ticket.id] & {other} or ticket.id in names.get(other, ()) for other in reached)
            shares = any(issues[ticket.id] & issues.get(other, frozenset()) for other in reached)
            if ticket.id not in reached and (near or shares):
                reached.add(ticket.id)
                grew = True
    return reached


@lru_cache(maxsize=1024)
def _cause_in(text: str, side: str) -> bool:
    return any(cues_of(sentence) & {"configuration", side} for sentence in sentences(text))


def own_cause(ticket: Ticket) -> bool:
    """Whether the thread says that the cause was on the customer's side."""
    return any(
        _cause_in(heard(comment.body), "own_side" if comment.author.role == "customer" else "your_side")
        for comment in ticket.comments.items
    )
