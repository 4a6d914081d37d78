"""Records as they are heard: every text of theirs without what is addressed to an automated reader.

All that decides, counts or quotes works on these; only the evidence shows the records as they were read.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TypeVar, cast

from msgspec.structs import replace

from customer_escalation.addressed import heard, heard_field, heard_name
from customer_escalation.safety import clean
from escalation_connectors.records import (
    Account,
    Article,
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

R = TypeVar("R")


def as_heard(record: R) -> R:
    """The record, its texts cleaned and without orders to a machine; ids, links and times stay."""
    return cast("R", _heard(record))


def _prose(text: str) -> str:
    return heard(clean(text).text)


def _field(text: str) -> str:
    if text.isascii() and (not text or text.strip("#").isalnum()):
        return text  # a single word orders nothing
    return heard_field(clean(text).text)


def _name(text: str) -> str:
    """A name, a status or another value of few words."""
    if text.isascii() and (not text or text.strip("#").isalnum()):
        return text
    return heard_name(clean(text).text.strip())


def _fields(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(said for said in map(_name, texts) if said)


def _person(person: Person) -> Person:
    return replace(person, name=_name(person.name), email=_name(person.email))


def _comment(comment: Comment) -> Comment:
    attachments = tuple(replace(a, name=_field(a.name), text=_prose(a.text)) for a in comment.attachments)
    return replace(comment, body=_prose(comment.body), author=_person(comment.author), attachments=attachments)


def _thread(page: Page[Comment]) -> Page[Comment]:
    return replace(page, items=tuple(map(_comment, page.items)))


def _sla(sla: Sla | None) -> Sla | None:
    return None if sla is None else replace(sla, name=_name(sla.name), target=_name(sla.target))


@singledispatch
def _heard(record: object) -> object:
    raise TypeError(type(record).__name__)


@_heard.register
def _ticket(ticket: Ticket) -> Ticket:
    return replace(
        ticket,
        subject=_field(ticket.subject),
        status=_name(ticket.status),
        priority=_name(ticket.priority),
        requester=_person(ticket.requester),
        account=_name(ticket.account),
        assignee=_name(ticket.assignee),
        tags=_fields(ticket.tags),
        channel=_name(ticket.channel),
        sla=_sla(ticket.sla),
        satisfaction=_name(ticket.satisfaction),
        links=_fields(ticket.links),
        comments=_thread(ticket.comments),
    )


@_heard.register
def _account(account: Account) -> Account:
    return replace(
        account,
        name=_name(account.name),
        domain=_name(account.domain),
        aliases=_fields(account.aliases),
        tier=_name(account.tier),
        currency=_name(account.currency),
        owner=_name(account.owner),
        csm=_name(account.csm),
        health=_name(account.health),
        region=_name(account.region),
        sla=_name(account.sla),
        notes=tuple(Note(_prose(note.text), note.at, _name(note.author)) for note in account.notes),
    )


@_heard.register
def _contact(contact: Contact) -> Contact:
    account, name, title = map(_name, (contact.account, contact.name, contact.title))
    return replace(contact, account=account, name=name, title=title)


@_heard.register
def _deal(deal: Deal) -> Deal:
    return replace(
        deal,
        account=_name(deal.account),
        name=_name(deal.name),
        currency=_name(deal.currency),
        stage=_name(deal.stage),
        kind=_name(deal.kind),
        next_step=_prose(deal.next_step),
    )


@_heard.register
def _message(message: Message) -> Message:
    channel, thread = _name(message.channel), _name(message.thread)
    return replace(message, channel=channel, thread=thread, text=_prose(message.text), author=_person(message.author))


@_heard.register
def _issue(issue: Issue) -> Issue:
    return replace(
        issue,
        title=_field(issue.title),
        kind=_name(issue.kind),
        status=_name(issue.status),
        priority=_name(issue.priority),
        assignee=_name(issue.assignee),
        reporter=_name(issue.reporter),
        labels=_fields(issue.labels),
        component=_name(issue.component),
        affects_version=_name(issue.affects_version),
        fix_version=_name(issue.fix_version),
        body=_prose(issue.body),
        comments=_thread(issue.comments),
        links=_fields(issue.links),
    )


@_heard.register
def _article(article: Article) -> Article:
    return replace(
        article,
        title=_name(article.title),
        labels=_fields(article.labels),
        kind=_name(article.kind),
        body=_prose(article.body),
    )
