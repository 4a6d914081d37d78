"""What became of everything, worked out from the trails and from what arrived outside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import cast

from msgspec import Struct, field
from sqlalchemy import text

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.clocks import clocks
from customer_escalation.casebook.events import Event
from customer_escalation.casebook.outbox import settle
from customer_escalation.casebook.proposal import Proposal
from customer_escalation.casebook.proposals import proposals
from customer_escalation.casebook.reminders import LEAD, OWNER, Job
from customer_escalation.casebook.state import state_of
from tests.casebook.cases import ANNA
from tests.durability.far_side import arrived, times, unmarked
from tests.durability.world import NEVER, World

CHATS, BLIND, FOLDER = ("reminders", "reminders-once"), "reminders-blind", "folder"


class Counts(Struct):
    """What was found; everything after `served` must be 0. `said` names each fault."""

    reminders: int = 0
    writes: int = 0
    found: int = 0
    served: int = 0
    lost: int = 0
    twice: int = 0
    noted_wrong: int = 0
    writes_lost: int = 0
    writes_twice: int = 0
    unapproved: int = 0
    broken: int = 0
    said: list[str] = field(default_factory=list[str])

    def add(self, other: Counts) -> None:
        """Both."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def wrong(self, name: str, found: Iterable[object]) -> None:
        """Count these faults, and say which they are."""
        for each in found:
            setattr(self, name, getattr(self, name) + 1)
            self.said.append(f"{name}: {each}")

    @property
    def faults(self) -> int:
        """All that went wrong."""
        return len(self.said)


def look_there(world: World) -> int:
    """A person says of each write of which nobody can tell whether it is there; gives how many those were."""
    casebook, out = Casebook(world.where), _outside(world)
    try:
        unsure = proposals(casebook, states=("unsure",))
        for each in unsure:
            settle(casebook, each.id, bool(out[each.id]), actor=ANNA, at=world.now())
        return len(unsure)
    finally:
        casebook.close()


def audit(world: World) -> Counts:
    """Of the whole casebook, at the present time."""
    casebook, counts = Casebook(world.where), Counts()
    try:
        cases = casebook.ids(limit=10_000)
        trails = {case_id: casebook.events(case_id) for case_id in cases}
        counts.wrong("broken", filter(None, map(casebook.broken, cases)))
        if casebook.database.is_sqlite:
            with casebook.database.reading() as db:
                checked = str(db.execute(text("PRAGMA integrity_check")).scalar())
            counts.wrong("broken", [] if checked == "ok" else [checked])
        _reminders(world, trails, counts)
        _writes(world, casebook, trails, counts)
    finally:
        casebook.close()
    return counts


def _reminders(world: World, trails: dict[str, tuple[Event, ...]], counts: Counts) -> None:
    expected = {job.key for case_id, events in trails.items() for job in _wanted(case_id, events, world.now())}
    noted = [told for case_id, events in trails.items() for told in _noted(case_id, events)]
    times_noted, due = Counter(told.key for told in noted), expected | {told.key for told in noted}
    served = {told.key: told.to for told in noted if not told.stood}
    counts.reminders, counts.served = len(due), len(served)
    counts.wrong("noted_wrong", (f"{key} {times_noted[key]} times" for key in due if times_noted[key] != 1))
    files = Counter(file.stem.rpartition("_")[2] for file in (world.folder / FOLDER).glob("*.txt"))
    ever = {key for case_id, events in trails.items() for key in _ever(case_id, events)}
    for name, sent in {**{name: times(world.file(name)) for name in CHATS}, FOLDER: files}.items():
        wanted = (key for key in due if key not in served or name in served[key])
        counts.wrong("lost", (f"{key} in {name}" for key in wanted if not sent[key]))
        counts.wrong("twice", (f"{key} in {name}" for key in sent if sent[key] > 1 or key not in ever))
    _blind(world, noted, ever, counts)


def _blind(world: World, noted: Iterable[Told], ever: set[str], counts: Counts) -> None:
    """What cannot be asked and knows no key: it holds what was noted, and what came again says so."""
    sent, first = times(world.file(BLIND)), unmarked(world.file(BLIND))
    missing = (f"{told.key} in {BLIND}" for told in noted if BLIND in told.to and not sent[told.key])
    counts.wrong("lost", missing)
    counts.wrong("twice", (f"{key} in {BLIND}" for key in sent if first[key] > 1 or key not in ever))


class Told(Struct, frozen=True):
    """A reminder as the trail tells of it; where its clock did not stand any more it went no further than to these."""

    key: str
    to: tuple[str, ...]
    stood: bool


def _noted(case_id: str, events: tuple[Event, ...]) -> Iterator[Told]:
    for number, event in enumerate(events):
        if event.kind == "reminded":
            name, due_at = event.text("clock"), datetime.fromisoformat(event.text("due_at"))
            stood = any((clock.name, clock.due_at) == (name, due_at) for clock in clocks(state_of(events[:number])))
            to = tuple(Path(str(each)).stem for each in cast("list[object]", event.data["to"]))
            yield Told(Job(case_id, name, due_at, int(event.text("level"))).key, to, stood)


def _wanted(case_id: str, events: tuple[Event, ...], now: datetime) -> Iterator[Job]:
    """The reminders that must have gone out by now: of each clock that fell due, and the late ones to the lead."""
    sent = {(event.text("clock"), event.text("due_at")): event.at for event in events if event.kind == "reminded"}
    for clock in clocks(state_of(events)):
        if clock.due_at > now:
            continue
        yield Job(case_id, clock.name, clock.due_at, OWNER)
        first = sent.get((clock.name, clock.due_at.isoformat()))
        late = max(first - clock.due_at, timedelta()) if first else timedelta()
        if clock.lead_at is not None and clock.lead_at + late <= now:
            yield Job(case_id, clock.name, clock.due_at, LEAD)


def _ever(case_id: str, events: tuple[Event, ...]) -> Iterator[str]:
    """The keys of all reminders that there ever was a clock for."""
    for count in range(1, len(events) + 1):
        for clock in clocks(state_of(events[:count])):
            yield from (Job(case_id, clock.name, clock.due_at, level).key for level in (OWNER, LEAD))


def _writes(world: World, casebook: Casebook, trails: dict[str, tuple[Event, ...]], counts: Counts) -> None:
    approved = {
        (event.text("proposal"), event.text("sha256"))
        for events in trails.values()
        for event in events
        if event.kind == "approved" and event.actor.startswith("person:")
    }
    ours = {each.id: each for each in proposals(casebook)}
    delivered = Counter(
        event.text("proposal") for events in trails.values() for event in events if event.kind == "delivered"
    )
    notes = list(world.folder.glob("*.found"))
    counts.found = len({line for file in notes for line in file.read_text(encoding="utf-8").split()})
    out = _outside(world)
    good = {key for key, each in ours.items() if NEVER not in each.payload}
    counts.writes = len(good)
    missing = (key for key in good if not out[key] or delivered[key] != 1 or ours[key].state != "delivered")
    counts.wrong(
        "writes_lost", (f"{key}: {ours[key].state}, {delivered[key]} times, {ours[key].error}" for key in missing)
    )
    counts.wrong("writes_twice", (key for key, texts in out.items() if len(texts) > 1))
    counts.wrong("unapproved", (key for key, texts in out.items() if not _is_allowed(ours.get(key), texts, approved)))


def _is_allowed(proposal: Proposal | None, texts: list[str], approved: set[tuple[str, str]]) -> bool:
    """Whether a person's yes to exactly this text is in the trail."""
    if proposal is None or NEVER in proposal.payload or (proposal.id, proposal.sha256) not in approved:
        return False
    return set(texts) <= {sha256(proposal.payload.encode()).hexdigest()}


def _outside(world: World) -> defaultdict[str, list[str]]:
    """The hashes of the texts that arrived, by key."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in ("writes", "writes-once"):
        for each in arrived(world.file(name)):
            found[each.key].append(each.sha256)
    for file in (world.folder / "outbox").glob("*.md"):
        found[file.stem.rpartition("-")[2]].append(_payload(file))
    return found


def _payload(file: Path) -> str:
    written = file.read_text(encoding="utf-8").partition("\n---\n\n")[2].removesuffix("\n")
    return sha256(written.encode()).hexdigest()
