"""Zendesk Help Center: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime

from escalation_connectors.knowledge.zendesk import VENDOR
from escalation_connectors.records import Article, Page
from tests.vendors.example import Call, Example, canned

FOUND = Article(
    id="360001",
    title="Exports miss rows",
    body="Workaround\nSet legacy_export=true & retry:\nexport_job --all",
    updated_at=datetime(2026, 11, 3, 9, tzinfo=UTC),
    labels=("exports", "workaround"),
    kind="workaround",
    url="https://acme.zendesk.com/hc/en-us/articles/360001",
)

EXAMPLE = Example(
    vendor=VENDOR,
    settings={"url": "https://acme.zendesk.com", "token": "env:TOKEN", "locale": "en-us"},
    contracts={"acme.zendesk.com": ("zendesk_help_center",)},
    answers=canned("knowledge_zendesk"),
    calls=(
        Call("search", lambda zendesk: zendesk.search_articles("export_job misses rows"), Page((FOUND,), total=1)),
        Call("article", lambda zendesk: zendesk.get_article("360001"), FOUND),
    ),
    more={"GET /api/v2/help_center/articles/search": lambda answer: {**answer, "page": 1, "page_count": 9}},
    ids=(lambda zendesk, each: zendesk.get_article(each),),
    words=(lambda zendesk, words: zendesk.search_articles(words),),
    spoken=lambda request: request.url.params.get("query", ""),
    faults={
        "expired": (401, {}, {"error": "Couldn't authenticate you"}),
        "limited": (429, {"retry-after": "1"}, {"error": "APIRateLimitExceeded"}),
    },
)
