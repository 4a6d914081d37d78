"""An exact text as it is shown to the person who decides on it."""

from __future__ import annotations

MARK = "│ "


def marked(text: str) -> str:
    """Each line of the text with a mark, so that no line of it can pass for one of ours."""
    return "\n".join(f"{MARK}{line}" for line in text.split("\n"))
