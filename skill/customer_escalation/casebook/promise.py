"""What customers were promised: open until it is done, and done late where it is done after its time."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace


class Promise(Struct, frozen=True):
    """A time that a customer was promised; `number` is the event that made it, `made_at` when it was said.

    Somebody says that it is kept. Where an update was promised (`of_update`), one that this customer is given keeps it
    too, at the earliest one shortest customer interval before its time: a routine one long before is not what was
    meant.
    """

    number: int
    to: str
    due_at: datetime
    text: str
    made_at: datetime
    of_update: bool = True
    kept_at: datetime | None = None

    @property
    def kept(self) -> bool:
        """Whether it was done, in time or late."""
        return self.kept_at is not None

    @property
    def late(self) -> bool:
        """Whether it was done only after its time."""
        return self.kept_at is not None and self.kept_at > self.due_at

    def missed(self, now: datetime) -> bool:
        """Whether its time has passed and it is not done."""
        return not self.kept and self.due_at <= now

    def done(self, at: datetime) -> Promise:
        """The promise, kept then unless it was before."""
        return self if self.kept else replace(self, kept_at=at)

    def after_update(self, customer: str, at: datetime, early: timedelta) -> Promise:
        """The promise, after this customer was given an update."""
        answers = self.of_update and self.to == customer and at > self.made_at
        return self.done(at) if answers and at >= self.due_at - early else self
