"""Help Scout, Inbox API 2.0. https://developer.helpscout.com/mailbox-api/

The contract of its requests is derived from its documentation and SDK. A search shows active conversations alone unless
all are asked for; it brings the threads along. A note or reply would open a closed conversation again, so each write
reads it first and leaves its status as it is. Texts are HTML, also those that are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from escalation_connectors.errors import NotFound, NotOffered
from escalation_connectors.http import Answer, Fault, Line, Manners, Query, Reading, Writing
from escalation_connectors.markup.html import shown, text_of
from escalation_connectors.paging import Batch, pages
from escalation_connectors.records import Attachment, Comment, Page, Person, Role, Ticket
from escalation_connectors.row import Row
from escalation_connectors.vendor import OAUTH, Option, Setup, Vendor, reads, writes
from escalation_connectors.words import last_part, phrase, telling
from escalation_connectors.writing import Receipt

BASE, ONE = "https://api.helpscout.net/v2", "/conversations/{}"
ROLES: dict[str, Role] = {"customer": "customer", "user": "agent"}
SAID = {"customer", "message", "phone", "reply", "chat", "beaconchat"}
INSIDE = {"note", "forwardparent", "forwardchild"}  # the customer does not see these; all else is the system's own
WORDS = 4


class HelpScout:
    """Reads conversations."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http, self._mailbox = setup.name, http, setup.text("mailbox") or None

    async def search_tickets(
        self, query: str, *, account: str = "", since: datetime | None = None, limit: int = 20
    ) -> Page[Ticket]:
        """Conversations with any of the telling words, with their threads, newest first."""
        any_word = [f"{where}:{phrase(word)}" for word in telling(query, WORDS) for where in ("subject", "body")]
        parts = [f"({' OR '.join(any_word)})"] if any_word else []
        parts += [f"email:{phrase(account)}"] if account else []
        parts += [f"createdAt:[{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} TO *]"] if since else []
        return await self._search(" AND ".join(parts), limit) if parts else Page(())

    async def _search(self, query: str, limit: int) -> Page[Ticket]:
        first: Query = {
            "query": f"({query})", "status": "all", "embed": "threads", "mailbox": self._mailbox,
            "sortField": "createdAt", "sortOrder": "desc",
        }  # fmt: skip

        async def ask(more: str) -> Batch[Ticket]:
            answer = await self._http.get("/conversations", query={**first, "page": more or 1})
            page, last = answer.count("page", "number") or 1, answer.count("page", "totalPages") or 1
            total = answer.count("page", "totalElements")
            found = [*map(_ticket, answer.must_rows("_embedded", "conversations", none=total == 0))]
            return Batch(found, str(page + 1) if page < last else "", total)

        return await pages(ask, limit)

    async def get_ticket(self, ticket_id: str) -> Ticket:
        """The conversation with its threads, in one request."""
        if not ticket_id.isdecimal():
            raise NotFound(self.name, "conversation ids are numbers")
        return _ticket(await self._http.get(ONE, ticket_id, query={"embed": "threads"}))

    async def linked_tickets(self, record: str, *, limit: int = 50) -> Page[Ticket]:
        """Conversations that name the record."""
        key = phrase(last_part(record))
        return await self._search(f"subject:{key} OR body:{key}", limit)


def _ticket(row: Row) -> Ticket:
    customer = row.row("primaryCustomer")
    said = [_comment(each) for each in row.rows("_embedded", "threads") if each.text("type") in SAID | INSIDE]
    said.sort(key=lambda each: each.at.timestamp() if each.at else 0.0)
    whole = len(row.rows("_embedded", "threads")) >= (row.count("threads") or 0)
    return Ticket(
        id=row.must("id"),
        subject=row.text("subject"),
        created_at=row.when("createdAt"),
        status=row.text("status"),
        requester=_person(customer, "customer"),
        assignee=_name(row.row("assignee")),
        updated_at=row.time("userUpdatedAt"),
        tags=tuple(filter(None, (tag.text("tag") for tag in row.rows("tags")))),
        channel=row.text("source", "type"),
        url=row.text("_links", "web", "href"),
        comments=Page(tuple(said), len(said) if whole else None, cut=not whole),
    )


def _name(row: Row) -> str:
    return " ".join(filter(None, (row.text("first"), row.text("last")))) or row.text("email")


def _person(row: Row, role: Role) -> Person:
    return Person(_name(row), role, row.text("email"), row.text("id"))


def _comment(row: Row) -> Comment:
    author = row.row("createdBy")
    public = row.text("type") not in INSIDE and row.text("state") in {"", "published"}
    person = _person(author, ROLES.get(author.text("type"), "system"))
    attached = row.rows("_embedded", "attachments")
    files = (Attachment(each.text("filename"), each.text("_links", "web", "href")) for each in attached)
    return Comment(row.must("id"), text_of(row.text("body")), row.time("createdAt"), person, public, tuple(files))


STATUSES = {"open": "active", "pending": "pending", "solved": "closed"}


class HelpScoutWrites:
    """Writes to conversations."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http, self._reading = setup.name, http, Reading(http.line)

    async def add_note(self, ticket_id: str, text: str, *, key: str) -> Receipt:
        """A note, which customers do not see."""
        before = await self._reading.get(ONE, ticket_id)
        value = {"text": shown(text), **_kept(before)}
        await self._http.send("POST", ONE + "/notes", ticket_id, value=value, key=key)
        return Receipt(ticket_id, before.text("_links", "web", "href"))

    async def reply(self, ticket_id: str, text: str, *, draft: bool, key: str) -> Receipt:
        """A reply to the customer, or a draft of one."""
        before = await self._reading.get(ONE, ticket_id)
        number = before.count("primaryCustomer", "id")
        if number is None:
            raise NotOffered(self.name, "knows no customer of this conversation to reply to")
        value = {"text": shown(text), "customer": {"id": number}, "draft": draft, **_kept(before)}
        await self._http.send("POST", ONE + "/reply", ticket_id, value=value, key=key)
        return Receipt(ticket_id, before.text("_links", "web", "href"))

    async def update(
        self, ticket_id: str, *, tags: Sequence[str] = (), priority: str = "", status: str = "", key: str
    ) -> Receipt:
        """Tags beside those that are there, then the status; it knows no priority."""
        if priority:
            raise NotOffered(self.name, "has no priorities")
        before = await self._reading.get(ONE, ticket_id)
        known = [tag.text("tag") for tag in before.rows("tags")]
        if tags:
            value = {"tags": list(dict.fromkeys([*known, *tags]))}
            await self._http.send("PUT", ONE + "/tags", ticket_id, value=value, key=key)
        if status:
            patch = {"op": "replace", "path": "/status", "value": STATUSES[status]}
            await self._http.send("PATCH", ONE, ticket_id, value=patch, key=key)
        return Receipt(ticket_id, before.text("_links", "web", "href"))


def _kept(conversation: Row) -> dict[str, str]:
    """The status that it has, so that writing does not change it."""
    status = conversation.text("status")
    return {"status": status} if status else {}


def _fault(answer: Answer) -> Fault:
    """A conversation that was merged into another one has moved there."""
    return "missing" if answer.status == 301 else ""


def _line(setup: Setup) -> Line:
    manners = Manners(per_second=3.0, burst=20, fault=_fault, waits=("retry-after", "x-ratelimit-retry-after"))
    return setup.line(BASE, setup.oauth(BASE + "/oauth2/token"), manners)


VENDOR = Vendor(
    name="helpscout", title="Help Scout", category="support_platform", read=reads(_line, HelpScout),
    write=writes(_line, HelpScoutWrites), options=(*OAUTH, Option("mailbox", "the number of the only inbox to read")),
    rights=("the app's own, as the user who made it",), contract="derived",
    cannot=(
        "priorities and SLA clocks",
        "tickets of an account by its name: by an e-mail address or domain only",
        "where a merged conversation went",
    ),
)  # fmt: skip
