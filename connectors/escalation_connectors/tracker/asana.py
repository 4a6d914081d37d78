"""Asana. https://developers.asana.com/reference/rest-api-reference

Search is for paid plans (402 otherwise) and gives a hundred tasks, without saying of how many. Comments are stories;
the other stories are the system's own and left out. Who made a task is told by number only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from escalation_connectors.auth import bearer
from escalation_connectors.errors import NotFound
from escalation_connectors.http import Line, Manners, Query, Reading, Writing
from escalation_connectors.paging import Batch, any_of, pages
from escalation_connectors.records import Comment, Issue, Page, Person
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads, writes
from escalation_connectors.words import telling
from escalation_connectors.writing import Receipt

FIELDS = (
    "name,notes,created_at,modified_at,completed,completed_at,assignee.name,tags.name,permalink_url,"
    "resource_subtype,memberships.section.name,dependencies"
)
SAID = "text,created_at,created_by.name,type"
WORDS, MOST, STORIES = 3, 100, 300


class Asana:
    """Reads tasks."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http = setup.name, http
        self._workspace, self._projects = setup.required("workspace"), ",".join(setup.fields.texts("projects"))

    async def search_issues(self, query: str, *, limit: int = 20) -> Page[Issue]:
        """Tasks with all of the telling words; where there is none, with any of them. Changed last first."""
        words = telling(query, WORDS)
        return await any_of(words, lambda some: self._search(some, limit), limit) if words else Page(())

    async def _search(self, words: Sequence[str], limit: int) -> Page[Issue]:
        asked: Query = {
            "text": " ".join(words),
            "projects.any": self._projects or None,
            "sort_by": "modified_at",
            "opt_fields": FIELDS,
        }
        answer = await self._http.get("/workspaces/{}/tasks/search", self._workspace, query=asked)
        found = [_issue(row, Page((), cut=True)) for row in answer.must_rows("data")]
        cut = len(found) >= MOST or len(found) > limit
        return Page(tuple(found[:limit]), None if cut else len(found), cut)

    async def get_issue(self, key: str) -> Issue:
        """The task and what people said on it, in two requests at once."""
        if not key.isdecimal():
            raise NotFound(self.name, "task ids are numbers")

        async def ask(more: str) -> Batch[Comment]:
            query: Query = {"limit": MOST, "opt_fields": SAID, "offset": more or None}
            answer = await self._http.get("/tasks/{}/stories", key, query=query)
            said = [_comment(row) for row in answer.must_rows("data") if row.text("type") == "comment"]
            return Batch(said, answer.text("next_page", "offset"))

        task, said = await asyncio.gather(
            self._http.get("/tasks/{}", key, query={"opt_fields": FIELDS}), pages(ask, STORIES)
        )
        return _issue(task.row("data"), said)


def _issue(row: Row, said: Page[Comment]) -> Issue:
    sections = (each.text("section", "name") for each in row.rows("memberships"))
    done = row.flag("completed") is True
    return Issue(
        key=row.must("gid"),
        title=row.text("name"),
        created_at=row.when("created_at"),
        kind="task",
        status="completed" if done else next((name for name in sections if name), "open"),
        assignee=row.text("assignee", "name"),
        updated_at=row.time("modified_at"),
        resolved_at=row.time("completed_at"),
        labels=tuple(filter(None, (tag.text("name") for tag in row.rows("tags")))),
        body=row.text("notes"),
        comments=said,
        links=tuple(filter(None, (each.text("gid") for each in row.rows("dependencies")))),
        url=row.text("permalink_url"),
    )


def _comment(row: Row) -> Comment:
    author = Person(row.text("created_by", "name"), "engineer", id=row.text("created_by", "gid"))
    return Comment(row.must("gid"), row.text("text"), row.time("created_at"), author, public=False)


class AsanaWrites:
    """Writes tasks and comments of plain text, which Asana shows as it is."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http = setup.name, http
        self._project = setup.text("project")

    async def create_issue(self, title: str, body: str, *, labels: Sequence[str] = (), key: str) -> Receipt:
        """In the configured project; labels stand in the text, as a tag must exist before it is used."""
        notes = f"{body}\n\n{', '.join(labels)}" if labels else body
        task = {"name": " ".join(title.split()), "notes": notes, "projects": [self._project]}
        answer = await self._http.send("POST", "/tasks", value={"data": task}, key=key)
        return Receipt(answer.text("data", "gid"), answer.text("data", "permalink_url"))

    async def comment(self, issue: str, text: str, *, key: str) -> Receipt:
        """A comment."""
        answer = await self._http.send("POST", "/tasks/{}/stories", issue, value={"data": {"text": text}}, key=key)
        return Receipt(answer.text("data", "gid"))

    async def link(self, issue: str, url: str, title: str, *, key: str) -> Receipt:
        """A comment with the address."""
        return await self.comment(issue, f"{title}: {url}", key=key)


def _line(setup: Setup) -> Line:
    return setup.line("https://app.asana.com/api/1.0", bearer(setup.needed("token")), Manners(per_second=2.0, burst=20))


VENDOR = Vendor(
    name="asana",
    title="Asana",
    category="project_tracker",
    read=reads(_line, Asana),
    write=writes(_line, AsanaWrites),
    options=(
        Option("token", "a personal access token, or that of a service account", secret=True, required=True),
        Option("workspace", "the number of the workspace", required=True),
        Option("projects", "the numbers of the only projects to search", kind="texts"),
        Option("project", "the number of the project for new tasks"),
    ),
    rights=("tasks:read", "stories:read"),
    cannot=("search on free plans", "more than the hundred tasks that changed last", "new tags"),
)
