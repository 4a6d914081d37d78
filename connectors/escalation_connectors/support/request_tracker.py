"""Request Tracker 5, over REST 2.0. https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html

Run against a real server, version 5.0.3; the contract of its requests is derived from its documentation. Texts of
tickets are searched only where the server has %FullTextSearch on, which it does not tell: the configuration says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from escalation_connectors.auth import header
from escalation_connectors.errors import NotFound, NotOffered
from escalation_connectors.http import Line, Manners, Query, Reading, Writing
from escalation_connectors.markup.html import text_of
from escalation_connectors.paging import Batch, pages
from escalation_connectors.records import Comment, Page, Person, Role, Sla, Ticket
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads, writes
from escalation_connectors.words import last_part, quoted, telling
from escalation_connectors.writing import Receipt

FIELDS = "Subject,Status,Created,LastUpdated,Priority,Requestor,Owner,Due,Queue"
SAID = {"Create", "Correspond", "Comment"}  # what people wrote; all else is the server's own bookkeeping or mail
LINKS = ("refers-to", "referred-to-by", "depends-on", "depended-on-by", "parent", "child")
STATUSES = {"open": "open", "pending": "stalled", "solved": "resolved"}
WORDS, PER_PAGE, PRIORITIES, NEVER = 4, 100, {"low": 20, "normal": 40, "high": 60, "urgent": 80}, "1970-01-01T00:00:00Z"


class RequestTracker:
    """Reads tickets."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http, self._url = setup.name, http, setup.required("url").rstrip("/")
        self._everywhere = setup.fields.flag("full_text", False)
        self._note = () if self._everywhere else (f"{setup.name}: only subjects were searched (full_text is off)",)

    async def search_tickets(
        self, query: str, *, account: str = "", since: datetime | None = None, limit: int = 20
    ) -> Page[Ticket]:
        """Tickets with any of the telling words in their subject and, where that is on, in their texts."""
        any_word = " OR ".join(self._has(word) for word in telling(query, WORDS))
        narrowed = [f"({any_word})"] if any_word else []
        narrowed += [_of(account)] if account else []
        narrowed += [f"Created >= {quoted(since.date().isoformat())}"] if since else []
        return await self._search(" AND ".join(narrowed), limit) if narrowed else Page(())

    def _has(self, word: str) -> str:
        fields = ("Subject", "Content") if self._everywhere else ("Subject",)
        return " OR ".join(f"{field} LIKE {quoted(word)}" for field in fields)

    async def _search(self, query: str, limit: int) -> Page[Ticket]:
        async def ask(more: str) -> Batch[Ticket]:
            asked: Query = {
                "query": query, "fields": FIELDS, "fields[Owner]": "RealName", "fields[Queue]": "Name",
                "orderby": "LastUpdated", "order": "DESC", "per_page": min(limit, PER_PAGE), "page": more or 1,
            }  # fmt: skip
            answer = await self._http.get("/tickets", query=asked)
            page, last = answer.count("page") or 1, answer.count("pages") or 1
            found, after = answer.must_rows("items"), str(page + 1) if page < last else ""
            return Batch([self._ticket(row, Page((), cut=True)) for row in found], after, answer.count("total"))

        return replace(await pages(ask, limit), failed=self._note)

    async def get_ticket(self, ticket_id: str) -> Ticket:
        """The ticket, who did what, and the texts, in three requests at once."""
        if not ticket_id.isdecimal():
            raise NotFound(self.name, "ticket ids are numbers")
        texts: Query = {"fields": "Content,ContentType,TransactionId,Filename", "per_page": PER_PAGE}
        deeds: Query = {"fields": "Type,Created,Creator", "per_page": PER_PAGE}
        ticket, done, said = await asyncio.gather(
            self._http.get("/ticket/{}", ticket_id),
            self._http.get("/ticket/{}/history", ticket_id, query=deeds),
            self._http.get("/ticket/{}/attachments", ticket_id, query=texts),
        )
        return self._ticket(ticket, _thread(ticket, done, said))

    async def linked_tickets(self, record: str, *, limit: int = 50) -> Page[Ticket]:
        """Tickets that refer to the record, or name it."""
        whole = "://" in record or record.isdecimal()
        return await self._search(f"RefersTo = {quoted(record)}" if whole else self._has(last_part(record)), limit)

    def _ticket(self, row: Row, thread: Page[Comment]) -> Ticket:
        asker, owner = next(iter(row.rows("Requestor")), Row({}, self.name)).text("id"), row.row("Owner")
        links = (link.text("_url") or link.text("id") for link in row.rows("_hyperlinks") if link.text("ref") in LINKS)
        due = row.time("Due") if row.text("Due") != NEVER else None
        return Ticket(
            id=row.must("id"),
            subject=row.text("Subject"),
            created_at=row.when("Created"),
            status=row.text("Status"),
            priority=row.text("Priority"),
            requester=Person(asker.partition("@")[0], "customer", asker if "@" in asker else "", asker),
            assignee="" if owner.text("id") == "Nobody" else owner.text("RealName") or owner.text("id"),
            updated_at=row.time("LastUpdated"),
            tags=tuple(filter(None, (row.text("Queue", "Name"),))),
            url=f"{self._url}/Ticket/Display.html?id={row.must('id')}",
            sla=Sla("due", due) if due else None,
            links=tuple(filter(None, links)),
            comments=thread,
        )


def _of(account: str) -> str:
    """Whose tickets: by the domain they write from, or by the organization that the server knows."""
    by_domain = "." in account and " " not in account
    return f"Requestor.{'EmailAddress' if by_domain else 'Organization'} LIKE {quoted('@' * by_domain + account)}"


def _thread(ticket: Row, done: Row, said: Row) -> Page[Comment]:
    """What people wrote, each text joined to its writer and time; the server's own mails are left out."""
    texts: dict[str, str] = {}
    for kind, read in (("text/html", text_of), ("text/plain", str)):  # the plain one counts, of several the first
        for row in reversed(said.must_rows("items")):
            if row.text("ContentType").startswith(kind) and not row.text("Filename"):
                texts[row.text("TransactionId") or row.text("TransactionId", "id")] = read(row.text("Content"))
    told = [row for row in done.must_rows("items") if row.text("Type") in SAID and row.must("id") in texts]
    comments = [_comment(row, texts[row.must("id")], ticket) for row in told]
    cut = any((each.count("pages") or 1) > 1 for each in (done, said))
    return Page(tuple(comments), None if cut else len(comments), cut)


def _comment(row: Row, body: str, ticket: Row) -> Comment:
    by = row.text("Creator", "id")
    role: Role = "customer" if by in {each.text("id") for each in ticket.rows("Requestor")} else "agent"
    return Comment(row.must("id"), body, row.time("Created"), Person(by, role), row.text("Type") != "Comment")


class RequestTrackerWrites:
    """Writes to tickets."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http = setup.name, http

    async def add_note(self, ticket_id: str, text: str, *, key: str) -> Receipt:
        """A comment, which only staff see."""
        return await self._say("comment", ticket_id, text, key)

    async def reply(self, ticket_id: str, text: str, *, draft: bool, key: str) -> Receipt:
        """A correspondence, which is mailed to the customer; drafts are not offered."""
        if draft:
            raise NotOffered(self.name, "keeps no drafts that are made through its API")
        return await self._say("correspond", ticket_id, text, key)

    async def update(
        self, ticket_id: str, *, tags: Sequence[str] = (), priority: str = "", status: str = "", key: str
    ) -> Receipt:
        """The priority, on a scale to 100, and the status; it has no tags."""
        if tags or not (priority or status) or priority not in {"", *PRIORITIES}:
            raise NotOffered(self.name, "has no tags, and no other priorities than low, normal, high and urgent")
        change: dict[str, object] = {"Priority": PRIORITIES[priority]} if priority else {}
        change |= {"Status": STATUSES[status]} if status else {}
        await self._http.send("PUT", "/ticket/{}", ticket_id, value=change, key=key)
        return Receipt(ticket_id)

    async def _say(self, how: str, ticket_id: str, text: str, key: str) -> Receipt:
        value = {"Content": text, "ContentType": "text/plain"}
        await self._http.send("POST", "/ticket/{}/" + how, ticket_id, value=value, key=key)
        return Receipt(ticket_id)


def _line(setup: Setup) -> Line:
    auth = header("Authorization", f"token {setup.needed('token')}")
    return setup.line(setup.required("url").rstrip("/") + "/REST/2.0", auth, Manners(per_second=5.0))


VENDOR = Vendor(
    name="request_tracker", title="Request Tracker", category="support_platform", read=reads(_line, RequestTracker),
    write=writes(_line, RequestTrackerWrites),
    options=(
        Option("url", "https://rt.COMPANY.example", required=True),
        Option("token", "an authentication token of RT::Authen::Token", secret=True, required=True),
        Option("full_text", "true where the server has %FullTextSearch on", kind="flag"),
    ),
    rights=("ShowTicket", "ShowTicketComments"), contract="derived", ran_on="Request Tracker 5.0.3",
    cannot=("search of texts where the server has %FullTextSearch off", "drafts of replies", "tags"),
)  # fmt: skip
