"""Zendesk Support. https://developer.zendesk.com/api-reference/ticketing/introduction/

Search wants every word, so a few telling ones are asked together, then each alone; it sees a new ticket only after
some minutes. API tokens end on 30 April 2027.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from escalation_connectors.errors import NotFound, NotOffered
from escalation_connectors.http import Query, Reading, Writing
from escalation_connectors.paging import Batch, any_of, pages
from escalation_connectors.records import Attachment, Comment, Page, Person, Role, Sla, Ticket
from escalation_connectors.row import NOTHING, Row
from escalation_connectors.vendor import Setup, Vendor, reads, writes
from escalation_connectors.words import last_part, phrase, telling
from escalation_connectors.writing import Receipt
from escalation_connectors.zendesk import OPTIONS, line

ROLES: Mapping[str, Role] = {"end-user": "customer", "agent": "agent", "admin": "agent"}
SEARCH, TICKET = "/api/v2/search", "/api/v2/tickets/{}"
PER_PAGE, THREAD = 100, 500


class Zendesk:
    """Reads tickets."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http = setup.name, http

    async def search_tickets(
        self, query: str, *, account: str = "", since: datetime | None = None, limit: int = 20
    ) -> Page[Ticket]:
        """Tickets with all of the telling words; where there is none, with any of them."""
        narrowed = [f"organization:{phrase(account)}"] if account else []
        narrowed += [f"created>={since.date().isoformat()}"] if since else []
        words = [phrase(word) for word in telling(query, 3)]
        if not words and not narrowed:
            return Page(())
        return await any_of(words, lambda some: self._search([*narrowed, *some], limit), limit)

    async def _search(self, words: Sequence[str], limit: int) -> Page[Ticket]:
        text, sides = " ".join(["type:ticket", *words]), "tickets(users,organizations)"

        async def ask(more: str) -> Batch[Ticket]:
            first: Query = {"query": text, "include": sides, "per_page": min(limit, PER_PAGE)}
            answer = (await self._http.follow(more)).row() if more else await self._http.get(SEARCH, query=first)
            read = _Sides(answer).ticket
            return Batch([*map(read, answer.must_rows("results"))], answer.text("next_page"), answer.count("count"))

        return await pages(ask, limit)

    async def get_ticket(self, ticket_id: str) -> Ticket:
        """The ticket and its comments, in two requests at once."""
        if not ticket_id.isdecimal():
            raise NotFound(self.name, "ticket ids are numbers")
        answer, thread = await asyncio.gather(
            self._http.get(TICKET, ticket_id, query={"include": "users,organizations,slas"}), self._thread(ticket_id)
        )
        return _Sides(answer).ticket(answer.row("ticket"), thread)

    async def _thread(self, ticket_id: str) -> Page[Comment]:
        async def ask(more: str) -> Batch[Comment]:
            query: Query = {"include": "users", "page[size]": PER_PAGE, "page[after]": more or None}
            answer = await self._http.get(TICKET + "/comments", ticket_id, query=query)
            read = _Sides(answer).comment
            after = answer.text("meta", "after_cursor") if answer.flag("meta", "has_more") else ""
            return Batch([*map(read, answer.must_rows("comments"))], after, answer.count("count"))

        return await pages(ask, THREAD)

    async def linked_tickets(self, record: str, *, limit: int = 50) -> Page[Ticket]:
        """Tickets that name the record anywhere."""
        return await self._search([phrase(last_part(record))], limit)


class _Sides:
    """The people and organizations that came beside the records."""

    def __init__(self, answer: Row) -> None:
        self._people = {row.text("id"): row for row in answer.rows("users")}
        self._organizations = {row.text("id"): row.text("name") for row in answer.rows("organizations")}

    def person(self, number: str) -> Person:
        known = self._people.get(number, NOTHING)
        return Person(known.text("name"), ROLES.get(known.text("role"), ""), known.text("email"), number)

    def comment(self, row: Row) -> Comment:
        files = (Attachment(each.text("file_name"), each.text("content_url")) for each in row.rows("attachments"))
        body = row.text("plain_body") or row.text("body")
        public = row.flag("public") is not False
        return Comment(
            row.must("id"), body, row.time("created_at"), self.person(row.text("author_id")), public, tuple(files)
        )

    def ticket(self, row: Row, thread: Page[Comment] | None = None) -> Ticket:
        """With the first comment alone where the thread was not read."""
        asker, created = self.person(row.text("requester_id")), row.when("created_at")
        first = Comment("description", row.text("description"), created, asker)
        organization = row.text("organization_id")
        return Ticket(
            id=row.must("id"),
            subject=row.text("subject") or row.text("raw_subject"),
            created_at=created,
            status=row.text("status"),
            priority=row.text("priority"),
            requester=asker,
            account=self._organizations.get(organization, organization),
            assignee=self.person(row.text("assignee_id")).name,
            updated_at=row.time("updated_at"),
            tags=row.texts("tags"),
            channel=row.text("via", "channel"),
            url=row.text("url").replace("/api/v2/tickets/", "/agent/tickets/").removesuffix(".json"),
            sla=_sla(row),
            satisfaction=row.text("satisfaction_rating", "score"),
            links=tuple(filter(None, (row.text("problem_id"), *row.texts("followup_ids")))),
            comments=thread if thread is not None else Page((first,), cut=True),
        )


def _sla(row: Row) -> Sla | None:
    """The clock that ends first of those that still run."""
    running = [each for each in row.rows("slas", "policy_metrics") if each.time("breach_at")]
    first = min(running, key=lambda each: each.when("breach_at"), default=None)
    return Sla(first.text("metric"), first.time("breach_at")) if first else None


class ZendeskWrites:
    """Writes to tickets. A comment without `public` would go to the customer, so it is always sent."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http = setup.name, http

    async def add_note(self, ticket_id: str, text: str, *, key: str) -> Receipt:
        """An internal comment."""
        return await self._change(ticket_id, {"comment": {"body": text, "public": False}}, key)

    async def reply(self, ticket_id: str, text: str, *, draft: bool, key: str) -> Receipt:
        """A public comment; drafts are not offered."""
        if draft:
            raise NotOffered(self.name, "keeps no drafts that are made through its API")
        return await self._change(ticket_id, {"comment": {"body": text, "public": True}}, key)

    async def update(
        self, ticket_id: str, *, tags: Sequence[str] = (), priority: str = "", status: str = "", key: str
    ) -> Receipt:
        """Tags beside those that are there, the priority and the status."""
        given = {"additional_tags": list(tags), "priority": priority, "status": status}
        return await self._change(ticket_id, {name: value for name, value in given.items() if value}, key)

    async def _change(self, ticket_id: str, change: Mapping[str, object], key: str) -> Receipt:
        answer = await self._http.send("PUT", TICKET, ticket_id, value={"ticket": change}, key=key)
        return Receipt(answer.text("audit", "id") or answer.text("ticket", "id") or ticket_id)


VENDOR = Vendor(
    name="zendesk",
    title="Zendesk Support",
    category="support_platform",
    read=reads(line, Zendesk),
    write=writes(lambda setup: line(setup, "read write"), ZendeskWrites),
    options=OPTIONS,
    rights=("read",),
    cannot=("search for more than three words at once", "drafts of replies"),
)
