"""The desk: opened when needed, opened anew when the workspace changed, closed when nobody reads any more."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from customer_escalation import settings as settings_module
from customer_escalation.casebook import Casebook
from customer_escalation.server.desk import Desk, desk_of, folder_stamp, present
from customer_escalation.settings import Setting
from escalation_connectors.errors import InputError
from escalation_connectors.sources import Sources
from tests.server import desks


class Opening:
    """Counts what is opened and closed."""

    def __init__(self) -> None:
        self.opened: list[Setting] = []
        self.closed: list[str] = []
        self.stamp = 0

    def open(self) -> Setting:
        name = f"workspace {len(self.opened)}"
        self.opened.append(desks.setting_over(Sources(), name=name, close=lambda: self.closed.append(name)))
        return self.opened[-1]

    def desk(self, folder: Path) -> Desk:
        return Desk(
            self.open, lambda: Casebook(folder / "c.sqlite3"), clock=lambda: desks.NOW, stamp=lambda: self.stamp
        )


async def report(progress: float, total: float | None, message: str | None) -> None:
    """Nobody listens."""


def test_nothing_is_opened_before_it_is_needed(tmp_path: Path) -> None:
    opening = Opening()
    desk = opening.desk(tmp_path)

    asyncio.run(desk.close())

    assert opening.opened == []
    assert list(tmp_path.iterdir()) == []


async def test_calls_at_the_same_time_open_the_workspace_once(tmp_path: Path) -> None:
    opening = Opening()
    desk = opening.desk(tmp_path)

    names = [setting.name for setting in await asyncio.gather(*(desk.setting() for _ in range(5)))]
    await desk.close()

    assert names == ["workspace 0"] * 5
    assert opening.closed == ["workspace 0"]


async def test_a_changed_workspace_is_opened_anew_and_the_old_one_closed_after_its_last_call(tmp_path: Path) -> None:
    opening = Opening()
    desk = opening.desk(tmp_path)

    async with desk.call(report) as early:
        assert (await early.setting()).name == "workspace 0"
        opening.stamp = 1
        async with desk.call(report) as late:
            assert (await late.setting()).name == "workspace 1"
            assert (await early.setting()).name == "workspace 0"
        assert opening.closed == []
    assert opening.closed == ["workspace 0"]

    await desk.close()
    assert opening.closed == ["workspace 0", "workspace 1"]


async def test_a_workspace_that_cannot_be_opened_any_more_is_told_and_tried_again(tmp_path: Path) -> None:
    opening = Opening()
    broken = [False]

    def open_or_fail() -> Setting:
        if broken[0]:
            raise InputError("tickets.jsonl:3: not JSON")
        return opening.open()

    desk = Desk(open_or_fail, lambda: Casebook(tmp_path / "c.sqlite3"), stamp=lambda: opening.stamp)
    await desk.setting()
    broken[0], opening.stamp = True, 1
    with pytest.raises(InputError, match=r"tickets\.jsonl:3"):
        await desk.setting()
    broken[0] = False

    assert (await desk.setting()).name == "workspace 1"
    await desk.close()
    assert sorted(opening.closed) == ["workspace 0", "workspace 1"]


async def test_the_clock_is_the_samples_own_only_for_the_sample(tmp_path: Path) -> None:
    own = desks.setting_over(Sources())
    sample = settings_module.open_setting(None)
    desk = Opening().desk(tmp_path)

    assert desk.now(own) == desks.NOW
    assert desk.now(sample) == sample.profile.sample_now
    assert present().tzinfo is not None
    sample.close()


async def test_a_persons_desk_reads_their_folder_as_it_changes(tmp_path: Path) -> None:
    tickets = tmp_path / "tickets.jsonl"
    tickets.write_text('{"id": "1", "subject": "export", "created_at": "2026-11-17"}\n')
    desk = desk_of(tmp_path, None)

    first = (await desk.setting()).sources.support
    assert first is not None
    assert [each.id for each in (await first.search_tickets("export")).items] == ["1"]
    tickets.write_text(tickets.read_text() + '{"id": "2", "subject": "export", "created_at": "2026-11-18"}\n')
    second = (await desk.setting()).sources.support
    assert second is not None
    assert {each.id for each in (await second.search_tickets("export")).items} == {"1", "2"}

    assert desk.casebook.path == settings_module.data_folder() / "casebook.sqlite3"
    await desk.close()


def test_a_folder_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--workspace: no such folder"):
        desk_of(tmp_path / "nowhere", None)


def test_the_stamp_of_a_folder_follows_its_files(tmp_path: Path) -> None:
    stamps = [folder_stamp(tmp_path)]
    (tmp_path / "articles").mkdir()
    stamps.append(folder_stamp(tmp_path))
    (tmp_path / "articles" / "a.md").write_text("a")
    stamps.append(folder_stamp(tmp_path))
    (tmp_path / "articles" / "a.md").write_text("ab")
    stamps.append(folder_stamp(tmp_path))

    assert len({repr(stamp) for stamp in stamps}) == 4
    assert folder_stamp(tmp_path) == stamps[-1]
    assert folder_stamp(tmp_path / "gone") == folder_stamp(tmp_path / "gone")
