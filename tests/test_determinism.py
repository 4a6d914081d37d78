"""The same records give the same bytes, in whatever order the sources answer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import pytest
import yaml
from msgspec.structs import replace

from customer_escalation import settings, workflow
from customer_escalation.brief import Result
from customer_escalation.render import render
from escalation_connectors.fakes import Trouble
from escalation_connectors.sources import Sources
from tests.documents import ROOT
from tests.sources import brief_over, company
from tests.virtual_time import elapsed

LONGEST_S = 0.005
FORMATS = ("markdown", "html", "slack", "json")
SAMPLES = sorted(path.stem for path in (ROOT / "evals" / "cases").glob("sample-*.yaml"))


class Dawdling:
    """A source that takes its time before each answer, as long as the dice say."""

    def __init__(self, source: object, dice: random.Random) -> None:
        self._source, self._dice = source, dice

    def __getattr__(self, name: str) -> object:
        found = getattr(self._source, name)
        return self._later(found) if callable(found) else found

    def _later(self, method: Callable[..., Any]) -> Callable[..., Any]:
        async def call(*args: Any, **options: Any) -> Any:
            await asyncio.sleep(LONGEST_S * self._dice.random())
            return await method(*args, **options)

        return call


def dawdling(sources: Sources, seed: int) -> Sources:
    """The sources, each answering when it likes."""
    dice = random.Random(seed)
    named = (sources.support, sources.crm, sources.chat, sources.tracker, sources.knowledge)
    return Sources(*cast("tuple[Any, Any, Any, Any, Any]", tuple(Dawdling(each, dice) for each in named)))


def pages(result: Result) -> dict[str, str]:
    """The result in all formats, without the time it took."""
    timeless = replace(result, stats=replace(result.stats, wall_ms=0))
    return {name: render(timeless, name) for name in FORMATS}


@cache
def request_of(name: str) -> workflow.Request:
    """The case as a person types it."""
    case = cast("dict[str, Any]", yaml.safe_load((ROOT / "evals" / "cases" / f"{name}.yaml").read_text("utf-8")))
    at = case["now"] if isinstance(case["now"], datetime) else datetime.fromisoformat(str(case["now"]))
    return workflow.Request(case["issue"], at if at.tzinfo else at.replace(tzinfo=UTC), case["customer"])


def over_the_sample(name: str, seed: int | None) -> dict[str, str]:
    """One run over the sample company; with a seed, its sources answer in an order of their own."""
    setting = settings.open_setting(None)
    sources = setting.sources if seed is None else dawdling(setting.sources, seed)
    try:
        return pages(asyncio.run(workflow.escalate(request_of(name), replace(setting, sources=sources))))
    finally:
        setting.close()


@pytest.mark.parametrize("name", SAMPLES)
def test_two_runs_give_the_same_bytes(name: str) -> None:
    assert over_the_sample(name, None) == over_the_sample(name, None)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["sample-a-acme-500", "sample-c-sso-login-loop"])
def test_who_answers_first_changes_nothing(name: str, seed: int) -> None:
    assert over_the_sample(name, seed) == over_the_sample(name, None)


@pytest.mark.parametrize("seed", range(8))
def test_a_source_that_breaks_off_is_told_in_the_same_words_whoever_answers_first(seed: int) -> None:
    in_turn, _ = elapsed(brief_over(breaking_off()))
    as_they_like, _ = elapsed(brief_over(dawdling(breaking_off(), seed)))

    assert pages(as_they_like) == pages(in_turn)


def breaking_off() -> Sources:
    """A support platform that refuses one kind of question, a chat that is gone, a tracker that is slow."""
    return company(
        support=Trouble(fault="denied", only=("linked_tickets",)),
        chat=Trouble(fault="down"),
        tracker=Trouble(delay=0.001),
    )
