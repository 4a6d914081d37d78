"""The tools that a model can reach, each called as it is meant to be: they read, together, and leave nothing behind."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec.structs import replace

from customer_escalation import resources, settings, workflow
from customer_escalation.model_setting import ModelSetting
from customer_escalation.testing import Answer, ModelServer, Request, call
from customer_escalation.testing.personas import submission
from customer_escalation.writers import model
from customer_escalation.writers.toolbox import open_toolbox
from escalation_connectors.sources import Sources
from tests.writers.cases import ACME, draft, gold

VALID: dict[str, dict[str, Any]] = {
    "chat_get_thread": {"channel": "#support", "thread": "m-0009"},
    "chat_search_messages": {"query": "webhook"},
    "crm_find_account": {"name": "Acme"},
    "crm_get_account": {"account_id": "acct-acme"},
    "escalation_show": {"format": "html"},
    "knowledge_get_article": {"article_id": "kb-retry-500"},
    "knowledge_search_articles": {"query": "retry"},
    "support_get_ticket": {"ticket_id": "51655"},
    "support_search_tickets": {"query": "500", "account": "Acme"},
    "tracker_get_issue": {"key": "ORD-3310"},
    "tracker_search_issues": {"query": "order"},
}
OF_NO_ACCOUNT = ("index", "memory")  # what is worked out again where it is lost


def files(*folders: Path) -> dict[Path, bytes]:
    every = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in every if not path.name.startswith(OF_NO_ACCOUNT)}


async def test_every_tool_reads_with_valid_arguments_and_changes_no_file_and_opens_no_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, workspace = tmp_path / "home", tmp_path / "workspace"
    monkeypatch.setenv("CUSTOMER_ESCALATION_HOME", str(home))
    shutil.copytree(resources.SAMPLE, workspace)
    setting, case = settings.open_setting(workspace), gold(ACME)
    made = await workflow.escalate(workflow.Request(case["issue"], case["now"], case["customer"]), setting)
    before = files(home, workspace)

    async with open_toolbox(made, setting) as toolbox:  # sockets are shut in this module
        read = {name: await toolbox.read(name, VALID[name]) for name in toolbox.tools}
    setting.close()

    assert set(read) == set(VALID)
    assert {
        name: reading.text[:200] for name, reading in read.items() if reading.failed or len(reading.text) < 40
    } == {}
    assert files(home, workspace) == before


class Meeting:
    """A source whose first read waits until the first reads of all others have begun."""

    def __init__(self, source: object, barrier: asyncio.Barrier) -> None:
        self._source, self._barrier, self._met = source, barrier, False

    def __getattr__(self, name: str) -> Any:
        found: Any = getattr(self._source, name)
        if not callable(found):
            return found
        read = cast("Callable[..., Awaitable[Any]]", found)

        async def meets(*given: Any, **named: Any) -> Any:
            if not self._met:
                self._met = True
                async with asyncio.timeout(20):
                    await self._barrier.wait()
            return await read(*given, **named)

        return meets


@pytest.mark.enable_socket
async def test_calls_of_one_turn_are_under_way_at_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUSTOMER_ESCALATION_HOME", str(tmp_path))
    plain = settings.open_setting(None)
    before, barrier, sources = await draft(ACME, plain), asyncio.Barrier(3), plain.sources
    meeting = Sources(
        support=_meeting(sources.support, barrier),
        crm=_meeting(sources.crm, barrier),
        chat=sources.chat,
        tracker=_meeting(sources.tracker, barrier),
        knowledge=sources.knowledge,
    )
    names = ("support_get_ticket", "crm_get_account", "tracker_get_issue")
    reads = tuple(call(name, VALID[name], number) for number, name in enumerate(names, 1))

    def answers(request: Request) -> Answer:
        return Answer(reads if request.turns == 0 else (submission([]),))

    with ModelServer(answers) as server:
        chosen = ModelSetting(base_url=server.url, api_key="k")
        await model.write(before, replace(plain, sources=meeting), chosen, lambda step, detail: None)
    plain.close()

    assert [result["is_error"] for result in server.requests[1].last_results] == [False, False, False]


def _meeting(source: object, barrier: asyncio.Barrier) -> Any:
    return Meeting(source, barrier)
