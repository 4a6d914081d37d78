"""Several sources of one category read as one: asked at once, their answers side by side.

Where one of them fails, the others' answers are kept and the failure is said in `Page.failed`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from itertools import chain, zip_longest
from typing import Generic, TypeVar

from escalation_connectors.contracts import CRM, Chat, KnowledgeBase, ProjectTracker, SupportPlatform
from escalation_connectors.errors import ConnectorError, NotFound
from escalation_connectors.records import Account, Article, Contact, Deal, Issue, Message, Page, Ticket

S = TypeVar("S", SupportPlatform, CRM, Chat, ProjectTracker, KnowledgeBase)
T = TypeVar("T")


class _Several(Generic[S]):
    """Asks every source, or the one that knows a record."""

    def __init__(self, sources: Sequence[S]) -> None:
        self._sources: tuple[S, ...] = tuple(sources)

    @property
    def name(self) -> str:
        """The names of all of them."""
        return ", ".join(source.name for source in self._sources)

    async def _pages(self, ask: Callable[[S], Awaitable[Page[T]]], limit: int) -> Page[T]:
        """The first of each, the second of each, and so on. Raises where all of them fail."""
        answers = await asyncio.gather(*(_caught(ask(source)) for source in self._sources))
        failed = [answer for answer in answers if isinstance(answer, ConnectorError)]
        read = [answer for answer in answers if not isinstance(answer, ConnectorError)]
        if failed and not read:
            raise failed[0]
        known = [item for item in chain.from_iterable(zip_longest(*(page.items for page in read))) if item is not None]
        counts = [page.total for page in read]
        total = sum(count for count in counts if count is not None) if None not in counts and not failed else None
        cut = bool(failed) or len(known) > limit or any(page.cut for page in read)
        said = tuple(f"{error.source}: {error.what}" for error in failed)
        return Page(tuple(known[:limit]), total, cut, said + tuple(chain.from_iterable(page.failed for page in read)))

    async def _one(self, ask: Callable[[S], Awaitable[T]]) -> T:
        """The first that knows it. Raises what failed, else NotFound."""
        answers = await asyncio.gather(*(_caught(ask(source)) for source in self._sources))
        errors: list[ConnectorError] = []
        for answer in answers:
            if not isinstance(answer, ConnectorError):
                return answer
            errors.append(answer)
        raise next((error for error in errors if not isinstance(error, NotFound)), errors[0])


async def _caught(call: Awaitable[T]) -> T | ConnectorError:
    try:
        return await call
    except ConnectorError as error:
        return error


class SeveralSupport(_Several[SupportPlatform]):
    """Several support platforms as one."""

    async def search_tickets(
        self, query: str, *, account: str = "", since: datetime | None = None, limit: int = 20
    ) -> Page[Ticket]:
        """From all of them."""
        return await self._pages(
            lambda each: each.search_tickets(query, account=account, since=since, limit=limit), limit
        )

    async def get_ticket(self, ticket_id: str) -> Ticket:
        """From the first that knows it."""
        return await self._one(lambda each: each.get_ticket(ticket_id))

    async def linked_tickets(self, record: str, *, limit: int = 50) -> Page[Ticket]:
        """From all of them."""
        return await self._pages(lambda each: each.linked_tickets(record, limit=limit), limit)


class SeveralCRM(_Several[CRM]):
    """Several CRMs as one."""

    async def search_accounts(self, query: str, *, limit: int = 20) -> Page[Account]:
        """From all of them."""
        return await self._pages(lambda each: each.search_accounts(query, limit=limit), limit)

    async def get_account(self, account_id: str) -> Account:
        """From the first that knows it."""
        return await self._one(lambda each: each.get_account(account_id))

    async def list_contacts(self, account_id: str, *, limit: int = 50) -> Page[Contact]:
        """From all of them."""
        return await self._pages(lambda each: each.list_contacts(account_id, limit=limit), limit)

    async def list_deals(self, account_id: str, *, limit: int = 50) -> Page[Deal]:
        """From all of them."""
        return await self._pages(lambda each: each.list_deals(account_id, limit=limit), limit)


class SeveralChat(_Several[Chat]):
    """Several chats as one."""

    async def search_messages(self, query: str, *, since: datetime | None = None, limit: int = 20) -> Page[Message]:
        """From all of them."""
        return await self._pages(lambda each: each.search_messages(query, since=since, limit=limit), limit)

    async def get_thread(self, channel: str, thread: str, *, limit: int = 100) -> Page[Message]:
        """From the first that knows it."""
        return await self._one(lambda each: each.get_thread(channel, thread, limit=limit))


class SeveralTrackers(_Several[ProjectTracker]):
    """Several trackers as one."""

    async def search_issues(self, query: str, *, limit: int = 20) -> Page[Issue]:
        """From all of them."""
        return await self._pages(lambda each: each.search_issues(query, limit=limit), limit)

    async def get_issue(self, key: str) -> Issue:
        """From the first that knows it."""
        return await self._one(lambda each: each.get_issue(key))


class SeveralKnowledge(_Several[KnowledgeBase]):
    """Several knowledge bases as one."""

    async def search_articles(self, query: str, *, limit: int = 10) -> Page[Article]:
        """From all of them."""
        return await self._pages(lambda each: each.search_articles(query, limit=limit), limit)

    async def get_article(self, article_id: str) -> Article:
        """From the first that knows it."""
        return await self._one(lambda each: each.get_article(article_id))
