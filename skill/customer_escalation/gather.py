"""Step 2, gather context: all sources at once, then what the first wave points to, then what that points to.

Three waves at the most. Every record read becomes evidence; every source's outcome is recorded.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Iterable
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from customer_escalation.found import Found, account_for, keep
from customer_escalation.intake import Match, Understanding, match_customer, normal, words_of
from customer_escalation.language import heard, one_line, sentences, signatures, terms
from customer_escalation.reading import Reader, Report
from customer_escalation.related import Family, family, pick_primary, problem_text
from customer_escalation.signals import cues_of
from escalation_connectors.records import Account, Category, Issue, Message, Page, Ticket
from escalation_connectors.sources import Sources
from escalation_connectors.words import last_part, telling

T = TypeVar("T")
TICKETS, CHAT, ISSUES, ARTICLES, FOLLOWED, READ_WHOLE, CODES = 25, 15, 10, 8, 8, 3, 3
ISSUE_KEY = re.compile(r"\b[A-Z][A-Z0-9]{1,9}-\d+\b")


class Gathered(Struct, frozen=True):
    """What step 2 gives: the records, the customer, and the tickets sorted around the problem.

    `found` are the records as they are heard, without orders to a machine; `read` the same records as they were read.
    `own` are the ids of the named customer's tickets, `named` those of the tickets that were named themselves.
    """

    found: Found
    read: Found
    match: Match
    family: Family
    reader: Reader
    own: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()

    def account_of(self, ticket: Ticket) -> Account | None:
        """The CRM account of a ticket, by id or name."""
        return account_for(self.found, ticket)


async def gather(
    understood: Understanding, sources: Sources, now: datetime, window_days: float, deadline_s: float, report: Report
) -> Gathered:
    """Read everything the issue points to, in at most three waves."""
    run = _Run(understood, Reader(sources, deadline_s, report), now, window_days)
    await run.first_wave()
    run.whose()
    run.settle()
    await run.second_wave()
    run.whose()
    run.settle()
    await run.third_wave()
    run.settle()
    run.count()
    return Gathered(run.found, run.read, run.match, run.family, run.reader, run.own, run.named)


class _Run:
    """The state of one gathering."""

    def __init__(self, understood: Understanding, reader: Reader, now: datetime, window_days: float) -> None:
        self.understood, self.reader, self.now, self.window_days = understood, reader, now, window_days
        self.found, self.read, self.match, self.family = Found(), Found(), Match(None), Family(None)
        self.own, self.named = frozenset[str](), frozenset[str]()
        self._asked: set[tuple[str, str]] = set()
        self._searched: tuple[Ticket, ...] = ()

    def whose(self) -> None:
        """Match the customer, as long as none is known, with the accounts that were read so far."""
        if self.match.account is None:
            self.match = match_customer(self.understood, self.found.accounts.values())

    def settle(self) -> None:
        """Put everything in a fixed order, whoever answered first, and sort the tickets around the best one."""
        self.found.fix_order()
        self.read.fix_order()
        words = words_of(self.understood, self.match)
        tickets = [ticket for ticket in self.found.tickets.values() if ticket.created_at <= self.now]
        self.own = frozenset(ticket.id for ticket in tickets if self._is_the_customers(ticket))
        self.named = frozenset(self._named(tickets))
        primary = pick_primary(tickets, words, self.named, self.own)
        links = {ticket.id: self._issue_keys(ticket) for ticket in tickets}
        meant = frozenset(self._meant(tickets, words)) if self.match.several else frozenset[str]()
        self.family = family(primary, tickets, links, words, self.now, self.window_days, meant)

    def _named(self, tickets: Iterable[Ticket]) -> Iterable[str]:
        """The tickets whose ids or addresses were typed."""
        for record in self.understood.records:
            ids = {last_part(record), f"T-{last_part(record)}"}
            yield from (each.id for each in tickets if each.id in ids and _leads_to(record, each.url))

    def _meant(self, tickets: list[Ticket], words: frozenset[str]) -> Iterable[str]:
        """Of each of several customers who were named together, the ticket that the words mean."""
        for account in self.match.near:
            own = [ticket for ticket in tickets if self._is_of(ticket, (account,))]
            best = pick_primary(own, words, frozenset(), frozenset(ticket.id for ticket in own))
            if best is not None:
                yield best.id

    def _is_the_customers(self, ticket: Ticket) -> bool:
        named = self.match.near if self.match.several else (self.match.account,) if self.match.account else ()
        if named:
            return self._is_of(ticket, named)
        typed = normal(self.understood.customer)
        return bool(typed) and typed in {normal(ticket.account), normal(ticket.requester.name)}

    def _is_of(self, ticket: Ticket, named: tuple[Account, ...]) -> bool:
        return account_for(self.found, ticket) in named or normal(ticket.account) in {normal(a.name) for a in named}

    def _issue_keys(self, ticket: Ticket) -> frozenset[str]:
        """Tracker issues that this ticket names, or that name this ticket."""
        own = {link.rstrip("/").rsplit("/", 1)[-1] for link in ticket.links} & self.found.issues.keys()
        back = {key for key, issue in self.found.issues.items() if ticket.id in issue.links}
        return frozenset(own | back)

    async def first_wave(self) -> None:
        """Every connected source at once, with the typed words."""
        query, typed = self.understood.query, self.understood
        await asyncio.gather(
            self._tickets(query),
            self._accounts(typed.customer or typed.text),
            self._messages(query),
            self._issues(query),
            self._articles(query),
            *(self._record(record) for record in typed.records[:FOLLOWED]),
        )

    async def second_wave(self) -> None:
        """What the first wave points to: threads, links, the customer's own records, the same problem elsewhere."""
        primary, account = self.family.primary, self.match.account
        asks = [self._linked(ticket.id) for ticket in self.family.same[:FOLLOWED]]
        asks += [self._record(link) for ticket in self.family.same for link in self._links(ticket)]
        asks += [self._record(key) for key in self._mentioned_keys()]
        asks += [self._thread(message) for message in self._best_messages()]
        asks += [self._account(ticket) for ticket in self.family.same]
        asks += [self._whole(ticket) for ticket in (*self.family.same, *self._unread())]
        asks += [self._whole_issue(issue) for issue in self._best_issues()]
        if account is None:
            asks += [self._accounts(name) for name in self.understood.names]
        else:
            asks += [self._tickets(self.understood.query, self._known_as(account))]
            asks += [self._contacts(account.id), self._deals(account.id)]
        if primary is not None:
            text = problem_text(primary)
            own_words = one_line(f"{' '.join(telling(text, CODES))} {text}", 300)
            asks += [self._tickets(own_words), self._issues(own_words), self._articles(own_words)]
            if any("security" in cues_of(sentence) for sentence in sentences(problem_text(primary))):
                asks += [self._articles("report a security incident, data exposure")]
            asks += [self._messages(primary.id)]
            asks += [self._messages(f"{primary.id} {' '.join(sorted(signatures(own_words)))} {primary.subject}")]
        await asyncio.gather(*asks)

    async def third_wave(self) -> None:
        """The other affected customers' accounts and deals, links of what came second, and the threads."""
        group = self.family.same
        asks = [self._account(ticket) for ticket in group]
        asks += [self._whole(ticket) for ticket in group]
        asks += [self._record(link) for ticket in group for link in self._links(ticket)]
        asks += [self._linked(ticket.id) for ticket in group[:FOLLOWED]]
        keys = sorted({key for ticket in group for key in self._issue_keys(ticket)})[:FOLLOWED]
        asks += [self._linked(self.found.issues[key].url or key if key.isdecimal() else key) for key in keys]
        asks += [self._thread(message) for message in self._best_messages()]
        known = (account_for(self.found, ticket) for ticket in group)
        accounts = {account.id if account else ticket.account for ticket, account in zip(group, known, strict=True)
                    if account or self._is_one_system()}  # fmt: skip
        asks += [ask(account) for account in sorted(accounts - {""}) for ask in (self._deals, self._contacts)]
        await asyncio.gather(*asks)

    def _is_one_system(self) -> bool:
        """Whether tickets name accounts by the CRM's ids, since both are the same system."""
        support, crm = self.reader.sources.support, self.reader.sources.crm
        return support is not None and crm is not None and support.name == crm.name

    def _known_as(self, account: Account) -> str:
        """What the support platform knows the account by: its id in the same system, its name in another one."""
        return account.id if self._is_one_system() else account.name

    def _unasked(self) -> Iterable[str]:
        """What of the CRM the last wave made known too late to ask for it."""
        for ticket in self.family.same:
            account = account_for(self.found, ticket)
            if account is not None and ("deals", account.id) not in self._asked:
                yield f"deals of {account.id}"
            elif account is None and ticket.account and ("account", ticket.account) not in self._asked:
                yield f"the account of ticket {ticket.id}"

    def _unread(self) -> list[Ticket]:
        """The best of what a search gave without any text: what they are about shows only in their threads."""
        return [each for each in self._searched if not each.comments.read and each.comments.cut][:FOLLOWED]

    def _links(self, ticket: Ticket) -> tuple[str, ...]:
        return tuple(link for link in ticket.links[:FOLLOWED] if link not in self.found.tickets)

    def _mentioned_keys(self) -> tuple[str, ...]:
        texts = [heard(c.body) for ticket in self.family.same for c in ticket.comments.items]
        texts += [heard(message.text) for message in self.found.messages.values()]
        keys = dict.fromkeys(key for text in texts for key in ISSUE_KEY.findall(text))
        return tuple(key for key in keys if key not in self.found.issues)[:FOLLOWED]

    def _best_issues(self) -> list[Issue]:
        """The issues that share most words with what was typed, a few of them."""
        words = words_of(self.understood, self.match)
        known = sorted(
            self.found.issues.values(), key=lambda i: (-len(words & terms(f"{i.title} {heard(i.body)}")), i.key)
        )
        return known[:READ_WHOLE]

    def _best_messages(self) -> list[Message]:
        """The messages that share most words with the issue, a few of them."""
        words = words_of(self.understood, self.match)
        known = sorted(self.found.messages.values(), key=lambda m: (-len(words & terms(heard(m.text))), m.id))
        return known[:FOLLOWED]

    def _first_time(self, what: str, which: str) -> bool:
        new = (what, which) not in self._asked
        self._asked.add((what, which))
        return new

    async def _of(self, category: Category, asked: str, call: Awaitable[Page[T]]) -> tuple[T, ...]:
        """What belongs to a record, which the source need not know."""
        return await self.reader.page(category, asked, call, of_record=True)

    async def _tickets(self, query: str, account: str = "") -> None:
        support = self.reader.sources.support
        if support is not None and self._first_time("tickets", query + "\n" + account):
            asked = f"tickets of {account}" if account else "tickets like the issue"
            call = support.search_tickets(query, account=account, limit=TICKETS)
            found = await self.reader.page("support_platform", asked, call, of_record=bool(account))
            self._searched = self._searched or found
            for ticket in found:
                keep(self.read.tickets, self.found.tickets, ticket.id, ticket)

    async def _linked(self, record: str) -> None:
        support = self.reader.sources.support
        if support is not None and self._first_time("linked", record):
            call = support.linked_tickets(record)
            for ticket in await self._of("support_platform", f"tickets linked to {record}", call):
                keep(self.read.tickets, self.found.tickets, ticket.id, ticket)

    async def _whole(self, ticket: Ticket) -> None:
        support = self.reader.sources.support
        if support is not None and ticket.comments.cut and self._first_time("whole", ticket.id):
            whole = await self.reader.one("support_platform", support.get_ticket(ticket.id))
            if whole is not None:
                keep(self.read.tickets, self.found.tickets, whole.id, whole)

    async def _whole_issue(self, issue: Issue) -> None:
        tracker = self.reader.sources.tracker
        if tracker is not None and issue.comments.cut and self._first_time("whole issue", issue.key):
            whole = await self.reader.one("project_tracker", tracker.get_issue(issue.key))
            if whole is not None:
                keep(self.read.issues, self.found.issues, whole.key, whole)

    async def _record(self, link: str) -> None:
        """A linked record, asked for at both at once: a ticket where the support platform knows it, else an issue."""
        key = last_part(link)
        support, tracker = self.reader.sources.support, self.reader.sources.tracker
        if not key or not self._first_time("record", key):
            return
        as_ticket = support is not None and not ISSUE_KEY.fullmatch(key)
        ticket, issue = await asyncio.gather(
            self.reader.one("support_platform", support.get_ticket(key)) if support and as_ticket else _nothing(),
            self.reader.one("project_tracker", tracker.get_issue(key)) if tracker else _nothing(),
        )
        if ticket is not None and _leads_to(link, ticket.url):
            keep(self.read.tickets, self.found.tickets, ticket.id, ticket)
        elif issue is not None and _leads_to(link, issue.url):
            keep(self.read.issues, self.found.issues, issue.key, issue)

    async def _accounts(self, query: str) -> None:
        crm = self.reader.sources.crm
        if crm is not None:
            call = crm.search_accounts(query)
            for account in await self.reader.page("crm", "accounts by name", call):
                keep(self.read.accounts, self.found.accounts, account.id, account)

    async def _account(self, ticket: Ticket) -> None:
        crm = self.reader.sources.crm
        wanted = ticket.account or ticket.requester.email.rpartition("@")[2]
        if crm is None or not wanted or account_for(self.found, ticket) or not self._first_time("account", wanted):
            return
        account = await self.reader.one("crm", crm.get_account(wanted))
        if account is not None:
            keep(self.read.accounts, self.found.accounts, account.id, account)

    async def _contacts(self, account: str) -> None:
        crm = self.reader.sources.crm
        if crm is not None and self._first_time("contacts", account):
            for contact in await self._of("crm", f"contacts of {account}", crm.list_contacts(account)):
                keep(self.read.contacts, self.found.contacts, contact.id, contact)

    async def _deals(self, account: str) -> None:
        crm = self.reader.sources.crm
        if crm is not None and self._first_time("deals", account):
            for deal in await self._of("crm", f"deals of {account}", crm.list_deals(account)):
                keep(self.read.deals, self.found.deals, deal.id, deal)

    async def _messages(self, query: str) -> None:
        chat = self.reader.sources.chat
        if chat is not None and self._first_time("messages", query):
            call = chat.search_messages(query, limit=CHAT)
            self._keep_messages(await self.reader.page("chat", "messages like the issue", call))

    async def _thread(self, message: Message) -> None:
        chat, message = self.reader.sources.chat, self.read.messages[message.id]
        thread = message.thread or message.id
        if chat is not None and self._first_time("thread", f"{message.channel}/{thread}"):
            call = chat.get_thread(message.channel, thread)
            self._keep_messages(await self._of("chat", f"thread {thread}", call))

    def _keep_messages(self, messages: Iterable[Message]) -> None:
        for message in messages:
            if message.at <= self.now:
                keep(self.read.messages, self.found.messages, message.id, message)

    async def _issues(self, query: str) -> None:
        tracker = self.reader.sources.tracker
        if tracker is not None and self._first_time("issues", query):
            call = tracker.search_issues(query, limit=ISSUES)
            for issue in await self.reader.page("project_tracker", "issues like it", call):
                keep(self.read.issues, self.found.issues, issue.key, issue)

    async def _articles(self, query: str) -> None:
        knowledge = self.reader.sources.knowledge
        if knowledge is not None and self._first_time("articles", query):
            call = knowledge.search_articles(query, limit=ARTICLES)
            for article in await self.reader.page("knowledge_base", "articles like it", call):
                keep(self.read.articles, self.found.articles, article.id, article)

    def count(self) -> None:
        """Tell the reader which records came from where, in a fixed order."""
        found, sources = self.found, self.reader.sources
        if sources.support is not None:
            self.reader.saw("support_platform", sorted(found.tickets))
        if sources.crm is not None:
            self.reader.left_out("crm", sorted(set(self._unasked())))
            self.reader.saw("crm", [*sorted(found.accounts), *sorted(found.contacts), *sorted(found.deals)])
        if sources.chat is not None:
            self.reader.saw("chat", sorted(found.messages))
        if sources.tracker is not None:
            self.reader.saw("project_tracker", sorted(found.issues))
        if sources.knowledge is not None:
            self.reader.saw("knowledge_base", sorted(found.articles))


def _leads_to(link: str, url: str) -> bool:
    """Whether a link can mean the record at this address: two systems may well have a record of the same number."""
    return "://" not in link or "://" not in url or link.split("/")[2] == url.split("/")[2]


async def _nothing() -> None:
    return None
