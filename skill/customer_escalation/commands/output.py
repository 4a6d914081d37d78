"""What a command says: results on standard output or in a file, one clear line on standard error."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from escalation_connectors.errors import EscalationError, InputError

LONGEST_LINE = 500


def writable(output: Path | None) -> None:
    """Raises InputError where no file can be written there; asked before the work."""
    if output is None:
        return
    try:
        if output.is_dir():
            raise InputError(f"--output: is a folder: {output}")
        if not output.resolve().parent.is_dir():
            raise InputError(f"--output: no such folder: {output.parent}")
    except (OSError, RuntimeError):  # too long a name, or links that go round in a circle
        raise InputError(f"--output: cannot be written: {output}") from None


def write(text: str, output: Path | None = None) -> None:
    """Write the text, to standard output where no file is named. Raises InputError, EscalationError."""
    raw = text.encode("utf-8", "replace")
    if output is None:
        _write_out(raw)
        return
    try:
        output.write_bytes(raw)
    except OSError as error:
        raise InputError(f"--output: {error.strerror or 'cannot be written'}: {output}") from None


def _write_out(raw: bytes) -> None:
    try:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except (OSError, AttributeError) as error:  # AttributeError: started without a standard output
        leave_output()
        raise EscalationError(f"standard output: {getattr(error, 'strerror', None) or 'is closed'}") from None


def leave_output() -> None:
    """Nobody takes the output: let the interpreter's last flush go nowhere instead of complaining."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(text: str) -> None:
    """Lines for a person on standard error, beside a result."""
    with contextlib.suppress(AttributeError, OSError):  # started without a standard error
        sys.stderr.write(text)


def say(text: str, status: int) -> int:
    """One line on standard error, without what cannot be seen; gives the status back."""
    line = " ".join(text.split())
    line = line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} ..."
    shown = "".join(character if character.isprintable() else ascii(character)[1:-1] for character in line)
    with contextlib.suppress(AttributeError, OSError):  # started without a standard error
        sys.stderr.write(f"customer-escalation: {shown}\n")
    return status
