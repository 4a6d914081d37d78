"""What is connected, what is not, and what each source would give."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime

from customer_escalation.reading import CALL_TIMEOUT_S
from customer_escalation.settings import Setting
from customer_escalation.unknowns import NAMES
from escalation_connectors.errors import ConnectorError
from escalation_connectors.records import CATEGORIES


async def examine(setting: Setting) -> str:
    """A line per category, after one harmless read each."""
    sources = setting.sources
    since = datetime(1970, 1, 1, tzinfo=UTC)
    reads: dict[str, Awaitable[object] | None] = {
        "support_platform": sources.support.search_tickets("", since=since, limit=1) if sources.support else None,
        "crm": sources.crm.search_accounts("a", limit=1) if sources.crm else None,
        "chat": sources.chat.search_messages("a", limit=1) if sources.chat else None,
        "project_tracker": sources.tracker.search_issues("a", limit=1) if sources.tracker else None,
        "knowledge_base": sources.knowledge.search_articles("a", limit=1) if sources.knowledge else None,
    }
    lines = [f"Reading {setting.name}{' (the bundled sample company)' if setting.is_sample else ''}"]
    states = await asyncio.gather(*(_state(reads[category]) for category in CATEGORIES))
    lines += [f"  {NAMES[category]:17} {state}" for category, state in zip(CATEGORIES, states, strict=True)]
    lines.append("Planner: rules (no language model is needed)")
    return "\n".join(lines) + "\n"


async def _state(read: Awaitable[object] | None) -> str:
    if read is None:
        return "not connected"
    try:
        await asyncio.wait_for(read, CALL_TIMEOUT_S)
    except TimeoutError:
        return "failed: no answer in time; try again later"
    except ConnectorError as error:
        return f"failed: {error.what}; {error.advice}"
    return "connected, can be read"
