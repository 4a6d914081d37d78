"""Where each kind of write goes in one workspace: the connectors' writing sides, else the folder's outbox.

A destination is worked out anew from the profile, the configuration and the case whenever it is checked, and what was
proposed must be equal to it: a channel, project, ticket or issue that only stands in a text leads nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from customer_escalation import settings
from customer_escalation.casebook.proposal import Destination, Draft, Kind, Proposal
from customer_escalation.casebook.state import NotAllowed, State
from customer_escalation.casebook.store import Case
from customer_escalation.delivery import Sink
from customer_escalation.delivery.changes import change_of
from customer_escalation.delivery.folder import FolderSink
from customer_escalation.delivery.vendors import ChatSink, SupportSink, TrackerSink, titled
from customer_escalation.evidence import Ledger
from customer_escalation.profile import Profile
from customer_escalation.settings import Setting
from escalation_connectors.outgoing import writable
from escalation_connectors.records import Category
from escalation_connectors.vendor import Setup
from escalation_connectors.writing import Receipt

OUTBOX, CASEBOOK = "outbox", "casebook"
CATEGORY: Mapping[Kind, Category] = {
    "post_to_chat": "chat",
    "inform_team": "chat",
    "file_issue": "project_tracker",
    "link_ticket": "project_tracker",
    "reply_to_customer": "support_platform",
    "ask_customer": "support_platform",
    "internal_note": "support_platform",
    "update_ticket": "support_platform",
    "draft_article": "knowledge_base",
}
SHORT: Mapping[Category, str] = {"chat": "chat", "project_tracker": "tracker", "support_platform": "support"}
REPLIES = ("reply_to_customer", "ask_customer")
HOMES = ("project", "team")  # the options that name where a tracker makes new issues


class CasebookSink(Struct, frozen=True):
    """What stays inside: the outbox of the casebook notes it when it is delivered."""

    async def send(self, proposal: Proposal, key: str) -> Receipt:
        """Nothing leaves."""
        return Receipt(key)

    async def find(self, key: str) -> Receipt | None:
        """Nothing was written elsewhere."""
        return None


class ConnectedSinks:
    """The destinations of one workspace; what it opens is closed with the setting."""

    def __init__(self, name: str, profile: Profile, setups: tuple[Setup, ...], folder: Path | None) -> None:
        self.name = name
        self._setups, self._folder = setups, folder
        teams = [*profile.teams.values(), *(area.team for areas in profile.areas.values() for area in areas)]
        self.channels = frozenset(team.channel for team in teams if team.channel)
        self.projects = frozenset(team.tracker_project for team in teams if team.tracker_project)

    @property
    def outbox(self) -> Path | None:
        """The folder for what goes to no connector; None where there is none."""
        return self._folder

    def destination(self, kind: Kind, to: str, evidence: Ledger, *, send: bool = False) -> Destination:
        """Where a write of this kind goes. Raises NotAllowed where nothing is connected for it, or not this place."""
        options = {"send": True} if send and kind in REPLIES else {}
        if kind == "schedule_follow_up":
            return Destination(CASEBOOK, to)
        self._must_be_known(kind, to)
        category = CATEGORY[kind]
        configured = [setup for setup in self._setups if setup.vendor.category == category]
        if not configured or category == "knowledge_base":
            return Destination(self._outbox(kind), to, options)
        setup = _one(kind, to, writable(configured, category), evidence)
        return Destination(f"{SHORT[category]}:{setup.name}", to, options)

    def check(self, case: Case, state: State, draft: Draft) -> None:
        """Raises NotAllowed where this may not be written there."""
        where, evidence = draft.destination, case.result.evidence
        if case.workspace != self.name:
            raise NotAllowed(f"{case.id} belongs to the workspace {case.workspace!r}, not to {self.name!r}")
        if draft.kind in (*REPLIES, "internal_note", "update_ticket"):
            known = {ticket for customer in state.customers.values() for ticket in customer.tickets}
            if where.to not in known and f"T-{where.to}" not in evidence:
                raise NotAllowed(f"ticket {where.to[:40]!r} does not belong to {case.id}")
        if draft.kind == "link_ticket" and f"I-{where.to}" not in evidence:
            raise NotAllowed(f"issue {where.to[:40]!r} does not belong to {case.id}")
        if draft.kind == "update_ticket":
            change_of(draft.payload)
        if draft.kind == "file_issue" and not titled(draft.payload)[0]:
            raise NotAllowed("a tracker issue needs a title in its first line")
        if where != self.destination(draft.kind, where.to, evidence, send=where.sends):
            raise NotAllowed(f"{draft.kind} does not go to {where.sink[:40]!r} here")

    def of(self, proposal: Proposal) -> Sink:
        """The sink of a proposal that was checked. Raises NotAllowed."""
        name = proposal.destination.sink
        if name == CASEBOOK:
            return CasebookSink()
        if name == OUTBOX:
            if self._folder is None:
                raise _nowhere(proposal.kind)
            return FolderSink(self._folder)
        category = CATEGORY[proposal.kind]
        for setup in writable(self._setups, category):
            if name == f"{SHORT[category]}:{setup.name}":
                return _over(setup, proposal)
        raise _nowhere(proposal.kind)

    def _must_be_known(self, kind: Kind, to: str) -> None:
        category = CATEGORY[kind]
        if category == "chat" and to not in self.channels:
            raise NotAllowed(f"{to[:60]!r} is no channel of a team in the company profile")
        if kind == "file_issue" and to not in self.projects:
            raise NotAllowed(f"{to[:60]!r} is no tracker project of a team in the company profile")

    def _outbox(self, kind: Kind) -> str:
        if self._folder is None:
            raise _nowhere(kind)
        return OUTBOX


def connected_sinks(setting: Setting, workspace_folder: Path | None) -> ConnectedSinks:
    """The destinations of a setting."""
    folder = workspace_folder or setting.folder
    if folder is not None:
        folder = folder / OUTBOX
    elif setting.is_sample:
        folder = settings.data_folder() / OUTBOX
    return ConnectedSinks(setting.name, setting.profile, setting.setups, folder)


def _over(setup: Setup, proposal: Proposal) -> Sink:
    if setup.vendor.category == "chat":
        return ChatSink(setup, proposal)
    return (TrackerSink if setup.vendor.category == "project_tracker" else SupportSink)(setup, proposal)


def _one(kind: Kind, to: str, setups: tuple[Setup, ...], evidence: Ledger) -> Setup:
    """The one source that this is written to: whose record it is, or whose project. Raises NotAllowed."""
    if kind == "file_issue":
        setups = tuple(setup for setup in setups if to in _homes(setup))
        if not setups:
            raise NotAllowed(f"{_nowhere(kind)}: no tracker of the configuration makes issues in {to[:60]!r}")
    row = evidence.get(f"I-{to}" if kind == "link_ticket" else f"T-{to}") if CATEGORY[kind] != "chat" else None
    if row is not None and kind != "file_issue":
        setups = tuple(setup for setup in setups if setup.name in row.connector.split(", "))
    if not setups:
        raise _nowhere(kind)
    found, *others = setups
    if others:
        names = ", ".join(setup.name for setup in setups)
        raise NotAllowed(f"{kind}: several are connected ({names}), and it cannot be told which is meant")
    return found


def _homes(setup: Setup) -> tuple[str, ...]:
    """How the profile may call the place where this tracker makes its issues."""
    named = (setup.text(key) for key in HOMES if key in setup.fields.values)
    return (setup.name, *named, *setup.fields.texts("repositories")[:1])


def _nowhere(kind: Kind) -> NotAllowed:
    return NotAllowed(f"no destination is connected for {kind}")
