"""What is connected, what is not, and what each source would give."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from customer_escalation.model_setting import ModelSetting
from customer_escalation.reading import CALL_TIMEOUT_S
from customer_escalation.settings import Setting
from customer_escalation.unknowns import NAMES
from escalation_connectors import deadline
from escalation_connectors.contracts import Checks
from escalation_connectors.errors import AccessDenied, ConnectorError, InputError
from escalation_connectors.records import CATEGORIES, Category
from escalation_connectors.sources import Sources

if TYPE_CHECKING:
    from escalation_connectors.vendor import Setup

READ = "connected, reads "
READS: Mapping[Category, str] = {
    "support_platform": "tickets with their threads",
    "crm": "accounts, contacts and deals",
    "chat": "messages and threads",
    "project_tracker": "issues with their comments",
    "knowledge_base": "articles",
}
WRITES: Mapping[Category, str] = {
    "support_platform": "internal notes, replies, tags and priority",
    "chat": "messages",
    "project_tracker": "issues, comments and links",
}


async def examine(setting: Setting, model: ModelSetting | None = None) -> str:
    """A line per source, after one harmless read each, and what a reader might expect of it in vain."""
    return (await examined(setting, model))[0]


async def examined(setting: Setting, model: ModelSetting | None = None) -> tuple[str, bool]:
    """The same, and whether anything can be read."""
    lines = [f"Reading {setting.name}{' (the bundled sample company)' if setting.is_sample else ''}"]
    told = await asyncio.gather(*(_category(setting, category) for category in CATEGORIES))
    lines += [line for each in told for line in each]
    can_read = any(READ in line for line in lines) or not any("failed: " in line for line in lines)
    lines += await _planner(model)
    return "\n".join(lines) + "\n", can_read


async def _category(setting: Setting, category: Category) -> list[str]:
    configured = [setup for setup in setting.setups if setup.vendor.category == category]
    if not configured:
        return [f"  {NAMES[category]:17} {await state(setting.sources, category)}"]
    states = await asyncio.gather(*map(state_of, configured))
    lines: list[str] = []
    for setup, said in zip(configured, states, strict=True):
        lines.append(f"  {NAMES[category]:17} {setup.name}: {said}")
        if category in WRITES:
            can = f"writes what was approved: {WRITES[category]}" if setup.vendor.can_write else "cannot write"
            lines.append(f"  {'':17}   {can}")
        lines += [f"  {'':17}   does not do: {what}" for what in setup.vendor.cannot]
    return lines


async def state_of(setup: Setup) -> str:
    """What one configured source answers to a harmless read."""
    from escalation_connectors import registry

    connected = registry.connect((setup,))
    try:
        return await state(connected.sources, setup.vendor.category, setup.vendor.rights)
    finally:
        await connected.close()


async def _planner(model: ModelSetting | None) -> list[str]:
    if model is None:
        return ["Planner: rules (no language model is set; ANTHROPIC_API_KEY or ANTHROPIC_BASE_URL sets one)"]
    from customer_escalation.writers.model import capabilities

    limit = model.budget
    price = "" if model.price else "; its price is not known, so the budget in USD does not bind (model.price)"
    return [
        f"Planner: rules, then {model.name} at {model.where}, effort {model.effort}",
        f"  model             {await capabilities(model)}",
        f"  budget            {limit.requests} requests, {limit.tokens:,} tokens, {limit.seconds:g} s, "
        f"USD {limit.usd:g}{price}",
    ]


async def state(sources: Sources, category: Category, rights: Sequence[str] = ()) -> str:
    """What the source of a category answers to a harmless read; `rights` are named where one may be missing."""
    read = _harmless(sources)[category]
    if read is None:
        return "not connected"
    try:
        with deadline.within(CALL_TIMEOUT_S):
            await asyncio.wait_for(_tried(sources, category, read), CALL_TIMEOUT_S)
    except TimeoutError:
        return "failed: no answer in time; try again later"
    except ConnectorError as error:
        lacks = rights and isinstance(error, AccessDenied) and error.known
        needs = f"; reading needs {', '.join(rights)}" if lacks else ""
        return f"failed: {error.what}; {error.advice}{needs}"
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 - one broken connector hides no other
        return f"failed: the connector broke ({type(error).__name__}); report it to its author"
    return f"{READ}{READS[category]}"


async def _tried(sources: Sources, category: Category, read: Callable[[], Awaitable[object]]) -> None:
    """The harmless read, and what the source itself would try."""
    every = (sources.support, sources.crm, sources.chat, sources.tracker, sources.knowledge)
    source = dict(zip(CATEGORIES, every, strict=True))[category]
    await read()
    if isinstance(source, Checks):
        await source.check()


def _harmless(sources: Sources) -> dict[Category, Callable[[], Awaitable[object]] | None]:
    """A small question to each source that is connected."""
    support, crm, chat, tracker, knowledge = (
        sources.support, sources.crm, sources.chat, sources.tracker, sources.knowledge,
    )  # fmt: skip
    since = datetime(1970, 1, 1, tzinfo=UTC)
    return {
        "support_platform": (lambda: support.search_tickets("", since=since, limit=1)) if support else None,
        "crm": (lambda: crm.search_accounts("example", limit=1)) if crm else None,
        "chat": (lambda: chat.search_messages("example", limit=1)) if chat else None,
        "project_tracker": (lambda: tracker.search_issues("example", limit=1)) if tracker else None,
        "knowledge_base": (lambda: knowledge.search_articles("example", limit=1)) if knowledge else None,
    }
