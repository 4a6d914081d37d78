"""Intercom's public articles. https://developers.intercom.com/docs/references/rest-api/api.intercom.io/articles

A search takes a phrase and gives whole articles, drafts too, which are left out. It gives one page.
"""

from __future__ import annotations

from collections.abc import Sequence

from escalation_connectors.errors import NotFound
from escalation_connectors.http import Query, Reading
from escalation_connectors.intercom import OPTIONS, line
from escalation_connectors.markup.html import text_of
from escalation_connectors.paging import any_of
from escalation_connectors.records import Article, Page
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads
from escalation_connectors.words import telling

WORDS = 3


class IntercomArticles:
    """Reads articles."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http = setup.name, http
        self._center = setup.text("help_center_id") or None

    async def search_articles(self, query: str, *, limit: int = 10) -> Page[Article]:
        """Articles with all of the telling words, whole; where there is none, with any of them."""
        words = telling(query, WORDS)
        if not words:
            return Page(())
        return await any_of(words, lambda some: self._search(some, limit), limit)

    async def _search(self, words: Sequence[str], limit: int) -> Page[Article]:
        asked: Query = {"phrase": " ".join(words), "state": "published", "help_center_id": self._center}
        answer = await self._http.get("/articles/search", query=asked)
        given = answer.must_rows("data", "articles")
        found = [_article(row) for row in given if row.text("state") != "draft"]
        cut = (answer.count("total_count") or 0) > len(given) or len(found) > limit
        return Page(tuple(found[:limit]), None if cut else len(found), cut)

    async def get_article(self, article_id: str) -> Article:
        """The whole article, in one request."""
        if not article_id.isdecimal():
            raise NotFound(self.name, "article ids are numbers")
        return _article(await self._http.get("/articles/{}", article_id))


def _article(row: Row) -> Article:
    about = row.text("description")
    body = text_of(row.text("body"))
    return Article(
        id=row.must("id"),
        title=row.text("title"),
        body=f"{about}\n\n{body}" if about and about not in body else body,
        updated_at=row.time("updated_at"),
        url=row.text("url"),
    )


VENDOR = Vendor(
    name="intercom",
    title="Intercom articles",
    category="knowledge_base",
    read=reads(line, IntercomArticles),
    options=(*OPTIONS, Option("help_center_id", "the number of the only help center to search")),
    rights=("Read and list articles",),
    cannot=("internal articles", "labels", "more than the first page of what a search finds"),
)
