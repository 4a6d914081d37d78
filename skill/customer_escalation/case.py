"""One case: what was gathered, as evidence, and whom and what it is about. Everything after step 2 works on this."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from customer_escalation import rows
from customer_escalation.brief import Ref
from customer_escalation.evidence import Evidence, Ledger
from customer_escalation.gather import Gathered
from customer_escalation.intake import Understanding, normal
from customer_escalation.language import heard, one_line, sentences, signatures, terms
from customer_escalation.policy import Policy
from customer_escalation.profile import Profile
from customer_escalation.reading import Outcome
from customer_escalation.related import Likeness, problem_text, whole_text
from customer_escalation.safety import safe
from customer_escalation.signals import Signals, cues_of, listen
from escalation_connectors.records import CATEGORIES, Account, Article, Deal, Issue, Message, Ticket

STAFF = {"agent", "engineer", "system"}
CODE = re.compile(r"(?=.*\d)(?=.*[a-z])[\w.:-]{4,}")  # an error code, a job number, a version: "wh-4031"


class Customer(Struct, frozen=True):
    """A distinct customer: one CRM account, or one reporter where no account is known."""

    key: str
    name: str
    account: Account | None
    tickets: tuple[str, ...]
    unnamed: bool = False


class Case(Struct, frozen=True):
    """The tickets of the problem, what else tells of it, who is affected, and the evidence for all of it."""

    understood: Understanding
    now: datetime
    policy: Policy
    profile: Profile
    gathered: Gathered
    ledger: Ledger
    tickets: tuple[Ticket, ...]
    issues: tuple[Issue, ...]
    messages: tuple[Message, ...]
    articles: tuple[Article, ...]
    customers: tuple[Customer, ...]
    signals: Signals

    @property
    def primary(self) -> Ticket | None:
        """The ticket that the typed words mean."""
        return self.gathered.family.primary

    @property
    def about(self) -> str:
        """What the case is about, on one line: the ticket's subject, or what was typed."""
        row = self.ledger[self.ticket_row(self.primary)] if self.primary else self.ledger["R-0"]
        return one_line(heard(row.title or row.text), 160) or "(no subject)"

    def reference(self, row_id: str, more: tuple[str, ...] = ()) -> Ref:
        """A record as a reader may open it."""
        row = self.ledger[row_id]
        return Ref(row_id, heard(row.title), row.url or None, (row_id, *more))

    def ticket_row(self, ticket: Ticket) -> str:
        """The id of the row with the ticket's own fields."""
        return rows.evidence_id("ticket", ticket.id)

    def comments(self, ticket: Ticket) -> tuple[Evidence, ...]:
        """The rows of a ticket's thread that say something to a person, in order."""
        base = self.ticket_row(ticket)
        found = (self.ledger[f"{base}/{n}"] for n in range(1, len(ticket.comments.items) + 1))
        return tuple(row for row in found if heard(row.text).strip())

    def thread_rows(self) -> tuple[Evidence, ...]:
        """The comment rows of all tickets of the problem, by time."""
        found = (row for ticket in self.tickets for row in self.comments(ticket))
        return tuple(sorted(found, key=lambda row: (row.at or self.now, row.id)))

    def deals(self, account: Account) -> tuple[Deal, ...]:
        """The open deals of an account."""
        wanted = {account.id, account.name}
        deals = (deal for deal in self.gathered.found.deals.values() if deal.account in wanted)
        return tuple(deal for deal in deals if deal.is_open or (deal.is_open is None and not _is_closed(deal)))


def talk(case: Case) -> tuple[Evidence, ...]:
    """Comments, messages and issue comments of the case, by time."""
    found: list[Evidence] = list(case.thread_rows())
    found += [case.ledger[rows.evidence_id("message", message.id)] for message in case.messages]
    for issue in case.issues:
        base = rows.evidence_id("issue", issue.key)
        found += [case.ledger[f"{base}/{n}"] for n in range(1, len(issue.comments.items) + 1)]
    return tuple(sorted((row for row in found if row.at is not None), key=lambda row: (row.at or case.now, row.id)))


def _is_closed(deal: Deal) -> bool:
    return deal.stage.lower().startswith("closed") or deal.stage.lower() in {"won", "lost"}


def build(understood: Understanding, gathered: Gathered, policy: Policy, profile: Profile, now: datetime) -> Case:
    """Turn what was gathered into evidence and keep what tells of the problem."""
    tickets = tuple(sorted(gathered.family.same, key=lambda t: (t != gathered.family.primary, t.created_at, t.id)))
    customers = tuple(_customers(gathered, tickets))
    issues, messages = _issues(gathered, tickets), tuple[Message, ...]()
    messages = _messages(gathered, tickets, issues, customers)
    articles = _articles(gathered, understood)
    ledger = Ledger([rows.typed(understood.text, now)])
    for row in _rows(gathered, customers):
        ledger.add(row)
    for row in (*_coverage(gathered, understood), _threads_read(gathered, tickets, issues, messages)):
        ledger.add(row)
    heard_rows = _heard(ledger, tickets, issues, messages)
    return Case(
        understood, now, policy, profile, gathered, ledger, tickets, issues, messages, articles, customers,
        listen(heard_rows),
    )  # fmt: skip


def _customers(gathered: Gathered, tickets: Iterable[Ticket]) -> Iterator[Customer]:
    found: dict[str, tuple[str, Account | None, list[str], bool]] = {}
    for ticket in tickets:
        account = gathered.account_of(ticket)
        for key, name, unnamed in _reporters(ticket, account):
            found.setdefault(key, (name, account, [], unnamed))[2].append(ticket.id)
    for key, (name, account, ids, unnamed) in found.items():
        yield Customer(key, safe(heard(name)).text, account, tuple(dict.fromkeys(ids)), unnamed)


def _reporters(ticket: Ticket, account: Account | None) -> Iterator[tuple[str, str, bool]]:
    """Who reports on this ticket: its account, else each customer who speaks on it, else someone unnamed."""
    if account is not None:
        yield account.id, account.name, False
        return
    if ticket.account:
        yield normal(ticket.account), ticket.account, False
        return
    speakers = {c.author.name: c.author.role for c in ticket.comments.items if c.author.name}
    names = [name for name, role in speakers.items() if role == "customer"]
    requester = ticket.requester.name
    if requester and requester not in names and speakers.get(requester, ticket.requester.role) not in STAFF:
        names.insert(0, requester)
    for name in names:
        yield normal(name), name, False
    if not names:
        yield f"unnamed:{ticket.id}", "a customer whose name the records do not hold", True


def _issues(gathered: Gathered, tickets: tuple[Ticket, ...]) -> tuple[Issue, ...]:
    """Tracker issues linked with the tickets, or as alike as another report of the problem would be."""
    ids = {ticket.id for ticket in tickets}
    links = {link.rstrip("/").rsplit("/", 1)[-1] for ticket in tickets for link in ticket.links}
    said = " ".join(heard(c.body) for ticket in tickets for c in ticket.comments.items)
    likeness = Likeness(gathered.found.tickets.values())
    primary = gathered.family.primary
    about = problem_text(primary) if primary else ""
    kept: list[Issue] = []
    for issue in gathered.found.issues.values():
        linked = issue.key in links or bool(ids & set(issue.links)) or mention(issue.key) in said.split()
        alike = bool(about) and likeness.alike(about, heard(f"{issue.title}\n{issue.title}\n{issue.body}")) >= 0.4
        if linked or (alike and (issue.resolved_at is None or _recent(issue, tickets))):
            kept.append(issue)
    return tuple(sorted(kept, key=lambda i: (i.key not in links and not ids & set(i.links), i.key)))


def mention(key: str) -> str:
    """How a text names an issue: a bare number could be anything, so one counts with its # alone."""
    return f"#{key}" if key.isdecimal() else key


def _recent(issue: Issue, tickets: tuple[Ticket, ...]) -> bool:
    first = min(ticket.created_at for ticket in tickets)
    return issue.resolved_at is not None and issue.resolved_at >= first


def _messages(
    gathered: Gathered, tickets: tuple[Ticket, ...], issues: tuple[Issue, ...], customers: tuple[Customer, ...]
) -> tuple[Message, ...]:
    """Whole threads in which a message names a ticket or issue of the case, or, since it was first reported, a customer
    together with the problem: the chat on an old outage with the same words is about another problem."""
    first = min((ticket.created_at for ticket in tickets), default=None)
    named = {ticket.id for ticket in tickets} | {issue.key for issue in issues if not issue.key.isdecimal()}
    numbered = {mention(issue.key) for issue in issues if issue.key.isdecimal()}
    about = frozenset[str]().union(*(terms(problem_text(ticket)) for ticket in tickets[:1]))
    marks = frozenset[str]().union(*(signatures(problem_text(ticket)) for ticket in tickets[:1]))
    names = {normal(c.name) for c in customers if not c.unnamed}
    kept: set[tuple[str, str]] = set()
    for message in gathered.found.messages.values():
        text = heard(message.text)
        tokens = set(text.replace("#", " ").replace(",", " ").replace(".", " ").replace(":", " ").split())
        says_name = any(name in normal(text) for name in names)
        shared = len(about & terms(text))
        alike = (says_name and shared >= 2) or (bool(marks & signatures(text)) and shared >= 4)
        recent = first is not None and message.at >= first - timedelta(days=1)
        if named & tokens or numbered & set(text.split()) or (alike and recent):
            kept.add((message.channel, message.thread or message.id))
    chosen = (m for m in gathered.found.messages.values() if (m.channel, m.thread or m.id) in kept)
    return tuple(sorted(chosen, key=lambda m: (m.at, m.id)))


def _articles(gathered: Gathered, understood: Understanding) -> tuple[Article, ...]:
    """The few articles that share the problem's rarest words, best first; titles and labels count double.

    One is about it where its title and labels share two words with it, or anything in it an error code.
    """
    primary = gathered.family.primary
    about = terms(understood.text) | (terms(whole_text(primary)) if primary else frozenset[str]())
    if any("security" in cues_of(sentence) for sentence in sentences(problem_text(primary) if primary else "")):
        about |= terms("reporting a security incident or exposure")
    known = tuple(gathered.found.articles.values())
    heads = {a.id: terms(" ".join([a.title, *a.labels]).replace("-", " ")) for a in known}
    bodies = {a.id: terms(heard(a.body)) for a in known}
    common = Counter(term for a in known for term in heads[a.id] | bodies[a.id])

    def score(article: Article) -> float:
        head, body = heads[article.id] & about, bodies[article.id] & about
        return sum(2 / common[term] for term in head) + sum(1 / common[term] for term in body - head)

    codes = frozenset(term for term in about if CODE.fullmatch(term))
    able = [a for a in known if len(heads[a.id] & about) >= 2 or (heads[a.id] | bodies[a.id]) & codes]
    ranked = sorted(((score(a), a) for a in able), key=lambda pair: (-pair[0], pair[1].id))
    return tuple(article for value, article in ranked[:4] if value >= 0.35 * ranked[0][0])


def _rows(gathered: Gathered, customers: tuple[Customer, ...]) -> Iterator[Evidence]:
    found, connectors = gathered.read, {c: o.connector for c, o in gathered.reader.outcomes.items() if o}
    named: dict[str, str] = {}
    for ticket_id, name in (
        (t, customer.name) for customer in customers for t in customer.tickets if not customer.unnamed
    ):
        named.setdefault(ticket_id, name)  # of several who speak on one ticket, the one who opened it
    for ticket in found.tickets.values():
        account = gathered.account_of(ticket)
        who = named.get(ticket.id) or (account.name if account else ticket.account)
        yield from rows.ticket_rows(ticket, connectors["support_platform"], who)
    for account in found.accounts.values():
        yield from rows.account_rows(account, connectors["crm"])
    for contact in found.contacts.values():
        yield rows.contact_row(contact, connectors["crm"])
    for deal in found.deals.values():
        yield rows.deal_row(deal, connectors["crm"])
    for message in found.messages.values():
        yield rows.message_row(message, connectors["chat"])
    for issue in found.issues.values():
        yield from rows.issue_rows(issue, connectors["project_tracker"])
    for article in found.articles.values():
        yield rows.article_row(article, connectors["knowledge_base"])


def _coverage(gathered: Gathered, understood: Understanding) -> Iterator[Evidence]:
    """A row per category: what was searched and how completely, for whoever claims that something is absent."""
    for category in CATEGORIES:
        outcome = gathered.reader.outcomes[category]
        text = _coverage_text(category.replace("_", " "), outcome, understood)
        yield Evidence(
            id=f"S-{category}",
            category=category,
            connector=outcome.connector if outcome else "",
            record=category,
            text=text,
            origin="coverage",
            complete=outcome is not None and outcome.complete,
        )


def _coverage_text(name: str, outcome: Outcome | None, understood: Understanding) -> str:
    if outcome is None:
        return f"{name}: not connected"
    failed = f"; failed: {'; '.join(sorted(set(outcome.errors)))}" if outcome.errors else ""
    cut = [f"read {read} of {total if total is not None else 'an unknown number'} ({asked})"
           for asked, read, total, was_cut in outcome.searches if was_cut]  # fmt: skip
    partial = f"; {'; '.join(sorted(set(cut)))}" if cut else ""
    return f"{name}: searched for “{safe(understood.text).text}”; {len(outcome.records)} records read{partial}{failed}"


def _threads_read(
    gathered: Gathered, tickets: tuple[Ticket, ...], issues: tuple[Issue, ...], messages: tuple[Message, ...]
) -> Evidence:
    """The coverage row of the case's own threads: whether every comment and message of them was read."""
    threads = [(f"ticket {t.id}", t.comments) for t in tickets] + [(i.key, i.comments) for i in issues]
    said = [
        f"{name}: {page.read} of {page.total if page.total is not None else page.read} comments"
        for name, page in threads
    ]
    said += [f"chat: {len(messages)} messages"] if messages else []
    outcomes = [gathered.reader.outcomes[c] for c in ("support_platform", "chat", "project_tracker")]
    failed = any(outcome is not None and outcome.errors for outcome in outcomes)
    return Evidence(
        id="S-case", category="support_platform", connector="computed", record="case",
        text=f"threads of this case, read whole: {'; '.join(said)}", origin="coverage",
        complete=bool(tickets) and not failed and not any(page.cut for _, page in threads),
    )  # fmt: skip


def _heard(
    ledger: Ledger, tickets: Iterable[Ticket], issues: Iterable[Issue], messages: Iterable[Message]
) -> Iterator[Evidence]:
    yield ledger["R-0"]
    for ticket in tickets:
        base = rows.evidence_id("ticket", ticket.id)
        yield ledger[base]
        yield from (ledger[f"{base}/{n}"] for n in range(1, len(ticket.comments.items) + 1))
    for issue in issues:
        base = rows.evidence_id("issue", issue.key)
        yield ledger[base]
        yield from (ledger[f"{base}/{n}"] for n in range(1, len(issue.comments.items) + 1))
    for message in messages:
        yield ledger[rows.evidence_id("message", message.id)]
