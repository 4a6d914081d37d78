"""What the tools share: the workspace, the casebook and the clock, opened when a call first needs them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from escalation_connectors.errors import EscalationError

if TYPE_CHECKING:
    from customer_escalation.casebook import Casebook
    from customer_escalation.settings import Setting
    from escalation_connectors.contracts import CRM, Chat, KnowledgeBase, ProjectTracker, SupportPlatform

T = TypeVar("T")
Answer = dict[str, object]
Report = Callable[[float, float | None, str | None], Awaitable[None]]


class NotConnected(EscalationError):  # noqa: N818 - named by what happened, as the callers read it
    """This category has no source in the workspace."""


def present() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class Desk:
    """One server's workspace and casebook. What opens them is imported only then: the server starts without it."""

    def __init__(
        self,
        open_setting: Callable[[], Setting],
        open_casebook: Callable[[], Casebook],
        clock: Callable[[], datetime] = present,
    ) -> None:
        self._open_setting = open_setting
        self._open_casebook = open_casebook
        self._clock = clock
        self._setting: Setting | None = None
        self._casebook: Casebook | None = None

    @property
    def setting(self) -> Setting:
        """The open workspace. Raises InputError."""
        if self._setting is None:
            self._setting = self._open_setting()
        return self._setting

    @property
    def casebook(self) -> Casebook:
        """The open casebook. Raises CasebookError."""
        if self._casebook is None:
            self._casebook = self._open_casebook()
        return self._casebook

    def now(self) -> datetime:
        """The time a case is judged at: the clock's, or the day on which the sample company's story takes place."""
        setting = self.setting
        return (setting.profile.sample_now if setting.is_sample else None) or self._clock()

    def close(self) -> None:
        """Close what was opened."""
        if self._setting is not None:
            self._setting.close()
            self._setting = None
        if self._casebook is not None:
            self._casebook.close()
            self._casebook = None


class Call:
    """One call of a tool: the desk, and where progress goes."""

    def __init__(self, desk: Desk, report: Report) -> None:
        self.desk = desk
        self.report = report

    @property
    def support(self) -> SupportPlatform:
        """The support platform. Raises NotConnected."""
        return _connected(self.desk.setting.sources.support, "support platform")

    @property
    def crm(self) -> CRM:
        """The CRM. Raises NotConnected."""
        return _connected(self.desk.setting.sources.crm, "CRM")

    @property
    def chat(self) -> Chat:
        """The chat. Raises NotConnected."""
        return _connected(self.desk.setting.sources.chat, "chat")

    @property
    def tracker(self) -> ProjectTracker:
        """The project tracker. Raises NotConnected."""
        return _connected(self.desk.setting.sources.tracker, "project tracker")

    @property
    def knowledge(self) -> KnowledgeBase:
        """The knowledge base. Raises NotConnected."""
        return _connected(self.desk.setting.sources.knowledge, "knowledge base")


def _connected(source: T | None, category: str) -> T:
    if source is None:
        raise NotConnected(f"{category}: not connected here, so nothing was read; escalation_status lists what is")
    return source


def desk_of(workspace: Path | None, config: Path | None, *, skip_invalid: bool = False) -> Desk:
    """The desk of this workspace folder (default: the sample company) and of the person's own casebook."""

    def setting() -> Setting:
        from customer_escalation import settings

        return settings.open_setting(workspace, config, skip_invalid=skip_invalid)

    def casebook() -> Casebook:
        from customer_escalation import settings
        from customer_escalation.casebook import Casebook

        return Casebook(settings.data_folder() / "casebook.sqlite3")

    return Desk(setting, casebook)
