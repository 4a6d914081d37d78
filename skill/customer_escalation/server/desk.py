"""What the tools share: the workspace, the casebook and the clock, opened when a call first needs them."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from customer_escalation import same_cases
from customer_escalation.recent import Recent
from escalation_connectors.errors import EscalationError, InputError

if TYPE_CHECKING:
    from customer_escalation.casebook import Casebook
    from customer_escalation.evidence import Evidence
    from customer_escalation.people import People, Person
    from customer_escalation.settings import Setting
    from escalation_connectors.contracts import CRM, Chat, KnowledgeBase, ProjectTracker, SupportPlatform

T = TypeVar("T")
Answer = dict[str, object]
READ_S = 20.0
MOST_RENDERED = 200  # briefs of about 40 kB
Report = Callable[[float, float | None, str | None], Awaitable[None]]


class NotConnected(EscalationError):  # noqa: N818 - named by what happened, as the callers read it
    """This category has no source in the workspace."""


class Silent(EscalationError):  # noqa: N818
    """A source did not answer in time."""


def present() -> datetime:
    """The time now."""
    return datetime.now(UTC)


def nobody() -> People:
    """No person is configured."""
    from customer_escalation.people import People

    return People()


def account() -> str:
    """The name of the account that runs the server."""
    from customer_escalation import settings

    return settings.account()


def unchanging() -> object:
    """The stamp of a workspace that never changes."""
    return None


class Desk:
    """One server's workspace and casebook. What opens them is imported only then: the server starts without it.

    A workspace whose stamp has changed is opened anew; what earlier calls still read is closed when none runs any more.
    `people` says who is configured, `who` names the person at this machine; `folder` is the workspace folder, if any;
    `options` make a command line mean the same workspace.
    """

    def __init__(
        self,
        open_setting: Callable[[], Setting],
        open_casebook: Callable[[], Casebook],
        *,
        clock: Callable[[], datetime] = present,
        stamp: Callable[[], object] = unchanging,
        people: Callable[[], People] = nobody,
        who: Callable[[], str] = account,
        folder: Path | None = None,
        options: str = "",
    ) -> None:
        self._open_setting = open_setting
        self._open_casebook = open_casebook
        self._clock = clock
        self._stamp = stamp
        self._open_people = people
        self._who = who
        self.folder = folder
        self.options = options
        self.rendered = Recent[tuple[str, int, str], str](MOST_RENDERED)  # by case, revision and format
        self._opened: tuple[object, Setting] | None = None
        self._retired: list[Setting] = []
        self._opening = asyncio.Lock()
        self._running = 0
        self._casebook: Casebook | None = None
        self._casebook_opening = threading.Lock()
        self._people: People | None = None

    @property
    def casebook(self) -> Casebook:
        """The open casebook, with all cases. Raises CasebookError."""
        with self._casebook_opening:
            if self._casebook is None:
                self._casebook = self._open_casebook()
            return self._casebook

    @property
    def people(self) -> People:
        """Who is configured. Raises InputError."""
        if self._people is None:
            self._people = self._open_people()
        return self._people

    def person(self) -> Person:
        """Whose call this is: the bearer of the token, or the person at this machine. Raises InputError."""
        from mcp.server.auth.middleware.auth_context import get_access_token

        from customer_escalation.people import Person

        token = get_access_token()
        if token is None:
            return self.people.at_machine(self._who())
        name = token.subject or token.client_id
        return self.people.at_machine(name) if self.people else Person(name)

    async def kept(self, work: Callable[[Casebook], T], setting: Setting | None = None) -> T:
        """Do this with the cases that the caller may see, on a thread: a slow disk must not stop the others.

        The cases of the sample company stand apart from all others; `setting` is the workspace, where it is known.
        Raises CasebookError, InputError.
        """
        where, sees = setting or await self.setting(), self.person().sees

        def done() -> T:
            from customer_escalation.settings import cases_of

            return work(cases_of(self.casebook, where).of_team(sees))

        return await asyncio.to_thread(done)

    def now(self, setting: Setting) -> datetime:
        """The time a case is judged at: the clock's, or the day on which the sample company's story takes place."""
        return setting.own_time or self._clock()

    async def setting(self) -> Setting:
        """The workspace as it is now. Raises InputError."""
        async with self._opening:
            stamp = self._stamp()
            if self._opened is None or self._opened[0] != stamp:
                if self._opened is not None:
                    self._retired.append(self._opened[1])
                    self._opened = None
                self._opened = (stamp, await asyncio.to_thread(self._open_setting))
            return self._opened[1]

    @asynccontextmanager
    async def call(self, report: Report, client: str = "") -> AsyncGenerator[Call]:
        """One call of a tool by this client."""
        self._running += 1
        try:
            yield Call(self, report, client)
        finally:
            self._running -= 1
            if not self._running:
                await self._close_retired()

    async def close(self) -> None:
        """Close what was opened."""
        if self._opened is not None:
            self._retired.append(self._opened[1])
            self._opened = None
        await self._close_retired()
        if self._casebook is not None:
            self._casebook.close()
            self._casebook = None

    async def _close_retired(self) -> None:
        while self._retired:
            setting = self._retired.pop()
            await setting.disconnect()
            setting.close()


class Call:
    """One call of a tool: the workspace as it was when the call first asked, where progress goes, who calls."""

    def __init__(self, desk: Desk, report: Report, client: str = "") -> None:
        self.desk = desk
        self.report = report
        self.model = f"model:{client or 'unknown'}"
        self._setting: Setting | None = None

    async def setting(self) -> Setting:
        """The workspace. Raises InputError."""
        if self._setting is None:
            self._setting = await self.desk.setting()
        return self._setting

    async def now(self) -> datetime:
        """The time at which this workspace's cases are judged. Raises InputError."""
        return self.desk.now(await self.setting())

    async def kept(self, work: Callable[[Casebook], T]) -> T:
        """Do this with the cases that the caller may see. Raises CasebookError, InputError."""
        return await self.desk.kept(work, await self.setting())

    async def answer(self, asked: Awaitable[T]) -> T:
        """What a source answers. Raises Silent where it takes longer than a person would wait."""
        try:
            return await asyncio.wait_for(_awaited(asked), READ_S)
        except TimeoutError:
            raise Silent(
                f"the source did not answer within {READ_S:g} s, so nothing was read; try again later"
            ) from None

    async def keep(self, case_id: str, rows: Iterable[Evidence]) -> Answer:
        """Add what was read to the evidence of this case, so that it can be cited; says under which ids.

        Rows that the case holds already stay as they are. Raises CasebookError.
        """
        if not case_id:
            return {}
        read = list(rows)
        await self.kept(partial(_keep, case_id, read))
        return {"cite_as": " ".join(row.id for row in read)}

    async def support(self) -> SupportPlatform:
        """The support platform. Raises NotConnected."""
        return _connected((await self.setting()).sources.support, "support platform")

    async def crm(self) -> CRM:
        """The CRM. Raises NotConnected."""
        return _connected((await self.setting()).sources.crm, "CRM")

    async def chat(self) -> Chat:
        """The chat. Raises NotConnected."""
        return _connected((await self.setting()).sources.chat, "chat")

    async def tracker(self) -> ProjectTracker:
        """The project tracker. Raises NotConnected."""
        return _connected((await self.setting()).sources.tracker, "project tracker")

    async def knowledge(self) -> KnowledgeBase:
        """The knowledge base. Raises NotConnected."""
        return _connected((await self.setting()).sources.knowledge, "knowledge base")


def _keep(case_id: str, read: list[Evidence], casebook: Casebook) -> None:
    from customer_escalation.evidence import Ledger

    case = casebook.get(case_id)
    if new := [row for row in read if row.id not in case.result.evidence]:
        casebook.change(case, replace(case.result, evidence=Ledger([*case.result.evidence, *new])))


async def _awaited(asked: Awaitable[T]) -> T:
    return await asked


def _connected(source: T | None, category: str) -> T:
    if source is None:
        raise NotConnected(f"{category}: not connected here, so nothing was read; escalation_status lists what is")
    return source


def desk_of(workspace: Path | None, config: Path | None, *, skip_invalid: bool = False, who: str = "") -> Desk:
    """The desk of this folder (default: the sample company) and of the casebook of the settings, for this person.

    Raises InputError.
    """
    if workspace is not None and not workspace.is_dir():
        raise InputError(f"--workspace: no such folder: {workspace}")

    def setting() -> Setting:
        from customer_escalation import settings

        return settings.open_setting(workspace, config, skip_invalid=skip_invalid)

    def casebook() -> Casebook:
        from customer_escalation import settings
        from customer_escalation.casebook import Casebook

        return Casebook(settings.casebook_url())

    def people() -> People:
        from customer_escalation import settings

        return settings.people(config)

    def stamp() -> object:
        return (folder_stamp(workspace) if workspace else None, file_stamp(config) if config else None)

    return Desk(
        setting,
        casebook,
        stamp=stamp if workspace or config else unchanging,
        people=people,
        who=(lambda: who) if who else account,
        folder=workspace,
        options=same_cases.options(workspace=workspace, config=config),
    )


def file_stamp(file: Path) -> object:
    """Time and size of a file: another value when it changed."""
    try:
        stat = file.stat()
    except OSError as error:
        return error.errno
    return stat.st_mtime_ns, stat.st_size


def folder_stamp(folder: Path) -> object:
    """Names, sizes and times of the files of a workspace: another value when any of them changed."""
    try:
        articles = folder / "articles"
        files = [*_files(folder), *(_files(articles) if articles.is_dir() else ())]
    except OSError as error:
        return error.errno
    return sorted(files)


def _files(folder: Path) -> list[tuple[str, int, int]]:
    """Asked of the folder as a whole, as every call does it."""
    with os.scandir(folder) as entries:
        return [(entry.name, (stat := entry.stat()).st_mtime_ns, stat.st_size) for entry in entries]
