"""A folder of Markdown files, as a documentation repository is: read from this machine, no request is made.

A file's title is its first heading, its id the path within the folder; front matter may name title, labels, kind and
url. What is hidden, leads out of the folder, is larger than a megabyte, or is in a folder with a file `.not-read` (as
our own outbox) is not read.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import yaml
from msgspec import Struct

from escalation_connectors.errors import NotFound, Unavailable
from escalation_connectors.records import Article, Page
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor
from escalation_connectors.words import WORD, kind_among

MOST_BYTES, MOST_FILES = 1_000_000, 20_000
FRONT = re.compile(r"---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.S)
HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.M)
TITLE_WEIGHT = 3.0
NOT_READ = ".not-read"


class _Read(Struct, frozen=True):
    """A file as it was at a moment: the article, and how often each word stands in it."""

    stamp: tuple[int, int]
    article: Article
    words: Counter[str]


class MarkdownFolder:
    """Reads articles; a file is read again when it has changed."""

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._folder = (setup.folder / Path(setup.required("folder")).expanduser()).resolve()
        self._read: dict[str, _Read] = {}
        if not self._folder.is_dir():
            raise setup.fields.wrong("folder", f"no such folder: {self._folder}")

    async def search_articles(self, query: str, *, limit: int = 10) -> Page[Article]:
        """Articles with any of the words: rare ones count most, those in a title threefold."""
        asked = {word.lower() for word in WORD.findall(query)}
        if not asked:
            return Page(())
        known = await asyncio.to_thread(self._all)
        among = {word: sum(word in each.words for each in known) for word in asked}
        rated = [(sum(_weight(each, word, among[word], len(known)) for word in asked), each.article) for each in known]
        found = sorted((pair for pair in rated if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].id))
        return Page(tuple(article for _, article in found[:limit]), len(found), len(found) > limit)

    async def get_article(self, article_id: str) -> Article:
        """By its path within the folder."""
        known = await asyncio.to_thread(self._all)
        for each in known:
            if each.article.id == article_id:
                return each.article
        raise NotFound(self.name, "no such article")

    def _all(self) -> list[_Read]:
        try:
            files = {str(path.relative_to(self._folder)): path for path in self._files()}
            self._read = {name: self._one(name, path) for name, path in files.items()}
        except OSError:
            raise Unavailable(self.name, "the folder cannot be read") from None
        return list(self._read.values())

    def _files(self) -> Iterator[Path]:
        for number, path in enumerate(sorted(self._folder.rglob("*.md"))):
            within = path.relative_to(self._folder)
            hidden = any(part.startswith(".") for part in within.parts)
            if number < MOST_FILES and not hidden and not self._is_closed(within) and self._is_ours(path):
                yield path

    def _is_closed(self, within: Path) -> bool:
        """Whether a folder on the way says that it is not to be read."""
        return any((self._folder / parent / NOT_READ).exists() for parent in within.parents)

    def _is_ours(self, path: Path) -> bool:
        """Whether it is a file of the folder, of a size to read; a link may lead out, nowhere, or in a circle."""
        try:
            whole = path.resolve()
        except RuntimeError:
            return False
        return whole.is_relative_to(self._folder) and whole.is_file() and whole.stat().st_size <= MOST_BYTES

    def _one(self, name: str, path: Path) -> _Read:
        stat = path.stat()
        stamp, before = (stat.st_mtime_ns, stat.st_size), self._read.get(name)
        if before is not None and before.stamp == stamp:
            return before
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        article = _article(name, text, datetime.fromtimestamp(stat.st_mtime, UTC))
        return _Read(stamp, article, Counter(word.lower() for word in WORD.findall(f"{article.title}\n{article.body}")))


def _weight(read: _Read, word: str, among: int, of: int) -> float:
    times = read.words[word]
    if not times:
        return 0.0
    rarity = math.log(1 + of / among)
    return rarity * (times / (times + 1) + (TITLE_WEIGHT if word in read.article.title.lower() else 0.0))


def _article(name: str, text: str, changed: datetime) -> Article:
    front = FRONT.match(text)
    about, body = Row(_front(front[1]) if front else {}, ""), text[front.end() :] if front else text
    heading, labels = HEADING.search(body), about.texts("labels") or about.texts("tags")
    return Article(
        id=name,
        title=about.text("title") or (heading[1] if heading else Path(name).stem.replace("-", " ")),
        body=body.strip(),
        updated_at=changed,
        labels=labels,
        kind=about.text("kind") or kind_among(labels),
        url=about.text("url"),
    )


def _front(text: str) -> dict[str, object]:
    """The front matter; nothing where it is no mapping, or uses aliases, which can blow up."""
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            return {}
        value: object = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


VENDOR = Vendor(
    name="markdown",
    title="A folder of Markdown",
    category="knowledge_base",
    read=MarkdownFolder,
    options=(Option("folder", "its path on this machine", required=True),),
    contract="none",
    cannot=(
        "pages that a generator makes from other files",
        "more than 20,000 files",
        "files over 1 MB, or that end in anything else than .md",
    ),
)
