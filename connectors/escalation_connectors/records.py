"""Canonical records: what every connector gives, whatever the vendor calls it.

Plain frozen values. An empty string, an empty tuple or None means that the source did not say. Times are aware.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Generic, Literal, TypeVar

from msgspec import Struct, field

Category = Literal["support_platform", "crm", "chat", "project_tracker", "knowledge_base"]
CATEGORIES: tuple[Category, ...] = ("support_platform", "crm", "chat", "project_tracker", "knowledge_base")
Role = Literal["customer", "agent", "engineer", "system", ""]
T = TypeVar("T")
NOTHING: Mapping[str, object] = MappingProxyType({})


class Page(Struct, Generic[T], frozen=True):
    """A list that says how complete it is: `total` is None where the source does not tell.

    `failed` says which of several sources did not answer, in our words.
    """

    items: tuple[T, ...]
    total: int | None = None
    cut: bool = False
    failed: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        """How many records were read."""
        return len(self.items)


class Person(Struct, frozen=True):
    """Who wrote or asked; `id` is the source's own."""

    name: str = ""
    role: Role = ""
    email: str = ""
    id: str = ""


class Attachment(Struct, frozen=True):
    """A file on a comment; `text` is what could be read of it."""

    name: str = ""
    url: str = ""
    text: str = ""


class Comment(Struct, frozen=True):
    """One message on a ticket or a tracker issue."""

    id: str
    body: str
    at: datetime | None = None
    author: Person = Person()
    public: bool = True
    attachments: tuple[Attachment, ...] = ()


def _no_comments() -> Page[Comment]:
    return Page(())


class Sla(Struct, frozen=True):
    """A service level clock on a ticket."""

    name: str = ""
    due_at: datetime | None = None
    breached: bool | None = None
    target: str = ""


class Ticket(Struct, frozen=True, kw_only=True):
    """A support ticket; `account` is an account's id or name, `comments` the whole thread where it was read."""

    id: str
    subject: str
    created_at: datetime
    status: str = ""
    priority: str = ""
    requester: Person = Person()
    account: str = ""
    assignee: str = ""
    updated_at: datetime | None = None
    tags: tuple[str, ...] = ()
    channel: str = ""
    url: str = ""
    sla: Sla | None = None
    satisfaction: str = ""
    links: tuple[str, ...] = ()
    comments: Page[Comment] = field(default_factory=_no_comments)
    extra: Mapping[str, object] = field(default_factory=lambda: NOTHING)


class Note(Struct, frozen=True):
    """A dated remark on an account."""

    text: str
    at: datetime | None = None
    author: str = ""


class Account(Struct, frozen=True, kw_only=True):
    """A customer; `arr` is annual recurring revenue in `currency` (ISO 4217)."""

    id: str
    name: str
    domain: str = ""
    aliases: tuple[str, ...] = ()
    tier: str = ""
    arr: float | None = None
    currency: str = ""
    renewal_date: datetime | None = None
    owner: str = ""
    csm: str = ""
    health: str = ""
    region: str = ""
    sla: str = ""
    is_reference: bool | None = None
    notes: tuple[Note, ...] = ()
    url: str = ""
    extra: Mapping[str, object] = field(default_factory=lambda: NOTHING)


class Contact(Struct, frozen=True, kw_only=True):
    """A person at a customer."""

    id: str
    account: str
    name: str
    email: str = ""
    title: str = ""
    phone: str = ""
    is_primary: bool | None = None
    extra: Mapping[str, object] = field(default_factory=lambda: NOTHING)


class Deal(Struct, frozen=True, kw_only=True):
    """An opportunity; `kind` is new, renewal or expansion."""

    id: str
    account: str
    name: str
    amount: float | None = None
    currency: str = ""
    stage: str = ""
    kind: str = ""
    close_date: datetime | None = None
    is_open: bool | None = None
    next_step: str = ""
    url: str = ""
    extra: Mapping[str, object] = field(default_factory=lambda: NOTHING)


class Message(Struct, frozen=True, kw_only=True):
    """A chat message; `thread` is the id of the thread's first message (its own id, or empty, for that one)."""

    id: str
    channel: str
    at: datetime
    text: str
    thread: str = ""
    author: Person = Person()
    url: str = ""
    extra: Mapping[str, object] = field(default_factory=lambda: NOTHING)


class Issue(Struct, frozen=True, kw_only=True):
    """A tracker issue; `kind` is bug, feature, task or incident."""

    key: str
    title: str
    created_at: datetime
    kind: str = ""
    status: str = ""
    priority: str = ""
    assignee: str = ""
    reporter: str = ""
    updated_at: datetime | None = None
    resolved_at: datetime | None = None
    labels: tuple[str, ...] = ()
    component: str = ""
    affects_version: str = ""
    fix_version: str = ""
    body: str = ""
    comments: Page[Comment] = field(default_factory=_no_comments)
    links: tuple[str, ...] = ()
    url: str = ""
    extra: Mapping[str, object] = field(default_factory=lambda: NOTHING)


class Article(Struct, frozen=True, kw_only=True):
    """A knowledge-base article; `kind` is guide, known_issue, workaround, policy or faq."""

    id: str
    title: str
    body: str = ""
    updated_at: datetime | None = None
    labels: tuple[str, ...] = ()
    kind: str = ""
    url: str = ""
    extra: Mapping[str, object] = field(default_factory=lambda: NOTHING)
