"""What later messages mean, word by word: a customer's verdict, and how far ours say that the fix is."""

from __future__ import annotations

import pytest

from customer_escalation.evidence import Author, Evidence, Origin
from customer_escalation.watching.words import Word, word_of
from tests.casebook import more_words, usual_words

THEIRS = {
    "solved": [
        "Confirmed, the import runs through again. You can close this.",
        "Just tested it with three files: no more errors.",
        "Looks good from here, thank you for the quick turnaround!",
        "We are back in business.",
        "Problem gone after the update, cheers.",
        "Yes, this is resolved for us.",
        "Everything is up and running again.",
        "The totals match now.",
        "We can invoice again, many thanks to the team.",
        "The nightly job went through without a hitch.",
        "Verified on all twelve tills: prices are right.",
        "It has been stable since Friday.",
        "Cheers, that sorted it.",
        "From our point of view this is done.",
        "Our team confirms that the calendar syncs properly now.",
    ],
    "broken": [
        "Nope, still getting the timeout.",
        "I am afraid this has not helped.",
        "It worked for ten minutes and then it was down again.",
        "The error is back.",
        "Unfortunately the same thing happened this morning.",
        "Login works, however the reports are still empty.",
        "Fixed? Not for us.",
        "Wonderful, the export finally runs - and exports nothing.",
        "We updated to 4.2 and see no change.",
        "Since the patch our printers are dead, this is worse than before.",
        "Half of our stores still cannot print.",
        "It is fixed in Munich but not in Berlin.",
        "As of today the sync stopped completely.",
        "The fix lasted a day. This morning we are where we were.",
        "Sorry, no improvement on our side.",
        "Five of the twelve tills show the old prices.",
        "I can log in again, but all of my projects are gone.",
        "The problem persists.",
        "Now it takes even longer than before.",
        "What did you change? Nothing prints any more.",
        "Congratulations, you managed to delete our templates as well.",
        "We keep getting the same message.",
        "Good try, but the letters are still cut off.",
    ],
    "": [
        "Thanks for the update, we will wait.",
        "I will try it tomorrow and let you know.",
        "Can I close the ticket?",
        "When it works again, please tell us.",
        "Hopefully this solves it.",
        "Please fix this before Monday.",
        "Our director wants to know the state of affairs.",
        "I hope it will be working by then.",
        "You may call me at any time.",
        "We have not had time to test it.",
        "Did the fix go out already?",
        "Our IT will check on Monday whether it works.",
        "Please keep us posted.",
        "Let us know when it is solved.",
        "That would be great.",
        "As agreed I attach the log file.",
        "Should it fail again I will write to you.",
    ],
}
OURS = {
    "done": [
        "The rollback is complete, all services are healthy.",
        "Fix is live.",
        "Version 4.2.1 with the fix has been released this morning.",
        "We restored the data from the backup of Tuesday.",
        "Done - the duplicate charge has been refunded.",
        "The outage is over; we replaced the faulty switch.",
        "I just pushed the correction to production.",
        "Incident resolved at 14:05 UTC.",
        "The corrected build is out for everybody.",
        "Merged and deployed.",
        "The service has been restored.",
        "All affected accounts have been corrected.",
        "We switched back to the old gateway and payments go through.",
        "Backfill finished, the missing orders are in.",
        "The faulty release was rolled back at 09:40.",
        "Resolved: the queue is empty and everything is processed.",
    ],
    "coming": [
        "Fix merged, goes out with 4.3 next week.",
        "We expect to release a patch on Thursday.",
        "A hotfix is being tested at the moment.",
        "We will refund the amount within three days.",
        "The change is ready and waits for approval.",
        "It should be fixed with the next release.",
        "Rollout starts tonight.",
        "Patch is scheduled for Sunday night.",
        "The fix needs another review and will go out on Wednesday.",
        "We are rolling out the fix now, it takes about two hours.",
        "Development estimates the fix for version 9.",
    ],
    "underway": [
        "Two of us are debugging this right now.",
        "Taking a look.",
        "We have started to analyse the logs.",
        "I am on it.",
        "Team Billing is investigating.",
    ],
    "": [
        "Once it is fixed we will let you know.",
        "We fixed a different bug in the same module, this one is untouched.",
        "I thought we had fixed that.",
        "Could you please send the logs?",
        "This was supposed to be fixed in 4.1.",
        "We have not fixed anything yet.",
        "Nobody has looked at it so far.",
        "If you deploy the fix, restart the workers.",
        "We cannot fix this without access to the server.",
        "Has this been fixed?",
        "Please confirm that it is fixed.",
        "It will not be fixed in this version.",
        "We fixed something similar last year.",
        "The customer says it is fixed.",
        "Let us see whether the restart fixed it.",
    ],
    "undone": [
        "The fix had to be pulled because of a memory leak.",
        "The patch did not work, we are back to square one.",
        "We have taken back the patch, it broke the login.",
    ],
}


def all_of(*named: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Every text of these with the name under which it stands."""
    return [(name, text) for each in named for name, texts in each.items() for text in texts]


def heard(text: str, role: str) -> Word:
    """What a message of this role means."""
    origin: Origin = "stated_by_customer" if role == "customer" else "stated_by_staff"
    row = Evidence(
        id="T-1/2", category="support_platform", connector="desk", record="1", text=text,
        origin=origin, author=Author("Kim Falk", role),
    )  # fmt: skip
    return word_of(row)


@pytest.mark.parametrize(("verdict", "text"), all_of(THEIRS, usual_words.THEIRS, more_words.THEIRS))
def test_a_customers_message_says_solved_or_broken_or_nothing(verdict: str, text: str) -> None:
    assert heard(text, "customer").verdict == verdict


@pytest.mark.parametrize(("step", "text"), all_of(OURS, usual_words.OURS, more_words.OURS))
def test_a_message_of_ours_says_how_far_the_fix_is(step: str, text: str) -> None:
    assert heard(text, "engineer").step == step


@pytest.mark.parametrize("text", ["It works again.", "We have deployed a fix."])
def test_the_same_words_are_a_verdict_of_a_customer_and_a_step_of_ours_only(text: str) -> None:
    assert heard(text, "customer").step == ""
    assert heard(text, "engineer").verdict == ""


def test_bitter_words_outweigh_what_is_said_after_them() -> None:
    assert heard("Thanks for nothing. It works now.", "customer").verdict == "broken"


def test_the_last_clear_sentence_counts_otherwise() -> None:
    assert heard("This morning it was still broken. It works now.", "customer").verdict == "solved"
    assert heard("It works now. No, wait, the same error again.", "customer").verdict == "broken"


@pytest.mark.parametrize("text", ["ok, " * 5000 + "fixed", "thanks, ok: " * 2000, "not fixed works again still " * 800])
def test_a_text_that_repeats_itself_is_read_at_once(text: str) -> None:
    assert heard(text, "engineer").step in ("", "done")  # a pattern that tries all ways would never come back
