"""Sentences that a good writer writes: true, and told in other words, figures or names than the rows have."""

from __future__ import annotations

import pytest

from customer_escalation.brief import Kind
from customer_escalation.evidence import Evidence
from tests.skill.verify_rows import DANA, NILS, RAVI, at, reasons, row

CUSTOMER: Kind = "stated_by_customer"
STAFF: Kind = "stated_by_staff"


def why(text: str, cites: str, kind: Kind = "observed", formula: str | None = None, *more: Evidence) -> str:
    return "; ".join(reasons(text, cites, kind, formula, *more))


def test_a_requester_is_known_from_the_ticket_that_a_comment_belongs_to() -> None:
    rows = (
        row("T-103", "Ticket 103: Late files (customer: Acme Corp; requester: Elena Brook)", title="Late files"),
        row("T-103/1", "We will answer by Friday.", author=RAVI, when=at(18, 9)),
        row("S-case", "threads of this case, read whole: ticket 103: 1 of 1 comments", origin="coverage"),
    )

    assert reasons("Ravi Shah promised Elena Brook an answer by Friday.", "T-103/1", STAFF, None, *rows) == ()
    assert "Dana Brook" in why("Ravi Shah promised Dana Brook an answer by Friday.", "T-103/1", STAFF, None, *rows)
    assert reasons("The thread holds no figure that Elena Brook has sent.", "S-case", "absence", None, *rows) == ()
    assert "Elena Brook" in why("Elena Brook has sent no figure.", "S-support_platform", "absence", None, *rows)


def test_a_unit_in_a_key_is_the_unit_of_its_value() -> None:
    log = row("X-1", "[attachment a.log] page=120 ms=6904\npage=180 ms=21877", author=DANA)

    assert reasons("In the log page 120 takes 6904 ms, and page 180 nearly 22 s.", "X-1", CUSTOMER, None, log) == ()
    assert "“6905 ms”" in why("In the log page 120 takes 6905 ms.", "X-1", CUSTOMER, None, log)
    assert "“page 130”" in why("In the log page 130 takes 6904 ms.", "X-1", CUSTOMER, None, log)


def test_the_question_mark_of_an_address_asks_nothing() -> None:
    said = row("X-1", "Our job reads orders every night with GET /v2/orders?since=<day>&limit=200.", author=DANA)

    assert reasons("Their job reads orders every night with limit=200.", "X-1", CUSTOMER, None, said) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Left as it is, worker 5.2.0 gives empty exports.",
        "Lending a hand with the importer did not help.",
        "Prioritize the exports of worker 5.2.0.",
        "Exports on worker 5.2.0 have been empty since mid-month.",
    ],
)
def test_a_verb_that_opens_a_sentence_and_a_compound_of_ordinary_words_are_no_names(text: str) -> None:
    assert "the name" not in why(text, "T-101/1", CUSTOMER)


def test_a_name_that_opens_a_sentence_is_still_a_name() -> None:
    assert "the name “Sterling”" in why("Sterling had 12 of 40 exports fail.", "T-101/1", CUSTOMER)


THREAD = (
    row("T-109/1", "The deployment of 5.2.0 was finished at 08:20 UTC.", author=NILS, when=at(16, 9)),
    row("T-109/2", "Empty files since yesterday. Ids: req_1a, req_2b, req_3c.", author=DANA, when=at(18, 9, 12)),
    row("T-109/3", "Nothing is lost; the reset runs on Wednesdays.", author=RAVI, when=at(18, 9, 40)),
)


@pytest.mark.parametrize(
    ("true", "false", "cites"),
    [
        ("Two sources are at odds about the files.", "Three sources are at odds about the files.", "T-109/2 T-109/3"),
        ("The row has the three request ids.", "The row has the four request ids.", "T-109/2"),
        ("Two things were said: files are empty and nothing is lost.",
         "Four things were said: files are empty and nothing is lost.", "T-109/2 T-109/3"),
        ("Ravi Shah wrote 28 minutes later that nothing is lost.",
         "Ravi Shah wrote 38 minutes later that nothing is lost.", "T-109/2 T-109/3"),
        ("Two days later files were empty.", "Three days later files were empty.", "T-109/1 T-109/2"),
        ("Files were empty two days after the deployment of 5.2.0.",
         "The deployment of 5.2.0 was two days after the empty files.", "T-109/1 T-109/2"),
        ("Files have been empty since Tuesday.", "Files have been empty since Monday.", "T-109/2"),
        ("The next reset is on Wednesday 25 November.", "The next reset is on Thursday 26 November.", "T-109/3"),
    ],
)  # fmt: skip
def test_what_follows_from_the_cited_rows_may_be_said(true: str, false: str, cites: str) -> None:
    rows = cites.split()
    kind: Kind = "stated_by_customer" if rows[-1] == "T-109/2" else "stated_by_staff"

    assert reasons(true, cites, kind, None, *THREAD) == ()
    assert "in none of the cited rows" in why(false, cites, kind, None, *THREAD)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Acme Corp has waited for a little over a day.", True),
        ("Acme Corp has waited for about a day.", False),
        ("Acme Corp has waited for less than a day.", False),
        ("Acme Corp has waited for over an hour.", False),
        ("Acme Corp has waited for more than one day.", False),
    ],
)
def test_a_figure_that_was_worked_out_may_be_told_in_words(text: str, holds: bool) -> None:
    formula = 'hours([T-101/4].at, "2026-11-19T13:00:00Z")'  # 28 hours

    told = "does not say what the formula gives" not in why(text, "T-101/4", "derived", formula)

    assert told is holds


def test_a_sentence_that_names_everybody_it_retells_needs_no_system_record() -> None:
    cites = "T-109/2 T-109/3"

    assert (
        reasons("Dana Reyes has empty files; Ravi Shah says nothing is lost.", cites, "observed", None, *THREAD) == ()
    )
    assert "no cited row is a system" in why("Files are empty; nothing is lost.", cites, "observed", None, *THREAD)
    assert "no cited row is a system" in why("Ravi Shah says nothing is lost.", cites, "observed", None, *THREAD)


def test_another_person_may_follow_on_whoever_spoke_first() -> None:
    text = "Ravi Shah says nothing is lost, and Dana Reyes gives req_2b"

    assert reasons(text, "T-109/2 T-109/3", "observed", None, *THREAD) == ()
    assert "req_2b" in why("Ravi Shah says nothing is lost, and gives req_2b", "T-109/2 T-109/3", STAFF, None, *THREAD)


def test_a_day_of_a_row_is_a_time_of_a_formula() -> None:
    formula = 'days("2026-11-16", "2026-12-18")'

    assert reasons("The contract ends 32 days after 16 November.", "A-acme T-101", "derived", formula) == ()
    wrong = 'days("2026-11-16", "2026-12-19")'
    assert "stands in no cited row" in why("It ends 33 days after 16 November.", "A-acme T-101", "derived", wrong)


def test_nobody_has_answered_since_a_colleague_wrote() -> None:
    formula = "hours([T-101/2].at, now)"
    text = "Nobody has answered Acme Corp since Ravi Shah wrote 79 hours ago."
    answer = row("T-101/5", "It is fixed.", author=RAVI, when=at(18, 12))

    assert reasons(text, "T-101/2 S-support_platform", "derived", formula) == ()
    assert "is a public answer" in why(text, "T-101/2 S-support_platform", "derived", formula, answer)


def test_what_a_record_lists_as_its_fields_stands_together() -> None:
    deal = row(
        "D-2",
        "Beta: training (amount: EUR 75,000; stage: Proposal; open: yes; kind: new; next step: Mia Holt reviews it)",
        category="crm",
        title="Beta: training",
        amount=75_000,
        currency="EUR",
    )

    assert reasons("Mia Holt reviews a proposal of EUR 75,000.", "D-2", "observed", None, deal) == ()


def test_a_date_after_a_word_is_no_number_of_it() -> None:
    guide = row("K-2", "Read the guide to exports", category="knowledge_base", title="Exports", when=at(3, 0))

    assert "the cited rows have" not in why("Exports 12 to 14 are in the guide.", "K-2", "observed", None, guide)


def test_to_share_nothing_is_not_to_share() -> None:
    said = row("X-9", "We have not shared the file with anybody. We cannot change anything.", author=DANA)
    only = row("X-9", "We have shared the file with a partner. We can change everything.", author=DANA)

    assert reasons("Dana Reyes says that they shared nothing.", "X-9", CUSTOMER, None, said) == ()
    assert reasons("Dana Reyes can change nothing.", "X-9", CUSTOMER, None, said) == ()
    assert "shared" in why("Dana Reyes says that they shared nothing.", "X-9", CUSTOMER, None, only)
