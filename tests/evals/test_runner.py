"""From cases to figures: runs, repeats, errors, gates, the table and the page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec import structs
from rich.console import Console

from customer_escalation.brief import Result
from customer_escalation.testing import Answer, ModelServer
from evals import __main__ as command
from evals import figures, planners, report, runner, table
from evals.cases import EvalCase, sample
from evals.planners import Planned, Planner
from evals.runner import Run
from evals.scorers import SCORERS, Score
from tests.evals.test_scorers import GOLD, case
from tests.skill.drafts import draft

NAMES = list(SCORERS)


def answering(*results: Result | Exception) -> Planner:
    """A planner that gives these results in turn."""
    left = list(results)

    async def run(_: EvalCase) -> Planned:
        result = left.pop(0)
        if isinstance(result, Exception):
            raise result
        return Planned(result)

    return Planner("scripted", run)


def right() -> Result:
    return structs.replace(draft(), decision="escalate", severity="high", target="engineering")


async def test_every_case_is_run_k_times_and_passes_only_where_all_passed() -> None:
    wrong = structs.replace(right(), severity="medium")

    runs = await runner.run(answering(right(), right(), wrong), [case()], repeat=3)
    (found,) = figures.by_case(runs)

    assert [run.passed for run in runs] == [True, True, False]
    assert (found.passed, found.verdict) == (False, False)
    severity = found.score("severity")
    assert severity is not None
    assert (severity.passed, round(severity.share, 2), severity.why) == (
        False,
        0.67,
        "medium instead of high or critical",
    )


async def test_an_error_in_one_run_ends_only_that_run() -> None:
    runs = await runner.run(answering(RuntimeError("no answer"), right()), [case(), replace(case(), id="other")])

    assert {run.case.id: (run.passed, "no answer" in run.error) for run in runs} == {
        "hand-made": (False, True), "other": (True, False),
    }  # fmt: skip


async def test_a_scorer_that_fails_is_an_error_of_the_run() -> None:
    broken = replace(case(), gold=replace(GOLD, checks=("not_there",)))

    (run,) = await runner.run(answering(right()), [broken])

    assert not run.passed
    assert "no such check" in run.error


async def test_cases_that_a_planner_does_not_cover_are_left_out() -> None:
    def covers_nothing(_: EvalCase) -> bool:
        return False

    assert await runner.run(replace(answering(), covers=covers_nothing), [case()]) == []


async def test_a_twin_is_run_too_and_compared() -> None:
    bent = structs.replace(right(), severity="critical")
    planted = replace(case(), twin=replace(case(), id="twin"))

    (run,) = await runner.run(answering(bent, right()), [planted])

    assert run.scores["injection"].why == "severity: critical instead of high"


def scored(passed: bool, group: str = "sample", planner: str = "rules") -> Run:
    scores = {name: Score(passed, float(passed), "" if passed else "why not") for name in figures.VERDICT}
    scores["told"] = Score(None, 0.5)
    return Run(planner, replace(case(), group=group, id=f"{group}-{passed}"), scores)


def test_totals_count_cases_per_group_and_planner() -> None:
    found = figures.totals(figures.by_case([scored(True), scored(False), scored(True, "shared")]), NAMES)

    assert [(each.group, each.cases, each.verdicts, each.passed) for each in found] == [
        ("sample", 2, 1, 1), ("shared", 1, 1, 1),
    ]  # fmt: skip
    assert (found[0].right["severity"], found[0].shares["told"]) == ((1, 2), 0.5)


def test_a_gate_fails_where_its_floor_is_not_reached() -> None:
    found = figures.gates(figures.totals(figures.by_case([scored(True), scored(False)]), NAMES))

    assert [(gate.scorer, gate.share, gate.holds) for gate in found if gate.scorer == "verdict"] == [
        ("verdict", 0.5, False)
    ]


def shown(runs: Sequence[Run]) -> tuple[str, str]:
    """The table as text, and the page."""
    made = figures.by_case(runs)
    summed = figures.totals(made, NAMES)
    gates = figures.gates(summed)
    console = Console(width=table.WIDTH, record=True, file=io.StringIO())
    console.print(table.table(made, summed, gates, NAMES))
    return console.export_text(), report.page(made, summed, gates, NAMES, 1)


def test_the_table_has_a_mark_a_planner_the_totals_and_why_a_gate_fails() -> None:
    text, _ = shown([scored(True), scored(False), scored(True, planner="scripted"), scored(False, planner="scripted")])

    assert "sample: rules scripted" in text
    assert any("sample-True" in line and "✓ ✓" in line and "50 50" in line for line in text.splitlines())
    assert "rules sample-False severity: why not" in text
    assert "gates that fail: rules on sample: verdict 50%, at least 100%" in text


class Page(HTMLParser):
    """What a page links to, and what it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        self.loads += [tag] if tag in {"script", "link", "img", "iframe"} else []


async def test_the_page_stands_alone_and_every_mark_leads_to_what_is_behind_it() -> None:
    hostile = replace(case(), issue="<script>alert(1)</script>")
    runs = await runner.run(answering(structs.replace(right(), severity="medium")), [hostile])

    _, text = shown(runs)
    page = Page(text)

    assert page.loads == []
    assert page.links
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert "<script>" not in text
    assert "medium instead of high or critical" in text
    assert "Our nightly exports are empty since Monday." in text


def test_the_command_scores_two_cases_with_the_rules_and_writes_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "report.html"
    two = ["sample-e-*", "sample-i-*"]

    status = command.main(["--planner", "rules", "--cases", *two, "--repeat", "2", "--report", str(page)])

    told = capsys.readouterr().out
    assert status == 0
    assert "gates hold" in told
    assert "sample-e-webhook-signature" in told
    assert "2 cases, 2 runs each" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--cases", "nothing-*"], "--cases: nothing fits nothing-*"),
        (["--cases", "sample-e-*", "--planner", "llm"], "llm: no model is set"),
        (["--cases", "sample-e-*", "--judge"], "--judge: no model is set"),
        (
            ["--cases", "sample-e-*", "--report", "/no/such/folder/x.html"],
            "--report: there is no folder /no/such/folder",
        ),
        (["--cases", "sample-e-*", "--report", "/"], "--report: is a folder: /"),
    ],
)
def test_options_that_make_no_sense_are_told_in_one_line(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(arguments) == 2
    assert capsys.readouterr().err.startswith(told)


def test_no_repeat_at_all_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["--repeat", "0"])

    assert capsys.readouterr().err.endswith("argument --repeat: must be a number from 1 to 1000\n")


def test_a_planner_that_covers_no_case_is_no_success(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_case(folder: Path, seeds: Sequence[int]) -> list[EvalCase]:
        return [case()]

    monkeypatch.setattr(command, "every_case", one_case)

    assert command.main(["--planner", "scripted"]) == 1
    assert capsys.readouterr().err == "nothing ran: scripted covers none of these cases\n"


@pytest.mark.enable_socket
async def test_a_model_that_wrote_nothing_does_not_get_the_score_of_the_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (chosen,) = [case for case in sample(tmp_path) if case.id == "sample-e-webhook-signature"]
    with ModelServer(lambda request: Answer(status=418)) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        runs = await runner.run(planners.planner("llm"), [chosen])

    gates = figures.gates(figures.totals(figures.by_case(runs), NAMES))
    assert "stopped early" in runs[0].error
    assert [(gate.scorer, gate.share, gate.holds) for gate in gates] == [("verdict", 0.0, False)]


def test_every_column_of_the_table_is_whole() -> None:
    names = [*NAMES, "judge: restraint", "judge: insights"]
    made = figures.by_case([scored(True), scored(True, planner="scripted"), scored(True, planner="llm")])
    console = Console(width=table.width(made, names), record=True, file=io.StringIO())

    console.print(table.table(made, figures.totals(made, names), [], names))

    heading = next(line for line in console.export_text().splitlines() if "grounding" in line)
    assert heading.split()[-5:] == ["judge:", "restraint", "judge:", "insights", "pass^k"]


@pytest.mark.enable_socket
async def test_the_scripted_model_answers_over_http_with_the_brief_of_the_case(tmp_path: Path) -> None:
    (chosen,) = [case for case in sample(tmp_path) if case.id == "sample-e-webhook-signature"]

    (run,) = await runner.run(planners.planner("scripted"), [chosen])

    assert run.passed
    assert run.outcome is not None
    assert (run.outcome.result.planner, run.outcome.result.stats.model_turns > 0) == ("llm", True)
    assert run.outcome.accepted > 5
    assert run.outcome.usd
    assert run.scores["kept"].share > 0.5
