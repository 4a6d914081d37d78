"""What is new on a case since the result that is kept: each item in words, with the rows that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from customer_escalation import promises
from customer_escalation.brief import Reporter, Result
from customer_escalation.casebook.state import State
from customer_escalation.claims import claims
from customer_escalation.evidence import Evidence, Ledger
from customer_escalation.language import one_line
from customer_escalation.policy import Policy
from customer_escalation.profile import Profile
from customer_escalation.quoting import quote, speaker
from customer_escalation.verify import Verifier
from customer_escalation.watching.look import is_new, issues_of, thread_of, tickets_of
from customer_escalation.watching.words import Word, is_staff, word_of

Kind = Literal[
    "solved", "broken", "accepts", "asks", "leaves",                  # a customer's own words
    "fixed", "fix_coming", "fix_undone", "underway", "cause",         # ours: how far the fix is, and why it was
    "no_date", "promised", "claimed", "answered",
    "status", "fix_version", "joined", "sla", "contradicted",         # what the records show
]  # fmt: skip
STEPS: Mapping[str, Kind] = {"done": "fixed", "undone": "fix_undone", "coming": "fix_coming", "underway": "underway"}
VERSION = re.compile(r"; fix version: ([^;)\n]+)")
CHECKED = (
    "brief.impact.workflow_impact", "brief.description", "brief.tried", "brief.reproduction",
    "brief.customer_communication", "brief.needed", "brief.insights",
)  # fmt: skip
COMPUTED = ("C-", "S-", "Y-", "R-")


class News(Struct, frozen=True):
    """One thing that is new; `customer` where it is one customer's, `due_at` of a promise or a clock."""

    kind: Kind
    text: str
    cites: tuple[str, ...]
    customer: str = ""
    due_at: datetime | None = None


class Before(Struct, frozen=True):
    """What was known before this look: the kept result, the rows told of since, the state, the last look."""

    result: Result
    known: Mapping[str, str]
    state: State
    looked_at: datetime


def news(before: Before, result: Result, profile: Profile, policy: Policy) -> tuple[News, ...]:
    """Everything that is new, the words of customers first."""
    rows = new_rows(before, result)
    said = [item for row in rows for item in _said(row, result, profile)]
    theirs = [item for item in said if item.kind in ("broken", "leaves", "solved", "accepts", "asks")]
    ours = [item for item in said if item not in theirs]
    found = (
        *theirs, *ours, *_tracker(before, result), *_joined(before, result),
        *_clocks(before, result, policy), *_contradicted(before, result),
    )  # fmt: skip
    return tuple(dict.fromkeys(found))


def new_rows(before: Before, result: Result) -> tuple[Evidence, ...]:
    """The messages of the case that were not there before, or read otherwise."""
    return tuple(row for row in thread_of(result) if is_new(row, before.result.evidence, before.known))


def base_of(row: Evidence) -> str:
    """The row of the ticket or issue that a message stands in."""
    return row.id.rpartition("/")[0] or row.id


def speakers(row: Evidence, result: Result) -> tuple[str, ...]:
    """The customers whose words these are, or whose ticket it is: of several on one ticket the one who speaks."""
    of_ticket = tuple(each.name for each in result.reporters if row.record in each.tickets)
    name = row.author.name if row.author else ""
    if name in of_ticket:
        return (name,)
    return of_ticket if len(of_ticket) == 1 or is_staff(row) else ()


def _said(row: Evidence, result: Result, profile: Profile) -> Iterator[News]:
    word, customers = word_of(row), speakers(row, result)
    if not is_staff(row):
        if row.origin == "stated_by_customer":
            yield from _theirs(row, word, customers[0] if customers else "")
        return
    if word.step:
        yield News(STEPS[word.step], _quoted(row, word.sentence), (row.id,))
    for cue, kind in (("cause_told", "cause"), ("no_date", "no_date"), ("heard_say", "claimed")):
        if word.says(cue):
            yield News(_kind(kind), _quoted(row, word.told[cue]), (row.id,))
    if row.public and row.category == "support_platform" and not word.automatic:
        yield from _promised(row, word, customers, profile)
        for name in customers:
            yield News("answered", f"{speaker(row)} answered {name}", (row.id,), name)


def _kind(kind: str) -> Kind:
    return "cause" if kind == "cause" else "no_date" if kind == "no_date" else "claimed"


def _theirs(row: Evidence, word: Word, customer: str) -> Iterator[News]:
    if word.verdict == "broken":
        yield News("broken", _quoted(row, word.sentence), (row.id,), customer)
    elif word.verdict == "solved":
        yield News("solved", _quoted(row, word.sentence), (row.id,), customer)
    if word.says("accepts") and word.verdict != "broken":
        yield News("accepts", _quoted(row, word.told["accepts"]), (row.id,), customer)
    if word.leaves:
        yield News("leaves", _quoted(row, word.leaves), (row.id,), customer)
    if word.asks:
        yield News("asks", _quoted(row, word.asks), (row.id,), customer)


def _promised(row: Evidence, word: Word, customers: Iterable[str], profile: Profile) -> Iterator[News]:
    due = promises.due(word.told["promise"], row.at, profile.timezone) if word.says("promise") and row.at else None
    if due is not None:
        for name in customers:
            yield News("promised", _quoted(row, word.told["promise"]), (row.id,), name, due)


def _quoted(row: Evidence, sentence: str) -> str:
    return quote(row, sentence or one_line(row.text)).text


def _tracker(before: Before, result: Result) -> Iterator[News]:
    """How the tracker's issues moved, and what the support platform says of the tickets."""
    for base in (*issues_of(result), *tickets_of(result)):
        now, then = result.evidence.get(base), before.result.evidence.get(base)
        if now is None or not is_new(now, before.result.evidence, before.known):
            continue
        status, was = str(now.fields.get("status") or ""), str(then.fields.get("status") or "") if then else ""
        if status and status.lower() != was.lower() and (then is not None or base.startswith("I-")):
            told = f"{now.record}: {was} → {status}" if was else f"{now.record} is {status}"
            yield News("status", told, (base,))
        version = fix_version(now)
        if version and version != (fix_version(then) if then else ""):
            yield News("fix_version", f"{now.record} is to be fixed in {version}", (base,))


def fix_version(issue: Evidence) -> str:
    """The version that the tracker names, from the issue's own row; empty where it names none."""
    found = VERSION.search(issue.text) if issue.id.startswith("I-") else None
    return found[1].strip() if found else ""


def _joined(before: Before, result: Result) -> Iterator[News]:
    for each in newcomers(before.state, result):
        known = each.name in before.state.customers
        cites = tuple(row for row in tickets_of(result) if result.evidence[row].record in each.tickets)
        told = f"{each.name} reports it as well" if not known else f"{each.name} reports it again"
        yield News("joined", f"{told}: {', '.join(f'ticket {ticket}' for ticket in each.tickets)}", cites, each.name)


def newcomers(state: State, result: Result) -> tuple[Reporter, ...]:
    """Customers that the case does not hold, or tickets of theirs that it holds of nobody; a change of name is none."""
    if state.status == "kept":
        return ()
    gone = [held for name, held in state.customers.items() if name not in {each.name for each in result.reporters}]
    renamed = {ticket for held in gone for ticket in held.tickets}
    anybodys = {ticket for held in state.customers.values() for ticket in held.tickets}
    found: list[Reporter] = []
    for each in result.reporters:
        held = state.customers.get(each.name)
        new = tuple(ticket for ticket in each.tickets if held is None or ticket not in anybodys)
        if new and not (held is None and set(new) <= renamed):
            found.append(Reporter(each.name, new))
    return tuple(found)


def _clocks(before: Before, result: Result, policy: Policy) -> Iterator[News]:
    for row, due, over in crossed(before.result, before.looked_at, result.now, policy):
        told = "ran out" if over else "runs out"
        yield News("sla", f"The SLA of ticket {row.record} {told} at {due.isoformat()}", (row.id,), "", due)


def crossed(
    kept: Result, looked_at: datetime, now: datetime, policy: Policy
) -> tuple[tuple[Evidence, datetime, bool], ...]:
    """SLA clocks of the case's tickets that came near or ran out since the last look."""
    near = timedelta(hours=policy.thresholds["sla_imminent_hours"])
    found: list[tuple[Evidence, datetime, bool]] = []
    for row in (kept.evidence.get(base) for base in tickets_of(kept)):
        due = row.fields.get("due_at") if row is not None else None
        if row is None or not isinstance(due, datetime):
            continue
        if looked_at < due <= now:
            found.append((row, due, True))
        elif looked_at < due - near <= now < due:
            found.append((row, due, False))
    return tuple(found)


def _contradicted(before: Before, result: Result) -> Iterator[News]:
    """Lines of the kept brief that held, whose own rows read otherwise now, and which no longer hold."""
    kept = before.result
    then, now = Verifier(kept.evidence, kept.now), Verifier(result.evidence, result.now)
    for claim in claims(kept):
        cites = claim.statement.cites
        if not claim.path.startswith(CHECKED) or not cites or any(cite.startswith(COMPUTED) for cite in cites):
            continue
        held = [cite for cite in cites if cite in result.evidence]
        if not any(_differs(cite, kept.evidence, result.evidence) for cite in held) or then.check(claim.statement):
            continue
        if len(held) == len(cites) and now.check(claim.statement):
            yield News("contradicted", f"No longer holds: {one_line(claim.statement.text, 300)}", cites)


def _differs(cite: str, kept: Ledger, new: Ledger) -> bool:
    then, now = kept.get(cite), new.get(cite)
    return then is not None and now is not None and then.sha256 != now.sha256
