"""Salesforce cases. https://developer.salesforce.com/docs/platform/api-rest/guide/intro-rest.html

One query reads a case with its comments and e-mails. A comment is plain text; it is public where it is published, and
whether that also sends an e-mail is for the organization to say. The contract of the requests is derived.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from escalation_connectors.errors import NotFound, NotOffered
from escalation_connectors.http import Reading, Writing
from escalation_connectors.paging import any_of
from escalation_connectors.records import Comment, Page, Person, Ticket
from escalation_connectors.row import Row
from escalation_connectors.salesforce import ACCOUNT, CASE, DATA, OPTIONS, line, query, search, select, site
from escalation_connectors.salesforce_thread import COMMENTS, MAILS, thread
from escalation_connectors.vendor import Option, Setup, Vendor, reads, writes
from escalation_connectors.words import last_part, soql, telling
from escalation_connectors.writing import Receipt

FIELDS = (
    "Id", "CaseNumber", "Subject", "Description", "Status", "Priority", "Origin", "IsEscalated", "ParentId",
    "CreatedDate", "LastModifiedDate", "SuppliedName", "SuppliedEmail", "Account.Name", "Contact.Id", "Contact.Name",
    "Contact.Email", "Owner.Name",
)  # fmt: skip
NUMBER = re.compile(r"\d{1,20}", re.ASCII)
STATUSES = {"open": "Working", "solved": "Closed"}
PRIORITIES = {"low": "Low", "normal": "Medium", "high": "High", "urgent": "High"}


class Salesforce:
    """Reads cases."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http, self._site = setup.name, http, site(setup)
        self._parts = (COMMENTS, MAILS) if setup.fields.flag("emails", True) else (COMMENTS,)

    async def search_tickets(
        self, query: str, *, account: str = "", since: datetime | None = None, limit: int = 20
    ) -> Page[Ticket]:
        """Cases with all of the telling words; where there is none, with any of them."""
        named = "AccountId" if ACCOUNT.fullmatch(account) else "Account.Name"
        narrowed = [f"{named} = {soql(account)}"] if account else []
        narrowed += [f"CreatedDate >= {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"] if since else []
        words, where = telling(query, 3), " AND ".join(narrowed)
        if words:
            return await any_of(words, lambda some: self._search(some, limit, where), limit)
        return await self._query(FIELDS, where, limit) if where else Page(())

    async def _search(self, words: Sequence[str], limit: int, where: str = "") -> Page[Ticket]:
        return await search(self._http, "Case", FIELDS, words, self._ticket, limit, where=where)

    async def _query(self, fields: Sequence[str], where: str, limit: int) -> Page[Ticket]:
        return await query(self._http, select(fields, "Case", where, "CreatedDate DESC"), self._ticket, limit)

    async def get_ticket(self, ticket_id: str) -> Ticket:
        """By id or by case number, with its comments and e-mails, in one request."""
        if CASE.fullmatch(ticket_id):
            wanted = f"Id = {soql(ticket_id)}"
        elif NUMBER.fullmatch(ticket_id):
            wanted = f"CaseNumber = {soql(ticket_id.zfill(8))}"
        else:
            raise NotFound(self.name, "cases have numbers, and ids of 15 or 18 letters and digits that start with 500")
        found = await self._query((*FIELDS, *self._parts), wanted, 1)
        if not found.items:
            raise NotFound(self.name, "no such case, or no right to see it")
        return found.items[0]

    async def linked_tickets(self, record: str, *, limit: int = 50) -> Page[Ticket]:
        """Cases that name the record anywhere."""
        return await self._search([last_part(record)], limit) if last_part(record) else Page(())

    def _ticket(self, row: Row) -> Ticket:
        """With its thread where it was asked for, or else with the description alone."""
        created, number = row.when("CreatedDate"), row.must("Id")
        name, email = row.text("Contact", "Name"), row.text("Contact", "Email")
        asker = Person(
            name or row.text("SuppliedName"), "customer", email or row.text("SuppliedEmail"), row.text("Contact", "Id")
        )
        described = Comment("description", row.text("Description"), created, asker)
        first = Page((described,) if described.body else (), 1 if described.body else 0)
        whole = any(name == "CaseComments" for name, _ in row.items())
        return Ticket(
            id=number,
            subject=row.text("Subject"),
            created_at=created,
            status=row.text("Status"),
            priority=row.text("Priority").lower(),
            requester=asker,
            account=row.text("Account", "Name"),
            assignee=row.text("Owner", "Name"),
            updated_at=row.time("LastModifiedDate"),
            tags=("escalated",) if row.flag("IsEscalated") else (),
            channel=row.text("Origin").lower(),
            url=f"{self._site}/{number}",
            links=tuple(filter(None, (row.text("ParentId"),))),
            comments=thread(row, first) if whole else Page(first.items, cut=True),
            extra={"number": row.text("CaseNumber")},
        )


class SalesforceWrites:
    """Writes to cases. Salesforce heeds no idempotency key."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http = setup.name, http

    async def add_note(self, ticket_id: str, text: str, *, key: str) -> Receipt:
        """A comment that is not published."""
        return await self._comment(ticket_id, text, False, key)

    async def reply(self, ticket_id: str, text: str, *, draft: bool, key: str) -> Receipt:
        """A published comment; drafts are not offered."""
        if draft:
            raise NotOffered(self.name, "keeps no drafts of comments")
        return await self._comment(ticket_id, text, True, key)

    async def _comment(self, ticket_id: str, text: str, public: bool, key: str) -> Receipt:
        value = {"ParentId": self._id(ticket_id), "CommentBody": text, "IsPublished": public}
        answer = await self._http.send("POST", DATA + "/sobjects/{}", "CaseComment", value=value, key=key)
        return Receipt(answer.text("id"))

    async def update(
        self, ticket_id: str, *, tags: Sequence[str] = (), priority: str = "", status: str = "", key: str
    ) -> Receipt:
        """The priority, of which the usual ones are three, and the usual statuses; cases have no tags."""
        if tags or status not in {"", *STATUSES}:
            raise NotOffered(self.name, "cases have no tags, and no usual status for those who wait")
        value = {"Priority": PRIORITIES.get(priority, priority)} if priority else {}
        value |= {"Status": STATUSES[status]} if status else {}
        await self._http.send("PATCH", DATA + "/sobjects/{}/{}", "Case", self._id(ticket_id), value=value, key=key)
        return Receipt(ticket_id)

    def _id(self, ticket_id: str) -> str:
        if not CASE.fullmatch(ticket_id):
            raise NotFound(self.name, "a write needs the id of the case, not its number")
        return ticket_id


VENDOR = Vendor(
    name="salesforce",
    title="Salesforce Service Cloud",
    category="support_platform",
    read=reads(line, Salesforce),
    write=writes(line, SalesforceWrites),
    options=(*OPTIONS, Option("emails", "false, where Email-to-Case was never switched on", kind="flag")),
    rights=("api", "Read on Case"),
    contract="derived",
    cannot=(
        "cases of the last minutes in a search",
        "attachments",
        "an urgent priority above high",
        "tags",
        "a status for those who wait",
        "drafts of replies",
    ),
)
