"""Reminders: what is due, each sent once whatever happens, the lead when nobody reacts, and what people answer."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial

import pytest

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.answers import attend, disagree, snooze
from customer_escalation.casebook.reminders import LEASE, NotSent, due, remind_one, waiting
from customer_escalation.casebook.state import NotAllowed
from escalation_connectors.errors import NotOffered, PerhapsWritten, Unavailable
from tests.casebook.cases import ANNA, HOUR, NOW, Remembering, opened
from tests.casebook.sweeping import remind
from tests.virtual_time import elapsed

INTERNAL, ACME = ("internal", 0), ("customer:Acme", 0)


async def sweep(casebook: Casebook, channel: Remembering, hours: float, worker: str = "w1") -> int:
    at = NOW + hours * HOUR
    return await remind(casebook, [channel], worker=worker, clock=lambda: at)


def reminded(casebook: Casebook, case_id: str) -> list[tuple[str, int]]:
    events = [event for event in casebook.events(case_id) if event.kind == "reminded"]
    return [(event.text("clock"), int(event.text("level"))) for event in events]


def test_what_is_due_comes_with_its_case_and_how_late_it_is(casebook: Casebook) -> None:
    case_id = opened(casebook)

    found = due(casebook, NOW + 2.5 * HOUR)

    assert [(each.case_id, each.clock.name, each.level, each.overdue) for each in found] == [
        (case_id, "internal", 0, 0.5 * HOUR),
        (case_id, "customer:Acme", 0, -1.5 * HOUR),
    ]
    assert (found[0].severity, found[0].status, found[0].title) == ("critical", "open", "It is broken")
    assert found[1].draft.startswith("Hello Acme,")


def test_what_is_far_away_is_not_due(casebook: Casebook) -> None:
    opened(casebook, "high")
    assert due(casebook, NOW + HOUR) == ()


def test_a_team_is_shown_its_own_due_cases_alone(casebook: Casebook) -> None:
    mine, theirs = opened(casebook.of_team("support")), opened(casebook.of_team("billing"))
    later = NOW + 2 * HOUR

    assert {each.case_id for each in due(casebook, later)} == {mine, theirs}
    assert {each.case_id for each in due(casebook, later, "support")} == {mine}
    assert {each.case_id for each in due(casebook.of_team("billing"), later)} == {theirs}
    assert due(casebook.of_team("billing"), later, "support") == ()


async def test_a_reminder_is_sent_once_when_it_is_due(casebook: Casebook) -> None:
    case_id, channel = opened(casebook), Remembering()

    counts = [await sweep(casebook, channel, hours) for hours in (1.99, 2, 2.01, 2.5)]

    assert counts == [0, 1, 0, 0]
    assert channel.seen == reminded(casebook, case_id) == [INTERNAL]
    assert casebook.broken(case_id) == ""


async def test_a_served_clock_reminds_again_when_it_is_next_due(casebook: Casebook) -> None:
    case_id, channel = opened(casebook), Remembering()
    await sweep(casebook, channel, 2)
    casebook.record(case_id, "checked", actor=ANNA, at=NOW + 2.5 * HOUR)

    await sweep(casebook, channel, 3.9)
    assert channel.seen == [INTERNAL]
    await sweep(casebook, channel, 4.5)
    assert channel.seen == [INTERNAL, ACME, INTERNAL]


async def test_the_lead_hears_when_nobody_reacts_for_half_the_interval(casebook: Casebook) -> None:
    opened(casebook)
    channel = Remembering()

    for hours in (2, 2.99, 3, 3.5, 3.9):
        await sweep(casebook, channel, hours)

    assert channel.seen == [INTERNAL, ("internal", 1)]
    assert due(casebook, NOW + 3 * HOUR)[0].level == 1
    assert "Nobody has reacted" in channel.sent[1][1].text


async def test_a_reminder_that_went_out_late_was_not_ignored_before(casebook: Casebook) -> None:
    opened(casebook)
    channel = Remembering()

    for hours in (3.5, 3.6, 4.49, 4.5):
        await sweep(casebook, channel, hours)

    assert [seen for seen in channel.seen if seen[0] == "internal"] == [INTERNAL, ("internal", 1)]
    assert channel.seen[-1] == ("internal", 1)


async def test_an_sla_is_reminded_of_while_it_can_be_kept_and_the_lead_hears_at_its_time(casebook: Casebook) -> None:
    case_id, channel = opened(casebook, sla=(NOW + 2 * HOUR).isoformat()), Remembering()

    await sweep(casebook, channel, 1.49)
    assert channel.seen == []
    await sweep(casebook, channel, 1.5)  # a quarter of its time before
    attend(casebook, case_id, "customer:Acme", actor=ANNA, at=NOW + 1.6 * HOUR)
    await sweep(casebook, channel, 1.9)
    assert channel.seen == [ACME]
    await sweep(casebook, channel, 2)

    assert ("customer:Acme", 1) in channel.seen
    lead = next(reminder for _, reminder in channel.sent if reminder.job.level)
    assert "Its time has come, and it is not noted as done." in lead.text


async def test_a_promise_is_reminded_of_an_hour_before_with_words_that_are_true_then(casebook: Casebook) -> None:
    case_id, channel = opened(casebook, severity="medium"), Remembering()
    casebook.record(case_id, "promised", actor=ANNA, at=NOW, why="a fix", data={
        "to": "Acme", "due_at": (NOW + 8 * HOUR).isoformat(), "of": "deed"})  # fmt: skip

    await sweep(casebook, channel, 6.99)
    assert channel.seen == []
    await sweep(casebook, channel, 7)
    await sweep(casebook, channel, 8)

    assert channel.seen == [("promise:2", 0), ("promise:2", 1)]
    before, after = (reminder.text for _, reminder in channel.sent)
    assert "What we promised you for 26 November, 18:00 UTC stands." in before
    assert "has passed. We are sorry for that." in after


async def test_who_takes_it_gets_a_whole_interval_before_the_lead_hears(casebook: Casebook) -> None:
    case_id, channel = opened(casebook), Remembering()
    await sweep(casebook, channel, 2)
    attend(casebook, case_id, "internal", actor=ANNA, at=NOW + 2.5 * HOUR)
    attend(casebook, case_id, "internal", actor="model:claude-code", at=NOW + 4 * HOUR)  # gives no more time

    await sweep(casebook, channel, 4.49)
    assert ("internal", 1) not in channel.seen
    await sweep(casebook, channel, 4.5)
    assert ("internal", 1) in channel.seen


async def test_who_holds_it_for_wrong_spares_the_lead(casebook: Casebook) -> None:
    case_id, channel = opened(casebook), Remembering()
    await sweep(casebook, channel, 2)
    disagree(casebook, case_id, "internal", "They said at noon that nothing comes before 18:00", actor=ANNA,
             at=NOW + 2.5 * HOUR)  # fmt: skip

    await sweep(casebook, channel, 9)

    assert ("internal", 1) not in channel.seen


async def test_a_snooze_reminds_again_when_it_ends(casebook: Casebook) -> None:
    case_id, channel = opened(casebook), Remembering()
    await sweep(casebook, channel, 2)
    snooze(casebook, case_id, "internal", NOW + 3.5 * HOUR, actor=ANNA, at=NOW + 2.1 * HOUR)

    await sweep(casebook, channel, 3.4)
    assert channel.seen == [INTERNAL]
    await sweep(casebook, channel, 3.5)
    assert channel.seen == [INTERNAL, INTERNAL]


def test_an_answer_names_a_clock_that_runs_and_a_reason_where_it_needs_one(casebook: Casebook) -> None:
    case_id = opened(casebook)
    later = NOW + HOUR

    with pytest.raises(
        NotAllowed, match="no clock 'customer:Globex' runs in case-1; these do: internal, customer:Acme"
    ):
        attend(casebook, case_id, "customer:Globex", actor=ANNA, at=NOW)
    with pytest.raises(NotAllowed, match="gives the reason"):
        disagree(casebook, case_id, "internal", " ", actor=ANNA, at=NOW)
    with pytest.raises(NotAllowed, match="only a person puts a reminder off"):
        snooze(casebook, case_id, "internal", later, actor="model:claude-code", at=NOW)
    with pytest.raises(NotAllowed, match="only a person holds a reminder for wrong"):
        disagree(casebook, case_id, "internal", "It is wrong", actor="model:claude-code", at=NOW)
    with pytest.raises(NotAllowed, match="a time with its zone"):
        snooze(casebook, case_id, "internal", later.replace(tzinfo=None), actor=ANNA, at=NOW)
    assert [event.kind for event in casebook.events(case_id)] == ["opened"]


async def test_who_died_before_sending_leaves_it_to_the_next(casebook: Casebook) -> None:
    opened(casebook)
    dead, channel = Remembering(trouble=asyncio.CancelledError()), Remembering()
    with pytest.raises(asyncio.CancelledError):
        await sweep(casebook, dead, 2)

    assert await sweep(casebook, channel, 2.01, "w2") == 0  # the claim still stands
    assert await sweep(casebook, channel, 2.5, "w2") == 1
    assert channel.seen == [INTERNAL]


async def test_who_died_after_sending_is_not_repeated_but_noted(casebook: Casebook) -> None:
    case_id, channel = opened(casebook), Remembering(trouble=asyncio.CancelledError(), late=True)
    with pytest.raises(asyncio.CancelledError):
        await sweep(casebook, channel, 2)
    channel.trouble = None

    assert await sweep(casebook, channel, 2.5, "w2") == 1
    assert channel.seen == reminded(casebook, case_id) == [INTERNAL]


async def test_no_answer_of_a_channel_is_asked_about_before_anything_is_sent_again(casebook: Casebook) -> None:
    case_id, channel = opened(casebook), Remembering(trouble=PerhapsWritten("chat", "no answer"), late=True)

    counts = [await sweep(casebook, channel, hours) for hours in (2, 2.01, 2.5, 2.6)]

    assert counts == [0, 0, 1, 0]
    assert channel.seen == reminded(casebook, case_id) == [INTERNAL]


async def test_a_channel_that_cannot_tell_gets_it_once_more_and_it_and_the_trail_say_so(casebook: Casebook) -> None:
    case_id, channel = opened(casebook), Remembering(trouble=PerhapsWritten("chat", "no answer"))
    channel.cannot_tell = NotOffered("chat", "cannot be asked")
    await sweep(casebook, channel, 2)
    channel.trouble = None

    await sweep(casebook, channel, 2.5)

    await sweep(casebook, channel, 2.6)

    assert channel.seen == reminded(casebook, case_id) == [INTERNAL]
    assert channel.sent[0][1].text.startswith("(perhaps again) case-1 (critical)")
    event = casebook.events(case_id)[-1]
    assert (event.data["to"], event.data["perhaps"]) == (["remembering"], ["remembering"])
    assert event.why == "perhaps sent before to remembering, which cannot be asked"


async def test_a_sender_that_died_before_a_channel_that_cannot_tell_loses_no_reminder(casebook: Casebook) -> None:
    case_id, channel = opened(casebook), Remembering(trouble=asyncio.CancelledError())
    channel.cannot_tell = NotOffered("chat", "cannot be asked")
    with pytest.raises(asyncio.CancelledError):
        await sweep(casebook, channel, 2)
    channel.trouble = None

    assert await sweep(casebook, channel, 2.5, "w2") == 1
    assert channel.seen == reminded(casebook, case_id) == [INTERNAL]


async def test_a_channel_that_cannot_tell_and_never_answers_is_given_up_once_another_has_it(casebook: Casebook) -> None:
    case_id, channel = opened(casebook), Remembering(trouble=PerhapsWritten("chat", "no answer"), late=True)
    channel.cannot_tell = NotOffered("chat", "cannot be asked")

    other = Remembering("folder")
    for hours in (2, 2.2, 2.4, 2.6):
        await remind(casebook, [channel, other], worker="w1", clock=partial(_now, NOW + hours * HOUR))

    assert (channel.seen, other.seen) == ([INTERNAL, INTERNAL], [INTERNAL])
    event = casebook.events(case_id)[-1]
    assert (event.data["to"], event.data["perhaps"]) == (["folder"], ["remembering"])
    assert "gave no answer twice" in event.why


@pytest.mark.parametrize("others", [False, True])
async def test_a_channel_that_cannot_be_asked_just_now_is_asked_until_it_answers(
    casebook: Casebook, others: bool
) -> None:
    case_id, channel = opened(casebook), Remembering(trouble=PerhapsWritten("chat", "no answer"), late=True)
    channels, good = [channel], Remembering("folder")
    channels += [good] if others else []
    times = iter(NOW + hours * HOUR for hours in (2, 2.1, 2.2))
    assert await remind(casebook, channels, worker="w1", clock=partial(_now, next(times))) == 0
    channel.trouble, channel.cannot_tell = None, Unavailable("chat", "answered 503")

    assert await remind(casebook, channels, worker="w2", clock=partial(_now, next(times))) == 0
    channel.cannot_tell = None
    assert await remind(casebook, channels, worker="w3", clock=partial(_now, next(times))) == 1

    assert channel.seen == reminded(casebook, case_id) == [INTERNAL]
    assert good.seen == ([INTERNAL] if others else [])


def _now(at: datetime) -> datetime:
    return at


async def test_a_channel_that_failed_is_tried_again_and_others_are_not_held_up(casebook: Casebook) -> None:
    opened(casebook)
    second = opened(casebook)
    channel = Remembering(trouble=Unavailable("chat", "answered 503"))
    with pytest.raises(NotSent, match=r"case-1: no channel took the reminder .*answered 503"):
        await sweep(casebook, channel, 2)
    channel.trouble = None

    assert await sweep(casebook, channel, 2.01) == 2
    assert reminded(casebook, second) == [INTERNAL]


async def test_one_channel_that_works_is_enough_and_the_other_is_named(casebook: Casebook) -> None:
    case_id, good = opened(casebook), Remembering("folder")
    bad, at = Remembering(trouble=Unavailable("chat", "answered 503")), NOW + 2 * HOUR

    assert await remind(casebook, [bad, good], worker="w1", clock=lambda: at) == 1

    event = casebook.events(case_id)[-1]
    assert (event.actor, event.data["to"]) == ("code:w1", ["folder"])
    assert "answered 503" in event.why


async def test_what_was_served_while_its_sender_was_dead_is_dropped(casebook: Casebook) -> None:
    case_id, dead, channel = opened(casebook), Remembering(trouble=asyncio.CancelledError()), Remembering()
    with pytest.raises(asyncio.CancelledError):
        await sweep(casebook, dead, 2)
    casebook.record(case_id, "checked", actor=ANNA, at=NOW + 2.01 * HOUR)

    assert await sweep(casebook, channel, 3) == 0
    assert (channel.sent, waiting(casebook, NOW + 3 * HOUR)) == ([], ())


async def test_a_job_that_is_given_twice_or_to_two_workers_reminds_once(casebook: Casebook) -> None:
    case_id, channel = opened(casebook), Remembering()
    at = NOW + 2 * HOUR
    (job,) = waiting(casebook, at)
    args = (casebook, job.case_id, job.clock, job.due_at, job.level, [channel])

    both = await asyncio.gather(*(remind_one(*args, worker=name, at=at) for name in ("w1", "w2")))
    again = await remind_one(*args, worker="w1", at=at + 2 * LEASE)

    assert (sorted(both), again) == ([False, True], False)
    assert channel.seen == reminded(casebook, case_id) == [INTERNAL]


@pytest.mark.parametrize(("clock", "due_at", "level"), [
    ("internal", NOW + 3 * HOUR, 0),
    ("customer:Globex", NOW + 2 * HOUR, 0),
    ("internal", NOW + 2 * HOUR, 1),
    ("customer:Acme", NOW + 4 * HOUR, 0),
])  # fmt: skip
async def test_a_job_that_is_not_due_does_nothing(casebook: Casebook, clock: str, due_at: datetime, level: int) -> None:
    case_id, channel = opened(casebook), Remembering()

    assert not await remind_one(casebook, case_id, clock, due_at, level, [channel], worker="w1", at=NOW + 3 * HOUR)
    assert channel.sent == []


def test_a_channel_that_does_not_answer_is_given_up_before_the_claim_ends_and_asked_later(casebook: Casebook) -> None:
    class Silent(Remembering):
        async def send(self, reminder: object, key: str) -> None:
            await asyncio.Event().wait()

    opened(casebook)
    count, seconds = elapsed(sweep(casebook, Silent(), 2))
    channel = Remembering()

    assert count == 0
    assert seconds < LEASE.total_seconds()
    assert asyncio.run(sweep(casebook, channel, 2.5)) == 1


async def test_a_closed_case_reminds_of_nothing(casebook: Casebook) -> None:
    case_id, channel = opened(casebook), Remembering()
    casebook.record(case_id, "closed", actor=ANNA, at=NOW + HOUR, why="opened by mistake")

    assert await sweep(casebook, channel, 2 + timedelta(days=3) / HOUR) == 0
    assert due(casebook, NOW + timedelta(days=3)) == ()
