"""A text as a row of letters, one for each word and mark, with the place of each: what the rules read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from customer_escalation.addressed.vocabulary import MEANINGS

OTHER = "x"
MARKS = {
    "place": "@",
    "paragraph": "¶",
    "line": "/",
    "stop": "|",
    "colon": ":",
    "comma": ",",
    "mark": "-",
    "hidden": "%",
}
_PIECE = (
    r"(?P<hidden><!--)|(?P<place>#[A-Za-z][\w-]*|<?[@!](?:here|channel|everyone|all)\b>?|https?://[^\s\"')>]+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<word>[^\W_]+(?:[-.'’][^\W_]+)*)"
    r"|(?P<paragraph>\n[ \t]*\n\s*)|(?P<line>\n)|(?P<stop>[.!?;]+(?=[\s\"'”’)\]*]|$)|[。！？；]+)"
    r"|(?P<colon>[:：=])|(?P<comma>[,，、])|(?P<mark>(?:(?!<!--)[\"'“”‘’„«»(\[{<>}\])|*#~`\-–—/\\])+)"
)
# Scripts that write words without spaces, or with endings: their words are looked for anywhere in a run of letters.
_JOINED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af"
_SHORTEST, _LONGEST = 4, 12
# In lower case these are common words of some language.
CAPITALS = ("AI", "A.I", "IA", "KI")
_MACHINE = r"[aj]+[mM]+|a+j+m*|a(?=[,:])"


class Row(NamedTuple):
    """The letters of a text, and where in the text each of them stands."""

    letters: str
    places: tuple[tuple[int, int], ...]


class Word(NamedTuple):
    """A word or a mark: what it reads as, which kind it is, and its place."""

    text: str
    kind: str
    start: int
    end: int


class Index(NamedTuple):
    """The vocabulary for looking up: whole words, beginnings of words, and what may follow a first word."""

    words: dict[str, str]
    beginnings: dict[str, str]
    phrases: dict[str, list[tuple[tuple[str, ...], str]]]
    joined: re.Pattern[str]


def row(text: str) -> Row:
    """The letters of a text; accents and upper case make no difference."""
    known = list(_lettered(list(_words(text))))
    letters = "".join(letter for letter, _, _ in known)
    letters = _compiled(_MACHINE).sub(lambda found: "M" * len(found.group()), letters)
    return Row(letters, tuple((start, end) for _, start, end in known))


def plain(word: str) -> str:
    """A word in lower case and without accents."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.lower().replace("ı", "i"))
    return unicodedata.normalize("NFC", "".join(c for c in apart if not "\u0300" <= c <= "\u036f"))


def _words(text: str) -> Iterator[Word]:
    for found in _compiled(_PIECE).finditer(text):
        kind = found.lastgroup or "mark"
        if kind != "word":
            yield Word("", kind, *found.span())
        elif not found.group().isascii() and _compiled(f"[{_JOINED}]").search(found.group()):
            yield from _pieces(found.group(), found.start())
        elif found.group() in CAPITALS:
            yield Word("llm", kind, *found.span())
        else:
            yield from _parts(plain(found.group()), *found.span())


def _parts(word: str, start: int, end: int) -> Iterator[Word]:
    """The word, or its parts where it is joined by marks and not known as a whole."""
    word = word.replace("’", "'").removesuffix("'s")
    parts = re.split(r"['.-]", word)
    if len(parts) == 1 or word in _index().words:
        yield Word(word, "word", start, end)
        return
    for part in parts:
        yield Word(part, "word", start, min(start + len(part), end))
        start += len(part) + 1


def _pieces(run: str, at: int) -> Iterator[Word]:
    """The known words of a run of letters; what stands between two of them is one unknown word."""
    done = 0
    for found in _index().joined.finditer(run):
        if found.start() > done:
            yield Word("", "word", at + done, at + found.start())
        yield Word(plain(found.group()), "word", at + found.start(), at + found.end())
        done = found.end()
    if done < len(run):
        yield Word("", "word", at + done, at + len(run))


def _lettered(words: list[Word]) -> Iterator[tuple[str, int, int]]:
    """The letter of each word or phrase, and its place."""
    index, at = _index(), 0
    while at < len(words):
        word, size = words[at], 1
        letter = MARKS[word.kind] if word.kind != "word" else ""
        for tail, known in () if letter else index.phrases.get(word.text, ()):
            if tuple(each.text for each in words[at + 1 : at + 1 + len(tail)]) == tail:
                letter, size = known, 1 + len(tail)
                break
        letter = letter or index.words.get(word.text) or _beginning(word.text, index.beginnings)
        yield letter, word.start, words[at + size - 1].end
        at += size


def _beginning(word: str, known: dict[str, str]) -> str:
    sizes = range(min(len(word), _LONGEST), _SHORTEST - 1, -1)
    return next((known[word[:size]] for size in sizes if word[:size] in known), OTHER)


@cache
def _index() -> Index:
    index = Index({}, {}, {}, re.compile("(?!)"))
    joined: set[str] = set()
    for letter, words in MEANINGS.items():
        for word in words.split():
            first, *tail = plain(word).split("_")
            if tail:
                index.phrases.setdefault(first, []).append((tuple(tail), letter))
            elif word.endswith("*"):
                index.beginnings.setdefault(first[:-1], letter)
            else:
                index.words.setdefault(plain(word), letter)
            if _compiled(f"[{_JOINED}]").search(word):
                joined.add(word)
    for tails in index.phrases.values():
        tails.sort(key=lambda each: -len(each[0]))
    longest_first = sorted(joined, key=lambda word: (-len(word), word))
    return index._replace(joined=re.compile("|".join(map(re.escape, longest_first))))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
