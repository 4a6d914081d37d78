"""Any category read through a vendor's own MCP server."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from escalation_connectors.bridge.presets import PRESETS
from escalation_connectors.errors import (
    BadAnswer,
    InputError,
    NotFound,
)
from escalation_connectors.http import Wire
from escalation_connectors.options import Fields
from escalation_connectors.records import Account, Article, Comment, Contact, Issue, Message, Page, Person, Ticket
from escalation_connectors.registry import connect, read_configuration
from tests.connectors.bridged import made, vendor
from tests.documents import blocks, text_of
from tests.vendors.harness import Store

ROOT = Path(__file__).parents[2]
NINE = datetime(2025, 11, 3, 9, tzinfo=UTC)
INTERCOM = {"preset": "intercom", "fields": {"account": "company.name"}}
HUBSPOT = {"preset": "hubspot", "fields": {"tier": "properties.plan", "arr": "properties.arr"}}
CHAT = {
    "search": {"tool": "find_messages", "query": "query", "limit": "count", "items": "."},
    "thread": {"tool": "read_thread", "channel": "channel_id", "thread": "message_ts", "items": "."},
    "fields": {"id": "ts", "at": "ts", "channel": "channel.id", "author": "user"},
}
GITHUB = {"preset": "github", "arguments": {"owner": "acme", "repo": "shop"}, "fields": {"kind": "type"}}


def ticket(**more: Any) -> Ticket:
    ines = Person("Ines Okafor", "customer", "ines@acme.example", "11")
    first = Comment("description", "Rows 900 to 1,000 are missing.", NINE, ines)
    known: dict[str, Any] = {
        "id": "51842", "subject": "Export misses rows", "created_at": NINE, "status": "open", "requester": ines,
        "account": "Acme Corp", "tags": ("export",), "comments": Page((first,), cut=True),
    }  # fmt: skip
    return Ticket(**{**known, **more})


async def test_tickets_are_found_in_the_servers_own_query() -> None:
    async with vendor("support_platform", INTERCOM) as used:
        page = await used.sources.support.search_tickets("the export misses rows", limit=5)

    assert page == Page((ticket(),), 1)
    sent = {"field": "source.body", "operator": "~", "value": "export misses rows"}
    assert used.asked[0] == ("search_conversations", {"query": sent, "per_page": 5})
    assert {request.headers["authorization"] for request in used.requests} == {"Bearer t0ken"}


async def test_a_ticket_has_its_thread_and_a_note_is_internal() -> None:
    async with vendor("support_platform", INTERCOM) as used:
        got = await used.sources.support.get_ticket("51842")

    first = ticket().comments.items[0]
    note = Comment("2", "Seen in export_job_77.", NINE.replace(hour=10), Person("Bo Lind", "agent"), False)
    thanks = Comment("3", "Thanks!", NINE.replace(hour=11), Person("", "customer"), True)
    assert got == ticket(comments=Page((first, note, thanks)))


async def test_tickets_of_an_account_are_those_that_say_so() -> None:
    async with vendor("support_platform", INTERCOM) as used:
        support = used.sources.support
        assert (await support.search_tickets("export", account="acme corp")).items == (ticket(),)
        assert (await support.search_tickets("export", account="Globex")) == Page((), cut=True)
        assert (await support.search_tickets("export", since=datetime(2026, 1, 1, tzinfo=UTC))).items == ()
        assert (await support.linked_tickets("https://tracker.example/ENG-12")).items == (ticket(),)
    assert used.asked[-1][1]["query"]["value"] == "ENG-12"

    async with vendor("support_platform", {"preset": "intercom"}) as used:
        with pytest.raises(BadAnswer, match="do not tell their account"):
            await used.sources.support.search_tickets("export", account="Acme")


async def test_words_that_are_not_found_together_are_asked_alone() -> None:
    async with vendor("support_platform", INTERCOM) as used:
        assert (await used.sources.support.search_tickets("nothing drops")).items == (ticket(),)

    assert [call["query"]["value"] for _, call in used.asked] == ["nothing drops", "nothing", "drops"]


async def test_accounts_with_their_people_and_without_deals() -> None:
    acme = Account(id="A1", name="Acme Corp", domain="acme.example", tier="Enterprise", arr=210000.0)
    async with vendor("crm", HUBSPOT) as used:
        with pytest.raises(BadAnswer, match="search_crm_objects takes no argument properties"):
            await used.sources.crm.search_accounts("Acme")

    without = {"arguments": {"properties": None}}
    trimmed = {**HUBSPOT, "search": without, "get": without, "contacts": without, "deals": without}
    async with vendor("crm", trimmed) as used:
        crm = used.sources.crm
        assert await crm.search_accounts("acme") == Page((acme,), 1)
        assert await crm.get_account("A1") == acme
        assert await crm.get_account("acme.example") == acme
        ines = Contact(id="P1", account="A1", name="Ines Okafor", email="ines@acme.example")
        assert await crm.list_contacts("A1") == Page((ines,), 1)
        assert await crm.list_deals("A1") == Page((), 0)
        with pytest.raises(NotFound):
            await crm.get_account("Globex")

    async with vendor("crm", {"search": {"tool": "search_crm_objects"}}) as used:
        assert (await used.sources.crm.list_deals("A1")).failed == ("mcp: no tool is configured for deals",)


async def test_messages_and_threads() -> None:
    async with vendor("chat", CHAT) as used:
        found = await used.sources.chat.search_messages("slow:export", limit=1)
        thread = await used.sources.chat.get_thread("C1", "1762160400")

    first = Message(id="1762160400", channel="C1", at=NINE, text="Is export slow for anyone?", author=Person("Ada"))
    second = Message(
        id="1762164000.5",
        channel="C1",
        at=NINE.replace(hour=10, microsecond=500000),
        text="I saw it too",
        author=Person("Bo Lind"),
    )
    assert found == Page((second,), cut=True)
    assert thread == Page((first, second), cut=True)
    assert used.asked == [
        ("find_messages", {"query": "slow export", "count": 1}),
        ("read_thread", {"channel_id": "C1", "message_ts": "1762160400"}),
    ]


async def test_issues_with_comments_from_a_tool_of_their_own() -> None:
    issue = Issue(
        key="7", title="Export drops rows", created_at=datetime(2026, 11, 3, 9, tzinfo=UTC), kind="bug", status="open",
        assignee="bo", reporter="ada", labels=("bug", "export"), body="See ENG-12", url="https://git.example/7",
    )  # fmt: skip
    async with vendor("project_tracker", GITHUB) as used:
        assert await used.sources.tracker.search_issues("export", limit=20) == Page((issue,), 40, cut=True)
        got = await used.sources.tracker.get_issue("#7")
        with pytest.raises(NotFound):
            await used.sources.tracker.get_issue("../7")

    fixed = Comment("1", "Fixed in 4.2", datetime(2026, 11, 4, 9, tzinfo=UTC), Person("bo"))
    assert got.comments == Page((fixed,), cut=True)  # its tool does not say of how many
    assert used.asked[0][1] == {"query": "export", "owner": "acme", "repo": "shop", "perPage": 20}


async def test_articles() -> None:
    async with vendor("knowledge_base", {"preset": "notion"}) as used:
        found = await used.sources.knowledge.search_articles("export")
        got = await used.sources.knowledge.get_article("K1")

    title, url = "Known issue: export", "https://kb.example/K1"
    assert found == Page((Article(id="K1", title=title, url=url, body="drops rows"),), cut=True)
    assert got == Article(id="K1", title=title, url=url, body="The export drops rows above 900.")


async def test_a_query_language_gets_the_words_quoted() -> None:
    search = {"tool": "find_messages", "query": "query", "phrase": "text ~ {} ORDER BY updated", "items": "."}
    async with vendor("chat", {**CHAT, "search": search}) as used:
        await used.sources.chat.search_messages('x" OR pwned = "y')
        assert await used.sources.chat.search_messages("of the") == Page((), cut=True)

    assert [call["query"] for _, call in used.asked] == ['text ~ "pwned" ORDER BY updated']


@pytest.mark.parametrize(
    ("category", "entry", "line"),
    [
        ("chat", {}, "connectors.chat.search: missing: which tool"),
        ("chat", {"url": ""}, "connectors.chat.url: either a url or a command is needed"),
        ("chat", {"command": ["x"], **CHAT}, "connectors.chat.url: either a url or a command is needed, and not both"),
        ("chat", {"url": "http://mcp.example", **CHAT}, "connectors.chat.url: must begin with https://"),
        ("chat", {"preset": "notion"}, "chat.preset: no such preset for chat; known are slack"),
        ("chat", {"preset": "slack"}, "chat.fields.id: missing; it cannot be known to the preset slack"),
        ("project_tracker", {"preset": "github"}, "project_tracker.arguments.owner: missing; it cannot be known"),
        ("chat", {**CHAT, "search": {"query": "q"}}, "chat.search.tool: missing"),
        ("chat", {**CHAT, "search": {"tool": "t", "phrase": "x"}}, "chat.search.phrase: must hold {} once"),
        ("chat", {**CHAT, "search": {"tool": "t", "que": "x"}}, "chat.search.que: unknown; known are tool"),
        ("chat", {**CHAT, "fields": {"author_name": "x"}}, "chat.fields.author_name: unknown; known are id"),
        ("support_platform", {**INTERCOM, "roles": {"x": "y"}}, "roles.x: must be one of customer, agent"),
        ("support_platform", {**INTERCOM, "comments": {"by": "y"}}, "comments.by: unknown"),
        ("chat", {**CHAT, "token": "abc"}, "chat.token: must say where the secret is kept"),
    ],
)
def test_what_is_wrong_in_an_entry_is_one_line_that_names_it(category: str, entry: dict[str, Any], line: str) -> None:
    with pytest.raises(InputError) as caught:
        made(category, entry, Wire())
    assert line in str(caught.value)


def test_the_bridge_is_imported_only_where_it_is_configured() -> None:
    code = (
        "import sys\nfrom customer_escalation.server import app\nfrom escalation_connectors import registry\n"
        "registry.vendor('crm', 'sql')\nprint([n for n in sys.modules if n.startswith('escalation_connectors.bridge')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_needs_only_what_it_says_it_cannot_know(preset: str) -> None:
    about = PRESETS[preset]
    entry: dict[str, Any] = {"preset": preset}
    while True:
        try:
            connected = made(str(about["category"]), entry, Wire(), {"vendor": "mcp"})
        except InputError as error:
            key, _, why = str(error).partition(f"{about['category']}.")[2].partition(": ")
            assert "cannot be known" in why
            outer, inner = key.split(".")
            entry = {**entry, outer: {**entry.get(outer, {}), inner: "x"}}
        else:
            assert connected.setups[0].opened
            return


def test_the_pages_example_can_be_used() -> None:
    _, example = blocks(text_of("CONNECTORS.md"), "yaml")
    fields = Fields(yaml.safe_load(example), "page").fields("connectors")
    secrets = {"TASKS_TOKEN": "t", "NOTION_MCP_TOKEN": "n"}

    connected = connect(read_configuration(fields, secrets, Store()))

    assert [setup.name for setup in connected.setups] == ["tasks", "mcp"]
