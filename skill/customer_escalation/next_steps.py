"""Step 7, offers: each a ready proposal with its destination and its whole text. Nothing is sent from here.

Destinations come from the company profile, never from text that was read. The customer's draft promises no date that no
source gives and reveals nothing internal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from customer_escalation import replies, rows
from customer_escalation.brief import EscalationBrief, Handling, NextStep, Severity, Target
from customer_escalation.case import Case
from customer_escalation.decision import Verdict
from customer_escalation.language import heard
from customer_escalation.moments import moment
from customer_escalation.policy import Cadence, Tier
from customer_escalation.profile import Team
from customer_escalation.standing import standing
from customer_escalation.workdays import follow_up
from escalation_connectors.records import Ticket

NOT_SET = "(no destination configured)"
REVOKING = "Ask the customer to revoke the secret that was pasted"


def offer(
    case: Case, verdict: Verdict, brief: EscalationBrief, handling: Handling | None, *, settled: bool = False
) -> tuple[NextStep, ...]:
    """The four offers of the skill, and what the case calls for, numbered; `settled` where nothing is left to solve."""
    found = [
        *_escalation(case, verdict, brief),
        *(_customer(case, verdict, brief) if verdict.decision == "escalate" else ()),
        *(_answer(case, brief, handling, settled) if verdict.decision != "escalate" else ()),
        *_housekeeping(case, verdict, brief),
    ]
    return tuple(
        NextStep(f"n{number}", step.kind, step.title, step.destination, step.preview, step.offer)
        for number, step in enumerate(found, 1)
    )


def updates(
    case: Case, verdict: Verdict, brief: EscalationBrief, handling: Handling | None, *, settled: bool = False
) -> dict[str, str]:
    """For each ticket of the problem what its own customer is told."""
    return {
        ticket.id: replies.interim(verdict, brief, standing(case, verdict.severity, ticket))
        if verdict.decision == "escalate"
        else replies.answer(case, brief, handling, standing(case, None, ticket), settled=settled)
        for ticket in case.tickets
    }


def team_for(case: Case, target: Target) -> tuple[str, Team]:
    """The team's name and where its work arrives; a product area refines it where its keywords stand in the ticket."""
    area = next((a for a in case.profile.areas.get(target, ()) if _is_about(case, a.keywords)), None)
    whole = case.profile.teams.get(target, Team())
    tier: Tier = next(t for t in case.policy.tiers if t.id == target)
    if area is None:
        return tier.name, whole
    team = Team(
        area.team.channel or whole.channel,
        area.team.tracker_project or whole.tracker_project,
        area.team.owners or whole.owners,
    )
    return f"{tier.name} ({area.name})", team


def _is_about(case: Case, keywords: tuple[str, ...]) -> bool:
    subject = f"{case.understood.text} {heard(case.primary.subject) if case.primary else ''}".lower()
    return any(keyword in subject for keyword in keywords)


def _escalation(case: Case, verdict: Verdict, brief: EscalationBrief) -> Iterator[NextStep]:
    if verdict.target is None:
        return
    name, team = team_for(case, verdict.target)
    yield NextStep("", "post_to_chat", f"Post the brief in the channel of {name}", team.channel or NOT_SET,
                   _chat_post(verdict, brief), "Shall I post this in the target team's channel?")  # fmt: skip
    for target in verdict.also_inform:
        other, its_team = team_for(case, target)
        yield NextStep("", "inform_team", f"Inform {other}", its_team.channel or NOT_SET, _chat_post(verdict, brief))
    if verdict.target == "engineering" and not case.issues:
        yield NextStep("", "file_issue", "File a tracker issue", team.tracker_project or NOT_SET, _issue_text(brief))
    for issue in case.issues[:1]:
        new = [
            t.id
            for t in case.tickets
            if t.id not in issue.links and t.id not in case.ledger[rows.evidence_id("issue", issue.key)].text
        ]
        if new and issue.resolved_at is None:
            yield NextStep("", "link_ticket", f"Add the missing reports to {issue.key}", issue.key,
                           f"Further reports of this problem: {', '.join(f'ticket {t}' for t in new)}.")  # fmt: skip


def _place(ticket: Ticket | None) -> str:
    return f"ticket {ticket.id}" if ticket else NOT_SET


def _customer(case: Case, verdict: Verdict, brief: EscalationBrief) -> Iterator[NextStep]:
    ticket, known = _place(case.primary), standing(case, verdict.severity, case.primary)
    yield NextStep("", "reply_to_customer", "Send the customer an interim response", ticket,
                   replies.interim(verdict, brief, known),
                   "Shall I update the customer with an interim response?")  # fmt: skip
    if verdict.severity is not None:
        cadence = case.policy.cadence[verdict.severity]
        yield _reminder(case, verdict.severity, cadence)
    yield NextStep("", "draft_update", "Draft of a customer-facing status update", ticket,
                   replies.status(verdict, brief, known),
                   "Shall I draft a customer-facing update with the current status?")  # fmt: skip


def _answer(case: Case, brief: EscalationBrief, handling: Handling | None, settled: bool) -> Iterator[NextStep]:
    """One offer where support answers itself: a status beside the answer would say nothing more."""
    text = replies.answer(case, brief, handling, standing(case, None, case.primary), settled=settled)
    yield NextStep("", "reply_to_customer", "Answer the customer", _place(case.primary), text,
                   "Shall I answer the customer with this?")  # fmt: skip


def _reminder(case: Case, severity: Severity, cadence: Cadence) -> NextStep:
    due_in = follow_up(cadence, case.now, case.profile)
    row = rows.cadence_row(cadence, severity, due_in)
    case.ledger.add(row)
    due = case.now + timedelta(hours=due_in.internal_hours)
    at, shown = rows.stamp(due), moment(due)
    formula = f"add_hours(now, [{row.id}].internal_hours)"
    case.ledger.compute(f"The next internal follow-up is due at {at}", formula, (row.id,), at)
    rhythm = f"Internal follow-up: {cadence.internal}; customer update: {cadence.customer}."
    return NextStep(
        id="",
        kind="schedule_follow_up",
        title=f"Remind me to check on this at {shown}",
        destination=case.profile.reporter or "you",
        preview=f"{at}: Check with the receiving team. {rhythm}",  # the casebook reads the time in front
        offer="Shall I set a reminder to check on this?",
    )


def _housekeeping(case: Case, verdict: Verdict, brief: EscalationBrief) -> Iterator[NextStep]:
    ticket = _place(case.primary)
    if verdict.decision == "escalate":
        team, _ = team_for(case, verdict.target or "l2_support")
        note = f"Escalated to {team}, severity {verdict.severity}: {brief.title.text}"
        yield NextStep("", "internal_note", "Note the escalation on the ticket", ticket, note)
    missing = brief.reproduction.missing if brief.reproduction is not None else ()
    if missing and verdict.decision == "escalate" and _helps_to_ask(case, verdict):
        known = standing(case, verdict.severity, case.primary)
        text = replies.ask(brief, known, missing)
        yield NextStep("", "ask_customer", "Ask for what the records lack", ticket, text)
    yield from _revoking(case, verdict, brief)


def _helps_to_ask(case: Case, verdict: Verdict) -> bool:
    """Not where more of it would be more data of others, nor where ours can see it for themselves already."""
    incident = any(i.kind.lower() == "incident" and i.resolved_at is None for i in case.issues)
    reproduced = case.signals.sure("confirmed", roles=("agent", "engineer"))
    return verdict.target != "security" and not incident and not reproduced and len(case.customers) < 2


def _revoking(case: Case, verdict: Verdict, brief: EscalationBrief) -> Iterator[NextStep]:
    """On each ticket in which a secret stands where its customer put it or can read it."""
    for ticket in case.tickets:
        seen = [row.text for row in case.comments(ticket) if row.public or row.origin == "stated_by_customer"]
        kinds = [kind for kind in replies.PASTED if any(f"[masked: {kind}" in text for text in seen)]
        if kinds:
            text = replies.revoke(case, brief, standing(case, verdict.severity, ticket), kinds)
            yield NextStep("", "reply_to_customer", REVOKING, _place(ticket), text)


def _chat_post(verdict: Verdict, brief: EscalationBrief) -> str:
    affected = brief.impact.customers_affected.text
    needed = "; ".join(need.text for need in brief.needed)
    lines = [
        f"ESCALATION ({verdict.severity}): {brief.title.text}",
        f"Customers affected: {affected}",
        f"We need: {needed}",
        *(f"By: {moment(brief.deadline.at)} ({brief.deadline.why})" for _ in [0] if brief.deadline),
        *(f"- {statement.text}" for statement in brief.insights[:3]),
    ]
    return "\n".join(lines)


def _issue_text(brief: EscalationBrief) -> str:
    found = brief.reproduction
    steps = (
        "\n".join(f"{number}. {step.text}" for number, step in enumerate(found.steps, 1))
        if found and found.steps
        else "not recorded"
    )
    actual = found.actual.text if found and found.actual else brief.impact.workflow_impact.text
    expected = found.expected.text if found and found.expected else "not recorded"
    return f"{brief.title.text}\n\nSteps to reproduce:\n{steps}\n\nExpected: {expected}\nActual: {actual}"
