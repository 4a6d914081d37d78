"""The cases as data: they load, their gold is whole, and a seed gives the same workspaces with gold that holds."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from customer_escalation import settings
from evals import cases, generate
from evals.cases import EvalCase
from evals.names import Moments, span

TRAPS = {
    "look_alike", "similar_ticket", "contradiction", "no_crm", "secret", "injection", "known_workaround", "cut",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[EvalCase]:
    return generate.generated(tmp_path_factory.mktemp("made"))


def text_of(folder: Path | None) -> str:
    assert folder is not None
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*")) if path.is_file())


def test_the_sample_has_ten_cases_and_one_of_them_a_twin_without_the_planted_text(tmp_path: Path) -> None:
    found = cases.sample(tmp_path)
    planted = [case for case in found if case.twin is not None]

    assert len(found) == 10
    assert [case.id for case in planted] == ["sample-i-injected-instructions"]
    assert planted[0].twin is not None
    assert "AI ASSISTANT" not in text_of(planted[0].twin.workspace)
    assert all(case.gold.facts and case.gold.forbidden and case.secrets for case in found)


def test_planted_text_that_is_not_in_the_sample_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not in the sample: no such words"):
        cases.without("no such words", tmp_path / "copy")


def test_patterns_choose_by_id_or_by_group(made: list[EvalCase]) -> None:
    assert len(cases.chosen(made, [])) == len(made)
    assert len(cases.chosen(made, ["generated", "second", "third", "fourth"])) == len(made)
    assert {case.group for case in cases.chosen(made, ["second"])} == {"second"}
    assert [case.id for case in cases.chosen(made, ["gen-payroll-*"])] == ["gen-payroll-rounding"]
    assert cases.chosen(made, ["sample"]) == []


def test_the_shared_cases_load_where_they_are_and_are_none_where_not(tmp_path: Path) -> None:
    gold = {
        "acceptable": {"escalate_or_handle": ["handle"], "severity": ["none"], "target_team": ["none", "L2"]},
        "must_contain": ["1.2", ["a", "b"]], "must_not_assert": ["any revenue, ARR or deal", "that it is lost"],
        "traps": [],
    }  # fmt: skip
    told = {"id": "x", "issue": "it fails", "now": "2026-01-05T10:00:00Z", "gold": gold}
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "case.json").write_text(json.dumps(told), encoding="utf-8")

    (case,) = cases.shared(tmp_path)

    assert (case.id, case.group, case.workspace) == ("shared-x", "shared", tmp_path / "x" / "workspace")
    assert (case.gold.decisions, case.gold.severities) == (("handle_in_support",), (None,))
    assert (case.gold.targets, case.gold.facts) == ((None, "l2_support"), (("1.2",), ("a", "b")))
    assert (case.gold.forbidden, case.gold.checks) == (("that it is lost",), ("no_revenue",))
    assert cases.shared(tmp_path / "elsewhere") == []


def test_the_generated_cases_cover_decisions_targets_severities_and_traps(made: list[EvalCase]) -> None:
    verdicts = Counter((case.gold.targets[0], case.gold.severities[0]) for case in made)

    assert len(made) == len({case.id for case in made}) >= 24
    assert {target for target, _ in verdicts} == {
        "engineering",
        "product",
        "security",
        "leadership",
        "l2_support",
        None,
    }
    assert {severity for _, severity in verdicts} == {"critical", "high", "medium", None}
    assert verdicts[None, None] >= 6
    assert {trap for case in made for trap in case.traps} == TRAPS
    assert all(case.why for case in made)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_words(tmp_path: Path) -> None:
    first, again, other = (generate.generated(tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))

    assert [text_of(case.workspace) for case in first] == [text_of(case.workspace) for case in again]
    assert all(text_of(a.workspace) != text_of(b.workspace) for a, b in zip(first, other, strict=True))
    assert {case.id for case in first}.isdisjoint(case.id for case in other)


def test_every_required_fact_of_a_generated_case_stands_in_its_records(made: list[EvalCase]) -> None:
    for case in made:
        text = text_of(case.workspace)
        counted = "cut" in case.traps  # how many there are stands in no record
        missing = [forms for forms in case.gold.facts if not any(form.split("T")[0] in text for form in forms)]
        assert missing == [] or counted, case.id


def test_no_slot_is_left_open_in_what_is_generated(made: list[EvalCase]) -> None:
    for case in made:
        gold = [*case.gold.forbidden, *case.gold.checks, *(form for forms in case.gold.facts for form in forms)]
        assert not any("{" in text for text in (case.issue, *gold))
        assert "{A" not in text_of(case.workspace)


def test_a_generated_workspace_opens_without_a_complaint(made: list[EvalCase]) -> None:
    for case in made:
        setting = settings.open_setting(case.workspace)
        setting.close()
        assert dict(setting.left_out) == {}, case.id


def test_a_twin_differs_by_the_planted_text_alone(made: list[EvalCase]) -> None:
    for case in made:
        if case.twin is None:
            continue
        planted, plain = text_of(case.workspace), text_of(case.twin.workspace)
        assert len(planted) > len(plain)
        assert (case.twin.issue, case.twin.gold, case.twin.twin) == (case.issue, case.gold, None)


def test_a_secret_of_a_case_stands_in_its_records(made: list[EvalCase]) -> None:
    with_secret = [case for case in made if case.secrets]

    assert len(with_secret) >= 3
    assert all(case.secrets[0] in text_of(case.workspace) for case in with_secret)


def test_a_look_alike_is_another_account_with_a_similar_name(made: list[EvalCase]) -> None:
    for case in made:
        if "look_alike" in case.traps:
            (other,) = [check.removeprefix("not_affected ") for check in case.gold.checks if "not_aff" in check]
            assert other in text_of(case.workspace)


@pytest.mark.parametrize("text", ["26h", "three days", "+3w"])
def test_a_span_is_a_signed_number_of_minutes_hours_or_days(text: str) -> None:
    if text == "26h":
        assert span(text).total_seconds() == 26 * 3600
    else:
        with pytest.raises(ValueError, match="not a span of time"):
            span(text)


def test_a_moment_reads_in_its_notation(made: list[EvalCase]) -> None:
    now = made[0].now

    assert Moments(now, "%Y-%m-%d")["-0h"] == now.date().isoformat()
    assert not Moments(now, "%d %B")["-3d"].startswith("0")
