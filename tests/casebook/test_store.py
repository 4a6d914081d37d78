"""The casebook: what was gathered is there again after a restart, whatever database keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from customer_escalation.brief import Result, Statement
from customer_escalation.casebook import Casebook, CasebookError, UnknownCase, codec
from customer_escalation.casebook.tables import CASES
from customer_escalation.evidence import Evidence, Ledger
from customer_escalation.recent import Recent
from tests.server import results
from tests.skill import render_samples as samples

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def add(casebook: Casebook, result: Result) -> str:
    return casebook.add(result, customer="Acme", workspace="Northwind", opened_at=NOW)


def same(one: Result, other: Result) -> bool:
    """Equal in every field, and with the same rows in the same order."""
    bare = Ledger()
    return replace(one, evidence=bare) == replace(other, evidence=bare) and list(one.evidence) == list(other.evidence)


@pytest.mark.parametrize("make", [results.acme, samples.handled, samples.unknown])
def test_a_case_is_the_same_after_a_restart(where: Path | str, make: Callable[[], Result]) -> None:
    result = make()
    first = Casebook(where)
    case_id = add(first, result)
    first.close()

    again = Casebook(where)
    case = again.get(case_id)
    again.close()

    assert case_id == "case-1"
    assert same(case.result, result)
    assert (case.issue, case.customer, case.workspace, case.revision) == (result.issue, "Acme", "Northwind", 1)


def test_a_case_is_decoded_once_for_all_who_look_at_it_until_it_changes(casebook: Casebook) -> None:
    case = casebook.get(add(casebook, results.acme()))

    again = casebook.of_team(None).get(case.id)
    casebook.change(again, replace(again.result, issue="Another"))

    assert again.result is case.result
    assert casebook.get(case.id).result.issue == "Another"


def rows(result: Result) -> int:
    """How large a result is."""
    return len(result.evidence)


def test_what_was_looked_at_longest_ago_is_given_up_first() -> None:
    result, size = results.acme(), len(results.acme().evidence)
    recent = Recent[tuple[int, int], Result](2 * size, rows)
    for number in (1, 2):
        recent.keep((number, 1), result)

    recent.get((1, 1))
    recent.keep((3, 1), result)
    recent.keep((3, 1), result)

    assert [recent.get((number, 1)) is result for number in (1, 2, 3)] == [True, False, True]
    assert recent.get((1, 2)) is None


def test_what_is_too_large_to_be_kept_is_not() -> None:
    recent = Recent[tuple[int, int], Result](1, rows)

    recent.keep((1, 1), results.acme())

    assert recent.get((1, 1)) is None


def test_fields_of_evidence_keep_their_kinds() -> None:
    there = timezone(timedelta(hours=-8))
    row = Evidence(
        id="T-1",
        category="support_platform",
        connector="workspace",
        record="1",
        text="ünïcode \u2603",
        fields={
            "whole": 3,
            "money": 1200.0,
            "flag": True,
            "none": None,
            "text": "2026-11-23T14:00:00+00:00",
            "at": datetime(2026, 11, 23, 6, 0, tzinfo=there),
        },
    )

    again = codec.load_row(codec.dump_row(row))

    assert again == row
    assert {name: type(value) for name, value in again.fields.items()} == {
        name: type(value) for name, value in row.fields.items()
    }
    assert again.fields["at"].utcoffset() == timedelta(hours=-8)  # type: ignore[union-attr]  # a time


def test_what_records_name_their_fields_cannot_break_a_case(casebook: Casebook) -> None:
    result = results.acme()
    revenue = replace(
        result.brief.impact.revenue_at_risk or pytest.fail("the sample has revenue"),
        by_account={"$time": {"$time": "never", "$$": None, "deals": ("D-1", {"at": NOW})}},
    )
    impact = replace(result.brief.impact, revenue_at_risk=revenue)
    result = replace(result, brief=replace(result.brief, impact=impact))

    assert same(casebook.get(add(casebook, result)).result, result)


def test_a_change_is_kept_with_its_evidence(casebook: Casebook) -> None:
    case_id = add(casebook, results.acme())
    case = casebook.get(case_id)
    ledger = Ledger([*case.result.evidence])
    ledger.compute("2 customers", "count(T-51842, T-51871)", ["T-51842", "T-51871"], 2)
    changed = replace(
        case.result, brief=replace(case.result.brief, title=Statement("Another", ("T-51842",))), evidence=ledger
    )

    casebook.change(case, changed)

    kept = casebook.get(case_id)
    assert same(kept.result, changed)
    assert kept.revision == 2


def test_two_who_change_the_same_case_do_not_overwrite_each_other(casebook: Casebook) -> None:
    case_id = add(casebook, results.acme())
    mine, theirs = casebook.get(case_id), casebook.get(case_id)
    casebook.change(theirs, theirs.result)

    with pytest.raises(CasebookError, match="case-1 was changed by somebody else meanwhile"):
        casebook.change(mine, mine.result)

    assert casebook.get(case_id).revision == 2


def test_two_processes_share_one_casebook(where: Path | str, casebook: Casebook) -> None:
    other = Casebook(where)
    ids = [add(casebook, samples.unknown()), add(other, samples.handled()), add(casebook, samples.unknown())]

    assert ids == ["case-1", "case-2", "case-3"]
    assert other.get("case-3").issue == "It is broken"
    assert (casebook.count(), other.count()) == (3, 3)
    other.close()


def test_case_ids_are_listed_newest_first_by_their_beginning(casebook: Casebook) -> None:
    for _ in range(12):
        add(casebook, samples.unknown())

    assert casebook.ids(limit=3) == ("case-12", "case-11", "case-10")
    assert casebook.ids("case-1") == ("case-12", "case-11", "case-10", "case-1")
    assert casebook.ids("nothing") == ()
    assert casebook.ids("case-%") == ()


@pytest.mark.parametrize("case_id", ["", "case-", "case-0", "case-9", "-1", "case-1; DROP TABLE cases", "٣", "9" * 40])
def test_an_unknown_case_is_named(casebook: Casebook, case_id: str) -> None:
    with pytest.raises(UnknownCase, match=r"^no case '.*' in the casebook; escalation_gather opens one$"):
        casebook.get(case_id)


@pytest.mark.parametrize("case_id", ["case-1", "CASE-1", " case-1 ", "1"])
def test_a_case_is_found_however_its_id_is_written(casebook: Casebook, case_id: str) -> None:
    add(casebook, samples.unknown())

    assert casebook.get(case_id).id == "case-1"


def test_a_closed_casebook_says_so(casebook: Casebook) -> None:
    casebook.close()

    with pytest.raises(CasebookError, match="was closed"):
        casebook.count()


@pytest.mark.parametrize("broken", ["{}", "[]", "{", '{"brief": 1}', '{"now": {"$time": "yesterday"}}', "1"])
def test_a_case_that_was_damaged_is_told_apart_from_an_unknown_one(casebook: Casebook, broken: str) -> None:
    add(casebook, samples.unknown())
    with casebook.database.writing() as db:
        db.execute(update(CASES).values(result=broken))

    with pytest.raises(CasebookError, match="case-1: cannot be read") as caught:
        casebook.get("case-1")

    assert not isinstance(caught.value, UnknownCase)


def test_a_change_that_fails_half_way_leaves_the_case_as_it_was(
    casebook: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = casebook.get(add(casebook, results.acme()))

    def broken(row: Evidence) -> str:
        raise ValueError(row.id)

    monkeypatch.setattr(codec, "dump_row", broken)
    with pytest.raises(ValueError, match="R-0"):
        casebook.change(case, replace(case.result, severity="critical"))

    assert same(casebook.get(case.id).result, case.result)
