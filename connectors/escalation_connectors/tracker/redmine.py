"""Redmine. https://www.redmine.org/projects/redmine/wiki/Rest_api

Run against a real server, version 5.0.4; the contract of its requests is derived from its documentation. A search gives
titles, so a second request reads the issues that were found, all at once; their notes are read with the single issue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from escalation_connectors.auth import header
from escalation_connectors.errors import NotFound
from escalation_connectors.http import Line, Manners, Query, Reading, Writing
from escalation_connectors.paging import Batch, pages
from escalation_connectors.records import Comment, Issue, Page, Person
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads, writes
from escalation_connectors.words import telling
from escalation_connectors.writing import Receipt

WORDS, PER_PAGE, TITLE = 5, 100, 255
ACTS = re.compile(r"\{(?=\{)|(?<!\w)@(?=[\w@.-])")  # begins a macro, or a mention


class Redmine:
    """Reads issues."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http, self._url = setup.name, http, setup.required("url").rstrip("/")

    async def search_issues(self, query: str, *, limit: int = 20) -> Page[Issue]:
        """Issues with any of the telling words in their title, text or notes, in the server's order."""
        words = telling(query, WORDS)
        if not words:
            return Page(())
        asked: Query = {"q": " ".join(words), "all_words": "", "issues": 1, "limit": min(limit, PER_PAGE)}
        found = await self._http.get("/search.json", query=asked)
        numbers = [row.must("id") for row in found.must_rows("results") if row.text("type").startswith("issue")]
        if not numbers:
            return Page((), 0)

        async def ask(_: str) -> Batch[Issue]:
            those: Query = {"issue_id": ",".join(numbers), "status_id": "*", "limit": PER_PAGE}
            read = {
                row.text("id"): row for row in (await self._http.get("/issues.json", query=those)).must_rows("issues")
            }
            issues = [self._issue(read[number], Page((), cut=True)) for number in numbers if number in read]
            return Batch(issues, "", found.count("total_count"))

        return await pages(ask, limit)

    async def get_issue(self, key: str) -> Issue:
        """The issue with its notes, in one request."""
        number = key.removeprefix("#")
        if not number.isdecimal():
            raise NotFound(self.name, "issue ids are numbers")
        answer = await self._http.get("/issues/{}.json", number, query={"include": "journals,relations"})
        row = answer.row("issue")
        notes = tuple(_note(each) for each in row.rows("journals") if each.text("notes"))
        return self._issue(row, Page(notes, len(notes)))

    def _issue(self, row: Row, notes: Page[Comment]) -> Issue:
        number = row.must("id")
        related = {each.text(end) for each in row.rows("relations") for end in ("issue_id", "issue_to_id")} - {
            number,
            "",
        }
        return Issue(
            key=number,
            title=row.text("subject"),
            created_at=row.when("created_on"),
            kind=row.text("tracker", "name").lower(),
            status=row.text("status", "name"),
            priority=row.text("priority", "name"),
            assignee=row.text("assigned_to", "name"),
            reporter=row.text("author", "name"),
            updated_at=row.time("updated_on"),
            resolved_at=row.time("closed_on"),
            component=row.text("category", "name"),
            fix_version=row.text("fixed_version", "name"),
            body=row.text("description"),
            comments=notes,
            links=tuple(sorted(related)),
            url=f"{self._url}/issues/{number}",
        )


def _note(row: Row) -> Comment:
    author = Person(row.text("user", "name"), "engineer", id=row.text("user", "id"))
    public = row.flag("private_notes") is not True
    return Comment(row.must("id"), row.text("notes"), row.time("created_on"), author, public)


class RedmineWrites:
    """Writes issues and notes."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http, self._url = setup.name, http, setup.required("url").rstrip("/")
        self._project, self._tracker = setup.text("project"), setup.text("tracker_id")

    async def create_issue(self, title: str, body: str, *, labels: Sequence[str] = (), key: str) -> Receipt:
        """In the configured project; labels stand in the text, as it has none."""
        text = f"{body}\n\n{' '.join(labels)}" if labels else body
        subject = " ".join(title.split())[:TITLE]
        issue: dict[str, object] = {"project_id": self._project, "subject": subject, "description": _shown(text)}
        issue |= {"tracker_id": int(self._tracker)} if self._tracker.isdecimal() else {}
        answer = await self._http.send("POST", "/issues.json", value={"issue": issue}, key=key)
        number = answer.text("issue", "id")
        return Receipt(number, f"{self._url}/issues/{number}")

    async def comment(self, issue: str, text: str, *, key: str) -> Receipt:
        """A note that everyone who sees the issue can read."""
        number = issue.removeprefix("#")
        await self._http.send("PUT", "/issues/{}.json", number, value={"issue": {"notes": _shown(text)}}, key=key)
        return Receipt(number, f"{self._url}/issues/{number}")

    async def link(self, issue: str, url: str, title: str, *, key: str) -> Receipt:
        """A note with the address, as links lead to other issues only."""
        return await self.comment(issue, f"{title}: {url.replace('@', '%40')}", key=key)


def _shown(text: str) -> str:
    """Text that calls no macro of the server and mentions nobody."""
    return ACTS.sub(r"\g<0> ", text)


def _line(setup: Setup) -> Line:
    auth = header("X-Redmine-API-Key", setup.needed("token"))
    return setup.line(setup.required("url"), auth, Manners(per_second=5.0))


VENDOR = Vendor(
    name="redmine",
    title="Redmine",
    category="project_tracker",
    read=reads(_line, Redmine),
    write=writes(_line, RedmineWrites),
    options=(
        Option("url", "https://redmine.COMPANY.example", required=True),
        Option("token", "an API access key; the server must have its REST API switched on", secret=True, required=True),
        Option("project", "the identifier of the project for new issues"),
        Option("tracker_id", "the number of the tracker (bug, feature ...) for new issues"),
    ),
    rights=("view_issues", "view_private_notes"),
    contract="derived",
    ran_on="Redmine 5.0.4",
    cannot=("labels", "links to records elsewhere: they become notes"),
)
