"""Step 6 without a model: the brief from what the records say, in their own words, each line with its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from msgspec.structs import replace

from customer_escalation import effects, rows
from customer_escalation.brief import (
    NOT_RECORDED,
    Ask,
    CustomerCommunication,
    Deadline,
    EscalationBrief,
    Impact,
    Need,
    Ref,
    Reproduction,
    Statement,
    Supporting,
)
from customer_escalation.case import Case, talk
from customer_escalation.decision import Verdict
from customer_escalation.evidence import Evidence
from customer_escalation.impact import Assessment, row_of
from customer_escalation.language import heard, one_line
from customer_escalation.material import Found
from customer_escalation.prose import LOGGED
from customer_escalation.quoting import QUOTE, quote, speaker
from customer_escalation.related import is_done
from customer_escalation.signals import cues_of, spoken
from customer_escalation.troubleshooting import tried
from customer_escalation.workdays import follow_up
from escalation_connectors.records import Ticket

TROUBLE = {"error", "server_fault", "down", "data_loss", "data_incomplete", "security", "core_function", "feature"}
RATIO = re.compile(r"\b\d[\d,]* (?:of|out of) (?:the )?[\d,]+|\b\d+(?:\.\d+)? ?%")


def write(
    case: Case,
    impact: Assessment,
    verdict: Verdict,
    found: Found,
    reproduction: Reproduction | None,
    insights: tuple[Statement, ...],
) -> EscalationBrief:
    """The whole brief."""
    return EscalationBrief(
        title=_title(case),
        reported_by=case.profile.signature or NOT_RECORDED,
        date=case.now.astimezone(case.profile.timezone).date().isoformat(),
        impact=Impact(
            customers_affected=impact.customers,
            workflow_impact=_workflow_impact(case),
            revenue_at_risk=impact.revenue,
            time_in_queue=impact.queue,
            depth=effects.depth(case, found),
            more=(*effects.began(case), *impact.reputation, *impact.contract),
        ),
        description=tuple(_description(case)),
        tried=tuple(tried(case)),
        reproduction=reproduction,
        customer_communication=_communication(case),
        needed=tuple(_needed(case, verdict, found)) if verdict.decision == "escalate" else (),
        deadline=_deadline(case, verdict),
        supporting=_supporting(case),
        insights=insights,
    )


def _title(case: Case) -> Statement:
    row_id = case.ticket_row(case.primary) if case.primary else "R-0"
    named = [customer for customer in case.customers if not customer.unnamed]
    shown = ", ".join(customer.name for customer in named[:3])
    who = f" ({shown}{' and others' if len(named) > 3 else ''})" if named else ""
    cites = [row_of(case, customer) for customer in named[:3]]
    about = f"“{case.about}”" if "?" in case.about else case.about
    return Statement(f"{about}{who}", tuple(dict.fromkeys((row_id, *cites))), "observed")


def _spoken(
    case: Case, cues: set[str], origins: tuple[str, ...], *, newest: bool = False
) -> tuple[Evidence, str] | None:
    """The sentence that carries most of these cues, from rows of these origins; the first or the newest of equals."""
    best: tuple[int, int, Evidence, str] | None = None
    own = case.comments(case.primary) if case.primary else ()
    for number, row in enumerate(
        (*(r for r in case.thread_rows() if r not in own), *own) if newest else (*own, *case.thread_rows())
    ):
        if row.origin not in origins:
            continue
        for sentence in spoken(row.text):
            known = cues_of(sentence) & cues
            score = 0 if LOGGED.search(sentence) else len(known) + 2 * ("security" in known)
            order = number if newest else -number
            if score and len(sentence) > 15 and (best is None or (score, order) > best[:2]):
                best = (score, order, row, sentence)
    return (best[2], best[3]) if best else None


def _workflow_impact(case: Case) -> Statement:
    """What it does to the customers' work; where nobody tells of that, the sentence that says most of the trouble."""
    told = effects.effect(case)
    if told is not None:
        return told
    cues = TROUBLE | {"blocked", "billing", "slow"}
    for origins in (("stated_by_customer",), ("stated_by_staff",)):
        found = _spoken(case, cues, origins)
        if found is not None:
            return quote(*found)
    first = next((row for row in case.thread_rows() if row.text.strip()), None)
    if first is not None:
        return quote(first, next(iter(spoken(first.text)), heard(first.text)))
    return Statement(f"As typed: “{one_line(case.ledger['R-0'].text, QUOTE)}”", ("R-0",))


def _description(case: Case) -> Iterator[Statement]:
    """Three to five sentences: what is broken, how much, what we found, how it stands now, where it is tracked."""
    thread = case.thread_rows()
    opening = next((row for row in thread if heard(row.text).strip()), None)
    chosen = [quote(opening, _lead(opening))] if opening is not None else []
    customer, staff = ("stated_by_customer",), ("stated_by_staff",)
    wanted = (
        _counted(case),
        _spoken(case, TROUBLE, (*customer, *staff)),
        _cause(case),
        _spoken(case, {"confirmed", "regression", "infrastructure"}, staff),
        _spoken(case, {"solution_failed", "error", "no_answer", "deadline", "solved"}, customer, newest=True),
    )
    chosen += [quote(*found) for found in wanted if found is not None]
    chosen = list(dict.fromkeys(chosen))[: 4 if case.issues else 5]
    chosen += [_tracked(case, issue.key) for issue in case.issues[:1]]
    rest = (quote(row, sentence) for row in thread for sentence in spoken(row.text) if len(sentence) > 20)
    for statement in rest:
        if len(chosen) < 3 and statement not in chosen:
            chosen.append(statement)
    yield from chosen or [Statement(f"As typed: “{one_line(case.ledger['R-0'].text, QUOTE)}”", ("R-0",))]


def _counted(case: Case) -> tuple[Evidence, str] | None:
    """The newest sentence of a customer that puts a figure on the failures."""
    for row in reversed(case.thread_rows()):
        for sentence in spoken(row.text):
            if (
                row.origin == "stated_by_customer"
                and RATIO.search(sentence)
                and cues_of(sentence) & {"blocked", "error", "data_incomplete"}
            ):
                return row, sentence
    return None


def _cause(case: Case) -> tuple[Evidence, str] | None:
    """The newest sentence in which an engineer names a cause or a guess at one."""
    for row in reversed(talk(case)):
        by_engineer = row.author is not None and row.author.role == "engineer"
        for sentence in spoken(row.text):
            if by_engineer and "cause" in cues_of(sentence) and len(sentence) > 40:
                return row, sentence
    return None


def _lead(row: Evidence) -> str:
    """The opening sentence that says most; greetings are passed over."""
    known = [s for s in spoken(row.text) if len(s) > 25]
    return next((s for s in known if cues_of(s) - {"maybe", "question"}), known[0] if known else heard(row.text))


def _tracked(case: Case, key: str) -> Statement:
    row_id = rows.evidence_id("issue", key)
    status = case.ledger[row_id].fields.get("status") or "not recorded"
    return Statement(
        f"The tracker has it as {key}, “{heard(case.ledger[row_id].title)}”; its status is {status}", (row_id,)
    )


def _communication(case: Case) -> CustomerCommunication:
    public = [r for r in case.thread_rows() if r.public and r.origin == "stated_by_staff"]
    last = None
    if public and public[-1].at is not None:
        row = public[-1]
        text = f"{speaker(row)} wrote on {rows.stamp(row.at)}: “{one_line(heard(row.text), QUOTE)}”"
        last = Statement(text, (row.id,), "stated_by_staff")
    elif case.tickets:
        coverage = case.ledger["S-case"]
        if coverage.complete:
            last = Statement("No public answer to the customer is on record", (coverage.id,), "absence")
    expects = _spoken(case, {"deadline"}, ("stated_by_customer",), newest=True) or _spoken(
        case, {"question", "feature", "refund"}, ("stated_by_customer",), newest=True
    )
    risk = _spoken(case, {"churn", "legal", "public", "executive", "no_answer"}, ("stated_by_customer",), newest=True)
    risk = risk or _spoken(case, {"churn", "legal", "public", "executive"}, ("stated_by_staff",), newest=True)
    return CustomerCommunication(last, quote(*expects) if expects else None, quote(*risk) if risk else None)


ASKS: dict[str, tuple[tuple[Ask, str], ...]] = {
    "engineering": (
        ("investigate", "Find the root cause"),
        ("fix", "Fix it, or give a mitigation that unblocks the customer"),
    ),
    "l2_support": (("investigate", "Diagnose it further and say whether it is a defect"),),
    "product": (
        ("decide", "Decide whether and how the gap will be closed"),
        ("prioritize", "Say what the customer may be told"),
    ),
    "security": (
        ("contain", "Contain it now"),
        ("investigate", "Establish what was exposed, to whom, and since when"),
    ),
    "leadership": (
        ("decide", "Decide what we offer this customer, and who speaks with them"),
        ("approve", "Approve an exception to policy where one is needed"),
    ),
}


def _needed(case: Case, verdict: Verdict, found: Found) -> Iterator[Need]:
    row_id = case.ticket_row(case.primary) if case.primary else "R-0"
    about = f": “{case.about}”"
    asks = ASKS[verdict.target or "engineering"]
    tracked = found.get("tracked_defect")
    for number, (ask, text) in enumerate(asks):
        yield Need(ask, text + (about if number == 0 else ""), (row_id,))
    if tracked is not None and verdict.target == "engineering":
        key = case.ledger[tracked.cites[0]].record
        yield Need("prioritize", f"Carry {key} to its end and say when", (tracked.cites[0],))


def _deadline(case: Case, verdict: Verdict) -> Deadline | None:
    """The next SLA clock; else the next customer update by the cadence of the severity."""
    due = sorted(
        (t.sla.due_at, t.id)
        for t in case.tickets
        if t.sla and t.sla.due_at and t.sla.due_at >= case.now and not is_done(t)
    )
    if due:
        ticket = next(t for t in case.tickets if t.id == due[0][1])
        row = case.ticket_row(ticket)
        name = case.ledger[row].text and ticket.sla.name if ticket.sla else ""
        return Deadline(
            due[0][0], f"The SLA of ticket {ticket.id} runs out{f' ({heard(name)})' if name else ''}", (row,)
        )
    if verdict.severity is None:
        return None
    cadence = case.policy.cadence[verdict.severity]
    due_in = follow_up(cadence, case.now, case.profile)
    policy = rows.cadence_row(cadence, verdict.severity, due_in)
    case.ledger.add(policy)
    at = case.now + timedelta(hours=due_in.customer_hours)
    figure = case.ledger.compute(
        f"The next customer update is due at {rows.stamp(at)}",
        f"add_hours(now, [{policy.id}].customer_hours)",
        (policy.id,),
        at,
    )
    return Deadline(at, f"The policy's cadence: {policy.text}", (figure, policy.id))


def _supporting(case: Case) -> Supporting:
    threads: dict[tuple[str, str], list[str]] = {}
    for message in case.messages:
        threads.setdefault((message.channel, message.thread or message.id), []).append(
            rows.evidence_id("message", message.id)
        )
    family = case.gathered.family
    return Supporting(
        tickets=tuple(case.reference(case.ticket_row(t), _thread(case, t)) for t in case.tickets)
        + (*_beside(case, family.earlier, "earlier"), *_beside(case, family.other_cause, "another cause"))[:5],
        discussions=tuple(
            Ref(cites[0], heard(case.ledger[cites[0]].title), case.ledger[cites[0]].url or None, tuple(cites))
            for cites in threads.values()
        ),
        issues=tuple(
            case.reference(rows.evidence_id("issue", i.key), tuple(_issue_rows(case, i.key))) for i in case.issues
        ),
        articles=tuple(case.reference(rows.evidence_id("article", a.id)) for a in case.articles[:5]),
    )


def _beside(case: Case, tickets: Iterable[Ticket], note: str) -> list[Ref]:
    """Tickets that only resemble the case, each with how it stands to it."""
    return [replace(case.reference(case.ticket_row(ticket)), note=note) for ticket in tickets]


def _thread(case: Case, ticket: Ticket) -> tuple[str, ...]:
    return tuple(row.id for row in case.comments(ticket))


def _issue_rows(case: Case, key: str) -> Iterable[str]:
    base = rows.evidence_id("issue", key)
    return (row.id for row in case.ledger if row.id.startswith(f"{base}/"))
