"""Which words of a question to send to a vendor whose search takes only a few, the telling ones first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import parse_qs

WORD = re.compile(r"[^\W_]+(?:[._/:@-][^\W_]+|_+[^\W_]+)*")
COMMON = frozenset(
    "a about after again all also am an and any are as at be because been before being but by can cannot could did do "
    "does doing for from get gets got had has have having hello her hi his how i if in into is issue it its just me "
    "my no not now of off on one only or our out over please problem she so some still than thanks that the their "
    "them then there these they this those to too under up us use users using very was we were what when where which "
    "while who why will with would you your customer customers ticket tickets since until today week yesterday http "
    "https api get post put".split()
)
LONGEST = 80
SOQL = {
    "\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f",
}  # fmt: skip
HUMP = re.compile(r"[a-z][A-Z]")  # as in NullPointerException
ONCE = re.compile(  # a day or time, a UUID, a request's id, a long number: only one record can hold it
    r"\d{4}-\d\d-\d\d.*|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|(?:[A-Za-z]{2,6}[_-])?(?=\w*\d\w*\d)[0-9a-f]{8,}|\d{9,}|\d+:\d+.*"
)
ARTICLES = ("known_issue", "workaround", "policy", "faq", "guide")
ISSUES = ("incident", "bug", "feature", "task")
TICKET = re.compile(r"https?://[^\s?#]+/(?:tickets?|cases?|conversations?)/(?:[a-z]\w*/)*([\w-]*\d)/?(?:[?#].*)?")


def telling(text: str, most: int) -> tuple[str, ...]:
    """At most `most` different words, in the order of how much they tell: names of errors, codes, long words, numbers.

    What only one record can hold (a time, a request's id) is left out: it finds nothing else.
    """
    words = (word for word in WORD.findall(text) if word.lower() not in COMMON and 2 < len(word) <= LONGEST)
    return _unlike((word for word in words if not ONCE.fullmatch(word)), _rank)[:most]


def names(text: str, most: int) -> tuple[str, ...]:
    """At most `most` words that may be a name: those with a capital inside a sentence first, in their order."""
    words = [word for word in WORD.findall(text) if word.lower() not in COMMON and len(word) <= LONGEST]
    capital = [word for word in words if word[0].isupper()]
    first = capital[:1] if capital and words[0] == capital[0] and len(capital) > 1 and len(words) > 3 else []
    return tuple(dict.fromkeys([*capital[len(first) :], *first]))[:most] or telling(text, most)


def _unlike(words: Iterable[str], rank: Callable[[str], tuple[int, int, str]]) -> tuple[str, ...]:
    found = {word.lower(): word for word in reversed([*words])}
    return tuple(sorted(found.values(), key=rank))


def _rank(word: str) -> tuple[int, int, str]:
    letters, digits = any(map(str.isalpha, word)), any(map(str.isdigit, word))
    joined = "_" in word or bool(HUMP.search(word))
    kind = 0 if joined and letters else 1 if letters and digits and "/" not in word else 2 if letters else 3
    return kind, -len(word), word


def quoted(text: str) -> str:
    """The text within double quotes, for search languages that know `\\"` and `\\\\` inside them."""
    inside = "".join(each if each.isprintable() else " " for each in text)
    return '"' + inside.replace("\\", "\\\\").replace('"', '\\"') + '"'


def phrase(text: str) -> str:
    """The text within double quotes, for search languages that know no escape: what would end them is left out."""
    return (
        '"'
        + " ".join("".join(each if each.isprintable() and each not in '"\\' else " " for each in text).split())
        + '"'
    )


def soql(text: str) -> str:
    """The text within single quotes, as Salesforce's query language has it."""
    return "'" + "".join(SOQL.get(each, each if each.isprintable() else " ") for each in text) + "'"


def soql_within(text: str) -> str:
    """A pattern for LIKE that holds the text anywhere, none of it as a wildcard."""
    return "'%" + soql(text)[1:-1].replace("%", "\\%").replace("_", "\\_") + "%'"


def last_part(record: str) -> str:
    """What a link ends with: the id or key of what it leads to; what is no link is a key already."""
    if "://" not in record:
        return record
    return record.rstrip("/").rsplit("/", 1)[-1].split("#")[0].split("?")[0]


def record_of(link: str) -> str:
    """The id of the ticket that a link leads to; the link itself where it leads elsewhere."""
    found = TICKET.fullmatch(link)
    return found[1] if found else link


def parameter(link: str, name: str) -> str:
    """The value that a link's query gives to a name; nothing where it gives none."""
    query = link.partition("?")[2].partition("#")[0]
    return parse_qs(query).get(name, [""])[0]


def kind_among(labels: Iterable[str], kinds: Sequence[str] = ARTICLES) -> str:
    """The kind of a record, where one of its labels says so: "Known issue" makes a known_issue."""
    said = {"_".join(WORD.findall(label.replace("-", " ").replace("_", " ").lower())) for label in labels}
    return next((kind for kind in kinds if kind in said or f"{kind}s" in said), "")
