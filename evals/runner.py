"""Runs planners over cases with pydantic-evals, k times each; the only module that imports it."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic_evals import Case, Dataset
from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext, EvaluatorOutput
from pydantic_evals.reporting import EvaluationReport, ReportCase

from evals.cases import EvalCase
from evals.planners import Planner
from evals.scorers import SCORERS, Outcome, Score, Scorer

AT_ONCE = {"llm": 4}
SHARE = " share"
Report = EvaluationReport[EvalCase, Outcome, None]


@dataclass(frozen=True, slots=True)
class Run:
    """One planner on one case, once: its scores and its outcome, or the error that ended it."""

    planner: str
    case: EvalCase
    scores: Mapping[str, Score] = field(default_factory=dict[str, Score])
    outcome: Outcome | None = None
    seconds: float = 0.0
    error: str = ""

    @property
    def passed(self) -> bool:
        """Whether nothing went wrong that counts."""
        return not self.error and all(score.passed is not False for score in self.scores.values())


@dataclass(repr=False)
class Scoring(Evaluator[EvalCase, Outcome, None]):
    """A scorer as pydantic-evals knows it: an assertion and a share under one name."""

    name: str
    scorer: Scorer

    async def evaluate(self, ctx: EvaluatorContext[EvalCase, Outcome, None]) -> EvaluatorOutput:
        """The scores of one run, by name."""
        given = self.scorer(ctx.inputs, ctx.output)
        score = await given if isinstance(given, Awaitable) else given
        if score is None:
            return {}
        shares = {self.name + SHARE: EvaluationReason(score.share, score.why)}
        return shares if score.passed is None else {**shares, self.name: EvaluationReason(score.passed, score.why)}


async def run(
    planner: Planner, cases: Sequence[EvalCase], repeat: int = 1, scorers: Mapping[str, Scorer] = SCORERS
) -> list[Run]:
    """Every case that the planner covers, `repeat` times; an error in one run ends only that run."""
    covered = [case for case in cases if planner.covers(case)]
    if not covered:
        return []

    async def task(case: EvalCase) -> Outcome:
        planned = await planner.run(case)
        twin = await planner.run(case.twin) if case.twin is not None else None
        return Outcome(planned.result, twin.result if twin else None, planned.accepted, planned.refused, planned.usd)

    dataset = Dataset[EvalCase, Outcome, None](
        name="escalation benchmark",
        cases=[Case(name=case.id, inputs=case) for case in covered],
        evaluators=[Scoring(name, scorer) for name, scorer in scorers.items()],
    )
    report = await dataset.evaluate(
        task, name=planner.name, max_concurrency=AT_ONCE.get(planner.name, 1), progress=False, repeat=repeat
    )
    return _runs(planner.name, report)


def _runs(planner: str, report: Report) -> list[Run]:
    failed = [Run(planner, failure.inputs, error=failure.error_message) for failure in report.failures]
    return [*(_run(planner, each) for each in report.cases), *failed]


def _run(planner: str, each: ReportCase[EvalCase, Outcome, None]) -> Run:
    scores: dict[str, Score] = {}
    for name, share in each.scores.items():
        verdict = each.assertions.get(name.removesuffix(SHARE))
        passed = verdict.value if verdict is not None else None
        scores[name.removesuffix(SHARE)] = Score(passed, float(share.value), share.reason or "")
    errors = "; ".join(f"{failure.name}: {failure.error_message}" for failure in each.evaluator_failures)
    return Run(planner, each.inputs, scores, each.output, each.task_duration, errors)
