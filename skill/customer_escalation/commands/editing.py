"""The new text of a write: from standard input, or from the person's own editor."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from customer_escalation.commands.options import typed, utf8
from escalation_connectors.errors import InputError

LONGEST = 60_000


def edited(before: str) -> str:
    """What standard input holds; in a terminal what the person's editor makes of the text. Raises InputError."""
    if not sys.stdin or not sys.stdin.isatty():
        return utf8(typed("standard input", LONGEST), "standard input")
    from customer_escalation import settings

    command = settings.editor()
    if not command:
        raise InputError("--text: give the new text there, or name your editor in the variable EDITOR")
    with tempfile.TemporaryDirectory() as folder:  # its owner's alone
        file = Path(folder) / "text.md"
        file.write_text(before, encoding="utf-8")
        try:
            done = subprocess.run((*command, str(file)), check=False)  # noqa: S603 - the person's own command
            after = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            what = getattr(error, "strerror", None) or "left no UTF-8 text"
            raise InputError(f"EDITOR: {command[0]}: {what}") from None
    if done.returncode:
        raise InputError(f"EDITOR: {command[0]} ended with status {done.returncode}; nothing was changed")
    return after
