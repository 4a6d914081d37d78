"""The lexicon is data: what it calls a cue, a heading or a mark is found in sentences, and every name in use exists."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from customer_escalation import resources
from customer_escalation.lexicon import cues, heading_pattern, headings, marks_of
from customer_escalation.signals import cues_of

SOURCES = [
    path for path in resources.PACKAGE.rglob("*.py") if not {"verify", "safety", "server"} & set(path.parts[-2:-1])
]
ASKING = {"says", "states", "of", "sure", "_typed_or", "typed_or"}


def asked_for(path: Path) -> Iterator[str]:
    """The cues that a module asks signals for, by name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = (argument.value for argument in node.args if isinstance(argument, ast.Constant))
            yield from (str(text) for text in texts if name in ASKING)


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("I can see another customer's invoices", "security"),
        ("All our orders are gone", "data_loss"),
        ("The stored data is intact", "data_safe"),
        ("The export is missing rows", "data_incomplete"),
        ("Production is down", "down"),
        ("Checkout fails for everyone", "core_function"),
        ("We cannot log in", "blocked"),
        ("It throws an exception", "error"),
        ("It answers with 502 bad gateway", "server_fault"),
        ("The database is overloaded", "infrastructure"),
        ("It takes ten minutes", "slow"),
        ("It sometimes stops", "intermittent"),
        ("It stopped after the upgrade", "regression"),
        ("The bug is back", "recurring"),
        ("We can reproduce it", "confirmed"),
        ("I cannot reproduce it", "cannot_reproduce"),
        ("We will cancel our contract", "churn"),
        ("Our lawyers will write to you", "legal"),
        ("We will post it on social media", "public"),
        ("Our CEO wants a call", "executive"),
        ("Our invoice is wrong", "billing"),
        ("We want a refund", "refund"),
        ("Nobody has replied", "no_answer"),
        ("They are our biggest customer", "high_value"),
        ("We need it by Friday", "deadline"),
        ("This is a feature request", "feature"),
        ("How do we invite people?", "question"),
        ("The webhook secret was misconfigured", "configuration"),
        ("It was caused by our firewall", "own_side"),
        ("It was caused by your firewall", "your_side"),
        ("That is a known limitation", "limitation"),
        ("As a workaround, use the CSV", "workaround"),
        ("There is no workaround", "no_workaround"),
        ("We run a custom integration", "custom"),
        ("We need access to the production logs", "access"),
        ("That solved it", "solved"),
        ("Closing this", "closed_by_staff"),
        ("The fix has been released", "fix_available"),
        ("It is described in our guide", "answer"),
        ("I did that but it still fails", "solution_failed"),
        ("We tried another browser", "tried"),
        ("Please clear the cache", "advice"),
        ("It was caused by the pool", "cause"),
        ("I lost access to my old e-mail", "identity"),
        ("We will send you an update by tomorrow", "promise"),
        ("The fix is waiting for approval", "waiting_approval"),
        ("The SLA ends at noon", "clock_running"),
        ("We got another report", "request_again"),
        ("Please describe the bug", "form"),
        ("The risk is low", "security_limited"),
        ("It affects the live site", "production"),
        ("It might be the cache", "maybe"),
        ("I have no more ideas", "handover"),
        ("Could somebody with more experience take over?", "handover"),
        ("We ask for an exception to your terms", "exception"),
        ("The user we deactivated in June signed in again", "security"),
        ("There were unknown logins from abroad", "security"),
        ("Nobody sees positions any more", "down"),
        ("Rooms were sold twice", "error"),
        ("The label comes out with an empty field", "error"),
        ("Double bookings are back", "recurring"),
        ("Please bring back bulk edit", "feature"),
        ("There is no such setting", "feature"),
        ("It was only the filter", "solved"),
        ("Done, and still the same", "solution_failed"),
        ("Sorry for the fright, that was our own mistake", "takes_back"),
        ("Please ignore my last message", "takes_back"),
        ("That is not what our auditors ask for", "refuses"),
        ("An extract by hand is not enough", "refuses"),
        ("There is no way around it", "no_workaround"),
        ("You can open invoices of our buyers from a search engine", "security"),
        ("Nobody has to log in to open them", "security"),
        ("Our data protection officer asks where it is stored", "security"),
        ("The history was overwritten with zeros over the real values", "data_loss"),
        ("I will hand your request to our product managers", "feature"),
        ("Everybody is logged in again", "solved"),
        ("I am handing this to our developers", "for_engineering"),
        ("I shall ask our product people", "for_product"),
        ("I am passing it to the security team", "for_security"),
        ("Only the management can agree to that", "for_management"),
    ],
)
def test_each_cue_is_heard_in_a_plain_sentence(sentence: str, cue: str) -> None:
    assert cue in cues_of(sentence)


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("Please fill in our security questionnaire", "security"),
        ("No orders were lost", "data_loss"),
        ("The menu drops down and is unavailable below, it is a drop-down", "down"),
        ("Staging checkout fails", "core_function"),
        ("Without any errors", "error"),
        ("Have you been blocked?", "blocked"),
        ("Press release of the legal entity", "legal"),
        ("Our project manager wants a call", "executive"),
        ("It is not solved", "solved"),
        ("Is there a workaround?", "workaround"),
        ("It calls GET /stock page by page, about 565 pages", "server_fault"),
        ("They wait until she is back", "recurring"),
        ("The Google search API answers 500", "security"),
        ("Copying by hand is error-prone", "error"),
        ("Please grant us an exception to the terms", "error"),
        ("Somebody told us that it was solved", "solved"),
        ("I cannot diagnose this any further", "blocked"),
        ("Maybe it is a configuration problem", "configuration"),
        ("Please confirm that you can reproduce it", "confirmed"),
    ],
)
def test_what_only_sounds_like_a_cue_is_none(sentence: str, cue: str) -> None:
    assert cue not in cues_of(sentence)


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("The folder holds letters of somebody else", "security"),
        ("Her file comes up in a web search", "security"),
        ("No password is needed to open it", "security"),
        ("Our data protection officer asks where the files are", "security"),
        ("The copies are hosted outside the EEA", "security"),
        ("The balances were replaced by zeros", "data_loss"),
        ("Yesterday's readings were deleted", "data_loss"),
        ("It crashes again although this had been fixed", "recurring"),
        ("Your team announced that it was solved", "recurring"),
        ("Sorry for the noise", "solved"),
        ("It was only a filter", "solved"),
        ("This can be closed", "solved"),
        ("We are all online again", "solved"),
        ("I have noted your wish for the product team", "feature"),
        ("Will there be a mode for night shifts?", "feature"),
        ("There is no such report at present", "feature"),
        ("Ten users is the documented maximum", "limitation"),
        ("If you export it first, it works as expected", "workaround"),
        ("The parcels are two days late", "slow"),
        ("The mails arrive hours after we send them", "slow"),
        ("We found our database password in a public gist", "security"),
        ("Somebody none of us knows joined the call", "security"),
        ("One tenant can see what another tenant pays", "security"),
        ("There are API calls with our key from a country where we have no staff", "security"),
        ("If nothing changes we are out", "churn"),
        ("Our procurement looks for a replacement", "churn"),
        ("We are on the brink of leaving", "churn"),
        ("You are in breach of the agreement", "legal"),
        ("The story is in the local news", "public"),
        ("The notes are simply not there", "data_loss"),
        ("The totals do not add up", "data_incomplete"),
        ("It charges the old rates", "data_incomplete"),
        ("All our drivers are standing still", "down"),
        ("Every request runs into a timeout", "down"),
        ("The button does nothing", "blocked"),
        ("The app closes by itself", "error"),
        ("The map stopped updating", "error"),
        ("Your tool does not offer shift swaps", "feature"),
        ("The order is kept like that on purpose", "feature"),
        ("I am new here and do not find my way around", "question"),
        ("This is over my head", "handover"),
        ("We have run out of things to try", "handover"),
        ("I see the same thing in our sandbox", "confirmed"),
        ("I had picked the wrong calendar", "own_side"),
        ("Set it back, and all is well", "solved"),
        ("How much longer do we have to wait?", "no_answer"),
        ("You told us it was repaired", "recurring"),
        ("Could you waive the fee?", "exception"),
        ("The old editor gets us by", "workaround"),
    ],
)
def test_people_say_the_same_in_many_ways(sentence: str, cue: str) -> None:
    assert cue in cues_of(sentence)


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("Please do not unplug the device", "answer"),
        ("It is slow, though nobody is blocked", "blocked"),
        ("These files are detected wrongly", "data_incomplete"),
        ("The files leave your scanner like that", "churn"),
        ("I can repeat it: end a subscription on the day of the run", "churn"),
        ("It renews by itself unless they give notice 14 days before", "churn"),
        ("In our board meeting this morning somebody asked for it", "executive"),
        ("Please swap it with one of the others", "security"),
        ("We received the same report from other customers", "security"),
        ("We forgot the admin password", "security"),
        ("If somebody drags a shift to the wrong day, there is no undo", "error"),
        ("The order of the rows is lost", "data_loss"),
        ("We are losing customers because of this", "data_loss"),
        ("Some customers overwrote their data", "data_loss"),
        ("Our developers need your documentation", "for_engineering"),
    ],
)
def test_a_word_in_passing_says_nothing(sentence: str, cue: str) -> None:
    assert cue not in cues_of(sentence)


def test_a_curly_apostrophe_is_heard_like_a_straight_one() -> None:
    assert cues_of("We can’t log in") == cues_of("We can't log in")


def test_a_plain_sentence_is_tried_for_every_cue() -> None:
    (table,) = test_each_cue_is_heard_in_a_plain_sentence.pytestmark  # type: ignore[attr-defined]

    assert {cue for _, cue in table.args[1]} == {cue.name for cue in cues()}


def test_every_cue_that_the_program_asks_for_is_in_the_lexicon() -> None:
    asked = {name for path in SOURCES for name in asked_for(path)}

    assert asked - {cue.name for cue in (*cues(), *cues("later"))} <= {"confirmed"}


def test_every_pattern_compiles_and_none_matches_nothing() -> None:
    assert [cue.name for cue in cues() if cue.heard_in("")] == []


def test_a_heading_is_recognised_with_what_follows_it() -> None:
    found = heading_pattern().match("## Steps to reproduce (short): open the page")

    assert found is not None
    assert (found["steps"], found["rest"]) == ("Steps to reproduce", "open the page")


def test_prose_is_no_heading() -> None:
    assert heading_pattern().match("The steps of the stairs are wet") is None


def test_the_headings_are_the_parts_of_a_report() -> None:
    assert headings() == (
        "preconditions",
        "steps",
        "expected",
        "actual",
        "environment",
        "frequency",
        "ruled_out",
        "other",
    )


def test_a_sentence_carries_the_marks_that_it_shows() -> None:
    assert marks_of("Since Monday 2 of 7 exports fail") == {"began", "counted", "often", "failing"}
    assert marks_of("It is green") == frozenset()
