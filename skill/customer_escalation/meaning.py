"""What a reader has to know about which ticket and which customer the typed words were taken to mean.

Nothing is picked silently: what came near, what was taken for want of a better one, and what was not found is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from customer_escalation.case import Case
from customer_escalation.intake import LIMIT, words_of
from customer_escalation.related import OPEN, Likeness, is_done, of_other_codes
from customer_escalation.safety import safe
from escalation_connectors.records import Ticket

NAMED = 3


def reservations(case: Case) -> Iterator[str]:
    """One line each, the most important first; none where the words name a record, or fit what was found."""
    understood, match = case.understood, case.gathered.match
    if understood.left_out:
        yield f"Only the first {LIMIT:,} characters of the issue were read; {understood.left_out:,} more were left out"
    if match.said and not match.several:
        taken = f"; it is about ticket {case.primary.id} of {_company(case, case.primary)}" if case.primary else ""
        yield f"Customer: {match.said}{taken}"
    typed = "" if match.account or match.near else understood.customer or understood.company
    if typed and case.gathered.found.accounts:
        yield f"Customer: no account called {typed!r} was found"
    yield from _of_the_ticket(case, match.account.name if match.account else typed)


def _of_the_ticket(case: Case, whose: str) -> Iterator[str]:
    gathered, primary = case.gathered, case.primary
    own = [ticket for ticket in gathered.found.tickets.values() if ticket.id in gathered.own]
    still = [ticket for ticket in own if not is_done(ticket)]
    if primary is None:
        theirs = f"; those of {whose} are {_listed(still or own)}: name one to take it" if own else ""
        if gathered.found.tickets:
            yield f"No ticket matches the words clearly{theirs}"
        return
    if primary.id in gathered.named:
        return
    if primary.id not in gathered.own:
        if whose:
            yield f"No ticket of {whose} tells of this: it is about ticket {primary.id} of {_company(case, primary)}"
        return
    words = words_of(case.understood, gathered.match)
    fits = Likeness(gathered.found.tickets.values()).covered(words, primary) >= OPEN
    if words and (not fits or of_other_codes(words, primary)):
        yield f"Ticket {primary.id} says little of what was typed; it was taken because it is one of {whose}"
    elif is_done(primary) and still:
        yield f"Ticket {primary.id} matches the words and is done; still open of {whose}: {_listed(still)}"


def _company(case: Case, ticket: Ticket) -> str:
    account = case.gathered.account_of(ticket)
    return account.name if account else safe(ticket.account).text or "another customer"


def _listed(tickets: Iterable[Ticket]) -> str:
    newest = sorted(tickets, key=lambda each: (each.created_at, each.id), reverse=True)
    more = f" and {len(newest) - NAMED} more" if len(newest) > NAMED else ""
    return ", ".join(ticket.id for ticket in newest[:NAMED]) + more
