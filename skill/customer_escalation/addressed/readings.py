"""The ways in which a text can be read: letter by letter as it stands, and where it looks disguised, as what it hides.

Each reading keeps where in the text its characters stand, so that what is found in it can be left out of the text. A
disguise that nothing hints at is not tried: most texts have one reading.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import contextlib
import html
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote

from customer_escalation.addressed.vocabulary import MEANINGS


class Reading(NamedTuple):
    """A text as it is read; `origins` gives the place of each of its characters, or is None where none has moved."""

    text: str
    origins: tuple[int, ...] | None = None
    backwards: bool = False

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text this stretch of the reading stands."""
        if self.origins is None:
            return start, end
        places = self.origins[start:end]
        return min(places), max(places) + 1


class Hidden(NamedTuple):
    """What a run of encoded characters says, and where it stands."""

    text: str
    start: int
    end: int


# Cyrillic, Greek and Armenian letters that look like Latin ones; small capitals and turned letters.
_LOOKALIKE = str.maketrans(
    "аеорсухіјѕԁһԛԝѵӏвкмнтАВЕКМНОРСТУХІЈЅοαερτικνυηΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսհոցաᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢɑɡɩıǝɐɔɹʇʌʍʎ",
    "aeopcyxijsdhqwvlbkmhtABEKMHOPCTYXIJSoaeptikvunABEZHIKMNOPTYXouhngwabcdefghijklmnopqrstuvwyzagiieacrtvwy",
)
_MIXED = r"(?i)\b(?=\w*[a-z])\w*[\u0370-\u052f\u0561-\u0587]|[\u1d00-\u1d22\u0250-\u029f\ua730-\ua731]"
_LEET = str.maketrans("013457@$!|", "oieastasil")
_LEET_AS_L = str.maketrans("013457@$!|", "oleastasil")
_LEET_WORD = r"(?i)(?<![\w@$!])(?=[0-9@$!]*[a-z])(?=[a-z]*[0-9@$!])[a-z0-9@$!]{3,}(?![\w@$])"
UNKNOWN = "x"
# Words of which one at least stands in most orders; a disguise shows when one of them is there only in disguise.
_TELLING = ("ignore", "instruct", "severity", "escalat", "assistant", "system", "decision", "disregard", "critical")
_SPREAD = r"(?<!\w)\w(?:[\W_]{1,2}\w(?!\w)){3,}"
_CHUNK = r"[^\n.!?]+(?:[.!?](?!\s|\Z)[^\n.!?]*)*"
_ENCODED = (
    r"(?P<binary>(?<!\w)[01]{8}(?:\s?[01]{8}){7,}(?!\w))"
    r"|(?P<base64>(?<![\w+/=])[A-Za-z0-9+/_-]{16,}(?:\s[A-Za-z0-9+/_-]{16,}){0,40}={0,2}(?![\w+/=]))"
    r"|(?P<percent>(?:%[0-9A-Fa-f]{2}[^%\s]{0,3}){6,})"
    r"|(?P<entities>(?:&#x?[0-9A-Fa-f]{1,6};[^&\n]{0,3}){6,})"
    r"|(?P<escapes>(?:\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})[^\\\n]{0,3}){6,})"
    r"|(?P<hex>(?<!\w)[0-9A-Fa-f]{2}(?:[ ,:]?[0-9A-Fa-f]{2}){11,}(?!\w))"
)


def all_readings(text: str) -> Iterator[Reading]:
    """The text as its reader takes it, then each disguise it may wear."""
    first = folded(text)
    yield first
    if not text.isascii() and _compiled(_MIXED).search(text):
        yield folded(text.translate(_LOOKALIKE))
    if len(_compiled(_LEET_WORD).findall(first.text)) >= 3:
        yield Reading(first.text.translate(_LEET), first.origins)
        yield Reading(first.text.translate(_LEET_AS_L), first.origins)
    low = first.text.lower()
    squeezed = _compiled(r"[^a-z]+").sub("", low)
    if any(word in squeezed and word not in low for word in _TELLING):
        yield _closed_up(first)
    if any(word[::-1] in low for word in _TELLING):
        yield Reading(first.text[::-1], _places(first)[::-1], backwards=True)
    if any(codecs.encode(word, "rot13") in low for word in _TELLING):
        yield Reading(codecs.encode(first.text, "rot13"), first.origins)


def folded(text: str) -> Reading:
    """The text in plain letters: no accents that stand alone, no letters of other widths or styles."""
    if text.isascii():
        return Reading(text)
    letters: list[str] = []
    origins: list[int] = []
    for at, character in enumerate(text):
        for plain in unicodedata.normalize("NFKC", character) if character > "\x7f" else character:
            if not "\u0300" <= plain <= "\u036f":
                letters.append(plain)
                origins.append(at)
    moved = origins != list(range(len(text)))
    return Reading("".join(letters), tuple(origins) if moved else None)


def hidden(text: str) -> Iterator[Hidden]:
    """What the encoded runs of a text say, where they say something in letters."""
    for found in _compiled(_ENCODED).finditer(text):
        for said in _decoded(str(found.lastgroup), found.group()):
            if len(said) >= 8 and sum(c.isprintable() or c.isspace() for c in said) >= 0.95 * len(said):
                yield Hidden(said, *found.span())


def _decoded(kind: str, run: str) -> Iterator[str]:
    """The run decoded; digits and letters may be hexadecimal as well as base64."""
    bare = _compiled(r"[\s,:]+").sub("", run)
    if kind == "percent":
        yield unquote(run)
    elif kind == "entities":
        yield html.unescape(run)
    elif kind == "escapes":
        yield _compiled(r"\\[ux]([0-9A-Fa-f]{2,4})").sub(lambda found: chr(int(found[1], 16)), run)
    elif kind == "binary":
        yield bytes(int(bare[at : at + 8], 2) for at in range(0, len(bare) - 7, 8)).decode("utf-8", "replace")
    else:
        for piece in dict.fromkeys((bare, *run.split())):  # a long word may stand before what is encoded
            yield from _unpacked(piece.rstrip("=").replace("+", "-").replace("/", "_"))


def _unpacked(piece: str) -> Iterator[str]:
    """What a piece of base64 says, or of hexadecimal digits that stand beside such; nothing where it is neither."""
    if len(piece) % 2 == 0 and _compiled(r"[0-9A-Fa-f]+").fullmatch(piece):
        yield bytes.fromhex(piece).decode("utf-8", "replace")
    with contextlib.suppress(binascii.Error, ValueError):
        yield base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)).decode("utf-8", "replace")


def _closed_up(first: Reading) -> Reading:
    """The letters of each sentence without what stands between them, divided into the words that are known."""
    places, letters, origins = _places(first), list[str](), list[int]()
    for chunk in _compiled(_CHUNK).finditer(first.text):
        for start, end in _runs(first.text, *chunk.span()):
            at = [place for place in range(start, end) if first.text[place].isalnum()]
            run = "".join(first.text[place] for place in at)
            for found in known_words().finditer(run.lower()):
                known = run[slice(*found.span())] if len(found.group()) > 1 else UNKNOWN
                letters += [*known, " "]
                origins += [*(places[at[place]] for place in range(*found.span())), places[at[found.end() - 1]]]
        if letters:
            letters.append("\n")
            origins.append(places[chunk.end() - 1])
    return Reading("".join(letters), tuple(origins))


def _runs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch in pieces: runs of single letters apart from what stands before and after them."""
    for found in _compiled(_SPREAD).finditer(text, start, end):
        yield start, found.start()
        yield found.span()
        start = found.end()
    yield start, end


def _places(reading: Reading) -> tuple[int, ...]:
    return reading.origins if reading.origins is not None else tuple(range(len(reading.text)))


@cache
def known_words() -> re.Pattern[str]:
    """The vocabulary's words, longest first, or else any letter."""
    words = {word.rstrip("*") for listed in MEANINGS.values() for word in listed.replace("_", " ").split()}
    chosen = sorted(
        (word for word in words if word.isascii() and word.isalpha() and len(word) > 2), key=lambda w: (-len(w), w)
    )
    return re.compile("|".join((*chosen, "[^\\W_]")))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
