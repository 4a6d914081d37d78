"""Five small contracts, one per category of source. Reading only: nothing here can change anything.

Every list is a `Page`. `query` is plain words; a connector quotes it for its vendor. Every method may raise the
`ConnectorError` family. `name` says which connector it is ("workspace", "zendesk").
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from escalation_connectors.records import Account, Article, Contact, Deal, Issue, Message, Page, Ticket


class SupportPlatform(Protocol):
    """Tickets and their threads."""

    @property
    def name(self) -> str: ...

    async def search_tickets(
        self, query: str, *, account: str = "", since: datetime | None = None, limit: int = 20
    ) -> Page[Ticket]:
        """Tickets that match any of the words, best first; `account` (id or name) and `since` (created) narrow."""
        ...

    async def get_ticket(self, ticket_id: str) -> Ticket:
        """The ticket with its whole thread. Raises NotFound."""
        ...

    async def linked_tickets(self, record: str, *, limit: int = 50) -> Page[Ticket]:
        """Tickets whose links name this ticket id, issue key or URL."""
        ...


class CRM(Protocol):
    """Accounts, contacts and deals."""

    @property
    def name(self) -> str: ...

    async def search_accounts(self, query: str, *, limit: int = 20) -> Page[Account]:
        """Accounts whose name, alias or domain shares words with the query, near misses included, best first."""
        ...

    async def get_account(self, account_id: str) -> Account:
        """By id, or by exact name. Raises NotFound."""
        ...

    async def list_contacts(self, account_id: str, *, limit: int = 50) -> Page[Contact]:
        """The people we know at this account."""
        ...

    async def list_deals(self, account_id: str, *, limit: int = 50) -> Page[Deal]:
        """Open and closed opportunities of this account."""
        ...


class Chat(Protocol):
    """Internal discussions."""

    @property
    def name(self) -> str: ...

    async def search_messages(self, query: str, *, since: datetime | None = None, limit: int = 20) -> Page[Message]:
        """Messages that match any of the words, best first."""
        ...

    async def get_thread(self, channel: str, thread: str, *, limit: int = 100) -> Page[Message]:
        """A whole thread, oldest first."""
        ...


@runtime_checkable
class ListsMessages(Protocol):
    """A chat that also lists a channel, so that it can be told what was posted there, and what surely was not."""

    async def latest_messages(self, channel: str, *, since: datetime, limit: int = 500) -> Page[Message]:
        """Every message in a channel since then, replies left out. Raises NotFound, AccessDenied."""
        ...


class ProjectTracker(Protocol):
    """Bugs, features, tasks and incidents."""

    @property
    def name(self) -> str: ...

    async def search_issues(self, query: str, *, limit: int = 20) -> Page[Issue]:
        """Issues that match any of the words, best first."""
        ...

    async def get_issue(self, key: str) -> Issue:
        """The issue with its comments. Raises NotFound."""
        ...


@runtime_checkable
class Checks(Protocol):
    """A connector that knows itself what to try before it is used, as several statements of a configuration."""

    async def check(self) -> None:
        """Read once with each of them. Raises what reading raises."""
        ...


class KnowledgeBase(Protocol):
    """Articles: guides, known issues, workarounds, policies."""

    @property
    def name(self) -> str: ...

    async def search_articles(self, query: str, *, limit: int = 10) -> Page[Article]:
        """Articles that match any of the words, best first."""
        ...

    async def get_article(self, article_id: str) -> Article:
        """The whole article. Raises NotFound."""
        ...
