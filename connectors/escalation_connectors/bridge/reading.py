"""Records out of any JSON: each field of a record is read at the path that the configuration gives it.

A path is names joined by dots: "fields.status.name". A number picks from a list, a name goes into each of its
items. "a|b" takes the first that says something, "a+b" both, "." is the value itself. Of a field that is yes or no,
"not private" is the contrary and "kind=note" a comparison. A field without a path of its own stands under our name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar, cast

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from escalation_connectors.errors import BadAnswer, NotFound
from escalation_connectors.markup import adf, html
from escalation_connectors.records import Person, Role
from escalation_connectors.row import Row

R = TypeVar("R", bound=Struct)
CALLED = ("name", "displayName", "display_name", "real_name", "label", "login", "username", "value")
ROLES: Mapping[str, Role] = {"customer": "customer", "agent": "agent", "engineer": "engineer", "system": "system"}
PROSE = frozenset({"body", "text", "description"})
LOWER = frozenset({"kind", "domain"})
IDS = frozenset({"id", "key"})


class Paths(Struct, frozen=True, kw_only=True):
    """Where the fields of a record stand, what a server calls the roles of people, and whether its texts are HTML."""

    where: Mapping[str, str]
    roles: Mapping[str, str] = {}
    html: bool = False

    def of(self, field: str) -> tuple[str, ...]:
        """The paths to look at, in turn; none where the field is not to be read."""
        return tuple(each.strip() for each in self.where.get(field, field).split("|") if each.strip())


def known(kind: type[Struct]) -> tuple[str, ...]:
    """The fields of a record that can be read so."""
    return tuple(each.name for each in fields(kind) if each.type in READERS)


def record(kind: type[R], value: object, paths: Paths, source: str, given: Mapping[str, str] | None = None) -> R:
    """The record in this JSON; `given` fills texts that it does not hold. Raises BadAnswer that names the field."""
    found: dict[str, object] = {}
    for field in fields(kind):
        if field.type not in READERS:
            continue
        read = _read(field, value, paths)
        empty = read is None or (read == "" and field.name in IDS)
        if empty and given and field.name in given:
            read, empty = given[field.name], False
        if not empty:
            found[field.name] = read
        elif field.default is NODEFAULT and field.default_factory is NODEFAULT:
            where = " or ".join(paths.of(field.name)) or "nowhere"
            raise BadAnswer(source, f"an answer without {field.name}, looked for at {where} (set it in fields)")
    return kind(**found)


def _read(field: FieldInfo, value: object, paths: Paths) -> object:
    """The first path that says something; None where none does."""
    said: object = None
    for path in paths.of(field.name):
        found = READERS[field.type](value, path, paths)
        if found not in (None, "", (), Person()):
            return _cleaned(field.name, found, paths)
        said = found if said is None else said
    return said


def _cleaned(name: str, found: object, paths: Paths) -> object:
    if not isinstance(found, str):
        return found
    text = html.text_of(found) if paths.html and name in PROSE | {"subject", "title"} else found
    return text.lower() if name in LOWER else text


def at(value: object, path: str) -> object:
    """What stands at a path; None where nothing does."""
    if path == ".":
        return value
    for key in path.split("."):
        value = _step(value, key)
    return value


def _step(value: object, key: str) -> object:
    if isinstance(value, dict):
        return cast("Mapping[str, object]", value).get(key)
    if not isinstance(value, list):
        return None
    items = cast("list[object]", value)
    if key.isdecimal():
        return items[int(key)] if int(key) < len(items) else None
    return [found for found in (_step(item, key) for item in items) if found is not None] or None


def listed(value: object, path: str, source: str) -> Sequence[object]:
    """The objects of a list. Without a path, the only list that the answer holds. Raises BadAnswer where none is."""
    places = [at(value, each.strip()) for each in path.split("|")] if path else _inside(value)
    lists = [cast("list[object]", each) for each in places if isinstance(each, list)]
    if not lists and "." in path.split("|") and isinstance(value, dict):
        lists = [[cast("object", value)]]  # how servers write a list of one when they give each item a text of its own
    if not lists or (not path and len(lists) > 1):
        where = f"no list at {path}" if path else "no list, or several, to read (set items)"
        raise BadAnswer(source, f"an answer with {where}")
    objects = [cast("object", item) for item in lists[0] if isinstance(item, dict)]
    if lists[0] and not objects:
        raise BadAnswer(source, "a list of something else than objects")
    return objects


def _inside(value: object) -> Sequence[object]:
    return list(cast("Mapping[str, object]", value).values()) if isinstance(value, dict) else [value]


def one(value: object, path: str, source: str) -> object:
    """The object at a path, else the whole answer. Raises NotFound for the first of no items, else BadAnswer."""
    places = [each.strip() for each in (path or ".").split("|")]
    for place in places:
        found = at(value, place)
        if isinstance(found, dict):
            return cast("object", found)
        if place.endswith(".0") and at(value, place.removesuffix(".0")) == []:
            raise NotFound(source, "no such record")
    raise BadAnswer(source, f"an answer with no object at {path or 'its top'}")


def _text(value: object, path: str, _paths: Paths) -> str | None:
    parts = [part for each in path.split("+") if (part := _said(at(value, each.strip()))) is not None]
    return " ".join(filter(None, parts)) if parts else None


def _said(found: object) -> str | None:
    """A text, the text of a document, or what an object is called; None where there is nothing."""
    if found is None:
        return None
    if isinstance(found, list):
        parts = (_said(item) for item in cast("list[object]", found))
        return ", ".join(part for part in parts if part)
    row = Row(found, "")
    if not isinstance(found, dict):
        return row.text()
    if row.text("type") == "doc":
        return adf.text_of(row)
    return next((row.text(key) for key in CALLED if row.text(key)), "")


def _texts(value: object, path: str, _paths: Paths) -> tuple[str, ...] | None:
    found = at(value, path)
    items = cast("list[object]", found) if isinstance(found, list) else [] if found is None else [found]
    return tuple(text for text in map(_said, items) if text)


def _time(value: object, path: str, _paths: Paths) -> datetime | None:
    return Row(at(value, path), "").time()


def _number(value: object, path: str, _paths: Paths) -> float | None:
    return Row(at(value, path), "").number()


def _flag(value: object, path: str, _paths: Paths) -> bool | None:
    """Yes or no, turned round by "not", or whether a field holds a word."""
    inner = path.removeprefix("not ")
    where, compares, word = inner.partition("=")
    found = at(value, where.strip())
    if found is None:
        return None
    said = (_said(found) or "").lower()
    is_so = said == word.strip().lower() if compares else found is True or said in {"true", "yes", "1"}
    return is_so == (inner == path)


def _person(value: object, path: str, paths: Paths) -> Person:
    """Who it is, with a role where the server's own word for it is known."""
    found = at(value, path)
    row = Row(found, "")
    said = row.text("role") or row.text("type")
    role = ROLES.get(paths.roles.get(said, said), "")
    return Person(_said(found) or "", role, row.text("email"), row.text("id") or row.text("accountId"))


READERS: Mapping[object, Callable[[object, str, Paths], object]] = {
    str: _text,
    datetime: _time,
    datetime | None: _time,
    float | None: _number,
    bool: _flag,
    bool | None: _flag,
    tuple[str, ...]: _texts,
    Person: _person,
}
