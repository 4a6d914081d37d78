"""Redmine: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from escalation_connectors.records import Comment, Issue, Page, Person
from escalation_connectors.tracker.redmine import VENDOR
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

URL = "https://redmine.acme.example/issues"
FOUND = Issue(
    key="12",
    title="Export drops rows",
    created_at=datetime(2026, 11, 1, 8, tzinfo=UTC),
    kind="bug",
    status="In Progress",
    priority="Urgent",
    assignee="Mia Ono",
    reporter="Bo Lind",
    updated_at=datetime(2026, 11, 3, 10, tzinfo=UTC),
    component="Exports",
    fix_version="4.2.1",
    body="Rows after 900 are lost in `export_job`.",
    comments=Page((), cut=True),
    url=f"{URL}/12",
)
CLOSED = Issue(
    key="9",
    title="Export is slow",
    created_at=datetime(2026, 10, 1, 8, tzinfo=UTC),
    kind="bug",
    status="Closed",
    priority="Normal",
    reporter="Bo Lind",
    updated_at=datetime(2026, 10, 2, 8, tzinfo=UTC),
    resolved_at=datetime(2026, 10, 2, 8, tzinfo=UTC),
    comments=Page((), cut=True),
    url=f"{URL}/9",
)
NOTES = Page(
    (
        Comment("71", "Fixed in 4.2.1.\nAcme waits.", datetime(2026, 11, 3, 9, tzinfo=UTC),
                Person("Mia Ono", "engineer", id="5")),
        Comment("72", "They threaten to leave.", datetime(2026, 11, 3, 10, tzinfo=UTC),
                Person("Bo Lind", "engineer", id="4"), False),
    ),
    total=2,
)  # fmt: skip


def second_page(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "total_count": 40}


EXAMPLE = Example(
    vendor=VENDOR,
    settings={
        "url": "https://redmine.acme.example",
        "token": "env:TOKEN",
        "project": "platform",
        "tracker_id": "1",
    },
    contracts={"redmine.acme.example": ("redmine",)},
    answers=canned("tracker_redmine"),
    calls=(
        Call("search", lambda tracker: tracker.search_issues("the export drops rows"), Page((FOUND, CLOSED), 2)),
        Call("issue", lambda tracker: tracker.get_issue("#12"), replace(FOUND, comments=NOTES, links=("9",))),
    ),
    writes=(
        Call(
            "create",
            lambda tracker: tracker.create_issue("Export drops rows", "Seen by {{Acme}}.", labels=["p1"], key="k1"),
            Receipt("13", f"{URL}/13"),
        ),
        Call("comment", lambda tracker: tracker.comment("12", "Still open.", key="k2"), Receipt("12", f"{URL}/12")),
        Call(
            "link",
            lambda tracker: tracker.link("12", "https://rt.acme.example/51842", "The ticket", key="k3"),
            Receipt("12", f"{URL}/12"),
        ),
    ),
    more={"GET /search.json": second_page},
    ids=(lambda tracker, each: tracker.get_issue(each),),
    words=(lambda tracker, words: tracker.search_issues(words),),
    faults={
        "refused": (422, {}, {"errors": ["Subject cannot be blank"]}),
    },
)
