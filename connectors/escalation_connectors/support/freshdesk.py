"""Freshdesk. https://developers.freshdesk.com/api/

Its search finds no words, so the tickets that changed last are searched here. The contract is derived from its pages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from escalation_connectors.auth import basic
from escalation_connectors.errors import NotFound, NotOffered
from escalation_connectors.http import Line, Manners, Query, Reading, Writing
from escalation_connectors.latest import Kept, Latest
from escalation_connectors.listing import listed
from escalation_connectors.markup.html import shown, text_of
from escalation_connectors.paging import in_order
from escalation_connectors.records import Account, Attachment, Comment, Page, Person, Sla, Ticket
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads, writes
from escalation_connectors.words import last_part, telling
from escalation_connectors.writing import Receipt

TICKET, SAID, MOST, WORDS = "/tickets/{}", "/tickets/{}/conversations", 500, 8
FULL: Query = {"per_page": 100}
LATEST: Query = {  # without a time only tickets of the last 30 days come
    "updated_since": "2000-01-01T00:00:00Z", "order_by": "updated_at", "include": "requester,stats,description",
}  # fmt: skip
STATUS = {"2": "open", "3": "pending", "4": "resolved", "5": "closed"}
PRIORITY = {"1": "low", "2": "normal", "3": "high", "4": "urgent"}
CHANNEL = {"1": "email", "2": "portal", "3": "phone", "7": "chat", "9": "widget"}
SET_TO = {"open": 2, "pending": 3, "solved": 4}
NUMBERS = {name: number for number, name in PRIORITY.items()}


class Freshdesk:
    """Reads tickets."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http = setup.name, http
        self._latest, self._companies = Latest(setup.clock, self._read), Kept(setup.clock, self._called)

    async def search_tickets(
        self, query: str, *, account: str = "", since: datetime | None = None, limit: int = 20
    ) -> Page[Ticket]:
        """Those of the tickets that changed last which share most words with the query."""
        company = account if account.isdecimal() or not account else await self._company(account)
        return await self._latest.like(telling(query, WORDS), limit, company=company, since=since)

    async def linked_tickets(self, record: str, *, limit: int = 50) -> Page[Ticket]:
        """Those of the tickets that changed last which name the record."""
        return await self._latest.naming(last_part(record), limit)

    async def _company(self, account: str) -> str:
        """The number of the company of this name. Raises NotFound."""
        near = (await self._http.get("/companies/autocomplete", query={"name": account})).must_rows("companies")
        same = [row.must("id") for row in near if row.text("name").lower() == account.strip().lower()]
        if len(same) != 1:
            raise NotFound(self.name, "no company, or several, of that name")
        return same[0]

    async def _called(self, _all: str) -> Mapping[str, str]:
        known = await listed(self._http, _account, MOST, "/companies", query=FULL)
        return {each.id: each.name for each in known.items}

    async def _read(self, company: str) -> Page[Ticket]:
        asked: Query = {**FULL, **LATEST, "company_id": company or None}
        ticket = partial(_ticket, self._http.line.base)
        read, called = await asyncio.gather(
            listed(self._http, ticket, MOST, "/tickets", query=asked), self._companies.get("")
        )
        return replace(read, items=tuple(replace(t, account=called.get(t.account, t.account)) for t in read.items))

    async def get_ticket(self, ticket_id: str) -> Ticket:
        """The ticket and its conversations, in two requests at once."""
        if not ticket_id.isdecimal():
            raise NotFound(self.name, "ticket ids are numbers")
        row, said = await asyncio.gather(
            self._http.get(TICKET, ticket_id, query={"include": "requester,company,stats,sla_policy"}),
            listed(self._http, _comment, MOST, SAID, ticket_id, query=FULL),
        )
        ticket = _ticket(self._http.line.base, row)
        known = {ticket.requester.id: ticket.requester}
        told = tuple(replace(each, author=known.get(each.author.id, each.author)) for each in said.items)
        return replace(ticket, comments=in_order((Page(ticket.comments.items, 1), replace(said, items=told))))


def _account(row: Row) -> Account:
    return Account(id=row.must("id"), name=row.text("name"))


def _comment(row: Row) -> Comment:
    files = (Attachment(each.text("name"), each.text("attachment_url")) for each in row.rows("attachments"))
    author = Person("", "customer" if row.flag("incoming") else "agent", "", row.text("user_id"))
    body, private = text_of(row.text("body")) or row.text("body_text"), row.flag("private") is not False
    return Comment(row.must("id"), body, row.time("created_at"), author, not private, tuple(files))


def _ticket(base: str, row: Row) -> Ticket:
    """With its description alone in place of a thread."""
    asker = row.row("requester")
    requester = Person(asker.text("name"), "customer", asker.text("email"), row.text("requester_id"))
    body, created = text_of(row.text("description")) or row.text("description_text"), row.when("created_at")
    return Ticket(
        id=row.must("id"),
        subject=row.text("subject"),
        created_at=created,
        status=STATUS.get(row.text("status"), row.text("status")),
        priority=PRIORITY.get(row.text("priority"), ""),
        requester=requester,
        account=row.text("company", "name") or row.text("company_id"),
        assignee=row.text("responder_id"),
        updated_at=row.time("updated_at"),
        tags=row.texts("tags"),
        channel=CHANNEL.get(row.text("source"), ""),
        url=base.replace("/api/v2", "/a/tickets/") + row.must("id"),
        sla=_sla(row),
        comments=Page((Comment("description", body, created, requester),), cut=True),
    )


def _sla(row: Row) -> Sla | None:
    """The clock of the first response, then that of the resolution, until it is resolved."""
    first = not row.text("stats", "first_responded_at")
    due, late = ("fr_due_by", "fr_escalated") if first else ("due_by", "is_escalated")
    named = ": ".join(filter(None, (row.text("sla_policy", "name"), "first response" if first else "resolution")))
    return Sla(named, row.time(due), row.flag(late)) if row.time(due) and row.text("status") not in {"4", "5"} else None


class FreshdeskWrites:
    """Writes to tickets. Freshdesk heeds no idempotency key."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http = setup.name, http

    async def add_note(self, ticket_id: str, text: str, *, key: str) -> Receipt:
        """A private note."""
        value = {"body": shown(text), "private": True}
        return Receipt((await self._http.send("POST", TICKET + "/notes", ticket_id, value=value, key=key)).text("id"))

    async def reply(self, ticket_id: str, text: str, *, draft: bool, key: str) -> Receipt:
        """A reply, which is mailed to the customer; drafts are not offered."""
        if draft:
            raise NotOffered(self.name, "keeps no drafts that are made through its API")
        value = {"body": shown(text)}
        return Receipt((await self._http.send("POST", TICKET + "/reply", ticket_id, value=value, key=key)).text("id"))

    async def update(
        self, ticket_id: str, *, tags: Sequence[str] = (), priority: str = "", status: str = "", key: str
    ) -> Receipt:
        """The priority and status, and the tags as just read with the new ones: Freshdesk only replaces them."""
        change: dict[str, object] = {"priority": int(NUMBERS[priority])} if priority else {}
        if status:
            change["status"] = SET_TO[status]
        if tags:
            there = (await Reading(self._http.line).get(TICKET, ticket_id)).texts("tags")
            change["tags"] = list(dict.fromkeys((*there, *tags)))
        await self._http.send("PUT", TICKET, ticket_id, value=change, key=key)
        return Receipt(ticket_id)


def _line(setup: Setup) -> Line:
    manners = Manners(per_second=3.0, burst=30)  # 200 a minute on the smallest paid plan, more for what is included
    return setup.line(setup.required("url").rstrip("/") + "/api/v2", basic(setup.needed("token"), "X"), manners)


VENDOR = Vendor(
    name="freshdesk", title="Freshdesk", category="support_platform", read=reads(_line, Freshdesk),
    write=writes(_line, FreshdeskWrites),
    options=(
        Option("url", "https://COMPANY.freshdesk.com", required=True),
        Option("token", "the API key of an agent, who should only be able to view tickets", secret=True, required=True),
    ),
    rights=("view tickets", "view companies"), contract="derived",
    cannot=("search beyond the 500 tickets that changed last", "names of agents", "drafts of replies"),
)  # fmt: skip
