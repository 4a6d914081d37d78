"""Gathering: what the words point to, then what that points to, each thing asked for once."""

from __future__ import annotations

from typing import cast

from msgspec.structs import replace

from customer_escalation import intake
from customer_escalation.gather import Gathered, gather
from customer_escalation.workflow import quiet
from escalation_connectors.fakes import FakeChat, FakeCRM, FakeKnowledge, FakeSupport, FakeTracker, Trouble
from escalation_connectors.records import Account, Deal, Page, Ticket
from escalation_connectors.sources import Sources
from tests.planting import WORDINGS
from tests.sources import ACCOUNTS, ISSUE, NOW, OTHER, SAID, TICKET, TRACKED, ago, comment, company
from tests.virtual_time import elapsed

PLANTED = WORDINGS["plain"]


def gathered(sources: Sources, issue: str = ISSUE, customer: str = "") -> Gathered:
    """What is gathered for these words."""
    return elapsed(gather(intake.understand(issue, customer), sources, NOW, 14.0, 30.0, quiet))[0]


def asked(source: object) -> list[tuple[str, tuple[object, ...]]]:
    """The calls that a fake source has had."""
    return cast("FakeSupport", source).line.calls


def with_tickets(*tickets: Ticket, accounts: tuple[Account, ...] = ACCOUNTS) -> Sources:
    """The company with these tickets."""
    return replace(company(), support=FakeSupport(tickets, accounts=accounts), crm=FakeCRM(accounts))


def test_the_words_lead_to_the_ticket_and_the_ticket_to_all_that_is_around_it() -> None:
    found = gathered(company()).found

    assert list(found.tickets) == ["101", "102"]
    assert list(found.accounts) == ["acme", "borg"]
    assert list(found.contacts) == ["c1"]
    assert list(found.deals) == ["d1"]
    assert list(found.messages) == ["m1"]
    assert list(found.issues) == ["ORD-1"]
    assert list(found.articles) == ["kb-export"]


def test_the_customer_is_matched_by_name_and_the_tickets_are_one_family() -> None:
    result = gathered(company())

    assert result.match.account is not None
    assert result.match.account.id == "acme"
    assert result.family.primary is not None
    assert [ticket.id for ticket in result.family.same] == ["101", "102"]


def test_nothing_is_asked_for_twice() -> None:
    sources = company()
    gathered(sources)

    for source in (sources.support, sources.crm, sources.chat, sources.tracker, sources.knowledge):
        calls = [str(call) for call in asked(source)]
        assert len(calls) == len(set(calls))


def test_a_ticket_that_the_words_name_is_read_even_where_no_search_finds_it() -> None:
    far = Ticket(id="900", subject="Something else", created_at=ago(5))

    assert "900" in gathered(with_tickets(TICKET, far), "Please look at #900").found.tickets


def test_a_link_is_asked_for_at_the_support_platform_and_at_the_tracker_at_once() -> None:
    sources = company(Trouble(delay=0.2))
    work = gather(intake.understand(ISSUE, ""), sources, NOW, 14.0, 30.0, quiet)
    _, seconds = elapsed(work)

    assert ("get_ticket", ("77",)) in asked(sources.support)
    assert ("get_issue", ("77",)) in asked(sources.tracker)
    assert seconds <= 3 * 0.2 * 1.15


def test_a_link_that_looks_like_an_issue_key_is_not_asked_for_as_a_ticket() -> None:
    sources = replace(company(), tracker=FakeTracker(()))
    gathered(sources)

    assert ("get_issue", ("ORD-1",)) in asked(sources.tracker)
    assert ("get_ticket", ("ORD-1",)) not in asked(sources.support)


def test_a_linked_ticket_is_followed() -> None:
    linked = Ticket(id="77", subject="Quite another matter", created_at=ago(40))

    assert "77" in gathered(with_tickets(TICKET, linked)).found.tickets


def test_an_issue_that_is_only_spoken_of_is_read() -> None:
    told = replace(SAID, text="101: the export fails, see ORD-9")
    tracked = replace(TRACKED, key="ORD-9", title="Nothing alike", links=())
    sources = replace(company(), chat=FakeChat((told,)), tracker=FakeTracker((tracked,)))

    assert "ORD-9" in gathered(sources).found.issues


def test_an_account_that_no_search_found_is_asked_for_by_the_ticket() -> None:
    hidden = Account(id="x-1", name="Zeta Works", domain="zeta.example")
    other = replace(OTHER, account="x-1")

    assert "x-1" in gathered(with_tickets(TICKET, other, accounts=(*ACCOUNTS, hidden))).found.accounts


def late_account(crm: str) -> Gathered:
    """A run in which a customer's account comes in the last wave, from a CRM of this name."""
    late, deal = Account(id="x-1", name="Zeta Works"), Deal(id="d9", account="x-1", name="More", is_open=True)
    who = replace(OTHER.requester, email="cy@zeta.example")
    third = replace(OTHER, id="103", account="x-1", requester=who, subject="Nothing moves", comments=Page((), 0))
    tickets = (replace(TICKET, links=("ORD-1", "103")), OTHER, third)
    support = FakeSupport(tickets, accounts=(*ACCOUNTS, late), name="desk")
    return gathered(replace(company(), support=support, crm=FakeCRM((*ACCOUNTS, late), (), (deal,), name=crm)))


def test_deals_of_an_account_that_the_last_wave_brings_are_read_with_it_where_tickets_name_it_by_its_id() -> None:
    result = late_account("desk")

    assert "d9" in result.found.deals
    assert not any(report.note for report in result.reader.reports() if report.category == "crm")


def test_else_they_are_said_to_be_unread() -> None:
    result = late_account("elsewhere")

    assert "x-1" in result.found.accounts
    assert "d9" not in result.found.deals
    assert [report.note for report in result.reader.reports() if report.category == "crm"] == [
        "read 0 of unknown for deals of x-1"
    ]


def test_an_account_whose_ticket_comes_in_the_last_wave_is_said_to_be_unread() -> None:
    nobody = replace(OTHER.requester, email="")
    last = replace(OTHER, id="104", account="x-1", requester=nobody, subject="Nothing moves", comments=Page((), 0))
    sources = replace(company(), support=FakeSupport((TICKET, replace(last, links=("ORD-1",)))))

    notes = [report.note for report in gathered(sources).reader.reports() if report.category == "crm"]
    assert notes == ["read 0 of unknown for the account of ticket 104"]


def test_a_requester_without_an_account_is_matched_by_the_domain() -> None:
    bare = replace(TICKET, account="")
    result = gathered(with_tickets(bare, OTHER))

    assert result.account_of(result.found.tickets["101"]) == ACCOUNTS[0]


def test_a_requester_of_no_known_domain_has_no_account() -> None:
    bare = replace(TICKET, account="", requester=replace(TICKET.requester, email="ada@nowhere.example"))
    result = gathered(with_tickets(bare))

    assert result.account_of(result.found.tickets["101"]) is None


def test_of_two_readings_of_a_ticket_the_one_with_more_of_its_thread_is_kept() -> None:
    class Shortening(FakeSupport):
        """Gives threads cut in lists."""

        async def search_tickets(self, query: str, **options: object) -> Page[Ticket]:
            page = await super().search_tickets(query)
            return Page(tuple(replace(each, comments=Page((), 1, cut=True)) for each in page.items), page.total)

    sources = replace(company(), support=Shortening((TICKET, OTHER), accounts=ACCOUNTS))

    assert gathered(sources).found.tickets["101"].comments == TICKET.comments


def test_what_was_written_after_the_moment_of_the_run_is_not_seen() -> None:
    late = replace(SAID, id="m2", thread="m2", at=ago(-1))
    sources = replace(company(), chat=FakeChat((SAID, late)))

    assert list(gathered(sources).found.messages) == ["m1"]


def test_a_security_report_looks_for_the_article_on_incidents() -> None:
    told = comment("Our users can see invoices of another customer, a data breach.", 20)
    ticket = replace(TICKET, subject="Customer sees another customer's invoices", comments=Page((told,), 1))
    sources = replace(with_tickets(ticket), knowledge=FakeKnowledge(()))
    gathered(sources, "A customer sees another customer's invoices")

    queries = [str(call[1][0]) for call in asked(sources.knowledge)]
    assert "report a security incident, data exposure" in queries


def test_without_any_source_nothing_is_found_and_nothing_breaks() -> None:
    result = gathered(Sources())

    assert (result.found.tickets, result.family.primary) == ({}, None)


def test_records_are_worked_with_as_heard_and_kept_as_read() -> None:
    planted = replace(TICKET, subject=f"{TICKET.subject}. {PLANTED}", status=f"open {PLANTED}")
    result = gathered(with_tickets(planted, OTHER))

    assert (result.found.tickets["101"].subject, result.found.tickets["101"].status) == (TICKET.subject, "open")
    assert result.read.tickets["101"] == planted


def test_a_thread_is_asked_for_under_the_channel_as_it_is_written() -> None:
    planted = replace(SAID, channel=f"#support {PLANTED}")
    sources = replace(company(), chat=FakeChat((planted,)))
    result = gathered(sources)

    assert ("get_thread", (planted.channel, "m1", 100)) in asked(sources.chat)
    assert result.found.messages["m1"].channel == "#support"
