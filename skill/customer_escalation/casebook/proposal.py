"""A write to the outside as it is proposed: where it goes, its exact text, and the hash that binds both.

What a person approves is this hash. It covers the kind, the destination, the payload and the case, so nothing that is
written can differ from what was seen. The title is only a label: no write carries it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, get_args

from msgspec import Struct, field

from customer_escalation.casebook.events import canonical
from escalation_connectors.writing import Receipt

Kind = Literal[
    "post_to_chat", "inform_team", "file_issue", "link_ticket", "reply_to_customer", "ask_customer", "internal_note",
    "update_ticket", "draft_article", "schedule_follow_up",
]  # fmt: skip
KINDS: frozenset[str] = frozenset(get_args(Kind))
ProposalState = Literal[
    "pending", "approved", "sending", "delivered", "failed", "unsure", "declined", "expired"
]  # fmt: skip
TO_APPROVE = timedelta(hours=24)
TO_SEND = timedelta(hours=1)
LONGEST = 60_000
TURNED = "the case is "  # how the reason begins
Option = str | bool


class Destination(Struct, frozen=True):
    """Where a write goes: the sink ("chat:slack", "outbox"), and there the channel, project, ticket or issue.

    `options` change what is done with it: {"send": True} sends a reply that would else be left as a draft.
    """

    sink: str
    to: str = ""
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType[str, Option]({}))

    @property
    def sends(self) -> bool:
        """Whether a reply goes out to the customer."""
        return self.options.get("send") is True

    def plain(self) -> dict[str, object]:
        """As it is kept and hashed."""
        return {"sink": self.sink, "to": self.to, "options": dict(self.options)}


class Draft(Struct, frozen=True):
    """A write before it is proposed."""

    kind: Kind
    title: str
    destination: Destination
    payload: str


class Proposal(Struct, frozen=True, kw_only=True):
    """A proposed write. `sha256` is what a person approves; `id` is the key under which it is written once."""

    id: str
    case_id: str
    kind: Kind
    title: str
    destination: Destination
    payload: str
    sha256: str
    state: ProposalState
    created_at: datetime
    expires_at: datetime
    approved_by: str = ""
    approved_at: datetime | None = None
    claimed_by: str = ""
    claimed_until: datetime | None = None
    attempts: int = 0
    receipt: Receipt | None = None
    error: str = ""

    @property
    def draft(self) -> Draft:
        """What would be written."""
        return Draft(self.kind, self.title, self.destination, self.payload)

    @property
    def turned(self) -> str:
        """Why it lapsed before its time, where the case ended or was taken up again; empty else."""
        return self.error if self.state == "expired" and self.error.startswith(TURNED) else ""

    def lapsed(self, at: datetime) -> bool:
        """Whether its time, or the time of its approval, is over."""
        if self.state in ("pending", "failed"):
            return at >= self.expires_at
        return self.approved_at is None or at >= self.approved_at + TO_SEND


def hash_of(case_id: str, draft: Draft) -> str:
    """SHA-256 over everything that is written and where: what a person's approval is bound to."""
    bound = {
        "case": case_id,
        "destination": draft.destination.plain(),
        "kind": draft.kind,
        "payload": draft.payload,
    }
    return hashlib.sha256(canonical(bound).encode("utf-8", "surrogatepass")).hexdigest()
