"""Where reminders go: a chat's channels, files in a folder, the terminal.

Where they go is configuration, which is a person's standing yes to what code writes there; no text that was read has a
say in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from msgspec import Struct, field

from customer_escalation.casebook.reminders import LEAD, Reminder
from escalation_connectors.contracts import ListsMessages
from escalation_connectors.errors import AccessDenied, BadAnswer, EscalationError, NotFound, NotOffered
from escalation_connectors.writing import ChatWrites

SKEW = timedelta(minutes=5)  # of the vendor's clock
READ = 1_000


class ChatChannel(Struct, frozen=True):
    """A channel of a chat, others for the cases of some teams, and one for the lead.

    `once` says that the chat posts the same key only once. `reads` opens its reading side, which may list a channel.
    """

    writes: ChatWrites
    chat: str
    lead: str = ""
    once: bool = False
    teams: Mapping[str, str] = field(default_factory=dict[str, str])
    reads: Callable[[], object] | None = None

    @property
    def name(self) -> str:
        """The chat and its channel."""
        return f"{self.writes.name} {self.chat}"

    async def send(self, reminder: Reminder, key: str) -> None:
        """Post it. Raises ConnectorError."""
        text = reminder.text if self.once else f"{reminder.text}\n\n{_mark(key)}"
        await self.writes.post(self._channel(reminder), text, key=key)

    async def find(self, reminder: Reminder, key: str) -> bool:
        """Whether it stands in the channel; no, where a second post is none. Raises NotOffered, ConnectorError."""
        if self.once:
            return False
        source = self.reads() if self.reads is not None else None
        if not isinstance(source, ListsMessages):
            raise NotOffered(self.writes.name, "cannot be asked for what was just posted")
        since = reminder.job.due_at - SKEW
        try:
            page = await source.latest_messages(self._channel(reminder), since=since, limit=READ)
        except (AccessDenied, NotFound, BadAnswer) as error:  # that will not be otherwise in a minute
            raise NotOffered(self.writes.name, f"does not show what was posted: {error}") from None
        if any(_mark(key) in message.text for message in page.items):
            return True
        if page.cut or page.failed:
            raise NotOffered(self.writes.name, "holds more of that time than can be read")
        return False

    def _channel(self, reminder: Reminder) -> str:
        ours = self.teams.get(reminder.team, self.chat)
        return self.lead if self.lead and reminder.job.level == LEAD else ours


def _mark(key: str) -> str:
    """What a reminder ends in, so that it is found again."""
    return f"Reminder {key[:8]}"


class FolderChannel(Struct, frozen=True):
    """A file for each reminder, whose name ends in its key."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.folder)

    async def send(self, reminder: Reminder, key: str) -> None:
        """Write the file, whole or not at all. Raises EscalationError."""
        await asyncio.to_thread(self._write, reminder, key)

    async def find(self, reminder: Reminder, key: str) -> bool:  # noqa: ARG002 - the key is in its name
        """Whether the file is there."""
        return await asyncio.to_thread(lambda: any(self.folder.glob(f"*_{key}.txt")))

    def _write(self, reminder: Reminder, key: str) -> None:
        job = reminder.job
        file = self.folder / f"{job.due_at:%Y-%m-%dT%H%MZ}_{job.case_id}_{key}.txt"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            begun = file.with_suffix(".part")
            begun.write_text(reminder.text + "\n", encoding="utf-8")
            begun.replace(file)
        except OSError as error:
            raise EscalationError(f"{self.folder}: cannot be written: {error.strerror}") from None


class TerminalChannel(Struct, frozen=True):
    """What a person reads who looks at the worker; said again after a crash, as nobody may have read the first."""

    write: Callable[[str], None]
    name: str = "terminal"

    async def send(self, reminder: Reminder, key: str) -> None:  # noqa: ARG002 - nobody looks it up
        """Write it out."""
        self.write(reminder.text)

    async def find(self, reminder: Reminder, key: str) -> bool:  # noqa: ARG002
        """Nobody knows, and nobody is hurt."""
        return False
