"""The Acme Corp case in a casebook, with the destinations of the sample company: its folder, or fake vendors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from customer_escalation import policy, profile, resources
from customer_escalation.casebook import Casebook
from customer_escalation.casebook.opening import open_case
from customer_escalation.casebook.proposal import Destination, Draft, Kind, Proposal
from customer_escalation.casebook.proposals import approve, propose
from customer_escalation.delivery import sinks_of
from customer_escalation.delivery.connected import ConnectedSinks
from customer_escalation.findings import NAMES
from customer_escalation.settings import Setting
from escalation_connectors.sources import Sources
from escalation_connectors.vendor import Setup
from tests.server import results

NOW = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
ANNA, BO, MODEL = "person:anna", "person:bo", "model:claude-code"
CHANNEL, TICKET, THEIRS, ISSUE = "#eng-orders", "51842", "51871", "ORD-3310"  # Acme's ticket, Pellworth's, the issue
LATER = timedelta(minutes=10)


def setting(*setups: Setup, folder: Path | None = None, is_sample: bool = False) -> Setting:
    """The sample company over these sources, or over a folder."""
    return Setting(
        sources=Sources(),
        profile=profile.load(resources.SAMPLE / "workspace.yaml"),
        policy=policy.load(None, NAMES),
        left_out={},
        is_sample=is_sample,
        name="Larkfield",
        close=lambda: None,
        setups=setups,
        folder=folder,
    )


class Office(Struct, frozen=True):
    """One case and where its writes go."""

    casebook: Casebook
    sinks: ConnectedSinks
    case_id: str

    def draft(self, kind: Kind, to: str, text: str = "The exact text.", *, send: bool = False) -> Draft:
        """A draft for the right destination."""
        evidence = self.casebook.get(self.case_id).result.evidence
        return Draft(kind, f"Write to {to}", self.sinks.destination(kind, to, evidence, send=send), text)

    def proposed(
        self, kind: Kind = "post_to_chat", to: str = CHANNEL, text: str = "The exact text.", *, send: bool = False
    ) -> Proposal:
        """Proposed by a model."""
        draft = self.draft(kind, to, text, send=send)
        return propose(self.casebook, self.case_id, draft, self.sinks, actor=MODEL, at=NOW)

    def approved(
        self, kind: Kind = "post_to_chat", to: str = CHANNEL, text: str = "The exact text.", *, send: bool = False
    ) -> Proposal:
        """Proposed by a model, approved by a person."""
        proposal = self.proposed(kind, to, text, send=send)
        return approve(self.casebook, proposal.id, proposal.sha256, actor=ANNA, at=NOW)

    def trail(self) -> Sequence[str]:
        """What happened to the case since it was opened; the seals are intact."""
        assert self.casebook.broken(self.case_id) == ""
        return [event.kind for event in self.casebook.events(self.case_id)][1:]


def office(casebook: Casebook, where: Setting) -> Office:
    """The case, opened in this casebook."""
    return Office(casebook, sinks_of(where), open_case(casebook, results.acme(), where, actor=ANNA, customer="Acme"))


def loose(sink: str, to: str, kind: Kind = "post_to_chat", text: str = "The exact text.") -> Draft:
    """A draft as a compromised model would make it."""
    return Draft(kind, "Harmless", Destination(sink, to), text)
