"""Guru. https://developer.getguru.com/reference

The vendor publishes no description of its API: the requests are checked against one that was derived from its SDK.
A search without a match is a 204; the next page stands in a Link header.
"""

from __future__ import annotations

from collections.abc import Sequence

from escalation_connectors.auth import basic
from escalation_connectors.http import NO_CONTENT, Line, Query, Reading
from escalation_connectors.markup.html import text_of
from escalation_connectors.paging import Batch, any_of, next_link, pages
from escalation_connectors.records import Article, Page
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads
from escalation_connectors.words import kind_among, phrase, telling

WORDS, PER_PAGE = 3, 50
CARD = "https://app.getguru.com/card/"


class Guru:
    """Reads cards."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http = setup.name, http

    async def search_articles(self, query: str, *, limit: int = 10) -> Page[Article]:
        """Cards with all of the telling words; where there is none, with any of them."""
        words = [phrase(word) for word in telling(query, WORDS)]
        return await any_of(words, lambda some: self._search(some, limit), limit) if words else Page(())

    async def _search(self, words: Sequence[str], limit: int) -> Page[Article]:
        first: Query = {"searchTerms": " ".join(words), "queryType": "cards", "maxResults": min(limit, PER_PAGE)}

        async def ask(more: str) -> Batch[Article]:
            sent = self._http.follow(more) if more else self._http.fetch("/search/query", query=first)
            answer = await sent
            cards = answer.row().must_rows(none=answer.status == NO_CONTENT)
            return Batch([*map(_article, cards)], next_link(answer.headers.get("link", ""), "next-page"))

        return await pages(ask, limit)

    async def get_article(self, article_id: str) -> Article:
        """The whole card, in one request."""
        return _article(await self._http.get("/cards/{}/extended", article_id))


def _article(row: Row) -> Article:
    """A card that nobody has vouched for in time says so among its labels."""
    doubtful = ("needs verification",) if row.text("verificationState") == "NEEDS_VERIFICATION" else ()
    tags = (tag.text("value") for tag in row.rows("tags"))
    boards = (board.text("title") for board in row.rows("boards"))
    labels, slug = tuple(filter(None, (*tags, *boards, *doubtful))), row.text("slug")
    return Article(
        id=row.must("id"),
        title=row.text("preferredPhrase"),
        body=text_of(row.text("content")),
        updated_at=row.time("lastModified"),
        labels=labels,
        kind=kind_among(labels),
        url=CARD + slug if slug else "",
    )


def _line(setup: Setup) -> Line:
    return setup.line("https://api.getguru.com/api/v1", basic(setup.required("user"), setup.needed("token")))


VENDOR = Vendor(
    name="guru",
    title="Guru",
    category="knowledge_base",
    read=reads(_line, Guru),
    options=(
        Option("user", "whose token it is, or the id of a collection with a token of its own", required=True),
        Option("token", "a user token, or a collection token (which can only read)", secret=True, required=True),
    ),
    rights=("read",),
    contract="derived",
    cannot=("search for more than three words at once", "how many cards match in all"),
)
