"""The JSON result: the schema's fields in its order, the evidence that anything rests on, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from customer_escalation.brief import Conflict, Reason, Result, Revenue, Statement, Stats
from customer_escalation.evidence import Author, Evidence, Ledger
from customer_escalation.render import render
from customer_escalation.render.as_json import time_text, to_json
from tests.skill import render_samples
from tests.skill.render_hostile import filled

TOP = [
    *("schema_version", "issue", "customer", "now", "planner", "model", "decision", "reasons", "severity", "target"),
    *("also_inform", "brief", "handling", "unknown", "conflicts", "evidence", "verification", "next_steps", "sources"),
    "stats",
]
BRIEF = [
    *("title", "reported_by", "date", "impact", "description", "tried", "reproduction", "customer_communication"),
    *("needed", "deadline", "supporting"),
]
ROW = ["id", "category", "connector", "record", "url", "at", "author", "text"]


def parsed(result: Result) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(render(result, "json"))
    return value


def ids(result: Result) -> list[str]:
    return [row["id"] for row in parsed(result)["evidence"]]


def test_the_fields_stand_in_the_order_of_the_schema() -> None:
    value = parsed(render_samples.escalation())
    assert list(value)[: len(TOP)] == TOP
    assert list(value["brief"])[: len(BRIEF)] == BRIEF
    assert list(value["evidence"][0])[: len(ROW)] == ROW
    assert list(value["brief"]["description"][0]) == ["text", "cites", "kind", "formula"]


def test_the_text_ends_with_a_newline_and_keeps_its_letters() -> None:
    result = replace(render_samples.unknown(), issue="Kündigung → 解約")
    text = render(result, "json")
    assert text.endswith("}\n")
    assert "Kündigung → 解約" in text


def test_whole_amounts_have_no_fraction_and_hours_always_have_one() -> None:
    text = render(render_samples.escalation(), "json")
    assert '"arr": 576500,' in text
    assert '"hours": 149.0,' in text


def test_amounts_of_an_account_are_plain_values() -> None:
    by_account = {
        "Acme": {"arr": 1.5, "renewal": datetime(2027, 1, 1, tzinfo=UTC), "deals": (2.0, "D-1"), "open": True}
    }
    result = render_samples.unknown()
    impact = replace(result.brief.impact, revenue_at_risk=Revenue(1.5, None, "EUR", by_account))
    revenue = parsed(replace(result, brief=replace(result.brief, impact=impact)))["brief"]["impact"]["revenue_at_risk"]
    assert revenue["by_account"] == {
        "Acme": {"arr": 1.5, "renewal": "2027-01-01T00:00:00Z", "deals": [2, "D-1"], "open": True}
    }


def test_times_are_utc_with_a_z() -> None:
    assert time_text(datetime(2026, 11, 23, 14, tzinfo=timezone(timedelta(hours=2)))) == "2026-11-23T12:00:00Z"
    assert time_text(datetime(2026, 11, 23, 14, 0, 0, 5, tzinfo=UTC)) == "2026-11-23T14:00:00.000005Z"
    assert time_text(datetime(2026, 11, 23, 14, tzinfo=UTC).replace(tzinfo=None)) == "2026-11-23T14:00:00Z"


def test_only_the_wall_time_differs_between_equal_runs() -> None:
    one, two = (to_json(replace(render_samples.escalation(), stats=Stats(wall_ms=wall))) for wall in (1, 2))
    assert one.pop("stats") != two.pop("stats")
    assert one == two


def test_evidence_stands_in_the_order_of_first_citation_with_inputs_after_what_rests_on_them() -> None:
    first = ["T-51842/1", "T-51907", "T-51842", "C-1", "A-12", "A-31", "C-2", "R-0"]
    assert ids(render_samples.escalation())[:8] == first


def test_handling_comes_before_the_brief_in_the_order_of_evidence() -> None:
    assert ids(render_samples.handled()) == ["T-7", "K-4", "R-0"]


def test_rows_that_nothing_cites_are_left_out_except_what_was_typed_and_what_was_searched() -> None:
    result = replace(render_samples.escalation(), reasons=())
    assert "K-9" not in ids(result)
    assert "S-1" in ids(result)
    assert "R-0" in ids(replace(render_samples.unknown(), brief=replace(result.brief, title=Statement("x"))))


def test_what_conflicts_reasons_and_accounts_cite_is_listed() -> None:
    rows = [Evidence(id=name, category="crm", connector="w", record="1", text="") for name in ("A-1", "A-2", "A-3")]
    result = render_samples.unknown()
    revenue = Revenue(None, None, None, {"Acme": {"cites": ["A-3", "A-9"], "deals": ({"cites": ("A-3",)},)}})
    brief = replace(result.brief, impact=replace(result.brief.impact, revenue_at_risk=revenue), title=Statement("x"))
    full = replace(
        result,
        brief=brief,
        conflicts=(Conflict("a", ("A-2",)),),
        reasons=(Reason("x", True, "b", ("A-1",)),),
        evidence=Ledger(rows),
    )
    assert ids(full) == ["A-3", "A-2", "A-1"]


def test_computed_rows_may_rest_on_each_other() -> None:
    rows = [
        Evidence(id="C-1", category="computed", connector="computed", record="1", text="", inputs=("C-2",)),
        Evidence(id="C-2", category="computed", connector="computed", record="2", text="", inputs=("C-1", "Z-9")),
    ]
    result = render_samples.unknown()
    assert ids(replace(result, evidence=Ledger(rows), conflicts=(Conflict("a", ("C-1",)),))) == ["C-1", "C-2"]


def test_an_unknown_author_or_address_is_null() -> None:
    rows = [
        Evidence(id="T-1", category="c", connector="w", record="1", text="", author=Author("")),
        Evidence(id="T-2", category="c", connector="w", record="1", text="", author=Author("", "customer"), url="u"),
    ]
    result = replace(render_samples.unknown(), evidence=Ledger(rows), conflicts=(Conflict("a", ("T-1", "T-2")),))
    one, two = parsed(result)["evidence"]
    assert (one["author"], one["url"], one["at"]) == (None, None, None)
    assert (two["author"], two["url"]) == ({"name": "", "role": "customer"}, "u")


def test_expected_and_actual_are_statements_even_where_nothing_is_recorded() -> None:
    found = parsed(render_samples.unknown())["brief"]["reproduction"]
    assert found["expected"] == {"text": "not recorded", "cites": [], "kind": "absence", "formula": None}
    assert found["frequency"] is None


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_any_text_comes_back_as_it_was(text: str) -> None:
    value = parsed(filled(text))
    assert value["issue"] == text
    assert value["brief"]["description"][0]["text"] == text
    assert value["evidence"][0]["text"] == text


def test_markdown_and_json_need_neither_templates_nor_validation() -> None:
    script = (
        "import sys; from customer_escalation.render import markdown, as_json, slack; "
        "print(sorted({'jinja2', 'pydantic', 'markupsafe', 'urllib.parse', 'html'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
