"""Text from records as plain Markdown: it can say anything and forge nothing.

Line breaks collapse; headings, lists, links, images, HTML, code, tables and emphasis lose their force; addresses and
mentions are shown as code, whole and dead; and "[T-1/2]" in a ticket never looks like a mark of ours.
"""

from __future__ import annotations

import re

_HIDDEN = dict.fromkeys((*range(0x20), 0x7F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_SPACES = re.compile(r"\s+")
_MARK = re.compile(r"\[(\s*[ACDIKMPRST]-[^\[\]]*)\]")
LIVE = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*://|www\.)[^\s<>`\"]*[^\s<>`\"'.,;:!?()\[\]{}*_~]"
    r"|(?:mailto|xmpp):[^\s<>`\"]+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w`])@[\w][\w./-]*",
    re.IGNORECASE,
)
_ACTIVE = re.compile(
    r"[`\[\]<]"
    r"|:(?=//)|(?<![:/])/(?=/\w)|(?<=[wW]{3})\."
    r"|\\(?=[!-/:-@\[-`{-~]|$)"
    r"|&(?=#?\w+;)"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|\*(?!(?<=\s\*)\s)"
    r"|~(?!(?<![^\s(]~)\w)"
)
_START = re.compile(r"^(?:[#>=|:~]|[-+*](?=\s|$|[-+*=|:]))")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")


def flat(text: str) -> str:
    """The text on one line, without control and direction characters."""
    return _SPACES.sub(" ", text).translate(_HIDDEN).strip()


def unmarked(text: str) -> str:
    """The text with its own look-alikes of evidence marks in round brackets."""
    return _MARK.sub(r"(\1)", text)


def inline(text: str) -> str:
    """One line of Markdown that reads as the text does, for use after words or marks of ours."""
    text = unmarked(flat(text))
    parts: list[str] = []
    end = 0
    for live in LIVE.finditer(text):
        parts += [_quiet(text[end : live.start()]), code(live.group())]
        end = live.end()
    parts.append(_quiet(text[end:]))
    return "".join(parts)


def line(text: str) -> str:
    """As `inline`, for use at the start of a line or a list item."""
    text = _START.sub(r"\\\g<0>", inline(text))
    return _NUMBERED.sub(r"\1\\\2", text)


def code(text: str) -> str:
    """A code span that holds the text whatever it contains."""
    text = unmarked(flat(text))
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if longest else f"{fence}{text}{fence}"


def destination(url: str) -> str:
    """A safe address as a link destination."""
    return re.sub(r"[^\w:/?#@!$&'+,;=.~%-]", lambda match: _percent(match.group()), url)


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def _quiet(text: str) -> str:
    return _ACTIVE.sub(r"\\\g<0>", text)
