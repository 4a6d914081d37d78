"""Intercom articles: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime

from escalation_connectors.knowledge.intercom import VENDOR
from escalation_connectors.records import Article, Page
from tests.vendors.example import Call, Example, canned

FOUND = Article(
    id="6871",
    title="Exports miss rows",
    body="What to do when rows are missing.\n\nWorkaround\nSet legacy_export=true & retry export_job_77.",
    updated_at=datetime(2025, 11, 24, 16, tzinfo=UTC),
    url="https://intercom.help/acme/en/articles/6871",
)

EXAMPLE = Example(
    vendor=VENDOR,
    settings={"token": "env:TOKEN"},
    contracts={"api.intercom.io": ("intercom_2.15",)},
    answers=canned("knowledge_intercom"),
    calls=(
        Call("search", lambda intercom: intercom.search_articles("export_job_77 misses rows"), Page((FOUND,), total=1)),
        Call("article", lambda intercom: intercom.get_article("6871"), FOUND),
    ),
    ids=(lambda intercom, each: intercom.get_article(each),),
    words=(lambda intercom, words: intercom.search_articles(words),),
    faults={
        "expired": (
            401,
            {},
            {"type": "error.list", "errors": [{"code": "unauthorized", "message": "Access Token Invalid"}]},
        ),
        "limited": (429, {}, {"type": "error.list", "errors": [{"code": "rate_limit_exceeded", "message": "slow"}]}),
    },
)
