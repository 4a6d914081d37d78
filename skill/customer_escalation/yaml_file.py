"""YAML files that a person wrote, read with errors that name the file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import cast

from customer_escalation.memory import MEMORY
from escalation_connectors.errors import InputError
from escalation_connectors.options import Fields, kind_of

LIMIT = 1_000_000


def load(path: Path) -> Fields:
    """The mapping in a YAML file (empty file: empty mapping). Raises InputError."""
    name = path.name
    raw = _bytes_of(path)
    if b"\0" in raw:
        raise InputError(f"{name}: holds a NUL byte (not UTF-8 text?)")
    try:
        value = MEMORY.recall("yaml", raw.decode("utf-8-sig"), partial(_parse, name))
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 at byte {error.start}") from None
    if value is None:
        value = {}
    if not isinstance(value, dict):
        raise InputError(f"{name}: must be a mapping of keys, not {kind_of(value)}")
    return Fields(cast("dict[object, object]", value), name)


def _bytes_of(path: Path) -> bytes:
    if path.exists() and not path.is_file():  # a pipe would keep us waiting
        raise InputError(f"{path.name}: not a file")
    try:
        with path.open("rb") as stream:
            raw = stream.read(LIMIT + 1)
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read: {error.strerror or 'unknown reason'}") from None
    if len(raw) > LIMIT:
        raise InputError(f"{path.name}: larger than {LIMIT:,} bytes")
    return raw


def _parse(name: str, text: str) -> object:
    from customer_escalation import plain_yaml

    try:
        return plain_yaml.parse(text)
    except plain_yaml.NotPlain as error:
        raise InputError(f"{name}{f':{error.line}' if error.line else ''}: {error}") from None
