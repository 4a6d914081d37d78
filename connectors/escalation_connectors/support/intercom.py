"""Intercom's conversations. https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations

Search sees first messages alone. Texts come as HTML, but for one conversation that is asked for in plain text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from escalation_connectors.errors import NotFound, NotOffered
from escalation_connectors.http import Reading, Writing
from escalation_connectors.intercom import OPTIONS, line
from escalation_connectors.markup.html import shown, text_of
from escalation_connectors.paging import Batch, any_of, pages
from escalation_connectors.records import Attachment, Comment, Page, Person, Role, Sla, Ticket
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads, writes
from escalation_connectors.words import last_part, telling
from escalation_connectors.writing import Receipt

CONVERSATIONS, PER_PAGE, MOST_PEOPLE, FIRST = "/conversations", 150, 100, ("source.body", "source.subject")
ROLES: Mapping[str, Role] = {
    "user": "customer", "lead": "customer", "contact": "customer", "admin": "agent", "bot": "system",
}  # fmt: skip
SEEN = frozenset({"comment", "quick_reply", "open", "close"})  # what customers see; other parts may carry a note
BREACHED = {"missed": True, "hit": False, "active": False}
Filter = dict[str, object]


class Intercom:
    """Reads conversations."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http = setup.name, http

    async def search_tickets(
        self, query: str, *, account: str = "", since: datetime | None = None, limit: int = 20
    ) -> Page[Ticket]:
        """Conversations that begin with all of the telling words; where there is none, with any of them."""
        people, some = await self._people(account) if account else ([], False)
        words = telling(query, 3)
        narrowed: list[Filter] = [{"field": "contact_ids", "operator": "IN", "value": people}] if people else []
        if since is not None:
            narrowed.append({"field": "created_at", "operator": ">", "value": int(since.timestamp())})
        if (account and not people) or not (words or narrowed):
            return Page(())
        found = await any_of(words, lambda these: self._search(narrowed, these, limit), limit)
        return Page(found.items, None, cut=True) if some else found

    async def _people(self, account: str) -> tuple[list[str], bool]:
        """Who we know at the company of this name, and whether these are only some of them. Raises NotFound."""
        answer = await self._http.get("/companies", query={"name": account})
        alone = answer.text("type") == "company"  # it gives one alone as it is
        found = [answer] if alone else answer.must_rows("data")
        if len(found) != 1:
            raise NotFound(self.name, "no company, or several, of that name")
        contacts = await self._http.get("/companies/{}/contacts", found[0].must("id"))
        people = [row.must("id") for row in contacts.must_rows("data")][:MOST_PEOPLE]
        known = contacts.count("total_count") or 0
        return people, known > len(people) or (contacts.count("pages", "total_pages") or 1) > 1

    async def _search(self, narrowed: Sequence[Filter], words: Sequence[str], limit: int) -> Page[Ticket]:
        groups: list[Filter] = [{"operator": "AND", "value": list(narrowed)}] if narrowed else []
        groups += [_either(word) for word in words]

        async def ask(more: str) -> Batch[Ticket]:
            page: Filter = {"per_page": min(limit, PER_PAGE), "starting_after": more or None}
            asked: Filter = {"query": {"operator": "AND", "value": groups}, "pagination": page}
            answer = await self._http.ask(CONVERSATIONS + "/search", question=asked)
            found = [_ticket(row, text_of) for row in answer.must_rows("conversations")]
            return Batch(found, answer.text("pages", "next", "starting_after"), answer.count("total_count"))

        return await pages(ask, limit)

    async def get_ticket(self, ticket_id: str) -> Ticket:
        """The conversation with the last 500 of its parts, in one request."""
        if not ticket_id.isdecimal():
            raise NotFound(self.name, "conversation ids are numbers")
        return _ticket(await self._http.get(CONVERSATIONS + "/{}", ticket_id, query={"display_as": "plaintext"}), str)

    async def linked_tickets(self, record: str, *, limit: int = 50) -> Page[Ticket]:
        """Conversations that name the record in their first message."""
        named = last_part(record)
        return await self._search((), [named], limit) if named else Page(())


def _either(word: str) -> Filter:
    return {"operator": "OR", "value": [{"field": each, "operator": "~", "value": word} for each in FIRST]}


def _ticket(row: Row, plain: Callable[[str], str]) -> Ticket:
    """With the first message alone where the parts did not come."""
    source, parts = row.row("source"), row.rows("conversation_parts", "conversation_parts")
    whole = bool(row.row("conversation_parts")) and len(parts) >= (row.count("conversation_parts", "total_count") or 0)
    first = _comment(source, plain, row.when("created_at"))
    thread = tuple(each for each in (first, *(_comment(part, plain) for part in parts)) if each.body)
    people = {each.author.id: each.author.name for each in reversed(thread)}
    sla, assignee = row.row("sla_applied"), row.text("admin_assignee_id")
    return Ticket(
        id=row.must("id"),
        subject=row.text("title") or plain(source.text("subject")) or first.body.partition("\n")[0][:80],
        created_at=row.when("created_at"), status=row.text("state"),
        priority="high" if row.text("priority") == "priority" else "",
        requester=next((each.author for each in thread if each.author.role == "customer"), Person()),
        account=row.text("company", "name") or row.text("company", "id"), assignee=people.get(assignee) or assignee,
        updated_at=row.time("updated_at"),
        tags=tuple(filter(None, (tag.text("name") for tag in row.rows("tags", "tags")))), channel=source.text("type"),
        sla=Sla(sla.text("sla_name"), breached=BREACHED.get(sla.text("sla_status"))) if sla else None,
        satisfaction=row.text("conversation_rating", "rating"),
        links=tuple(filter(None, (each.text("id") for each in row.rows("linked_objects", "data")))),
        comments=Page(thread, len(thread) if whole else None, cut=not whole),
    )  # fmt: skip


def _comment(row: Row, plain: Callable[[str], str], at: datetime | None = None) -> Comment:
    files = (Attachment(each.text("name"), each.text("url")) for each in row.rows("attachments"))
    author = row.row("author")
    role: Role = "system" if author.flag("from_ai_agent") else ROLES.get(author.text("type"), "")
    person = Person(author.text("name"), role, author.text("email"), author.text("id"))
    number, public = ("description", True) if at else (row.must("id"), row.text("part_type") in SEEN)
    return Comment(number, plain(row.text("body")), at or row.time("created_at"), person, public, tuple(files))


class IntercomWrites:
    """Writes to conversations, in the name of the teammate `admin_id`. Intercom heeds no idempotency key."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http, self._admin = setup.name, http, setup.required("admin_id")

    async def add_note(self, ticket_id: str, text: str, *, key: str) -> Receipt:
        """A note, which only teammates see."""
        return await self._say("note", ticket_id, text, key)

    async def reply(self, ticket_id: str, text: str, *, draft: bool, key: str) -> Receipt:
        """A comment, which the customer sees; drafts are not offered."""
        if draft:
            raise NotOffered(self.name, "keeps no drafts that are made through its API")
        return await self._say("comment", ticket_id, text, key)

    async def update(
        self, ticket_id: str, *, tags: Sequence[str] = (), priority: str = "", status: str = "", key: str
    ) -> Receipt:
        """Tags that are known there already, beside those that it has, and the status; its API sets no priority."""
        if priority:
            raise NotOffered(self.name, "sets no priority through its API")
        if status == "pending":
            raise NotOffered(self.name, "a conversation is open or closed, or snoozed until a time")
        known = {row.text("name"): row.text("id") for row in (await Reading(self._http.line).get("/tags")).rows("data")}
        if set(tags) - set(known):
            raise NotOffered(self.name, "makes no new tags: make them in Intercom first")
        for value in ({"id": known[tag], "admin_id": self._admin} for tag in tags):
            await self._http.send("POST", CONVERSATIONS + "/{}/tags", ticket_id, value=value, key=key)
        if status:
            how = {"message_type": "open"} if status == "open" else {"message_type": "close", "type": "admin"}
            value = {**how, "admin_id": self._admin}
            await self._http.send("POST", CONVERSATIONS + "/{}/parts", ticket_id, value=value, key=key)
        return Receipt(ticket_id)

    async def _say(self, how: str, ticket_id: str, text: str, key: str) -> Receipt:
        value = {"message_type": how, "type": "admin", "admin_id": self._admin, "body": shown(text)}
        answer = await self._http.send("POST", CONVERSATIONS + "/{}/reply", ticket_id, value=value, key=key)
        made = [part.text("id") for part in answer.rows("conversation_parts", "conversation_parts")]
        return Receipt(made[-1] if made else ticket_id)


VENDOR = Vendor(
    name="intercom", title="Intercom", category="support_platform", read=reads(line, Intercom),
    write=writes(line, IntercomWrites),
    options=(
        *OPTIONS,
        Option("admin_id", "for writing: the number of the teammate in whose name it is done"),
    ),
    rights=("Read conversations", "Read and list users and companies"),
    cannot=(
        "search beyond first messages", "all people of a large customer", "drafts of replies", "priorities", "new tags",
        "a status for those who wait",
    ),
)  # fmt: skip
