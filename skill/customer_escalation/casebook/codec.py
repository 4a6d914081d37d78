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
        return cast("T", _built(kind, json.loads(text)))
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not a {kind.__name__}: {type(error).__name__}") from None


def _plain(value: object) -> object:
    if isinstance(value, Ledger):
        return []
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(cast("object", getattr(value, item.name))) for item in fields(value)}
    if isinstance(value, datetime):
        return {TIME: value.isoformat()}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in cast("Mapping[object, object]", value).items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in cast("tuple[object, ...]", value)]
    return value


def _built(kind: object, value: object) -> object:
    """The value as the type asks: dataclasses, tuples and times are made again; the rest is as JSON gave it."""
    if value is None:
        return None
    if isinstance(value, dict) and TIME in value:
        return datetime.fromisoformat(cast("dict[str, str]", value)[TIME])
    if isinstance(kind, type) and is_dataclass(kind):
        given, hints = cast("dict[str, object]", value), _hints(kind)
        return cast("type[object]", kind)(**{name: _built(hints[name], given[name]) for name in hints if name in given})
    if kind is Ledger:
        return Ledger()
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return tuple(_built(inner[0], item) for item in cast("list[object]", value))
    if isinstance(value, dict):
        if origin is Mapping:
            return {key: _built(inner[1], item) for key, item in cast("dict[str, object]", value).items()}
        if (of := _dataclass_among(inner)) is not None:
            return _built(of, cast("object", value))
        return {key: _built(None, item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return tuple(_built(None, item) for item in cast("list[object]", value))
    return value


def _dataclass_among(kinds: tuple[object, ...]) -> type | None:
    """The one dataclass of a union such as `Author | None`."""
    return next((kind for kind in kinds if isinstance(kind, type) and is_dataclass(kind)), None)


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, object]:
    return dict(get_type_hints(kind))
