"""The outbox folder: a write is one file that a person can read, once, and nothing reads it back as a source."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from customer_escalation import yaml_file
from customer_escalation.casebook import Casebook
from customer_escalation.casebook.outbox import LEASE, deliver
from customer_escalation.casebook.proposals import find
from customer_escalation.delivery.folder import FolderSink
from escalation_connectors.errors import Unavailable
from escalation_connectors.knowledge.markdown import VENDOR, MarkdownFolder
from escalation_connectors.options import Fields
from escalation_connectors.vendor import Setup
from tests.casebook.office import CHANNEL, NOW, TICKET, Office, office, setting
from tests.casebook.sweeping import sweep
from tests.vendors.harness import Store

TEXT = "---\nkind: other\n---\n# Not a heading\n\n“Ünïcode” ☃ {{ x }} <b>\n\n---"


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    return office(Casebook(tmp_path / "casebook.sqlite3"), setting(folder=tmp_path / "company"))


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "company" / "outbox"


def files(outbox: Path) -> list[Path]:
    return sorted(outbox.glob("*.md"))


def names(outbox: Path) -> set[str]:
    return {path.name for path in outbox.iterdir()}


async def test_a_delivered_write_is_a_file_that_says_what_and_by_whom(desk: Office, outbox: Path) -> None:
    yes = desk.approved("reply_to_customer", TICKET, TEXT)

    done = await deliver(desk.casebook, yes.id, desk.sinks, worker="w", now=NOW)

    (file,) = files(outbox)
    assert file.name == f"20261119T170000Z-{yes.id}.md"
    assert done.receipt is not None
    assert (done.receipt.id, done.receipt.url) == (file.name, file.as_uri())
    head, body = front(file)
    assert head == {
        "kind": "reply_to_customer",
        "title": f"Write to {TICKET}",
        "destination": TICKET,
        "draft": True,
        "case": "case-1",
        "approved_by": "person:anna",
        "at": "2026-11-19T17:00:00+00:00",
        "key": yes.id,
        "sha256": yes.sha256,
    }
    assert body == f"\n{TEXT}\n"
    assert names(outbox) == {file.name, ".not-read"}


def front(file: Path) -> tuple[dict[str, object], str]:
    _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
    place = file.parent.parent / "head.yaml"
    place.write_text(head, encoding="utf-8")
    return {str(key): value for key, value in yaml_file.load(place).values.items()}, body


async def test_the_same_key_is_never_written_twice(desk: Office, outbox: Path) -> None:
    yes = desk.approved()
    sink = FolderSink(outbox)
    changed = replace(yes, payload="Something else.", approved_by="person:bo")

    first = await sink.send(yes, yes.id)
    assert await sink.send(changed, yes.id) == first
    assert await sink.find(yes.id) == first
    assert await sink.find("0" * 32) is None

    (file,) = files(outbox)
    assert file.read_text(encoding="utf-8").endswith("The exact text.\n")
    assert names(outbox) == {file.name, ".not-read"}


async def test_many_at_once_write_one_file(desk: Office, outbox: Path) -> None:
    yes = desk.approved()

    def write() -> object:
        return asyncio.run(FolderSink(outbox).send(yes, yes.id))

    said = await asyncio.gather(*(asyncio.to_thread(write) for _ in range(8)))

    assert len(set(map(repr, said))) == 1
    assert names(outbox) == {files(outbox)[0].name, ".not-read"}


@pytest.mark.parametrize("step", ["fsync", "link", "unlink"])
async def test_a_crash_while_writing_leaves_one_whole_file(
    desk: Office, outbox: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    yes = desk.approved()

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path if step == "unlink" else os, step, crash)
        with pytest.raises(KeyboardInterrupt):
            await deliver(desk.casebook, yes.id, desk.sinks, worker="w1", now=NOW)
    assert len(files(outbox)) == (step == "unlink")

    await sweep(desk.casebook, desk.sinks, worker="w2", clock=lambda: NOW + LEASE)

    (file,) = files(outbox)
    assert find(desk.casebook, yes.id).state == "delivered"
    assert file.read_text(encoding="utf-8").endswith("The exact text.\n")


async def test_a_folder_that_cannot_be_written_is_a_failure_that_says_so(
    desk: Office, outbox: Path, tmp_path: Path
) -> None:
    blocked(outbox)
    yes = desk.approved()

    done = await deliver(desk.casebook, yes.id, desk.sinks, worker="w", now=NOW)

    assert done.state == "failed"
    assert done.error == f"outbox: {outbox}: cannot be written (File exists); try again later"
    with pytest.raises(Unavailable, match="cannot be read"):
        await FolderSink(outbox).find(yes.id)


def blocked(outbox: Path) -> None:
    outbox.parent.mkdir()
    outbox.write_text("a file")


async def test_a_folder_that_is_not_there_holds_nothing(desk: Office, outbox: Path) -> None:
    assert await FolderSink(outbox).find("0" * 32) is None
    assert not present(outbox)


def present(path: Path) -> bool:
    return path.exists()


async def test_what_was_written_is_no_source(desk: Office, outbox: Path) -> None:
    yes = desk.approved("post_to_chat", CHANNEL, "zebra crossing")
    fields = Fields({"folder": str(outbox.parent)}, "c.yaml: connectors.knowledge_base")
    await deliver(desk.casebook, yes.id, desk.sinks, worker="w", now=NOW)
    beside(outbox)

    for folder in (outbox.parent, outbox):
        fields = Fields({"folder": str(folder)}, "c.yaml: connectors.knowledge_base")
        page = await MarkdownFolder(Setup(vendor=VENDOR, fields=fields, environment={}, store=Store())).search_articles(
            "zebra"
        )
        assert [each.id for each in page.items] == (["zoo.md"] if folder == outbox.parent else [])


def beside(outbox: Path) -> None:
    (outbox.parent / "zoo.md").write_text("# zebra")
