"""YAML that a person wrote, read with errors that name the file and the field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import cast

from customer_escalation.memory import MEMORY
from escalation_connectors.errors import InputError

LIMIT = 1_000_000


def load(path: Path) -> Fields:
    """The mapping in a YAML file (empty file: empty mapping). Raises InputError."""
    name = path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror or 'unknown reason'}") from None
    if len(raw) > LIMIT:
        raise InputError(f"{name}: larger than {LIMIT:,} bytes")
    try:
        value = MEMORY.recall("yaml", raw.decode("utf-8-sig"), partial(_parse, name))
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 at byte {error.start}") from None
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise InputError(f"{name}: must be a mapping of keys, not {kind_of(value)}")
    return Fields(cast("dict[object, object]", value), name)


def _parse(name: str, text: str) -> object:
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe, in C where built
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark is not None else ""
        raise InputError(f"{name}{line}: not valid YAML") from None


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


class Fields:
    """A mapping with typed access; every complaint is one line that starts with where the value stands."""

    def __init__(self, values: Mapping[object, object], where: str) -> None:
        self.values = {str(key): value for key, value in values.items()}
        self.where = where

    def at(self, key: str) -> str:
        """Where this key stands: "workspace.yaml: teams.engineering"."""
        return f"{self.where}.{key}" if ": " in self.where else f"{self.where}: {key}"

    def wrong(self, key: str, what: str) -> InputError:
        """The error for this key."""
        return InputError(f"{self.at(key)}: {what}")

    def text(self, key: str, default: str = "") -> str:
        """A text; numbers are taken as they are written."""
        value = self.values.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.wrong(key, f"must be text, not {kind_of(value)}")
        return str(value)

    def number(self, key: str, default: float) -> float:
        """A finite number of zero or more."""
        value = self.values.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, f"must be a number, not {shown(value)}")
        if not 0 <= value < 1e15:
            raise self.wrong(key, f"must be between 0 and 1e15, not {shown(value)}")
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
        return tuple(str(item) for item in items)

    def time(self, key: str) -> datetime | None:
        """An aware time, or None where the key is absent."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, date):
            return datetime.combine(value, time(), UTC)
        if isinstance(value, str) and value[:4].isdigit():
            return self._moment(key, value)
        raise self.wrong(key, f"not a time: {shown(value)}")

    def _moment(self, key: str, text: str) -> datetime:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise self.wrong(key, f"not a time: {shown(text)}") from None
        return at if at.tzinfo else at.replace(tzinfo=UTC)

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
            Fields(cast("dict[object, object]", item), f"{self.at(key)}.{number}")
            for number, item in enumerate(items, 1)
        )
