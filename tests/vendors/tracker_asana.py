"""Asana: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from escalation_connectors.records import Comment, Issue, Page, Person
from escalation_connectors.tracker.asana import VENDOR
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

FOUND = Issue(
    key="1201",
    title="Export job loses rows",
    created_at=datetime(2026, 11, 3, 9, tzinfo=UTC),
    kind="task",
    status="In review",
    assignee="Lotta Fager",
    updated_at=datetime(2026, 11, 4, 9, tzinfo=UTC),
    labels=("export",),
    body="Rows 900 to 1,000 are missing: export_job_77",
    comments=Page((), cut=True),
    links=("1190",),
    url="https://app.asana.com/0/1/1201",
)
SAID = Page(
    (
        Comment("s2", "Fixed in main.", datetime(2026, 11, 4, 8, tzinfo=UTC),
                Person("Lotta Fager", "engineer", id="u1"), public=False),
    ),
    total=1,
)  # fmt: skip

EXAMPLE = Example(
    vendor=VENDOR,
    settings={"token": "env:TOKEN", "workspace": "77", "projects": ["5"], "project": "5"},
    contracts={"app.asana.com": ("asana",)},
    answers=canned("tracker_asana"),
    calls=(
        Call("search", lambda asana: asana.search_issues("export_job_77 loses"), Page((FOUND,), total=1)),
        Call("task", lambda asana: asana.get_issue("1201"), replace(FOUND, comments=SAID)),
    ),
    writes=(
        Call(
            "create",
            lambda asana: asana.create_issue("Export loses\nrows", "Steps", labels=["support"], key="k1"),
            Receipt("1300", "https://app.asana.com/0/1/1300"),
        ),
        Call("comment", lambda asana: asana.comment("1201", "<b>Third</b> customer.", key="k2"), Receipt("s3")),
        Call("link", lambda asana: asana.link("1201", "https://x.example/1", "Ticket 1", key="k3"), Receipt("s3")),
    ),
    more={
        "GET /tasks/{task_gid}/stories": lambda answer: {
            **answer,
            "next_page": {
                "offset": "o2",
                "path": "/tasks/1201/stories?offset=o2",
                "uri": "https://app.asana.com/api/1.0",
            },
        },
    },
    ids=(lambda asana, each: asana.get_issue(each),),
    words=(lambda asana, words: asana.search_issues(words),),
    faults={
        "refused": (400, {}, {"errors": [{"message": "text: Not a valid text", "help": "see"}]}),
        "expired": (402, {}, {"errors": [{"message": "Search is only available to premium users"}]}),
        "limited": (429, {"retry-after": "30"}, {"errors": [{"message": "Rate limit"}]}),
    },
)
