"""Jira: canned answers and what they must become."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from escalation_connectors.records import Comment, Issue, Page, Person
from escalation_connectors.tracker.jira import VENDOR
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

FOUND = Issue(
    key="ENG-12",
    title="Export job loses rows",
    created_at=datetime(2026, 11, 3, 9, tzinfo=UTC),
    kind="bug",
    status="In Progress",
    priority="High",
    assignee="Lotta Fager",
    reporter="Bo Lind",
    updated_at=datetime(2026, 11, 4, 9, tzinfo=UTC),
    labels=("export",),
    component="exports",
    affects_version="4.2",
    fix_version="4.2.1, 4.3",
    body="Rows 900 to 1,000 are missing.\nexport_job_77 --trace",
    comments=Page(
        (
            Comment("1001", "Fixed in main.", datetime(2026, 11, 4, 8, tzinfo=UTC),
                    Person("Lotta Fager", "engineer", "lotta@vendor.example", "a1"), public=False),
            Comment("1002", "Build 7 passed", datetime(2026, 11, 4, 9, tzinfo=UTC),
                    Person("CI", "system", "", "a2"), public=False),
        ),
        total=2,
    ),
    links=("ENG-7", "OPS-3"),
    url="https://acme.atlassian.net/browse/ENG-12",
)  # fmt: skip

EXAMPLE = Example(
    vendor=VENDOR,
    settings={"url": "https://acme.atlassian.net", "email": "bot@acme.example", "token": "env:TOKEN", "project": "ENG"},
    contracts={"acme.atlassian.net": ("jira",)},
    answers=canned("tracker_jira"),
    calls=(
        Call("search", lambda jira: jira.search_issues("export_job_77 loses rows"), Page((FOUND,), total=1)),
        Call("issue", lambda jira: jira.get_issue("ENG-12"), FOUND),
    ),
    writes=(
        Call(
            "create",
            lambda jira: jira.create_issue(
                "Export loses\nrows", "Steps:\n```\nrun\n```", labels=["from support"], key="k1"
            ),
            Receipt("ENG-99", "https://acme.atlassian.net/browse/ENG-99"),
        ),
        Call(
            "comment",
            lambda jira: jira.comment("ENG-12", "Third customer.", key="k2"),
            Receipt("1003", "https://acme.atlassian.net/browse/ENG-12?focusedCommentId=1003"),
        ),
        Call(
            "link",
            lambda jira: jira.link("ENG-12", "https://acme.zendesk.com/agent/tickets/1", "Ticket 1", key="k3"),
            Receipt("10000", "https://acme.atlassian.net/browse/ENG-12"),
        ),
    ),
    more={"POST /rest/api/3/search/jql": lambda answer: {**answer, "isLast": False, "nextPageToken": "t2"}},
    ids=(lambda jira, each: jira.get_issue(each),),
    words=(lambda jira, words: jira.search_issues(words),),
    spoken=lambda request: json.loads(request.content).get("jql", "") if request.content else "",
    faults={
        "limited": (
            429,
            {"retry-after": "1", "RateLimit-Reason": "jira-burst-based"},
            {"errorMessages": ["slow"], "errors": {}},
        ),
        "refused": (400, {}, {"errorMessages": ["Error in the JQL Query"], "errors": {}}),
    },
)
