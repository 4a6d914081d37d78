"""A worker over the sample company's case, whose clock is that of the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.reminders import Channel
from customer_escalation.delivery import sinks_of
from customer_escalation.settings import Setting
from customer_escalation.working import Worker
from tests.casebook.office import NOW, Office, office, setting

Script = Callable[[asyncio.Event], Coroutine[object, object, None]]


class World:
    """The case of Acme in memory, a worker that follows it up from `begins` on, and what the worker said."""

    def __init__(self, folder: Path, channels: Sequence[Channel] = (), begins: datetime = NOW) -> None:
        self.folder, self.begins, self.said = folder, begins, list[str]()
        self.setting: Setting = setting(folder=folder)
        self.casebook = Casebook(None)
        self.office: Office = office(self.casebook, self.setting)
        ours = self.casebook.of_workspace(self.setting.name)
        sinks = sinks_of(self.setting)
        self.worker = Worker(ours, self.setting, sinks, tuple(channels), "w1", self.now, self.said.append)

    def now(self) -> datetime:
        """As many seconds after `begins` as the loop has lived."""
        return self.begins + timedelta(seconds=asyncio.get_running_loop().time())

    def delivered(self) -> list[str]:
        """The texts in the outbox folder."""
        return [
            file.read_text(encoding="utf-8").split("---\n\n")[1].strip()
            for file in sorted(self.folder.glob("outbox/*.md"))
        ]

    def count(self, kind: str) -> int:
        """How many events of this kind the case has; its trail is intact."""
        return self.office.trail().count(kind)
