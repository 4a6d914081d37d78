"""The embedded default: a folder of plain files, indexed beside the user's data and never written to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from escalation_connectors.errors import InputError
from escalation_connectors.sources import Sources
from escalation_connectors.workspace import kinds
from escalation_connectors.workspace.connectors import (
    WorkspaceChat,
    WorkspaceCRM,
    WorkspaceKnowledge,
    WorkspaceSupport,
    WorkspaceTracker,
)
from escalation_connectors.workspace.index import Index

R = TypeVar("R")
_KINDS = (
    kinds.TICKETS,
    kinds.ACCOUNTS,
    kinds.CONTACTS,
    kinds.DEALS,
    kinds.MESSAGES,
    kinds.ISSUES,
    kinds.ARTICLES,
)
__all__ = ["Workspace", "open_workspace"]


class Workspace(Struct, frozen=True):
    """The sources of a folder as it was when opened; `left_out` counts the lines that were skipped, by file."""

    sources: Sources
    left_out: Mapping[str, int]
    _indexes: tuple[Index[Any], ...]

    def close(self) -> None:
        """Closes the indexes."""
        for index in self._indexes:
            index.close()


def open_workspace(folder: Path, *, cache: Path, skip_invalid: bool = False) -> Workspace:
    """The folder's sources, indexed in `cache`. Raises InputError that names the file, line and field."""
    typed = folder
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - as written, links and all: the same name, the same index
    if not os.path.lexists(folder):
        raise InputError(f"workspace {typed}: no such folder")
    if not folder.is_dir():
        raise InputError(f"workspace {typed}: not a folder")
    opened = _Opening(folder, cache, skip_invalid)
    tickets = opened.index(kinds.TICKETS)
    accounts, contacts, deals = opened.index(kinds.ACCOUNTS), opened.index(kinds.CONTACTS), opened.index(kinds.DEALS)
    messages, issues, articles = opened.index(kinds.MESSAGES), opened.index(kinds.ISSUES), opened.index(kinds.ARTICLES)
    if not opened.indexes and not (folder / "workspace.yaml").is_file():
        known = ", ".join(kind.file for kind in _KINDS)
        raise InputError(f"workspace {typed}: none of its files is here ({known})")
    return Workspace(
        Sources(
            support=WorkspaceSupport(tickets, accounts) if tickets else None,
            crm=WorkspaceCRM(accounts, contacts, deals) if accounts or contacts or deals else None,
            chat=WorkspaceChat(messages) if messages else None,
            tracker=WorkspaceTracker(issues) if issues else None,
            knowledge=WorkspaceKnowledge(articles) if articles else None,
        ),
        {file: lines for index in opened.indexes for file, lines in index.left_out().items()},
        tuple(opened.indexes),
    )


class _Opening:
    def __init__(self, folder: Path, cache: Path, skip_invalid: bool) -> None:
        self._folder, self._cache, self._skip_invalid = folder, cache, skip_invalid
        self.indexes: list[Index[Any]] = []

    def index(self, kind: kinds.Kind[R]) -> Index[R] | None:
        source = self._folder / kind.file
        if not os.path.lexists(source):
            return None
        index = Index(kind, source, self._cache, skip_invalid=self._skip_invalid)
        self.indexes.append(index)
        return index
