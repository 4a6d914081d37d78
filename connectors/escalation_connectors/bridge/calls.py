"""What the configuration says of one call: the tool, its arguments, and where the records stand in its answer.

Arguments are a template: "{query}", "{limit}", "{id}" and the like stand for the value of that name, "{#id}" for it as
a number. A value that a call does not have leaves its argument out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from msgspec import Struct

from escalation_connectors.bridge.presets import PRESETS
from escalation_connectors.bridge.reading import ROLES, Paths, known
from escalation_connectors.options import Fields
from escalation_connectors.vendor import Setup
from escalation_connectors.words import quoted

HOLE = re.compile(r"\{(#?)([a-z]+)\}")
VALUES = ("query", "limit", "id", "account", "since", "channel", "thread", "of")
KEYS = ("tool", *VALUES, "phrase", "items", "item", "total", "arguments", "fields")
COMMENT = ("id", "body", "at", "author", "public")


class Call(Struct, frozen=True, kw_only=True):
    """One tool and how it is used."""

    tool: str
    arguments: Mapping[str, object]
    paths: Paths
    phrase: str = ""
    items: str = ""
    item: str = ""
    total: str = ""

    def takes(self, name: str) -> bool:
        """Whether a value of this name has a place in the arguments."""
        return name in _holes(self.arguments)

    def filled(self, **values: str | int | None) -> dict[str, object]:
        """The arguments with these values in them."""
        return cast("dict[str, object]", _filled(self.arguments, values))

    def words(self, *words: str) -> str:
        """The words as this tool wants them: within its phrase, quoted, or plain and without signs of a syntax."""
        text = " ".join(words)
        return self.phrase.replace("{}", quoted(text)) if self.phrase else " ".join(text.replace(":", " ").split())


def merged(setup: Setup) -> Fields:
    """The entry over its preset; a null takes out what the preset says.

    Raises InputError for what a preset cannot know and the entry does not say.
    """
    name, own = setup.text("preset"), setup.fields
    if not name:
        return own
    preset = PRESETS.get(name)
    if preset is None or preset["category"] != setup.vendor.category:
        fitting = [each for each, about in PRESETS.items() if about["category"] == setup.vendor.category]
        raise own.wrong("preset", f"no such preset for {setup.vendor.category}; known are {', '.join(fitting)}")
    told = {key: value for key, value in preset.items() if key != "category"}
    both = _over(told, {**own.values, **({"url": None} if own.values.get("command") else {})})
    unsaid = _unsaid(both, "")
    if unsaid:
        raise own.wrong(unsaid, f"missing; it cannot be known to the preset {name}")
    return Fields(both, own.where)


def call(entry: Fields, key: str, kind: type[Struct]) -> Call | None:
    """The call under this key; None where it is not configured. Raises InputError."""
    if not entry.values.get(key):
        return None
    fields = entry.fields(key)
    fields.only(*KEYS, *(COMMENT if key == "comments" else ()))
    if not fields.text("tool"):
        raise fields.wrong("tool", "missing: the name of the server's tool")
    phrase = fields.text("phrase")
    if phrase and phrase.count("{}") != 1:
        raise fields.wrong("phrase", "must hold {} once, where the quoted words go")
    named = {fields.text(name): "{" + name + "}" for name in VALUES if fields.text(name) and name not in _taken(key)}
    return Call(
        tool=fields.text("tool"),
        arguments={**entry.fields("arguments").values, **named, **fields.fields("arguments").values},
        paths=paths(entry, fields, kind),
        phrase=phrase,
        items=fields.text("items"),
        item=fields.text("item"),
        total=fields.text("total"),
    )


def must(entry: Fields, key: str, kind: type[Struct]) -> Call:
    """A call that has to be configured. Raises InputError."""
    found = call(entry, key, kind)
    if found is None:
        raise entry.wrong(key, "missing: which tool of the server to use (tool, query, items ...)")
    return found


def paths(entry: Fields, fields: Fields, kind: type[Struct]) -> Paths:
    """Where the fields of these records stand: what the call says, over what the entry says. Raises InputError."""
    where: dict[str, str] = {}
    main = kind.__name__ not in {"Contact", "Deal", "Comment"}
    for given in (entry.fields("fields"), fields.fields("fields")) if main else (fields.fields("fields"),):
        given.only(*known(kind), *(("description",) if kind.__name__ == "Ticket" else ()))
        where |= {name: given.text(name) for name in given.values}
    if kind.__name__ == "Comment":
        where |= {name: fields.text(name) for name in COMMENT if name in fields.values}
    roles = entry.fields("roles")
    said = {word: roles.text(word) for word in roles.values}
    for word, role in said.items():
        if role not in ROLES:
            raise roles.wrong(word, f"must be one of {', '.join(ROLES)}")
    return Paths(where=where, roles=said, html=entry.flag("html", False))


def _taken(key: str) -> tuple[str, ...]:
    return COMMENT if key == "comments" else ()


def _over(preset: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    both = dict(preset)
    for key, value in own.items():
        inner = both.get(key)
        if isinstance(inner, dict) and isinstance(value, dict):
            both[key] = _over(cast("dict[str, object]", inner), cast("dict[str, object]", value))
        else:
            both[key] = value
    return {key: value for key, value in both.items() if value is not None or key not in own}


def _unsaid(values: Mapping[str, object], above: str) -> str:
    """The first key that a preset leaves to the entry and that the entry leaves out."""
    for key, value in values.items():
        if value is None:
            return above + key
        inner = _unsaid(cast("dict[str, object]", value), f"{above}{key}.") if isinstance(value, dict) else ""
        if inner:
            return inner
    return ""


def _holes(value: object) -> set[str]:
    if isinstance(value, str):
        found = HOLE.fullmatch(value)
        return {found[2]} if found else set()
    inside: list[object] = []
    if isinstance(value, Mapping):
        inside = list(cast("Mapping[str, object]", value).values())
    elif isinstance(value, list):
        inside = cast("list[object]", value)
    return {name for each in inside for name in _holes(each)}


def _filled(template: object, values: Mapping[str, str | int | None]) -> object:
    if isinstance(template, Mapping):
        filled = {key: _filled(each, values) for key, each in cast("Mapping[str, object]", template).items()}
        return {key: each for key, each in filled.items() if each is not None}
    if isinstance(template, list):
        return [each for each in (_filled(each, values) for each in cast("list[object]", template)) if each is not None]
    found = HOLE.fullmatch(template) if isinstance(template, str) else None
    if found is None or found[2] not in VALUES:
        return template
    value = values.get(found[2])
    return int(value) if found[1] and isinstance(value, str) and value.isdecimal() else value
