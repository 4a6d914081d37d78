"""Which tickets tell of the same problem, and which only sound like it.

The same problem means: linked to each other or to the same tracker issue, or alike in the words that are rare among
what was found, and open or within the policy's window, and not settled with a cause of the customer's own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from customer_escalation.language import heard, sentences, signatures, terms
from customer_escalation.signals import cues_of
from escalation_connectors.records import Ticket

SAME = 0.34
SIGNATURE_BONUS = 0.12
DONE = {"solved", "closed", "resolved", "done"}


@dataclass(frozen=True, slots=True)
class Family:
    """The tickets around one problem: those that tell of it, earlier ones like it, look-alikes with another cause."""

    primary: Ticket | None
    same: tuple[Ticket, ...] = ()
    earlier: tuple[Ticket, ...] = ()
    other_cause: tuple[Ticket, ...] = ()


def is_done(ticket: Ticket) -> bool:
    """Whether the support platform calls it finished."""
    return ticket.status.lower() in DONE


def problem_text(ticket: Ticket) -> str:
    """What the ticket is about: its subject and its first comment."""
    first = ticket.comments.items[0].body if ticket.comments.items else ""
    return heard(f"{ticket.subject}\n{ticket.subject}\n{first}"[:4000])


def whole_text(ticket: Ticket) -> str:
    """Everything said on the ticket."""
    return heard("\n".join([ticket.subject, *(comment.body for comment in ticket.comments.items)])[:20000])


class Likeness:
    """How alike texts are, by the words that are rare among the tickets at hand."""

    def __init__(self, tickets: Iterable[Ticket]) -> None:
        known = tuple(tickets)
        self._count = len(known)
        self._frequency = Counter(term for ticket in known for term in terms(whole_text(ticket)))

    def weight(self, term: str) -> float:
        """Rare words weigh more."""
        return math.log(1.5 + self._count / (1 + self._frequency[term]))

    def covered(self, wanted: frozenset[str], ticket: Ticket) -> float:
        """Which share of the wanted words the ticket has; words of its subject count half again."""
        if not wanted:
            return 0.0
        body, subject = terms(whole_text(ticket)), terms(heard(ticket.subject))
        total = sum(self.weight(term) for term in wanted)
        have = sum(self.weight(term) * (1.5 if term in subject else 1.0) for term in wanted if term in body)
        return have / total if total else 0.0

    def alike(self, one: str, other: str) -> float:
        """Cosine of the two texts' weighted words, plus a bonus for a shared error signature."""
        first, second = terms(one), terms(other)
        shared = sum(self.weight(term) ** 2 for term in first & second)
        size = math.sqrt(sum(self.weight(t) ** 2 for t in first) * sum(self.weight(t) ** 2 for t in second))
        bonus = SIGNATURE_BONUS if signatures(one) & signatures(other) else 0.0
        return (shared / size if size else 0.0) + bonus


def pick_primary(
    tickets: Iterable[Ticket], words: frozenset[str], wanted_ids: frozenset[str], customer_ids: frozenset[str]
) -> Ticket | None:
    """The ticket that the typed words mean: one they name, else the best match, the customer's own first."""
    known = tuple(tickets)
    named = [ticket for ticket in known if ticket.id in wanted_ids or ticket.id.removeprefix("T-") in wanted_ids]
    if named:
        return named[0]
    likeness = Likeness(known)
    own = [ticket for ticket in known if ticket.id in customer_ids]

    def rank(ticket: Ticket) -> tuple[float, float, str]:
        return (likeness.covered(words, ticket), ticket.created_at.timestamp(), ticket.id)

    for group, least in ((_open(own), 0.3), (_open(known), 0.3), (own, 0.5), (known, 0.5)):
        best = max(group, key=rank, default=None)
        if best is not None and likeness.covered(words, best) >= least:
            return best
    return max(known, key=rank, default=None) if _one_thread(known) else None


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
) -> Family:
    """Sort what was found around the primary ticket; `issue_links` are the tracker issues per ticket id."""
    known = tuple(tickets)
    if primary is None:
        return Family(None)
    likeness = Likeness(known)
    linked = _linked(primary, known, issue_links)
    oldest = primary.created_at - timedelta(days=window_days)
    same, earlier, other = [primary], list[Ticket](), list[Ticket]()
    for ticket in sorted(known, key=lambda t: (t.created_at, t.id)):
        if ticket.id == primary.id or ticket.created_at > now:
            continue
        close = ticket.id in linked
        score = likeness.alike(problem_text(primary), problem_text(ticket))
        if not close and score < SAME and not _covers(likeness, words, ticket, score):
            continue
        if is_done(ticket) and own_cause(ticket) and not is_done(primary):
            other.append(ticket)
        elif not close and (ticket.created_at < oldest or (is_done(ticket) and not is_done(primary))):
            earlier.append(ticket)
        else:
            same.append(ticket)
    return Family(primary, tuple(same), tuple(earlier), tuple(other))


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
