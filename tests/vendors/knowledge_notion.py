"""Notion: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime

from escalation_connectors.knowledge.notion import VENDOR
from escalation_connectors.records import Article, Page
from tests.vendors.example import Call, Example, canned

PAGE = "1f2e3d4c-0000-4000-8000-000000000001"
BODY = """\
## Steps
- Set `batch_size[0]` to 500[ms]

\tThen run it again
and wait

```bash
export --resume <job> \\[77\\]
```"""
ARTICLE = Article(
    id=PAGE,
    title="Export misses rows",
    body=BODY,
    updated_at=datetime(2026, 10, 30, 12, tzinfo=UTC),
    labels=("exports", "Workaround"),
    kind="workaround",
    url="https://www.notion.so/Export-misses-rows-1f2e3d4c000040008000000000000001",
)
EXAMPLE = Example(
    vendor=VENDOR,
    settings={"token": "env:TOKEN"},
    contracts={"api.notion.com": ("notion",)},
    answers=canned("knowledge_notion"),
    calls=(
        Call("search", lambda notion: notion.search_articles("the export misses rows"), Page((ARTICLE,), 1)),
        Call("article", lambda notion: notion.get_article(PAGE), ARTICLE),
    ),
    more={"POST /v1/search": lambda answer: {**answer, "has_more": True, "next_cursor": "c2"}},
    ids=(lambda notion, each: notion.get_article(each),),
    words=(lambda notion, words: notion.search_articles(words),),
    faults={
        "expired": (401, {}, {"object": "error", "status": 401, "code": "unauthorized", "message": "invalid"}),
        "scope": (403, {}, {"object": "error", "status": 403, "code": "restricted_resource", "message": ""}),
        "missing": (404, {}, {"object": "error", "status": 404, "code": "object_not_found", "message": ""}),
        "limited": (429, {"retry-after": "1"}, {"object": "error", "status": 429, "code": "rate_limited"}),
        "refused": (400, {}, {"object": "error", "status": 400, "code": "validation_error", "message": ""}),
        "down": (503, {}, {"object": "error", "status": 503, "code": "service_unavailable", "message": ""}),
    },
)
