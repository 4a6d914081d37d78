"""The options by which another command means the same cases."""

from __future__ import annotations

import shlex
from pathlib import Path


def options(**given: Path | None) -> str:
    """` --workspace=DIR --config=FILE`, as far as given, quoted for a shell."""
    return "".join(f" --{name}={shlex.quote(str(path.absolute()))}" for name, path in given.items() if path is not None)
