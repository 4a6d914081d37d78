"""Earlier cases of the same problem, and those that only sound like it; the search itself on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from msgspec import Struct
from msgspec.structs import replace

from customer_escalation import workflow
from customer_escalation.brief import Result
from customer_escalation.casebook import Casebook
from customer_escalation.casebook.earlier import History, answer, earlier
from customer_escalation.casebook.events import Kind, Value
from customer_escalation.casebook.opening import first, open_case
from customer_escalation.settings import Setting
from escalation_connectors.fakes import FakeCRM, FakeSupport, FakeTracker
from escalation_connectors.records import Account, Comment, Issue, Page, Person, Ticket
from escalation_connectors.sources import Sources
from tests.casebook.by_person import learn
from tests.casebook.desk import ANNA
from tests.sources import NOW, setting_over

DAY = timedelta(days=1)
BLANK = "Label printer prints blank shipping labels"


class Report(Struct, frozen=True):
    """One customer's report of a problem, perhaps with its tracker issue."""

    subject: str = BLANK
    said: str = ""
    ticket: str = "901"
    customer: str = "Birkenau Logistics"
    issue: str = ""
    links: tuple[str, ...] = ()
    at: datetime = NOW
    version: str = ""

    @property
    def setting(self) -> Setting:
        """A company that has this report and nothing else."""
        since = self.at - timedelta(hours=5)
        person = Person("Tove Lind", "customer")
        told = Comment("1", self.said or f"{self.subject}. It fails since today.", since, person)
        tickets = [
            Ticket(
                id=self.ticket, subject=self.subject, created_at=since, status="open", requester=person, account="a1",
                comments=Page((told,), 1), links=(self.issue,) if self.issue else (),
            )
        ]  # fmt: skip
        issues = [
            Issue(
                key=self.issue, title=self.subject, created_at=since, kind="bug", status="open",
                fix_version=self.version, links=(self.ticket, *self.links),
            )
        ]  # fmt: skip
        return setting_over(
            Sources(
                support=FakeSupport(tickets),
                crm=FakeCRM([Account(id="a1", name=self.customer)]),
                tracker=FakeTracker(issues if self.issue else ()),
            )
        )

    async def result(self) -> Result:
        """The brief of it."""
        return await workflow.escalate(
            workflow.Request(f"{self.subject} (ticket {self.ticket})", self.at), self.setting
        )


async def keep(casebook: Casebook, report: Report, *happened: tuple[Kind, dict[str, Value]]) -> str:
    """A case of this report, to which this happened in the days after."""
    result, setting = await report.result(), report.setting
    case_id = open_case(casebook, result, setting, actor=ANNA)
    if casebook.state(case_id).status == "kept" and happened:
        data = first(result, setting) | {"severity": "medium", "target": "l2_support"}
        casebook.record(case_id, "opened", actor=ANNA, at=report.at, data=data)
    for number, (kind, data) in enumerate(happened, 1):
        casebook.record(case_id, kind, actor=ANNA, at=report.at + number * DAY, why="as agreed", data=data)
    return case_id


async def known(casebook: Casebook, report: Report) -> History:
    """What the casebook says when this report comes."""
    return earlier(casebook, await report.result(), report.setting)


async def test_the_third_time_names_the_first_two_with_their_end(casebook: Casebook) -> None:
    await keep(
        casebook,
        Report(ticket="801", issue="PRT-7", at=NOW - 40 * DAY, version="5.2.1"),
        ("moved", {"to": "resolved"}),
        ("closed", {}),
    )
    await keep(casebook, Report(ticket="802", issue="PRT-7", at=NOW - 20 * DAY), ("checked", {}))

    found = await known(casebook, Report(ticket="803", issue="PRT-7", customer="Fjellbanen"))

    assert found.note == (
        "Third time since 10 October: case-1 (closed, fix version 5.2.1; the same tracker issue PRT-7), "
        "case-2 (open; the same tracker issue PRT-7)."
    )
    assert [(each.case_id, each.likeness) for each in found.cases] == [("case-1", "same"), ("case-2", "same")]


async def test_an_answer_holds_the_note_and_what_is_known_of_each(casebook: Casebook) -> None:
    case_id = await keep(casebook, Report(ticket="801", issue="PRT-7", at=NOW - 400 * DAY), ("closed", {}))
    learn(casebook, case_id, "root_cause", "The driver lost the font.", at=NOW - 390 * DAY)
    learn(casebook, case_id, "fix_version", "5.2.1", at=NOW - 390 * DAY)

    assert answer(await known(casebook, Report(ticket="803", issue="PRT-7"))) == {
        "note": "Second time since 15 October 2025: case-1 (closed, fix version 5.2.1; the same tracker issue PRT-7).",
        "cases": [
            {
                "case_id": "case-1",
                "status": "closed",
                "opened_at": "2025-10-15T12:00+00:00",
                "relation": "same",
                "why": "the same tracker issue PRT-7",
                "fix_version": "5.2.1",
                "cause": "The driver lost the font.",
            }
        ],
    }


async def test_nothing_earlier_gives_no_answer(casebook: Casebook) -> None:
    assert answer(await known(casebook, Report())) == {}


async def test_the_same_report_is_named_once_and_counted_never(casebook: Casebook) -> None:
    await keep(casebook, Report(at=NOW - 3 * DAY))
    await keep(casebook, Report(at=NOW - 2 * DAY), ("moved", {"to": "in_progress"}))
    await keep(casebook, Report(at=NOW - DAY))

    found = await known(casebook, Report())

    assert found.note == "The same report is kept already as case-2 (in progress, since 17 November)."


async def test_the_cases_of_one_ticket_count_once(casebook: Casebook) -> None:
    for days in (9, 8, 7):
        await keep(casebook, Report(ticket="801", issue="PRT-7", at=NOW - days * DAY))

    found = await known(casebook, Report(ticket="803", issue="PRT-7"))

    assert found.note.startswith("Second time since 10 November: case-1 (")


async def test_of_cases_that_are_over_the_last_speaks_for_its_ticket(casebook: Casebook) -> None:
    for days in (9, 8):
        await keep(casebook, Report(ticket="801", issue="PRT-7", at=NOW - days * DAY), ("closed", {}))

    found = await known(casebook, Report(ticket="803", issue="PRT-7"))

    assert found.note.startswith("Second time since 11 November: case-2 (closed; ")


async def test_an_older_case_knows_only_what_was_before_it(casebook: Casebook) -> None:
    for days in (30, 20, 10):
        await keep(casebook, Report(ticket=f"80{days}", issue="PRT-7", at=NOW - days * DAY))
    case = casebook.get("case-2")

    found = earlier(casebook, case.result, Report().setting, but="case-2")

    assert [each.case_id for each in found.cases] == ["case-1"]


async def test_what_lies_beyond_the_policys_window_is_forgotten(casebook: Casebook) -> None:
    await keep(casebook, Report(ticket="801", issue="PRT-7", at=NOW - 541 * DAY))

    assert await known(casebook, Report(ticket="803", issue="PRT-7")) == History()


async def test_a_team_knows_only_its_own_cases(casebook: Casebook) -> None:
    north, south = casebook.of_team("north"), casebook.of_team("south")
    await keep(north, Report(ticket="801", issue="PRT-7", at=NOW - DAY))
    report = Report(ticket="803", issue="PRT-7")

    assert await known(south, report) == History()
    assert [each.case_id for each in (await known(north, report)).again] == ["case-1"]


async def test_another_workspace_has_other_tickets_with_the_same_numbers(casebook: Casebook) -> None:
    await keep(casebook, Report(at=NOW - DAY))
    elsewhere = replace(Report().setting, name="Another company")

    assert earlier(casebook, await Report().result(), elsewhere) == History()
    assert (
        earlier(casebook.of_workspace(other_than="Larkfield"), await Report().result(), Report().setting) == History()
    )


SAME = {
    "the same words": (Report(ticket="801"), Report(ticket="803", customer="Fjellbanen")),
    "the same words in another order, and typed by somebody else": (
        Report(ticket="801", subject="Shipping labels blank on label printer"),
        Report(ticket="803", customer="Fjellbanen"),
    ),
    "an error code": (
        Report("Nightly import stops", "It stops with IMPORT_LOCK_TIMEOUT.", "801"),
        Report("Import of orders stops at night", "The log says IMPORT_LOCK_TIMEOUT at 02:10.", "803", "Fjellbanen"),
    ),
    "an issue of the tracker, in other words": (
        Report("Nothing comes out of the printer", ticket="801", issue="PRT-7"),
        Report("Empty stickers", ticket="803", issue="PRT-7"),
    ),
    "an issue that the tracker links": (
        Report(ticket="801", issue="PRT-7"),
        Report(ticket="803", issue="PRT-9", links=("PRT-7",)),
    ),
}


@pytest.mark.parametrize("name", SAME)
async def test_it_is_the_same_problem_by(name: str) -> None:
    casebook, (old, new) = Casebook(None), SAME[name]
    await keep(casebook, replace(old, at=NOW - 9 * DAY))

    assert [each.case_id for each in (await known(casebook, new)).again] == ["case-1"]
    casebook.close()


OTHER = {
    "the same words with another issue": (
        Report(ticket="801", issue="PRT-7"),
        Report(ticket="803", issue="PRT-9"),
        "it has another tracker issue, PRT-7",
    ),
    "the same words with another error": (
        Report("Export of orders stops", "It ends with EXPORT_QUOTA_EXCEEDED.", "801"),
        Report("Export of orders stops", "It ends with EXPORT_LOCK_TIMEOUT.", "803"),
        "its errors are others: EXPORT_QUOTA_EXCEEDED",
    ),
    "the opposite": (
        Report("Import of orders stops for large shops", ticket="801"),
        Report("Export of orders stops for large shops", ticket="803"),
        "it is about “import”",
    ),
    "similar words": (
        Report("Label printer in Rostock prints shipping labels twice", ticket="801"),
        Report("Label printer prints blank shipping labels", ticket="803"),
        "reported in similar words; nothing else links them",
    ),
}


@pytest.mark.parametrize("name", OTHER)
async def test_it_only_sounds_alike_with(name: str) -> None:
    casebook, (old, new, why) = Casebook(None), OTHER[name]
    await keep(casebook, replace(old, at=NOW - 9 * DAY))

    found = await known(casebook, new)

    assert (found.again, [each.why for each in found.sounds_alike]) == ((), [why])
    assert found.note.startswith("Sounds alike and is not counted: case-1 (")
    casebook.close()


APART: Sequence[tuple[Report, Report]] = (
    (
        Report("Login fails after the password reset", ticket="801"),
        Report("Login fails after the update", ticket="803"),
    ),
    (Report("Export of orders is slow", ticket="801"), Report("Export of orders is missing rows", ticket="803")),
    (Report("Checkout returns error 500", ticket="801"), Report("Report builder returns error 500", ticket="803")),
    (Report("Invoice has the wrong VAT", ticket="801"), Report("Invoice is sent to the wrong address", ticket="803")),
    (
        Report("Acme cannot log in", ticket="801", customer="Acme"),
        Report("Acme cannot print", ticket="803", customer="Acme"),
    ),
    (Report("Webhooks arrive late", ticket="801"), Report("Webhooks arrive twice", ticket="803")),
)


@pytest.mark.parametrize("pair", APART, ids=lambda pair: pair[1].subject)
async def test_another_problem_is_not_even_named(pair: tuple[Report, Report]) -> None:
    casebook, (old, new) = Casebook(None), pair
    await keep(casebook, replace(old, at=NOW - 9 * DAY))

    assert await known(casebook, new) == History()
    casebook.close()


async def test_a_cause_on_one_customers_side_says_nothing_of_anothers_problem() -> None:
    casebook = Casebook(None)
    report = Report("Door readers lose their connection", ticket="801", customer="Turmhotel", at=NOW - 9 * DAY)
    case_id = await keep(casebook, report, ("de_escalated", {"condition": "root_cause"}))
    learn(casebook, case_id, "root_cause", "An expired certificate on their proxy.", at=NOW - 8 * DAY)

    another = await known(casebook, replace(report, ticket="803", customer="Strandhotel", at=NOW))
    again = await known(casebook, replace(report, ticket="804", at=NOW))

    assert [each.why for each in another.sounds_alike] == [
        "its cause was on that customer's side: An expired certificate on their proxy."
    ]
    assert (another.again, [each.case_id for each in again.again]) == ((), ["case-1"])
    casebook.close()


async def test_a_recorded_cause_names_the_issue_of_the_next_case() -> None:
    casebook = Casebook(None)
    case_id = await keep(casebook, Report("Empty stickers", ticket="801", at=NOW - 9 * DAY))
    learn(casebook, case_id, "root_cause", "The font cache of PRT-7.", at=NOW - 8 * DAY)

    found = await known(casebook, Report(ticket="803", issue="PRT-7"))

    assert [each.why for each in found.again] == ["its cause was PRT-7"]
    casebook.close()


async def test_many_other_cases_hide_none_and_add_none() -> None:
    casebook = Casebook(None)
    wanted = await keep(casebook, Report(ticket="801", issue="PRT-7", at=NOW - 90 * DAY))
    other = await Report("Roster does not save the night shift", ticket="700", at=NOW - 80 * DAY).result()
    for number in range(300):
        changed = replace(other, issue=f"Roster {number} does not print the shipping labels")
        casebook.add(changed, customer="", workspace="Larkfield", opened_at=NOW - 50 * DAY)

    found = await known(casebook, Report(ticket="803", issue="PRT-7"))

    assert [each.case_id for each in found.again] == [wanted]
    casebook.close()
