"""One JSON object, key by key: what is there has the right type, or `Invalid` says which field is wrong and how."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

from escalation_connectors.records import NOTHING, Role

_SHOWN = 60
_ID_LIMIT = 200
_ROLES: Mapping[str, Role] = {
    "": "",
    "customer": "customer",
    "agent": "agent",
    "engineer": "engineer",
    "system": "system",
}
_YEARS = range(1900, 3000)
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ]((?:[01]\d|2[0-3]):[0-5]\d):([0-5]\d|60)(\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?",
    re.ASCII,
)


class Invalid(Exception):  # noqa: N818 - always caught inside this package and turned into an InputError
    """A record that is not what the format says.

    `field` is empty where the whole line is meant; `below` is how many lines under the record's first line it is.
    """

    def __init__(self, field: str, what: str, *, below: int = 0) -> None:
        super().__init__(f"{field}: {what}" if field else what)
        self.field = field
        self.below = below


def shown(value: object) -> str:
    """The value as a person may read it in a message: printable, one line, short."""
    if isinstance(value, str):
        quoted = repr(value[: _SHOWN + 1])
        return quoted if len(quoted) <= _SHOWN + 2 else f"{quoted[:_SHOWN]}…{quoted[0]}"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return json.dumps(value)[:_SHOWN]


def time_of(text: str) -> datetime:
    """RFC 3339, or a bare date that means the start of that day in UTC. Raises ValueError with the reason."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError("not a time")
    day, minutes, seconds, fraction, zone = match.groups()
    if minutes is None:
        return _utc(f"{day}T00:00:00+00:00")
    if zone is None:
        raise ValueError("a time without a zone")
    if seconds == "60":  # a leap second, which datetime cannot hold
        return _utc(f"{day}T{minutes}:59{zone.upper()}") + timedelta(seconds=1)
    return _utc(f"{day}T{minutes}:{seconds}{fraction or ''}{zone.upper()}")


def _utc(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("not a time") from None
    if at.year not in _YEARS:  # 0001 and 9999 stand for "none" in exports, and no span could be added to them
        raise ValueError(f"not a time from {_YEARS[0]} to {_YEARS[-1]}")
    return at


class Fields:
    """Takes the known keys out of an object one by one; what is left over is `extra`."""

    __slots__ = ("_extra", "_path", "_raw")

    def __init__(self, raw: dict[str, object], path: str = "", extra: dict[str, object] | None = None) -> None:
        self._raw = raw
        self._path = path
        self._extra: dict[str, object] = {} if extra is None else extra

    def wrong(self, key: str, what: str, value: object) -> Invalid:
        """The complaint about one value."""
        return Invalid(f"{self._path}{key}", f"{what}: {shown(value)}")

    def text(self, key: str) -> str:
        """Text, or empty where absent."""
        value = self._raw.pop(key, "")
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        raise self.wrong(key, "not text", value)

    def word(self, key: str) -> str:
        """Text or a whole number, which exports mix for ids and priorities."""
        value = self._raw.pop(key, "")
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(key, "not text", value)
        return shown(value)

    def needed(self, key: str) -> str:
        """Text that must be present; it may be empty."""
        self._present(key)
        return self.text(key)

    def ident(self, key: str) -> str:
        """An id that must be present: one line of printable text, not blank, of a sane length."""
        self._present(key)
        value = self.word(key).strip()
        if not value:
            raise Invalid(f"{self._path}{key}", "empty")
        if len(value) > _ID_LIMIT or not value.isprintable():
            raise self.wrong(key, "not an id", value)
        return value

    def time(self, key: str) -> datetime | None:
        """An aware time in UTC, or None where absent."""
        value = self._raw.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.wrong(key, "not a time", value)
        try:
            return time_of(value)
        except ValueError as problem:
            raise self.wrong(key, str(problem), value) from None

    def needed_time(self, key: str) -> datetime:
        """A time that must be present."""
        self._present(key)
        value = self.time(key)
        assert value is not None  # noqa: S101 - _present refused null
        return value

    def number(self, key: str) -> float | None:
        """A finite number, or None where absent."""
        value = self._raw.pop(key, None)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, "not a number", value)
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self.wrong(key, "not a finite number", value)
        return number

    def flag(self, key: str) -> bool | None:
        """True, false, or None where absent."""
        value = self._raw.pop(key, None)
        if value is None or isinstance(value, bool):
            return value
        raise self.wrong(key, "not true or false", value)

    def role(self, key: str) -> Role:
        """One of the roles, in any case, or empty where absent."""
        value = self.text(key)
        role = _ROLES.get(value.strip().lower())
        if role is None:
            raise self.wrong(key, "not one of customer, agent, engineer, system", value)
        return role

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of text (or whole numbers, for ids), or empty where absent."""
        return tuple(self._texts(key))

    def _texts(self, key: str) -> Iterator[str]:
        for index, value in enumerate(self._list(key)):
            if isinstance(value, str):
                yield value
            elif isinstance(value, int) and not isinstance(value, bool):
                yield shown(value)
            else:
                raise self.wrong(f"{key}[{index}]", "not text", value)

    def child(self, key: str) -> Fields | None:
        """The object under a key, or None where absent."""
        value = self._raw.pop(key, None)
        return None if value is None else self._child(key, value)

    def children(self, key: str) -> Iterator[Fields]:
        """The objects of a list, none where absent."""
        for index, value in enumerate(self._list(key)):
            yield self._child(f"{key}[{index}]", value)

    def rest(self) -> Mapping[str, object]:
        """The keys that nobody asked for, also those of inner objects, by their path. Ends the reading."""
        if self._raw:
            self._extra.update((f"{self._path}{key}", value) for key, value in self._raw.items())
        return self._extra or NOTHING

    def _child(self, key: str, value: object) -> Fields:
        if not isinstance(value, dict):
            raise self.wrong(key, "not an object", value)
        return Fields(cast("dict[str, object]", value), f"{self._path}{key}.", self._extra)

    def _list(self, key: str) -> list[object]:
        value = self._raw.pop(key, None)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(key, "not a list", value)
        return cast("list[object]", value)

    def _present(self, key: str) -> None:
        if self._raw.get(key) is None:
            raise Invalid(f"{self._path}{key}", "missing")
