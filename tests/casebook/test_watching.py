"""A case on its clock: a cheap look that finds nothing stops; what is new is told with its rows, never carried out."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import event

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.errors import CasebookError, UnknownCase
from customer_escalation.watching import watch
from escalation_connectors.fakes import FakeSupport, Trouble
from escalation_connectors.records import Account, Person, Sla
from tests.casebook.desk import ACTOR, Desk, shown
from tests.sources import ACCOUNTS, NOW, OTHER, TICKET, comment

SAID = comment("The export of orders fails with error 500 here too.", -1, name="Cy Oz")
THIRD = replace(
    OTHER, id="103", account="cobalt", created_at=NOW + timedelta(hours=1), requester=Person("Cy Oz", "customer"),
    comments=replace(OTHER.comments, items=(SAID,)),
)  # fmt: skip
COBALT = Account(id="cobalt", name="Cobalt Ltd", domain="cobalt.example", arr=1000.0, currency="USD")


@pytest.fixture
async def desk(casebook: Casebook) -> Desk:
    """A case of two customers that engineering has an issue for."""
    opened = Desk(casebook, accounts=(*ACCOUNTS, COBALT))
    await opened.open()
    return opened


async def test_a_look_that_finds_nothing_is_noted_and_stops(desk: Desk) -> None:
    seen = await desk.watch()

    assert (seen.news, seen.suggestions, seen.failed, seen.revision) == ((), (), (), 1)
    assert not seen.read_again
    [event] = [each for each in desk.casebook.events(desk.case_id) if each.kind == "seen"]
    assert dict(event.data) == {"requests": seen.requests}
    assert event.actor == ACTOR


async def test_a_look_asks_for_known_records_by_id_and_searches_once(desk: Desk) -> None:
    setting = desk.setting
    support = setting.sources.support
    assert isinstance(support, FakeSupport)

    seen = await watch(desk.casebook, desk.case_id, setting, actor=ACTOR, now=desk.later())

    asked = [method for method, _ in support.line.calls]
    assert sorted(asked) == ["get_ticket", "get_ticket", "linked_tickets", "linked_tickets", "search_tickets"]
    assert seen.requests == 7  # and one issue, and one search of the chat


async def test_a_customers_word_makes_a_new_brief_that_replaces_the_kept_one(desk: Desk) -> None:
    row = desk.ada("It is still broken, the same error 500.")

    seen = await desk.watch()

    assert [(each.kind, each.customer, each.cites) for each in seen.news] == [("broken", "Acme Corp", (row,))]
    case = desk.casebook.get(desk.case_id)
    assert (case.revision, case.result.now, seen.revision) == (2, desk.now, 2)
    assert row in case.result.evidence
    kinds = [each.kind for each in desk.casebook.events(desk.case_id)]
    assert kinds == ["opened", "seen", "revised"]


async def test_what_was_told_once_is_not_told_again(desk: Desk) -> None:
    desk.ada("It is still broken, the same error 500.")
    await desk.watch()

    seen = await desk.watch()

    assert not seen.read_again
    assert seen.news == ()


async def test_an_edited_comment_is_new(desk: Desk) -> None:
    desk.ada("We look into it.")
    await desk.watch()
    held = desk.tickets["101"]
    edited = replace(held.comments.items[-1], body="It works again, thank you.")
    desk.tickets["101"] = replace(held, comments=replace(held.comments, items=(*held.comments.items[:-1], edited)))

    seen = await desk.watch()

    assert [(each.kind, each.customer) for each in seen.news] == [("solved", "Acme Corp")]


async def test_the_trackers_state_and_fix_version_are_news(desk: Desk) -> None:
    desk.tracker(status="in progress", fix_version="4.2")

    seen = await desk.watch()

    assert [(each.kind, each.text, each.cites) for each in seen.news] == [
        ("status", "ORD-1: open → in progress", ("I-ORD-1",)),
        ("fix_version", "ORD-1 is to be fixed in 4.2", ("I-ORD-1",)),
        (
            "contradicted",
            "No longer holds: The tracker has it as ORD-1, “Export fails with 500”; its status is open",
            ("I-ORD-1",),
        ),
    ]
    assert shown(seen.suggestions) == [("move", "in_progress", "")]
    assert desk.state.checked_at == desk.now


async def test_a_further_customer_joins_and_is_not_forgotten(desk: Desk) -> None:
    desk.later(2)
    desk.tickets["103"] = THIRD

    seen = await desk.watch()

    assert [(each.kind, each.customer, each.cites) for each in seen.news if each.kind == "joined"] == [
        ("joined", "Cobalt Ltd", ("T-103",))
    ]
    assert list(desk.state.customers) == ["Acme Corp", "Borg AB", "Cobalt Ltd"]
    [joined] = [each for each in desk.casebook.events(desk.case_id) if each.kind == "joined"]
    assert (joined.actor, joined.data["tickets"]) == (ACTOR, ["103"])


async def test_a_new_ticket_about_something_else_is_not_read_again(desk: Desk) -> None:
    desk.later(2)
    other = replace(THIRD, subject="Change of our address", links=(), comments=replace(THIRD.comments, items=()))
    desk.tickets["103"] = other

    seen = await desk.watch()

    assert not seen.read_again


async def test_a_clock_of_the_sla_that_comes_near_is_news_though_nothing_was_written(casebook: Casebook) -> None:
    desk = Desk(casebook, (replace(TICKET, sla=Sla("first answer", NOW + timedelta(hours=20))), OTHER))
    await desk.open()

    early, near, still = await desk.watch(2), await desk.watch(11), await desk.watch(1)

    assert [each.kind for each in early.news] == []
    assert [(each.kind, each.cites, each.due_at) for each in near.news] == [
        ("sla", ("T-101",), NOW + timedelta(hours=20))
    ]
    assert [each.kind for each in still.news] == []


async def test_a_line_of_the_brief_that_its_own_row_no_longer_supports_is_told(desk: Desk) -> None:
    held = desk.tickets["101"]
    rewritten = replace(held.comments.items[0], body="The import of contacts is slow since this morning.")
    desk.tickets["101"] = replace(held, comments=replace(held.comments, items=(rewritten,)))

    seen = await desk.watch()

    wrong = [each for each in seen.news if each.kind == "contradicted"]
    assert wrong
    assert all("T-101/1" in each.cites for each in wrong)


async def test_a_promise_in_a_public_answer_becomes_a_clock_and_the_customer_counts_as_told(desk: Desk) -> None:
    row = desk.agent("We will update you by 18:00 today.")
    said_at = desk.now

    seen = await desk.watch()

    assert [each.kind for each in seen.news] == ["promised", "answered"]
    [promise] = desk.state.promises
    assert (promise.to, promise.due_at) == ("Acme Corp", NOW.replace(hour=18))
    assert desk.state.customers["Acme Corp"].told_at == said_at
    assert desk.state.customers["Borg AB"].told_at is None
    [told] = [each for each in desk.casebook.events(desk.case_id) if each.kind == "told"]
    assert told.data["cites"] == [row]


@pytest.mark.parametrize("statement", range(1, 200, 6))
async def test_a_look_that_breaks_off_anywhere_forgets_nothing_and_tells_nothing_twice(statement: int) -> None:
    desk = Desk(Casebook(None), accounts=(*ACCOUNTS, COBALT))
    await desk.open()
    desk.tickets["103"] = THIRD
    desk.agent("We will update you by 18:00 today.")
    left = iter(range(statement, -1, -1))

    def dies(*_: object) -> None:
        if not next(left, 1):
            raise BrokenPipeError

    event.listen(desk.casebook.database.engine, "before_cursor_execute", dies)
    with suppress(CasebookError):
        await desk.watch()
    event.remove(desk.casebook.database.engine, "before_cursor_execute", dies)

    await desk.watch()

    kinds = [each.kind for each in desk.casebook.events(desk.case_id)]
    assert {kind: kinds.count(kind) for kind in ("joined", "promised", "told", "revised")} == {
        "joined": 1, "promised": 1, "told": 1, "revised": 1
    }  # fmt: skip
    assert desk.casebook.broken(desk.case_id) == ""
    assert "T-103" in desk.casebook.get(desk.case_id).result.evidence


async def test_an_internal_promise_is_none_to_the_customer(desk: Desk) -> None:
    desk.agent("We will update them by 18:00 today.", public=False)

    await desk.watch()

    assert desk.state.promises == ()
    assert desk.state.customers["Acme Corp"].told_at is None


async def test_a_source_that_fails_is_named_and_never_reads_as_nothing_new(desk: Desk) -> None:
    row = desk.ada("It is still broken, the same error 500.")
    desk.trouble(support=Trouble(fault="down"))

    failed = await desk.watch()
    desk.trouble()
    seen = await desk.watch()

    assert [each.partition(":")[0] for each in failed.failed] == ["support_platform"]
    assert failed.revision == 1
    assert [each.cites for each in seen.news] == [(row,)]


async def test_what_the_crm_told_is_kept_while_it_fails_and_news_are_told_all_the_same(desk: Desk) -> None:
    desk.ada("It is still broken, the same error 500.")
    desk.trouble(crm=Trouble(fault="down"))

    seen, again = await desk.watch(), await desk.watch()
    desk.trouble()
    whole = await desk.watch()

    assert [each.kind for each in seen.news] == ["broken"]
    assert [each.kind for each in again.news] == []
    assert (seen.revision, again.revision, whole.revision) == (1, 1, 2)
    assert "A-acme" in desk.casebook.get(desk.case_id).result.evidence


async def test_nothing_that_is_suggested_is_carried_out(desk: Desk) -> None:
    desk.engineer("We have deployed a fix to production.")

    seen = await desk.watch()

    assert shown(seen.suggestions) == [("move", "resolved", "")]
    assert desk.state.status == "open"


async def test_every_item_and_suggestion_cites_rows_that_are_there(desk: Desk) -> None:
    desk.engineer("Root cause: a full disk on the export server. We deployed the fix.")
    desk.bo("It works again. What was it?")
    desk.tracker(status="done", fix_version="4.2")

    seen = await desk.watch()

    evidence = desk.casebook.get(desk.case_id).result.evidence
    cited = [*(each.cites for each in seen.news), *(each.cites for each in seen.suggestions)]
    assert len(cited) > 4
    assert all(cites and set(cites) <= {row.id for row in evidence} for cites in cited)


async def test_a_case_of_another_team_is_not_watched(desk: Desk) -> None:
    with pytest.raises(UnknownCase):
        await watch(desk.casebook.of_team("other"), desk.case_id, desk.setting, actor=ACTOR, now=desk.later())


async def test_the_trail_stays_intact(desk: Desk) -> None:
    desk.ada("It is still broken, the same error 500.")
    desk.agent("We will update you by 18:00 today.")

    await desk.watch()

    assert desk.casebook.broken(desk.case_id) == ""


async def test_an_sla_that_the_sources_move_moves_the_clock_of_that_customer_alone(casebook: Casebook) -> None:
    first, moved = NOW + timedelta(hours=20), NOW + timedelta(hours=3)
    desk = Desk(casebook, (replace(TICKET, sla=Sla("first answer", first)), OTHER))
    await desk.open()
    before = {each.name: each.sla for each in desk.state.customers.values()}
    desk.tickets["101"] = replace(TICKET, sla=Sla("first answer", moved))

    await desk.watch()

    assert before == {"Acme Corp": (first,), "Borg AB": ()}
    assert {each.name: each.sla for each in desk.state.customers.values()} == {"Acme Corp": (moved,), "Borg AB": ()}
    assert [event.kind for event in casebook.events(desk.case_id)].count("sla") == 1


async def test_what_was_promised_before_the_case_is_a_clock_of_it(casebook: Casebook) -> None:
    desk = Desk(casebook)
    desk.agent("We will update you within 2 hours.", ticket="102")
    desk.later(3)
    update = desk.agent("We will update you within 20 hours.", ticket="102")
    deed = desk.agent("We will have a fix by 18:00 tomorrow.")
    desk.agent("Please restart the client meanwhile.")

    await desk.open()

    made = [each.data["cites"] for each in casebook.events(desk.case_id) if each.kind == "promised"]
    assert made == [[update], [deed]]
    assert [(each.to, each.of_update) for each in desk.state.promises] == [("Borg AB", True), ("Acme Corp", False)]


async def test_what_was_promised_and_answered_before_the_case_is_none_of_it(casebook: Casebook) -> None:
    desk = Desk(casebook)
    desk.agent("We will update you within 4 hours.")
    desk.later(2)
    desk.agent("As promised: the team has found where it fails.")

    await desk.open()

    assert desk.state.promises == ()


async def test_an_answer_by_the_promised_time_keeps_a_promise_though_both_are_read_later(desk: Desk) -> None:
    desk.agent("We will update you within 3 hours.")
    desk.agent("Here is the update: the team has found where it fails.")
    desk.agent("We will have a fix within 2 hours.")
    desk.agent("Thank you for waiting.")

    await desk.watch(5)

    update, deed = desk.state.promises
    assert (update.kept, update.late, deed.kept) == (True, False, False)
