"""The server as a process on HTTP, with the people of a configuration file: whose token it is decides what is seen."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ElicitResult

from customer_escalation.casebook import Casebook
from tests.casebook.cases import NOW, opening
from tests.server.conftest import answer_of, error_of
from tests.server.test_process import environment
from tests.skill import render_samples as samples

pytestmark = pytest.mark.enable_socket
CONFIGURATION = """
workspace: company
people:
  anna: {teams: [red], approves: true, token: "env:ANNAS"}
  bo: {teams: [blue], approves: true, token: "env:BOS"}
  guest: {teams: [red], token: "env:GUESTS"}
"""
TOKENS = {name: f"a-token-of-{name}-alone" for name in ("annas", "bos", "guests")}


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    """Case-1 is red's, case-2 blue's."""
    kept = Casebook(tmp_path / "data" / "casebook.sqlite3")
    for team in ("red", "blue"):
        mine = kept.of_team(team)
        case_id = mine.add(samples.unknown(), customer="Acme", workspace="Harrow", opened_at=NOW)
        mine.record(case_id, "opened", actor="person:anna", at=NOW, data=opening())
    yield kept
    kept.close()


@pytest.fixture
def address(tmp_path: Path, casebook: Casebook) -> Iterator[str]:
    """Where the server listens."""
    (tmp_path / "company").mkdir()
    (tmp_path / "company" / "workspace.yaml").write_text("company: Harrow\n", encoding="utf-8")
    (tmp_path / "company" / "tickets.jsonl").touch()
    (tmp_path / "escalation.yaml").write_text(CONFIGURATION, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "customer_escalation", "serve", "--config", str(tmp_path / "escalation.yaml"), "--http", str(port)]
    tokens = {name.upper(): token for name, token in TOKENS.items()}
    with subprocess.Popen([sys.executable, *command], env={**os.environ, **environment(tmp_path), **tokens}) as server:
        _until_it_listens(server, port)
        yield f"http://127.0.0.1:{port}/mcp"
        server.terminate()


def _until_it_listens(server: subprocess.Popen[bytes], port: int) -> None:
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        with suppress(subprocess.TimeoutExpired):
            pytest.fail(f"the server ended with {server.wait(timeout=0.1)}")


@asynccontextmanager
async def client(address: str, whose: str) -> AsyncGenerator[Client]:
    """A client with this token, whose person says yes to everything."""

    async def yes(context: Any, params: Any) -> ElicitResult:
        return ElicitResult(action="accept", content={"approve": True})

    async with (
        httpx2.AsyncClient(headers={"authorization": f"Bearer {TOKENS[whose]}"}) as http,
        Client(streamable_http_client(address, http_client=http), elicitation_callback=yes) as made,
    ):
        yield made


async def test_two_people_see_their_teams_cases_and_the_file_says_who_may_approve(
    address: str, casebook: Casebook
) -> None:
    update = {"case_id": "case-1", "what": "acknowledged"}
    seen: dict[str, list[str]] = {}
    async with client(address, "bos") as made:
        seen["bo"] = [case["case_id"] for case in answer_of(await made.call_tool("case_list", {}))["cases"]]
        hidden = [await made.call_tool(tool, {"case_id": "case-1"}) for tool in ("case_show", "escalation_show")]
        kept_out = error_of(await made.call_tool("case_update", update))
    async with client(address, "guests") as made:
        refused = answer_of(await made.call_tool("case_update", update))
    async with client(address, "annas") as made:
        seen["anna"] = [case["case_id"] for case in answer_of(await made.call_tool("case_list", {}))["cases"]]
        done = answer_of(await made.call_tool("case_update", update))
    async with httpx2.AsyncClient() as http:
        stranger = (await http.post(address, json={})).status_code

    assert seen == {"bo": ["case-2"], "anna": ["case-1"]}
    assert all("no case 'case-1'" in error_of(each) for each in hidden)
    assert "no case 'case-1'" in kept_out
    assert (refused["done"], refused["because"]) == (False, "guest may not approve")
    assert done["status"] == "acknowledged"
    assert [event.actor for event in casebook.events("case-1")] == ["person:anna", "person:anna"]
    assert stranger == 401
