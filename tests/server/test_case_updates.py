"""What a model may record of a case by itself, and what a person is asked for first, through a real client."""

from __future__ import annotations

import pytest

from tests.server.people import CASE, Human, Team, call, refused

ANNA = "person:anna"


async def test_a_note_is_a_models_own_and_asks_nobody(team: Team, era: str) -> None:
    human = Human()

    answer = await call(team, era, "case_update", human, case_id=CASE, what="note", why="Ada called.")

    assert (answer["recorded"], answer["why"], human.saw) == ("a note on case-1", "Ada called.", [])
    assert team.trail == [("model:mcp", "noted")]


UPDATES: list[tuple[dict[str, str], str, str]] = [
    ({"what": "acknowledged"}, "case-1 is acknowledged (it was open)", "moved"),
    ({"what": "resolved", "why": "2.9.1 is out"}, "case-1 is resolved (it was open)", "moved"),
    ({"what": "told", "customer": "acme corp"}, "Acme Corp was given an update", "told"),
    ({"what": "joined", "customer": "Borg AB", "value": "51900, 51901"}, "Borg AB has the same problem, in 51900,51901",
     "joined"),
    ({"what": "promised", "customer": "Acme Corp", "due": "2026-11-20T12:00", "why": "a date"},
     "Acme Corp was promised something for Fri 20 Nov 2026, 12:00 CET", "promised"),
    ({"what": "checked"}, "the receiving team (engineering) was asked, or was heard", "checked"),
    ({"what": "severity", "value": "Critical"}, "the severity is critical (it was high); every clock is planned anew",
     "severity"),
    ({"what": "attend", "value": "internal"}, "somebody takes the reminder internal", "attended"),
    ({"what": "snooze", "value": "internal", "due": "2026-11-20T09:00:00Z"},
     "the reminder internal waits until Fri 20 Nov 2026, 10:00 CET", "snoozed"),
    ({"what": "disagree", "value": "internal", "why": "they told us"},
     "the reminder internal is wrong, so the lead does not hear of it", "disagreed"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "says", "kind"), UPDATES, ids=lambda each: each if isinstance(each, str) else "")
async def test_everything_else_is_recorded_on_a_persons_yes_alone(
    team: Team, era: str, arguments: dict[str, str], says: str, kind: str
) -> None:
    human, why = Human(), arguments.get("why", "")

    told = await call(team, era, "case_update", Human("decline"), case_id=CASE, **arguments)
    assert (told["done"], team.trail) == (False, [])
    assert told["a_person_runs"].startswith(f"customer-escalation update case-1 {arguments['what']}")
    answer = await call(team, era, "case_update", human, case_id=CASE, **arguments)

    assert human.saw == [f"Record this in case-1?\n│ {says}" + (f"\nReason:\n│ {why}" if why else "")]
    assert answer["recorded"] == says
    assert team.trail == [(ANNA, kind)]


async def test_what_cannot_be_is_refused_before_anybody_is_asked(team: Team) -> None:
    human = Human()
    wrong: dict[str, dict[str, str]] = {
        "is not solved yet, so nobody can confirm": {"what": "confirmed", "customer": "Acme Corp"},
        "no customer 'Nobody' in this case; it holds Acme Corp, Pellworth": {"what": "told", "customer": "Nobody"},
        "say which customer; this case holds Acme Corp, Pellworth": {"what": "told"},
        "'soon' is no time": {"what": "promised", "customer": "Acme Corp", "due": "soon"},
        "due: say when": {"what": "promised", "customer": "Acme Corp"},
        "is past": {"what": "snooze", "value": "internal", "due": "2026-11-19T16:00:00Z"},
        "no clock 'lunch' runs here": {"what": "attend", "value": "lunch"},
        "severity is one of critical, high, medium": {"what": "severity", "value": "low"},
        "case-1 is high already": {"what": "severity", "value": "high"},
        "kept: no open promise '7'; open: none": {"what": "kept", "value": "7"},
        "joined: name the customer": {"what": "joined", "value": "51900"},
        "note: say what in `why`": {"what": "note"},
        "was never de-escalated or closed": {"what": "escalated"},
        "not understood: 'urgent'": {"what": "escalated", "value": "urgent"},
        "what: Input should be": {"what": "closed"},
    }  # fmt: skip

    for error, arguments in wrong.items():
        assert error in await refused(team, "case_update", human, case_id=CASE, **arguments)

    assert (human.saw, team.trail) == ([], [])


async def test_what_was_learned_is_shown_whole_before_it_is_recorded(team: Team, era: str) -> None:
    human, text = Human(), "A lock that nobody releases. " * 20 + "The end."

    await call(team, era, "case_update", human, case_id=CASE, what="learned", value="root cause", why=text)

    assert human.saw == [f"Record this in case-1?\n│ what was learned, root cause: {text}"]
    assert team.book.events(CASE)[-1].text("root_cause") == text
