"""Carries out what a person approved, and nothing else: the only part of the package that can write to the outside.

Only the outbox calls a sink. Nothing that reads or drafts imports this package's sinks or a vendor's writing side.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from escalation_connectors.errors import EscalationError
from escalation_connectors.writing import Receipt

if TYPE_CHECKING:
    from customer_escalation.casebook.proposal import Draft, Proposal
    from customer_escalation.casebook.state import State
    from customer_escalation.casebook.store import Case
    from customer_escalation.delivery.connected import ConnectedSinks
    from customer_escalation.settings import Setting

__all__ = ["CannotTell", "Receipt", "Sink", "Sinks", "sinks_of"]


class CannotTell(EscalationError):  # noqa: N818 - named by what happened, as the callers read it
    """The destination cannot be asked whether something was written."""


class Sink(Protocol):
    """One destination, for one proposal."""

    async def send(self, proposal: Proposal, key: str) -> Receipt:
        """Write it. Raises PerhapsWritten where no answer came, and other ConnectorErrors where it surely was not."""
        ...

    async def find(self, key: str) -> Receipt | None:
        """What was written under this key; None where it surely was not, or where writing again is the same write.

        Raises CannotTell, ConnectorError.
        """
        ...


class Sinks(Protocol):
    """The destinations of one workspace."""

    def check(self, case: Case, state: State, draft: Draft) -> None:
        """Raises NotAllowed where this may not be written there: not connected, not of the profile, not of the case."""
        ...

    def of(self, proposal: Proposal) -> Sink:
        """Where it goes. Raises NotAllowed."""
        ...


def sinks_of(setting: Setting, workspace_folder: Path | None = None) -> ConnectedSinks:
    """The destinations that the configuration and the profile give; without a connector the folder's `outbox/`.

    `workspace_folder` is by default that of the setting; the sample company's outbox is in the folder for user data.
    """
    from customer_escalation.delivery.connected import connected_sinks

    return connected_sinks(setting, workspace_folder)
