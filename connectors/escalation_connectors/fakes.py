"""In-memory connectors for all five contracts, for tests, evals and other people's tests, with trouble on demand.

    support = FakeSupport(tickets, trouble=Trouble(delay=0.2, fault="rate_limited", after=3))

Answers come from the records given; `calls` says what was asked. A fake narrows and sorts as its contract says.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal, TypeVar

from msgspec import Struct

from escalation_connectors.errors import AccessDenied, BadAnswer, NotFound, RateLimited, Unavailable
from escalation_connectors.records import Account, Article, Comment, Contact, Deal, Issue, Message, Page, Ticket
from escalation_connectors.sources import Sources
from escalation_connectors.workspace.kinds import fold, link_marks, marks_of_record
from escalation_connectors.workspace.names import likeness

R = TypeVar("R")
Fault = Literal["", "hang", "rate_limited", "denied", "malformed", "down", "crash"]
_WORD = re.compile(r"[^\W_]+")
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Trouble(Struct, frozen=True):
    """What a call meets: `delay` seconds, then the fault, from the call after `after` on, `times` times.

    "hang" never answers, "rate_limited" is a 429, "denied" a 401, "down" a 503, "malformed" an answer that could not be
    understood, "crash" an exception that no contract allows. `only` names the methods that are hit; all, where empty.
    """

    delay: float = 0.0
    fault: Fault = ""
    after: int = 0
    times: int | None = None
    only: tuple[str, ...] = ()
    retry_after: float = 30.0
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep


CALM = Trouble()


class Line:
    """The line to a fake source: counts the calls and makes the trouble. Raises what the fault says."""

    def __init__(self, name: str, trouble: Trouble) -> None:
        self.name = name
        self.trouble = trouble
        self.calls: list[tuple[str, tuple[object, ...]]] = []
        self._hits = 0

    async def reach(self, method: str, *asked: object) -> None:
        """To be awaited before each answer."""
        self.calls.append((method, asked))
        trouble = self.trouble
        if trouble.only and method not in trouble.only:
            return
        self._hits += 1
        number = self._hits
        if trouble.delay:
            await trouble.sleep(trouble.delay)
        if number > trouble.after and (trouble.times is None or number <= trouble.after + trouble.times):
            await self._fail()

    async def _fail(self) -> None:
        match self.trouble.fault:
            case "hang":
                await asyncio.Event().wait()
            case "rate_limited":
                raise RateLimited(self.name, "too many requests", self.trouble.retry_after)
            case "denied":
                raise AccessDenied(self.name, "the credentials were refused")
            case "malformed":
                raise BadAnswer(self.name, "the answer could not be understood")
            case "down":
                raise Unavailable(self.name, "the service is not available")
            case "crash":
                raise RuntimeError("a defect in a connector")
            case "":
                pass


class FakeSupport:
    """Tickets in memory; `accounts` lets a ticket's account be named by id or name."""

    def __init__(
        self,
        tickets: Iterable[Ticket] = (),
        *,
        accounts: Iterable[Account] = (),
        name: str = "fake support",
        trouble: Trouble = CALM,
    ) -> None:
        self.name = name
        self.tickets = tuple(tickets)
        self._accounts = tuple(accounts)
        self.line = Line(name, trouble)

    async def search_tickets(
        self, query: str, *, account: str = "", since: datetime | None = None, limit: int = 20
    ) -> Page[Ticket]:
        """Best first; the newest first where the query has no words."""
        await self.line.reach("search_tickets", query, account, since, limit)
        called = _called(self._accounts, account)
        kept = [
            ticket
            for ticket in self.tickets
            if (not account or fold(ticket.account) in called) and (since is None or ticket.created_at >= since)
        ]
        kept.sort(key=lambda ticket: (-ticket.created_at.timestamp(), ticket.id))
        return _best(
            kept, query, limit, lambda each: (each.subject, _thread(each.comments), each.id, *each.tags), all_=True
        )

    async def get_ticket(self, ticket_id: str) -> Ticket:
        """The ticket with its whole thread. Raises NotFound."""
        await self.line.reach("get_ticket", ticket_id)
        return _one(self.name, self.tickets, lambda each: each.id == ticket_id, ticket_id)

    async def linked_tickets(self, record: str, *, limit: int = 50) -> Page[Ticket]:
        """The newest first."""
        await self.line.reach("linked_tickets", record, limit)
        wanted = set(marks_of_record(record))
        found = [each for each in self.tickets if any(wanted & set(link_marks(link)) for link in each.links)]
        return _page(sorted(found, key=lambda each: (-each.created_at.timestamp(), each.id)), limit)


class FakeCRM:
    """Accounts, contacts and deals in memory."""

    def __init__(
        self,
        accounts: Iterable[Account] = (),
        contacts: Iterable[Contact] = (),
        deals: Iterable[Deal] = (),
        *,
        name: str = "fake crm",
        trouble: Trouble = CALM,
    ) -> None:
        self.name = name
        self.accounts, self.contacts, self.deals = tuple(accounts), tuple(contacts), tuple(deals)
        self.line = Line(name, trouble)

    async def search_accounts(self, query: str, *, limit: int = 20) -> Page[Account]:
        """Best first, near misses included."""
        await self.line.reach("search_accounts", query, limit)
        words = _words(query)
        rated = [
            (likeness(query, each) or 0.1 * len(words & _words(" ".join((each.name, *each.aliases)))), each)
            for each in self.accounts
        ]
        rated.sort(key=lambda pair: (-pair[0], pair[1].name, pair[1].id))
        return _page([each for rate, each in rated if rate > 0], limit)

    async def get_account(self, account_id: str) -> Account:
        """By id, or by a name that only one account has. Raises NotFound."""
        await self.line.reach("get_account", account_id)
        named = [each for each in self.accounts if fold(each.name) == fold(account_id)]
        known = [each for each in self.accounts if each.id == account_id] or (named if len(named) == 1 else [])
        return _one(self.name, known, lambda _: True, account_id)

    async def list_contacts(self, account_id: str, *, limit: int = 50) -> Page[Contact]:
        """In the order given."""
        await self.line.reach("list_contacts", account_id, limit)
        called = _called(self.accounts, account_id)
        return _page([each for each in self.contacts if fold(each.account) in called], limit)

    async def list_deals(self, account_id: str, *, limit: int = 50) -> Page[Deal]:
        """The latest close date first."""
        await self.line.reach("list_deals", account_id, limit)
        called = _called(self.accounts, account_id)
        found = [each for each in self.deals if fold(each.account) in called]
        return _page(sorted(found, key=lambda each: each.close_date or _LONG_AGO, reverse=True), limit)


class FakeChat:
    """Messages in memory."""

    def __init__(self, messages: Iterable[Message] = (), *, name: str = "fake chat", trouble: Trouble = CALM) -> None:
        self.name = name
        self.messages = tuple(messages)
        self.line = Line(name, trouble)

    async def search_messages(self, query: str, *, since: datetime | None = None, limit: int = 20) -> Page[Message]:
        """Best first."""
        await self.line.reach("search_messages", query, since, limit)
        kept = [each for each in self.messages if since is None or each.at >= since]
        kept.sort(key=lambda each: (-each.at.timestamp(), each.id))
        return _best(kept, query, limit, lambda each: (each.text, each.channel, each.author.name, each.id))

    async def get_thread(self, channel: str, thread: str, *, limit: int = 100) -> Page[Message]:
        """Oldest first; empty where nobody wrote."""
        await self.line.reach("get_thread", channel, thread, limit)
        where = fold(channel).lstrip("#")
        found = [
            each
            for each in self.messages
            if fold(each.channel).lstrip("#") == where and thread in {each.id, each.thread}
        ]
        return _page(sorted(found, key=lambda each: (each.at, each.id)), limit)


class FakeTracker:
    """Issues in memory."""

    def __init__(self, issues: Iterable[Issue] = (), *, name: str = "fake tracker", trouble: Trouble = CALM) -> None:
        self.name = name
        self.issues = tuple(issues)
        self.line = Line(name, trouble)

    async def search_issues(self, query: str, *, limit: int = 20) -> Page[Issue]:
        """Best first."""
        await self.line.reach("search_issues", query, limit)
        kept = sorted(self.issues, key=lambda each: (-each.created_at.timestamp(), each.key))
        return _best(
            kept, query, limit, lambda each: (each.title, each.body, _thread(each.comments), each.key, *each.labels)
        )

    async def get_issue(self, key: str) -> Issue:
        """The issue with its comments. Raises NotFound."""
        await self.line.reach("get_issue", key)
        return _one(self.name, self.issues, lambda each: each.key == key, key)


class FakeKnowledge:
    """Articles in memory."""

    def __init__(
        self, articles: Iterable[Article] = (), *, name: str = "fake knowledge", trouble: Trouble = CALM
    ) -> None:
        self.name = name
        self.articles = tuple(articles)
        self.line = Line(name, trouble)

    async def search_articles(self, query: str, *, limit: int = 10) -> Page[Article]:
        """Best first."""
        await self.line.reach("search_articles", query, limit)
        kept = sorted(self.articles, key=lambda each: each.id)
        return _best(kept, query, limit, lambda each: (each.title, each.body, each.id, *each.labels))

    async def get_article(self, article_id: str) -> Article:
        """The whole article. Raises NotFound."""
        await self.line.reach("get_article", article_id)
        return _one(self.name, self.articles, lambda each: each.id == article_id, article_id)


def fake_sources(
    *,
    tickets: Iterable[Ticket] = (),
    accounts: Iterable[Account] = (),
    contacts: Iterable[Contact] = (),
    deals: Iterable[Deal] = (),
    messages: Iterable[Message] = (),
    issues: Iterable[Issue] = (),
    articles: Iterable[Article] = (),
    trouble: Trouble = CALM,
) -> Sources:
    """All five sources, all connected, with the same trouble on each line."""
    known = tuple(accounts)
    return Sources(
        support=FakeSupport(tickets, accounts=known, trouble=trouble),
        crm=FakeCRM(known, contacts, deals, trouble=trouble),
        chat=FakeChat(messages, trouble=trouble),
        tracker=FakeTracker(issues, trouble=trouble),
        knowledge=FakeKnowledge(articles, trouble=trouble),
    )


def _best(
    records: Sequence[R], query: str, limit: int, texts: Callable[[R], tuple[str, ...]], *, all_: bool = False
) -> Page[R]:
    words = _words(query)
    if not words:
        return _page(records if all_ else (), limit)
    rated = [
        (len(words & _words(title)) * 4 + len(words & _words(" ".join(rest))), each)
        for each in records
        for title, *rest in [texts(each)]
    ]
    return _page([each for rate, each in sorted(rated, key=lambda pair: -pair[0]) if rate], limit)


def _page(records: Sequence[R], limit: int) -> Page[R]:
    limit = max(1, limit)
    return Page(tuple(records[:limit]), total=len(records), cut=len(records) > limit)


def _one(source: str, records: Iterable[R], matches: Callable[[R], bool], asked: str) -> R:
    for each in records:
        if matches(each):
            return each
    raise NotFound(source, f"no record {asked[:80]!r}")


def _called(accounts: Iterable[Account], asked: str) -> set[str]:
    called = {fold(asked)}
    for account in accounts:
        forms = {fold(each) for each in (account.id, account.name, account.domain, *account.aliases) if each}
        if fold(asked) in forms:
            called |= forms
    return called


def _thread(comments: Page[Comment]) -> str:
    return " ".join(comment.body for comment in comments.items)


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in _WORD.findall(text.casefold())}
