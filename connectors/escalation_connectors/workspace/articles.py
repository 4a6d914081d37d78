"""Reads an article: YAML front matter between two lines of `---`, then Markdown. Needs PyYAML."""

from __future__ import annotations

import json
import re
from typing import cast

import yaml

from escalation_connectors.workspace.fields import Invalid
from escalation_connectors.workspace.lines import LINE_LIMIT, Entry, text_of

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
        keys, lines = _load(front)
    except yaml.MarkedYAMLError as problem:
        below = problem.problem_mark.line + 1 if problem.problem_mark else 0
        raise Invalid("", "front matter: not YAML", below=below) from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise Invalid("", "front matter: not YAML") from None
    doc = json.dumps({**keys, "body": text[match.end() :].strip()}, ensure_ascii=True)
    return Entry(name, 1, doc, keys=lines)


def _load(front: str) -> tuple[dict[str, object], dict[str, int]]:
    """The keys with their values, and with their lines."""
    loader = _Loader(front)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise Invalid("", "front matter: not a list of keys and values")
        lines = {str(key.value): key.start_mark.line + 2 for key, _ in node.value}
        keys = cast("dict[object, object]", loader.construct_document(node))  # pyright: ignore[reportUnknownMemberType] - as above
    finally:
        loader.dispose()  # pyright: ignore[reportUnknownMemberType] - as above
    return {str(key): value for key, value in keys.items()}, lines
