"""The records that a run has read, by id: kept once each, in a fixed order, whoever answered first."""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct, field

from customer_escalation.hearing import as_heard
from customer_escalation.intake import normal
from escalation_connectors.records import Account, Article, Contact, Deal, Issue, Message, Ticket

T = TypeVar("T")


class Found(Struct):
    """Every record that was read, by id."""

    tickets: dict[str, Ticket] = field(default_factory=dict[str, Ticket])
    accounts: dict[str, Account] = field(default_factory=dict[str, Account])
    contacts: dict[str, Contact] = field(default_factory=dict[str, Contact])
    deals: dict[str, Deal] = field(default_factory=dict[str, Deal])
    messages: dict[str, Message] = field(default_factory=dict[str, Message])
    issues: dict[str, Issue] = field(default_factory=dict[str, Issue])
    articles: dict[str, Article] = field(default_factory=dict[str, Article])

    def fix_order(self) -> None:
        """Every kind of record by its id, so that nothing depends on who answered first."""
        _sort(self.tickets)
        _sort(self.accounts)
        _sort(self.contacts)
        _sort(self.deals)
        _sort(self.messages)
        _sort(self.issues)
        _sort(self.articles)


def account_for(found: Found, ticket: Ticket) -> Account | None:
    """The account a ticket names (id or name), or whose domain its requester writes from."""
    if ticket.account in found.accounts:
        return found.accounts[ticket.account]
    name, domain = normal(ticket.account), ticket.requester.email.rpartition("@")[2].lower()
    for account in found.accounts.values():
        if name and name in {normal(account.name), *map(normal, account.aliases)}:
            return account
        if domain and domain == account.domain.lower():
            return account
    return None


def keep(read: dict[str, T], found: dict[str, T], key: str, record: T) -> None:
    """Keep the record as it was read and as it is heard; of two readings the one with more of its thread."""
    if key not in read or _thread_read(record) > _thread_read(read[key]):
        read[key], found[key] = record, as_heard(record)


def _thread_read(record: object) -> tuple[bool, int]:
    if isinstance(record, Ticket | Issue):
        return not record.comments.cut, record.comments.read
    return False, 0


def _sort(records: dict[str, T]) -> None:
    ordered = sorted(records.items(), key=lambda item: item[0])
    records.clear()
    records.update(ordered)
