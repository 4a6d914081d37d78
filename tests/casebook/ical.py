"""A strict reader of iCalendar (RFC 5545): what the standard forbids is an error, also where programs forgive it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct, field

LINE = re.compile(r"([A-Z0-9-]+)((?:;[A-Z0-9-]+=[^\x00-\x1f\x7f\";:,]*)*):(.*)", re.S)
MOMENT = re.compile(r"\d{8}T\d{6}Z")
DURATION = re.compile(r"[+-]?PT(?:\d+H)?(?:\d+M)?(?:\d+S)?")
TEXTS = {"SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME", "PRODID", "UID"}
ONCE = {
    "VCALENDAR": {"VERSION", "PRODID"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART"},
    "VALARM": {"ACTION", "TRIGGER", "DESCRIPTION"},  # of an alarm that displays (3.6.6)
}
KNOWN = {
    "VCALENDAR": {"CALSCALE", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"},
    "VEVENT": {"LAST-MODIFIED", "SEQUENCE", "DURATION", "SUMMARY", "DESCRIPTION", "PRIORITY", "CLASS", "TRANSP"},
    "VALARM": set[str](),
}
INSIDE = {"": ["VCALENDAR"], "VCALENDAR": ["VEVENT"], "VEVENT": ["VALARM"], "VALARM": []}


class Part(Struct):
    """A component: its properties, read, and the components in it."""

    name: str
    values: dict[str, str] = field(default_factory=dict[str, str])
    parts: list[Part] = field(default_factory=list["Part"])

    def moment(self, name: str) -> datetime:
        """A time in UTC."""
        assert MOMENT.fullmatch(self.values[name]), self.values[name]
        return datetime.strptime(self.values[name], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def read(raw: bytes) -> Part:
    """The calendar. Raises AssertionError where it is none."""
    lines = _unfolded(raw)
    whole, rest = _part(lines, 0, "")
    assert rest == len(lines), "something follows the calendar"
    uids = [event.values["UID"] for event in whole.parts]
    assert len(uids) == len(set(uids)), "two events with one UID"
    return whole


def _unfolded(raw: bytes) -> Sequence[str]:
    assert raw.endswith(b"\r\n"), "the last line has no end"
    physical = raw.removesuffix(b"\r\n").split(b"\r\n")
    lines: list[str] = []
    for each in physical:
        assert len(each) <= 75, f"a line of {len(each)} octets"
        said = each.decode()  # a character that was cut does not decode
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]", said), f"a control character: {said!r}"
        if said[:1] in (" ", "\t"):
            lines[-1] += said[1:]
        else:
            assert said, "an empty line"
            lines.append(said)
    return lines


def _part(lines: Sequence[str], at: int, outer: str) -> tuple[Part, int]:
    name = lines[at].removeprefix("BEGIN:")
    assert lines[at] == f"BEGIN:{name}", lines[at]
    assert name in INSIDE[outer], f"{name} in {outer or 'nothing'}"
    part, at = Part(name), at + 1
    while not lines[at].startswith("END:"):
        if lines[at].startswith("BEGIN:"):
            inner, at = _part(lines, at, name)
            part.parts.append(inner)
            continue
        assert not part.parts, "a property after a component"
        key, value = _property(lines[at])
        assert key in ONCE[name] | KNOWN[name], f"{key} in {name}"
        assert key not in part.values, f"two {key}"
        part.values[key], at = value, at + 1
    assert lines[at] == f"END:{name}", lines[at]
    assert ONCE[name] <= part.values.keys(), f"{name} without {ONCE[name] - part.values.keys()}"
    return part, at + 1


def _property(line: str) -> tuple[str, str]:
    found = LINE.fullmatch(line)
    assert found, f"no property: {line!r}"
    key, parameters, value = found.groups()
    assert parameters == (";VALUE=DURATION" if key == "REFRESH-INTERVAL" else ""), parameters
    if key in ("DURATION", "TRIGGER", "REFRESH-INTERVAL"):
        assert DURATION.fullmatch(value), value
    if key in ("SEQUENCE", "PRIORITY"):
        assert value.isascii(), value
        assert value.isdigit(), value
    return key, "".join(_plain(value)) if key in TEXTS else value


def _plain(value: str) -> Iterator[str]:
    """The text behind its escapes; only four characters are escaped, and two of them always."""
    characters = iter(value)
    for character in characters:
        assert character not in ";,", f"not escaped: {value!r}"
        if character != "\\":
            yield character
            continue
        following = next(characters, "")
        assert following in ("\\", ";", ",", "n", "N"), f"no escape: {value!r}"
        yield "\n" if following in "nN" else following
