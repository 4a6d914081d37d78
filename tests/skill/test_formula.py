"""The formula language: what it gives, with units, and the plain reason where it gives nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from customer_escalation.evidence import Ledger
from customer_escalation.verify import FormulaError, compute
from customer_escalation.verify.formula import LONGEST, formulas, parse, rows_of
from tests.skill.verify_rows import NOW, ledger, row


def value(formula: str, rows: Ledger | None = None) -> tuple[object, str]:
    result = compute(formula, rows or ledger(), NOW).value
    found = round(result.is_, 4) if isinstance(result.is_, float) else result.is_
    return found, result.unit


def refusal(formula: str, rows: Ledger | None = None) -> str:
    with pytest.raises(FormulaError) as caught:
        compute(formula, rows or ledger(), NOW)
    return str(caught.value)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("hours([T-101].created_at, now)", (80.0, "h")),
        ("days([T-101].created_at, now)", (3.3333, "d")),
        ("hours(now, [T-101].due_at)", (4.0, "h")),
        ("hours([T-101/4].at, now)", (31.0, "h")),
        ('hours("2026-11-19", now)', (16.0, "h")),
        ("4 * 250", (1000.0, "")),
        ("(40 - 12) / 2 + 1", (15.0, "")),
        ("percent(12, 40)", (30.0, "%")),
        ("sum([A-acme].arr, [D-1].amount)", (2_612_000.0, "EUR")),
        ("[A-acme].arr - [D-1].amount", (2_412_000.0, "EUR")),
        ("2 * [A-acme].arr", (5_024_000.0, "EUR")),
        ("[A-acme].arr / 12", (209333.3333, "EUR")),
        ("[A-acme].arr / [D-1].amount", (25.12, "")),
        ("count([T-101], [T-102], [T-101])", (2.0, "")),
        ("distinct([T-101].customer, [T-102].customer, [T-101].customer)", (2.0, "")),
        ("distinct([T-101].customer, [A-beta].nothing)", (1.0, "")),
        ("min(3, 2, 5)", (2.0, "")),
        ("max([T-101].created_at, [T-102].created_at)", (datetime(2026, 11, 17, 8, tzinfo=UTC), "")),
        ("add_hours([T-101].created_at, 96)", (datetime(2026, 11, 20, 8, tzinfo=UTC), "")),
        ("later([T-101/1])", (3.0, "")),
        ("later([T-101/1], staff)", (2.0, "")),
        ("later([T-101/1], engineer)", (1.0, "")),
        ("later([R-0], staff)", (0.0, "")),
        ('mentions("cache")', (1.0, "")),
        ("mentions('failover')", (0.0, "")),
        ('due([T-101/2], "UTC")', (datetime(2026, 11, 17, 12, tzinfo=UTC), "")),
        ("[T-101].status", ("open", "")),
    ],
)
def test_a_formula_gives_a_value_with_its_unit(formula: str, expected: tuple[object, str]) -> None:
    assert value(formula) == expected


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("", "empty"),
        ("1 +", "ends too early"),
        ("1 2", "cannot be read from “2”"),
        ("(1", "lacks “)”"),
        (")", "cannot begin with “)”"),
        ("1 § 2", "cannot be read from “§ 2”"),
        ("[T-101]. + 1", "followed by the name of a field"),
        ("[T-101] + 1", "name a field"),
        ("[T-999].at", "no row [T-999]"),
        ("[T-101].arr", "no field “arr”; it has at, customer, created_at, due_at, status"),
        ("[K-empty].at", "it has none"),
        ("tomorrow", "“tomorrow” is not known"),
        ("eval(1)", "no function eval(); known are add_hours"),
        ("1 / 0", "divides by zero"),
        ("percent(1, 0)", "the second figure is 0"),
        ("percent([A-acme].arr, [A-beta].arr)", "compares EUR with USD"),
        ("sum([A-acme].arr, [A-beta].arr)", "mixes EUR and USD"),
        ("sum()", "at least one figure"),
        ("sum(now)", "adds up figures"),
        ("[A-acme].arr + 1", "mixes EUR and a plain number"),
        ("1 - [A-acme].arr", "mixes a plain number and EUR"),
        ("[A-acme].arr * [D-1].amount", "means nothing"),
        ("1 / [A-acme].arr", "means nothing"),
        ("hours(now)", "takes 2 values, not 1"),
        ("hours(now, 3)", "needs a time, not “3”"),
        ("3 + now", "needs a figure"),
        ("count(3)", "counts rows"),
        ("count([T-101].at)", "counts rows"),
        ("distinct([T-101])", "compares fields"),
        ("later(3)", "takes a row"),
        ("later([T-101/1], boss)", "is a role: agent"),
        ("later([T-101/1], 3)", "is a role: agent"),
        ("mentions(3)", "takes a phrase"),
        ('mentions("12")', "phrase with words"),
        ("due([T-101/2])", "takes a row and a time zone"),
        ('due([T-101/2], "Mars/Olympus")', "IANA time zone"),
        ('due([T-102], "UTC")', "promises no time"),
        ('due([K-empty], "UTC")', "promises no time"),
        ("add_hours(now, 99999999999)", "out of range"),
        ("9" * 400, "out of range"),
        ("1" + "+1" * 100, "more than 64 steps"),
        ("(" * 30 + "1" + ")" * 30, "nested too deeply"),
        ("min(" * 30 + "1" + ")" * 30, "nested too deeply"),
        ("1" * (LONGEST + 1), "longer than"),
        ('"yes" + 1', "needs a figure, not “yes”"),
    ],
)
def test_a_formula_that_gives_nothing_says_why(formula: str, reason: str) -> None:
    assert reason in refusal(formula)


def test_a_field_that_is_true_or_false_reads_as_yes_or_no() -> None:
    rows = ledger(row("X-1", "", is_open=True, is_lost=False))

    assert value("[X-1].is_open", rows) == ("yes", "")
    assert value("[X-1].is_lost", rows) == ("no", "")


def test_a_field_that_is_a_date_in_words_is_a_time() -> None:
    rows = ledger(row("X-1", "", renewal="2026-12-18", nonsense="2026-99-99"))

    assert value("[X-1].renewal", rows) == (datetime(2026, 12, 18, tzinfo=UTC), "")
    assert value("[X-1].nonsense", rows) == ("2026-99-99", "")


def test_a_computed_row_is_worked_out_again_and_not_believed() -> None:
    computed = row(
        "C-1", "3 customers", origin="computed", formula="count([T-101], [T-102])", inputs=("T-101", "T-102")
    )

    assert value("[C-1] * 2", ledger(computed)) == (4.0, "")
    assert value("[C-1].value", ledger(computed)) == (2.0, "")
    assert value("[C-1] + [C-1]", ledger(computed)) == (4.0, "")


def test_computed_rows_that_rest_on_themselves_are_refused() -> None:
    one = row("C-1", "1", origin="computed", formula="[C-2] + 1")
    two = row("C-2", "1", origin="computed", formula="[C-1] + 1")
    empty = row("C-3", "1", origin="computed")

    assert "rests on itself" in refusal("[C-1]", ledger(one, two))
    assert "has no formula" in refusal("[C-3]", ledger(empty))


def test_computed_rows_rest_on_each_other_only_so_deep() -> None:
    chain = [row(f"C-{n}", "1", origin="computed", formula=f"[C-{n + 1}] + 1") for n in range(1, 40)]

    assert "too deeply" in refusal("[C-1]", ledger(*chain))


def test_a_formula_names_the_rows_that_it_uses() -> None:
    tree = parse("sum([A-1].arr, 3 * [D-1].amount) + count([T-1])")

    assert rows_of(tree) == {"A-1", "D-1", "T-1"}


def test_several_formulas_stand_side_by_side() -> None:
    assert formulas('count([T-1]); hours("a;b", now) ;') == ["count([T-1])", 'hours("a;b", now)']
    assert formulas("") == [""]


def test_what_a_formula_used_is_told_with_its_value() -> None:
    result = compute('hours("2026-11-18T09:00:00Z", [T-101/4].at) + 0 * hours(now, now)', ledger(), NOW)

    assert result.rows == ["T-101/4"]
    assert [number.text for number in result.literals] == ["0"]
    assert result.times == [datetime(2026, 11, 18, 9, tzinfo=UTC)]
    assert result.value.written == "0 h"
    assert compute("percent(12, 40)", ledger(), NOW).value.written == "30%"
    assert compute("now", ledger(), NOW).value.written == NOW.isoformat()
    assert compute("[T-101].status", ledger(), NOW).value.written == "open"
