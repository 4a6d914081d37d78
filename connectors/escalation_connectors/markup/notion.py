"""Notion's markdown as plain markdown: without its tags, colours and escapes; code stays as it stands.

https://developers.notion.com/guides/data-apis/enhanced-markdown
"""

from __future__ import annotations

import re

CODE = re.compile(r"(^[ \t]*```.*?^[ \t]*```[ \t]*$|(?<!\\)`[^`\n]+`)", re.M | re.S)
SIGNS = re.compile(
    r"\\(?P<escaped>[\\*~`$\[\]<>{}|^])"
    r"|<(?P<end>/?)(?P<tag>[a-z][a-z0-9_-]*)(?P<given>(?:\s+[\w?-]+=\"[^\"]*\")*)\s*(?P<alone>/?)>"
    r"|[ ]?\{[a-z]+=\"[^\"{}]*\"(?: [a-z]+=\"[^\"{}]*\")*\}"
)
GIVEN = re.compile(r"([\w-]+)=\"([^\"]*)\"")
SHOWN = ("url", "src", "start")


def text_of(markdown: str) -> str:
    """The text; a mention or file that has no words of its own gives its address or date."""
    parts = CODE.split(markdown)
    return "".join(part if number % 2 else SIGNS.sub(_shown, part) for number, part in enumerate(parts)).strip("\n")


def _shown(sign: re.Match[str]) -> str:
    if sign["escaped"]:
        return sign["escaped"]
    match sign["tag"]:
        case "br":
            return "\n"
        case "td" | "th":
            return " | " if sign["end"] else ""
        case None | "unknown":
            return ""
        case _:
            given = dict(GIVEN.findall(sign["given"]))
            return next((given[name] for name in SHOWN if name in given), "") if sign["alone"] else ""
