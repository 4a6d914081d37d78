"""Jira Cloud, version 3 of its API. https://developer.atlassian.com/cloud/jira/platform/rest/v3/

A search gives no count and only the fields that are named; it is bounded to the configured projects, or to issues that
changed in the last years. Texts are documents, read and written as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from escalation_connectors.auth import basic, bearer
from escalation_connectors.errors import NotFound
from escalation_connectors.http import Line, Manners, Reading, Writing
from escalation_connectors.markup import adf
from escalation_connectors.paging import Batch, pages
from escalation_connectors.records import Comment, Issue, Page, Person, Role
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads, writes
from escalation_connectors.words import phrase, quoted, telling
from escalation_connectors.writing import Receipt

FIELDS = (
    "summary description status priority issuetype assignee reporter created updated resolutiondate labels components "
    "versions fixVersions comment issuelinks"
).split()
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}-\d{1,10}|\d{1,12}")
ISSUE, WORDS, PER_PAGE = "/rest/api/3/issue/{}", 8, 50


class Jira:
    """Reads issues with their comments."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http, self._site = setup.name, http, setup.text("site") or setup.required("url")
        projects = ", ".join(quoted(each) for each in setup.fields.texts("projects"))
        self._bound = f"project in ({projects})" if projects else "updated >= -1825d"

    async def search_issues(self, query: str, *, limit: int = 20) -> Page[Issue]:
        """Issues with any of the telling words in any of their texts, the server's best first."""
        words = [quoted(word if word.isalnum() else phrase(word)) for word in telling(query, WORDS)]
        if not words:
            return Page(())
        jql = f"{self._bound} AND ({' OR '.join(f'text ~ {word}' for word in words)})"

        async def ask(more: str) -> Batch[Issue]:
            asked = {"jql": jql, "fields": FIELDS, "maxResults": min(limit, PER_PAGE)}
            question = {**asked, "nextPageToken": more} if more else asked
            answer = await self._http.ask("/rest/api/3/search/jql", question=question)
            after = "" if answer.flag("isLast") else answer.text("nextPageToken")
            return Batch([*map(self._issue, answer.must_rows("issues"))], after)

        return await pages(ask, limit)

    async def get_issue(self, key: str) -> Issue:
        """The issue with its newest comments, in one request."""
        if not KEY.fullmatch(key):
            raise NotFound(self.name, "issue keys are like ENG-12")
        return self._issue(await self._http.get(ISSUE, key, query={"fields": ",".join(FIELDS)}))

    def _issue(self, row: Row) -> Issue:
        fields, key = row.row("fields"), row.must("key")
        return Issue(
            key=key,
            title=fields.text("summary"),
            created_at=fields.when("created"),
            kind=fields.text("issuetype", "name").lower(),
            status=fields.text("status", "name"),
            priority=fields.text("priority", "name"),
            assignee=fields.text("assignee", "displayName"),
            reporter=fields.text("reporter", "displayName"),
            updated_at=fields.time("updated"),
            resolved_at=fields.time("resolutiondate"),
            labels=fields.texts("labels"),
            component=_names(fields, "components"),
            affects_version=_names(fields, "versions"),
            fix_version=_names(fields, "fixVersions"),
            body=adf.text_of(fields.row("description")) or fields.text("description"),
            comments=_comments(fields.row("comment")),
            links=tuple(_linked(fields)),
            url=f"{self._site.rstrip('/')}/browse/{key}",
        )


def _names(fields: Row, which: str) -> str:
    return ", ".join(filter(None, (each.text("name") for each in fields.rows(which))))


def _linked(fields: Row) -> Sequence[str]:
    ends = (link.text(end, "key") for link in fields.rows("issuelinks") for end in ("inwardIssue", "outwardIssue"))
    return [key for key in ends if key]


def _comments(held: Row) -> Page[Comment]:
    """As many as the answer holds; it says of how many."""
    said = tuple(
        Comment(
            id=each.must("id"),
            body=adf.text_of(each.row("body")) or each.text("body"),
            at=each.time("created"),
            author=_person(each.row("author")),
            public=each.flag("jsdPublic") is True,
        )
        for each in held.rows("comments")
    )
    total = held.count("total")
    return Page(said, total, total is None or total > len(said))


def _person(row: Row) -> Person:
    role: Role = {"app": "system", "customer": "customer"}.get(row.text("accountType"), "engineer")  # type: ignore[assignment]
    return Person(row.text("displayName"), role, row.text("emailAddress"), row.text("accountId"))


class JiraWrites:
    """Writes issues, comments and links; a link is written once, however often it is sent."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http, self._site = setup.name, http, setup.text("site") or setup.required("url")
        self._project, self._kind = setup.text("project"), setup.text("issue_type", "Bug")

    async def create_issue(self, title: str, body: str, *, labels: Sequence[str] = (), key: str) -> Receipt:
        """In the configured project, of the configured type."""
        fields: dict[str, object] = {
            "project": {"key": self._project}, "issuetype": {"name": self._kind}, "summary": " ".join(title.split()),
            "description": adf.document(body), "labels": ["-".join(label.split()) for label in labels],
        }  # fmt: skip
        marked = {"fields": fields, "properties": [{"key": "customer-escalation", "value": {"key": key}}]}
        answer = await self._http.send("POST", "/rest/api/3/issue", value=marked)
        return self._receipt(answer.text("key"))

    async def comment(self, issue: str, text: str, *, key: str) -> Receipt:
        """A comment of plain text."""
        value = {"body": adf.document(text), "properties": [{"key": "customer-escalation", "value": {"key": key}}]}
        answer = await self._http.send("POST", ISSUE + "/comment", issue, value=value)
        return Receipt(answer.text("id"), f"{self._receipt(issue).url}?focusedCommentId={answer.text('id')}")

    async def link(self, issue: str, url: str, title: str, *, key: str) -> Receipt:
        """A remote link, which the address itself identifies."""
        value = {"globalId": url, "object": {"url": url, "title": title}}
        answer = await self._http.send("POST", ISSUE + "/remotelink", issue, value=value)
        return Receipt(answer.text("id"), self._receipt(issue).url)

    def _receipt(self, key: str) -> Receipt:
        return Receipt(key, f"{self._site.rstrip('/')}/browse/{key}")


def _line(setup: Setup) -> Line:
    email, token = setup.text("email"), setup.needed("token")
    return setup.line(setup.required("url"), basic(email, token) if email else bearer(token), Manners(per_second=10.0))


VENDOR = Vendor(
    name="jira",
    title="Jira Cloud",
    category="project_tracker",
    read=reads(_line, Jira),
    write=writes(_line, JiraWrites),
    options=(
        Option("url", "https://COMPANY.atlassian.net, or https://api.atlassian.com/ex/jira/CLOUD-ID", required=True),
        Option("email", "whose API token it is; without it the token is an access token"),
        Option("token", "an API token, or an access token", secret=True, required=True),
        Option("site", "https://COMPANY.atlassian.net, for links where url is api.atlassian.com"),
        Option("projects", "the keys of the only projects to search", kind="texts"),
        Option("project", "the key of the project for new issues"),
        Option("issue_type", "the type of new issues (Bug)"),
    ),
    rights=("read:jira-work",),
    ran_on="the emulator backlot 0.1.0",
    cannot=("Jira Data Center", "of how many issues a search gives the first"),
)
