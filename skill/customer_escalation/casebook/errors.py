"""What can go wrong with the casebook, in words that say what to do."""

from __future__ import annotations

from escalation_connectors.errors import EscalationError


class CasebookError(EscalationError):
    """The casebook cannot be used; the text names the file and says what to do."""


class UnknownCase(CasebookError):  # noqa: N818 - named by what happened, as the callers read it
    """There is no such case."""


class UnreadableEvent(CasebookError):  # noqa: N818 - named by what happened, as the callers read it
    """An event whose time or data is none: somebody wrote to the database past this program."""

    def __init__(self, case_id: str, number: int) -> None:
        super().__init__(f"{case_id}: event {number} cannot be read: it was changed past this program")
        self.number = number
