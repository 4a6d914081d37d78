"""The index of a workspace is private, follows the files, and survives crashes, damage and company."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from escalation_connectors.errors import InputError, Unavailable
from escalation_connectors.workspace import Workspace, open_workspace
from escalation_connectors.workspace import index as index_module
from escalation_connectors.workspace.building import build_file
from escalation_connectors.workspace.index import Index
from escalation_connectors.workspace.kinds import TICKETS
from tests.contracts import company


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return company.write(tmp_path / "company")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


async def found(workspace: Workspace, query: str = "login") -> list[str]:
    support = workspace.sources.support
    assert support is not None
    return [each.id for each in (await support.search_tickets(query)).items]


def database(cache: Path, name: str = "tickets") -> Path:
    (path,) = cache.glob(f"*-{name}-*.db")
    return path


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def times(cache: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}


def test_the_folder_is_never_written_to_and_the_index_is_private(folder: Path, cache: Path) -> None:
    before = snapshot(folder)
    open_workspace(folder, cache=cache)
    assert snapshot(folder) == before
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in cache.iterdir()} == {0o600}


def test_a_warm_start_reads_no_file_and_imports_no_builder(folder: Path, cache: Path) -> None:
    open_workspace(folder, cache=cache)
    code = (
        "import sys; from pathlib import Path; from escalation_connectors.workspace import open_workspace\n"
        "open_workspace(Path(sys.argv[1]), cache=Path(sys.argv[2]))\n"
        "cold = ('pydantic', 'yaml', 'difflib', 'escalation_connectors.workspace.building')\n"
        "print([name for name in cold if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(cache)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


async def test_a_changed_file_is_read_again_and_no_other(folder: Path, cache: Path) -> None:
    open_workspace(folder, cache=cache).close()
    before = times(cache)
    with (folder / "tickets.jsonl").open("a") as stream:
        stream.write('{"id": "T-9", "subject": "login login", "created_at": "2026-11-20"}\n')
    workspace = open_workspace(folder, cache=cache)
    assert (await found(workspace))[0] == "T-9"
    after = times(cache)
    assert len(after) == len(before)
    assert {name.split("-")[1] for name in after if after[name] != before.get(name)} == {"tickets"}


async def test_a_change_that_keeps_the_size_is_noticed(folder: Path, cache: Path) -> None:
    open_workspace(folder, cache=cache).close()
    path = folder / "tickets.jsonl"
    path.write_text(path.read_text().replace("Invoice", "Zebraaa"))
    os.utime(path, ns=(1, 1))
    assert await found(open_workspace(folder, cache=cache), "zebraaa") == ["T-4"]


async def test_a_changed_added_or_removed_article_is_noticed(folder: Path, cache: Path) -> None:
    for change in (
        lambda: (folder / "articles" / "KB-3.md").write_text("---\nid: KB-3\ntitle: Zebra\n---\nStripes."),
        lambda: (folder / "articles" / "KB-3.md").write_text("---\nid: KB-3\ntitle: Zebras\n---\nMore stripes."),
        lambda: (folder / "articles" / "KB-3.md").unlink(),
    ):
        open_workspace(folder, cache=cache).close()
        change()
        knowledge = open_workspace(folder, cache=cache).sources.knowledge
        assert knowledge is not None
        page = await knowledge.search_articles("zebra")
        assert page.read == (folder / "articles" / "KB-3.md").exists()


async def test_a_file_that_appears_or_goes_is_connected_or_not(folder: Path, cache: Path) -> None:
    (folder / "messages.jsonl").rename(folder / "messages.off")
    assert open_workspace(folder, cache=cache).sources.chat is None
    (folder / "messages.off").rename(folder / "messages.jsonl")
    assert open_workspace(folder, cache=cache).sources.chat is not None


@pytest.mark.parametrize("damage", [b"", b"rubbish" * 100, None])
async def test_a_damaged_index_is_built_again_silently(folder: Path, cache: Path, damage: bytes | None) -> None:
    open_workspace(folder, cache=cache).close()
    path = database(cache)
    path.write_bytes(path.read_bytes()[:5000] + b"\xff" * 20_000 if damage is None else damage)
    workspace = open_workspace(folder, cache=cache)
    assert await found(workspace) == ["T-2", "T-3"]
    with closing(sqlite3.connect(database(cache))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_an_index_that_vanishes_while_open_is_built_again(folder: Path, cache: Path) -> None:
    workspace = open_workspace(folder, cache=cache)
    database(cache).unlink()
    assert await found(workspace) == ["T-2", "T-3"]


async def test_an_index_that_cannot_be_built_again_is_unavailable(folder: Path, cache: Path) -> None:
    workspace = open_workspace(folder, cache=cache)
    database(cache).unlink()
    (folder / "tickets.jsonl").write_text("rubbish\n")
    with pytest.raises(Unavailable, match=r"^workspace: changed since it was opened: tickets.jsonl:1: not JSON"):
        await found(workspace)


async def test_work_that_always_fails_is_unavailable(folder: Path, cache: Path) -> None:
    index = Index(TICKETS, folder / "tickets.jsonl", cache, skip_invalid=False)
    with pytest.raises(Unavailable, match=r"^workspace: the index of tickets.jsonl cannot be read$"):
        await index.run(lambda connection: connection.execute("SELECT nothing FROM nowhere"))


async def test_without_a_place_for_the_index_it_lives_in_memory(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    workspace = open_workspace(folder, cache=tmp_path / "taken")
    assert await asyncio.gather(*(found(workspace) for _ in range(8))) == [["T-2", "T-3"]] * 8
    workspace.close()
    assert await found(workspace) == ["T-2", "T-3"]


def test_a_failed_build_leaves_nothing_behind(folder: Path, cache: Path) -> None:
    (folder / "tickets.jsonl").write_text("rubbish\n")
    with pytest.raises(InputError):
        open_workspace(folder, cache=cache)
    assert list(cache.iterdir()) == []


def test_a_build_that_is_killed_leaves_no_broken_index(folder: Path, cache: Path) -> None:
    company.lines(
        folder / "tickets.jsonl",
        [{"id": f"T-{n}", "subject": "login loop", "created_at": "2026-11-17"} for n in range(20_000)],
    )
    code = (
        "import os, sys, threading, time; from pathlib import Path\n"
        "from escalation_connectors.workspace import open_workspace\n"
        "def watch():\n"
        "    while not any(p.stat().st_size > 50_000 for p in Path(sys.argv[2]).glob('*.tmp')): time.sleep(0.001)\n"
        "    os._exit(9)\n"
        "threading.Thread(target=watch).start()\n"
        "open_workspace(Path(sys.argv[1]), cache=Path(sys.argv[2]))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    cache.mkdir()
    done = subprocess.run([sys.executable, "-c", code, str(folder), str(cache)], env=environment, check=False)
    assert done.returncode == 9
    (left,) = cache.glob("*.tmp")
    assert not list(cache.glob("*.db"))
    os.utime(left, (0, 0))
    workspace = open_workspace(folder, cache=cache)
    assert asyncio.run(found(workspace, "loop"))
    assert not left.exists()


def test_many_openers_at_once_all_get_a_whole_index(folder: Path, cache: Path) -> None:
    def answer(_: int) -> list[str]:
        workspace = open_workspace(folder, cache=cache)
        return asyncio.run(found(workspace))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(answer, range(16))) == [["T-2", "T-3"]] * 16
    assert not list(cache.glob("*.tmp"))


def test_skipped_lines_never_pass_for_a_valid_file(folder: Path, cache: Path) -> None:
    with (folder / "tickets.jsonl").open("a") as stream:
        stream.write("rubbish\n")
    assert open_workspace(folder, cache=cache, skip_invalid=True).left_out == {"tickets.jsonl": 1}
    with pytest.raises(InputError, match=r"^tickets.jsonl:5: not JSON"):
        open_workspace(folder, cache=cache)


def test_a_valid_file_has_one_index_for_both_ways(folder: Path, cache: Path) -> None:
    open_workspace(folder, cache=cache)
    assert open_workspace(folder, cache=cache, skip_invalid=True).left_out == {}
    assert len(list(cache.iterdir())) == 7


def test_a_damaged_index_is_also_mended_when_lines_are_skipped(folder: Path, cache: Path) -> None:
    open_workspace(folder, cache=cache, skip_invalid=True).close()
    database(cache).write_bytes(b"SQLite format 3\0 and no more")
    assert open_workspace(folder, cache=cache, skip_invalid=True).left_out == {}


@pytest.mark.parametrize("begun", [True, False])
async def test_a_cancelled_search_of_a_large_file_stops_at_once(
    folder: Path, cache: Path, begun: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "SMALL", 0)
    index = Index(TICKETS, folder / "tickets.jsonl", cache, skip_invalid=False)
    started, ended = asyncio.Event(), asyncio.Event()
    go_on = threading.Event()
    loop = asyncio.get_running_loop()

    def endless(connection: sqlite3.Connection) -> None:
        loop.call_soon_threadsafe(started.set)
        go_on.wait()
        try:
            connection.execute(
                "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
            ).fetchone()
        finally:
            loop.call_soon_threadsafe(ended.set)

    task = asyncio.create_task(index.run(endless))
    await started.wait()
    if begun:
        go_on.set()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    async with asyncio.timeout(10):
        await ended.wait()


def test_an_index_that_cannot_be_moved_to_its_place_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "a-tickets-1.db"
    place.mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        build_file(TICKETS, folder / "tickets.jsonl", place, skip_invalid=False)
    assert not list(tmp_path.glob("*.tmp"))
