"""Text from records as plain Markdown: it can say anything and forge nothing.

Line breaks collapse; headings, lists, links, images, HTML, code, tables and emphasis lose their force; addresses and
mentions are shown as code, whole and dead; and "[T-1/2]" in a ticket never looks like a mark of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_HIDDEN = dict.fromkeys((*range(0x20), 0x7F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_MARK = re.compile(r"\[(\s*[ACDIKMPRSTY]-[^\[\]]*)\]")
_LIVE = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*://|www\.)[^\s<>`\"]*[^\s<>`\"'.,;:!?()\[\]{}*_~]"
    r"|(?:mailto|xmpp):[^\s<>`\"]+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w`])@[\w][\w./-]*",
    re.IGNORECASE,
)
_LIVE_SIGNS = ("://", "@", "www.", "mailto:", "xmpp:")
# Each branch starts with a literal, which lets the search jump to the few characters that matter.
_ACTIVE = re.compile(
    r"`|\[|\]|<"
    r"|:(?=//)|/(?<![:/]/)(?=/\w)|\.(?<=[wW]{3}\.)"
    r"|\\(?=[!-/:-@\[-`{-~]|$)"
    r"|&(?=#?\w+;)"
    r"|_(?:(?<![^\W_]_)|(?![^\W_]))"
    r"|\*(?!(?<=\s\*)\s)"
    r"|~(?!(?<![^\s(]~)\w)"
)
_START = re.compile(r"^(?:[#>=|:~]|[-+*](?=\s|$|[-+*=|:]))")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")


def flat(text: str) -> str:
    """The text on one line, without control and direction characters."""
    text = " ".join(text.split())
    return text if text.isprintable() else text.translate(_HIDDEN).strip()


def unmarked(text: str) -> str:
    """The text with its own look-alikes of evidence marks in round brackets."""
    return _MARK.sub(r"(\1)", text)


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The flat text in order, each piece with whether it is an address or a mention, which some readers make a link."""
    lower = text.lower()
    end = 0
    if any(sign in lower for sign in _LIVE_SIGNS):
        for live in _LIVE.finditer(text):
            yield text[end : live.start()], False
            yield live.group(), True
            end = live.end()
    yield text[end:], False


@lru_cache(maxsize=2048)
def inline(text: str) -> str:
    """One line of Markdown that reads as the text does, for use after words or marks of ours."""
    return "".join(code(piece) if live else _quiet(piece) for piece, live in pieces(unmarked(flat(text))))


def line(text: str) -> str:
    """As `inline`, for use at the start of a line or a list item."""
    text = _START.sub(r"\\\g<0>", inline(text))
    return _NUMBERED.sub(r"\1\\\2", text)


def code(text: str) -> str:
    """A code span that holds the text whatever it contains."""
    text = flat(text)
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
