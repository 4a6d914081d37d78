"""GitHub Issues. https://docs.github.com/en/rest/search/search

A search reads at most a thousand issues, thirty searches a minute. A key is owner/repository#12, or 12 where one
repository is configured. A space between two would mean "and", so up to six are joined by OR.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from escalation_connectors.auth import bearer
from escalation_connectors.errors import NotFound
from escalation_connectors.http import Answer, Fault, Line, Manners, Query, Reading, Writing
from escalation_connectors.markup.markdown import quiet, shown
from escalation_connectors.paging import Batch, any_of, next_link, pages
from escalation_connectors.records import Comment, Issue, Page, Person, Role
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads, writes
from escalation_connectors.words import phrase, telling
from escalation_connectors.writing import Receipt

REPOSITORY = re.compile(r"([A-Za-z0-9-]{1,39})/([\w.-]{1,100})", re.A)
KEY = re.compile(r"(?:([A-Za-z0-9-]{1,39}/[\w.-]{1,100})?#)?(\d{1,12})", re.A)
ISSUES, ISSUE = "/repos/{}/{}/issues", "/repos/{}/{}/issues/{}"
WORDS, PER_PAGE, COMMENTS, MOST = 3, 100, 300, 6
HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


class GitHub:
    """Reads the issues of the configured repositories."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http, self._repositories = setup.name, http, _repositories(setup)

    async def search_issues(self, query: str, *, limit: int = 20) -> Page[Issue]:
        """Issues with all of the telling words; where there is none, with any of them. The server's best first."""
        words = [phrase(word) for word in telling(query, WORDS)]
        return await any_of(words, lambda some: self._search(some, limit), limit) if words else Page(())

    async def _search(self, words: Sequence[str], limit: int) -> Page[Issue]:
        within = " OR ".join(f"repo:{owner}/{name}" for owner, name in self._repositories)
        several = len(self._repositories) > 1
        asked = " ".join([*words, "is:issue", f"({within})" if several else within])
        first: Query = {"q": asked, "per_page": min(limit, PER_PAGE), "advanced_search": "true" if several else None}

        async def ask(more: str) -> Batch[Issue]:
            answer = await (self._http.follow(more) if more else self._http.fetch("/search/issues", query=first))
            found = [self._issue(row, Page((), cut=True)) for row in answer.row().must_rows("items")]
            return Batch(found, next_link(answer.headers.get("link", "")), answer.row().count("total_count"))

        return await pages(ask, limit)

    async def get_issue(self, key: str) -> Issue:
        """The issue and its comments, in two requests at once."""
        place = _place(self.name, key, self._repositories)

        async def ask(more: str) -> Batch[Comment]:
            first = ISSUE + "/comments", *place
            answer = await (self._http.follow(more) if more else self._http.fetch(*first, query={"per_page": PER_PAGE}))
            return Batch([*map(_comment, answer.row().must_rows())], next_link(answer.headers.get("link", "")))

        issue, said = await asyncio.gather(self._http.get(ISSUE, *place), pages(ask, COMMENTS))
        total = issue.count("comments") or 0
        return self._issue(issue, said if total <= said.read else Page(said.items, total, cut=True))

    def _issue(self, row: Row, comments: Page[Comment]) -> Issue:
        number, home = row.must("number"), "/".join(row.text("repository_url").rsplit("/", 2)[-2:])
        labels = tuple(filter(None, (label.text("name") for label in row.rows("labels"))))
        reason = row.text("state_reason").replace("_", " ")
        return Issue(
            key=_key(number, home, self._repositories),
            title=row.text("title"),
            created_at=row.when("created_at"),
            kind=row.text("type", "name").lower() or ("bug" if "bug" in labels else ""),
            status=f"{row.text('state')} ({reason})" if reason else row.text("state"),
            assignee=", ".join(filter(None, (each.text("login") for each in row.rows("assignees")))),
            reporter=row.text("user", "login"),
            updated_at=row.time("updated_at"),
            resolved_at=row.time("closed_at"),
            labels=labels,
            fix_version=row.text("milestone", "title"),
            body=row.text("body"),
            comments=comments,
            url=row.text("html_url"),
        )


def _repositories(setup: Setup) -> tuple[tuple[str, str], ...]:
    found = [REPOSITORY.fullmatch(each) for each in setup.fields.texts("repositories")]
    if not found or None in found or len(found) > MOST:
        raise setup.fields.wrong("repositories", f"must be a list of OWNER/REPOSITORY, {MOST} at most")
    return tuple((each[1], each[2]) for each in found if each)


def _place(source: str, key: str, repositories: Sequence[tuple[str, str]]) -> tuple[str, str, str]:
    """Owner, repository and number of a configured repository's issue, however its name is spelt. Raises NotFound."""
    found = KEY.fullmatch(key)
    if found is None or (found[1] is None and len(repositories) != 1):
        raise NotFound(source, "issues are called OWNER/REPOSITORY#12")
    for owner, name in repositories:
        if found[1] is None or found[1].lower() == f"{owner}/{name}".lower():
            return owner, name, found[2]
    raise NotFound(source, "this repository is not configured")


def _key(number: str, home: str, repositories: Sequence[tuple[str, str]]) -> str:
    """What an issue is called among those of the configured repositories."""
    return number if len(repositories) == 1 else f"{home}#{number}"


def _comment(row: Row) -> Comment:
    role: Role = "system" if row.text("user", "type") == "Bot" else "engineer"
    author = Person(row.text("user", "login"), role, id=row.text("user", "id"))
    return Comment(row.must("id"), row.text("body"), row.time("created_at"), author)


class GitHubWrites:
    """Writes issues and comments, in the first of the configured repositories."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http, self._repositories = setup.name, http, _repositories(setup)

    async def create_issue(self, title: str, body: str, *, labels: Sequence[str] = (), key: str) -> Receipt:
        """A label that does not exist is made."""
        issue = {"title": quiet(" ".join(title.split())), "body": shown(body), "labels": list(labels)}
        home = self._repositories[0]
        answer = await self._http.send("POST", ISSUES, *home, value=issue, key=key)
        made = _key(answer.text("number"), "/".join(home), self._repositories)
        return Receipt(made, answer.text("html_url"))

    async def comment(self, issue: str, text: str, *, key: str) -> Receipt:
        """A comment."""
        place = _place(self.name, issue, self._repositories)
        answer = await self._http.send("POST", ISSUE + "/comments", *place, value={"body": shown(text)}, key=key)
        return Receipt(answer.text("id"), answer.text("html_url"))

    async def link(self, issue: str, url: str, title: str, *, key: str) -> Receipt:
        """A comment with the address."""
        return await self.comment(issue, f"{title}: {url}", key=key)


def _fault(answer: Answer) -> Fault:
    """Its limits are refusals that leave nothing, say how long to wait or name one; 422 hides what may not be seen."""
    if answer.status != 403:
        return "scope" if answer.status == 422 else ""
    asks = "retry-after" in answer.headers or "secondary rate limit" in answer.said().text("message")
    return "limited" if asks or _spent(answer) else ""


def _spent(answer: Answer) -> bool:
    return answer.headers.get("x-ratelimit-remaining") == "0"


def _wait(answer: Answer) -> float:
    """Until there are requests again; after a limit that does not say when, a minute."""
    return answer.until("x-ratelimit-reset") if _spent(answer) else 60.0


def _line(setup: Setup) -> Line:
    manners = Manners(per_second=0.5, burst=20, headers=HEADERS, fault=_fault, wait=_wait)
    return setup.line(setup.text("url", "https://api.github.com"), bearer(setup.needed("token")), manners)


VENDOR = Vendor(
    name="github",
    title="GitHub Issues",
    category="project_tracker",
    read=reads(_line, GitHub),
    write=writes(_line, GitHubWrites),
    options=(
        Option("repositories", "which ones, as OWNER/REPOSITORY, up to six", required=True, kind="texts"),
        Option("token", "a fine-grained token, or that of a GitHub app", secret=True, required=True),
        Option("url", "of GitHub Enterprise Server, as https://github.COMPANY.example/api/v3"),
    ),
    rights=("issues: read",),
    ran_on="the emulator backlot 0.1.0",
    cannot=("search for more than three words at once", "pull requests"),
)
