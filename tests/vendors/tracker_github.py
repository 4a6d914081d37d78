"""GitHub: canned answers and what they must become."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from escalation_connectors.records import Comment, Issue, Page, Person
from escalation_connectors.tracker.github import VENDOR
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

FOUND = Issue(
    key="12",
    title="Export job loses rows",
    created_at=datetime(2026, 11, 3, 9, tzinfo=UTC),
    kind="bug",
    status="closed (completed)",
    assignee="lotta",
    reporter="bo",
    updated_at=datetime(2026, 11, 4, 9, tzinfo=UTC),
    resolved_at=datetime(2026, 11, 4, 9, tzinfo=UTC),
    labels=("bug", "export"),
    fix_version="4.2.1",
    body="Rows 900 to 1,000 are missing: `export_job_77`",
    comments=Page((), cut=True),
    url="https://github.com/acme/app/issues/12",
)
SAID = Page(
    (
        Comment("301", "Fixed in main.", datetime(2026, 11, 4, 8, tzinfo=UTC), Person("lotta", "engineer", id="5")),
        Comment("302", "Build 7 passed", datetime(2026, 11, 4, 9, tzinfo=UTC), Person("ci[bot]", "system", id="6")),
    ),
    total=2,
)


def more(path: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def turned(answer: dict[str, Any]) -> dict[str, Any]:
        return {"json": answer["json"], "headers": {"link": f'<https://api.github.com{path}page=2>; rel="next"'}}

    return turned


EXAMPLE = Example(
    vendor=VENDOR,
    settings={"repositories": ["acme/app"], "token": "env:TOKEN"},
    contracts={"api.github.com": ("github",)},
    answers=canned("tracker_github"),
    calls=(
        Call("search", lambda github: github.search_issues("export_job_77 loses"), Page((FOUND,), total=1)),
        Call("issue", lambda github: github.get_issue("acme/app#12"), replace(FOUND, comments=SAID)),
    ),
    writes=(
        Call(
            "create",
            lambda github: github.create_issue("Export loses\nrows", "@all see #1", labels=["support"], key="k1"),
            Receipt("12", "https://github.com/acme/app/issues/12"),
        ),
        Call(
            "comment",
            lambda github: github.comment("#12", "Third customer.", key="k2"),
            Receipt("303", "https://github.com/acme/app/issues/12#issuecomment-303"),
        ),
        Call(
            "link",
            lambda github: github.link("12", "https://x.example/1", "Ticket 1", key="k3"),
            Receipt("303", "https://github.com/acme/app/issues/12#issuecomment-303"),
        ),
    ),
    more={
        "GET /search/issues": more("/search/issues?q=x&"),
        "GET /repos/{owner}/{repo}/issues/{issue_number}/comments": more("/repos/acme/app/issues/12/comments?"),
    },
    ids=(lambda github, each: github.get_issue(each), lambda github, each: github.get_issue(f"acme/app#{each}")),
    words=(lambda github, words: github.search_issues(words),),
    spoken=lambda request: request.url.params.get("q", ""),
    faults={
        "limited": (403, {"x-ratelimit-remaining": "0"}, {"message": "API rate limit exceeded"}),
        "limited again": (403, {"retry-after": "60"}, {"message": "You have exceeded a secondary rate limit"}),
        "limited for a while": (403, {}, {"message": "You have exceeded a secondary rate limit. Please wait."}),
        "scope": (403, {"x-ratelimit-remaining": "9"}, {"message": "Resource not accessible by personal access token"}),
        "expired": (401, {}, {"message": "Bad credentials"}),
        "scope again": (422, {}, {"message": "Validation Failed", "errors": [{"code": "invalid"}]}),
    },
)
