"""Which tickets tell of the same problem, and which only sound like it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from customer_escalation.language import terms
from customer_escalation.related import Family, Likeness, family, is_done, own_cause, pick_primary
from escalation_connectors.records import Comment, Page, Person, Ticket
from tests.planting import WORDINGS
from tests.sources import NOW, ago

WORDS = terms("webhook deliveries fail with signature mismatch")
NOBODY = frozenset[str]()


def ticket(
    number: str, subject: str, *said: str, hours: float = 10, status: str = "open", role: str = "customer"
) -> Ticket:
    """A ticket whose comments are all of this role."""
    person = Person("Ada", "agent" if role == "agent" else "customer")
    comments = tuple(Comment(str(n), text, NOW, person) for n, text in enumerate(said))
    return Ticket(id=number, subject=subject, created_at=ago(hours), status=status, comments=Page(comments))


PRIMARY = ticket("1", "Webhook deliveries fail", "Webhook deliveries fail with a signature mismatch since Monday.")
ALIKE = ticket("2", "Webhook deliveries failing", "Deliveries of webhooks fail, signature mismatch.", hours=5)
UNLIKE = ticket("3", "Invoice question", "Why are there two lines on the invoice?")
CAUSE = "The cause was our own firewall, it was a mistake on our side."


def around(*tickets: Ticket, links: dict[str, frozenset[str]] | None = None, now: datetime = NOW) -> Family:
    """The family around the primary ticket."""
    return family(PRIMARY, (PRIMARY, *tickets), links or {}, WORDS, now, 14.0)


def ids(tickets: tuple[Ticket, ...]) -> list[str]:
    """The tickets' ids."""
    return [each.id for each in tickets]


def test_a_ticket_in_the_same_words_is_the_same_problem_and_another_is_not() -> None:
    assert ids(around(ALIKE, UNLIKE).same) == ["1", "2"]


def test_a_linked_ticket_is_the_same_problem_in_whatever_words_and_in_either_direction() -> None:
    assert ids(around(replace(UNLIKE, links=("https://desk.example/tickets/1/",))).same) == ["1", "3"]
    linked = replace(PRIMARY, links=("3",))
    assert ids(family(linked, (linked, UNLIKE), {}, WORDS, NOW, 14.0).same) == ["1", "3"]


def test_tickets_of_one_tracker_issue_are_one_problem() -> None:
    shared = {"1": frozenset({"O-1"}), "3": frozenset({"O-1"})}
    assert ids(around(UNLIKE, links=shared).same) == ["1", "3"]


def test_a_ticket_from_before_the_window_is_an_earlier_one() -> None:
    found = around(replace(ALIKE, created_at=ago(24 * 60)))
    assert (ids(found.same), ids(found.earlier)) == (["1"], ["2"])


def test_a_solved_ticket_is_an_earlier_one() -> None:
    assert ids(around(replace(ALIKE, status="Solved")).earlier) == ["2"]


def test_a_solved_ticket_with_a_cause_of_the_customers_own_is_a_look_alike() -> None:
    settled = ticket("2", ALIKE.subject, ALIKE.comments.items[0].body, CAUSE, status="closed", hours=5)
    assert ids(around(settled).other_cause) == ["2"]
    assert own_cause(settled)
    assert not own_cause(ALIKE)


def test_a_ticket_of_tomorrow_is_not_there_yet() -> None:
    assert ids(around(replace(ALIKE, created_at=ago(-1))).same) == ["1"]


def test_without_a_primary_ticket_there_is_no_family() -> None:
    assert family(None, (ALIKE,), {}, WORDS, NOW, 14.0) == Family(None)


def test_a_ticket_that_covers_the_typed_words_counts_though_it_is_less_alike() -> None:
    wordy = " ".join(["We run many shops and sell garden chairs, lamps, rugs and tables all over the north."] * 3)
    loose = ticket("4", "Signature mismatch: webhook deliveries fail", wordy, hours=3)
    assert "4" in ids(around(loose, UNLIKE).same)


def test_status_words_of_the_platform_say_what_is_done() -> None:
    assert [is_done(replace(ALIKE, status=each)) for each in ("CLOSED", "solved", "pending", "")] == [
        True,
        True,
        False,
        False,
    ]


def test_the_ticket_that_is_named_is_taken() -> None:
    assert pick_primary((ALIKE, UNLIKE), WORDS, frozenset({"3"}), NOBODY) == UNLIKE
    named = replace(UNLIKE, id="T-3")
    assert pick_primary((ALIKE, named), WORDS, frozenset({"3"}), NOBODY) == named


def test_else_the_best_match_is_taken_the_customers_own_first() -> None:
    assert pick_primary((PRIMARY, UNLIKE), WORDS, NOBODY, NOBODY) == PRIMARY
    mine = replace(ALIKE, id="9", created_at=ago(100))
    assert pick_primary((PRIMARY, mine), WORDS, NOBODY, frozenset({"9"})) == mine


def test_a_done_ticket_is_taken_only_where_no_open_one_matches() -> None:
    done = replace(PRIMARY, status="solved")
    assert pick_primary((done, UNLIKE), WORDS, NOBODY, NOBODY) == done
    assert pick_primary((done, ALIKE), WORDS, NOBODY, NOBODY) == ALIKE


def test_nothing_is_taken_where_nothing_matches() -> None:
    assert pick_primary((UNLIKE, replace(UNLIKE, id="5")), WORDS, NOBODY, NOBODY) is None
    assert pick_primary((), WORDS, NOBODY, NOBODY) is None


def test_tickets_that_are_all_one_thread_need_no_match() -> None:
    other = replace(UNLIKE, id="5", links=("3",))
    assert pick_primary((UNLIKE, other), WORDS, NOBODY, NOBODY) is not None


def test_no_words_cover_nothing() -> None:
    likeness = Likeness((PRIMARY,))
    assert likeness.covered(NOBODY, PRIMARY) == 0.0
    assert likeness.alike("", "") == 0.0


def test_a_shared_error_signature_makes_texts_more_alike() -> None:
    likeness = Likeness((PRIMARY, UNLIKE))
    assert likeness.alike("order_x ORDER_FAILED", "other ORDER_FAILED") > likeness.alike("order_x", "other")


def test_words_addressed_to_a_machine_make_no_tickets_alike() -> None:
    planted = replace(UNLIKE, subject=f"{UNLIKE.subject}. {WORDINGS['plain']}")
    primary = replace(PRIMARY, subject=f"{PRIMARY.subject}. {WORDINGS['plain']}")
    assert ids(family(primary, (primary, planted), {}, WORDS, NOW, 14.0).same) == ["1"]
