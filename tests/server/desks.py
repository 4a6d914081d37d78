"""Desks for the server's tests: over the sample company, over fakes, each with a casebook of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from customer_escalation import policy, settings
from customer_escalation.casebook import Casebook
from customer_escalation.findings import NAMES
from customer_escalation.profile import Profile
from customer_escalation.server.desk import Desk
from customer_escalation.settings import Setting
from escalation_connectors.sources import Sources

NOW = datetime(2026, 11, 19, 16, 50, tzinfo=UTC)


def nothing() -> None:
    """Close nothing."""


def setting_over(sources: Sources, *, close: Callable[[], None] = nothing, name: str = "Fake Co") -> Setting:
    """A setting with the default policy over these sources."""
    return Setting(
        sources=sources,
        profile=Profile(company=name, timezone=ZoneInfo("UTC")),
        policy=policy.load(None, NAMES),
        left_out={},
        is_sample=False,
        name=name,
        close=close,
    )


def desk_over(sources: Sources, folder: Path) -> Desk:
    """A desk over these sources, at a fixed time."""
    return Desk(lambda: setting_over(sources), lambda: Casebook(folder / "casebook.sqlite3"), clock=lambda: NOW)


def sample_desk(folder: Path) -> Desk:
    """A desk over the sample company."""
    return Desk(lambda: settings.open_setting(None), lambda: Casebook(folder / "casebook.sqlite3"))
