"""A server over the Acme Corp case, whose writes land in a folder, and the persons who sit at its clients."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from mcp import Client
from mcp.types import ElicitResult
from msgspec.structs import replace

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.opening import open_case
from customer_escalation.people import Named, People, Person
from customer_escalation.server.app import build_server
from customer_escalation.server.desk import Desk
from customer_escalation.settings import Setting
from tests.casebook import office
from tests.server import results
from tests.server.conftest import answer_of, error_of
from tests.server.desks import NOW

CASE = "case-1"
Meanwhile = Callable[[], Awaitable[None]]


class Human:
    """Somebody at a client: answers each form in the same way and remembers what it said."""

    def __init__(
        self,
        action: Literal["accept", "decline", "cancel"] = "accept",
        content: dict[str, Any] | None = None,
        meanwhile: Meanwhile | None = None,
    ) -> None:
        self.action = action
        self.content = {"approve": True} if content is None and action == "accept" else content
        self.meanwhile = meanwhile
        self.saw: list[str] = []

    async def __call__(self, context: object, params: Any) -> ElicitResult:
        self.saw.append(params.message)
        if self.meanwhile is not None:
            await self.meanwhile()
        return ElicitResult(action=self.action, content=self.content)  # type: ignore[arg-type]  # plain JSON


class Team:
    """One server's casebook and outbox; the time stands until a test moves it."""

    def __init__(self, folder: Path, people: People | None = None, who: str = "anna") -> None:
        self.outbox = folder / "outbox"
        self.now = NOW
        self.book = Casebook(folder / "casebook.sqlite3")
        self.setting: Setting = replace(office.setting(folder=folder), name="Fake Co")
        self.people, self.who = people or People(), who

    def open(self, team: str | None = None) -> str:
        """A new case, of this team."""
        mine = self.book if team is None else self.book.of_team(team)
        return open_case(mine, results.acme(), self.setting, actor="person:anna", customer="Acme Corp")

    def later(self, **by: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(**by)
        return self.now

    def desk(self, who: str = "") -> Desk:
        """A desk over it, for this person at the machine; it leaves the casebook open."""
        return Desk(
            lambda: self.setting,
            lambda: Casebook(None, database=self.book.database),
            clock=lambda: self.now,
            people=lambda: self.people,
            who=lambda: who or self.who,
            options=" --workspace=here",
        )

    @asynccontextmanager
    async def client(self, mode: str = "auto", human: Human | None = None, who: str = "") -> AsyncGenerator[Client]:
        """A client of a server of its own; without a human it cannot show a form."""
        era: Any = mode
        desk = self.desk(who)
        desk.casebook.close = lambda: None  # type: ignore[method-assign]  # other desks share its database
        async with Client(build_server(desk), mode=era, elicitation_callback=human) as client:
            yield client

    @property
    def written(self) -> list[str]:
        """What reached the outside."""
        return [path.read_text("utf-8") for path in sorted(self.outbox.glob("*"))]

    @property
    def trail(self) -> list[tuple[str, str]]:
        """Who did what to the case since it was opened; the seals are intact."""
        assert self.book.broken(CASE) == ""
        return [(event.actor, str(event.kind)) for event in self.book.events(CASE)][1:]

    def kinds(self) -> list[str]:
        """What was done to the case since it was opened."""
        return [kind for _, kind in self.trail]


def people(**approves: bool) -> People:
    """These people of the team red, who may approve or not."""
    named = {name: Named(Person(name, ("red",), may)) for name, may in approves.items()}
    return People({**named, "blue": Named(Person("blue", ("blue",)))})


async def call(team: Team, mode: str, tool: str, human: Human | None = None, **arguments: object) -> dict[str, Any]:
    """The structured answer of one call by a client of its own."""
    async with team.client(mode, human) as client:
        return answer_of(await client.call_tool(tool, arguments))


async def refused(team: Team, tool: str, human: Human | None = None, **arguments: object) -> str:
    """The error of one call that is refused."""
    async with team.client("auto", human) as client:
        return error_of(await client.call_tool(tool, arguments))
