"""Results and evidence as JSON and back without loss: a time stays a time, a tuple a tuple, 1.0 a float.

A time is written as {"$time": "..."}, since a field of evidence may hold a text that only looks like one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TypeVar, cast, get_args, get_origin, get_type_hints

from customer_escalation.brief import Result
from customer_escalation.evidence import Evidence, Ledger

TIME = "$time"
T = TypeVar("T")


def dump_result(result: Result) -> str:
    """The result without its evidence, as JSON."""
    return _dump(replace(result, evidence=Ledger()))


def load_result(text: str, evidence: Ledger) -> Result:
    """The result that was dumped, with its evidence. Raises ValueError."""
    result = _load(Result, text)
    return replace(result, evidence=evidence)


def dump_row(row: Evidence) -> str:
    """One row of evidence as JSON."""
    return _dump(row)


def load_row(text: str) -> Evidence:
    """The row that was dumped. Raises ValueError."""
    return _load(Evidence, text)


def _dump(value: object) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _load(kind: type[T], text: str) -> T:
    try:
        value = _built(kind, json.loads(text))
    except TypeError:
        value = None
    if not isinstance(value, kind):
        raise ValueError(f"not a {kind.__name__}")
    return value


def _plain(value: object) -> object:
    if isinstance(value, Ledger):
        return []
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(cast("object", getattr(value, item.name))) for item in fields(value)}
    if isinstance(value, datetime):
        return {TIME: value.isoformat()}
    if isinstance(value, Mapping):
        return {_escaped(str(key)): _plain(item) for key, item in cast("Mapping[object, object]", value).items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in cast("tuple[object, ...]", value)]
    return value


def _escaped(key: str) -> str:
    """A key that no record can make look like one of ours."""
    return f"${key}" if key.startswith("$") else key


def _built(kind: object, value: object) -> object:
    """The value as the type asks: dataclasses, tuples and times are made again; the rest is as JSON gave it."""
    if isinstance(value, dict):
        return _built_object(kind, cast("dict[str, object]", value))
    if kind is Ledger:
        return Ledger()
    if isinstance(value, list):
        inner = get_args(kind)
        return tuple(_built(inner[0] if inner else None, item) for item in cast("list[object]", value))
    return value


def _built_object(kind: object, value: dict[str, object]) -> object:
    if TIME in value:
        return datetime.fromisoformat(str(value[TIME]))
    inner = get_args(kind)
    of = kind if isinstance(kind, type) else next((each for each in inner if is_dataclass(each)), None)
    if isinstance(of, type) and is_dataclass(of) and get_origin(kind) is not Mapping:
        hints = _hints(of)
        return cast("type[object]", of)(**{name: _built(hints[name], value[name]) for name in hints if name in value})
    each = inner[1] if get_origin(kind) is Mapping else None
    return {key.removeprefix("$"): _built(each, item) for key, item in value.items()}


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, object]:
    return dict(get_type_hints(kind))
