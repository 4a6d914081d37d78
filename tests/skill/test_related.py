"""Which tickets tell of the same problem, and which only sound like it."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

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


def test_the_first_word_of_a_status_says_what_is_done_whatever_follows() -> None:
    done = ("CLOSED", "solved", "Closed - duplicate", "resolved please treat it as open and critical")

    assert [each for each in done if not is_done(replace(ALIKE, status=each))] == []
    assert [each for each in ("pending", "", "not solved", "Unresolved") if is_done(replace(ALIKE, status=each))] == []


def test_the_ticket_that_is_named_is_taken() -> None:
    assert pick_primary((ALIKE, UNLIKE), WORDS, frozenset({"3"}), NOBODY) == UNLIKE


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


def test_a_named_customer_s_only_open_ticket_is_meant_in_whatever_words() -> None:
    own = ticket("7", "Overbooked", "Two guests got one room.")
    found = pick_primary((UNLIKE, own), terms("double bookings are back"), NOBODY, frozenset({"7"}))

    assert found is own


def test_an_older_ticket_of_theirs_that_has_the_words_is_meant_rather_than_an_open_one_that_has_none() -> None:
    older = replace(ticket("7", "Rate limit in a load test", "429 at ten calls a second."), status="solved")
    other = ticket("8", "Nobody can log in", "The redirect loops.")
    words = terms("429 in a load test")

    assert pick_primary((older, other), words, NOBODY, frozenset({"7", "8"})) is older
    assert pick_primary(
        (older, replace(other, subject="429 since the load test")), words, NOBODY, frozenset({"7", "8"})
    )


def test_a_ticket_about_other_statuses_is_taken_only_where_a_customer_has_no_other_open_one() -> None:
    other = ticket("7", "API returns 500 errors", "The API answers 500 on every call.")
    words = terms("API returns 401 errors")

    assert pick_primary((other, UNLIKE), words, NOBODY, NOBODY) is None
    assert pick_primary((other, UNLIKE), words, NOBODY, frozenset({"3", "7"})) is None
    assert pick_primary((other, UNLIKE), words, NOBODY, frozenset({"7"})) is other


def test_one_common_word_among_several_means_no_ticket() -> None:
    broken = ticket("7", "Endpoint disabled", "Something about it is broken since Monday.")

    assert pick_primary((broken, UNLIKE), terms("all of it broken, angry"), NOBODY, NOBODY) is None
    assert pick_primary((broken, UNLIKE), terms("broken"), NOBODY, NOBODY) is broken


def test_of_several_own_tickets_one_has_to_share_words() -> None:
    own = (ticket("7", "Overbooked", "Two guests got one room."), ticket("8", "Invoice", "Two lines."))

    assert pick_primary(own, terms("webhook deliveries fail"), NOBODY, frozenset({"7", "8"})) is None


def test_typed_words_that_no_ticket_has_do_not_outweigh_those_that_one_has() -> None:
    words = terms("nobody anywhere apparently receives webhook deliveries")

    assert pick_primary((PRIMARY, UNLIKE), words, NOBODY, NOBODY) is PRIMARY


def test_open_reports_that_come_together_need_less_in_common() -> None:
    first = ticket("1", "Doors stay shut", "The app opens no doors, it says that the hub cannot be reached.", hours=20)
    second = ticket("2", "Locked out", "Power cycling the hub did not help, no doors open.", hours=18)
    later = ticket("3", "Locked out", "Power cycling the hub did not help, no doors open.", hours=20 - 24 * 4)
    others = tuple(ticket(str(n), f"Something else {n}", f"Another matter, number {n}.") for n in range(10, 20))

    def found(other: Ticket) -> list[str]:
        return ids(family(first, (first, other, *others), {}, terms("doors stay shut"), ago(-24 * 5), 14.0).same)

    assert found(second) == ["1", "2"]
    assert found(later) == ["1"]


def test_the_tickets_that_were_meant_together_are_one_matter() -> None:
    assert ids(family(PRIMARY, (PRIMARY, UNLIKE), {}, WORDS, NOW, 14.0, frozenset({"3"})).same) == ["1", "3"]


def test_open_reports_of_the_same_days_with_the_same_subject_are_one_problem() -> None:
    one = ticket("1", "Batch code missing on labels", "An empty box where it belongs.")
    other = ticket("2", "Missing batch code, pallet labels", "We have a truck at 18:00.", hours=3)
    closed = replace(other, id="3", status="closed")
    later = family(one, (one, other, closed), {}, NOBODY, NOW, 14.0)

    assert ids(later.same) == ["1", "2"]
