"""Several sources of one category read as one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation_connectors.errors import NotFound, Unavailable
from escalation_connectors.fakes import FakeChat, FakeCRM, FakeKnowledge, FakeSupport, FakeTracker, Trouble
from escalation_connectors.joined import SeveralChat, SeveralCRM, SeveralKnowledge, SeveralSupport, SeveralTrackers
from escalation_connectors.records import Account, Article, Contact, Deal, Issue, Message, Ticket

AT = datetime(2026, 11, 1, tzinfo=UTC)
DOWN = Trouble(fault="down")


def issues(*keys: str) -> list[Issue]:
    return [Issue(key=key, title="export fails", created_at=AT) for key in keys]


async def test_answers_stand_side_by_side() -> None:
    both = SeveralTrackers([FakeTracker(issues("A-1", "A-2"), name="jira"), FakeTracker(issues("9"), name="github")])

    page = await both.search_issues("export")
    assert ([each.key for each in page.items], page.total, page.cut, page.failed) == (["A-1", "9", "A-2"], 3, False, ())
    cut = await both.search_issues("export", limit=2)
    assert ([each.key for each in cut.items], cut.cut) == (["A-1", "9"], True)
    assert both.name == "jira, github"
    assert (await both.get_issue("9")).key == "9"
    with pytest.raises(NotFound):
        await both.get_issue("none")


async def test_one_that_fails_is_said_beside_what_the_other_gave() -> None:
    both = SeveralTrackers([FakeTracker(issues("A-1"), name="jira"), FakeTracker((), name="github", trouble=DOWN)])

    page = await both.search_issues("export")
    assert ([each.key for each in page.items], page.total, page.cut) == (["A-1"], None, True)
    assert page.failed == ("github: the service is not available",)
    with pytest.raises(Unavailable):  # it may well be there that the issue is
        await both.get_issue("B-1")


async def test_where_all_fail_the_failure_is_raised() -> None:
    both = SeveralChat([FakeChat((), trouble=DOWN), FakeChat((), trouble=DOWN)])
    with pytest.raises(Unavailable):
        await both.search_messages("export")


async def test_every_category_can_be_joined() -> None:
    ticket = Ticket(id="T-1", subject="export fails", created_at=AT, links=("ENG-1",))
    support = SeveralSupport([FakeSupport([ticket]), FakeSupport()])
    assert (await support.search_tickets("export")).items == (await support.linked_tickets("ENG-1")).items == (ticket,)
    assert await support.get_ticket("T-1") == ticket

    account = Account(id="A", name="Acme")
    contact, deal = Contact(id="C", account="A", name="Ines"), Deal(id="D", account="A", name="Renewal")
    crm = SeveralCRM([FakeCRM(), FakeCRM([account], [contact], [deal])])
    assert (await crm.search_accounts("Acme")).items == (await crm.get_account("A"),)
    assert ((await crm.list_contacts("A")).items, (await crm.list_deals("A")).items) == ((contact,), (deal,))

    message = Message(id="1", channel="ops", at=AT, text="export fails")
    assert (await SeveralChat([FakeChat([message]), FakeChat()]).get_thread("ops", "1")).items == (message,)

    article = Article(id="K", title="Export")
    knowledge = SeveralKnowledge([FakeKnowledge(), FakeKnowledge([article])])
    assert (await knowledge.search_articles("export")).items == (await knowledge.get_article("K"),)
