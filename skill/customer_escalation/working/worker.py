"""One process that carries out what is due in the cases of one workspace."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct, field

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.reminders import Channel
from customer_escalation.delivery import Sinks
from customer_escalation.settings import Setting


def present() -> datetime:
    """The time now."""
    return datetime.now(UTC)


def unheard(line: str) -> None:
    """Say nothing."""


def named() -> str:
    """A name that no other worker has: claims and events carry it."""
    return f"worker-{uuid.uuid4().hex[:8]}"


class Worker(Struct, frozen=True):
    """What a worker works with. Its casebook shows the cases of its workspace alone; `say` takes one line at a time."""

    casebook: Casebook
    setting: Setting
    sinks: Sinks
    channels: tuple[Channel, ...]
    name: str = field(default_factory=named)
    clock: Callable[[], datetime] = present
    say: Callable[[str], None] = unheard
