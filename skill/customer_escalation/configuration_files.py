"""One entry into a JSON or TOML text, the rest of which stays as it is, character by character."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from escalation_connectors.errors import InputError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Entry = dict[str, object]
Place = tuple[str, str]
_COMMENT = re.compile(r'"(?:\\.|[^"\\])*"|(//|/\*)')
_BOM = "\ufeff"


class _Member(Struct, frozen=True):
    """A member of a JSON object: its key, and where its value begins and ends."""

    key: str
    value: int
    end: int


class _Object(Struct, frozen=True):
    """A JSON object in a text: where its brace opens, its members, where its closing brace stands."""

    start: int
    members: tuple[_Member, ...]
    end: int

    def get(self, key: str) -> _Member | None:
        return next((member for member in self.members if member.key == key), None)


class _Style(Struct, frozen=True):
    """How a JSON file is laid out: its line ends and its unit of indentation, both empty where it is one line."""

    newline: str
    unit: str

    @classmethod
    def of(cls, text: str) -> _Style:
        if "\n" not in text.strip():
            return cls("", "")
        indented = re.search(r'(?m)^([ \t]+)"', text)
        return cls("\r\n" if "\r\n" in text else "\n", indented.group(1) if indented else "  ")

    def gap(self, depth: int) -> str:
        return self.newline + self.unit * depth

    def value(self, value: Entry, depth: int) -> str:
        if not self.newline:
            return json.dumps(value, ensure_ascii=False)
        return json.dumps(value, ensure_ascii=False, indent=self.unit).replace("\n", self.gap(depth))

    def member(self, key: str, value: Entry, depth: int) -> str:
        return f"{json.dumps(key)}: {self.value(value, depth)}"


def with_json_entry(path: Path, text: str, place: Place, entry: Entry) -> tuple[str, bool]:
    """The text with this entry (table, name), and whether one was there; its other keys stay. Raises InputError."""
    table, name = place
    mark, body = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    if not body.strip():
        return mark + json.dumps({table: {name: entry}}, indent=2, ensure_ascii=False) + "\n", False
    before = _checked_json(path, body)
    servers = _table(path, before.get(table, {}), table)
    old = _table(path, servers.get(name, {}), f"{table}.{name}")
    merged = {**old, **entry}
    if name in servers and merged == old:
        return text, True
    after = _with_member(body, place, merged)
    if json.loads(after) != {**before, table: {**servers, name: merged}}:
        raise InputError(f"{path}: holds the same key twice, so it cannot be changed safely; add {name} by hand")
    return mark + after, name in servers


def with_toml_entry(path: Path, text: str, place: Place, entry: Entry) -> tuple[str, bool]:
    """The same for TOML, comments kept. Raises InputError."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    table, name = place
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: is not TOML: {error}; nothing was changed") from None
    servers = _table(path, before.get(table, {}), table)
    old = _table(path, servers.get(name, {}), f"{table}.{name}")
    merged = {**old, **entry}
    if name in servers and merged == old:
        return text, True
    try:
        after = _toml_text(tomlkit.parse(text), place, entry)
        safe = tomllib.loads(after) == {**before, table: {**servers, name: merged}}
    except (TOMLKitError, ValueError, TypeError, AttributeError):
        after, safe = "", False
    if not safe:
        raise InputError(f"{path}: [{table}] is written in a way that cannot be changed safely; add {name} by hand")
    return (after.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in text else after), name in servers


def _toml_text(document: TOMLDocument, place: Place, entry: Entry) -> str:
    import tomlkit

    table, name = place
    if table not in document:
        document[table] = tomlkit.table(is_super_table=True)
    servers = cast("MutableMapping[str, object]", document[table])
    if name not in servers:
        servers[name] = tomlkit.table()
    server = cast("MutableMapping[str, object]", servers[name])
    for key, value in entry.items():
        if isinstance(value, dict):
            inline = cast("MutableMapping[str, object]", tomlkit.inline_table())
            inline.update(cast("Entry", value))
            server[key] = inline
        else:
            server[key] = value
    return tomlkit.dumps(document)  # pyright: ignore[reportUnknownMemberType]  # its options are untyped


def _table(path: Path, value: object, where: str) -> Entry:
    if not isinstance(value, dict):
        raise InputError(f"{path}: {where} is not a table; nothing was changed")
    return cast("Entry", value)


def _checked_json(path: Path, text: str) -> Entry:
    try:
        data: object = json.loads(text)
    except json.JSONDecodeError as error:
        comment = next((match for match in _COMMENT.finditer(text) if match.group(1)), None)
        if comment is not None:
            line = text.count("\n", 0, comment.start()) + 1
            raise InputError(f"{path}:{line}: has comments, which would be lost; add the server by hand") from None
        raise InputError(f"{path}:{error.lineno}: is not JSON: {error.msg}; nothing was changed") from None
    except RecursionError:
        raise InputError(f"{path}: is nested too deeply; nothing was changed") from None
    return _table(path, data, "the file")


def _with_member(text: str, place: Place, value: Entry) -> str:
    """The text with this value at table, name: replaced, or put in as the last member."""
    table, name = place
    style = _Style.of(text)
    root = _object(text, _after_blanks(text, 0))
    outer = root.get(table)
    if outer is None:
        return _with_last(text, root, style.member(table, {name: value}, 1), style, 1)
    inner = _object(text, outer.value)
    member = inner.get(name)
    if member is None:
        return _with_last(text, inner, style.member(name, value, 2), style, 2)
    return text[: member.value] + style.value(value, 2) + text[member.end :]


def _with_last(text: str, into: _Object, member: str, style: _Style, depth: int) -> str:
    if into.members:
        last = into.members[-1].end
        return f"{text[:last]},{style.gap(depth) or ' '}{member}{text[last:]}"
    return f"{text[: into.start + 1]}{style.gap(depth)}{member}{style.gap(depth - 1)}{text[into.end :]}"


def _object(text: str, start: int) -> _Object:
    """The JSON object whose brace stands at `start`; the text as a whole is known to be JSON."""
    decoder = json.JSONDecoder()
    members: list[_Member] = []
    at = _after_blanks(text, start + 1)
    while text[at] != "}":
        key, end = decoder.raw_decode(text, at)
        value = _after_blanks(text, _after_blanks(text, end) + 1)
        _, end = decoder.raw_decode(text, value)
        members.append(_Member(str(key), value, end))
        at = _after_blanks(text, end)
        if text[at] == ",":
            at = _after_blanks(text, at + 1)
    return _Object(start, tuple(members), at)


def _after_blanks(text: str, at: int) -> int:
    while text[at] in " \t\r\n":
        at += 1
    return at
