"""MediaWiki. https://www.mediawiki.org/wiki/API:Main_page

Run against a real server, version 1.39; the contract of its requests is derived from its documentation. It is searched
for texts (its own default are titles), every word must occur, and a private wiki says no inside a 200.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from escalation_connectors.errors import AccessDenied, NotFound
from escalation_connectors.http import Answer, Fault, Line, Manners, Query, Reading, Request, named
from escalation_connectors.markup.wikitext import categories, text_of
from escalation_connectors.paging import any_of
from escalation_connectors.records import Article, Page
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads
from escalation_connectors.words import kind_among, phrase, telling

COMMON: Mapping[str, str | int] = {
    "action": "query", "format": "json", "formatversion": 2, "prop": "revisions|info", "inprop": "url",
    "rvprop": "content|timestamp", "rvslots": "main",
}  # fmt: skip
MEANS: Mapping[Fault, str] = {
    "expired": "readapidenied assertuserfailed notloggedin badtoken",
    "scope": "permissiondenied",
    "limited": "ratelimited maxlag",
    "down": "readonly cirrussearch-too-busy-error cirrussearch-backend-error",
}
WORDS, MOST = 3, 50
LET_IN = {"Success", "Aborted"}  # aborted: the cookie still holds, or the next question will be refused


class MediaWiki:
    """Reads pages."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name = setup.name
        self._http = http

    async def search_articles(self, query: str, *, limit: int = 10) -> Page[Article]:
        """Pages with all of the telling words, whole; where there is none, with any of them."""
        words = [phrase(word) for word in telling(query, WORDS)]
        return await any_of(words, lambda some: self._search(some, limit), limit) if words else Page(())

    async def _search(self, words: Sequence[str], limit: int) -> Page[Article]:
        """One request: the search generates the pages. The server does not say of how many."""
        size = min(limit, MOST)
        search: Query = {"generator": "search", "gsrsearch": " ".join(words), "gsrwhat": "text", "gsrlimit": size}
        answer = await self._http.get("/api.php", query={**COMMON, **search})
        pages = answer.must_rows("query", "pages", none=answer.flag("batchcomplete") is True)
        found = sorted(pages, key=lambda row: row.count("index") or 0)
        more = bool(answer.row("continue"))
        return Page(tuple(map(_article, found)), None if more else len(found), more)

    async def get_article(self, article_id: str) -> Article:
        """By its number, or by its title."""
        by: Query = {"pageids": article_id} if article_id.isdecimal() else {"titles": article_id.replace("|", " ")}
        answer = await self._http.get("/api.php", query={**COMMON, **by})
        row = next(iter(answer.must_rows("query", "pages")), Row({}, self.name))
        if not row or row.flag("missing") or row.flag("invalid"):
            raise NotFound(self.name, "no such page")
        return _article(row)


def _article(row: Row) -> Article:
    revision = next(iter(row.rows("revisions")), Row({}, ""))
    text = revision.text("slots", "main", "content")
    labels = categories(text)
    return Article(
        id=row.must("pageid"),
        title=row.text("title"),
        body=text_of(text),
        updated_at=revision.time("timestamp"),
        labels=labels,
        kind=kind_among(labels),
        url=row.text("fullurl"),
    )


class _Login:
    """A bot password, which becomes a cookie that the line keeps: at first, and when the wiki has forgotten it.

    Who asks while another signs in waits for that: the wiki lets nobody in twice.
    """

    line: Line

    def __init__(self, user: str, password: str) -> None:
        self._user, self._password, self._times, self._turn = user, password, 0, asyncio.Lock()

    async def headers(self) -> Mapping[str, str]:
        """None: the cookie stands for us."""
        if self._user and not self._times:
            await self._sign_in(0)
        return {}

    async def renew(self) -> bool:
        """Sign in again."""
        if self._user:
            await self._sign_in(self._times)
        return bool(self._user)

    async def _sign_in(self, times: int) -> None:
        """With a token of the wiki's own, unless another has done so since `times`."""
        async with self._turn:
            if self._times == times:
                await self._ask_in()
                self._times += 1

    async def _ask_in(self) -> None:
        plain = {"format": "json", "formatversion": "2"}
        token = await self._post({**plain, "action": "query", "meta": "tokens", "type": "login"})
        mine = {
            "lgname": self._user,
            "lgpassword": self._password,
            "lgtoken": token.text("query", "tokens", "logintoken"),
        }
        answer = await self._post({**plain, "action": "login", **mine})
        if answer.text("login", "result") not in LET_IN:
            raise AccessDenied(self.line.source, "the bot password was refused")

    async def _post(self, fields: Mapping[str, str]) -> Row:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        url, body = self.line.url("/api.php", ()), urlencode(fields).encode()
        request = Request(method="POST", url=url, body=body, headers=headers, signs_in=True)
        return (await self.line.exchange(request)).row()


def _fault(answer: Answer) -> Fault:
    code = answer.said().text("error", "code")
    if code.startswith("internal_api_error"):
        return "down"
    return named(code, MEANS) if code else ""


def _line(setup: Setup) -> Line:
    login = _Login(setup.text("user"), setup.secret("password"))
    login.line = setup.line(setup.required("url"), login, Manners(per_second=5.0, fault=_fault))
    return login.line


VENDOR = Vendor(
    name="mediawiki",
    title="MediaWiki",
    category="knowledge_base",
    read=reads(_line, MediaWiki),
    options=(
        Option("url", "where api.php stands, as https://wiki.COMPANY.example/w", required=True),
        Option("user", "of a bot password, as Name@bot; nobody, where the wiki is public"),
        Option("password", "that bot password", secret=True),
    ),
    rights=("basic",),
    contract="derived",
    ran_on="MediaWiki 1.39",
    cannot=("search for more than three words at once", "pages that templates make"),
)
