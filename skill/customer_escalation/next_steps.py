"""Step 7, offers: each a ready proposal with its destination and its whole text. Nothing is sent from here.

Destinations come from the company profile, never from text that was read. The customer's draft promises no date that no
source gives and reveals nothing internal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from customer_escalation import rows
from customer_escalation.brief import NOT_RECORDED, EscalationBrief, Handling, NextStep, Severity, Statement, Target
from customer_escalation.case import Case
from customer_escalation.decision import Verdict
from customer_escalation.language import heard, one_line
from customer_escalation.policy import Cadence, Tier
from customer_escalation.profile import Team
from customer_escalation.safety import safe
from customer_escalation.workdays import follow_up

NOT_SET = "(no destination configured)"
CREDENTIALS = ("API key", "password", "access token", "private key", "secret", "authorization", "session cookie")
ASKED = "You asked: "
INTERIM = (
    "We take it seriously and are passing it on to the team that can resolve it, with everything you sent us.",
    "We are still investigating; we do not have a confirmed cause or date to give you yet, and will not guess.",
)
REVOKE = (
    "A credential was pasted into this conversation. Please revoke it and create a new one; "
    "we have masked it on our side."
)


def offer(case: Case, verdict: Verdict, brief: EscalationBrief, handling: Handling | None) -> tuple[NextStep, ...]:
    """The four offers of the skill, and what the case calls for, numbered."""
    found = [
        *_escalation(case, verdict, brief),
        *_customer(case, verdict, brief, handling),
        *_housekeeping(case, verdict, brief),
    ]
    return tuple(
        NextStep(f"n{number}", step.kind, step.title, step.destination, step.preview, step.offer)
        for number, step in enumerate(found, 1)
    )


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


def _customer(case: Case, verdict: Verdict, brief: EscalationBrief, handling: Handling | None) -> Iterator[NextStep]:
    ticket = f"ticket {case.primary.id}" if case.primary else NOT_SET
    draft = customer_update(case, verdict, brief, handling)
    yield NextStep("", "reply_to_customer", "Send the customer an interim response", ticket, draft,
                   "Shall I update the customer with an interim response?")  # fmt: skip
    if verdict.severity is not None:
        cadence = case.policy.cadence[verdict.severity]
        yield _reminder(case, verdict.severity, cadence)
    yield NextStep("", "draft_update", "Draft of a customer-facing status update", ticket, draft,
                   "Shall I draft a customer-facing update with the current status?")  # fmt: skip


def _reminder(case: Case, severity: Severity, cadence: Cadence) -> NextStep:
    due_in = follow_up(cadence, case.now, case.profile)
    row = rows.cadence_row(cadence, severity, due_in)
    case.ledger.add(row)
    at = rows.stamp(case.now + timedelta(hours=due_in.internal_hours))
    formula = f"add_hours(now, [{row.id}].internal_hours)"
    case.ledger.compute(f"The next internal follow-up is due at {at}", formula, (row.id,), at)
    rhythm = f"Internal follow-up: {cadence.internal}; customer update: {cadence.customer}."
    return NextStep(
        id="",
        kind="schedule_follow_up",
        title=f"Remind me to check on this at {at}",
        destination=case.profile.reporter or "you",
        preview=f"Check with the receiving team at {at}. {rhythm}",
        offer="Shall I set a reminder to check on this?",
    )


def _housekeeping(case: Case, verdict: Verdict, brief: EscalationBrief) -> Iterator[NextStep]:
    ticket = f"ticket {case.primary.id}" if case.primary else NOT_SET
    if verdict.decision == "escalate":
        team, _ = team_for(case, verdict.target or "l2_support")
        note = f"Escalated to {team}, severity {verdict.severity}: {brief.title.text}"
        yield NextStep("", "internal_note", "Note the escalation on the ticket", ticket, note)
    if brief.reproduction is not None and brief.reproduction.missing and verdict.decision == "escalate":
        asks = "\n".join(f"- {what}" for what in brief.reproduction.missing)
        yield NextStep("", "ask_customer", "Ask for what the records lack", ticket,
                       f"To take this further we still need:\n{asks}")  # fmt: skip
    if any(f"[masked: {kind}" in row.text for row in case.thread_rows() for kind in CREDENTIALS):
        yield NextStep("", "reply_to_customer", "Ask the customer to revoke the secret that was pasted", ticket, REVOKE)


def customer_update(case: Case, verdict: Verdict, brief: EscalationBrief, handling: Handling | None) -> str:
    """A true interim answer: what is reported and what happens now, no date and nothing internal."""
    who = case.primary.requester.name.split(" ")[0] if case.primary and case.primary.requester.name else ""
    subject = heard(case.primary.subject) if case.primary else case.understood.text
    lines = opening(heard(who), subject)
    if verdict.decision == "escalate":
        lines += INTERIM
        question = _open_question(brief.insights)
        lines += (
            [f"{ASKED}{question} We owe you an answer to that and are passing the question on."] if question else []
        )
    else:
        lines += [
            "Here is how we suggest to go on; please tell us whether it settles the matter for you.",
            *_advice(handling),
        ]
    ours = "" if brief.reported_by == NOT_RECORDED else f", {brief.reported_by}"
    lines += ["", f"Kind regards{ours}"]
    return safe("\n".join(lines)).text


def opening(who: str, subject: str) -> list[str]:
    """How an update begins; without a name or a subject where there is none."""
    about = f"on “{one_line(subject, 160)}”" if subject else "on what you told us"
    return [f"Hello {who}," if who else "Hello,", "", f"this is an update {about}."]


def _advice(handling: Handling | None) -> list[str]:
    """What the public articles say; what we write to each other stays inside."""
    known = handling.how if handling is not None else ()
    public = (s.text for s in known if all(cite.startswith("K-") for cite in s.cites))
    return [f"- {text.removeprefix('It says: ')}" for text in public]


def _open_question(insights: tuple[Statement, ...]) -> str:
    for statement in insights:
        if "for a public answer" in statement.text and "“" in statement.text:
            return statement.text[statement.text.index("“") :]
    return ""


def _chat_post(verdict: Verdict, brief: EscalationBrief) -> str:
    affected = brief.impact.customers_affected.text
    needed = "; ".join(need.text for need in brief.needed)
    lines = [
        f"ESCALATION ({verdict.severity}): {brief.title.text}",
        f"Customers affected: {affected}",
        f"We need: {needed}",
        *(f"By: {rows.stamp(brief.deadline.at)} ({brief.deadline.why})" for _ in [0] if brief.deadline),
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
