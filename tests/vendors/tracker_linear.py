"""Linear: canned answers and what they must become."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from escalation_connectors.records import Comment, Issue, Page, Person
from escalation_connectors.tracker.linear import VENDOR
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

FIXED = Comment(
    "c-2", "Fixed in main.", datetime(2026, 11, 4, 8, tzinfo=UTC),
    Person("Lotta Fager", "engineer", "lotta@vendor.example", "u-5"), public=False,
)  # fmt: skip
FOUND = Issue(
    key="ENG-12",
    title="Export job loses rows",
    created_at=datetime(2026, 11, 3, 9, tzinfo=UTC),
    kind="bug",
    status="In Progress",
    priority="High",
    assignee="Lotta Fager",
    reporter="Zendesk",
    updated_at=datetime(2026, 11, 4, 9, tzinfo=UTC),
    labels=("Bug", "export"),
    component="Exports",
    body="Rows 900 to 1,000 are missing: `export_job_77`",
    comments=Page((FIXED,), cut=True),
    links=("ENG-7", "OPS-3", "51842", "https://github.com/acme/app/pull/2291"),
    url="https://linear.app/acme/issue/ENG-12/export-job-loses-rows",
)
SAID = Page(
    (
        FIXED,
        Comment("c-3", "Still there for us", datetime(2026, 11, 4, 8, 30, tzinfo=UTC),
                Person("Ines Okafor", "", "ines@acme.example", "x-1"), public=False),
        Comment("c-4", "Build 7 passed", datetime(2026, 11, 4, 9, tzinfo=UTC),
                Person("CI", "system", id="b-1"), public=False),
    ),
    total=3,
)  # fmt: skip


def more_issues(answer: dict[str, Any]) -> dict[str, Any]:
    found = answer["data"]["searchIssues"]
    return {"data": {"searchIssues": {**found, "pageInfo": {"hasNextPage": True, "endCursor": "c2"}}}}


def more_comments(answer: dict[str, Any]) -> dict[str, Any]:
    issue = answer["data"]["issue"]
    return {"data": {"issue": {**issue, "comments": {**issue["comments"], "pageInfo": {"hasNextPage": True}}}}}


def error(code: str, message: str = "Ihr Schluessel sk_live_9 ist falsch") -> dict[str, object]:
    """What Linear says in place of data."""
    return {"errors": [{"message": message, "path": ["searchIssues"], "extensions": {"code": code}}], "data": None}


PARTLY: dict[str, object] = {**error("INVALID_INPUT"), "data": {"searchIssues": {"totalCount": 0}}}
EXAMPLE = Example(
    vendor=VENDOR,
    settings={"token": "env:TOKEN", "teams": ["ENG"], "team": "7c1f6d1e-3f0a-4d35-9f39-5f3c2d0e8a11"},
    contracts={"api.linear.app": ("linear",)},
    answers=canned("tracker_linear"),
    calls=(
        Call("search", lambda linear: linear.search_issues("export_job_77 loses rows"), Page((FOUND,), total=1)),
        Call("issue", lambda linear: linear.get_issue("ENG-12"), replace(FOUND, comments=SAID)),
    ),
    writes=(
        Call(
            "create",
            lambda linear: linear.create_issue("Export loses\nrows", "*Rows*", labels=["from support"], key="k1"),
            Receipt("ENG-99", "https://linear.app/acme/issue/ENG-99"),
        ),
        Call(
            "comment",
            lambda linear: linear.comment("ENG-12", "Third customer.", key="k2"),
            Receipt("c-5", "https://linear.app/acme/issue/ENG-12#comment-5"),
        ),
        Call(
            "link",
            lambda linear: linear.link("ENG-12", "https://x.example/1", "Ticket 1", key="k3"),
            Receipt("a-1", "https://x.example/1"),
        ),
    ),
    more={"query Search": more_issues, "query Issue": more_comments},
    ids=(lambda linear, each: linear.get_issue(each),),
    words=(lambda linear, words: linear.search_issues(words),),
    spoken=lambda request: json.loads(request.content)["query"],
    faults={
        "limited": (400, {}, error("RATELIMITED")),
        "limited with 200": (200, {}, error("RATELIMITED")),
        "expired": (400, {}, error("AUTHENTICATION_ERROR")),
        "scope": (200, {}, error("FORBIDDEN")),
        "missing": (200, {}, error("INPUT_ERROR", "Entity not found: Issue")),
        "refused": (400, {}, error("GRAPHQL_VALIDATION_FAILED")),
        "down": (200, {}, error("INTERNAL_SERVER_ERROR")),
        "down in part": (200, {}, PARTLY),
    },
)
