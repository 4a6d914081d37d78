"""What the tools share: the workspace, the casebook and the clock, opened when a call first needs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from escalation_connectors.errors import EscalationError, InputError

if TYPE_CHECKING:
    from customer_escalation.casebook import Casebook
    from customer_escalation.settings import Setting
    from escalation_connectors.contracts import CRM, Chat, KnowledgeBase, ProjectTracker, SupportPlatform

T = TypeVar("T")
Answer = dict[str, object]
READ_S = 20.0
Report = Callable[[float, float | None, str | None], Awaitable[None]]


class NotConnected(EscalationError):  # noqa: N818 - named by what happened, as the callers read it
    """This category has no source in the workspace."""


class Silent(EscalationError):  # noqa: N818
    """A source did not answer in time."""


def present() -> datetime:
    """The time now."""
    return datetime.now(UTC)


def unchanging() -> object:
    """The stamp of a workspace that never changes."""
    return None


class Desk:
    """One server's workspace and casebook. What opens them is imported only then: the server starts without it.

    A workspace whose stamp has changed is opened anew; what earlier calls still read is closed when none runs any more.
    """

    def __init__(
        self,
        open_setting: Callable[[], Setting],
        open_casebook: Callable[[], Casebook],
        *,
        clock: Callable[[], datetime] = present,
        stamp: Callable[[], object] = unchanging,
    ) -> None:
        self._open_setting = open_setting
        self._open_casebook = open_casebook
        self._clock = clock
        self._stamp = stamp
        self._opened: tuple[object, Setting] | None = None
        self._retired: list[Setting] = []
        self._opening = asyncio.Lock()
        self._running = 0
        self._casebook: Casebook | None = None

    @property
    def casebook(self) -> Casebook:
        """The open casebook. Raises CasebookError."""
        if self._casebook is None:
            self._casebook = self._open_casebook()
        return self._casebook

    def now(self, setting: Setting) -> datetime:
        """The time a case is judged at: the clock's, or the day on which the sample company's story takes place."""
        return (setting.profile.sample_now if setting.is_sample else None) or self._clock()

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
    async def call(self, report: Report) -> AsyncGenerator[Call]:
        """One call of a tool."""
        self._running += 1
        try:
            yield Call(self, report)
        finally:
            self._running -= 1
            if not self._running:
                self._close_retired()

    def close(self) -> None:
        """Close what was opened."""
        self._close_retired()
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None
        if self._casebook is not None:
            self._casebook.close()
            self._casebook = None

    def _close_retired(self) -> None:
        while self._retired:
            self._retired.pop().close()


class Call:
    """One call of a tool: the workspace as it was when the call first asked, and where progress goes."""

    def __init__(self, desk: Desk, report: Report) -> None:
        self.desk = desk
        self.report = report
        self._setting: Setting | None = None

    async def setting(self) -> Setting:
        """The workspace. Raises InputError."""
        if self._setting is None:
            self._setting = await self.desk.setting()
        return self._setting

    async def answer(self, asked: Awaitable[T]) -> T:
        """What a source answers. Raises Silent where it takes longer than a person would wait."""
        try:
            return await asyncio.wait_for(_awaited(asked), READ_S)
        except TimeoutError:
            raise Silent(
                f"the source did not answer within {READ_S:g} s, so nothing was read; try again later"
            ) from None

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


async def _awaited(asked: Awaitable[T]) -> T:
    return await asked


def _connected(source: T | None, category: str) -> T:
    if source is None:
        raise NotConnected(f"{category}: not connected here, so nothing was read; escalation_status lists what is")
    return source


def desk_of(workspace: Path | None, config: Path | None, *, skip_invalid: bool = False) -> Desk:
    """The desk of this folder (default: the sample company) and of the person's own casebook. Raises InputError."""
    if workspace is not None and not workspace.is_dir():
        raise InputError(f"--workspace: no such folder: {workspace}")

    def setting() -> Setting:
        from customer_escalation import settings

        return settings.open_setting(workspace, config, skip_invalid=skip_invalid)

    def casebook() -> Casebook:
        from customer_escalation import settings
        from customer_escalation.casebook import Casebook

        return Casebook(settings.data_folder() / "casebook.sqlite3")

    return Desk(setting, casebook, stamp=unchanging if workspace is None else lambda: folder_stamp(workspace))


def folder_stamp(folder: Path) -> object:
    """Names, sizes and times of the files of a workspace: another value when any of them changed."""
    try:
        files = [*folder.iterdir(), *folder.glob("articles/*.md")]
        stats = [(file.name, file.stat()) for file in files]
    except OSError as error:
        return error.errno
    return sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
