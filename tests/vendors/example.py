"""How a vendor joins the suite: its settings, one canned answer per operation, and the calls that use them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, cast

from msgspec import Struct

from escalation_connectors.registry import FOLDERS, TABLE
from escalation_connectors.vendor import Vendor

Run = Callable[[Any], Awaitable[object]]


class Call(Struct, frozen=True):
    """One call of a connector: `run` makes it, `gives` is all that it must give."""

    name: str
    run: Run
    gives: object


class Example(Struct, frozen=True, kw_only=True):
    """A vendor's place in the suite.

    `answers` holds the canned answer of each operation, by "METHOD /template" as the contract writes it, or by
    "query Name" for GraphQL. An answer is JSON, or a list of JSON for the first, second ... request (the last stays);
    where headers count, or the JSON is itself a list, it is `{"headers": {...}, "json": ...}`.
    `more` turns the last page of an operation into one that has a next page. `ids` and `words` make the calls that
    carry a person's text; `spoken` gives, of a request, the text in the vendor's search language, where it has one.
    `faults` are the vendor's own ways to say no: status, headers and body, by what they mean.
    """

    vendor: Vendor
    settings: Mapping[str, object]
    contracts: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, object]
    calls: tuple[Call, ...]
    writes: tuple[Call, ...] = ()
    more: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
    ids: tuple[Callable[[Any, str], Awaitable[object]], ...] = ()
    words: tuple[Callable[[Any, str], Awaitable[object]], ...] = ()
    spoken: Callable[[Any], str] | None = None
    faults: Mapping[str, tuple[int, Mapping[str, str], object]] = {}
    environment: Mapping[str, str] = MappingProxyType({"TOKEN": "t0ken-f0r-tests"})


def examples() -> dict[str, Example]:
    """Every vendor of the registry's table; a module's ALSO holds more, for another set of credentials."""
    found = {f"{FOLDERS[category]}_{name}" for category, names in TABLE.items() for name in names}
    there = {path.stem for path in Path(__file__).parent.glob("*.py")}
    modules = {name: import_module(f"tests.vendors.{name}") for name in sorted(found & there)}
    also = {f"{name}_{other}": each for name in modules for other, each in _others(modules[name]).items()}
    return {name: cast("Example", module.EXAMPLE) for name, module in modules.items()} | also


def _others(module: ModuleType) -> Mapping[str, Example]:
    return cast("Mapping[str, Example]", getattr(module, "ALSO", {}))


def canned(name: str) -> dict[str, object]:
    """The canned answers in a file, by operation."""
    text = (Path(__file__).parent / "answers" / f"{name}.json").read_text(encoding="utf-8")
    return cast("dict[str, object]", json.loads(text))


def changes(operation: str) -> bool:
    """Whether an operation changes something at the vendor; asking for a token does not."""
    return not operation.startswith(("GET ", "query ")) and not operation.endswith("/token")
