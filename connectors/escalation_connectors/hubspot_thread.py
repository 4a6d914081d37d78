"""What was said on a HubSpot ticket: notes, e-mails, and the messages of its conversation.

https://developers.hubspot.com/docs/api-reference/conversations-conversations-v3/guide
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from escalation_connectors.http import Query, Reading
from escalation_connectors.hubspot import of, search
from escalation_connectors.markup.html import text_of
from escalation_connectors.paging import Batch, beyond, in_order, pages
from escalation_connectors.records import Attachment, Comment, Contact, Page, Person, Role
from escalation_connectors.row import NOTHING, Row

THREAD, CONVERSATION = "hs_conversations_originating_thread_id", "/conversations/v3/conversations/threads/{}/messages"
PERSON = ("firstname", "lastname", "email")
NOTE = ("hs_note_body", "hs_timestamp", "hubspot_owner_id")
MAIL = (
    "hs_email_text", "hs_email_html", "hs_email_direction", "hs_email_from_email", "hs_email_from_firstname",
    "hs_email_from_lastname", "hs_timestamp",
)  # fmt: skip
DIRECTIONS: Mapping[str, Role] = {"INCOMING_EMAIL": "customer", "EMAIL": "agent", "FORWARDED_EMAIL": "agent"}
ACTORS: Mapping[str, Role] = {"V": "customer", "E": "customer", "A": "agent"}
MOST, PER_PAGE, MOST_PEOPLE = 500, 100, 10
ADDRESS = ("actorId", "name", "deliveryIdentifier")


async def people_of(http: Reading, ticket: str) -> tuple[Person, ...]:
    """The contacts of a ticket."""
    either = [[of("ticket", ticket)]]
    found = await search(http, "contacts", PERSON, _contact, MOST_PEOPLE, either=either)
    return tuple(Person(each.name, "customer", each.email, each.id) for each in found.items)


async def said_on(http: Reading, ticket: str, thread: str) -> Page[Comment]:
    """Everything that was said on a ticket, oldest first; `thread` is the conversation it began as, if it did."""
    either = [[of("ticket", ticket)]]
    notes, mails, said = await asyncio.gather(
        search(http, "notes", NOTE, _note, MOST, either=either),
        search(http, "emails", MAIL, _mail, MOST, either=either),
        _conversation(http, thread),
    )
    return in_order((notes, beyond(mails, said), said))


async def _conversation(http: Reading, thread: str) -> Page[Comment]:
    if not thread:
        return Page((), 0)

    async def ask(more: str) -> Batch[Comment]:
        query: Query = {"limit": PER_PAGE, "sort": "createdAt", "after": more or None}
        answer = await http.get(CONVERSATION, thread, query=query)
        said = [_message(row) for row in answer.must_rows("results") if row.text("type") in {"MESSAGE", "COMMENT"}]
        return Batch(said, answer.text("paging", "next", "after"))

    return await pages(ask, MOST)


async def answering(http: Reading, thread: str) -> Mapping[str, object]:
    """To whom a reply in this conversation goes, and over which channel; nothing where no customer has written."""
    answer = await http.get(CONVERSATION, thread, query={"limit": PER_PAGE, "sort": "-createdAt"})
    last = next((row for row in answer.must_rows("results") if row.text("direction") == "INCOMING"), NOTHING)
    to = [{name: value.raw for name, value in row.items() if name in ADDRESS} for row in last.rows("senders")]
    over = {name: last.text(name) for name in ("channelId", "channelAccountId")}
    return (
        {"recipients": [{**each, "recipientField": "TO"} for each in to], **over} if to and all(over.values()) else {}
    )


def _name(own: Row, first: str, last: str) -> str:
    return " ".join(filter(None, (own.text(first), own.text(last))))


def _contact(row: Row) -> Contact:
    own = row.row("properties")
    email = own.text("email")
    return Contact(id=row.must("id"), account="", name=_name(own, "firstname", "lastname") or email, email=email)


def _note(row: Row) -> Comment:
    own = row.row("properties")
    author = Person("", "agent", "", own.text("hubspot_owner_id"))
    return Comment(f"note-{row.must('id')}", text_of(own.text("hs_note_body")), own.time("hs_timestamp"), author, False)


def _mail(row: Row) -> Comment:
    own = row.row("properties")
    name, email = _name(own, "hs_email_from_firstname", "hs_email_from_lastname"), own.text("hs_email_from_email")
    author = Person(name or email, DIRECTIONS.get(own.text("hs_email_direction"), ""), email)
    body = own.text("hs_email_text") or text_of(own.text("hs_email_html"))
    return Comment(f"email-{row.must('id')}", body, own.time("hs_timestamp"), author)


def _message(row: Row) -> Comment:
    sender = next(iter(row.rows("senders")), NOTHING)
    number = sender.text("actorId") or row.text("createdBy")
    role = ACTORS.get(number.partition("-")[0], "system")
    author = Person(sender.text("name"), role, sender.text("deliveryIdentifier", "value"), number)
    files = (Attachment(each.text("name"), each.text("url")) for each in row.rows("attachments") if each.text("url"))
    body, public = row.text("text") or text_of(row.text("richText")), row.text("type") == "MESSAGE"
    return Comment(row.must("id"), body, row.time("createdAt"), author, public, tuple(files))
