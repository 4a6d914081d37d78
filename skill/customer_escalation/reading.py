"""Reading from sources at once, each call within a deadline, and remembering what became of each source.

A source that failed is reported as failed; it never looks like an empty answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from msgspec import Struct, field

from customer_escalation.brief import SourceReport
from escalation_connectors import deadline
from escalation_connectors.errors import ConnectorError, InputError, NotFound
from escalation_connectors.records import CATEGORIES, Category, Page
from escalation_connectors.sources import Sources

CALL_TIMEOUT_S = 10.0
T = TypeVar("T")
Report = Callable[[str, str], None]


class Outcome(Struct):
    """What became of one category: `searches` holds (what was asked, read, total or None, cut)."""

    connector: str = ""
    searches: list[tuple[str, int, int | None, bool]] = field(default_factory=list[tuple[str, int, int | None, bool]])
    errors: list[str] = field(default_factory=list[str])
    records: set[str] = field(default_factory=set[str])
    answered: int = 0

    @property
    def complete(self) -> bool:
        """Whether every search was answered, and none was cut."""
        return bool(self.answered) and not self.errors and not any(cut for *_, cut in self.searches)


class Reader:
    """The reading side of one run, made while a loop is running; `deadline_s` bounds all of it."""

    def __init__(self, sources: Sources, deadline_s: float, report: Report) -> None:
        self.sources = sources
        self._clock = asyncio.get_running_loop().time
        self._end = self._clock() + deadline_s
        self._report = report
        named = (sources.support, sources.crm, sources.chat, sources.tracker, sources.knowledge)
        self.outcomes: dict[Category, Outcome | None] = {
            category: Outcome(source.name) if source is not None else None
            for category, source in zip(CATEGORIES, named, strict=True)
        }

    async def page(
        self, category: Category, asked: str, call: Awaitable[Page[T]], *, of_record: bool = False
    ) -> tuple[T, ...]:
        """The items of a page, or nothing where the source failed; `of_record` where it may not know whose they are."""
        page = await self._bounded(category, call, may_lack=of_record)
        if page is None:
            return ()
        outcome = self._outcome(category)
        outcome.searches.append((asked, page.read, page.total, page.cut))
        outcome.errors.extend(page.failed)
        self._report("gather", f"{category}: {page.read} for {asked}")
        return page.items

    async def one(self, category: Category, call: Awaitable[T]) -> T | None:
        """One record, or None where there is none or the source failed."""
        return await self._bounded(category, call, may_lack=True)

    async def _bounded(self, category: Category, call: Awaitable[T], *, may_lack: bool) -> T | None:
        outcome = self._outcome(category)
        left = self._end - self._clock()
        seconds = max(0.001, min(CALL_TIMEOUT_S, left))
        try:
            with deadline.within(seconds):
                answer = await asyncio.wait_for(call, seconds)
        except NotFound as error:  # may be said without asking, of what can be no id there
            if may_lack:
                return None
            outcome.errors.append(f"{error.what}; {error.advice}")
        except TimeoutError:
            outcome.errors.append("no answer in time")
        except ConnectorError as error:
            outcome.errors.append(f"{error.what}; {error.advice}")
        except (InputError, AssertionError):
            raise
        except Exception as error:  # noqa: BLE001 - a connector's own fault, which must not cost the brief
            outcome.errors.append(f"{outcome.connector}: the connector broke ({type(error).__name__}); report it")
        else:
            outcome.answered += 1
            return answer
        self._report("gather", f"{category}: {outcome.errors[-1]}")
        return None

    def _outcome(self, category: Category) -> Outcome:
        outcome = self.outcomes[category]
        if outcome is None:
            raise LookupError(category)
        return outcome

    def saw(self, category: Category, records: Sequence[str]) -> None:
        """Remember which records came from this source."""
        self._outcome(category).records.update(records)

    def left_out(self, category: Category, asked: Sequence[str]) -> None:
        """Remember what was not asked of this source, so that it does not look as if there were nothing."""
        self._outcome(category).searches.extend((each, 0, None, True) for each in asked)

    def reports(self) -> tuple[SourceReport, ...]:
        """One report per category, in the fixed order."""
        return tuple(_report_of(category, outcome) for category, outcome in self.outcomes.items())


def _report_of(category: Category, outcome: Outcome | None) -> SourceReport:
    if outcome is None:
        return SourceReport(category, "", "not_connected", 0)
    read = len(outcome.records)
    error = "; ".join(sorted(set(outcome.errors))) or None
    if not outcome.answered and error:
        return SourceReport(category, outcome.connector, "failed", read, error)
    status = "ok" if read else "empty"
    cut = [f"read {got} of {total if total is not None else 'unknown'} for {asked}"
           for asked, got, total, was_cut in outcome.searches if was_cut]  # fmt: skip
    note = "; ".join([*sorted(set(cut)), *([f"partly failed: {error}"] if error else [])])
    return SourceReport(category, outcome.connector, status, read, error, note)
