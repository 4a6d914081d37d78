"""Where the bundled files are: inside the installed package first, in the checkout second."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
SAMPLE = PACKAGE / "sample"


def path_of(name: str) -> Path:
    """The path of a bundled file or folder ("SKILL.md", "prompts"); raises FileNotFoundError."""
    for root in (PACKAGE / "_bundle", PACKAGE.parent.parent):
        found = root / name
        if found.exists():
            return found
    raise FileNotFoundError(name)


def text_of(name: str) -> str:
    """The text of a bundled file."""
    return path_of(name).read_text(encoding="utf-8")
