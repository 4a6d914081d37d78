"""What the connectors read and write at somebody else's emulator, and what two people of different rights see there.

Runs where BACKLOT names a Python that has `backlot==0.1.0`. Its holes: Jira's query language is project and text only
and a wrong token is nobody, who sees nothing; Teams has no search, Confluence not the search that brings bodies, Notion
no Markdown; HubSpot has the paths of version 3 and Linear no names of external users (both are mended on the way); it
writes to Slack alone.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from escalation_connectors import registry
from escalation_connectors.errors import AccessDenied, ConnectorError, NotFound
from escalation_connectors.http import Wire
from escalation_connectors.options import Fields
from escalation_connectors.registry import Connected, connect, read_configuration
from escalation_connectors.writing import ChatWrites
from tests.vendors.harness import Store

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(not os.environ.get("BACKLOT"), reason="BACKLOT names a Python with backlot 0.1.0"),
]
PLACES = {
    "slack.com": "/slack",
    "acme.atlassian.net": "/atlassian",
    "api.linear.app": "/linear",
    "api.hubapi.com": "/hubspot",
    "api.github.com": "/github",
    "graph.microsoft.com": "/msgraph",
    "api.notion.com": "/notion",
}
OLDER = ("/crm/objects/2026-03/", "/crm/v3/objects/")


class Emulator(httpx2.AsyncBaseTransport):
    """The way to the emulator: a vendor's host becomes a path of its."""

    def __init__(self, url: str) -> None:
        self._url, self._network = url, httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path.decode().replace(*OLDER)
        body = request.content.replace(b"externalUserCreator { name }", b"").replace(
            b"externalUser { id name email }", b""
        )
        sent = httpx2.Request(request.method, self._url + PLACES[request.url.host] + path, content=body)
        kept = {name: value for name, value in request.headers.items() if name not in {"host", "content-length"}}
        sent.headers.update(kept)
        return await self._network.handle_async_request(sent)

    async def aclose(self) -> None:
        await self._network.aclose()


class Backlot:
    """The running emulator, as a person with a token sees it."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.url = said["url"]
        self.tokens = {each["name"]: each["token"] for each in said["tokens"]["users"]}

    def as_(self, person: str, category: str, **entry: object) -> Connected:
        """One vendor, with this person's token."""
        environment = {"TOKEN": self.tokens.get(person, "wrong-token")}
        fields = Fields({category: {"token": "env:TOKEN", **entry}}, "test")
        return connect(read_configuration(fields, environment, Store(), Wire(transport=Emulator(self.url))))


@pytest.fixture(scope="module")
def backlot() -> Generator[Backlot]:
    command = [os.environ["BACKLOT"], str(Path(__file__).with_name("serve.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Backlot(json.loads(process.stdout.readline()))
        process.communicate(timeout=30)


SLACK: dict[str, Any] = {"category": "chat", "vendor": "slack", "token_kind": "user"}
JIRA: dict[str, Any] = {
    "category": "project_tracker",
    "vendor": "jira",
    "url": "https://acme.atlassian.net",
    "projects": ["PLATFORM"],
}
LINEAR: dict[str, Any] = {"category": "project_tracker", "vendor": "linear"}
GITHUB: dict[str, Any] = {"category": "project_tracker", "vendor": "github", "repositories": ["vendor/app"]}
TEAMS: dict[str, Any] = {"category": "chat", "vendor": "teams"}
NOTION: dict[str, Any] = {"category": "knowledge_base", "vendor": "notion"}
HUBSPOT: dict[str, Any] = {"category": "crm", "vendor": "hubspot", "fields": {"arr": "annualrevenue"}}


async def test_slack_is_read_and_written(backlot: Backlot) -> None:
    connected = backlot.as_("Alice", **SLACK)
    chat = connected.sources.chat
    assert chat is not None

    (found,) = (await chat.search_messages("WH-4031 mismatch")).items
    assert found.text == "Anyone else seeing WH-4031 signature mismatch after the 4.2 rollout?"
    thread = await chat.get_thread(found.channel, found.thread or found.id)
    assert [each.text for each in thread.items] == [
        found.text, "yes, Acme too - X-Sig-2 header", "workaround legacy_signature=true",
    ]  # fmt: skip
    assert (thread.total, thread.cut) == (3, False)

    vendor = registry.vendor("chat", "slack")
    assert vendor.write is not None
    writes: ChatWrites = vendor.write(connected.setups[0])  # type: ignore[assignment]
    said = "Escalated <!channel> & <@U1> *as is*"
    receipt = await writes.post(found.channel, said, key="k1", thread=found.id)
    again = await chat.get_thread(found.channel, found.id)
    assert (again.items[-1].id, again.items[-1].text) == (receipt.id, said)
    await connected.close()


async def test_jira_is_read(backlot: Backlot) -> None:
    connected = backlot.as_("Alice", **JIRA, email="alice@vendor.example")
    tracker = connected.sources.tracker
    assert tracker is not None

    page = await tracker.search_issues("signature")
    assert [each.title for each in page.items] == ["Webhook signature header renamed in 4.2 breaks verification"]
    issue = await tracker.get_issue(page.items[0].key)
    assert issue.body == "Since 4.2 we sign with X-Sig-2. Error WH-4031."
    assert [each.body for each in issue.comments.items] == ["SDK 3.1 fixes it"]
    assert (issue.kind, issue.status, issue.priority) == ("bug", "In Progress", "High")
    with pytest.raises(NotFound):
        await tracker.get_issue("PLATFORM-999")
    await connected.close()


async def test_linear_is_read(backlot: Backlot) -> None:
    connected = backlot.as_("Alice", **LINEAR)
    tracker = connected.sources.tracker
    assert tracker is not None

    page = await tracker.search_issues("WH-4031")
    assert [(each.key, each.title, each.status) for each in page.items] == [("ENG-1", "Describe X-Sig-2", "Todo")]
    assert (await tracker.get_issue("ENG-1")).body == "describe WH-4031"
    with pytest.raises(NotFound):
        await tracker.get_issue("ENG-999")
    await connected.close()


async def test_github_is_read(backlot: Backlot) -> None:
    connected = backlot.as_("Alice", **GITHUB)
    tracker = connected.sources.tracker
    assert tracker is not None

    (found,) = (await tracker.search_issues("export_job_77")).items
    assert (found.title, found.status, found.body) == (
        "Export job loses rows", "open", "Rows are missing: WH-4031 export_job_77",
    )  # fmt: skip
    issue = await tracker.get_issue(found.key)
    assert [each.body for each in issue.comments.items] == ["Fixed in main"]
    with pytest.raises(NotFound):
        await tracker.get_issue("999")
    await connected.close()


async def test_a_thread_of_teams_is_read(backlot: Backlot) -> None:
    headers = {"Authorization": f"Bearer {backlot.tokens['Alice']}"}
    async with httpx2.AsyncClient(base_url=backlot.url + "/msgraph/v1.0", headers=headers) as graph:
        team = (await graph.get("/me/joinedTeams")).json()["value"][0]["id"]
        channel = (await graph.get(f"/teams/{team}/channels")).json()["value"][0]["id"]
        message = (await graph.get(f"/teams/{team}/channels/{channel}/messages")).json()["value"][0]["id"]
    seen: dict[str, tuple[str, ...]] = {}
    for person in ("Alice", "Dana"):
        connected = backlot.as_(person, **TEAMS)
        assert connected.sources.chat is not None
        try:
            thread = await connected.sources.chat.get_thread(f"{team}/{channel}", message)
            seen[person] = tuple(each.text for each in thread.items)
        except (AccessDenied, NotFound):
            seen[person] = ()
        await connected.close()

    assert seen == {"Alice": ("WH-4031 again, see <X-Sig-2> & co", "workaround legacy_signature=true"), "Dana": ()}


async def test_titles_of_notion_are_found_by_who_may_see_them(backlot: Backlot) -> None:
    found: dict[str, tuple[str, ...]] = {}
    for person in ("Alice", "Dana"):
        connected = backlot.as_(person, **NOTION)
        assert connected.sources.knowledge is not None
        page = await connected.sources.knowledge.search_articles("Webhook FAQ")
        found[person] = tuple(each.title for each in page.items)
        assert page.cut is (person == "Alice")  # its text could not be had here
        await connected.close()

    assert found == {"Alice": ("Webhook FAQ",), "Dana": ()}


async def test_hubspot_is_read(backlot: Backlot) -> None:
    connected = backlot.as_("Dana", **HUBSPOT)
    crm = connected.sources.crm
    assert crm is not None

    (account,) = (await crm.search_accounts("Acme Corp")).items
    assert (account.name, account.domain, account.arr) == ("Acme Corp", "acme.example", 1_200_000)
    assert (await crm.get_account("acme.example")).id == account.id
    await connected.close()


@pytest.mark.parametrize(
    ("entry", "sees", "sees_not"),
    [
        (SLACK, "Alice", "Dana"),
        (JIRA, "Alice", "Dana"),
        (LINEAR, "Alice", "Dana"),
        (GITHUB, "Alice", "Dana"),
        (HUBSPOT, "Dana", "Alice"),
    ],
)
async def test_what_one_may_not_see_never_appears(
    backlot: Backlot, entry: dict[str, Any], sees: str, sees_not: str
) -> None:
    found: dict[str, object] = {}
    for person in (sees, sees_not):
        email = {"email": f"{person.lower()}@vendor.example"} if entry is JIRA else {}
        connected = backlot.as_(person, **entry, **email)
        try:
            found[person] = await everything(connected)
        except AccessDenied:
            found[person] = ()
        await connected.close()

    assert found[sees]
    assert not found[sees_not]


@pytest.mark.parametrize("entry", [SLACK, LINEAR, GITHUB, HUBSPOT])
async def test_a_wrong_token_is_refused(backlot: Backlot, entry: dict[str, Any]) -> None:
    connected = backlot.as_("Nobody", **entry)
    with pytest.raises(ConnectorError) as caught:
        await everything(connected)
    assert type(caught.value) is AccessDenied
    await connected.close()


async def everything(connected: Connected) -> tuple[object, ...]:
    """What the one connected source finds of the matter."""
    sources = connected.sources
    if sources.chat is not None:
        return (await sources.chat.search_messages("WH-4031")).items
    if sources.tracker is not None:
        word = "signature" if sources.tracker.name == "jira" else "WH-4031"
        return (await sources.tracker.search_issues(word)).items
    assert sources.crm is not None
    return (await sources.crm.search_accounts("Acme Corp")).items
