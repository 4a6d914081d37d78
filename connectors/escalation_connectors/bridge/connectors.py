"""The five categories, each read through the tools that its entry names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from escalation_connectors.address import checked
from escalation_connectors.bridge.asking import Asking, Thread, begun, threaded
from escalation_connectors.bridge.calls import call, merged, must
from escalation_connectors.bridge.session import Refused, Server, Session
from escalation_connectors.crm_fields import most_alike, the_one
from escalation_connectors.errors import BadAnswer, NotFound
from escalation_connectors.options import Fields
from escalation_connectors.paging import T
from escalation_connectors.records import Account, Article, Contact, Deal, Issue, Message, Page, Ticket
from escalation_connectors.secret import needed, secret
from escalation_connectors.vendor import Setup
from escalation_connectors.words import last_part


class McpSupport:
    """Reads tickets."""

    def __init__(self, setup: Setup) -> None:
        entry, session = _opened(setup)
        self.name = setup.name
        self._search = Asking(session, must(entry, "search", Ticket), Ticket, begun)
        self._get = Asking(session, must(entry, "get", Ticket), Ticket, begun)
        self._thread = Thread(session, entry)

    async def search_tickets(
        self, query: str, *, account: str = "", since: datetime | None = None, limit: int = 20
    ) -> Page[Ticket]:
        """Narrowed by the server where the tool takes an account and a time, else by what the tickets say."""
        told = self._search.use.takes("account")
        also = account.split() if account and not told else ()
        page = await self._search.search(query, limit, {"account": account or None, "since": _written(since)}, also)
        if account and not told:
            page = self._of_account(page, account)
        if since is None or self._search.use.takes("since"):
            return page
        return _narrowed(page, [each for each in page.items if each.created_at >= since])

    def _of_account(self, page: Page[Ticket], account: str) -> Page[Ticket]:
        """Only those that say so; the list is not whole, since the server knew of no account."""
        if page.items and not any(each.account for each in page.items):
            raise BadAnswer(self.name, "its tickets do not tell their account (set fields.account or search.account)")
        wanted = account.strip().lower()
        of_it = [each for each in page.items if each.account.strip().lower() == wanted]
        return replace(_narrowed(page, of_it), cut=True)

    async def get_ticket(self, ticket_id: str) -> Ticket:
        """The ticket with its thread; what it began with comes first."""
        ticket, value = await self._get.get(ticket_id)
        return threaded(ticket, await self._thread.of(ticket_id, value))

    async def linked_tickets(self, record: str, *, limit: int = 50) -> Page[Ticket]:
        """Tickets that a search for the record's own name finds."""
        return await self._search.page(limit, {"query": self._search.use.words(last_part(record))})


class McpCRM:
    """Reads accounts, contacts and deals."""

    def __init__(self, setup: Setup) -> None:
        entry, session = _opened(setup)
        self.name = setup.name
        self._search = Asking(session, must(entry, "search", Account), Account)
        get, contacts = call(entry, "get", Account), call(entry, "contacts", Contact)
        deals = call(entry, "deals", Deal)
        self._get = Asking(session, get, Account) if get else None
        self._contacts = Asking(session, contacts, Contact) if contacts else None
        self._deals = Asking(session, deals, Deal) if deals else None

    async def search_accounts(self, query: str, *, limit: int = 20) -> Page[Account]:
        """Those named most alike first."""
        return most_alike(query, await self._search.search(query, limit))

    async def get_account(self, account_id: str) -> Account:
        """By id where a tool takes one, else by a name or domain that only one account has."""
        if self._get is not None:
            try:
                return (await self._get.get(account_id))[0]
            except (NotFound, Refused):
                pass
        return the_one(self.name, (await self.search_accounts(account_id)).items, account_id)

    async def list_contacts(self, account_id: str, *, limit: int = 50) -> Page[Contact]:
        """The people at this account."""
        return await self._of(self._contacts, "contacts", account_id, limit)

    async def list_deals(self, account_id: str, *, limit: int = 50) -> Page[Deal]:
        """The opportunities of this account."""
        return await self._of(self._deals, "deals", account_id, limit)

    async def _of(self, asking: Asking[T] | None, what: str, account_id: str, limit: int) -> Page[T]:
        """A kind that is not configured is said to be not read: an empty list would read as none there."""
        if asking is None:
            return Page((), cut=True, failed=(f"{self.name}: no tool is configured for {what}",))
        return await asking.page(limit, {"account": account_id}, {"account": account_id})


class McpChat:
    """Reads messages and threads."""

    def __init__(self, setup: Setup) -> None:
        entry, session = _opened(setup)
        self.name = setup.name
        self._search = Asking(session, must(entry, "search", Message), Message)
        self._thread = Asking(session, must(entry, "thread", Message), Message)

    async def search_messages(self, query: str, *, since: datetime | None = None, limit: int = 20) -> Page[Message]:
        """Messages with the telling words."""
        page = await self._search.search(query, limit, {"since": _written(since)})
        if since is None or self._search.use.takes("since"):
            return page
        return _narrowed(page, [each for each in page.items if each.at >= since])

    async def get_thread(self, channel: str, thread: str, *, limit: int = 100) -> Page[Message]:
        """The thread, oldest first."""
        page = await self._thread.page(limit, {"channel": channel, "thread": thread}, {"channel": channel})
        return replace(page, items=tuple(sorted(page.items, key=lambda each: each.at)))


class McpTracker:
    """Reads issues."""

    def __init__(self, setup: Setup) -> None:
        entry, session = _opened(setup)
        self.name = setup.name
        self._search = Asking(session, must(entry, "search", Issue), Issue)
        self._get = Asking(session, must(entry, "get", Issue), Issue)
        self._thread = Thread(session, entry)

    async def search_issues(self, query: str, *, limit: int = 20) -> Page[Issue]:
        """Issues with the telling words."""
        return await self._search.search(query, limit)

    async def get_issue(self, key: str) -> Issue:
        """The issue with its comments."""
        issue, value = await self._get.get(key)
        return replace(issue, comments=await self._thread.of(key, value))


class McpKnowledge:
    """Reads articles."""

    def __init__(self, setup: Setup) -> None:
        entry, session = _opened(setup)
        self.name = setup.name
        self._search = Asking(session, must(entry, "search", Article), Article)
        self._get = Asking(session, must(entry, "get", Article), Article)

    async def search_articles(self, query: str, *, limit: int = 10) -> Page[Article]:
        """Articles with the telling words."""
        return await self._search.search(query, limit)

    async def get_article(self, article_id: str) -> Article:
        """The whole article."""
        return (await self._get.get(article_id))[0]


def _opened(setup: Setup) -> tuple[Fields, Session]:
    """The entry over its preset, and a session that nobody has asked yet."""
    entry = merged(setup)
    session = Session(setup.name, _server(setup, entry), setup.wire)
    setup.opened.append(session)
    return entry, session


def _server(setup: Setup, entry: Fields) -> Server:
    url, command = entry.text("url"), entry.texts("command")
    if bool(url) == bool(command):
        raise entry.wrong("url", "either a url or a command is needed, and not both")
    if command:
        variables = entry.fields("variables")
        kept = {name: needed(variables, name, setup.environment, setup.folder) for name in variables.values}
        return Server(command=command, variables=kept)
    private = entry.flag("allow_private", False)
    token = secret(entry, "token", setup.environment, setup.folder)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Server(url=checked(url, entry.at("url"), private=private), headers=headers, private=private)


def _written(since: datetime | None) -> str | None:
    return since.isoformat() if since else None


def _narrowed(page: Page[T], kept: Sequence[T]) -> Page[T]:
    whole = len(kept) == page.read
    return replace(page, items=tuple(kept), total=page.total if whole else None)
