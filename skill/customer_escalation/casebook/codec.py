"""Results and evidence as JSON and back without loss: a time stays a time, a tuple a tuple, 1.0 a float.

A time is written as {"$time": "..."}, since a field of evidence may hold a text that only looks like one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache, partial
from types import NoneType, UnionType
from typing import Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from customer_escalation.brief import Result
from customer_escalation.evidence import Evidence, Ledger

TIME = "$time"
T = TypeVar("T")
Build = Callable[[object], object]
_PLAIN: frozenset[object] = frozenset((str, int, float, bool, NoneType))


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
        value = _read(kind, text)
    except TypeError:
        value = None
    if not isinstance(value, kind):
        raise ValueError(f"not a {kind.__name__}")
    return value


def _read(kind: object, text: str) -> object:
    build, value = _builder(kind), _parsed(text)
    return value if build is None else build(value)


def _parsed(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:  # no JSON, or a number that only the other reader knows (NaN)
        return json.loads(text)


def _plain(value: object) -> object:
    if isinstance(value, Ledger):
        return []
    if isinstance(value, Struct):
        return {name: _plain(cast("object", getattr(value, name))) for name in value.__struct_fields__}
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


@lru_cache(maxsize=256)
def _builder(kind: object) -> Build | None:
    """What makes a value of this type from what JSON gave; None where it is that already."""
    inner = get_args(kind)
    if kind in _PLAIN or get_origin(kind) is Literal:
        return None
    if kind is Ledger:
        return lambda _: Ledger()
    if isinstance(kind, type) and issubclass(kind, Struct):
        return partial(_struct, kind)
    if get_origin(kind) is tuple:
        return partial(_sequence, _builder(inner[0]))
    if get_origin(kind) is Mapping:
        return partial(_mapping, _builder(inner[1]))
    if get_origin(kind) in (Union, UnionType):
        made = [build for each in inner if (build := _builder(each)) is not None]
        return None if not made else made[0] if len(made) == 1 else _anything
    return _anything


def _anything(value: object) -> object:
    """As the value itself tells: a list is a tuple, an object a time or a mapping."""
    if isinstance(value, dict):
        return _mapping(_anything, cast("dict[str, object]", value))
    if isinstance(value, list):
        return _sequence(_anything, cast("list[object]", value))
    return value


def _struct(of: type[Struct], value: object) -> object:
    held = cast("dict[str, object]", value)
    if not isinstance(value, dict) or TIME in held:
        return _anything(held)
    names, builds = _fields(of)
    if not held.keys() <= names:
        held = {name: part for name, part in held.items() if name in names}
    for name, build in builds:
        if (part := held.get(name)) is not None:
            held[name] = build(part)
    return of(**held)


def _sequence(each: Build | None, value: object) -> object:
    if not isinstance(value, list):
        return _anything(value)
    items = cast("list[object]", value)
    return tuple(items) if each is None else tuple([each(item) for item in items])


def _mapping(each: Build | None, value: object) -> object:
    if not isinstance(value, dict):
        return _anything(value)
    held = cast("dict[str, object]", value)
    if TIME in held:
        return datetime.fromisoformat(str(held[TIME]))
    return {key.removeprefix("$"): item if each is None else each(item) for key, item in held.items()}


@lru_cache(maxsize=64)
def _fields(kind: type[Struct]) -> tuple[frozenset[str], tuple[tuple[str, Build], ...]]:
    """The names of a struct's fields, and how to make those that JSON does not give as they are."""
    hints = get_type_hints(kind)
    made = ((name, _builder(hint)) for name, hint in hints.items())
    return frozenset(hints), tuple((name, build) for name, build in made if build is not None)
