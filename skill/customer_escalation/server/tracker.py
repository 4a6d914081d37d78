"""Reading tools of the project tracker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from mcp.server.mcpserver.tools import Tool
from pydantic import Field

from customer_escalation.server.desk import Answer, Call, Desk
from customer_escalation.server.strict import ForCase, tool
from customer_escalation.server.trimming import BODY, listed, row, text, thread

if TYPE_CHECKING:
    from escalation_connectors.records import Issue


async def tracker_search_issues(
    call: Call,
    query: Annotated[str, Field(min_length=1)],
    limit: Annotated[int, Field(ge=1, le=50)] = 10,
) -> Answer:
    """Find bugs, feature requests and incidents by words, best first."""
    page = await call.answer((await call.tracker()).search_issues(query, limit=limit))
    return listed("issues", page, [_line(issue) for issue in page.items])


async def tracker_get_issue(call: Call, key: Annotated[str, Field(min_length=1)], case_id: ForCase = "") -> Answer:
    """Read one tracker issue with its comments."""
    from customer_escalation import rows

    tracker = await call.tracker()
    issue = await call.answer(tracker.get_issue(key))
    return {
        **_line(issue),
        **row(
            reporter=issue.reporter,
            resolved_at=issue.resolved_at,
            labels=issue.labels,
            component=issue.component,
            affects_version=issue.affects_version,
            links=issue.links,
            url=issue.url,
            body=text(issue.body, 2 * BODY),
        ),
        **thread(issue.comments),
        **await call.keep(case_id, rows.issue_rows(issue, tracker.name)),
    }


def _line(issue: Issue) -> Answer:
    return row(
        key=issue.key,
        title=issue.title,
        kind=issue.kind,
        status=issue.status,
        priority=issue.priority,
        assignee=issue.assignee,
        fix_version=issue.fix_version,
        created_at=issue.created_at,
        updated_at=issue.updated_at,
    )


def tools(desk: Desk) -> tuple[Tool, ...]:
    """The tools of this family."""
    return tool(desk, tracker_search_issues, "Search issues"), tool(desk, tracker_get_issue, "Read an issue")
