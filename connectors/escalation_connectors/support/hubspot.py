"""HubSpot tickets. https://developers.hubspot.com/docs/api-reference/2026-03/crm/objects/tickets/guide

Notes and e-mails belong to a ticket; one that began as a conversation has its messages there too. Pipelines and
conversations are still read under v3. Checked against a contract derived from HubSpot's Apache-2.0 client.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from escalation_connectors.errors import NotFound, NotOffered
from escalation_connectors.http import Query, Reading, Writing
from escalation_connectors.hubspot import OBJECTS, OPTIONS, Filter, company, line, of, search
from escalation_connectors.hubspot_thread import CONVERSATION, THREAD, answering, people_of, said_on
from escalation_connectors.markup.html import shown
from escalation_connectors.paging import any_of, in_order
from escalation_connectors.records import Comment, Page, Person, Ticket
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads, writes
from escalation_connectors.words import last_part, telling
from escalation_connectors.writing import Receipt

TICKET = (
    "subject", "content", "createdate", "hs_lastmodifieddate", "hs_pipeline_stage", "hs_ticket_priority",
    "source_type", "hubspot_owner_id", "hs_ticket_category", "hs_primary_company_name", THREAD,
)  # fmt: skip
UNKNOWN = Person()
PRIORITIES = {"low": "LOW", "normal": "MEDIUM", "high": "HIGH", "urgent": "URGENT"}
NOTE_OF_TICKET = 228


class HubSpot:
    """Reads tickets."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http = setup.name, http

    async def search_tickets(
        self, query: str, *, account: str = "", since: datetime | None = None, limit: int = 20
    ) -> Page[Ticket]:
        """Tickets with all of the telling words; where there is none, with any of them."""
        words = telling(query, 3)
        if not words and not account and since is None:
            return Page(())
        stages, filters = await asyncio.gather(self._stages(), self._narrowed(account, since))
        return await any_of(words, lambda some: self._search(some, limit, stages, filters), limit)

    async def _search(
        self, words: Sequence[str], limit: int, stages: Mapping[str, str], filters: Sequence[Filter] = ()
    ) -> Page[Ticket]:
        read, either, newest = partial(_ticket, stages), [filters] if filters else [], "" if words else "createdate"
        said = " ".join(words)
        return await search(self._http, "tickets", TICKET, read, limit, either=either, words=said, newest=newest)

    async def _narrowed(self, account: str, since: datetime | None) -> list[Filter]:
        filters = [of("company", await company(self._http, self.name, account))] if account else []
        if since is not None:
            after = str(int(since.timestamp() * 1000))
            filters.append({"propertyName": "createdate", "operator": "GTE", "value": after})
        return filters

    async def _stages(self) -> Mapping[str, str]:
        """The names of the stages of all pipelines, by their ids."""
        answer = await self._http.get("/crm/v3/pipelines/{}", "tickets")
        stages = [stage for pipeline in answer.must_rows("results") for stage in pipeline.rows("stages")]
        return {stage.text("id"): stage.text("label") for stage in stages}

    async def get_ticket(self, ticket_id: str) -> Ticket:
        """The ticket, then its people and its thread at once."""
        if not ticket_id.isdecimal():
            raise NotFound(self.name, "ticket ids are numbers")
        wanted: Query = {"properties": ",".join(TICKET)}
        row, stages = await asyncio.gather(
            self._http.get(OBJECTS + "/tickets/{}", ticket_id, query=wanted), self._stages()
        )
        people, said = await asyncio.gather(
            people_of(self._http, ticket_id), said_on(self._http, ticket_id, row.text("properties", THREAD))
        )
        ticket = _ticket(stages, row, next(iter(people), Person()))
        alone = () if row.text("properties", THREAD) else ticket.comments.items
        return replace(ticket, comments=in_order((Page(alone, len(alone)), said)))

    async def linked_tickets(self, record: str, *, limit: int = 50) -> Page[Ticket]:
        """Tickets that name the record in their subject or description."""
        named = last_part(record)
        return await self._search([named], limit, await self._stages()) if named else Page(())


def _ticket(stages: Mapping[str, str], row: Row, requester: Person = UNKNOWN) -> Ticket:
    """With its description alone in place of a thread."""
    own, created = row.row("properties"), row.row("properties").when("createdate")
    stage, first = own.text("hs_pipeline_stage"), Comment("description", own.text("content"), created, requester)
    return Ticket(
        id=row.must("id"),
        subject=own.text("subject"),
        created_at=created,
        status=stages.get(stage, stage),
        priority=own.text("hs_ticket_priority").lower(),
        requester=requester,
        account=own.text("hs_primary_company_name"),
        assignee=own.text("hubspot_owner_id"),
        updated_at=own.time("hs_lastmodifieddate"),
        tags=tuple(filter(None, own.text("hs_ticket_category").split(";"))),
        channel=own.text("source_type").lower(),
        url=row.text("url"),
        comments=Page((first,) if first.body else (), cut=True),
    )


class HubSpotWrites:
    """Writes to tickets. HubSpot heeds no idempotency key."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http, self._clock, self._sender = setup.name, http, setup.clock, setup.text("sender")

    async def add_note(self, ticket_id: str, text: str, *, key: str) -> Receipt:
        """A note on the ticket, which only the own people see."""
        kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": NOTE_OF_TICKET}
        value = {
            "properties": {"hs_timestamp": str(int(self._clock() * 1000)), "hs_note_body": shown(text)},
            "associations": [{"to": {"id": ticket_id}, "types": [kind]}],
        }
        answer = await self._http.send("POST", OBJECTS + "/notes", value=value, key=key)
        return Receipt(answer.text("id"), answer.text("url"))

    async def reply(self, ticket_id: str, text: str, *, draft: bool, key: str) -> Receipt:
        """A message in the ticket's conversation, to whoever wrote there last; drafts are not offered."""
        if draft or not self._sender:
            raise NotOffered(self.name, "keeps no drafts" if draft else "replies need `sender` in the configuration")
        asked = Reading(self._http.line)
        row = await asked.get(OBJECTS + "/tickets/{}", ticket_id, query={"properties": THREAD})
        thread = row.text("properties", THREAD)
        if not thread:
            raise NotOffered(self.name, "this ticket has no conversation to reply in")
        to = await answering(asked, thread)
        if not to:
            raise NotOffered(self.name, "no customer has written in this conversation")
        value: Mapping[str, object] = {
            "type": "MESSAGE",
            "text": text,
            "attachments": [],
            "senderActorId": self._sender,
            **to,
        }
        answer = await self._http.send("POST", CONVERSATION, thread, value=value, key=key)
        return Receipt(answer.text("id"))

    async def update(
        self, ticket_id: str, *, tags: Sequence[str] = (), priority: str = "", status: str = "", key: str
    ) -> Receipt:
        """The priority; tickets have no free tags, and a status is a stage of a pipeline that each company makes."""
        if tags or status:
            raise NotOffered(self.name, "tickets have no free tags, and no statuses but the stages of your pipeline")
        value = {"properties": {"hs_ticket_priority": PRIORITIES.get(priority, priority.upper())}}
        answer = await self._http.send("PATCH", OBJECTS + "/tickets/{}", ticket_id, value=value, key=key)
        return Receipt(answer.text("id") or ticket_id, answer.text("url"))


VENDOR = Vendor(
    name="hubspot",
    title="HubSpot Service Hub",
    category="support_platform",
    read=reads(line, HubSpot),
    write=writes(line, HubSpotWrites),
    options=(*OPTIONS, Option("sender", "the user in whose name replies go out, as A-12345")),
    rights=("tickets", "crm.objects.contacts.read", "crm.objects.companies.read", "conversations.read"),
    contract="derived",
    cannot=(
        "names of owners, only their ids",
        "tags",
        "changes of status",
        "drafts of replies",
    ),
)
