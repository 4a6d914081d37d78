"""Guru: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx2
from msgspec.structs import replace

from escalation_connectors.knowledge.guru import VENDOR
from escalation_connectors.records import Article, Page
from tests.vendors.example import Call, Example, canned

SEARCH, CARD = "GET /search/query", "0e2f4d1c-1111-4222-8333-944445555666"
ARTICLE = Article(
    id=CARD,
    title="Export misses rows",
    body="Set export.batch_size to 500 & run job_77 again.",
    updated_at=datetime(2026, 10, 30, 12, tzinfo=UTC),
    labels=("Known issue", "Exports", "needs verification"),
    kind="known_issue",
    url="https://app.getguru.com/card/cabcEdef/Export-misses-rows",
)


def second_page(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "headers": {"link": '<https://api.getguru.com/api/v1/search/query?token=n2>; rel="next-page"'}}


EXAMPLE = Example(
    vendor=VENDOR,
    settings={"user": "ines@acme.example", "token": "env:TOKEN"},
    contracts={"api.getguru.com": ("guru",)},
    answers=canned("knowledge_guru"),
    calls=(
        Call("search", lambda guru: guru.search_articles("the export misses job_77"), Page((ARTICLE,), 1)),
        Call("article", lambda guru: guru.get_article(CARD), ARTICLE),
    ),
    more={SEARCH: second_page},
    ids=(lambda guru, each: guru.get_article(each),),
    words=(lambda guru, words: guru.search_articles(words),),
    spoken=lambda request: request.url.params.get("searchTerms", ""),
    faults={
        "expired": (401, {}, {"status": 401, "description": "Unauthorized"}),
        "scope": (403, {}, {"status": 403, "description": "Forbidden"}),
        "limited": (429, {"retry-after": "1"}, {"status": 429}),
    },
)
ALSO = {
    "without_a_match": replace(
        EXAMPLE,
        answers={SEARCH: httpx2.Response(204)},
        calls=(Call("search", lambda guru: guru.search_articles("export misses"), Page((), 0)),),
        more={},
        ids=(),
    )
}
