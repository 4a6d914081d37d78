"""From a configuration to connectors: an explicit table, and an entry point group for other people's packages.

A vendor's module is imported only where the configuration names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TypeVar, cast

from msgspec import Struct

from escalation_connectors.contracts import CRM, Chat, KnowledgeBase, ProjectTracker, SupportPlatform
from escalation_connectors.errors import InputError
from escalation_connectors.http import NETWORK, Wire
from escalation_connectors.joined import SeveralChat, SeveralCRM, SeveralKnowledge, SeveralSupport, SeveralTrackers
from escalation_connectors.options import Fields
from escalation_connectors.records import CATEGORIES, Category
from escalation_connectors.secret import HERE
from escalation_connectors.sources import Sources
from escalation_connectors.tokens import TokenStore
from escalation_connectors.vendor import COMMON, Setup, Vendor

GROUP = "customer_escalation.connectors"
BRIDGE = "mcp"  # any category, through a vendor's own MCP server
TABLE: Mapping[Category, tuple[str, ...]] = {
    "support_platform": (
        "zendesk", "intercom", "freshdesk", "hubspot", "helpscout", "salesforce", "request_tracker", "mcp",
    ),
    "crm": ("salesforce", "hubspot", "pipedrive", "sql", "mcp"),
    "chat": ("slack", "teams", "matrix", "mcp"),
    "project_tracker": ("jira", "linear", "github", "gitlab", "asana", "redmine", "mcp"),
    "knowledge_base": (
        "confluence", "notion", "guru", "zendesk", "intercom", "mediawiki", "markdown", "mcp",
    ),
}  # fmt: skip
FOLDERS: Mapping[Category, str] = {
    "support_platform": "support",
    "crm": "crm",
    "chat": "chat",
    "project_tracker": "tracker",
    "knowledge_base": "knowledge",
}
T = TypeVar("T")


class Connected(Struct, frozen=True):
    """The sources of a configuration, and the entry behind each."""

    sources: Sources
    setups: tuple[Setup, ...]

    async def close(self) -> None:
        """Close every connection."""
        for setup in self.setups:
            for each in setup.opened:
                await each.close()


def vendors(category: Category) -> tuple[str, ...]:
    """The names that may stand under this category, others' packages included."""
    return (
        *TABLE[category],
        *sorted(entry.name for entry in entry_points(group=GROUP) if entry.name not in TABLE[category]),
    )


def vendor(category: Category, name: str) -> Vendor:
    """The vendor of that name. Raises LookupError where there is none."""
    if name == BRIDGE:
        bridge = import_module("escalation_connectors.bridge")
        return cast("Mapping[Category, Vendor]", bridge.VENDORS)[category]
    if name in TABLE[category]:
        module = import_module(f"escalation_connectors.{FOLDERS[category]}.{name}")
        return cast("Vendor", module.VENDOR)
    for entry in entry_points(group=GROUP):
        found = cast("object", entry.load()) if entry.name == name else None
        if isinstance(found, Vendor) and found.category == category:
            return found
    raise LookupError(name)


def read_configuration(
    fields: Fields, environment: Mapping[str, str], store: TokenStore, wire: Wire = NETWORK, folder: Path = HERE
) -> tuple[Setup, ...]:
    """The entries under `connectors:`, none opened yet; relative paths in them are seen from `folder`.

    Raises InputError that names the key.
    """
    fields.only(*CATEGORIES)
    found = [
        Setup(
            vendor=_named(category, entry), fields=entry, environment=environment, store=store, wire=wire, folder=folder
        )
        for category in CATEGORIES
        for entry in _entries(fields, category)
    ]
    called: set[tuple[Category, str]] = set()
    for setup in found:
        setup.fields.only(*COMMON, *(option.key for option in setup.vendor.options))
        if (setup.vendor.category, setup.name) in called:
            raise setup.fields.wrong("name", f"two sources are called {setup.name}; give each a name of its own")
        called.add((setup.vendor.category, setup.name))
    return tuple(found)


def connect(setups: Sequence[Setup]) -> Connected:
    """The connectors of these entries; several of one category are read as one. Raises InputError."""
    made = {
        category: [setup.vendor.read(setup) for setup in setups if setup.vendor.category == category]
        for category in CATEGORIES
    }
    sources = Sources(
        support=_one(cast("list[SupportPlatform]", made["support_platform"]), SeveralSupport),
        crm=_one(cast("list[CRM]", made["crm"]), SeveralCRM),
        chat=_one(cast("list[Chat]", made["chat"]), SeveralChat),
        tracker=_one(cast("list[ProjectTracker]", made["project_tracker"]), SeveralTrackers),
        knowledge=_one(cast("list[KnowledgeBase]", made["knowledge_base"]), SeveralKnowledge),
    )
    return Connected(sources, tuple(setups))


def _one(sources: list[T], several: Callable[[Sequence[T]], T]) -> T | None:
    return several(sources) if len(sources) > 1 else next(iter(sources), None)


def _entries(fields: Fields, category: Category) -> Iterable[Fields]:
    """One mapping, or a list of them."""
    return (fields.fields(category),) if isinstance(fields.values.get(category), dict) else fields.rows(category)


def _named(category: Category, entry: Fields) -> Vendor:
    name = entry.text("vendor")
    try:
        return vendor(category, name)
    except LookupError:
        known = ", ".join(vendors(category))
        what = f"no such {category.replace('_', ' ')}: {name[:40]!r}" if name else "missing"
        raise entry.wrong("vendor", f"{what}; known are {known}") from None
    except Exception as error:  # noqa: BLE001 - whatever the module of somebody else raises while it is loaded
        raise InputError(f"{entry.at('vendor')}: {name} cannot be loaded: {error}") from None
