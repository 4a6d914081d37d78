"""Where OAuth tokens are kept between runs: the system's keyring, or a file that only its owner can read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Protocol

import msgspec

from escalation_connectors.errors import InputError

SERVICE = "customer-escalation"
NO_KEYRING = "tokens: this system has no keyring that can be used; set `tokens: file`"


class Tokens(msgspec.Struct, frozen=True):
    """An access token, what renews it, and when it expires (seconds since 1970; 0 where unknown)."""

    access: str
    refresh: str = ""
    expires_at: float = 0.0

    def __repr__(self) -> str:
        return "Tokens(…)"


class TokenStore(Protocol):
    """Keeps the tokens of a source by name."""

    def load(self, name: str) -> Tokens | None:
        """The tokens, or None where there are none that can be read."""
        ...

    def save(self, name: str, tokens: Tokens) -> None:
        """Keep them; what was kept before stays whole until the new ones are."""
        ...


class KeyringTokens:
    """In the system's keyring."""

    def load(self, name: str) -> Tokens | None:
        """From the keyring."""
        import keyring
        from keyring.errors import KeyringError

        try:
            return _decoded((keyring.get_password(SERVICE, name) or "").encode())
        except KeyringError:
            raise InputError(NO_KEYRING) from None

    def save(self, name: str, tokens: Tokens) -> None:
        """Into the keyring."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, name, msgspec.json.encode(tokens).decode())
        except KeyringError:
            raise InputError(NO_KEYRING) from None


class FileTokens:
    """In a folder of files with mode 0600."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, name: str) -> Tokens | None:
        """From its file."""
        try:
            return _decoded(self._file(name).read_bytes())
        except OSError:
            return None

    def save(self, name: str, tokens: Tokens) -> None:
        """Into its file, by way of another one."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, new = tempfile.mkstemp(dir=self._folder)  # made with mode 0600
        with os.fdopen(handle, "wb") as stream:
            stream.write(msgspec.json.encode(tokens))
        Path(new).replace(self._file(name))

    def _file(self, name: str) -> Path:
        return self._folder / f"{''.join(each if each.isalnum() else '-' for each in name)}.json"


def _decoded(raw: bytes) -> Tokens | None:
    try:
        return msgspec.json.decode(raw, type=Tokens)
    except msgspec.DecodeError:
        return None
