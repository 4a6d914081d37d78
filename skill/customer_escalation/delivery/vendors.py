"""Sinks over the vendors' writing sides, each for one proposal; what became of a write is looked up by reading.

A vendor that writes a key once is simply written to again. Of the others, a text that is there is proof; that it is
not there is believed only where nothing at all was added since the approval.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from msgspec import Struct

from customer_escalation.casebook.proposal import Proposal
from customer_escalation.delivery import CannotTell
from customer_escalation.delivery.changes import Change, change_of
from escalation_connectors import outgoing
from escalation_connectors.contracts import Chat, ProjectTracker, SupportPlatform
from escalation_connectors.records import Comment, Page
from escalation_connectors.vendor import Setup
from escalation_connectors.writing import Receipt

SKEW = timedelta(minutes=5)  # of the vendor's clock
SEARCHED = 20


class SupportSink(Struct, frozen=True):
    """Notes, replies and changes of one ticket."""

    setup: Setup
    proposal: Proposal

    async def send(self, proposal: Proposal, key: str) -> Receipt:
        """Write to the ticket."""
        writes, ticket, text = outgoing.support(self.setup), proposal.destination.to, proposal.payload
        if proposal.kind == "internal_note":
            return await writes.add_note(ticket, text, key=key)
        if proposal.kind == "update_ticket":
            change: Change = change_of(text)
            return await writes.update(
                ticket, tags=change.tags, priority=change.priority, status=change.status, key=key
            )
        return await writes.reply(ticket, text, draft=not proposal.destination.sends, key=key)

    async def find(self, key: str) -> Receipt | None:
        """A comment with this text; a change of fields is the same however often it is made."""
        if self.setup.vendor.once or self.proposal.kind == "update_ticket":
            return None
        source = cast("SupportPlatform", self.setup.vendor.read(self.setup))
        ticket = await source.get_ticket(self.proposal.destination.to)
        public = self.proposal.kind != "internal_note"
        of_a_draft = public and not self.proposal.destination.sends
        return _in_thread(self.proposal, ticket.comments, ticket.url, public=public, told_whole=not of_a_draft)


class ChatSink(Struct, frozen=True):
    """Messages in one channel."""

    setup: Setup
    proposal: Proposal

    async def send(self, proposal: Proposal, key: str) -> Receipt:
        """Post the text."""
        return await outgoing.chat(self.setup).post(proposal.destination.to, proposal.payload, key=key)

    async def find(self, key: str) -> Receipt | None:
        """A message with this text. A search that does not find it proves nothing."""
        if self.setup.vendor.once:
            return None
        source = cast("Chat", self.setup.vendor.read(self.setup))
        since = _since(self.proposal)
        page = await source.search_messages(self.proposal.payload[:200], since=since, limit=SEARCHED)
        for message in page.items:
            if message.at >= since and _same(message.text, self.proposal.payload):
                return Receipt(message.id, message.url)
        raise _cannot(self.setup.name)


class TrackerSink(Struct, frozen=True):
    """New issues, and comments on one issue."""

    setup: Setup
    proposal: Proposal

    async def send(self, proposal: Proposal, key: str) -> Receipt:
        """Make the issue, whose title is the first line of the text, or comment on it."""
        writes = outgoing.tracker(self.setup)
        if proposal.kind == "link_ticket":
            return await writes.comment(proposal.destination.to, proposal.payload, key=key)
        title, body = titled(proposal.payload)
        return await writes.create_issue(title, body, key=key)

    async def find(self, key: str) -> Receipt | None:
        """A comment with this text, or an issue with this title. A search that does not find it proves nothing."""
        if self.setup.vendor.once:
            return None
        source = cast("ProjectTracker", self.setup.vendor.read(self.setup))
        if self.proposal.kind == "link_ticket":
            issue = await source.get_issue(self.proposal.destination.to)
            return _in_thread(self.proposal, issue.comments, issue.url)
        title, _ = titled(self.proposal.payload)
        since = _since(self.proposal)
        for each in (await source.search_issues(title, limit=SEARCHED)).items:
            if each.created_at >= since and _same(each.title, title):
                return Receipt(each.key, each.url)
        raise _cannot(self.setup.name)


def titled(text: str) -> tuple[str, str]:
    """The first line, and what follows it."""
    title, _, body = text.partition("\n")
    return title.strip(), body.strip()


def _in_thread(
    proposal: Proposal, comments: Page[Comment], url: str, *, public: bool | None = None, told_whole: bool = True
) -> Receipt | None:
    """The comment that this write made; None where nothing was added since. Raises CannotTell."""
    since = _since(proposal)
    new = [each for each in comments.items if each.at is None or each.at >= since]
    for each in new:
        if _same(each.body, proposal.payload) and (public is None or each.public == public):
            return Receipt(each.id, url)
    if new or comments.cut or comments.failed or not told_whole:
        raise _cannot(proposal.destination.sink)
    return None


def _since(proposal: Proposal) -> datetime:
    return (proposal.approved_at or proposal.created_at) - SKEW


def _same(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


def _bare(text: str) -> list[str]:
    return text.split()


def _cannot(source: str) -> CannotTell:
    return CannotTell(f"{source}: it cannot be told whether this was written; look there")
