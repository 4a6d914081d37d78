"""The seven steps on one page: issue → evidence → impact → decision → brief → verified → next steps."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from customer_escalation import case as cases
from customer_escalation import impact as impacts
from customer_escalation import intake
from customer_escalation.brief import Reporter, Result, Stats, Verification
from customer_escalation.case import Case
from customer_escalation.decision import decide
from customer_escalation.doubts import believed, doubts
from customer_escalation.ending import ending
from customer_escalation.findings import find
from customer_escalation.gather import gather
from customer_escalation.handling import handling as how_to_handle
from customer_escalation.insights import conflicts, insights
from customer_escalation.next_steps import offer, updates
from customer_escalation.reproduction import reproduce
from customer_escalation.settings import Setting
from customer_escalation.unknowns import notes, unknowns
from customer_escalation.verify import verify
from customer_escalation.writers import rules
from escalation_connectors.errors import ConnectorError, InputError

Report = Callable[[str, str], None]


class Request(Struct, frozen=True):
    """What a person typed, whom it is about (may be empty), and the moment from which everything is seen.

    `records` are tickets or issues that it is about beside those that the words name.
    """

    issue: str
    now: datetime
    customer: str = ""
    records: tuple[str, ...] = ()


class NothingRead(ConnectorError):  # noqa: N818 - the outcome, as the command line's exit status 3 names it
    """No source could be read at all."""

    advice = "check the connection of the sources"


def quiet(step: str, detail: str) -> None:
    """Report progress to nobody."""
    del step, detail


async def escalate(request: Request, setting: Setting, report: Report = quiet) -> Result:
    """Read the sources and make a verified result with the rules alone. Raises InputError and NothingRead."""
    started = time.monotonic()
    if not request.issue.strip():
        raise InputError("ISSUE: is empty; say in a few words what is wrong and for whom")
    understood = intake.understand(request.issue, request.customer)
    understood = replace(understood, records=(*request.records, *understood.records))
    window = setting.policy.thresholds["pattern_window_days"]
    gathered = await gather(understood, setting.sources, request.now, window, setting.deadline_s, report)
    reports = gathered.reader.reports()
    if not any(source.status in {"ok", "empty"} for source in reports):
        raise NothingRead(
            "sources", "none could be read: " + "; ".join(f"{s.category}: {s.error or s.status}" for s in reports)
        )
    case = cases.build(understood, gathered, setting.policy, setting.profile, request.now)
    report("assess", f"{len(case.tickets)} tickets tell of it")
    result = _conclude(case, request, setting)
    report("verify", f"{result.verification.supported} of {result.verification.statements} statements supported")
    wall = int((time.monotonic() - started) * 1000)
    return replace(result, stats=Stats(wall_ms=wall))


def _conclude(case: Case, request: Request, setting: Setting) -> Result:
    """Steps 3 to 7 on a gathered case."""
    impact = impacts.assess(case)
    end = ending(case)
    found = find(case, impact, end)
    against = doubts(case, impact, found)
    verdict = decide(case.policy, case.ledger, found, against)
    found = believed(found, against)
    reproduction, swapped = reproduce(case, is_defect="defect_reported" in found and verdict.decision == "escalate")
    brief = rules.write(case, impact, verdict, found, reproduction, insights(case, impact))
    handling = how_to_handle(case, found, end) if verdict.decision == "handle_in_support" else None
    told = updates(case, verdict, brief, handling, settled=bool(end.settled_by))
    result = Result(
        issue=case.ledger["R-0"].text,
        customer=_customer(case),
        now=request.now,
        planner="rules",
        model=None,
        decision=verdict.decision,
        reasons=verdict.reasons,
        severity=verdict.severity,
        target=verdict.target,
        also_inform=verdict.also_inform,
        brief=brief,
        handling=handling,
        unknown=unknowns(case, impact, brief, verdict),
        conflicts=(*swapped, *conflicts(case)),
        evidence=case.ledger,
        verification=Verification(0, 0),
        next_steps=offer(case, verdict, brief, handling, settled=bool(end.settled_by)),
        sources=case.gathered.reader.reports(),
        notes=notes(case, setting),
        reporters=tuple(Reporter(c.name, c.tickets, told.get(c.tickets[0], "")) for c in case.customers),
    )
    return replace(result, verification=verify(result))


def _customer(case: Case) -> str | None:
    """The customer the words named, or the one whom the only ticket is about."""
    account = case.gathered.match.account
    if account is not None:
        return impacts.safe_name(case, account)
    named = [customer.name for customer in case.customers if not customer.unnamed]
    return named[0] if len(named) == 1 else None
