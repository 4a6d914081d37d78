"""The connectors on the real thing: a brief, what may not be seen, a server that dies, and writes that arrive.

Starts servers and may install packages, so it runs only where REAL_SERVERS=1 asks for it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace

from customer_escalation import settings, workflow
from customer_escalation.brief import Result
from customer_escalation.settings import Setting, disconnecting
from customer_escalation.workflow import Request
from escalation_connectors import deadline
from escalation_connectors.errors import AccessDenied, NotFound, Unavailable
from escalation_connectors.options import Fields
from escalation_connectors.registry import connect
from escalation_connectors.sources import Sources
from escalation_connectors.vendor import Setup
from escalation_connectors.writing import ChatWrites, SupportWrites, TrackerWrites
from tests.real.seed import ISSUE, Seeded
from tests.real.servers import home, running, why_not

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(
        not os.environ.get("REAL_SERVERS"), reason="REAL_SERVERS=1 starts real servers and installs them"
    ),
]


@pytest.fixture(scope="module")
def seeded() -> Generator[Seeded]:
    if reason := why_not():
        pytest.fail(reason)
    with home(os.environ.get("REAL_HOME")) as folder, running(folder) as servers:
        seeded = Seeded(servers)
        yield seeded
        seeded.close()


@pytest.fixture
def setting(seeded: Seeded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    for name, value in seeded.environment().items():
        monkeypatch.setenv(name, value)
    return settings.open_setting(None, seeded.configuration(tmp_path / "escalation.yaml"))


async def brief(setting: Setting, seeded: Seeded) -> Result:
    request = Request(ISSUE, seeded.now(), "Acme Corp")
    return await disconnecting(setting, workflow.escalate(request, setting))


def entry(setting: Setting, category: str, **environment: str) -> Setup:
    (setup,) = (each for each in setting.setups if each.vendor.category == category)
    return replace(setup, environment={**setup.environment, **environment}, opened=[])


async def one_read(sources: Sources) -> None:
    """Ask what is connected."""
    if sources.support is not None:
        await sources.support.search_tickets("webhook")
    if sources.tracker is not None:
        await sources.tracker.search_issues("webhook")
    if sources.chat is not None:
        await sources.chat.search_messages("webhook")
    if sources.knowledge is not None:
        await sources.knowledge.search_articles("webhook")


async def test_a_brief_is_made_from_all_five(setting: Setting, seeded: Seeded) -> None:
    result = await brief(setting, seeded)

    assert {(each.category, each.status) for each in result.sources} == {
        (category, "ok") for category in ("support_platform", "crm", "chat", "project_tracker", "knowledge_base")
    }
    assert (result.decision, result.target) == ("escalate", "engineering")
    assert "3 customers: Acme Corp, Bolt Ltd, Cargo GmbH" in result.brief.impact.customers_affected.text
    assert result.verification.unsupported == ()
    told = {row.id: row.text for row in result.evidence}
    assert any("legacy_signature=true" in text for id_, text in told.items() if id_.startswith("K-"))
    assert any("yes, Acme too: X-Sig-2" in text for id_, text in told.items() if id_.startswith("M-"))
    assert any("SDK 3.1 fixes it" in text for id_, text in told.items() if id_.startswith("I-"))
    assert any("INTERNAL" in text for id_, text in told.items() if id_.startswith("T-"))


async def test_whole_records_are_read(setting: Setting, seeded: Seeded) -> None:
    async def read() -> None:
        support, tracker, chat = setting.sources.support, setting.sources.tracker, setting.sources.chat
        assert support is not None
        assert tracker is not None
        assert chat is not None
        ticket = await support.get_ticket(seeded.tickets[0])
        assert [(each.public, each.body.split()[0]) for each in ticket.comments.items] == [
            (True, "After"), (True, "Which"), (False, "INTERNAL:"),
        ]  # fmt: skip
        assert ticket.links == (f"{seeded.servers.url('redmine')}/issues/{seeded.issue}",)
        linked = await support.linked_tickets(ticket.links[0])
        assert [each.id for each in linked.items] == [seeded.tickets[0]]
        issue = await tracker.get_issue(seeded.issue)
        assert [each.body for each in issue.comments.items] == ["SDK 3.1 fixes it; workaround legacy_signature=true"]
        thread = await chat.get_thread(seeded.room, seeded.thread)
        assert [each.text for each in thread.items][1:] == [
            "yes, Acme too: X-Sig-2",
            "workaround legacy_signature=true",
        ]
        mine = await support.search_tickets("", account="acme.test")
        assert {each.id for each in mine.items} == {seeded.tickets[0], seeded.tickets[3]}
        for nothing in (support.get_ticket("99999"), tracker.get_issue("99999")):
            with pytest.raises(NotFound):
                await nothing

    await disconnecting(setting, read())


async def test_what_one_may_not_see_is_not_seen(setting: Setting, seeded: Seeded) -> None:
    outsider = connect([entry(setting, "chat", MATRIX_TOKEN=seeded.outsider)])
    assert outsider.sources.chat is not None
    assert (await outsider.sources.chat.search_messages("WH-4031")).items == ()
    with pytest.raises(AccessDenied):
        await outsider.sources.chat.get_thread(seeded.room, seeded.thread)
    await outsider.close()

    for user in ("stranger", "nobody"):  # one without a right, and one that does not exist
        stranger = connect([entry(setting, "crm", WAREHOUSE=seeded.database(user))])
        assert stranger.sources.crm is not None
        with pytest.raises(AccessDenied):
            await stranger.sources.crm.search_accounts("Acme")
        await stranger.close()

    secrets = {"support_platform": "RT_TOKEN", "project_tracker": "REDMINE_KEY", "chat": "MATRIX_TOKEN",
               "knowledge_base": "WIKI_PASSWORD"}  # fmt: skip
    for category, name in secrets.items():
        wrong = connect([entry(setting, category, **{name: "wrong-0123456789"})])
        with pytest.raises(AccessDenied):
            await one_read(wrong.sources)
        await wrong.close()
    await setting.disconnect()


async def test_a_slow_statement_ends_with_the_deadline(setting: Setting, seeded: Seeded) -> None:
    slow = entry(setting, "crm")
    endless = "SELECT '1' AS id, pg_sleep(60)::text AS name, '' AS domain"
    given = {"vendor": "sql", "database": "env:WAREHOUSE", "accounts": endless}
    warehouse = connect([replace(slow, fields=Fields(given, "test"))])
    assert warehouse.sources.crm is not None
    with ThreadPoolExecutor() as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        start = asyncio.get_running_loop().time()
        with deadline.within(0.3), pytest.raises(Unavailable):
            await warehouse.sources.crm.search_accounts("Acme")
    assert asyncio.get_running_loop().time() - start < 10  # the server has ended it, so its thread has ended
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
    await warehouse.close()
    await setting.disconnect()


async def test_writes_arrive_where_they_were_sent(setting: Setting, seeded: Seeded) -> None:
    support, tracker, chat = (
        (setup, setup.vendor.write)
        for setup in (entry(setting, each) for each in ("support_platform", "project_tracker", "chat"))
    )
    assert support[1] is not None
    assert tracker[1] is not None
    assert chat[1] is not None
    desk, board = cast("SupportWrites", support[1](support[0])), cast("TrackerWrites", tracker[1](tracker[0]))
    room, ticket = cast("ChatWrites", chat[1](chat[0])), seeded.tickets[3]
    nasty = "Escalated. <b>{{x}}</b> @room *a* _b_ &amp; \\ \"quoted\" 'x'\nsecond line"

    await desk.add_note(ticket, nasty, key="k1")
    await desk.reply(ticket, "We are on it.", draft=False, key="k2")
    await desk.update(ticket, priority="urgent", key="k3")
    made = await board.create_issue("Escalation: webhooks", nasty, labels=["escalated"], key="k4")
    await board.comment(made.id, "still open", key="k5")
    await board.link(made.id, "https://support.example/1", "the ticket", key="k6")
    first = await room.post(seeded.room, nasty, key="k7")
    again = await room.post(seeded.room, nasty, key="k7")
    await room.post(seeded.room, "in the thread", key="k8", thread=first.id)

    sources = setting.sources
    assert sources.support is not None
    assert sources.tracker is not None
    assert sources.chat is not None
    read = await sources.support.get_ticket(ticket)
    assert [(each.public, each.body) for each in read.comments.items][1:] == [(False, nasty), (True, "We are on it.")]
    assert read.priority == "80"
    issue = await sources.tracker.get_issue(made.id)
    assert issue.body == nasty.replace("{{", "{ {").replace("@", "@ ") + "\n\nescalated"
    assert [each.body for each in issue.comments.items] == ["still open", "the ticket: https://support.example/1"]
    thread = await sources.chat.get_thread(seeded.room, first.id)
    assert [each.text for each in thread.items] == [nasty, "in the thread"]
    assert first.id == again.id  # the server heeds the key
    for setup in (support[0], tracker[0], chat[0]):
        for each in setup.opened:
            await each.close()
    await setting.disconnect()


async def test_a_server_that_dies_in_the_middle_is_named_in_the_brief(setting: Setting, seeded: Seeded) -> None:
    tracker = setting.sources.tracker
    assert tracker is not None
    assert (await tracker.search_issues("webhook")).items
    seeded.servers.stop("redmine")
    with pytest.raises(Unavailable):
        await tracker.search_issues("webhook")
    await setting.disconnect()

    result = await brief(setting, seeded)

    (report,) = (each for each in result.sources if each.category == "project_tracker")
    assert report.status == "failed"
    assert {each.status for each in result.sources if each is not report} == {"ok"}
    assert result.decision == "escalate"
