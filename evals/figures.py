"""What the runs come to: per case over its repeats, per planner and group, and the gates that they have to hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import cast

import yaml

from evals.cases import ROOT, EvalCase
from evals.runner import Run
from evals.scorers import Score

VERDICT = ("decision", "severity", "target")


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """One planner on one case over all repeats; passes only where every repeat did (pass^k)."""

    planner: str
    case: EvalCase
    runs: tuple[Run, ...]

    @property
    def passed(self) -> bool:
        """Whether all repeats passed."""
        return all(run.passed for run in self.runs)

    def score(self, name: str) -> Score | None:
        """The scorer's figure over the repeats: passed where all passed, the mean share, every different reason."""
        scores = [run.scores[name] for run in self.runs if name in run.scores]
        if not scores:
            return None
        gates = [score.passed for score in scores if score.passed is not None]
        whys = dict.fromkeys(score.why for score in scores if score.why)
        return Score(all(gates) if gates else None, fmean(score.share for score in scores), "; ".join(whys))

    @property
    def verdict(self) -> bool:
        """Whether decision, severity and target are right in all repeats."""
        scores = [self.score(name) for name in VERDICT]
        return not self.errors and all(score is not None and score.passed for score in scores)

    @property
    def errors(self) -> tuple[str, ...]:
        """What ended a repeat."""
        return tuple(dict.fromkeys(run.error for run in self.runs if run.error))


@dataclass(frozen=True, slots=True)
class Totals:
    """One planner over one group of cases."""

    planner: str
    group: str
    cases: int
    verdicts: int
    passed: int
    shares: Mapping[str, float]
    right: Mapping[str, tuple[int, int]]
    requests: float
    tokens: float
    seconds: float
    usd: float | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """A floor that a planner has to hold on a group of cases, and the share that it reached."""

    planner: str
    group: str
    scorer: str
    share: float
    floor: float

    @property
    def holds(self) -> bool:
        """Whether the floor is reached."""
        return self.share >= self.floor


def by_case(runs: Iterable[Run]) -> list[CaseFigures]:
    """The runs put together by planner and case, in the order in which they first came."""
    found: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        found.setdefault((run.planner, run.case.id), []).append(run)
    return [CaseFigures(planner, runs[0].case, tuple(runs)) for (planner, _), runs in found.items()]


def totals(figures: Sequence[CaseFigures], names: Sequence[str]) -> list[Totals]:
    """Per group and planner, in the order in which they first came."""
    return [
        _total(planner, group, [each for each in members if each.planner == planner], names)
        for group, members in by_group(figures).items()
        for planner in dict.fromkeys(each.planner for each in members)
    ]


def by_group(figures: Sequence[CaseFigures]) -> dict[str, list[CaseFigures]]:
    """The figures of each group of cases."""
    groups = dict.fromkeys(each.case.group for each in figures)
    return {group: [each for each in figures if each.case.group == group] for group in groups}


def _total(planner: str, group: str, figures: Sequence[CaseFigures], names: Sequence[str]) -> Totals:
    scores = {name: [score for each in figures if (score := each.score(name)) is not None] for name in names}
    costs = [run.outcome.usd for each in figures for run in each.runs if run.outcome and run.outcome.usd is not None]
    stats = [run.outcome.result.stats for each in figures for run in each.runs if run.outcome is not None]
    return Totals(
        planner=planner,
        group=group,
        cases=len(figures),
        verdicts=sum(each.verdict for each in figures),
        passed=sum(each.passed for each in figures),
        shares={name: fmean(score.share for score in found) for name, found in scores.items() if found},
        right={
            name: (sum(bool(score.passed) for score in gating), len(gating))
            for name, found in scores.items()
            if (gating := [score for score in found if score.passed is not None])
        },
        requests=fmean([each.model_turns for each in stats] or [0]),
        tokens=fmean([each.input_tokens + each.output_tokens for each in stats] or [0]),
        seconds=median([each.wall_ms / 1000 for each in stats] or [0.0]),
        usd=fmean(costs) if costs else None,
    )


def gates(found: Sequence[Totals]) -> list[Gate]:
    """The floors of `gates.yaml` against the totals."""
    floors = cast("dict[str, dict[str, float]]", yaml.safe_load((ROOT / "gates.yaml").read_text(encoding="utf-8")))
    return [
        Gate(each.planner, each.group, scorer, share, floor)
        for each in found
        for scorer, floor in {**floors["every"], **floors.get(each.group, {})}.items()
        if (share := _share(each, scorer)) is not None
    ]


def _share(found: Totals, scorer: str) -> float | None:
    """The share of cases that pass; of a figure that only informs, the mean share."""
    if scorer == "verdict":
        return found.verdicts / found.cases
    if scorer in found.right:
        right, of = found.right[scorer]
        return right / of
    return found.shares.get(scorer)
