"""From one JSON object to one record, for each kind of record. Raises `Invalid` at the first wrong field."""

from __future__ import annotations

from escalation_connectors.records import (
    Account,
    Article,
    Attachment,
    Comment,
    Contact,
    Deal,
    Issue,
    Message,
    Note,
    Page,
    Person,
    Sla,
    Ticket,
)
from escalation_connectors.workspace.fields import Fields, Invalid


def ticket(fields: Fields) -> Ticket:
    """A line of tickets.jsonl."""
    return Ticket(
        id=fields.ident("id"),
        subject=fields.needed("subject"),
        created_at=fields.needed_time("created_at"),
        status=fields.text("status"),
        priority=fields.word("priority"),
        requester=_person(fields.child("requester")),
        account=fields.word("account"),
        assignee=fields.text("assignee"),
        updated_at=fields.time("updated_at"),
        tags=fields.texts("tags"),
        channel=fields.text("channel"),
        url=fields.text("url"),
        sla=_sla(fields.child("sla")),
        satisfaction=fields.word("satisfaction"),
        links=fields.texts("links"),
        comments=_comments(fields),
        extra=fields.rest(),
    )


def account(fields: Fields) -> Account:
    """A line of accounts.jsonl."""
    return Account(
        id=fields.ident("id"),
        name=fields.needed("name"),
        domain=fields.text("domain"),
        aliases=fields.texts("aliases"),
        tier=fields.text("tier"),
        arr=fields.number("arr"),
        currency=fields.text("currency"),
        renewal_date=fields.time("renewal_date"),
        owner=fields.text("owner"),
        csm=fields.text("csm"),
        health=fields.word("health"),
        region=fields.text("region"),
        sla=fields.text("sla"),
        is_reference=fields.flag("is_reference"),
        notes=tuple(_note(note) for note in fields.children("notes")),
        url=fields.text("url"),
        extra=fields.rest(),
    )


def contact(fields: Fields) -> Contact:
    """A line of contacts.jsonl."""
    return Contact(
        id=fields.ident("id"),
        account=fields.ident("account"),
        name=fields.needed("name"),
        email=fields.text("email"),
        title=fields.text("title"),
        phone=fields.word("phone"),
        is_primary=fields.flag("is_primary"),
        extra=fields.rest(),
    )


def deal(fields: Fields) -> Deal:
    """A line of deals.jsonl."""
    return Deal(
        id=fields.ident("id"),
        account=fields.ident("account"),
        name=fields.needed("name"),
        amount=fields.number("amount"),
        currency=fields.text("currency"),
        stage=fields.text("stage"),
        kind=fields.text("kind"),
        close_date=fields.time("close_date"),
        is_open=fields.flag("is_open"),
        next_step=fields.text("next_step"),
        url=fields.text("url"),
        extra=fields.rest(),
    )


def message(fields: Fields) -> Message:
    """A line of messages.jsonl."""
    return Message(
        id=fields.ident("id"),
        channel=fields.ident("channel"),
        at=fields.needed_time("at"),
        text=fields.needed("text"),
        thread=fields.word("thread"),
        author=_person(fields.child("author")),
        url=fields.text("url"),
        extra=fields.rest(),
    )


def issue(fields: Fields) -> Issue:
    """A line of issues.jsonl."""
    return Issue(
        key=fields.ident("key"),
        title=fields.needed("title"),
        created_at=fields.needed_time("created_at"),
        kind=fields.text("kind"),
        status=fields.text("status"),
        priority=fields.word("priority"),
        assignee=fields.text("assignee"),
        reporter=fields.text("reporter"),
        updated_at=fields.time("updated_at"),
        resolved_at=fields.time("resolved_at"),
        labels=fields.texts("labels"),
        component=fields.text("component"),
        affects_version=fields.text("affects_version"),
        fix_version=fields.text("fix_version"),
        body=fields.text("body"),
        comments=_comments(fields),
        links=fields.texts("links"),
        url=fields.text("url"),
        extra=fields.rest(),
    )


def article(fields: Fields) -> Article:
    """The front matter of an article with its body under "body"."""
    return Article(
        id=fields.ident("id"),
        title=fields.needed("title"),
        body=fields.text("body"),
        updated_at=fields.time("updated_at"),
        labels=fields.texts("labels"),
        kind=fields.text("kind"),
        url=fields.text("url"),
        extra=fields.rest(),
    )


def _person(fields: Fields | None) -> Person:
    if fields is None:
        return Person()
    person = Person(
        name=fields.text("name"), role=fields.role("role"), email=fields.text("email"), id=fields.word("id")
    )
    fields.rest()
    return person


def _sla(fields: Fields | None) -> Sla | None:
    if fields is None:
        return None
    sla = Sla(
        name=fields.text("name"),
        due_at=fields.time("due_at"),
        breached=fields.flag("breached"),
        target=fields.text("target"),
    )
    fields.rest()
    return sla


def _note(fields: Fields) -> Note:
    note = Note(text=fields.text("text"), at=fields.time("at"), author=fields.text("author"))
    fields.rest()
    return note


def _comments(fields: Fields) -> Page[Comment]:
    comments: list[Comment] = []
    seen: set[str] = set()
    for position, each in enumerate(fields.children("comments"), start=1):
        comment = _comment(each, position)
        if comment.id in seen:
            raise Invalid(f"comments[{position - 1}].id", f"already used in this record: {comment.id!r}")
        seen.add(comment.id)
        comments.append(comment)
    return Page(tuple(comments), total=len(comments))


def _comment(fields: Fields, position: int) -> Comment:
    comment = Comment(
        id=fields.word("id") or str(position),
        body=fields.text("body"),
        at=fields.time("at"),
        author=_person(fields.child("author")),
        public=fields.flag("public") is not False,
        attachments=tuple(_attachment(each) for each in fields.children("attachments")),
    )
    fields.rest()
    return comment


def _attachment(fields: Fields) -> Attachment:
    attachment = Attachment(name=fields.text("name"), url=fields.text("url"), text=fields.text("text"))
    fields.rest()
    return attachment
