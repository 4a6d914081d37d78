"""What people report, sentence by sentence, with who said it and where."""

from __future__ import annotations

from customer_escalation.evidence import Author, Evidence, Origin
from customer_escalation.signals import Signals, cues_of, listen, spoken
from tests.planting import WORDINGS
from tests.sources import NOW


def row(
    text: str, name: str = "T-1/1", category: str = "support_platform", role: str = "customer", **more: str
) -> Evidence:
    """A row of evidence."""
    origin: Origin = "typed" if role == "typed" else "stated_by_customer"
    author = Author("Ada", role) if role not in {"typed", ""} else None
    return Evidence(
        id=name, category=category, connector="fake", record="1", text=text, origin=origin, at=NOW, author=author,
        title=more.get("title", ""),
    )  # fmt: skip


def heard_in(*rows: Evidence) -> set[tuple[str, str]]:
    """The cues of these rows, each with the row's id."""
    return {(signal.cue, signal.row) for signal in listen(rows).all}


def test_a_sentence_carries_its_cues_and_its_row() -> None:
    signals = listen([row("Hello. The API returns error 500. Thanks!")])

    assert {signal.sentence for signal in signals.of("server_fault")} == {"The API returns error 500."}
    first = signals.of("server_fault")[0]
    assert (first.row, first.role, first.at, first.public) == ("T-1/1", "customer", NOW, True)


def test_curly_and_straight_apostrophes_mean_the_same() -> None:
    assert cues_of("We can’t log in.") == cues_of("We can't log in.")
    assert "blocked" in cues_of("We can’t log in.")


def test_what_orders_a_machine_gives_no_signal() -> None:
    planted = f"It works. {WORDINGS['plain']} Production is down for all users."
    assert heard_in(row(planted)) == heard_in(row("It works."))


def test_a_tickets_own_row_tells_its_subject_and_not_its_fields() -> None:
    own = row("Ticket 1: Login fails (tags: outage, production down)", "T-1", title="Login fails")
    assert {cue for cue, _ in heard_in(own)} == cues_of("Login fails")


def test_an_issues_own_row_tells_its_title_and_body_and_not_its_fields() -> None:
    text = "O-1: Login fails (labels: data loss)\nThe server crashes."
    own = row(text, "I-O-1", "project_tracker", "engineer", title="Login fails")
    assert {cue for cue, _ in heard_in(own)} == cues_of("Login fails") | cues_of("The server crashes.")


def test_who_said_it_is_kept() -> None:
    typed, unknown = row("Login fails", "R-0", "request", "typed"), row("Login fails", "T-1/2", role="")
    by_staff = row("Login fails", "T-1/3", role="agent")
    signals = listen([typed, unknown, by_staff])

    assert {signal.role for signal in signals.all} == {"typed", "", "agent"}
    assert {signal.row for signal in signals.all if signal.by_staff} == {"T-1/3"}
    assert {signal.row for signal in signals.of("blocked", "core_function", roles=("typed",))} == {"R-0"}


def test_questions_and_guesses_are_not_sure() -> None:
    signals = listen([row("Is it perhaps a security breach?"), row("It is a security breach.", "T-1/2")])

    assert {signal.row for signal in signals.of("security")} == {"T-1/1", "T-1/2"}
    assert {signal.row for signal in signals.sure("security")} == {"T-1/2"}


def test_signals_can_be_narrowed_to_rows() -> None:
    signals = listen([row("Login fails", "T-1/1"), row("Login fails", "T-2/1")])

    assert {signal.row for signal in signals.in_rows(["T-2/1"]).all} == {"T-2/1"}
    assert Signals(()).of("blocked") == ()


def test_a_forms_headings_are_not_spoken() -> None:
    assert spoken("### Data loss\nAll is well.\n**Error message:**\nNone.") == ("All is well.", "None.")


def test_beyond_two_thousand_letters_a_sentence_tells_nothing_more() -> None:
    assert cues_of("x" * 2000 + " production is down") == frozenset()
