"""Notion. https://developers.notion.com/reference

Its search looks at titles alone and gives no text, so the first few pages that it finds are read beside it, all at
once. Only what was shared with the connection is seen.
"""

from __future__ import annotations

import asyncio
import re

from msgspec.structs import replace

from escalation_connectors.auth import bearer
from escalation_connectors.errors import ConnectorError, NotFound
from escalation_connectors.http import Line, Manners, Reading
from escalation_connectors.markup.notion import text_of
from escalation_connectors.paging import Batch, any_of, pages
from escalation_connectors.records import Article, Page
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads
from escalation_connectors.words import kind_among, telling

VERSION = "2026-03-11"  # the first that gives pages as markdown
WORDS, PER_PAGE, WHOLE = 3, 100, 5
ID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")


class Notion:
    """Reads pages."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http = setup.name, http

    async def search_articles(self, query: str, *, limit: int = 10) -> Page[Article]:
        """Pages with the telling words in their titles, or with any of these; the first five with their text."""
        words = telling(query, WORDS)
        if not words:
            return Page(())
        found = await any_of(words, lambda some: self._titles(" ".join(some), limit), limit)
        bodies = await asyncio.gather(*(self._if_there(each.id) for each in found.items[:WHOLE]))
        read = [replace(each, body=body or "") for each, body in zip(found.items, bodies, strict=False)]
        return Page((*read, *found.items[WHOLE:]), found.total, found.cut or None in bodies)

    async def _titles(self, words: str, limit: int) -> Page[Article]:
        only, size = {"property": "object", "value": "page"}, min(limit, PER_PAGE)

        async def ask(more: str) -> Batch[Article]:
            after = {"start_cursor": more} if more else {}
            question = {"query": words, "filter": only, "page_size": size, **after}
            answer = await self._http.ask("/v1/search", question=question)
            found = [_article(row) for row in answer.must_rows("results") if not row.flag("in_trash")]
            return Batch(found, answer.text("next_cursor") if answer.flag("has_more") else "")

        return await pages(ask, limit)

    async def get_article(self, article_id: str) -> Article:
        """The page and its text, in two requests at once."""
        if not ID.fullmatch(article_id):
            raise NotFound(self.name, "page ids are UUIDs")
        row, body = await asyncio.gather(self._http.get("/v1/pages/{}", article_id), self._body(article_id))
        return replace(_article(row), body=body)

    async def _body(self, number: str) -> str:
        return text_of((await self._http.get("/v1/pages/{}/markdown", number)).text("markdown"))

    async def _if_there(self, number: str) -> str | None:
        """None where this one page could not be read: its title is still worth having."""
        try:
            return await self._body(number)
        except ConnectorError:
            return None


def _article(row: Row) -> Article:
    """The title is the property of that type, whatever it is called; labels are what was selected."""
    fields = [field for _, field in row.row("properties").items()]
    titles = [part.text("plain_text") for field in fields for part in field.rows("title")]
    several = [option.text("name") for field in fields for option in field.rows("multi_select")]
    labels = tuple(filter(None, (*several, *(field.text("select", "name") for field in fields))))
    return Article(
        id=row.must("id"),
        title="".join(titles),
        updated_at=row.time("last_edited_time"),
        labels=labels,
        kind=kind_among(labels),
        url=row.text("url"),
    )


def _line(setup: Setup) -> Line:
    manners = Manners(per_second=3.0, headers={"Notion-Version": VERSION})
    return setup.line("https://api.notion.com", bearer(setup.needed("token")), manners)


VENDOR = Vendor(
    name="notion",
    title="Notion",
    category="knowledge_base",
    read=reads(_line, Notion),
    options=(Option("token", "of an internal connection that the pages are shared with", secret=True, required=True),),
    rights=("Read content",),
    ran_on="the emulator backlot 0.1.0, titles only",
    cannot=(
        "search in texts: Notion matches titles alone",
        "texts of more than the first five pages that a search finds",
        "the end of a page that is too long for Notion to render at once",
    ),
)
