"""What is corrupted: hand-written statements about the sample company, and every line that the rules write about it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from customer_escalation import settings, workflow
from customer_escalation.brief import Result, Statement
from customer_escalation.claims import Claim, claims
from customer_escalation.evidence import Ledger
from customer_escalation.verify import Verifier
from customer_escalation.verify.lines import check_line
from tests.mutation import company
from tests.mutation.mutations import World

CASES = Path(__file__).parents[2] / "evals" / "cases"
# Lines that are figures of the result itself, which `test_totals.py` corrupts; reasons, asks and references.
FIGURES = (".count", ".arr", ".pipeline", ".since", ".hours", ".at")
PARTS = (".names[", ".by_account[", ".by_currency[")
LEFT_OUT = ("next_steps", "reasons", "brief.needed", "brief.supporting", "handling.articles")


@dataclass(frozen=True, slots=True)
class Line:
    """A true line, where it stands, how it is checked, and what its mutations may draw from."""

    where: str
    statement: Statement
    check: Callable[[Statement], tuple[str, ...]]
    world: World


@lru_cache(maxsize=1)
def sample() -> Ledger:
    """The sample company's records as one ledger."""
    with TemporaryDirectory() as folder:
        return asyncio.run(company.ledger(Path(folder)))


@lru_cache(maxsize=1)
def results() -> tuple[Result, ...]:
    """What the rules say about each of the sample's cases."""
    cases = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("sample-*.yaml"))]
    return tuple(asyncio.run(_escalate(case["issue"], case.get("customer") or "")) for case in cases)


async def _escalate(issue: str, customer: str) -> Result:
    setting = settings.open_setting(None)
    try:
        return await workflow.escalate(workflow.Request(issue, company.NOW, customer), setting)
    finally:
        setting.close()


def hand_written(file: Path = company.STATEMENTS) -> Iterator[Line]:
    """The true statements of a file."""
    verifier, world = Verifier(sample(), company.NOW), world_of(sample())
    for group in company.groups(file):
        yield Line("by hand", group.true, verifier.check, world)


def ruled() -> Iterator[Line]:
    """The lines of the results that are text."""
    for result in results():
        verifier, world = Verifier(result.evidence, result.now), world_of(result.evidence)
        for claim in claims(result):
            if (
                claim.path.startswith(LEFT_OUT)
                or claim.path.endswith(FIGURES)
                or any(part in claim.path for part in PARTS)
            ):
                continue
            yield Line(claim.path, claim.statement, partial(_check, claim.path, result, verifier), world)


def _check(path: str, result: Result, verifier: Verifier, statement: Statement) -> tuple[str, ...]:
    return check_line(Claim(path, statement), result, verifier)


def world_of(ledger: Ledger) -> World:
    """Everybody and every record of a ledger."""
    people = {row.author.name for row in ledger if row.author is not None and " " in row.author.name}
    companies = {str(row.fields["name"]) for row in ledger if row.fields.get("name")}
    records: dict[str, list[str]] = defaultdict(list)
    for row in ledger:
        if row.origin not in ("computed", "coverage", "typed") and row.category != "policy":
            records[f"{row.category} {row.record}"].append(row.id)
    return World(sorted(people), sorted(companies), dict(records))


def all_lines() -> Sequence[Line]:
    """The whole corpus, in a fixed order."""
    return [*hand_written(), *ruled()]
