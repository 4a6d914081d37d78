"""Removes the characters that a reader cannot see, and keeps those that a script or an emoji needs."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache

from msgspec import Struct

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_TAGS = "\U000e0000-\U000e007f"
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_SURROGATES = "\ud800-\udfff"

# Letters of scripts in which ZWJ and ZWNJ change how a word is spelled: Arabic to Sinhala, Myanmar, Khmer, Balinese ...
_JOINING = (
    "\u0600-\u0604\u0606-\u061b\u061d-\u07ff\u0840-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u180a\u1820-\u18af"
    "\u1b00-\u1bff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00011000-\U000115ff"
)
_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_MATHS = "\u2200-\u22ff\u2a00-\u2aff"
_MONGOLIAN = "\u1820-\u18aa"

_KEPT = (
    rf"(?<=[{_JOINING}])[\u200c\u200d]",
    rf"(?<=[{_EMOJI}])\u200d(?=[{_EMOJI}])",
    rf"(?<=[{_EMOJI}]\ufe0f)\u200d(?=[{_EMOJI}])",
    rf"(?<=[{_EMOJI}{_MATHS}{_HAN}])[\ufe00-\ufe0f]",
    rf"(?<=[{_HAN}])[\U000e0100-\U000e01ef]",
    r"(?<=[0-9#*])\ufe0f(?=\u20e3)",
    rf"(?<=[{_MONGOLIAN}])[\u180b-\u180f]",
)
_REMOVED = {
    "terminal": ("terminal code", r"\x1b\[[0-?]*+[ -/]*+[@-~]"),
    "control": ("control character", f"[{_CONTROLS}]"),
    "bidi": ("bidirectional control", f"[{_BIDI}]"),
    "tag": ("tag character", f"[{_TAGS}]"),
    "selector": ("variation selector", f"[{_SELECTORS}]"),
    "surrogate": ("lone surrogate", f"[{_SURROGATES}]"),
    "invisible": ("invisible character", f"[{_INVISIBLE}]"),
}
_ANY = f"[{_CONTROLS}{_BIDI}{_TAGS}{_SELECTORS}{_SURROGATES}{_INVISIBLE}]"
# CRLF, CR, vertical tab, form feed, NEL and the Unicode line and paragraph separators all end a line for some reader.
_LINE_END = "[\r\x0b\x0c\x85\u2028\u2029]"


class Cleaned(Struct, frozen=True):
    """Text in NFC with LF line ends, and in words what was removed from it."""

    text: str
    removed: tuple[str, ...]


def clean(text: str) -> Cleaned:
    """The text as a reader sees it; removes what cannot be seen and says how much of which; idempotent."""
    if text.isascii() and text.isprintable():
        return Cleaned(text, ())
    counts: Counter[str] = Counter()
    text = _compiled(_LINE_END).sub("\n", text.replace("\r\n", "\n"))
    text = unicodedata.normalize("NFC", text)
    if not _compiled(_ANY).search(text):
        return Cleaned(text, ())
    text = unicodedata.normalize("NFC", _anatomy().sub(_counting(counts), text))
    return Cleaned(text, tuple(_in_words(counts[name], words) for name, (words, _) in _REMOVED.items() if counts[name]))


def _counting(counts: Counter[str]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        if match.lastgroup == "kept":
            return match.group()
        counts[str(match.lastgroup)] += 1
        return ""

    return replace


def _in_words(count: int, words: str) -> str:
    return f"{count} {words}" if count == 1 else f"{count} {words}s"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _anatomy() -> re.Pattern[str]:
    """What stays (tried first) or goes; compiled on first use, since most texts hold none of it."""
    parts = [f"(?P<kept>{'|'.join(_KEPT)})", *(f"(?P<{name}>{pattern})" for name, (_, pattern) in _REMOVED.items())]
    return re.compile("|".join(parts))
