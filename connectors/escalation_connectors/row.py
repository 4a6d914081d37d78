"""One JSON object of a vendor's answer, read field by field; a null and a missing field read the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import cast

from escalation_connectors.errors import BadAnswer

EPOCH = re.compile(r"\d{9,13}(\.\d+)?")
MILLISECONDS = 100_000_000_000  # an epoch above this counts milliseconds: as seconds it would be the year 5138


class Row:
    """Every method takes the path to a field, `row.text("via", "channel")`; only `must...` and `when` insist on one."""

    __slots__ = ("_source", "_value")

    def __init__(self, value: object, source: str) -> None:
        self._value: object = value
        self._source = source

    def _at(self, path: tuple[str, ...]) -> object:
        value = self._value
        for key in path:
            value = cast("Mapping[str, object]", value).get(key) if isinstance(value, dict) else None
        return value

    def __bool__(self) -> bool:
        return bool(self._value)

    @property
    def raw(self) -> object:
        """The value as it came."""
        return self._value

    def text(self, *path: str) -> str:
        """Text as it is, but for how its lines end; numbers as they are written; anything else as nothing."""
        value = self._at(path)
        if isinstance(value, str):
            return value.replace("\r\n", "\n")
        try:
            return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
        except ValueError:  # a number of more digits than Python writes
            return ""

    def must(self, *path: str) -> str:
        """A text that the vendor's contract promises. Raises BadAnswer that names the field."""
        value = self.text(*path)
        if not value:
            raise BadAnswer(self._source, f"an answer without {'.'.join(path)}")
        return value

    def number(self, *path: str) -> float | None:
        """A number, also one written as text."""
        value = self._at(path)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        try:
            number = float(value)
        except (ValueError, OverflowError):
            return None
        return number if number - number == 0 else None  # neither infinite nor not-a-number

    def count(self, *path: str) -> int | None:
        """A whole number of things."""
        number = self.number(*path)
        return int(number) if number is not None and number >= 0 else None

    def flag(self, *path: str) -> bool | None:
        """True, false, or None where the source did not say."""
        value = self._at(path)
        return value if isinstance(value, bool) else None

    def time(self, *path: str) -> datetime | None:
        """An aware time from ISO 8601 or an epoch in seconds or milliseconds; UTC where no zone is written."""
        text = self.text(*path)
        if EPOCH.fullmatch(text):
            return _from_epoch(float(text))
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return None
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    def when(self, *path: str) -> datetime:
        """A time that the vendor's contract promises. Raises BadAnswer that names the field."""
        at = self.time(*path)
        if at is None:
            raise BadAnswer(self._source, f"an answer without a time in {'.'.join(path)}")
        return at

    def row(self, *path: str) -> Row:
        """A nested object; an empty row where there is none."""
        value = self._at(path)
        return Row(cast("object", value) if isinstance(value, dict | list) else {}, self._source)

    def rows(self, *path: str) -> tuple[Row, ...]:
        """The objects of a list; nothing where there is no list."""
        value = self._at(path)
        items = cast("list[object]", value) if isinstance(value, list) else []
        return tuple(
            Row(item, self._source) for item in cast("list[dict[str, object] | None]", items) if isinstance(item, dict)
        )

    def must_rows(self, *path: str, none: bool = False) -> tuple[Row, ...]:
        """The objects of a list that the vendor's contract promises. Raises BadAnswer that names it.

        `none` says that the answer tells in another way that there are none.
        """
        if not none and not isinstance(self._at(path), list):
            raise BadAnswer(self._source, " ".join(("an answer without the list", ".".join(path))).rstrip())
        return self.rows(*path)

    def texts(self, *path: str) -> tuple[str, ...]:
        """The texts of a list."""
        value = self._at(path)
        items = cast("list[object]", value) if isinstance(value, list) else []
        return tuple(text for text in (Row(item, self._source).text() for item in items) if text)

    def items(self) -> Iterator[tuple[str, Row]]:
        """The fields of this object, each as a row of its own."""
        value = self._value
        if isinstance(value, dict):
            for key, each in cast("dict[str, object]", value).items():
                yield key, Row(each, self._source)


NOTHING = Row({}, "")


def _from_epoch(number: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(number / 1000 if number > MILLISECONDS else number, UTC)
    except (OverflowError, OSError, ValueError):
        return None
