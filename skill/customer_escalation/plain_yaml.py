"""YAML without its surprises: no aliases (which can blow up), no tags, no depth, and no guessing beyond plain numbers.

NO is Norway, 17:00 is a time of day and 2026-12-24 stays as it was written; only true, false, null and decimal numbers
are taken for more than text (https://yaml.org/spec/1.2.2/#103-core-schema).
"""

from __future__ import annotations

import re
from typing import cast

import yaml

DEEPEST = 40
_PLAIN = (
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE"), "tTfF"),
    ("null", re.compile(r"~|null|Null|NULL|"), ["~", "n", "N", ""]),
    ("int", re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})"), "-+0123456789"),
    (
        "float",
        re.compile(
            r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
        ),
        "-+.0123456789",
    ),
)
_Base = cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # in C where it was built


class _Loader(_Base):  # type: ignore[misc, valid-type]  # the class is chosen at run time
    """Plain mappings, lists, text, numbers, true, false and null."""


_Loader.yaml_implicit_resolvers = {}
for _name, _pattern, _first in _PLAIN:
    _whole = re.compile(rf"(?:{_pattern.pattern})\Z")
    for _character in _first:
        _Loader.yaml_implicit_resolvers.setdefault(_character, []).append((f"tag:yaml.org,2002:{_name}", _whole))


class NotPlain(ValueError):  # noqa: N818 - the outcome, as its one reader names it
    """The text is not such YAML; `line` is where that was seen (0: unknown)."""

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(what)
        self.line = line


def parse(text: str) -> object:
    """The one value in this text (None where there is none). Raises NotPlain."""
    try:
        _check(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader with fewer powers
    except yaml.MarkedYAMLError as error:
        raise NotPlain("not valid YAML", error.problem_mark.line + 1 if error.problem_mark else 0) from None
    except (yaml.YAMLError, ValueError) as error:
        raise error if isinstance(error, NotPlain) else NotPlain("not valid YAML") from None


class _Inside:
    """A mapping or a list that is being read: which keys were there, and whether the next value is one."""

    def __init__(self, is_mapping: bool) -> None:
        self._keys, self._is_mapping, self._is_key = dict[str, int](), is_mapping, is_mapping

    def take(self, event: yaml.Event, line: int) -> None:
        """The next value within. Raises NotPlain for a key that was there before."""
        if self._is_key and isinstance(event, yaml.ScalarEvent):
            key = event.value
            if key in self._keys:
                shown = key if len(key) <= 40 and key.isprintable() else "a key"
                raise NotPlain(f"{shown} stands here twice, first in line {self._keys[key]}", line)
            self._keys[key] = line
        self._is_key = self._is_mapping and not self._is_key


def _check(text: str) -> None:
    """Look at the events first: building the values of a hostile text could exhaust the stack or the memory."""
    depth, inside = 0, list[_Inside]()
    for event in yaml.parse(text, Loader=_Loader):
        line = cast("yaml.Mark", event.start_mark).line + 1
        if isinstance(event, yaml.AliasEvent):
            raise NotPlain("an alias (*name) is not allowed", line)
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            raise NotPlain("a tag (!name) is not allowed", line)
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and inside:
            inside[-1].take(event, line)
        if isinstance(event, yaml.CollectionStartEvent):
            inside.append(_Inside(isinstance(event, yaml.MappingStartEvent)))
        elif isinstance(event, yaml.CollectionEndEvent):
            inside.pop()
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise NotPlain("nested too deeply", line)
