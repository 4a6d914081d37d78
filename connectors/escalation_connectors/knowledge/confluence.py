"""Confluence Cloud. https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-content/

Only version 1 of the API searches; it gives the bodies along. Version 2 gives single pages.
"""

from __future__ import annotations

from escalation_connectors.auth import basic, bearer
from escalation_connectors.errors import NotFound
from escalation_connectors.http import Line, Query, Reading
from escalation_connectors.markup.html import text_of
from escalation_connectors.paging import Batch, pages
from escalation_connectors.records import Article, Page
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads
from escalation_connectors.words import kind_among, parameter, phrase, quoted, telling

WORDS, PER_PAGE = 8, 25
EXPAND = "body.storage,version,metadata.labels"


class Confluence:
    """Reads pages."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http, self._url = setup.name, http, setup.required("url").rstrip("/")
        self._space = setup.text("space")

    async def search_articles(self, query: str, *, limit: int = 10) -> Page[Article]:
        """Pages with any of the telling words, whole. A word with other signs in it is looked for as it is written."""
        words = [word if word.isalnum() else phrase(word) for word in telling(query, WORDS)]
        if not words:
            return Page(())
        within = f" AND space = {quoted(self._space)}" if self._space else ""
        cql = f"type = page{within} AND ({' OR '.join(f'text ~ {quoted(word)}' for word in words)})"

        async def ask(more: str) -> Batch[Article]:
            asked: Query = {"cql": cql, "expand": EXPAND, "limit": min(limit, PER_PAGE), "cursor": more or None}
            answer = await self._http.get("/wiki/rest/api/content/search", query=asked)
            site = answer.text("_links", "base") or self._url + "/wiki"
            found = [_found(row, site) for row in answer.must_rows("results")]
            return Batch(found, parameter(answer.text("_links", "next"), "cursor"), answer.count("totalSize"))

        return await pages(ask, limit)

    async def get_article(self, article_id: str) -> Article:
        """The whole page, in one request."""
        if not article_id.isdecimal():
            raise NotFound(self.name, "page ids are numbers")
        query = {"body-format": "storage", "include-labels": "true"}
        row = await self._http.get("/wiki/api/v2/pages/{}", article_id, query=query)
        labels, at = row.row("labels"), row.row("version")
        return _article(row, labels, at.text("createdAt"), row.text("_links", "base") or self._url + "/wiki")


def _found(row: Row, site: str) -> Article:
    return _article(row, row.row("metadata", "labels"), row.text("version", "when"), site)


def _article(row: Row, labels: Row, changed: str, site: str) -> Article:
    names = tuple(filter(None, (label.text("name") for label in labels.rows("results"))))
    place = row.text("_links", "webui")
    return Article(
        id=row.must("id"),
        title=row.text("title"),
        body=text_of(row.text("body", "storage", "value")),
        updated_at=Row(changed, "").time(),
        labels=names,
        kind=kind_among(names),
        url=site + place if place else "",
    )


def _line(setup: Setup) -> Line:
    email, token = setup.text("email"), setup.needed("token")
    return setup.line(setup.required("url"), basic(email, token) if email else bearer(token))


VENDOR = Vendor(
    name="confluence",
    title="Confluence Cloud",
    category="knowledge_base",
    read=reads(_line, Confluence),
    options=(
        Option(
            "url", "https://COMPANY.atlassian.net, or https://api.atlassian.com/ex/confluence/CLOUD-ID", required=True
        ),
        Option("email", "whose API token it is; without it the token is an access token"),
        Option("token", "an API token, or an access token", secret=True, required=True),
        Option("space", "the key of the only space to search"),
    ),
    rights=("search:confluence", "read:page:confluence"),
    cannot=("Confluence Data Center", "blog posts, comments and attached files"),
)
