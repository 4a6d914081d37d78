"""Settings that a person wrote, read field by field with errors that say where the value stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from escalation_connectors.errors import InputError

MOST = 1e15
YEARS = range(1970, 3000)


def kind_of(value: object) -> str:
    """What a person would call this YAML value."""
    for kind, name in (
        (dict, "a mapping"),
        (list, "a list"),
        (str, "text"),
        (bool, "true or false"),
        (int | float, "a number"),
    ):
        if isinstance(value, kind):
            return name
    return "nothing" if value is None else "a date"


def shown(value: object) -> str:
    """A value as an error line quotes it: short and printable."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def moment_of(value: object) -> datetime:
    """The aware time that a text names, of a year that can be reckoned with. Raises ValueError in our own words."""
    try:
        at = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("not a time") from None
    if at.year not in YEARS:
        raise ValueError(f"not a time from {YEARS[0]} to {YEARS[-1]}")
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


class Fields:
    """A mapping with typed access; every complaint is one line that starts with where the value stands."""

    def __init__(self, values: Mapping[object, object] | Mapping[str, object], where: str) -> None:
        self.values = {str(key): value for key, value in values.items()}
        self.where = where

    def at(self, key: str) -> str:
        """Where this key stands: "workspace.yaml: teams.engineering"."""
        return f"{self.where}.{key}" if ": " in self.where else f"{self.where}: {key}"

    def wrong(self, key: str, what: str) -> InputError:
        """The error for this key."""
        return InputError(f"{self.at(key)}: {what}")

    def only(self, *keys: str) -> None:
        """Raises InputError for a key that has no meaning here."""
        for key in self.values:
            if key not in keys:
                raise self.wrong(key[:40], f"unknown; known are {', '.join(keys)}")

    def text(self, key: str, default: str = "") -> str:
        """A text; numbers are taken as they are written."""
        value = self.values.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.wrong(key, f"must be text, not {kind_of(value)}")
        return self._written(key, value)

    def _written(self, key: str, value: str | float) -> str:
        """What was written, if every program can show it."""
        text = str(value)
        halves = not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)
        if halves or "\0" in text:
            raise self.wrong(key, f"holds a NUL or half a character: {shown(text)}")
        return text

    def number(self, key: str, default: float, most: float = MOST) -> float:
        """A finite number from zero to `most`."""
        value = self.values.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, f"must be a number, not {shown(value)}")
        if not 0 <= value <= most:
            raise self.wrong(key, f"must be between 0 and {most:,.0f}, not {shown(value)}")
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, f"must be true or false, not {shown(value)}")
        return value

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts."""
        value = self.values.get(key)
        if value is None:
            return default
        if not isinstance(value, list):
            raise self.wrong(key, f"must be a list, not {kind_of(value)}")
        items = cast("list[object]", value)
        if not all(isinstance(item, str | int | float) and not isinstance(item, bool) for item in items):
            raise self.wrong(key, "must be a list of texts")
        return tuple(self._written(key, cast("str | float", item)) for item in items)

    def numbers(self, key: str, most: float = MOST) -> tuple[float, ...]:
        """A list of finite numbers from zero to `most`."""
        items = self.values.get(key)
        if items is None:
            return ()
        if not isinstance(items, list) or None in items:
            raise self.wrong(key, f"must be a list of numbers, not {shown(cast('object', items))}")  # type: ignore[redundant-cast]  # pyright needs it
        every = [Fields({key: item}, self.where) for item in cast("list[object]", items)]
        return tuple(each.number(key, 0, most) for each in every)

    def time(self, key: str) -> datetime | None:
        """An aware time, or None where the key is absent."""
        value = self.values.get(key)
        if value is None:
            return None
        try:
            return moment_of(value)
        except ValueError as error:
            raise self.wrong(key, f"{error}: {shown(value)}") from None

    def fields(self, key: str) -> Fields:
        """A nested mapping (empty where absent)."""
        value = self.values.get(key)
        if value is None:
            return Fields({}, self.at(key))
        if not isinstance(value, dict):
            raise self.wrong(key, f"must be a mapping of keys, not {kind_of(value)}")
        return Fields(cast("dict[object, object]", value), self.at(key))

    def rows(self, key: str) -> tuple[Fields, ...]:
        """A list of mappings (empty where absent)."""
        value = self.values.get(key)
        if value is None:
            return ()
        items = cast("list[object]", value) if isinstance(value, list) else [None]
        if not all(isinstance(item, dict) for item in items):
            raise self.wrong(key, "must be a list of mappings")
        return tuple(
            Fields(fields, f"{self.at(key)}[{fields.get('id', fields.get('target', number))}]")
            for number, fields in enumerate(cast("list[dict[object, object]]", items), 1)
        )
