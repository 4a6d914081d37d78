"""A casebook with much to do: reminders that are due, writes that were approved, and some that never were."""

from __future__ import annotations

import struct
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import update

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.channels import FolderChannel
from customer_escalation.casebook.proposal import Destination, Draft, Kind, Proposal
from customer_escalation.casebook.proposals import approve, decline, edit, proposals, propose
from customer_escalation.casebook.tables import PROPOSALS
from customer_escalation.delivery import Sinks
from customer_escalation.working import Worker
from customer_escalation.working.worker import named
from tests.casebook.cases import ANNA, HOUR, NOW, opened
from tests.casebook.office import setting
from tests.durability.dying import Fuse
from tests.durability.far_side import FarChannel, FarSinks, Vendor

BEGIN = NOW + 4.5 * HOUR  # the internal clock of a critical case and those of its customers are due
KINDS: tuple[Kind, ...] = ("post_to_chat", "internal_note", "reply_to_customer")
MODEL = "model:claude-code"
NEVER = "Nobody may read this."
WORKSPACE = "Northwind"


class World(Struct, frozen=True):
    """Where the casebook and the outside are; the clock is a file that only the test moves."""

    where: Path | str | None
    folder: Path
    cases: int
    writes: int

    def file(self, name: str) -> Path:
        """A vendor's."""
        return self.folder / f"{name}.jsonl"

    def now(self) -> datetime:
        """The time."""
        return BEGIN + timedelta(seconds=struct.unpack("d", (self.folder / "clock").read_bytes())[0])

    def begin(self) -> None:
        """Make the folder and start the clock."""
        self.folder.mkdir()
        (self.folder / "clock").write_bytes(struct.pack("d", 0.0))

    def move(self, by: timedelta) -> None:
        """Let time pass; no worker runs meanwhile."""
        (self.folder / "clock").write_bytes(struct.pack("d", (self.now() - BEGIN + by).total_seconds()))

    def worker(self, casebook: Casebook, fuse: Fuse, seed: int) -> Worker:
        """A worker that reaches this outside."""
        chance = Random(seed)
        vendors = {name: Vendor(self.file(name), name.endswith("once"), fuse, chance)
                   for name in ("reminders", "reminders-once", "writes", "writes-once")}  # fmt: skip
        blind = Vendor(self.file("reminders-blind"), once=False, boundary=fuse, chance=chance, blind=True)
        channels = (FarChannel(vendors["reminders"]), FarChannel(vendors["reminders-once"]), FarChannel(blind),
                    FolderChannel(self.folder / "folder"))  # fmt: skip
        sinks = FarSinks(vendors["writes"], vendors["writes-once"], self.folder / "outbox")
        ours = replace(setting(), name=WORKSPACE)
        return Worker(casebook.of_workspace(WORKSPACE), ours, sinks, channels, named(), self.now)


def fill(world: World) -> None:
    """Open the cases, propose the writes, approve most of them."""
    world.begin()
    casebook = Casebook(world.where)
    sinks = world.worker(casebook, Fuse(), 0).sinks
    try:
        cases = [opened(casebook, "critical", "Acme", "Globex") for _ in range(world.cases)]
        some = cases[: len(cases) // 3]  # a post asks the team, and so serves a clock of its case
        drafts = [_propose(casebook, sinks, some[n % len(some)], n) for n in range(world.writes)]
        for each in drafts[: len(drafts) // 2]:  # the other half while the workers work
            approve(casebook, each.id, each.sha256, actor=ANNA, at=BEGIN)
        _never(casebook, sinks, cases)
    finally:
        casebook.close()


def _propose(casebook: Casebook, sinks: Sinks, case_id: str, n: int, text: str = "The exact text") -> Proposal:
    draft = Draft(KINDS[n % len(KINDS)], "A write", Destination("far", "4520"), f"{text} {n}")
    return propose(casebook, case_id, draft, sinks, actor=MODEL, at=BEGIN)


def _never(casebook: Casebook, sinks: Sinks, cases: list[str]) -> None:
    """Writes that must not go out: pending, declined, edited after the yes, and marked as approved by a forger."""
    made = [_propose(casebook, sinks, cases[n % len(cases)], n, NEVER) for n in range(12)]
    yes = partial(approve, casebook, actor=ANNA, at=BEGIN)
    for each in made[3:9]:
        yes(each.id, each.sha256)
    for each in made[3:6]:
        decline(casebook, each.id, actor=ANNA, at=BEGIN)
    for each in made[6:9]:
        edit(casebook, each.id, f"{NEVER} Edited.", actor=MODEL, at=BEGIN)
    forged = {"state": "approved", "approved_by": ANNA, "approved_at": BEGIN}
    with casebook.database.writing() as db:
        db.execute(update(PROPOSALS).where(PROPOSALS.c.id.in_([each.id for each in made[9:]])).values(forged))


def say_yes(world: World, chance: Random) -> None:
    """A person approves what is still open, one after the other, while the workers work."""
    from time import sleep

    casebook = Casebook(world.where)
    try:
        for each in proposals(casebook, states=("pending",)):
            if NEVER not in each.payload:
                sleep(chance.random() / 20)
                approve(casebook, each.id, each.sha256, actor=ANNA, at=world.now())
    finally:
        casebook.close()
