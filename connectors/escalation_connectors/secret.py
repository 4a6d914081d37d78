"""Secrets by reference: a configuration says where one is kept and never holds it.

env:NAME              an environment variable
file:PATH             the first line of a file
keyring:SERVICE/NAME  the system's keyring
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from escalation_connectors.options import Fields

MOST = 100_000
HERE = Path()
DIGITS = re.compile(r"[0-9]")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,50}")


def secret(fields: Fields, key: str, environment: Mapping[str, str], folder: Path = HERE) -> str:
    """The secret that a field refers to; nothing where the field is absent. Raises InputError that never shows it.

    A relative path of a file is seen from `folder`.
    """
    reference = fields.text(key)
    if not reference:
        return ""
    kind, _, name = reference.partition(":")
    match kind:
        case "env":
            value, missing = environment.get(name, ""), "this environment variable is not set"
        case "file":
            value, missing = _of_file(folder, name), "this file cannot be read, or is empty"
        case "keyring":
            value, missing = _of_keyring(fields, key, name), "the keyring holds no such entry (SERVICE/NAME)"
        case _:
            raise fields.wrong(key, "must say where the secret is kept: env:NAME, file:PATH or keyring:SERVICE/NAME")
    if kind == "env" and not value and not _is_name(name):
        raise fields.wrong(key, "env: must be followed by the name of a variable, not by the secret itself")
    if not value:
        raise fields.wrong(key, f"{kind}:{name}: {missing}")
    if not value.isprintable():
        raise fields.wrong(key, f"{kind}:{name}: holds characters that no secret has")
    return value


def needed(fields: Fields, key: str, environment: Mapping[str, str], folder: Path = HERE) -> str:
    """A secret that must be there. Raises InputError."""
    value = secret(fields, key, environment, folder)
    if not value:
        raise fields.wrong(
            key, "missing; it says where the secret is kept: env:NAME, file:PATH or keyring:SERVICE/NAME"
        )
    return value


def _is_name(name: str) -> bool:
    """Whether it looks like the name of a variable: a secret that was put in its place is not to be shown."""
    return bool(VARIABLE.fullmatch(name)) and (
        name == name.upper() or (name == name.lower() and not DIGITS.search(name))
    )


def _of_file(folder: Path, name: str) -> str:
    path = folder / Path(name).expanduser()
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as stream:
            lines = stream.read(MOST).decode().split("\n")
    except (OSError, ValueError):
        return ""
    return lines[0].strip()


def _of_keyring(fields: Fields, key: str, name: str) -> str:
    service, _, entry = name.rpartition("/")
    if not service or not entry:
        return ""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(service, entry) or ""
    except KeyringError as error:
        raise fields.wrong(key, f"keyring:{name}: the keyring cannot be read ({type(error).__name__})") from None
