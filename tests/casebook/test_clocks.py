"""The clocks in the words of a person: the seed's table, what comes before it, and what moves it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from customer_escalation.casebook.clocks import Clock, clocks
from customer_escalation.casebook.events import Kind, Value
from customer_escalation.casebook.promise import Promise
from customer_escalation.casebook.state import State, state_of, unfinished
from tests.casebook.cases import HOUR, NOW, Happened, on, opening, trail_of

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def named(*happened: Happened, severity: str = "critical", sla: str = "") -> dict[str, Clock]:
    start: Happened = (NOW, "opened", opening(severity, sla=sla))
    return {clock.name: clock for clock in clocks(state_of(trail_of(start, *happened)))}


@pytest.mark.parametrize(("severity", "internal", "customer"), [
    ("critical", 2 * HOUR, 4 * HOUR),
    ("high", 4 * HOUR, 8 * HOUR),
    ("medium", timedelta(days=1), timedelta(days=4)),  # Thursday and two business days: Monday
])  # fmt: skip
def test_each_severity_is_followed_up_as_the_table_says(
    severity: str, internal: timedelta, customer: timedelta
) -> None:
    found = named(severity=severity)

    assert {name: clock.due_at - NOW for name, clock in found.items()} == {
        "internal": internal, "customer:Acme": customer
    }  # fmt: skip


def test_the_sla_comes_first_and_the_table_after_it() -> None:
    sla = NOW + HOUR

    before = named(sla=sla.isoformat())["customer:Acme"]
    after = named(on(sla, "told", customer="Acme"), sla=sla.isoformat())["customer:Acme"]

    assert (before.due_at, before.why) == (sla, "the SLA falls due")
    assert (after.due_at, after.why) == (sla + 4 * HOUR, "customer update: every 2-4 hours (or per SLA)")


def test_each_customer_has_the_sla_of_their_own_tickets_and_a_newcomer_nobody_elses() -> None:
    first, later, moved = NOW + HOUR, NOW + 3 * HOUR, NOW + 2 * HOUR
    customers: list[Value] = [
        {"name": "Acme", "sla": [first.isoformat()]},
        {"name": "Globex", "sla": [later.isoformat()]},
        {"name": "Initech", "sla": []},
    ]
    start = on(NOW, "opened", **{**opening("critical"), "customers": customers})
    joined = on(NOW, "joined", customer="Hooli", tickets=["9"], sla=[])
    changed = on(NOW, "sla", customer="Acme", sla=[moved.isoformat()])

    def due(*happened: Happened) -> dict[str, datetime]:
        return {each.customer: each.due_at for each in clocks(state_of(trail_of(start, *happened))) if each.customer}

    assert due(joined) == {"Acme": first, "Globex": later, "Initech": NOW + 4 * HOUR, "Hooli": NOW + 4 * HOUR}
    assert due(changed)["Acme"] == moved


def test_the_one_sla_of_an_older_case_still_holds_for_every_customer_of_it() -> None:
    start = on(NOW, "opened", **opening("critical", "Acme", "Globex", sla=(NOW + HOUR).isoformat()))
    found = clocks(state_of(trail_of(start, on(NOW, "joined", customer="Initech"))))

    assert {each.customer: each.due_at - NOW for each in found if each.customer} == {
        "Acme": HOUR, "Globex": HOUR, "Initech": HOUR
    }  # fmt: skip


def test_whose_sla_was_breached_before_the_case_is_told_at_once() -> None:
    breached = NOW - HOUR
    customers: list[Value] = [{"name": "Acme", "sla": [breached.isoformat(), (NOW + 3 * HOUR).isoformat()]}]
    start = on(NOW, "opened", **{**opening("critical"), "customers": customers})
    at_once = clocks(state_of(trail_of(start)))[0]
    then = clocks(state_of(trail_of(start, on(NOW, "told", customer="Acme"))))[-1]

    assert (at_once.due_at, at_once.why) == (NOW, "the SLA was breached at Thu 26 Nov 2026, 10:00 CET")
    assert (then.due_at, then.why) == (NOW + 3 * HOUR, "the SLA falls due")


def test_a_higher_severity_plans_anew_and_what_it_finds_overdue_is_due_at_once() -> None:
    raised = NOW + 20 * HOUR
    found = named(on(raised, "severity", to="critical"), severity="medium")

    assert {clock.due_at for clock in found.values()} == {raised}


def test_a_promise_is_a_clock_of_its_own_until_the_customer_hears_at_its_time() -> None:
    noon = datetime(2026, 11, 27, 12, 0, tzinfo=STOCKHOLM)
    made = on(NOW, "promised", to="Acme", due_at=noon.isoformat(), why="an answer by noon")

    def told(at: datetime) -> dict[str, Clock]:
        return named(made, on(at, "told", customer="Acme"))

    clock = named(made)["promise:2"]
    assert (clock.due_at, clock.customer, clock.why) == (noon, "Acme", "promised: an answer by noon")
    assert "promise:2" in told(noon - 3 * HOUR)  # a routine update long before keeps nothing
    assert "promise:2" not in told(noon - 2 * HOUR)
    assert "promise:2" not in told(noon + HOUR)
    assert "promise:2" not in named(made, on(NOW + HOUR, "kept", promise=2))


def test_a_promised_deed_stays_open_through_updates_until_somebody_says_it_is_kept() -> None:
    noon = NOW + 26 * HOUR
    made = on(NOW, "promised", to="Acme", due_at=noon.isoformat(), of="deed", why="a fix by Friday")
    ended = (on(NOW, "moved", to="resolved"), on(NOW, "told", customer="Acme"), on(NOW, "confirmed", customer="Acme"))

    def state(*happened: Happened) -> State:
        return state_of(trail_of(on(NOW, "opened", **opening("critical")), made, *happened))

    assert "promise:2" in named(made, on(noon, "told", customer="Acme"))
    assert "promise:2" not in named(made, on(noon, "kept", promise=2))
    assert unfinished(state(*ended)) == "the promise to Acme for Fri 27 Nov 2026, 13:00 CET is not kept"
    assert unfinished(state(*ended, on(NOW, "kept", promise=2))) == ""


def test_what_is_done_after_its_time_is_kept_late() -> None:
    noon = NOW + 2 * HOUR
    made = on(NOW, "promised", to="Acme", due_at=noon.isoformat(), of="update")

    def promise(*happened: Happened) -> Promise:
        return state_of(trail_of(on(NOW, "opened", **opening("critical")), made, *happened)).promises[0]

    assert (promise().missed(noon), promise().missed(noon - HOUR)) == (True, False)
    in_time, late = (promise(on(at, "told", customer="Acme")) for at in (noon, noon + 2 * HOUR))
    assert (in_time.kept, in_time.late, late.kept, late.late) == (True, False, True, True)
    assert promise(on(noon + HOUR, "kept", promise=2)).late


def test_an_update_to_another_customer_keeps_no_promise() -> None:
    noon = NOW + 24 * HOUR
    happened = trail_of(
        (NOW, "opened", opening("critical", "Acme", "Globex")),
        on(NOW, "promised", to="Acme", due_at=noon.isoformat()),
        on(noon, "told", customer="Globex"),
    )
    assert "promise:2" in {clock.name for clock in clocks(state_of(happened))}


def test_a_snooze_moves_a_clock_to_its_end_and_says_so() -> None:
    until = NOW + 5 * HOUR
    clock = named(on(NOW + HOUR, "snoozed", clock="internal", until=until.isoformat()))["internal"]

    assert clock.due_at == until
    assert clock.why == "internal follow-up: every 2 hours; snoozed until Thu 26 Nov 2026, 16:00 CET"


def test_no_snooze_moves_a_clock_past_the_sla_or_a_promise() -> None:
    sla, noon, late = NOW + HOUR, NOW + 26 * HOUR, (NOW + 100 * HOUR).isoformat()
    found = named(
        on(NOW, "promised", to="Acme", due_at=noon.isoformat()),
        on(NOW, "snoozed", clock="customer:Acme", until=late),
        on(NOW, "snoozed", clock="promise:2", until=late),
        sla=sla.isoformat(),
    )

    assert (found["customer:Acme"].due_at, found["promise:2"].due_at) == (sla, noon)
    assert found["customer:Acme"].why == "the SLA falls due; no snooze moves it past the SLA"
    assert found["promise:2"].why == "promised; no snooze moves it past what was promised"


@pytest.mark.parametrize("change", [("severity", {"to": "high"}), ("checked", {}), ("moved", {"to": "acknowledged"})])
def test_a_snooze_ends_when_the_clock_is_served_or_the_severity_changes(change: tuple[Kind, dict[str, Value]]) -> None:
    kind, data = change
    snoozed = on(NOW, "snoozed", clock="internal", until=(NOW + 100 * HOUR).isoformat())

    assert named(snoozed, on(NOW + HOUR, kind, **data))["internal"].due_at <= NOW + 5 * HOUR


def test_a_day_keeps_its_local_hour_when_the_clocks_change() -> None:
    eve = datetime(2027, 3, 25, 15, 0, tzinfo=STOCKHOLM)  # Thursday before Easter, and the clocks change on Sunday
    (internal,) = [c for c in clocks(state_of(trail_of((eve, "opened", opening("medium"))))) if not c.customer]

    assert internal.due_at == datetime(2027, 3, 30, 15, 0, tzinfo=STOCKHOLM)


def test_a_few_hours_are_real_hours_when_the_clocks_change() -> None:
    late = datetime(2026, 10, 25, 1, 0, tzinfo=STOCKHOLM)  # at three it is two again
    found = {clock.name: clock for clock in clocks(state_of(trail_of((late, "opened", opening()))))}

    assert found["internal"].due_at.astimezone(STOCKHOLM).hour == 2
    assert found["internal"].due_at.timestamp() - late.timestamp() == 2 * 3600


def test_a_solved_case_is_told_then_confirmed_then_closed() -> None:
    solved, told, said = NOW + HOUR, NOW + 2 * HOUR, NOW + 3 * HOUR
    resolved, heard = on(solved, "moved", to="resolved"), on(told, "told", customer="Acme")
    confirmed = on(said, "confirmed", customer="Acme")

    tell, ask, end = named(resolved), named(resolved, heard), named(resolved, heard, confirmed)

    assert [(c.name, c.why, c.due_at) for c in tell.values()] == [
        ("customer:Acme", "tell how it ended", solved + 4 * HOUR)
    ]
    monday, friday = datetime(2026, 11, 30, 13, 0, tzinfo=STOCKHOLM), datetime(2026, 11, 27, 14, 0, tzinfo=STOCKHOLM)
    assert [(c.name, c.why, c.due_at) for c in ask.values()] == [("customer:Acme", "ask whether it is solved", monday)]
    assert [(c.name, c.why, c.due_at) for c in end.values()] == [("internal", "close it", friday)]


def test_a_de_escalated_case_is_told_and_closed_too() -> None:
    down, told = on(NOW + HOUR, "de_escalated"), on(NOW + 2 * HOUR, "told", customer="Acme")
    confirmed = on(NOW + 3 * HOUR, "confirmed", customer="Acme")

    assert [clock.why for clock in named(down).values()] == ["tell how it ended"]
    assert [clock.why for clock in named(down, told, confirmed).values()] == ["close it"]


def test_who_joins_late_or_comes_back_is_not_overdue_at_once() -> None:
    late = NOW + 50 * HOUR
    joined = named(on(late, "joined", customer="Globex"))["customer:Globex"]
    solved = on(NOW + HOUR, "moved", to="resolved")
    back = named(solved, on(late, "moved", to="in_progress"))["customer:Acme"]

    assert joined.due_at == back.due_at == late + 4 * HOUR


def test_a_closed_case_waits_for_nothing() -> None:
    assert named(on(NOW, "closed", why="opened by mistake")) == {}
