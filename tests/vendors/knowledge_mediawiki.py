"""MediaWiki: canned answers and what they must become, on a private wiki and on a public one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from escalation_connectors.knowledge.mediawiki import VENDOR
from escalation_connectors.records import Article, Page
from tests.vendors.example import Call, Example, canned

WIKI = "https://wiki.acme.example"
ANSWERS = canned("knowledge_mediawiki")
PAGES = "GET /api.php"
ISSUE = Article(
    id="7",
    title="Export misses rows",
    body="Cause\nSince 4.2 the job stops, see the runbook.\nbatch_size = 900",
    updated_at=datetime(2026, 11, 1, 8, tzinfo=UTC),
    labels=("Known issues",),
    kind="known_issue",
    url=f"{WIKI}/wiki/Export_misses_rows",
)
RUNBOOK = Article(
    id="5",
    title="Runbook",
    body="Restart the export.",
    updated_at=datetime(2026, 10, 1, 8, tzinfo=UTC),
    url=f"{WIKI}/wiki/Runbook",
)


def said(code: str) -> dict[str, object]:
    return {"error": {"code": code, "info": "You need read permission to use this module.", "docref": "See /api.php."}}


def further(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "continue": {"gsroffset": 10, "continue": "gsroffset||"}}


EXAMPLE = Example(
    vendor=VENDOR,
    settings={"url": f"{WIKI}/w", "user": "Bot@escalation", "password": "env:TOKEN"},
    contracts={"wiki.acme.example": ("mediawiki",)},
    answers=ANSWERS,
    calls=(
        Call("search", lambda wiki: wiki.search_articles("the export misses rows"), Page((ISSUE, RUNBOOK), 2)),
        Call("by number", lambda wiki: wiki.get_article("7"), ISSUE),
        Call("by title", lambda wiki: wiki.get_article("Export misses rows"), ISSUE),
    ),
    more={PAGES: further},
    ids=(lambda wiki, each: wiki.get_article(each),),
    words=(lambda wiki, words: wiki.search_articles(words),),
    spoken=lambda request: request.url.params.get("gsrsearch", ""),
    faults={
        "expired": (200, {"mediawiki-api-error": "readapidenied"}, said("readapidenied")),
        "expired session": (200, {}, said("assertuserfailed")),
        "scope": (200, {}, said("permissiondenied")),
        "limited": (200, {}, said("ratelimited")),
        "limited by lag": (200, {"retry-after": "5"}, said("maxlag")),
        "down": (200, {}, said("internal_api_error_DBQueryError")),
        "down for writes": (200, {}, said("readonly")),
        "down search": (200, {}, said("cirrussearch-too-busy-error")),
        "refused": (200, {}, said("badvalue")),
    },
)
ALSO = {"public": replace(EXAMPLE, settings={"url": f"{WIKI}/w"}, environment={}, answers={PAGES: ANSWERS[PAGES]})}
