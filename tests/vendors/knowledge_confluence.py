"""Confluence: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from escalation_connectors.knowledge.confluence import VENDOR
from escalation_connectors.records import Article, Page
from tests.vendors.example import Call, Example, canned

ARTICLE = Article(
    id="98304",
    title="Export misses rows",
    body="Set export.batch_size to 500.\nexport --resume job_77 > out.csv",
    updated_at=datetime(2026, 10, 30, 12, tzinfo=UTC),
    labels=("known-issue", "export"),
    kind="known_issue",
    url="https://acme.atlassian.net/wiki/spaces/SUP/pages/98304/Export+misses+rows",
)


def second_page(answer: dict[str, Any]) -> dict[str, Any]:
    after = "/rest/api/content/search?cql=type%20%3D%20page&limit=10&cursor=_sa_WyJcdDk4%3D&next=true"
    return {**answer, "_links": {**answer["_links"], "next": after}}


EXAMPLE = Example(
    vendor=VENDOR,
    settings={
        "url": "https://acme.atlassian.net", "email": "ines@acme.example", "token": "env:TOKEN", "space": "SUP",
    },
    contracts={"acme.atlassian.net": ("confluence_v1_search", "confluence_v2")},
    answers=canned("knowledge_confluence"),
    calls=(
        Call("search", lambda confluence: confluence.search_articles("export misses job_77"), Page((ARTICLE,), 1)),
        Call("article", lambda confluence: confluence.get_article("98304"), ARTICLE),
    ),
    more={"GET /wiki/rest/api/content/search": second_page},
    ids=(lambda confluence, each: confluence.get_article(each),),
    words=(lambda confluence, words: confluence.search_articles(words),),
    spoken=lambda request: request.url.params.get("cql", ""),
    faults={
        "expired": (401, {}, {"code": 401, "message": "Unauthorized; scope does not match"}),
        "scope": (403, {}, {"statusCode": 403, "message": "Current user not permitted to use Confluence"}),
        "limited": (429, {"retry-after": "1"}, {"code": 429, "message": "Rate limit exceeded"}),
        "refused": (400, {}, {"statusCode": 400, "message": "Could not parse cql"}),
        "down": (503, {}, {"statusCode": 503, "message": "Service unavailable"}),
    },
)  # fmt: skip
