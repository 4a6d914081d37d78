"""Several workers on PostgreSQL: procrastinate carries the work, the casebook's claims keep each thing to once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.errors import CasebookError
from customer_escalation.casebook.reminders import Channel, Reminder
from customer_escalation.working import Worker
from customer_escalation.working.queue import Pace, Queue
from customer_escalation.working.queue_schema import MARK, bring_up_to_date
from tests.casebook.cases import HOUR, NOW, Remembering, opened
from tests.casebook.office import NOW as LATER
from tests.casebook.office import office, setting

AT = NOW + 2 * HOUR
SILENT = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
FAST = Pace(plan_s=1, heartbeat_s=0.1, dead_after_s=1.0)


def at() -> datetime:
    return AT


@pytest.fixture
def casebook(url: str) -> Iterator[Casebook]:
    opened = Casebook(url)
    yield opened
    opened.close()


def worker(casebook: Casebook, name: str, *channels: Channel) -> Worker:
    return Worker(casebook, setting(), _NoSinks(), channels, name, at)  # type: ignore[arg-type]


async def begin_all(queue: Queue) -> None:
    """A worker takes every job and is not heard of again."""
    dead = await queue.app.job_manager.register_worker()
    while await queue.app.job_manager.fetch_job([queue.name], dead):
        pass


class _NoSinks:
    """Nothing is delivered here."""


class Counting(Remembering):
    """A channel that says when so many came."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count, self.full = count, asyncio.Event()

    async def send(self, reminder: Reminder, key: str) -> None:
        await super().send(reminder, key)
        if len(self.sent) >= self.count:
            self.full.set()


def jobs(url: str) -> list[tuple[str, str]]:
    with psycopg.connect(url) as db:
        return db.execute("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY 1, 2").fetchall()


async def test_one_round_sends_what_is_due_and_leaves_no_job(casebook: Casebook, url: str) -> None:
    channel = Remembering()
    cases = [opened(casebook) for _ in range(5)]

    count = await Queue(worker(casebook, "w1", channel), url).once()
    again = await Queue(worker(casebook, "w2", channel), url).once()

    assert sorted(reminder.job.case_id for _, reminder in channel.sent) == cases
    assert (count, again) == (10, 0)  # each case was looked at, too
    assert jobs(url) == []
    assert [casebook.broken(case_id) for case_id in cases] == [""] * 5


async def test_two_workers_share_the_work_and_nothing_is_sent_twice(casebook: Casebook, url: str) -> None:
    stop, cases = asyncio.Event(), [opened(casebook) for _ in range(20)]
    channel = Counting(len(cases))
    queues = [Queue(worker(casebook, name, channel), url, FAST) for name in ("w1", "w2")]
    working = [asyncio.ensure_future(queue.work(stop)) for queue in queues]

    async with asyncio.timeout(60):
        await channel.full.wait()
        stop.set()
        await asyncio.gather(*working)

    assert sorted(reminder.job.case_id for _, reminder in channel.sent) == sorted(cases)


async def test_a_full_queue_takes_nothing_more_but_what_a_person_approved(
    casebook: Casebook, url: str, tmp_path: Path
) -> None:
    desk = office(casebook, setting(folder=tmp_path))
    yes = desk.approved()
    opened(casebook, at=LATER - 5 * HOUR)
    doing = Worker(casebook, setting(folder=tmp_path), desk.sinks, (Remembering(),), "w1", lambda: LATER)
    bring_up_to_date(url)
    full, roomy = (Queue(doing, url, Pace(full=number)) for number in (0, 1000))

    async with full.app.open_async(), roomy.app.open_async():
        await full.plan()
        await full.plan()
        with psycopg.connect(url) as db:
            queued = db.execute("SELECT queueing_lock, priority FROM procrastinate_jobs").fetchall()
        await roomy.plan()

    assert queued == [(f"deliver {yes.id}", 20)]
    assert len(jobs(url)) > 3


async def test_the_job_of_a_dead_worker_goes_to_another(casebook: Casebook, url: str) -> None:
    case_id, channel = opened(casebook), Remembering()
    queue = Queue(worker(casebook, "w1", channel), url)
    bring_up_to_date(url)
    async with queue.app.open_async():
        await queue.plan()
        await begin_all(queue)
    assert {status for _, status in jobs(url)} == {"doing"}
    with psycopg.connect(url) as db:
        db.execute(SILENT)

    await Queue(worker(casebook, "w2", channel), url).once()

    assert [reminder.job.case_id for _, reminder in channel.sent] == [case_id]
    assert jobs(url) == []


async def test_a_job_that_was_queued_anew_while_its_worker_was_dead_runs_once(casebook: Casebook, url: str) -> None:
    channel = Remembering()
    opened(casebook)
    queue = Queue(worker(casebook, "w1", channel), url)
    bring_up_to_date(url)
    async with queue.app.open_async():
        await queue.plan()
        await begin_all(queue)
        with psycopg.connect(url) as db:
            db.execute("UPDATE procrastinate_jobs SET queueing_lock = 'x' || queueing_lock")
            await queue.plan()
            db.execute("UPDATE procrastinate_jobs SET queueing_lock = ltrim(queueing_lock, 'x')")
            db.execute(SILENT)

    await Queue(worker(casebook, "w2", channel), url).once()

    assert len(channel.sent) == 1
    assert jobs(url) == []


def test_several_workers_that_start_at_once_make_the_tables_once(url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bring_up_to_date, [url] * 8))

    bring_up_to_date(url)
    assert jobs(url) == []


def test_tables_of_an_older_procrastinate_are_brought_up_to_date_and_newer_ones_refused(url: str) -> None:
    steps = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    older = [step for step in steps if step.stem < "03.01"]
    with psycopg.connect(url, autocommit=True) as db:
        for step in older:
            db.execute(step.read_bytes())
        db.execute(f"COMMENT ON TABLE procrastinate_jobs IS '{MARK}{older[-1].stem}'".encode())

    bring_up_to_date(url)

    with psycopg.connect(url) as db:
        said = db.execute("SELECT obj_description('procrastinate_jobs'::regclass)").fetchone()
        assert said == (MARK + steps[-1].stem,)
        assert db.execute("SELECT count(*) FROM procrastinate_workers").fetchone() == (0,)
        db.execute(f"COMMENT ON TABLE procrastinate_jobs IS '{MARK}99.00.00_01_pre_something'".encode())
    with pytest.raises(CasebookError, match="made by a newer version of procrastinate"):
        bring_up_to_date(url)


def test_a_database_that_cannot_be_reached_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CasebookError, match=r"the queue's database cannot be used \(OperationalError\)"):
        bring_up_to_date(f"postgresql://postgres@/none?host={tmp_path}")
