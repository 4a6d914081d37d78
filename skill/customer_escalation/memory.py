"""What was worked out from a text before: kept beside the search index, so that a warm run need not work it out again.

Only pure results of a text are kept, under the text's hash. The file's name carries a stamp of the code that works them
out, so a changed rule starts afresh. Losing the file costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from customer_escalation import resources

MOST = 50_000
RULES = ("addressed.py", "language.py", "lexicon.py", "lexicon.yaml", "memory.py", "plain_yaml.py", "safety")


class Memory:
    """Results by kind and text; in memory only until `open` names a folder."""

    def __init__(self) -> None:
        self._known: dict[str, object] = {}
        self._file: Path | None = None
        self._new = False

    def open(self, folder: Path) -> None:
        """Remember what earlier runs kept in this folder; a file that cannot be read counts as empty."""
        self._file = folder / f"memory-{_stamp()}.json"
        try:
            known = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return
        if isinstance(known, dict):
            self._known.update(known)  # pyright: ignore[reportUnknownArgumentType]

    def recall(self, kind: str, text: str, work_out: Callable[[str], object]) -> object:
        """The kept result, or the one worked out now; results must be what JSON can hold."""
        key = f"{kind}:{hashlib.blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=12).hexdigest()}"
        if key in self._known:
            return self._known[key]
        value = work_out(text)
        if len(self._known) < MOST and _keeps(value):
            self._known[key] = value
            self._new = True
        return value

    def save(self) -> None:
        """Keep what is new; failing to is no failure."""
        if self._file is None or not self._new:
            return
        fresh = self._file.with_suffix(f".{os.getpid()}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh.touch(mode=0o600)
            fresh.write_text(json.dumps(self._known, ensure_ascii=True, separators=(",", ":")), encoding="ascii")
            for old in self._file.parent.glob("memory-*.json"):
                if old != self._file:
                    old.unlink(missing_ok=True)
            fresh.replace(self._file)
            self._new = False
        except (OSError, TypeError, ValueError):
            with contextlib.suppress(OSError):  # where the folder cannot be made, there is nothing to remove either
                fresh.unlink(missing_ok=True)


def _keeps(value: object) -> bool:
    """Whether JSON gives the same value back."""
    try:
        return bool(json.loads(json.dumps(value)) == value)
    except (TypeError, ValueError, RecursionError):
        return False


def _stamp() -> str:
    """A hash of the rules' sources."""
    found = hashlib.blake2b(digest_size=8)
    for name in RULES:
        path = resources.PACKAGE / name
        for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            found.update(file.read_bytes())
    return found.hexdigest()


MEMORY = Memory()
