"""One look at a case on its clock: read again, tell what is new, say what to do about it, keep the newer result.

Nothing here writes to a source. Into the trail goes what is sure and forgets nobody: the look itself, one more customer
with the problem, a promised time, an answer that a customer got. Everything else is suggested to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from customer_escalation import promises, rows
from customer_escalation.brief import Result
from customer_escalation.casebook.events import Event, Value
from customer_escalation.casebook.sla import sla_of
from customer_escalation.casebook.state import Affected, sla_times
from customer_escalation.casebook.store import Case, Casebook
from customer_escalation.evidence import Evidence
from customer_escalation.language import one_line
from customer_escalation.settings import Setting
from customer_escalation.watching.look import is_new, issues_of, look, thread_of, tickets_of
from customer_escalation.watching.news import Before, News, crossed, new_rows, newcomers, news
from customer_escalation.watching.standing import standing
from customer_escalation.watching.suggesting import Facts, Suggestion, suggest
from customer_escalation.workflow import NothingRead, Request, escalate

THREADS = ("support_platform", "project_tracker")
READ = ("ok", "empty")
LONGEST = 1_000  # of what a look tells in the trail; the news themselves stand beside it


class Seen(Struct, frozen=True):
    """What a look found: nothing new, or what is new and what it suggests. `failed` names sources that were not read.

    `requests` counts the calls of the cheap look; `revision` is the case's, one higher where a newer result is kept.
    """

    case_id: str
    at: datetime
    requests: int
    revision: int
    news: tuple[News, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    failed: tuple[str, ...] = ()
    read_again: bool = False


async def watch(casebook: Casebook, case_id: str, setting: Setting, *, actor: str, now: datetime) -> Seen:
    """Look at the case once and record it. Raises UnknownCase; CasebookError where somebody else changed it."""
    case, events = casebook.get(case_id), casebook.events(case_id)
    trail = _Trail(case, events)
    before = Before(case.result, trail.known, casebook.state(case_id), trail.looked_at)
    found = await look(case.result, trail.known, setting, trail.looked_at)
    seen = Seen(case.id, now, found.requests, case.revision, failed=found.failed)
    due = crossed(case.result, trail.looked_at, now, setting.policy)
    if not (found.changed or due or trail.unfinished):
        return _note(casebook, seen, actor, ())
    try:
        result = await escalate(_request(case, now), setting)
    except NothingRead as error:
        return _note(casebook, replace(seen, failed=(str(error),)), actor, ())
    missing = _missing(case.result, result)
    seen = replace(seen, failed=(*found.failed, *missing), read_again=True)
    if any(each.startswith(THREADS) for each in missing) or not _is_the_same(case.result, result):
        return _note(casebook, seen, actor, ())
    told = new_rows(before, result)
    late = trail.rows | {row.id for row in told}
    facts = Facts(
        state=before.state, kept=case.result, result=result, policy=setting.policy,
        standing=standing(result, (row for row in thread_of(result) if row.id in late), before.state),
        newcomers=tuple((each.name, _rows_of(result, each.tickets)) for each in newcomers(before.state, result)),
    )  # fmt: skip
    seen = replace(seen, news=news(before, result, setting.profile, setting.policy), suggestions=suggest(facts))
    with casebook.database.together():  # what is noted as seen is never told again, so all of it is kept, or nothing
        _heard(casebook, seen, before, actor)
        _note(casebook, seen, actor, _changed(before, result))
        _record(casebook, case.id, seen, before, result, actor)
        return seen if missing else _keep(casebook, case, result, seen, actor)


class _Trail:
    """What the events tell of earlier looks: when, which rows they told of, which came since the case was opened."""

    def __init__(self, case: Case, events: Iterable[Event]) -> None:
        self.looked_at, self.known, self.rows = case.result.now, dict[str, str](), set[str]()
        self.unfinished = False
        for event in events:
            if event.kind in ("opened", "re_escalated"):
                self.rows.clear()
            elif event.kind == "seen":
                self._look(event)

    def _look(self, event: Event) -> None:
        failed = bool(event.data.get("failed"))
        self.unfinished = failed and bool(event.data.get("read_again"))
        self.looked_at = self.looked_at if failed else max(self.looked_at, event.at)
        told = cast("Mapping[str, str]", event.data.get("rows") or {})
        self.known.update(told)
        self.rows.update(told)


def _request(case: Case, now: datetime) -> Request:
    """The same question; the ticket that was meant the first time is meant again."""
    meant = next((case.result.evidence[row].record for row in tickets_of(case.result)), "")
    return Request(case.issue, now, case.customer, (meant,) if meant else ())


def _is_the_same(kept: Result, result: Result) -> bool:
    """Whether the newer result still tells of a ticket of the kept one; else the sources lead elsewhere today."""
    return not tickets_of(kept) or bool(set(tickets_of(kept)) & set(tickets_of(result)))


def _missing(kept: Result, result: Result) -> tuple[str, ...]:
    """Sources that were read for the kept result and not now: what they held must not look as if it were gone."""
    had = {source.category for source in kept.sources if source.status in READ}
    return tuple(
        f"{source.category}: {source.error or source.status}"
        for source in result.sources
        if source.category in had and source.status not in READ
    )


def _changed(before: Before, result: Result) -> tuple[Evidence, ...]:
    """The rows of the case that read otherwise than before."""
    own = [row for row in result.evidence if row.id in {*tickets_of(result), *issues_of(result)}]
    return tuple(row for row in (*own, *thread_of(result)) if is_new(row, before.result.evidence, before.known))


def _rows_of(result: Result, tickets: Iterable[str]) -> tuple[str, ...]:
    wanted = set(tickets)
    return tuple(row for row in tickets_of(result) if result.evidence[row].record in wanted)


def _note(casebook: Casebook, seen: Seen, actor: str, changed: Iterable[Evidence]) -> Seen:
    data: dict[str, Value] = {"requests": seen.requests}
    if seen.failed:
        data["failed"] = list(seen.failed)
    if seen.read_again:
        data["read_again"] = True
        data["rows"] = {row.id: row.sha256 for row in changed}
        data["news"] = [
            {"kind": each.kind, "text": each.text, "cites": list(each.cites), "customer": each.customer}
            for each in seen.news
        ]
        data["suggestions"] = [
            {
                "kind": each.kind,
                "to": each.to,
                "condition": each.condition,
                "text": each.text,
                "cites": list(each.cites),
            }
            for each in seen.suggestions
        ]
    why = one_line("; ".join(each.text for each in seen.news), LONGEST)
    casebook.record(seen.case_id, "seen", actor=actor, at=seen.at, why=why, data=data)
    return seen


def _heard(casebook: Casebook, seen: Seen, before: Before, actor: str) -> None:
    """The tracker's news are an answer of the receiving team; noted first, so that what comes with them is new."""
    told = any(each.kind in ("status", "fix_version") and each.cites[0].startswith("I-") for each in seen.news)
    if told and before.state.status != "kept":
        casebook.record(seen.case_id, "checked", actor=actor, at=seen.at, why="the tracker has news of it")


def _record(casebook: Casebook, case_id: str, seen: Seen, before: Before, result: Result, actor: str) -> None:
    """What is sure, and what the next reminder has to know."""
    if before.state.status == "kept":
        return
    for each in newcomers(before.state, result):
        data: dict[str, Value] = {
            "customer": each.name,
            "tickets": list(each.tickets),
            "sla": sla_of(result, each.tickets),
        }
        casebook.record(case_id, "joined", actor=actor, at=seen.at, data=data)
    customers = casebook.state(case_id).customers
    for customer in customers.values():
        now = _sla_now(customer, result)
        if now is not None and now != customer.sla:
            said: dict[str, Value] = {"customer": customer.name, "sla": [at.isoformat() for at in now]}
            casebook.record(case_id, "sla", actor=actor, at=seen.at, why="the sources say so now", data=said)
    for item in seen.news:
        row = result.evidence[item.cites[0]]
        if item.kind == "promised" and item.due_at is not None and item.customer in customers:
            of = "update" if promises.is_of_update(item.text) else "deed"
            promise: dict[str, Value] = {
                "to": item.customer,
                "due_at": item.due_at.isoformat(),
                "of": of,
                "said_at": (row.at or seen.at).isoformat(),
                "cites": list(item.cites),
            }
            casebook.record(case_id, "promised", actor=actor, at=seen.at, why=item.text, data=promise)
        elif item.kind == "answered" and item.customer in customers and before.state.settled_at is None:
            told: dict[str, Value] = {"customer": item.customer, "cites": list(item.cites)}
            casebook.record(case_id, "told", actor=actor, at=row.at or seen.at, why=item.text, data=told)


def _sla_now(customer: Affected, result: Result) -> tuple[datetime, ...] | None:
    """When the SLAs of a customer's tickets fall due by this result; None where it does not hold all of the tickets."""
    held = [rows.evidence_id("ticket", ticket) in result.evidence for ticket in customer.tickets]
    if not held or not all(held):
        return None
    return sla_times({"sla": sla_of(result, customer.tickets)}, (), None)


def _keep(casebook: Casebook, case: Case, result: Result, seen: Seen, actor: str) -> Seen:
    casebook.change(case, result)
    revision = case.revision + 1
    casebook.record(case.id, "revised", actor=actor, at=seen.at, data={"revision": revision})
    return replace(seen, revision=revision)
