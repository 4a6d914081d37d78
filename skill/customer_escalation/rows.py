"""Records become evidence rows here: cleaned, masked, with an id that a person can read and the record's own values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from types import MappingProxyType

from customer_escalation.evidence import Author, Evidence, Origin, Value
from customer_escalation.language import heard_field, heard_name, one_line
from customer_escalation.policy import Cadence
from customer_escalation.safety import safe
from customer_escalation.workdays import FollowUp
from escalation_connectors.records import Account, Article, Comment, Contact, Deal, Issue, Message, Page, Person, Ticket

PREFIX = {
    "ticket": "T-",
    "account": "A-",
    "contact": "P-",
    "deal": "D-",
    "message": "M-",
    "issue": "I-",
    "article": "K-",
}
LONGEST_ID = 34
ODD = re.compile(r"[^\w.:#@+-]+")


def evidence_id(kind: str, record: str) -> str:
    """The id of a record's row: "T-51842" for ticket 51842."""
    prefix = PREFIX[kind]
    plain = ODD.sub("_", record)
    if len(record) > LONGEST_ID:  # no person reads a Matrix event or a UUID: its beginning, and what tells it apart
        plain = f"{plain.lstrip('_')[:6]}-{hashlib.sha256(record.encode()).hexdigest()[:6]}"
    return plain if plain.startswith(prefix) else prefix + plain


def stamp(at: datetime | None) -> str:
    """A time as rows write it: "2026-11-17T15:02:00Z"."""
    return "" if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def typed(issue: str, now: datetime) -> Evidence:
    """R-0: what the person typed."""
    return _row("R-0", "request", "typed", "R-0", issue, origin="typed", at=now)


def ticket_rows(ticket: Ticket, connector: str, customer: str) -> Iterator[Evidence]:
    """The ticket's own fields, then a row per comment."""
    base = evidence_id("ticket", ticket.id)
    sla = ticket.sla
    facts = {
        "status": ticket.status,
        "priority": ticket.priority,
        "customer": customer,
        "requester": ticket.requester.name,
        "assignee": ticket.assignee,
        "channel": ticket.channel,
        "created": stamp(ticket.created_at),
        "updated": stamp(ticket.updated_at),
        "tags": ", ".join(ticket.tags),
        "links": ", ".join(ticket.links),
        "satisfaction": ticket.satisfaction,
        "SLA": sla.name if sla else "",
        "SLA target": sla.target if sla else "",
        "SLA due": stamp(sla.due_at) if sla else "",
        "SLA breached": "" if sla is None or sla.breached is None else ("yes" if sla.breached else "no"),
    }
    values: dict[str, Value] = {
        "customer": customer,
        "status": ticket.status,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "due_at": sla.due_at if sla else None,
    }
    yield _row(
        base, "support_platform", connector, ticket.id, _listed(f"Ticket {ticket.id}: {ticket.subject}", facts),
        title=ticket.subject, url=ticket.url, at=ticket.created_at, fields=values,
    )  # fmt: skip
    yield from _comments(base, "support_platform", connector, ticket.id, ticket.comments, ticket.requester, ticket.url)


def issue_rows(issue: Issue, connector: str) -> Iterator[Evidence]:
    """The issue's fields and body, then a row per comment."""
    base = evidence_id("issue", issue.key)
    facts = {
        "kind": issue.kind,
        "status": issue.status,
        "priority": issue.priority,
        "assignee": issue.assignee,
        "reporter": issue.reporter,
        "created": stamp(issue.created_at),
        "updated": stamp(issue.updated_at),
        "resolved": stamp(issue.resolved_at),
        "labels": ", ".join(issue.labels),
        "component": issue.component,
        "affects version": issue.affects_version,
        "fix version": issue.fix_version,
        "links": ", ".join(issue.links),
    }
    values: dict[str, Value] = {
        "status": issue.status,
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "resolved_at": issue.resolved_at,
    }
    text = _listed(f"{issue.key}: {issue.title}", facts) + (f"\n{issue.body}" if issue.body else "")
    yield _row(
        base, "project_tracker", connector, issue.key, text,
        title=issue.title, url=issue.url, at=issue.created_at, fields=values, author=Person(issue.reporter, "engineer"),
    )  # fmt: skip
    yield from _comments(base, "project_tracker", connector, issue.key, issue.comments, Person(), issue.url)


def account_rows(account: Account, connector: str) -> Iterator[Evidence]:
    """The account's fields, then a row per note."""
    base = evidence_id("account", account.id)
    facts = {
        "tier": account.tier,
        "ARR": money(account.arr, account.currency),
        "renewal": stamp(account.renewal_date)[:10],
        "domain": account.domain,
        "aliases": ", ".join(account.aliases),
        "owner": account.owner,
        "CSM": account.csm,
        "health": account.health,
        "region": account.region,
        "SLA": account.sla,
        "reference customer": "" if account.is_reference is None else ("yes" if account.is_reference else "no"),
    }
    values: dict[str, Value] = {
        "name": account.name,
        "tier": account.tier,
        "arr": account.arr,
        "currency": account.currency,
        "renewal_date": account.renewal_date,
    }
    yield _row(
        base, "crm", connector, account.id, _listed(account.name, facts),
        title=account.name, url=account.url, fields=values,
    )  # fmt: skip
    for number, note in enumerate(account.notes, 1):
        yield _row(
            f"{base}/{number}", "crm", connector, account.id, note.text,
            title=account.name, at=note.at, author=Person(note.author, "agent"), origin="stated_by_staff", public=False,
        )  # fmt: skip


def contact_row(contact: Contact, connector: str) -> Evidence:
    """A person at the customer; how to reach them stays in the CRM."""
    facts = {"title": contact.title, "account": contact.account, "primary": "yes" if contact.is_primary else ""}
    row_id = evidence_id("contact", contact.id)
    return _row(row_id, "crm", connector, contact.id, _listed(contact.name, facts), title=contact.name)


def deal_row(deal: Deal, connector: str) -> Evidence:
    """An opportunity with its amount."""
    facts = {
        "account": deal.account,
        "amount": money(deal.amount, deal.currency),
        "stage": deal.stage,
        "kind": deal.kind,
        "close date": stamp(deal.close_date)[:10],
        "open": "" if deal.is_open is None else ("yes" if deal.is_open else "no"),
        "next step": deal.next_step,
    }
    values: dict[str, Value] = {
        "amount": deal.amount,
        "currency": deal.currency,
        "close_date": deal.close_date,
        "account": deal.account,
        "renewal": is_renewal(deal),
    }
    return _row(
        evidence_id("deal", deal.id), "crm", connector, deal.id, _listed(deal.name, facts),
        title=deal.name, url=deal.url, fields=values,
    )  # fmt: skip


def is_renewal(deal: Deal) -> bool:
    """Whether a deal renews what the account pays already: by its kind, or by its name where it has no kind."""
    return "renew" in (deal.kind or deal.name).lower()


def message_row(message: Message, connector: str) -> Evidence:
    """A chat message."""
    return _row(
        evidence_id("message", message.id), "chat", connector, message.id, message.text,
        title=message.channel, url=message.url, at=message.at, author=message.author, public=False,
        origin=_origin(message.author.role or "agent"),
    )  # fmt: skip


def article_row(article: Article, connector: str) -> Evidence:
    """A knowledge-base article with its whole body."""
    facts = {"kind": article.kind, "updated": stamp(article.updated_at)[:10], "labels": ", ".join(article.labels)}
    return _row(
        evidence_id("article", article.id), "knowledge_base", connector, article.id,
        f"{_listed(article.title, facts)}\n{article.body}",
        title=article.title, url=article.url, at=article.updated_at, fields={"updated_at": article.updated_at},
    )  # fmt: skip


def cadence_row(cadence: Cadence, severity: str, due: FollowUp) -> Evidence:
    """The policy's own words on following up and when that is, as a row that a deadline can cite."""
    text = f"{severity}: internal follow-up {cadence.internal}; customer update {cadence.customer}"
    values: dict[str, Value] = {
        "internal_hours": due.internal_hours,
        "customer_hours": due.customer_hours,
    }
    return _row(f"Y-cadence-{severity}", "policy", "policy", f"cadence.{severity}", text, fields=values)


def money(amount: float | None, currency: str) -> str:
    """ "USD 840,000", or empty."""
    return "" if amount is None else f"{currency} {amount:,.2f}".strip().removesuffix(".00")


def _comments(
    base: str, category: str, connector: str, record: str, page: Page[Comment], requester: Person, url: str
) -> Iterator[Evidence]:
    for number, comment in enumerate(page.items, 1):
        author = comment.author
        if not author.role and requester.name and _name(author.name) == _name(requester.name):
            author = Person(author.name, "customer")
        text = "\n".join([comment.body, *(f"[attachment {a.name}] {a.text}".strip() for a in comment.attachments)])
        yield _row(
            f"{base}/{number}", category, connector, record, text,
            url=url, at=comment.at, author=author, origin=_origin(author.role), public=comment.public,
        )  # fmt: skip


def _origin(role: str) -> Origin:
    if role == "customer":
        return "stated_by_customer"
    return "stated_by_staff" if role in {"agent", "engineer"} else "observed"


def _listed(head: str, facts: dict[str, str]) -> str:
    """The record's head and fields on one line, whatever they hold."""
    said = "; ".join(f"{name}: {one_line(value)}" for name, value in facts.items() if value)
    return f"{one_line(head)} ({said})" if said else one_line(head)


def _row(
    row_id: str,
    category: str,
    connector: str,
    record: str,
    text: str,
    *,
    title: str = "",
    url: str = "",
    at: datetime | None = None,
    author: Person | None = None,
    origin: Origin = "observed",
    fields: dict[str, Value] | None = None,
    public: bool = True,
) -> Evidence:
    named = author is not None and bool(author.name or author.role)
    return Evidence(
        id=row_id,
        category=category,
        connector=connector,
        record=record,
        text=safe(text).text,
        origin=origin,
        url=url,
        at=at,
        author=Author(_name(author.name), author.role) if author is not None and named else None,
        title=_value(title),
        fields=MappingProxyType({key: _name(v) if isinstance(v, str) else v for key, v in (fields or {}).items()}),
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        public=public,
    )


def _name(text: str) -> str:
    """A name or another value of few words, safe and as it is heard."""
    return heard_name(safe(text).text)


def _value(text: str) -> str:
    """A short value as the rest of the program may use it; only the row's text keeps what orders a machine about."""
    return heard_field(safe(text).text)


def hidden_in(texts: Iterable[str]) -> tuple[str, ...]:
    """What was removed from these raw texts as invisible, in words."""
    return tuple(dict.fromkeys(word for text in texts for word in safe(text).removed))
