"""What was worked out from a text before: kept beside the search index, so that a warm run need not work it out again.

Only pure results of a text are kept, under the text's hash. The file's name carries a stamp of the code that works them
out, so a changed rule starts afresh. Losing the file costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from customer_escalation import resources

T = TypeVar("T")
MOST = 20_000
RULES = ("addressed*", "headed.py", "language.py", "lexicon.*", "memory.py", "plain_yaml.py", "safety", "verify")


class Memory:
    """Results by kind and text; in memory only until `open` names a folder."""

    def __init__(self) -> None:
        self._known: dict[str, object] = {}
        self._shapes: dict[str, Any] = {}
        self._file: Path | None = None
        self._new = False

    def open(self, folder: Path) -> None:
        """Remember what earlier runs kept in this folder; a file that cannot be read counts as empty."""
        self._file = folder / f"memory-{_stamp()}.msgpack"
        try:
            known = _decoder(dict[str, msgspec.Raw]).decode(self._file.read_bytes())
        except (OSError, ValueError):
            return
        self._known.update(known)

    def recall(self, kind: str, text: str, work_out: Callable[[str], T], shape: Any = object) -> T:  # noqa: ANN401 - a type
        """The kept result, or the one worked out now; `shape` is its type, where MessagePack alone cannot tell."""
        key = f"{kind}:{hashlib.blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=12).hexdigest()}"
        known = self._known.pop(key, msgspec.UNSET)
        if isinstance(known, msgspec.Raw):
            try:
                known = _decoder(shape).decode(known)
            except ValueError:
                known = msgspec.UNSET
        if known is msgspec.UNSET:
            known = work_out(text)
            self._new = True
        self._known[key] = known  # at the end: what is used stays longest
        self._shapes[key] = shape
        return cast("T", known)

    def save(self) -> None:
        """Keep what is new; failing to is no failure."""
        if self._file is None or not self._new:
            return
        fresh = self._file.with_suffix(f".{os.getpid()}")
        kept = dict(list(self._known.items())[-MOST:])
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            packed = {key: raw for key, value in kept.items() if (raw := self._packed(key, value)) is not None}
            if not packed:
                return
            fresh.touch(mode=0o600)
            fresh.write_bytes(msgspec.msgpack.encode(packed))
            for old in self._file.parent.glob("memory-*"):
                if old.suffix in (".json", ".msgpack") and old != self._file:
                    old.unlink(missing_ok=True)
            fresh.replace(self._file)
            self._new = False
        except (OSError, TypeError, ValueError):
            with contextlib.suppress(OSError):  # where the folder cannot be made, there is nothing to remove either
                fresh.unlink(missing_ok=True)

    def _packed(self, key: str, value: object) -> msgspec.Raw | None:
        """The result as MessagePack, or None where that would not give the same value back."""
        if isinstance(value, msgspec.Raw):
            return value
        try:
            packed = msgspec.msgpack.encode(value)
            same = _decoder(self._shapes[key]).decode(packed) == value
        except (TypeError, ValueError, RecursionError):
            return None
        return msgspec.Raw(packed) if same else None


@lru_cache(maxsize=16)
def _decoder(shape: Any) -> msgspec.msgpack.Decoder[Any]:  # noqa: ANN401
    return msgspec.msgpack.Decoder(shape)


def _stamp() -> str:
    """A hash of the rules' sources."""
    found = hashlib.blake2b(digest_size=8)
    for pattern in RULES:
        for path in sorted(resources.PACKAGE.glob(pattern)):
            for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
                found.update(file.read_bytes())
    return found.hexdigest()


MEMORY = Memory()
