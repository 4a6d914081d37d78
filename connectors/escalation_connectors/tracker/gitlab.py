"""GitLab issues, in the cloud or self-managed. https://docs.gitlab.com/api/issues/

The contract of its requests is derived, from what is known of its documentation; it was not compared with GitLab's own
description. Issues go by their number within the project (`iid`). In
what is written, a line that begins with a slash would be a command, so it gets a space before it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from escalation_connectors.auth import bearer, header
from escalation_connectors.errors import NotFound
from escalation_connectors.http import Answer, Line, Manners, Query, Reading, Writing
from escalation_connectors.markup.markdown import shown
from escalation_connectors.paging import Batch, any_of, next_link, pages
from escalation_connectors.records import Comment, Issue, Page, Person
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads, writes
from escalation_connectors.words import telling
from escalation_connectors.writing import Receipt

ISSUES, ISSUE = "/api/v4/projects/{}/issues", "/api/v4/projects/{}/issues/{}"
KEY = re.compile(r"(?:([\w./-]*)#)?(\d{1,12})", re.A)
COMMAND = re.compile(r"^(?=\s{0,3}/[a-z_])", re.M)
WORDS, PER_PAGE, NOTES = 3, 100, 300


class GitLab:
    """Reads the issues of one project."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http, self._project = setup.name, http, setup.required("project")

    async def search_issues(self, query: str, *, limit: int = 20) -> Page[Issue]:
        """Issues with all of the telling words in title or description; where there is none, with any of them."""
        words = telling(query, WORDS)
        return await any_of(words, lambda some: self._search(some, limit), limit) if words else Page(())

    async def _search(self, words: Sequence[str], limit: int) -> Page[Issue]:
        first: Query = {
            "search": " ".join(words), "in": "title,description", "scope": "all", "order_by": "updated_at",
            "per_page": min(limit, PER_PAGE),
        }  # fmt: skip

        async def ask(more: str) -> Batch[Issue]:
            sent = self._http.follow(more) if more else self._http.fetch(ISSUES, self._project, query=first)
            answer = await sent
            return Batch([_issue(row, Page((), cut=True)) for row in answer.row().must_rows()], *_rest(answer))

        return await pages(ask, limit)

    async def get_issue(self, key: str) -> Issue:
        """The issue and what people said on it, in two requests at once."""
        number = _number(self.name, key, self._project)

        async def ask(more: str) -> Batch[Comment]:
            query: Query = {"sort": "asc", "activity_filter": "only_comments", "per_page": PER_PAGE}
            where = ISSUE + "/notes", self._project, number
            answer = await (self._http.follow(more) if more else self._http.fetch(*where, query=query))
            said = [_note(row) for row in answer.row().must_rows() if row.flag("system") is not True]
            return Batch(said, *_rest(answer))

        issue, notes = await asyncio.gather(self._http.get(ISSUE, self._project, number), pages(ask, NOTES))
        return _issue(issue, notes)


def _number(source: str, key: str, project: str) -> str:
    """The number in a key, which may name the project, but no other. Raises NotFound."""
    found = KEY.fullmatch(key)
    if found is None or (found[1] or project).lower() != project.lower():
        raise NotFound(source, "issues are called 12, or #12 with nothing but this project before it")
    return found[2]


def _rest(answer: Answer) -> tuple[str, int | None]:
    """Where the next page is, and of how many in all; a very long list has no count."""
    total = answer.headers.get("x-total", "")
    return next_link(answer.headers.get("link", "")), int(total) if total.isdecimal() else None


def _issue(row: Row, notes: Page[Comment]) -> Issue:
    people = (each.text("name") for each in row.rows("assignees"))
    return Issue(
        key=row.must("iid"),
        title=row.text("title"),
        created_at=row.when("created_at"),
        kind=row.text("issue_type"),
        status=row.text("state"),
        priority=row.text("severity").lower().removeprefix("unknown"),
        assignee=", ".join(filter(None, people)),
        reporter=row.text("author", "name"),
        updated_at=row.time("updated_at"),
        resolved_at=row.time("closed_at"),
        labels=row.texts("labels"),
        fix_version=row.text("milestone", "title"),
        body=row.text("description"),
        comments=notes,
        url=row.text("web_url"),
    )


def _note(row: Row) -> Comment:
    author = Person(row.text("author", "name"), "engineer", id=row.text("author", "id"))
    return Comment(row.must("id"), row.text("body"), row.time("created_at"), author, row.flag("internal") is not True)


class GitLabWrites:
    """Writes issues and notes in which nothing is a command."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http, self._project = setup.name, http, setup.required("project")

    async def create_issue(self, title: str, body: str, *, labels: Sequence[str] = (), key: str) -> Receipt:
        """In the configured project, visible to its members alone."""
        issue = {"title": " ".join(title.split()), "description": _shown(body), "confidential": True}
        value = {**issue, "labels": ",".join(label.replace(",", " ") for label in labels)}
        answer = await self._http.send("POST", ISSUES, self._project, value=value, key=key)
        return Receipt(answer.text("iid"), answer.text("web_url"))

    async def comment(self, issue: str, text: str, *, key: str) -> Receipt:
        """A note."""
        number = _number(self.name, issue, self._project)
        value = {"body": _shown(text)}
        answer = await self._http.send("POST", ISSUE + "/notes", self._project, number, value=value, key=key)
        return Receipt(answer.text("id"))

    async def link(self, issue: str, url: str, title: str, *, key: str) -> Receipt:
        """A note with the address."""
        return await self.comment(issue, f"{title}: {url}", key=key)


def _shown(text: str) -> str:
    return COMMAND.sub(" \u200b", shown(text))


def _line(setup: Setup) -> Line:
    url, token = setup.text("url", "https://gitlab.com"), setup.needed("token")
    auth = bearer(token) if setup.text("token_kind") == "oauth" else header("PRIVATE-TOKEN", token)
    return setup.line(url, auth, Manners(per_second=5.0, burst=20))


VENDOR = Vendor(
    name="gitlab",
    title="GitLab",
    category="project_tracker",
    read=reads(_line, GitLab),
    write=writes(_line, GitLabWrites),
    options=(
        Option("project", "its path, as group/project, or its number", required=True),
        Option("token", "a project, group or personal access token", secret=True, required=True),
        Option("token_kind", "oauth, for the access token of an OAuth application"),
        Option("url", "where GitLab is self-managed (https://gitlab.com)"),
    ),
    rights=("read_api",),
    contract="derived",
    cannot=("more than one project an entry", "search in comments"),
)
