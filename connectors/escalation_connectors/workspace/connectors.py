"""The five contracts over the indexes of one workspace."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import NoReturn, TypeVar

from msgspec import Struct

from escalation_connectors.errors import NotFound, Unavailable
from escalation_connectors.records import Account, Article, Contact, Deal, Issue, Message, Page, Ticket
from escalation_connectors.workspace import lookup, names
from escalation_connectors.workspace.index import Index
from escalation_connectors.workspace.kinds import (
    ACCOUNTS,
    ARTICLES,
    CONTACTS,
    DEALS,
    ISSUES,
    MESSAGES,
    TICKETS,
    facet,
    fold,
    marks_of_record,
    thread_mark,
)
from escalation_connectors.workspace.ranking import query_words, search

NAME = "workspace"
R = TypeVar("R")


class WorkspaceSupport(Struct, frozen=True):
    """tickets.jsonl; an account may be named by id or by name where accounts.jsonl knows both."""

    tickets: Index[Ticket]
    accounts: Index[Account] | None = None
    name: str = NAME

    async def search_tickets(
        self, query: str, *, account: str = "", since: datetime | None = None, limit: int = 20
    ) -> Page[Ticket]:
        """Best first; the newest first where the query has no words."""
        called = await account_names(self.accounts, account) if account.strip() else []

        def work(connection: sqlite3.Connection) -> Page[Ticket]:
            if not query_words(query):
                marks = [f"account:{each}" for each in called]
                return lookup.newest(connection, TICKETS, marks=marks, since=since, limit=limit)
            facets = [facet(each) for each in called]
            return search(connection, TICKETS, query, facets=facets, since=since, limit=limit)

        return await self.tickets.run(work)

    async def get_ticket(self, ticket_id: str) -> Ticket:
        """The ticket with its whole thread. Raises NotFound."""
        found = await self.tickets.run(lambda db: lookup.by_id(db, TICKETS, ticket_id))
        return found or _missing("ticket", ticket_id)

    async def linked_tickets(self, record: str, *, limit: int = 50) -> Page[Ticket]:
        """The newest first."""
        marks = marks_of_record(record)
        return await self.tickets.run(lambda db: lookup.newest(db, TICKETS, marks=marks, limit=limit))


class WorkspaceCRM(Struct, frozen=True):
    """accounts.jsonl, contacts.jsonl and deals.jsonl; one that is missing is unavailable, not empty."""

    accounts: Index[Account] | None
    contacts: Index[Contact] | None
    deals: Index[Deal] | None
    name: str = NAME

    async def search_accounts(self, query: str, *, limit: int = 20) -> Page[Account]:
        """Best first: the same name, the same bare name, near misses, then shared words."""
        accounts = _present(self.accounts, "accounts.jsonl")
        return await accounts.run(lambda db: _find_accounts(db, query, limit))

    async def get_account(self, account_id: str) -> Account:
        """By id, or by a name that only one account has. Raises NotFound."""
        accounts = _present(self.accounts, "accounts.jsonl")

        def work(connection: sqlite3.Connection) -> Account | None:
            found = lookup.by_id(connection, ACCOUNTS, account_id)
            if found is None:
                named = lookup.newest(connection, ACCOUNTS, marks=[f"name:{fold(account_id)}"], limit=2).items
                found = named[0] if len(named) == 1 else None
            return found

        return await accounts.run(work) or _missing("account", account_id)

    async def list_contacts(self, account_id: str, *, limit: int = 50) -> Page[Contact]:
        """In the order of the file."""
        contacts = _present(self.contacts, "contacts.jsonl")
        marks = [f"account:{each}" for each in await account_names(self.accounts, account_id)]
        return await contacts.run(lambda db: lookup.newest(db, CONTACTS, marks=marks, limit=limit, oldest_first=True))

    async def list_deals(self, account_id: str, *, limit: int = 50) -> Page[Deal]:
        """The latest close date first."""
        deals = _present(self.deals, "deals.jsonl")
        marks = [f"account:{each}" for each in await account_names(self.accounts, account_id)]
        return await deals.run(lambda db: lookup.newest(db, DEALS, marks=marks, limit=limit))


class WorkspaceChat(Struct, frozen=True):
    """messages.jsonl."""

    messages: Index[Message]
    name: str = NAME

    async def search_messages(self, query: str, *, since: datetime | None = None, limit: int = 20) -> Page[Message]:
        """Best first."""
        return await self.messages.run(lambda db: search(db, MESSAGES, query, since=since, limit=limit))

    async def get_thread(self, channel: str, thread: str, *, limit: int = 100) -> Page[Message]:
        """Oldest first; empty where nobody wrote."""
        marks = [thread_mark(channel, thread)]
        page = await self.messages.run(
            lambda db: lookup.newest(db, MESSAGES, marks=marks, limit=limit, oldest_first=True)
        )
        return Page(tuple(sorted(page.items, key=lambda each: each.at)), total=page.total, cut=page.cut)


class WorkspaceTracker(Struct, frozen=True):
    """issues.jsonl."""

    issues: Index[Issue]
    name: str = NAME

    async def search_issues(self, query: str, *, limit: int = 20) -> Page[Issue]:
        """Best first."""
        return await self.issues.run(lambda db: search(db, ISSUES, query, limit=limit))

    async def get_issue(self, key: str) -> Issue:
        """The issue with its comments. Raises NotFound."""
        return await self.issues.run(lambda db: lookup.by_id(db, ISSUES, key)) or _missing("issue", key)


class WorkspaceKnowledge(Struct, frozen=True):
    """articles/*.md."""

    articles: Index[Article]
    name: str = NAME

    async def search_articles(self, query: str, *, limit: int = 10) -> Page[Article]:
        """Best first."""
        return await self.articles.run(lambda db: search(db, ARTICLES, query, limit=limit))

    async def get_article(self, article_id: str) -> Article:
        """The whole article. Raises NotFound."""
        found = await self.articles.run(lambda db: lookup.by_id(db, ARTICLES, article_id))
        return found or _missing("article", article_id)


async def account_names(accounts: Index[Account] | None, asked: str) -> list[str]:
    """What another file may call this account: as asked, its id, and its names that no other account has."""
    if accounts is None:
        return [fold(asked)]

    def work(connection: sqlite3.Connection) -> list[str]:
        called = {fold(asked)}
        found = lookup.by_id(connection, ACCOUNTS, asked)
        owners = [found] if found else lookup.newest(connection, ACCOUNTS, marks=[_called(asked)], limit=2).items
        if len(owners) == 1:
            account = owners[0]
            called.add(fold(account.id))
            for each in (account.name, account.domain, *account.aliases):
                if each and len(lookup.newest(connection, ACCOUNTS, marks=[_called(each)], limit=2).items) == 1:
                    called.add(fold(each))
        return sorted(called)

    return await accounts.run(work)


def _called(name: str) -> str:
    return f"called:{fold(name)}"


def _find_accounts(connection: sqlite3.Connection, query: str, limit: int) -> Page[Account]:
    query = query[:200]
    form = names.bare(query)
    if not form:
        return Page(())
    pairs = sorted(names.pairs(form))[:64]
    holes = ", ".join("?" * len(pairs))
    near = connection.execute(
        f"SELECT n FROM mark WHERE name IN ({holes}) GROUP BY n ORDER BY count(*) DESC, n LIMIT 100",  # noqa: S608
        [f"pair:{pair}" for pair in pairs],
    )
    candidates = lookup.records(connection, ACCOUNTS, [n for (n,) in near])
    ranked = sorted(
        ((names.likeness(query, each), each) for each in candidates),
        key=lambda pair: (-pair[0], pair[1].name, pair[1].id),
    )
    best = {account.id: account for likeness, account in ranked if likeness > 0}
    by_words = search(connection, ACCOUNTS, query, limit=lookup.LIMIT)
    every = list({**best, **{each.id: each for each in by_words.items if each.id not in best}}.values())
    limit = max(1, limit)
    return Page(tuple(every[:limit]), total=len(every), cut=len(every) > limit)


def _present(index: Index[R] | None, file: str) -> Index[R]:
    if index is None:
        raise Unavailable(NAME, f"not connected: {file} is not in the folder")
    return index


def _missing(what: str, ident: str) -> NoReturn:
    raise NotFound(NAME, f"no {what} {ident[:80]!r}")
