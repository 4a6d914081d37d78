"""A case: whom and what it is about, which records belong to it, and the evidence for all of them."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from customer_escalation import case as cases
from customer_escalation import intake
from customer_escalation.case import Case, talk
from customer_escalation.gather import gather
from customer_escalation.workflow import quiet
from escalation_connectors.fakes import FakeChat, FakeCRM, FakeKnowledge, FakeSupport, FakeTracker, Trouble
from escalation_connectors.records import Article, Comment, Deal, Issue, Message, Page, Person, Ticket
from escalation_connectors.sources import Sources
from tests.planting import WORDINGS
from tests.sources import ACCOUNTS, ISSUE, NOW, OTHER, SAID, TICKET, TRACKED, ago, comment, company, setting_over
from tests.virtual_time import elapsed

PLANTED = WORDINGS["plain"]


def case_over(sources: Sources, issue: str = ISSUE) -> Case:
    """The case for these words."""
    understood, setting = intake.understand(issue, ""), setting_over(sources)
    gathered, _ = elapsed(gather(understood, sources, NOW, 14.0, 30.0, quiet))
    return cases.build(understood, gathered, setting.policy, setting.profile, NOW)


def company_with(*tickets: Ticket, **sources: Any) -> Sources:
    """The company with other tickets or sources."""
    return replace(company(), support=FakeSupport(tickets or (TICKET, OTHER), accounts=ACCOUNTS), **sources)


def names(case: Case) -> list[str]:
    """The customers' names."""
    return [customer.name for customer in case.customers]


def test_customers_are_counted_by_account_and_not_by_ticket() -> None:
    again = replace(OTHER, id="103", account="acme")
    assert names(case_over(company_with(TICKET, OTHER, again))) == ["Acme Corp", "Borg AB"]


def test_a_ticket_of_an_account_that_no_crm_knows_counts_under_its_name() -> None:
    stranger = replace(OTHER, account="Nordvind AS", requester=Person("Bo"))
    customer = case_over(company_with(TICKET, stranger)).customers[1]
    assert (customer.name, customer.account) == ("Nordvind AS", None)


def test_without_any_account_each_customer_who_speaks_is_one() -> None:
    thread = (comment("It fails for us.", 9, name="Ada"), comment("For us too, error 500.", 8, name="Cy"))
    shared = replace(TICKET, account="", requester=Person("Bo"), comments=Page(thread))
    assert names(case_over(company_with(shared, crm=None))) == ["Bo", "Ada", "Cy"]


def test_a_colleague_who_opens_a_ticket_is_no_customer() -> None:
    thread = (comment("The export fails with error 500.", 9, role="agent", name="Bo"),)
    internal = replace(TICKET, account="", requester=Person("Bo"), comments=Page(thread))
    customers = case_over(company_with(internal, crm=None)).customers
    assert [(customer.unnamed, customer.tickets) for customer in customers] == [(True, ("101",))]


def test_a_name_with_an_order_in_it_is_the_same_name() -> None:
    planted = replace(OTHER, account=f"Nordvind AS. {PLANTED}", requester=Person("Bo"))
    assert names(case_over(company_with(TICKET, planted)))[1] == "Nordvind AS"


def test_a_linked_issue_belongs_to_the_case_and_a_strange_one_does_not() -> None:
    strange = Issue(key="ORD-8", title="Export of orders slow page", created_at=ago(50), kind="task")
    case = case_over(company_with(tracker=FakeTracker((TRACKED, strange))))
    assert [issue.key for issue in case.issues] == ["ORD-1"]


def test_a_bare_number_in_a_text_names_no_issue() -> None:
    numbered = Issue(key="9", title="Dark mode", created_at=ago(90))
    quiet_ticket = replace(TICKET, links=())
    for text, found in (("9 of 10 exports fail with error 500.", []), ("It fails, see #9 for that.", ["9"])):
        ticket = replace(quiet_ticket, comments=Page((comment(text, 9),)))
        case = case_over(company_with(ticket, tracker=FakeTracker([numbered])))
        assert [issue.key for issue in case.issues] == found


def test_an_issue_in_the_same_words_belongs_to_the_case_while_it_is_open() -> None:
    alike = Issue(key="ORD-7", title=TICKET.subject, created_at=ago(50), body=TICKET.comments.items[0].body, kind="bug")
    done = replace(alike, key="ORD-6", resolved_at=ago(40))
    fresh = replace(alike, key="ORD-5", resolved_at=ago(1))
    case = case_over(company_with(tracker=FakeTracker((alike, done, fresh))))
    assert [issue.key for issue in case.issues] == ["ORD-5", "ORD-7"]


def test_a_thread_in_which_the_ticket_is_named_belongs_to_the_case_whole() -> None:
    answer = Message(id="m2", channel="#support", at=ago(7), text="On it.", thread="m1")
    strange = Message(
        id="m3", channel="#random", at=ago(7), text="The export of orders is my favourite page.", thread="m3"
    )
    case = case_over(company_with(chat=FakeChat((SAID, answer, strange))))
    assert [message.id for message in case.messages] == ["m1", "m2"]


def test_a_message_that_names_the_customer_and_the_problem_belongs_to_the_case() -> None:
    told = Message(id="m4", channel="#sales", at=ago(7), text="Acme Corp tells me their orders export fails.")
    assert [message.id for message in case_over(company_with(chat=FakeChat((told,)))).messages] == ["m4"]


def test_articles_are_those_that_share_the_problems_rare_words() -> None:
    exports = Article(id="k1", title="Export of orders fails", body="What to do.", kind="guide")
    strange = Article(id="k2", title="Invoices and credits", body="Orders are billed monthly.", kind="guide")
    case = case_over(company_with(knowledge=FakeKnowledge((exports, strange))))
    assert [article.id for article in case.articles] == ["k1"]


def test_a_security_report_brings_the_article_on_incidents() -> None:
    told = comment("We see invoices of another customer in the export, a data breach.", 20)
    ticket = replace(TICKET, subject="Data breach: another customer's invoices", comments=Page((told,)))
    guide = Article(id="k9", title="Reporting a security incident or exposure", body="Who to call.", kind="policy")
    case = case_over(company_with(ticket, knowledge=FakeKnowledge((guide,))), "Data breach at Acme Corp")
    assert [article.id for article in case.articles] == ["k9"]


def test_deals_of_an_account_are_the_open_ones() -> None:
    known = Deal(id="d1", account="acme", name="A", is_open=True)
    deals = (
        known,
        replace(known, id="d2", is_open=False),
        replace(known, id="d3", is_open=None, stage="Closed won"),
        replace(known, id="d4", is_open=None, stage="Proposal"),
        replace(known, id="d5", is_open=None, stage="lost"),
        replace(known, id="d6", account="Acme Corp"),
    )
    case = case_over(company_with(crm=FakeCRM(ACCOUNTS, (), deals)))
    assert [deal.id for deal in case.deals(ACCOUNTS[0])] == ["d1", "d4", "d6"]


def test_every_record_that_was_read_is_a_row_and_so_is_the_coverage_of_each_source() -> None:
    ids = {row.id for row in case_over(company()).ledger}
    assert ids >= {"R-0", "T-101", "T-101/1", "A-acme", "P-c1", "D-d1", "M-m1", "I-ORD-1", "K-kb-export"}
    assert ids >= {"S-support_platform", "S-crm", "S-chat", "S-project_tracker", "S-knowledge_base", "S-case"}


def test_coverage_says_what_was_searched_for_and_what_failed() -> None:
    case = case_over(company(crm=Trouble(fault="down")))

    assert "searched for “Export of orders fails with error 500 for Acme Corp”" in case.ledger["S-chat"].text
    assert "failed: the service is not available" in case.ledger["S-crm"].text
    assert (case.ledger["S-chat"].complete, case.ledger["S-crm"].complete) == (True, False)
    assert case_over(company_with(crm=None)).ledger["S-crm"].text == "crm: not connected"


def test_coverage_says_what_was_cut() -> None:
    many = tuple(replace(OTHER, id=str(200 + n), comments=Page(())) for n in range(40))
    row = case_over(company_with(TICKET, *many)).ledger["S-support_platform"]

    assert "read 25 of 41 (tickets like the issue)" in row.text
    assert not row.complete


def test_the_threads_of_the_case_are_complete_only_where_all_of_them_was_read() -> None:
    whole = case_over(company()).ledger["S-case"]
    cut = case_over(company_with(replace(TICKET, comments=replace(TICKET.comments, total=9, cut=True)))).ledger[
        "S-case"
    ]

    assert (whole.complete, cut.complete) == (True, False)
    assert "ticket 101: 1 of 9 comments" in cut.text


def test_the_primary_ticket_comes_first_and_its_subject_is_what_the_case_is_about() -> None:
    case = case_over(company())
    assert [ticket.id for ticket in case.tickets] == ["101", "102"]
    assert case.about == "Export of orders fails with error 500"
    assert case.reference("T-101", ("T-101/1",)).cites == ("T-101", "T-101/1")


def test_without_a_ticket_the_case_is_about_what_was_typed() -> None:
    case = case_over(Sources(), "The export fails")
    assert (case.primary, case.about, case.thread_rows()) == (None, "The export fails", ())
    assert not case.ledger["S-case"].complete


def test_a_comment_to_a_machine_alone_is_evidence_and_no_word_of_the_thread() -> None:
    spoken = Comment("2", PLANTED, ago(1), Person("Ada Lund", "customer"))
    case = case_over(company_with(replace(TICKET, comments=Page((*TICKET.comments.items, spoken)))))

    assert [row.id for row in case.comments(case.tickets[0])] == ["T-101/1"]
    assert case.ledger["T-101/2"].text == PLANTED


def test_talk_is_what_was_said_anywhere_in_the_order_of_time() -> None:
    tracked = replace(TRACKED, comments=Page((Comment("1", "A fix is under way.", ago(9), Person("Cy", "engineer")),)))
    case = case_over(company_with(tracker=FakeTracker((tracked,))))
    assert [row.id for row in talk(case)] == ["T-101/1", "T-102/1", "I-ORD-1/1", "M-m1"]
