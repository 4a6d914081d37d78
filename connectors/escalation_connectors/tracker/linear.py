"""Linear. https://linear.app/developers/graphql

What a person typed is a variable of a question, never part of it. Errors come with status 200 or 400.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from escalation_connectors.auth import bearer, header
from escalation_connectors.errors import Conflict, NotFound, PerhapsWritten
from escalation_connectors.http import Answer, Fault, Line, Manners, Reading, Writing, named
from escalation_connectors.markup.markdown import shown
from escalation_connectors.paging import Batch, in_order, pages
from escalation_connectors.records import Comment, Issue, Page, Person, Role
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads, writes
from escalation_connectors.words import ISSUES, kind_among, record_of, telling
from escalation_connectors.writing import Receipt, uuid_of

FIELDS = """identifier title description url createdAt updatedAt completedAt canceledAt priority priorityLabel
 state { name } assignee { name } creator { name } externalUserCreator { name } botActor { name } project { name }
 labels(first: 10) { nodes { name } } attachments(first: 10) { nodes { url } }
 relations(first: 5) { nodes { it: relatedIssue { identifier } } } inverseRelations(first: 5) { nodes { it: issue {
 identifier } } } comments(first: $said) { pageInfo { hasNextPage }
  nodes { id body createdAt user { id name email app } externalUser { id name email } botActor { id name } } }"""
SEARCH = f"""query Search($term: String!, $first: Int!, $after: String, $filter: IssueFilter, $said: Int!) {{
 searchIssues(term: $term, first: $first, after: $after, filter: $filter, includeComments: true)
 {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {FIELDS} }} }} }}"""
ISSUE = f"query Issue($id: String!, $said: Int!) {{ issue(id: $id) {{ {FIELDS} }} }}"
CREATE = "mutation Create($of: IssueCreateInput!) { issueCreate(input: $of) { success issue { identifier url } } }"
COMMENT = "mutation Comment($of: CommentCreateInput!) { commentCreate(input: $of) { success comment { id url } } }"
LINK = """mutation Link($on: String!, $url: String!, $title: String!) {
 attachmentLinkURL(issueId: $on, url: $url, title: $title) { success attachment { id url } } }"""
ERRORS: Mapping[Fault, str] = {
    "limited": "RATELIMITED", "expired": "AUTHENTICATION_ERROR", "scope": "FORBIDDEN FEATURE_NOT_ACCESSIBLE",
    "down": "INTERNAL_SERVER_ERROR LOCK_TIMEOUT NETWORK_ERROR",
}  # fmt: skip
MESSAGES: Mapping[str, Fault] = {"Entity not found": "missing", "conflict on insert": "conflict"}
KEY = re.compile(r"[A-Za-z]\w{0,15}-\d{1,9}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.A)
REPORTERS, RELATED = ("creator", "externalUserCreator", "botActor"), ("relations", "inverseRelations")
WORDS, PER_PAGE, SAID_IN_SEARCH, SAID = 8, 40, 10, 200


class Linear:
    """Reads issues with their comments."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http, self._teams = setup.name, http, setup.fields.texts("teams")

    async def search_issues(self, query: str, *, limit: int = 20) -> Page[Issue]:
        """Issues whose texts or comments are near the telling words, the server's best first."""
        words = telling(query, WORDS)
        if not words:
            return Page(())
        within = {"team": {"key": {"in": self._teams}}} if self._teams else None
        given = {"term": " ".join(words), "first": min(limit, PER_PAGE), "filter": within, "said": SAID_IN_SEARCH}

        async def ask(more: str) -> Batch[Issue]:
            found = (await self._asked(SEARCH, {**given, "after": more or None})).row("searchIssues")
            after = found.text("pageInfo", "endCursor") if found.flag("pageInfo", "hasNextPage") else ""
            return Batch([*map(_issue, found.must_rows("nodes"))], after, found.count("totalCount"))

        return await pages(ask, limit)

    async def get_issue(self, key: str) -> Issue:
        """The issue with its newest comments."""
        if not KEY.fullmatch(key):
            raise NotFound(self.name, "issue keys are like ENG-12")
        return _issue((await self._asked(ISSUE, {"id": key, "said": SAID})).row("issue"))

    async def _asked(self, query: str, variables: Mapping[str, object]) -> Row:
        given = {name: value for name, value in variables.items() if value is not None}
        return (await self._http.ask("/graphql", question={"query": query, "variables": given})).row("data")


def _issue(row: Row) -> Issue:
    labels = tuple(filter(None, (label.text("name") for label in row.rows("labels", "nodes"))))
    related = (each.text("it", "identifier") for which in RELATED for each in row.rows(which, "nodes"))
    attached = (record_of(each.text("url")) for each in row.rows("attachments", "nodes"))
    said, whole = row.rows("comments", "nodes"), row.flag("comments", "pageInfo", "hasNextPage") is False
    return Issue(
        key=row.must("identifier"),
        title=row.text("title"),
        created_at=row.when("createdAt"),
        kind=kind_among(labels, ISSUES),
        status=row.text("state", "name"),
        priority=row.text("priorityLabel") if row.number("priority") else "",
        assignee=row.text("assignee", "name"),
        reporter=next(filter(None, (row.text(who, "name") for who in REPORTERS)), ""),
        updated_at=row.time("updatedAt"),
        resolved_at=row.time("completedAt") or row.time("canceledAt"),
        labels=labels,
        component=row.text("project", "name"),
        body=row.text("description"),
        comments=in_order([Page(tuple(map(_comment, said)), len(said) if whole else None, not whole)]),
        links=tuple(filter(None, (*related, *attached))),
        url=row.text("url"),
    )


def _comment(row: Row) -> Comment:
    user, outside = row.row("user"), row.row("externalUser")
    role: Role = "engineer" if user and not user.flag("app") else "" if outside else "system"
    who = user or outside or row.row("botActor")
    author = Person(who.text("name"), role, who.text("email"), who.text("id"))
    return Comment(row.must("id"), row.text("body"), row.time("createdAt"), author, public=False)


class LinearWrites:
    """Writes issues, comments and links; what is made gets its id from the key, so it is made once."""

    def __init__(self, setup: Setup, http: Writing) -> None:
        self.name, self._http, self._setup = setup.name, http, setup

    async def create_issue(self, title: str, body: str, *, labels: Sequence[str] = (), key: str) -> Receipt:
        """In the configured team; labels stand in the text, as Linear knows them by number alone."""
        text = shown("\n\n".join(filter(None, (body, ", ".join(labels)))))
        given = {"teamId": self._setup.required("team"), "title": " ".join(title.split()), "description": text}
        return await self._made(CREATE, "issue", "identifier", key, given)

    async def comment(self, issue: str, text: str, *, key: str) -> Receipt:
        """A comment."""
        return await self._made(COMMENT, "comment", "id", key, {"issueId": issue, "body": shown(text)})

    async def link(self, issue: str, url: str, title: str, *, key: str) -> Receipt:
        """An attachment, of which an issue has one for each address."""
        answer = await self._done(LINK, "attachmentLinkURL", {"on": issue, "url": url, "title": title})
        return Receipt(answer.text("attachment", "id"), answer.text("attachment", "url"))

    async def _made(self, query: str, what: str, called: str, key: str, given: Mapping[str, object]) -> Receipt:
        """What was made, under an id of the key's own; where it was made before, that id alone."""
        own = uuid_of(key)
        try:
            made = (await self._done(query, f"{what}Create", {"of": {"id": own, **given}})).row(what)
        except Conflict:
            return Receipt(own)
        return Receipt(made.text(called) or own, made.text("url"))

    async def _done(self, query: str, name: str, variables: Mapping[str, object]) -> Row:
        answer = await self._http.send("POST", "/graphql", value={"query": query, "variables": variables})
        if answer.flag("data", name, "success"):
            return answer.row("data", name)
        raise PerhapsWritten(self.name, "it did not say that it was done")


def _fault(answer: Answer) -> Fault:
    """By the first error's code; an error beside data means that only a part was done."""
    said = answer.said()
    for error in said.rows("errors") if answer.status in {200, 400} else ():
        known: list[Fault] = [fault for start, fault in MESSAGES.items() if error.text("message").startswith(start)]
        fault = known[0] if known else named(error.text("extensions", "code"), ERRORS)
        return "down" if fault == "refused" and said.row("data") else fault
    return ""


def _line(setup: Setup) -> Line:
    token = setup.needed("token")
    auth = bearer(token) if setup.text("token_kind") == "oauth" else header("Authorization", token)
    return setup.line("https://api.linear.app", auth, Manners(per_second=0.5, burst=10, fault=_fault))


VENDOR = Vendor(
    name="linear",
    title="Linear",
    category="project_tracker",
    read=reads(_line, Linear),
    write=writes(_line, LinearWrites),
    once=True,
    options=(
        Option("token", "an API key, or an access token", secret=True, required=True),
        Option("token_kind", "oauth, for the access token of an OAuth application"),
        Option("teams", "the keys of the only teams to search, as ENG", kind="texts"),
        Option("team", "the id (a UUID) of the team for new issues"),
    ),
    rights=("read",),
    ran_on="the emulator backlot 0.1.0",
    cannot=("more than 30 searches a minute", "releases", "labels on new issues"),
)
