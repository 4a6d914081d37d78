"""Canonical records: what every connector gives, whatever the vendor calls it.

Plain frozen values. An empty string, an empty tuple or None means that the source did not say. Times are aware.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Generic, Literal, TypeVar

Category = Literal["support_platform", "crm", "chat", "project_tracker", "knowledge_base"]
CATEGORIES: tuple[Category, ...] = ("support_platform", "crm", "chat", "project_tracker", "knowledge_base")
Role = Literal["customer", "agent", "engineer", "system", ""]
T = TypeVar("T")
NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A list that says how complete it is: `total` is None where the source does not tell."""

    items: tuple[T, ...]
    total: int | None = None
    cut: bool = False

    @property
    def read(self) -> int:
        """How many records were read."""
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote or asked; `id` is the source's own."""

    name: str = ""
    role: Role = ""
    email: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a comment; `text` is what could be read of it."""

    name: str = ""
    url: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """One message on a ticket or a tracker issue."""

    id: str
    body: str
    at: datetime | None = None
    author: Person = Person()
    public: bool = True
    attachments: tuple[Attachment, ...] = ()


def _no_comments() -> Page[Comment]:
    return Page(())  # not Page[Comment](()): a generic dataclass with slots cannot be called that way on Python 3.11


@dataclass(frozen=True, slots=True)
class Sla:
    """A service level clock on a ticket."""

    name: str = ""
    due_at: datetime | None = None
    breached: bool | None = None
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
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


@dataclass(frozen=True, slots=True)
class Note:
    """A dated remark on an account."""

    text: str
    at: datetime | None = None
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person at a customer."""

    id: str
    account: str
    name: str
    email: str = ""
    title: str = ""
    phone: str = ""
    is_primary: bool | None = None
    extra: Mapping[str, object] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A chat message; `thread` is the id of the thread's first message (its own id, or empty, for that one)."""

    id: str
    channel: str
    at: datetime
    text: str
    thread: str = ""
    author: Person = Person()
    url: str = ""
    extra: Mapping[str, object] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A knowledge-base article; `kind` is guide, known_issue, workaround, policy or faq."""

    id: str
    title: str
    body: str = ""
    updated_at: datetime | None = None
    labels: tuple[str, ...] = ()
    kind: str = ""
    url: str = ""
    extra: Mapping[str, object] = field(default_factory=lambda: NOTHING)
