"""Zendesk Help Center. https://developer.zendesk.com/api-reference/help_center/help-center-api/search/

A search gives whole articles, a thousand at most, in every language unless one is configured. Its contract is
transcribed from Zendesk's own; that of the single article is derived.
"""

from __future__ import annotations

from collections.abc import Sequence

from escalation_connectors.errors import NotFound
from escalation_connectors.http import Query, Reading
from escalation_connectors.markup.html import text_of
from escalation_connectors.paging import Batch, any_of, pages
from escalation_connectors.records import Article, Page
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads
from escalation_connectors.words import kind_among, phrase, telling
from escalation_connectors.zendesk import OPTIONS, line

SEARCH, ARTICLE = "/api/v2/help_center/articles/search", "/api/v2/help_center/articles/{}"
WORDS, PER_PAGE = 3, 100


class ZendeskHelpCenter:
    """Reads articles."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http, self._locale = setup.name, http, setup.text("locale") or None

    async def search_articles(self, query: str, *, limit: int = 10) -> Page[Article]:
        """Articles with all of the telling words, whole; where there is none, with any of them."""
        words = [phrase(word) for word in telling(query, WORDS)]
        return await any_of(words, lambda some: self._search(some, limit), limit) if words else Page(())

    async def _search(self, words: Sequence[str], limit: int) -> Page[Article]:
        async def ask(more: str) -> Batch[Article]:
            asked: Query = {
                "query": " ".join(words), "locale": self._locale, "per_page": min(limit, PER_PAGE), "page": more or 1,
            }  # fmt: skip
            answer = await self._http.get(SEARCH, query=asked)
            page, last = answer.count("page") or 1, answer.count("page_count") or 1
            after = str(page + 1) if page < last else ""
            return Batch([*map(_article, answer.must_rows("results"))], after, answer.count("count"))

        return await pages(ask, limit)

    async def get_article(self, article_id: str) -> Article:
        """The whole article, in one request."""
        if not article_id.isdecimal():
            raise NotFound(self.name, "article ids are numbers")
        return _article((await self._http.get(ARTICLE, article_id)).row("article"))


def _article(row: Row) -> Article:
    """One that awaits a translation says so among its labels."""
    labels = (*row.texts("label_names"), *(("outdated",) if row.flag("outdated") else ()))
    return Article(
        id=row.must("id"),
        title=row.text("title") or row.text("name"),
        body=text_of(row.text("body")),
        updated_at=row.time("edited_at") or row.time("updated_at"),
        labels=labels,
        kind=kind_among(labels),
        url=row.text("html_url"),
    )


VENDOR = Vendor(
    name="zendesk",
    title="Zendesk Help Center",
    category="knowledge_base",
    read=reads(line, ZendeskHelpCenter),
    options=(*OPTIONS, Option("locale", "the only language to search, as en-us")),
    rights=("hc:read",),
    contract="derived",
    cannot=("search for more than three words at once", "articles that the credentials' user may not see"),
)
