"""What a sharp colleague would see, from dates and states alone: promises missed, questions unanswered, a fix that
waits for a yes, a mitigation nobody tried, a reporter the tracker does not know, a note that later records contradict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from customer_escalation import promises, rows
from customer_escalation.brief import Conflict, Statement
from customer_escalation.case import Case, talk
from customer_escalation.durations import in_days, in_hours
from customer_escalation.evidence import Evidence
from customer_escalation.impact import Assessment
from customer_escalation.language import heard, one_line, sentences, terms
from customer_escalation.quoting import speaker
from customer_escalation.related import is_done, problem_text
from customer_escalation.signals import cues_of
from escalation_connectors.records import Article, Issue

DONE_ISSUE = {"done", "closed", "resolved", "fixed", "released", "cancelled", "canceled"}
QUARTER = re.compile(r"\bQ[1-4]\b")
ONLY = re.compile(r"\bonly (?:the )?([A-Z]{2,6})\b")
RETRACTS = re.compile(r"\b(?:no longer|not|removed|withdrawn|postponed|never)\b", re.I)
FIXED = re.compile(r"\b(?:fixed|resolved|solved|rolled back|reverted|works? again|working again)\b", re.I)
NOT_YET = re.compile(r"\b(?:not|n.t|if|once|when|until|will|to be|whether|after|aborted|hope\w*)\b|\?\s*$", re.I)
DENIES = re.compile(r"^no\b(?![ -]?(?:problem|worries))|\bnot (?:been )?(?:fixed|solved|resolved)\b", re.I)
CORRECTS = re.compile(r"\bcorrection\s*:|\b(?:rollback|fix|deploy) (?:was )?(?:aborted|failed)|\bonly helped\b", re.I)


def insights(case: Case, impact: Assessment) -> tuple[Statement, ...]:
    """Everything worth pointing out, the most pressing first."""
    found = (
        *_missed_promises(case),
        *_unanswered(case),
        *impact.contract,
        *_waiting_for_approval(case),
        *_untried(case),
        *_unknown_to_tracker(case),
        *_changed_just_before(case),
        *_quiet_tracker(case),
        *impact.reputation,
        *_renewals(case),
    )
    return tuple(dict.fromkeys(found))


def conflicts(case: Case) -> tuple[Conflict, ...]:
    """Where the records disagree; both sides are kept, with their sources."""
    return tuple(dict.fromkeys((*_fixed_but_failing(case), *_retracted(case))))


def _answers_after(case: Case, row: Evidence) -> tuple[Evidence, ...]:
    """Public words of ours on the same ticket after this row."""
    if row.at is None:
        return ()
    ticket = row.id.rsplit("/", 1)[0]
    return tuple(
        other
        for other in case.thread_rows()
        if other.id.rsplit("/", 1)[0] == ticket and other.public and other.at is not None and other.at > row.at
        and other.origin != "stated_by_customer"
    )  # fmt: skip


def missed_promises(case: Case) -> Iterator[tuple[Evidence, str, datetime, Evidence | None]]:
    """A public promise of ours that was not kept in time: its row and sentence, when it fell due, the later answer."""
    for row in case.thread_rows():
        if row.origin == "stated_by_customer" or not row.public or row.at is None:
            continue
        for sentence in sentences(heard(row.text)):
            if "promise" not in cues_of(sentence):
                continue
            due = promises.due_in(row.text, row.at, case.profile.timezone)
            later = _answers_after(case, row)
            if due is None or due > case.now or any(a.at is not None and a.at <= due for a in later):
                continue
            yield row, sentence, due, later[0] if later else None


def _missed_promises(case: Case) -> Iterator[Statement]:
    for row, sentence, due, later in missed_promises(case):
        said = f"{speaker(row)} promised: “{sentence}”"
        if later is not None and later.at is not None and row.at is not None:
            text = f"{said}; the next public answer came {in_hours(later.at - row.at)} later"
            yield Statement(text, (row.id, later.id), "derived", f"hours([{row.id}].at, [{later.id}].at)")
        else:
            text = f"{said}; that was due {in_hours(case.now - due)} ago"
            formula = f'hours(due([{row.id}], "{case.profile.timezone}"), now)'
            yield Statement(text, (row.id,), "derived", formula)


def open_questions(case: Case) -> Iterator[tuple[Evidence, str]]:
    """Questions of customers that no public comment of ours followed, each with its row, by time."""
    for row in case.thread_rows():
        if row.origin != "stated_by_customer" or not row.public or row.at is None or _is_done(case, row):
            continue
        asked = [s for s in sentences(heard(row.text)) if s.rstrip(" )\"'”").endswith("?")]
        if asked and not _answers_after(case, row):
            yield row, asked[0]


def _unanswered(case: Case) -> Iterator[Statement]:
    for row, question in open_questions(case):
        if row.at is not None:
            who = row.author.name if row.author and row.author.name else "The customer"
            text = f"{who} has waited {in_hours(case.now - row.at)} for a public answer: “{question}”"
            yield Statement(text, (row.id,), "derived", f"hours([{row.id}].at, now)")


def _is_done(case: Case, row: Evidence) -> bool:
    ticket = next((t for t in case.tickets if row.id.startswith(f"{case.ticket_row(t)}/")), None)
    return ticket is not None and is_done(ticket)


def _waiting_for_approval(case: Case) -> Iterator[Statement]:
    for row in talk(case):
        if row.origin == "stated_by_customer" or row.at is None:
            continue
        for sentence in sentences(heard(row.text)):
            if "waiting_approval" in cues_of(sentence) and not _approved_after(row.at, case):
                text = f"A step has waited for an approval for {in_hours(case.now - row.at)}: “{sentence}”"
                yield Statement(text, (row.id,), "derived", f"hours([{row.id}].at, now)")
                return


def _approved_after(at: datetime, case: Case) -> bool:
    later = (heard(row.text) for row in talk(case) if row.at is not None and row.at > at)
    return any(re.search(r"\b(?:approved|merged|signed off)\b", text, re.I) for text in later)


def untried(case: Case) -> Iterator[Article]:
    """The documented mitigations that no record of a thread read whole says anyone tried."""
    said = terms(" ".join(heard(row.text) for row in talk(case)))
    for article in case.articles:
        if article.kind.lower() not in {"workaround", "known_issue"}:
            continue
        title = heard(case.ledger[rows.evidence_id("article", article.id)].title)
        rare = terms(title) - terms(case.understood.text)
        spoken = len(rare & said) >= max(2, 0.6 * len(rare)) or any(article.id in heard(r.text) for r in talk(case))
        if rare and not spoken and case.ledger["S-case"].complete:
            yield article


def _untried(case: Case) -> Iterator[Statement]:
    for article in untried(case):
        row = rows.evidence_id("article", article.id)
        text = f"No record says that the documented mitigation “{heard(case.ledger[row].title)}” was tried"
        yield Statement(text, (row, "S-case"), "absence")


def _unknown_to_tracker(case: Case) -> Iterator[Statement]:
    """Customers of the case whom the linked tracker issue does not name."""
    coverage = case.ledger["S-case"]
    for issue in _open_issues(case):
        base = rows.evidence_id("issue", issue.key)
        everything = " ".join(r.text for r in case.ledger if r.id == base or r.id.startswith(f"{base}/"))
        for customer in case.customers:
            known = customer.name in everything or any(ticket in everything for ticket in customer.tickets)
            if not known and not customer.unnamed and len(case.customers) > 1 and coverage.complete:
                ticket = next(t for t in case.tickets if t.id == customer.tickets[0])
                text = f"{issue.key} does not name {customer.name} or ticket {ticket.id} as a reporter yet"
                yield Statement(text, (base, case.ticket_row(ticket), coverage.id), "absence")


def _open_issues(case: Case) -> tuple[Issue, ...]:
    return tuple(i for i in case.issues if i.resolved_at is None and i.status.lower() not in DONE_ISSUE)


def _quiet_tracker(case: Case) -> Iterator[Statement]:
    """An open tracker issue on which nothing moved for two days."""
    for issue in _open_issues(case):
        base = rows.evidence_id("issue", issue.key)
        if issue.updated_at is not None and case.now - issue.updated_at > timedelta(hours=48):
            ago = in_days(case.now - issue.updated_at)
            text = f"{issue.key} was updated {ago} ago; its status is {issue.status or 'not recorded'}"
            yield Statement(text, (base,), "derived", f"days([{base}].updated_at, now)")


def _renewals(case: Case) -> Iterator[Statement]:
    for customer in case.customers:
        account = customer.account
        if account is None or account.renewal_date is None:
            continue
        ahead = account.renewal_date - case.now
        if 0 <= ahead.total_seconds() / 86400 <= case.policy.thresholds["renewal_soon_days"]:
            row = rows.evidence_id("account", account.id)
            text = f"{customer.name} renews on {rows.stamp(account.renewal_date)[:10]}, in {in_days(ahead)}"
            yield Statement(text, (row,), "derived", f"days(now, [{row}].renewal_date)")


def false_all_clears(case: Case) -> Iterator[tuple[Evidence, str, Evidence, str]]:
    """Someone of ours says it is fixed or undone; a customer, or a correction of ours, says later that it is not."""
    rows_of_talk = talk(case)
    for row in rows_of_talk:
        claim = "" if row.origin == "stated_by_customer" else _claims_fixed(row)
        denial = next(filter(None, (_denied(row, later) for later in rows_of_talk)), None) if claim else None
        if denial is not None:
            yield row, claim, *denial


def _fixed_but_failing(case: Case) -> Iterator[Conflict]:
    for row, claim, later, denial in false_all_clears(case):
        yield Conflict(f"{speaker(row)}: “{claim}”; then {speaker(later)}: “{denial}”", (row.id, later.id))


def _claims_fixed(row: Evidence) -> str:
    for sentence in sentences(heard(row.text)):
        if FIXED.search(sentence) and not NOT_YET.search(sentence):
            return one_line(sentence, 240)
    return ""


def _denied(row: Evidence, later: Evidence) -> tuple[Evidence, str] | None:
    if row.at is None or later.at is None or later.at <= row.at:
        return None
    for sentence in sentences(heard(later.text)):
        customer = later.origin == "stated_by_customer"
        if customer and (cues_of(sentence) & {"solution_failed", "recurring"} or DENIES.search(sentence)):
            return later, one_line(sentence, 240)
        if not customer and CORRECTS.search(sentence):
            return later, one_line(sentence, 240)
    return None


def _retracted(case: Case) -> Iterator[Conflict]:
    """A quarter or an "only X" that one row states and a later one takes back; one conflict for each."""
    said = [(row, sentence) for row in talk(case) for sentence in sentences(heard(row.text))]
    for number, (row, sentence) in enumerate(said):
        for token in QUARTER.findall(sentence) + ONLY.findall(sentence):
            if RETRACTS.search(sentence) or row.origin == "stated_by_customer":
                continue
            later = next(((r, s) for r, s in said[number + 1 :] if r.id != row.id and _takes_back(token, s)), None)
            if later is not None:
                yield Conflict(
                    f"{speaker(row)}: “{sentence}”; then {speaker(later[0])}: “{later[1]}”", (row.id, later[0].id)
                )


def _takes_back(token: str, sentence: str) -> bool:
    forms = (
        rf"\b(?:not|isn.t|wasn.t) (?:a |an |just |only |limited to )*{token}\b",
        rf"\b(?:removed|moved|withdrawn|dropped|slipped) (?:from|out of) {token}\b",
        rf"\bnot quote {token}\b|\b{token} (?:is|was) (?:off|cancelled|withdrawn)\b",
    )
    return any(re.search(form, sentence, re.I) for form in forms)


def _changed_just_before(case: Case) -> Iterator[Statement]:
    """A change that was finished in the days before the first report and shares its words: a lead, not a cause."""
    if case.primary is None:
        return
    first, about = case.primary.created_at, terms(problem_text(case.primary))
    for issue in case.gathered.found.issues.values():
        done = issue.resolved_at
        if done is None or not timedelta(0) <= first - done <= timedelta(hours=48) or issue.kind.lower() == "incident":
            continue
        if len(about & terms(f"{issue.title} {issue.body}")) >= 2:
            row = rows.evidence_id("issue", issue.key)
            title = heard(case.ledger[row].title)
            text = f"{issue.key}, “{title}”, was finished shortly before the first report; it may be related"
            yield Statement(text, (row,), "hypothesis")
