"""Follow-through over HTTP: a token says who somebody is, so whose cases they see and whether their yes counts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from starlette.applications import Starlette

from customer_escalation.people import Named, People, Person
from customer_escalation.server.http import Address, http_app
from tests.server.conftest import answer_of, error_of
from tests.server.people import CASE, Human, Team

TOKENS = {name: f"{name}-has-a-token-of-her-own" for name in ("anna", "guest", "blue", "lead")}
PEOPLE = People(
    {
        "anna": Named(Person("anna", ("red",)), TOKENS["anna"]),
        "guest": Named(Person("guest", ("red",), approves=False), TOKENS["guest"]),
        "blue": Named(Person("blue", ("blue",)), TOKENS["blue"]),
        "lead": Named(Person("lead"), TOKENS["lead"]),
    }
)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    """Case-1 is red's, case-2 blue's."""
    made = Team(tmp_path, PEOPLE)
    made.open("red")
    made.open("blue")
    yield made
    made.book.close()


@asynccontextmanager
async def serving(team: Team) -> AsyncGenerator[Starlette]:
    """The application for all of them."""
    desk = team.desk()
    desk.casebook.close = lambda: None  # type: ignore[method-assign]  # the test still looks into it
    app = http_app(desk, Address("127.0.0.1", 8000), people=PEOPLE)
    async with app.router.lifespan_context(app):
        yield app


@asynccontextmanager
async def client(app: Starlette, who: str, mode: str = "auto", human: Human | None = None) -> AsyncGenerator[Client]:
    """A client with the token of this person."""
    era: Any = mode
    headers = {"authorization": f"Bearer {TOKENS[who]}"}
    transport = httpx2.ASGITransport(app=app)
    async with (
        httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=headers) as http,
        Client(
            streamable_http_client("http://127.0.0.1:8000/mcp", http_client=http), mode=era, elicitation_callback=human
        ) as made,
    ):
        yield made


async def test_everybody_sees_the_cases_of_their_teams_alone(team: Team, era: str) -> None:
    seen: dict[str, list[str]] = {}
    async with serving(team) as app:
        for who in TOKENS:
            async with client(app, who, era) as made:
                answer = answer_of(await made.call_tool("case_list", {}))
                seen[who] = [each["case_id"] for each in answer["cases"]]
                shown = await made.call_tool("case_show", {"case_id": CASE})
                assert bool(shown.is_error) == (who == "blue")

    assert seen == {"anna": ["case-1"], "guest": ["case-1"], "blue": ["case-2"], "lead": ["case-2", "case-1"]}


async def test_the_yes_of_the_bearer_counts_where_they_may_approve(team: Team) -> None:
    call: Any = ("case_approve", {"case_id": CASE, "write": "n1"})
    people = {who: Human() for who in TOKENS}
    async with serving(team) as app:
        async with client(app, "blue", human=people["blue"]) as made:
            assert "no case 'case-1'" in error_of(await made.call_tool(*call))
        async with client(app, "guest", human=people["guest"]) as made:
            refused = answer_of(await made.call_tool(*call))
        async with client(app, "anna", human=people["anna"]) as made:
            done = answer_of(await made.call_tool(*call))
        async with client(app, "lead", human=people["lead"]) as made:
            update = {"case_id": CASE, "what": "acknowledged"}
            assert answer_of(await made.call_tool("case_update", update))["status"] == "acknowledged"

    assert refused["because"] == "guest may not approve"
    assert (done["state"], done["approved_by"], done["id"]) == ("delivered", "person:anna", refused["pending"])
    assert {who: len(human.saw) for who, human in people.items()} == {"anna": 1, "guest": 0, "blue": 0, "lead": 1}
    assert team.trail[-1] == ("person:lead", "moved")
    assert team.kinds().count("delivered") == 1


async def test_an_answer_of_one_person_is_no_answer_of_another(team: Team) -> None:
    from mcp.types import ElicitResult, InputRequiredResult

    call: Any = ("case_approve", {"case_id": CASE, "write": "n1"})
    async with serving(team) as app:
        async with client(app, "lead", human=Human()) as made:
            question = await made.session.call_tool(*call, allow_input_required=True)
        assert isinstance(question, InputRequiredResult)
        yes: Any = {
            name: ElicitResult(action="accept", content={"approve": True}) for name in question.input_requests or {}
        }
        async with client(app, "anna", human=Human()) as made:
            try:
                result = await made.session.call_tool(
                    *call, input_responses=yes, request_state=question.request_state, allow_input_required=True
                )
            except Exception as error:  # noqa: BLE001 - the protocol's own error for a state of somebody else
                assert "state" in str(error).lower()  # noqa: PT017
            else:
                assert isinstance(result, InputRequiredResult)

    assert (team.written, team.kinds()) == ([], ["proposed"])
