"""Where reminders go: a chat's channels, files in a folder, the terminal.

Where they go is configuration, which is a person's standing yes to what code writes there; no text that was read has a
say in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field

from customer_escalation.casebook.reminders import LEAD, Reminder
from escalation_connectors.errors import EscalationError, NotOffered
from escalation_connectors.writing import ChatWrites


class ChatChannel(Struct, frozen=True):
    """A channel of a chat, others for the cases of some teams, and one for the lead.

    `once` says that the chat posts the same key only once.
    """

    writes: ChatWrites
    chat: str
    lead: str = ""
    once: bool = False
    teams: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def name(self) -> str:
        """The chat and its channel."""
        return f"{self.writes.name} {self.chat}"

    async def send(self, reminder: Reminder, key: str) -> None:
        """Post it. Raises ConnectorError."""
        ours = self.teams.get(reminder.team, self.chat)
        channel = self.lead if self.lead and reminder.job.level == LEAD else ours
        await self.writes.post(channel, reminder.text, key=key)

    async def find(self, key: str) -> bool:  # noqa: ARG002 - a chat cannot be asked for it
        """No, where a second post is none. Raises NotOffered elsewhere: no chat is searched for what is that new."""
        if not self.once:
            raise NotOffered(self.writes.name, "cannot be asked for what was just posted")
        return False


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

    async def find(self, key: str) -> bool:
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

    async def find(self, key: str) -> bool:  # noqa: ARG002
        """Nobody knows, and nobody is hurt."""
        return False
