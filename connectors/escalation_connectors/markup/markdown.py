"""Plain text as Markdown that shows it as it is: in it nobody is mentioned, and no image, HTML or heading acts.

What stands between fences that begin their line stays code, bullets stay bullets and addresses stay links.
"""

from __future__ import annotations

import re

LINE = re.compile(r"\r\n?|\n")
OPENS, CLOSES = re.compile(r"```[^`]*"), re.compile(r" {0,3}`{3,}[ \t]*")
ADDRESS = re.compile(r"((?<![\w@])https?://[A-Za-z0-9][\w./?&=%:#@+,;-]*)", re.A)
SIGNS = re.compile(r"(?<=[^\W_])_+(?=[^\W_])|([\\`*\[\]<~|$_]|&(?=#?\w+;))")  # underscores inside a word are no sign
CALLS = re.compile(r"(?<![\w.])@(?=\w)|[#!](?=\d)|\bGH-(?=\d)")
AT_START = re.compile(r"(?=[#>]|[-=\s]+$)")
QUIET = "\u200b"


def shown(text: str) -> str:
    """Markdown that reads as this text; a sign that would call somebody or something is followed by an empty one."""
    lines, code = list[str](), False
    for line in LINE.split(text):
        fence = (CLOSES if code else OPENS).fullmatch(line)
        lines.append(line if code or fence else _prose(line))
        code = code != bool(fence)
    return "\n".join(lines)


def _prose(line: str) -> str:
    """A line outside code: what is a sign in it is escaped, and a deep indent, which would make it code, is kept."""
    bare = line.lstrip(" \t")
    indent = line[: len(line) - len(bare)].expandtabs(4)
    parts = (part if number % 2 else _escaped(part) for number, part in enumerate(ADDRESS.split(bare)))
    first = "\\" if AT_START.match(bare) else ""
    return ("\u00a0" * len(indent) if len(indent) > 3 else indent) + first + "".join(parts)


def quiet(text: str) -> str:
    """Text in which nobody is mentioned and no other record is, with an empty sign where a name would begin."""
    return CALLS.sub(lambda call: call[0] + QUIET, text)


def _escaped(text: str) -> str:
    return SIGNS.sub(lambda sign: "\\" + sign[1] if sign[1] else sign[0], quiet(text))
