"""What each file of a workspace holds, what of it can be searched, and by which marks it is found without a search."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Generic, NamedTuple, TypeVar, cast

from msgspec import Struct

from escalation_connectors.records import Account, Article, Comment, Contact, Deal, Issue, Message, Page, Ticket
from escalation_connectors.workspace import names, reader
from escalation_connectors.workspace.fields import Fields

R = TypeVar("R")
GLUE = "ǀ"  # a letter to FTS5 that nobody types: it holds the parts of an id together in one word
TOKENIZER = "porter unicode61 remove_diacritics 2"
LINE_BITS = 24
_CODE = re.compile(r"[^\W_]+(?:[-_.:/#]+[^\W_]+)+")
_JOINT = re.compile(r"[-_.:/#]+")
_CODE_LIMIT = 80


class Searchable(NamedTuple):
    """The words of a record by weight; `facet` only narrows and never counts."""

    title: str
    body: str
    codes: str
    facet: str = ""


class Kind(Struct, Generic[R], frozen=True):
    """One kind of record; `words` is None where nothing is ever searched for."""

    file: str
    read: Callable[[Fields], R]
    ident: Callable[[R], str]
    at: Callable[[R], datetime | None]
    words: Callable[[R], Searchable] | None
    marks: Callable[[R], Iterable[str]]
    id_field: str = "id"


def codes(*texts: str) -> str:
    """Each id-like word of the texts ("ORD-3310", "2026-11-17") as one glued word."""
    every = (code for text in texts for word in text.split() if not word.isalnum() for code in _CODE.findall(word))
    return " ".join(_JOINT.sub(GLUE, code) for code in every if len(code) <= _CODE_LIMIT)


def facet(name: str) -> str:
    """An account's id or name as one word that no text contains."""
    return f"f{blake2b(fold(name).encode(), digest_size=8).hexdigest()}0"


def fold(text: str) -> str:
    """Text as ids and names are compared: without case and outer blanks."""
    return text.strip().casefold()


def link_marks(link: str) -> Iterator[str]:
    """The marks under which a linked record is found."""
    whole, segment = link_forms(link)
    yield f"link:{whole}"
    yield f"whole:{whole}"
    if segment and segment != whole:
        yield f"link:{segment}"


def marks_of_record(record: str) -> list[str]:
    """The marks of links that name this id, key or URL: a URL does not match another site's URL by its last part."""
    whole, segment = link_forms(record)
    return [f"whole:{whole}", f"whole:{segment}"] if segment else [f"link:{whole}"]


def link_forms(link: str) -> tuple[str, str]:
    """The link as it is compared, and the last path segment where it is a URL."""
    whole = fold(link)
    if "://" not in whole:
        return whole, ""
    whole = whole.partition("://")[2].partition("#")[0].partition("?")[0].rstrip("/")
    return whole, whole.rpartition("/")[2]


def thread_mark(channel: str, thread: str) -> str:
    """The mark of a chat thread."""
    return f"thread:{fold(channel).lstrip('#')}\n{thread}"


def _strings(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (each for each in cast("list[object]", value) if isinstance(each, str))


def _thread_text(comments: Page[Comment]) -> Iterator[str]:
    for comment in comments.items:
        yield comment.body
        for attachment in comment.attachments:
            yield attachment.name
            yield attachment.text


def _searchable(title: str, body: Iterable[str], idents: Iterable[str], facets: str = "") -> Searchable:
    text = "\n".join(filter(None, body))
    return Searchable(title, text, f"{' '.join(idents)} {codes(title, text, *idents)}", facets)


def _ticket_words(ticket: Ticket) -> Searchable:
    body = (
        *_thread_text(ticket.comments),
        *ticket.tags,
        ticket.account,
        ticket.requester.name,
        ticket.requester.email,
        *_strings(ticket.extra.values()),
    )
    return _searchable(
        ticket.subject, body, (ticket.id, *ticket.links), facet(ticket.account) if ticket.account else ""
    )


def _ticket_marks(ticket: Ticket) -> Iterator[str]:
    if ticket.account:
        yield f"account:{fold(ticket.account)}"
    for link in ticket.links:
        yield from link_marks(link)


def _account_words(account: Account) -> Searchable:
    body = (account.domain, account.tier, account.owner, account.csm, account.region, *(n.text for n in account.notes))
    return _searchable(" ".join((account.name, *account.aliases)), body, (account.id,))


def _message_words(message: Message) -> Searchable:
    body = (message.text, message.channel, message.author.name, *_strings(message.extra.values()))
    return _searchable("", body, (message.id,))


def _issue_words(issue: Issue) -> Searchable:
    body = (
        issue.body,
        *_thread_text(issue.comments),
        *issue.labels,
        issue.component,
        issue.affects_version,
        issue.fix_version,
        *_strings(issue.extra.values()),
    )
    return _searchable(issue.title, body, (issue.key, *issue.links))


def _article_words(article: Article) -> Searchable:
    return _searchable(article.title, (article.body, *article.labels, article.kind), (article.id,))


def _by_account(record: Contact | Deal) -> list[str]:
    return [f"account:{fold(record.account)}"]


TICKETS = Kind[Ticket](
    "tickets.jsonl", reader.ticket, lambda t: t.id, lambda t: t.created_at, _ticket_words, _ticket_marks
)
ACCOUNTS = Kind[Account]("accounts.jsonl", reader.account, lambda a: a.id, lambda _: None, _account_words, names.marks)
CONTACTS = Kind[Contact]("contacts.jsonl", reader.contact, lambda c: c.id, lambda _: None, None, _by_account)
DEALS = Kind[Deal]("deals.jsonl", reader.deal, lambda d: d.id, lambda d: d.close_date, None, _by_account)
MESSAGES = Kind[Message](
    "messages.jsonl",
    reader.message,
    lambda m: m.id,
    lambda m: m.at,
    _message_words,
    lambda m: {thread_mark(m.channel, m.thread or m.id), thread_mark(m.channel, m.id)},
)
ISSUES = Kind[Issue](
    "issues.jsonl", reader.issue, lambda i: i.key, lambda i: i.created_at, _issue_words, lambda _: (), "key"
)
ARTICLES = Kind[Article](
    "articles", reader.article, lambda a: a.id, lambda a: a.updated_at, _article_words, lambda _: ()
)
