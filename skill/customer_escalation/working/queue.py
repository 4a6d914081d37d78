"""The same work shared by many processes: procrastinate carries it as jobs, in the casebook's PostgreSQL.

One of the workers asks every few seconds what is to be done and queues it; a job whose worker sends no heartbeat any
more goes to another one. Nothing here makes sure that a thing happens once: the claims in the casebook do.
https://procrastinate.readthedocs.io/en/stable/howto/production/retry_stalled_jobs.html
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from msgspec import Struct
from procrastinate import App, PsycopgConnector
from procrastinate.app import WorkerOptions
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.types import JSONDict
from sqlalchemy import text

from customer_escalation.casebook.errors import CasebookError
from customer_escalation.working.queue_schema import LOCK, bring_up_to_date, plain
from customer_escalation.working.tasks import Kind, Task, carry, ready
from customer_escalation.working.worker import Worker

PRIORITY: dict[Kind, int] = {"deliver": 20, "remind": 10, "look": 0}
PLAN, CARRY = "plan", "carry"
FIRST = 100  # the priority of planning
AGAIN_S = 5.0


class Pace(Struct, frozen=True):
    """How often is planned and how soon a silent worker counts as dead, in seconds; jobs at once in one process.

    So many waiting jobs as `full` says are enough to be going on with: then only deliveries are queued besides.
    """

    plan_s: int = 5
    heartbeat_s: float = 5.0
    dead_after_s: float = 30.0
    grace_s: float = 20.0
    at_once: int = 4
    full: int = 1_000


class Queue:
    """The queue of one workspace, as one worker uses it."""

    def __init__(self, worker: Worker, url: str, pace: Pace | None = None) -> None:
        self.worker, self.url, self.pace = worker, plain(url), pace or Pace()
        self.name = f"escalation {worker.setting.name[:100]}"
        self.done = 0
        for library in ("procrastinate", "psycopg"):  # the worker says itself what went wrong
            logging.getLogger(library).addHandler(logging.NullHandler())
        connector = PsycopgConnector(conninfo=self.url, min_size=1, max_size=self.pace.at_once + 2)
        self.app = App(connector=connector)
        self._tell_tasks()

    async def work(self, stop: asyncio.Event) -> None:
        """Work until `stop`; where the database went away, again when it is back."""
        while not stop.is_set():
            try:
                await self._until(stop)
            except (CasebookError, ConnectorException) as error:
                self.worker.say(str(error) if isinstance(error, CasebookError) else "the queue cannot be reached")
            if not stop.is_set():
                self.worker.say(f"working again in {AGAIN_S:.0f} s")
                with suppress(TimeoutError):
                    async with asyncio.timeout(AGAIN_S):
                        await stop.wait()

    async def once(self) -> int:
        """Queue what is due and carry what is queued; gives how many things were done. Raises CasebookError."""
        bring_up_to_date(self.url)
        async with self.app.open_async():
            await self.plan()
            await self.app.run_worker_async(**(self._options() | {"wait": False}))
        return self.done

    async def plan(self) -> None:
        """Queue what is to be done and is not queued; give the jobs of dead workers to others.

        One worker plans at a time: of two, the second would take away again what the first has given.
        """
        with self.worker.casebook.database.writing() as db:
            if not db.execute(text("SELECT pg_try_advisory_xact_lock(:one, hashtext(:name))"), self._planning).scalar():
                return
            await self._recover()
            if await self._waiting() >= self.pace.full:
                await self._defer_each(await asyncio.to_thread(ready, self.worker, ("deliver",)))
                return
            known = await self._queued("todo") | await self._queued("doing")
            found = await asyncio.to_thread(ready, self.worker)  # heartbeats go on meanwhile
            await self._defer([task for task in found if task.key not in known])

    async def _until(self, stop: asyncio.Event) -> None:
        bring_up_to_date(self.url)
        async with self.app.open_async():
            with suppress(AlreadyEnqueued):
                await self.app.configure_task(
                    PLAN, queue=self.name, queueing_lock=self._plan_lock, priority=FIRST
                ).defer_async(timestamp=0)
            working = asyncio.ensure_future(self.app.run_worker_async(**self._options()))
            waiting = asyncio.ensure_future(stop.wait())
            try:
                await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                waiting.cancel()
                working.cancel()  # which lets it end what it has begun
                with suppress(asyncio.CancelledError):
                    await working

    @property
    def _planning(self) -> dict[str, object]:
        return {"one": LOCK, "name": self.name}

    @property
    def _plan_lock(self) -> str:
        return f"plan {self.name}"

    def _options(self) -> WorkerOptions:
        pace = self.pace
        return WorkerOptions(
            queues=[self.name],
            name=self.worker.name,
            concurrency=pace.at_once,
            install_signal_handlers=False,
            delete_jobs="always",
            update_heartbeat_interval=pace.heartbeat_s,
            stalled_worker_timeout=pace.dead_after_s,
            shutdown_graceful_timeout=pace.grace_s,
        )

    def _tell_tasks(self) -> None:
        async def plan(timestamp: int) -> None:
            try:
                await self.plan()
            except CasebookError as error:
                self.worker.say(str(error))

        async def carry_out(kind: Kind, key: str, arguments: dict[str, str | int]) -> None:
            self.done += await carry(self.worker, Task(kind, key, arguments))

        self.app.task(name=CARRY, queue=self.name)(carry_out)
        planning = self.app.task(name=PLAN, queue=self.name, queueing_lock=self._plan_lock, priority=FIRST)(plan)
        self.app.periodic(cron=f"* * * * * */{self.pace.plan_s}", periodic_id=self.name)(planning)

    async def _queued(self, status: str) -> set[str]:
        jobs = await self.app.job_manager.list_jobs_async(queue=self.name, task=CARRY, status=status)
        return {job.queueing_lock for job in jobs if job.queueing_lock}

    async def _waiting(self) -> int:
        return sum(each["todo"] for each in await self.app.job_manager.list_queues_async(queue=self.name))

    async def _defer(self, tasks: Sequence[Task]) -> None:
        if not tasks:
            return
        try:
            await self.app.job_manager.batch_defer_jobs_async([self._job(task) for task in tasks])
        except AlreadyEnqueued:  # somebody queued one of them meanwhile
            await self._defer_each(tasks)

    async def _defer_each(self, tasks: Sequence[Task]) -> None:
        for task in tasks:
            with suppress(AlreadyEnqueued):
                await self.app.job_manager.defer_job_async(self._job(task))

    def _job(self, task: Task) -> Job:
        arguments: JSONDict = {"kind": task.kind, "key": task.key, "arguments": dict(task.arguments)}
        return Job(queue=self.name, lock=None, queueing_lock=task.key, task_name=CARRY,
                   task_kwargs=arguments, priority=PRIORITY[task.kind])  # fmt: skip

    async def _recover(self) -> None:
        """Give what a dead worker had begun to others; whoever is second finds that it was given."""
        manager = self.app.job_manager
        for job in await manager.get_stalled_jobs(queue=self.name, seconds_since_heartbeat=self.pace.dead_after_s):
            with suppress(ConnectorException):
                try:
                    await manager.retry_job(job)
                except UniqueViolation:  # it was queued anew
                    await manager.finish_job(job, status=Status.FAILED, delete_job=True)
