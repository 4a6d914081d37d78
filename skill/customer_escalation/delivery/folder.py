"""The outbox folder: each delivered write is one Markdown file, written whole, and once under its key.

What was written is no source: the folder says so to the reader of Markdown.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from customer_escalation.casebook.proposal import Proposal
from escalation_connectors.errors import Unavailable
from escalation_connectors.knowledge.markdown import NOT_READ
from escalation_connectors.writing import Receipt

NAME = "outbox"


class FolderSink(Struct, frozen=True):
    """Writes into one folder. The name of a file comes from its proposal alone, so one key has one name."""

    folder: Path

    async def send(self, proposal: Proposal, key: str) -> Receipt:
        """Write the file, unless it is there. Raises Unavailable where nothing was written."""
        place = self.folder / f"{_stamp(proposal.created_at)}-{key}.md"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.folder / NOT_READ).touch(mode=0o600)
            _write_once(place, _page(proposal, key))
        except OSError as error:
            raise Unavailable(NAME, f"{self.folder}: cannot be written ({error.strerror})") from None
        return _receipt(place)

    async def find(self, key: str) -> Receipt | None:
        """The file of this key. Raises Unavailable."""
        try:
            places = sorted(self.folder.iterdir())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(NAME, f"{self.folder}: cannot be read ({error.strerror})") from None
        return next((_receipt(place) for place in places if place.name.endswith(f"-{key}.md")), None)


def _receipt(place: Path) -> Receipt:
    return Receipt(place.name, place.absolute().as_uri())


def _write_once(place: Path, page: str) -> None:
    """The whole file or none, also where the machine stops; one that is there stays as it is."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=place.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(page)
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileExistsError):
            os.link(name, place)
    finally:
        Path(name).unlink(missing_ok=True)
    _keep_names(place.parent)


def _keep_names(folder: Path) -> None:
    """The name of a new file outlives a power cut; where folders cannot be opened (Windows) the system sees to it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _page(proposal: Proposal, key: str) -> str:
    """Front matter, each value quoted as JSON, which YAML reads as it is; then the text exactly as it was approved."""
    where = proposal.destination
    about = {
        "kind": proposal.kind,
        "title": proposal.title,
        "destination": where.to,
        "draft": proposal.kind in ("reply_to_customer", "ask_customer") and not where.sends,
        "case": proposal.case_id,
        "approved_by": proposal.approved_by,
        "at": None if proposal.approved_at is None else proposal.approved_at.astimezone(UTC).isoformat(),
        "key": key,
        "sha256": proposal.sha256,
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in about.items()]
    return "\n".join(("---", *lines, "---", "", proposal.payload, ""))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
