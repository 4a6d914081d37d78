"""Reads the files of a workspace: every record with its line, or the one line that says what is wrong.

Only needed when an index is built.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple, NoReturn, cast

from escalation_connectors.workspace.fields import Fields, Invalid, shown

LINE_LIMIT = 8 * 1024 * 1024
DEPTH_LIMIT = 64
_BOM = b"\xef\xbb\xbf"
_NO_KEYS: Mapping[str, int] = {}
_FIRST_KEY = re.compile(r"[.\[]")
_ODD_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class Entry(NamedTuple):
    """One record of a file: its JSON text, or what is wrong with it; `keys` are the lines of its keys, where known."""

    file: str
    line: int
    doc: str = ""
    problem: Invalid | None = None
    keys: Mapping[str, int] = _NO_KEYS

    def line_of(self, problem: Invalid) -> int:
        """The line that a problem is on: of the key, where keys have lines of their own."""
        return self.keys.get(_FIRST_KEY.split(problem.field)[0], self.line) + problem.below


def entries(file: str, stream: BinaryIO) -> Iterator[Entry]:
    """The lines of a .jsonl file that are not blank, as JSON texts that `fields_of` can read."""
    number = 0
    while raw := stream.readline(LINE_LIMIT + 2):
        number += 1
        if number == 1:
            raw = raw.removeprefix(_BOM)
        if len(raw) > LINE_LIMIT and not raw.endswith(b"\n"):
            while (more := stream.readline(LINE_LIMIT)) and not more.endswith(b"\n"):
                pass
            yield Entry(file, number, problem=Invalid("", f"longer than {LINE_LIMIT // 1024 // 1024} MiB"))
            continue
        if raw.strip():
            yield _entry(file, number, raw)


def _entry(file: str, number: int, raw: bytes) -> Entry:
    try:
        return Entry(file, number, text_of(raw).strip())
    except Invalid as problem:
        return Entry(file, number, problem=problem)


def text_of(raw: bytes) -> str:
    """The bytes as text. Raises Invalid for what is not UTF-8 or holds NUL bytes."""
    if (start := raw.find(b"\0")) >= 0:
        raise Invalid("", "holds a NUL byte (not UTF-8 text?)", below=raw.count(b"\n", 0, start))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        start = problem.start
        column = start - raw.rfind(b"\n", 0, start)
        what = f"not UTF-8: byte 0x{raw[start]:02x} at column {column}"
        raise Invalid("", what, below=raw.count(b"\n", 0, start)) from None


def fields_of(doc: str) -> Fields:
    """The JSON object in a text. Raises Invalid for everything that is not plain, finite JSON."""
    try:
        value = _DECODER.decode(doc)
    except json.JSONDecodeError as problem:
        reason = next((ours for theirs, ours in _REASONS.items() if problem.msg.startswith(theirs)), "a mistake")
        raise Invalid("", f"not JSON: {reason} at column {problem.colno}") from None
    except RecursionError:
        raise Invalid("", "nested too deeply") from None
    except ValueError:
        raise Invalid("", "not JSON: a number with too many digits") from None
    if not isinstance(value, dict):
        raise Invalid("", f"not a JSON object: {shown(value)}")
    fields = cast("dict[str, object]", value)
    if doc.count("{") + doc.count("[") > DEPTH_LIMIT or _ODD_ESCAPE.search(doc):
        check(fields)
    return Fields(fields)


def check(value: object) -> None:
    """Refuses what no other program could take: deep nesting, lone surrogates, NUL characters."""
    todo: list[tuple[str, object, int]] = [("", value, 1)]
    while todo:
        path, value, depth = todo.pop()
        if isinstance(value, str):
            _check_text(path, value)
        elif isinstance(value, dict | list):
            if depth > DEPTH_LIMIT:
                raise Invalid("", "nested too deeply")
            todo.extend(
                (f"{path}{step}", each, depth + 1) for step, each in reversed(list(_steps(path, cast("object", value))))
            )


def _steps(path: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, each in cast("dict[str, object]", value).items():
            _check_text(path or "a key", key)
            yield (f".{key}" if path else key), each
    else:
        yield from ((f"[{index}]", each) for index, each in enumerate(cast("list[object]", value)))


def _check_text(path: str, text: str) -> None:
    if "\0" in text:
        raise Invalid(path, f"holds a NUL character: {shown(text)}")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Invalid(path, f"holds half a character (a lone surrogate): {shown(text)}") from None


def _refuse(text: str) -> NoReturn:
    raise Invalid("", f"not JSON: {text} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:
        raise Invalid("", f"not a finite number: {shown(text)}")
    return number


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
_REASONS = {
    "Expecting value": "a value is missing",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting ',' delimiter": "a comma is missing",
    "Extra data": "more text after the object",
    "Unterminated string starting at": "a text without an end that starts",
    "Invalid control character": "a control character",
    "Invalid \\": "a wrong escape",
    "Illegal trailing comma": "a comma too many",
}


def article_entries(folder: Path) -> Iterator[Entry]:
    """The articles of a folder, by name."""
    from escalation_connectors.workspace.articles import article_doc

    for path in article_paths(folder):
        name = f"{folder.name}/{path.name}"
        with path.open("rb") as stream:
            raw = stream.read(LINE_LIMIT + 1)
        yield article_doc(name, raw)


def article_paths(folder: Path) -> list[Path]:
    """The Markdown files of the folder itself, without hidden ones."""
    return sorted(path for path in folder.iterdir() if path.suffix == ".md" and not path.name.startswith("."))
