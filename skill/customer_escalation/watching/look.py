"""A cheap second look at what a case rests on: what is known is read by its id, new reports by one search.

A row has changed where the hash of its raw text is another one than the case holds. A source that failed is named; it
never counts as "nothing new".
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec import Struct

from customer_escalation import rows
from customer_escalation.brief import Result
from customer_escalation.claims import claims
from customer_escalation.evidence import Evidence, Ledger
from customer_escalation.hearing import as_heard
from customer_escalation.language import one_line, signatures, terms
from customer_escalation.reading import Reader
from customer_escalation.related import problem_text
from customer_escalation.settings import Setting
from customer_escalation.workflow import quiet
from escalation_connectors.records import Article, Category, Issue, Message, Page, Ticket

T = TypeVar("T")
_Take = Callable[[T], Iterable[Evidence]]
NEW, LINKED = 25, 8
OVERLAP = timedelta(hours=1)  # a search index lags behind what was written
SHARED_WORDS = 2
AROUND = re.compile(r"\(kind: (?:workaround|known_issue)\b")


class Look(Struct, frozen=True):
    """What a look cost and found: rows that changed or came, and which sources did not answer."""

    requests: int
    changed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


async def look(kept: Result, known: Mapping[str, str], setting: Setting, since: datetime) -> Look:
    """Read again what the case rests on, and what came since. Never raises for a source that failed.

    `known` are the hashes of rows that an earlier look has told of and the kept result does not hold.
    """
    run = _Look(kept, Reader(setting.sources, setting.deadline_s, quiet))
    await asyncio.gather(*run.asks(since - OVERLAP))
    changed = [row.id for row in run.read if is_new(row, kept.evidence, known)]
    return Look(run.requests, tuple(dict.fromkeys(changed)), run.failed)


def is_new(row: Evidence, kept: Ledger, known: Mapping[str, str]) -> bool:
    """Whether neither the kept evidence nor an earlier look knows the row as it reads now."""
    held = kept.get(row.id)
    return known.get(row.id) != row.sha256 and (held is None or held.sha256 != row.sha256)


def tickets_of(result: Result) -> tuple[str, ...]:
    """The row ids of the tickets that tell of the problem, the one that was meant first."""
    named = {rows.evidence_id("ticket", each) for reporter in result.reporters for each in reporter.tickets}
    listed = [ref.id for ref in result.brief.supporting.tickets if ref.id in named or not named]
    return tuple(dict.fromkeys((*listed, *sorted(named))))


def issues_of(result: Result) -> tuple[str, ...]:
    """The row ids of the tracker issues of the case."""
    return tuple(dict.fromkeys(ref.id for ref in result.brief.supporting.issues))


def thread_of(result: Result) -> tuple[Evidence, ...]:
    """What was said on the case, by time: comments of its tickets and issues, and its chat."""
    bases = {*tickets_of(result), *issues_of(result)}
    chat = {cite for ref in result.brief.supporting.discussions for cite in ref.cites}
    found = [row for row in result.evidence if row.id in chat or ("/" in row.id and row.id.rpartition("/")[0] in bases)]
    return tuple(sorted(found, key=lambda row: (row.at or result.now, row.id)))


class _Look:
    """One look, call by call."""

    def __init__(self, kept: Result, reader: Reader) -> None:
        self.kept, self.reader, self.read, self.requests = kept, reader, list[Evidence](), 0
        tickets = (kept.evidence.get(row) for row in tickets_of(kept))
        issues = (kept.evidence.get(row) for row in issues_of(kept))
        self.tickets = [row for row in tickets if row is not None]
        self.issues = [row for row in issues if row is not None]

    @property
    def failed(self) -> tuple[str, ...]:
        """Which sources did not answer, and why."""
        outcomes = self.reader.outcomes.items()
        return tuple(
            f"{name}: {'; '.join(sorted(set(each.errors)))}" for name, each in outcomes if each and each.errors
        )

    def asks(self, since: datetime) -> Iterator[Awaitable[None]]:
        """Everything to be asked, all at once."""
        support, tracker, chat = self.reader.sources.support, self.reader.sources.tracker, self.reader.sources.chat
        knowledge, record = self.reader.sources.knowledge, next((row.record for row in self.tickets), "")
        if support is not None:
            for row in self.tickets:
                yield self._one("support_platform", support.get_ticket(row.record), self._known(row))
            for linked in (row.record for row in (*self.tickets[:1], *self.issues[:LINKED])):
                yield self._page("support_platform", support.linked_tickets(linked), self._new)
            query = one_line(f"{self.kept.issue} {self.tickets[0].title if self.tickets else ''}", 300)
            yield self._page("support_platform", support.search_tickets(query, since=since, limit=NEW), self._alike)
        if tracker is not None:
            for row in self.issues:
                yield self._one("project_tracker", tracker.get_issue(row.record), self._issue)
        if chat is not None and record:
            yield self._page("chat", chat.search_messages(record, since=since, limit=NEW), self._message)
        if knowledge is not None:
            for row in _workarounds(self.kept):
                yield self._one("knowledge_base", knowledge.get_article(row.record), self._article)

    async def _one(self, category: Category, call: Awaitable[T], take: _Take[T]) -> None:
        self.requests += 1
        found = await self.reader.one(category, call)
        if found is not None:
            self.read += take(found)

    async def _page(self, category: Category, call: Awaitable[Page[T]], take: _Take[T]) -> None:
        self.requests += 1
        for found in await self.reader.page(category, "what is new", call):
            self.read += take(found)

    def _known(self, row: Evidence) -> _Take[Ticket]:
        """The ticket's rows; its customer is the name that the case found for it."""

        def take(ticket: Ticket) -> Iterable[Evidence]:
            return rows.ticket_rows(ticket, row.connector, str(row.fields.get("customer") or ""))

        return take

    def _new(self, ticket: Ticket) -> Iterable[Evidence]:
        """Only what the case does not hold at all."""
        known = rows.evidence_id("ticket", ticket.id) in self.kept.evidence
        return () if known else rows.ticket_rows(ticket, "", ticket.account)

    def _alike(self, ticket: Ticket) -> Iterable[Evidence]:
        """A new ticket that shares words or an error with the problem; whether it is the same one, step 2 decides."""
        known = self.tickets[0] if self.tickets else self.kept.evidence["R-0"]
        first = self.kept.evidence.get(f"{known.id}/1")
        about, said = f"{known.title} {first.text if first else known.text}", problem_text(as_heard(ticket))
        shared = len(terms(about) & terms(said)) >= SHARED_WORDS or bool(signatures(about) & signatures(said))
        return self._new(ticket) if shared else ()

    def _issue(self, issue: Issue) -> Iterable[Evidence]:
        return rows.issue_rows(issue, "")

    def _message(self, message: Message) -> Iterable[Evidence]:
        known = rows.evidence_id("message", message.id) in self.kept.evidence
        return () if known else (rows.message_row(message, ""),)

    def _article(self, article: Article) -> Iterable[Evidence]:
        return (rows.article_row(article, ""),)


def _workarounds(kept: Result) -> Iterator[Evidence]:
    """Articles that a line of the result cites as a way around the problem."""
    cited = dict.fromkeys(cite for claim in claims(kept) for cite in claim.statement.cites)
    for row in (kept.evidence.get(cite) for cite in cited if cite.startswith("K-")):
        if row is not None and AROUND.search(row.text):
            yield row
