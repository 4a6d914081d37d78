"""Reads an article: YAML front matter between two lines of `---`, then Markdown. Needs PyYAML."""

from __future__ import annotations

import json
import re
from typing import cast

import yaml

from escalation_connectors.workspace.fields import Invalid
from escalation_connectors.workspace.lines import LINE_LIMIT, Entry, check, text_of

_FRONT = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_FRONT_LIMIT = 64 * 1024


_NULL_ONLY = {
    first: [(tag, pattern) for tag, pattern in every if tag == "tag:yaml.org,2002:null"]
    for first, every in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Loader(yaml.SafeLoader):
    """Plain mappings, lists and text: no aliases (which can blow up), no guessing of dates and numbers."""

    yaml_implicit_resolvers = _NULL_ONLY

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):  # pyright: ignore[reportUnknownMemberType] - untyped in its stubs
            raise Invalid("", "front matter: an alias (*name) is not allowed")
        return super().compose_node(parent, index)


def article_doc(name: str, raw: bytes) -> Entry:
    """The article as a JSON text, with its body under "body"."""
    try:
        return _parse(name, text_of(raw.removeprefix(b"\xef\xbb\xbf")), too_long=len(raw) > LINE_LIMIT)
    except Invalid as problem:
        return Entry(name, 1, problem=problem)


def _parse(name: str, text: str, *, too_long: bool) -> Entry:
    if too_long:
        raise Invalid("", f"longer than {LINE_LIMIT // 1024 // 1024} MiB")
    match = _FRONT.match(text)
    if match is None:
        raise Invalid("", "no front matter (a line ---, the keys id and title, a line ---)")
    front = match[1]
    if len(front) > _FRONT_LIMIT:
        raise Invalid("", "front matter longer than 64 KiB")
    try:
        value = yaml.load(front, _Loader)  # noqa: S506 - a SafeLoader with less in it
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 2 if problem.problem_mark else 1
        return Entry(name, line, problem=Invalid("", "front matter: not YAML"))
    except (yaml.YAMLError, RecursionError, ValueError):
        raise Invalid("", "front matter: not YAML") from None
    if not isinstance(value, dict):
        raise Invalid("", "front matter: not a list of keys and values")
    keys = {str(key): each for key, each in cast("dict[object, object]", value).items()}
    check(keys)
    return Entry(name, 1, json.dumps({**keys, "body": text[match.end() :].strip()}, ensure_ascii=False))
