"""GitLab: canned answers and what they must become."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from escalation_connectors.records import Comment, Issue, Page, Person
from escalation_connectors.tracker.gitlab import VENDOR
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

FOUND = Issue(
    key="12",
    title="Export job loses rows",
    created_at=datetime(2026, 11, 3, 9, tzinfo=UTC),
    status="opened",
    priority="high",
    assignee="Lotta Fager",
    reporter="Bo Lind",
    updated_at=datetime(2026, 11, 4, 9, tzinfo=UTC),
    labels=("export",),
    fix_version="4.2.1",
    body="Rows 900 to 1,000 are missing: `export_job_77`",
    comments=Page((), cut=True),
    url="https://gitlab.com/acme/app/-/issues/12",
)
SAID = Page(
    (
        Comment("301", "Fixed in main.", datetime(2026, 11, 4, 8, tzinfo=UTC),
                Person("Lotta Fager", "engineer", id="5")),
        Comment("302", "Customer is angry", datetime(2026, 11, 4, 9, tzinfo=UTC),
                Person("Bo Lind", "engineer", id="6"), public=False),
    ),
    total=2,
)  # fmt: skip
NEXT = '<https://gitlab.com/api/v4/projects/acme%2Fapp/issues{}?page=2>; rel="next"'


def more(path: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def turned(answer: dict[str, Any]) -> dict[str, Any]:
        return {"json": answer["json"], "headers": {"link": NEXT.format(path)}}

    return turned


EXAMPLE = Example(
    vendor=VENDOR,
    settings={"project": "acme/app", "token": "env:TOKEN"},
    contracts={"gitlab.com": ("gitlab",)},
    answers=canned("tracker_gitlab"),
    calls=(
        Call("search", lambda gitlab: gitlab.search_issues("export_job_77 loses"), Page((FOUND,), total=1)),
        Call("issue", lambda gitlab: gitlab.get_issue("#12"), replace(FOUND, comments=SAID)),
    ),
    writes=(
        Call(
            "create",
            lambda gitlab: gitlab.create_issue("Export loses\nrows", "/close\n@all", labels=["support"], key="k1"),
            Receipt("13", "https://gitlab.com/acme/app/-/issues/13"),
        ),
        Call("comment", lambda gitlab: gitlab.comment("#12", "Third customer.", key="k2"), Receipt("303")),
        Call("link", lambda gitlab: gitlab.link("12", "https://x.example/1", "Ticket 1", key="k3"), Receipt("303")),
    ),
    more={
        "GET /api/v4/projects/{id}/issues": more(""),
        "GET /api/v4/projects/{id}/issues/{issue_iid}/notes": more("/12/notes"),
    },
    ids=(lambda gitlab, each: gitlab.get_issue(each),),
    words=(lambda gitlab, words: gitlab.search_issues(words),),
    faults={
        "expired": (401, {}, {"message": "401 Unauthorized"}),
        "scope": (403, {}, {"error": "insufficient_scope"}),
        "limited": (429, {"retry-after": "1"}, {"message": "Too many requests"}),
    },
)
