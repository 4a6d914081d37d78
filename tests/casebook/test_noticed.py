"""What a look at the sources found is in the reminders after it: all of it for ours, for a customer their part."""

from __future__ import annotations

from datetime import timedelta

import pytest

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.reminders import Due, due
from customer_escalation.casebook.updates import NOTHING_NEW
from tests.casebook.cases import Remembering
from tests.casebook.desk import Desk, shown
from tests.casebook.sweeping import remind
from tests.casebook.test_watching import COBALT, THIRD
from tests.sources import ACCOUNTS

DAYS = timedelta(days=5)


@pytest.fixture
async def desk(casebook: Casebook) -> Desk:
    """A case of two customers that engineering has an issue for, at work on it."""
    opened = Desk(casebook, accounts=(*ACCOUNTS, COBALT))
    await opened.open()
    return opened


def found(desk: Desk, clock: str) -> Due:
    """What is due, of this clock."""
    return next(each for each in due(desk.casebook, desk.now, soon=DAYS) if each.clock.name == clock)


async def everything(desk: Desk) -> None:
    """A newcomer, the cause, a promise, a change in the tracker, all in one look."""
    desk.event("told", customer="Acme Corp")
    desk.event("moved", to="acknowledged")
    desk.later(2)
    desk.tickets["103"] = THIRD
    desk.engineer("The root cause is a full connection pool in the export service.")
    desk.agent("We will update you by tomorrow noon.")
    desk.tracker(status="in progress")
    await desk.watch()


async def test_the_team_reads_what_the_look_found_even_where_the_tracker_answered_for_it(desk: Desk) -> None:
    await everything(desk)

    said = found(desk, "internal").draft

    for part in ("Cobalt Ltd has the same problem", "full connection pool", "promised to Acme Corp",
                 "ORD-1: open → in progress"):  # fmt: skip
        assert part in said
    assert "Nothing new" not in said


async def test_what_the_look_found_is_told_in_the_trail(desk: Desk) -> None:
    await everything(desk)

    kinds = [each.kind for each in desk.casebook.events(desk.case_id)]
    assert kinds.index("checked") < kinds.index("seen") < kinds.index("joined")
    [seen] = [each for each in desk.casebook.events(desk.case_id) if each.kind == "seen"]
    assert "ORD-1: open → in progress" in seen.why
    assert desk.casebook.broken(desk.case_id) == ""


async def test_what_was_heard_since_is_not_told_to_the_team_again(desk: Desk) -> None:
    await everything(desk)
    desk.event("checked")

    assert "Nothing new on our side" in found(desk, "internal").draft


async def test_a_customer_hears_that_there_is_news_and_nothing_of_others_or_from_inside(desk: Desk) -> None:
    await everything(desk)
    desk.event("told", customer="Borg AB")

    said = found(desk, "customer:Acme Corp").draft
    assert NOTHING_NEW not in said
    assert "Its cause has been found." in said
    assert "The team that works on it has news, which we are checking." in said
    for inside in ("Cobalt", "connection pool", "ORD-1", "in progress"):
        assert inside not in said
    assert NOTHING_NEW in found(desk, "customer:Borg AB").draft


async def test_another_customers_report_alone_is_nothing_new_to_a_customer(desk: Desk) -> None:
    desk.event("told", customer="Acme Corp")
    desk.later(2)
    desk.tickets["103"] = THIRD
    await desk.watch()

    assert NOTHING_NEW in found(desk, "customer:Acme Corp").draft


async def test_what_the_look_suggests_is_in_the_reminder_and_in_what_is_due_with_its_evidence(desk: Desk) -> None:
    row = desk.engineer("This is fixed and deployed to production.")
    seen = await desk.watch()
    assert ("move", "resolved", "") in shown(seen.suggestions)
    channel = Remembering()
    desk.later(24)

    assert await remind(desk.casebook, [channel], worker="w1", clock=lambda: desk.now)

    assert any("Call it resolved" in each and row in each for each in found(desk, "internal").suggested)
    text = channel.sent[0][1].text
    assert "Suggested, for a person to decide:\n- Call it resolved" in text
    assert "Call it resolved" not in found(desk, "customer:Acme Corp").draft


async def test_what_somebody_acted_on_is_suggested_no_more(desk: Desk) -> None:
    desk.engineer("This is fixed and deployed to production.")
    await desk.watch()

    desk.event("moved", to="resolved")

    assert found(desk, "customer:Acme Corp").suggested == ()
