"""Secrets by reference: a configuration says where one is kept and never holds it.

env:NAME              an environment variable
file:PATH             the first line of a file
keyring:SERVICE/NAME  the system's keyring
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from escalation_connectors.errors import InputError
from escalation_connectors.options import Fields

MOST = 100_000


def secret(fields: Fields, key: str, environment: Mapping[str, str]) -> str:
    """The secret that a field refers to; nothing where the field is absent. Raises InputError that never shows it."""
    reference = fields.text(key)
    if not reference:
        return ""
    kind, _, name = reference.partition(":")
    match kind:
        case "env":
            value, missing = environment.get(name, ""), "this environment variable is not set"
        case "file":
            value, missing = _of_file(name), "this file cannot be read, or is empty"
        case "keyring":
            value, missing = _of_keyring(name), "the keyring holds no such entry (SERVICE/NAME)"
        case _:
            raise fields.wrong(key, "must say where the secret is kept: env:NAME, file:PATH or keyring:SERVICE/NAME")
    if not value:
        raise fields.wrong(key, f"{kind}:{name}: {missing}")
    if not value.isprintable():
        raise fields.wrong(key, f"{kind}:{name}: holds characters that no secret has")
    return value


def needed(fields: Fields, key: str, environment: Mapping[str, str]) -> str:
    """A secret that must be there. Raises InputError."""
    value = secret(fields, key, environment)
    if not value:
        raise fields.wrong(
            key, "missing; it says where the secret is kept: env:NAME, file:PATH or keyring:SERVICE/NAME"
        )
    return value


def _of_file(name: str) -> str:
    path = Path(name).expanduser()
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as stream:
            lines = stream.read(MOST).decode().split("\n")
    except (OSError, ValueError):
        return ""
    return lines[0].strip()


def _of_keyring(name: str) -> str:
    service, _, entry = name.rpartition("/")
    if not service or not entry:
        return ""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(service, entry) or ""
    except KeyringError as error:
        raise InputError(f"keyring:{name}: the keyring cannot be read ({type(error).__name__})") from None
