"""What real threads hold: bots, absence notes, quoted mail, closings that end nothing, sarcasm, other languages."""

from __future__ import annotations

import pytest

from customer_escalation.evidence import Author, Evidence
from customer_escalation.watching.own_words import own_words
from customer_escalation.watching.words import word_of
from tests.casebook.test_words import heard

ACCEPTED = [
    "We went back to 5.1 and are fine for now.",
    "We've implemented the workaround, so it is no longer urgent for us.",
    "Workaround does the job for now",
]
ABSENT = [
    "Automatic reply: Thank you for your message. It works again soon?",
    "I am out of office until Monday. The error is back in my deputy's inbox.",
    "Ich bin im Urlaub.\n\nAutomatische Antwort: Das geht nicht.",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_who_can_go_on_for_now_accepts_the_way_around(text: str) -> None:
    word = heard(text, "customer")

    assert (word.verdict, word.says("accepts")) == ("", True)


@pytest.mark.parametrize("text", ABSENT)
def test_what_a_program_answers_for_somebody_is_no_word_of_theirs(text: str) -> None:
    word = heard(text, "customer")

    assert (word.verdict, word.asks, word.automatic) == ("", "", True)


def test_a_bot_of_ours_may_tell_of_a_release_and_closes_nothing() -> None:
    def bot(text: str) -> Evidence:
        return Evidence(
            id="T-1/2", category="support_platform", connector="desk", record="1", text=text, origin="stated_by_staff",
            author=Author("release[bot]", "agent"),
        )  # fmt: skip

    released = word_of(bot("This issue has been resolved in version 1.4.2. The release is available."))
    closed = word_of(bot("Closing this ticket."))

    assert (released.step, closed.step) == ("done", "")
    assert released.automatic
    assert closed.automatic


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Thanks!\n\nOn Thu, 12 Mar 2026 at 10:11, Support <a@b.example>\nwrote:\n> Still broken", "Thanks!"),
        ("On Thu, 12 Mar 2026, Support wrote:\n> Fixed?\n> Tell us.\n\nNo.", "No."),
        ("Danke.\n\nVon: Support\nGesendet: Montag\nAn: Tove\nEs ist behoben.", "Danke."),
        ("See below.\n-----Original Message-----\nIt works.", "See below."),
        ("Works.\n-- \nTove Lind, Head of Nothing Works", "Works."),
        ("> It works\nNo.", "No."),
        ("A plain message.\n--- a line ---", "A plain message.\n--- a line ---"),
    ],
)
def test_what_is_quoted_is_not_said_again(text: str, own: str) -> None:
    assert own_words(text).strip() == own
