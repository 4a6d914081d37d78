"""The policy: when to escalate, to whom, how severe, how often to follow up. The rules are data in policy.yaml.

A rule's `when` is a list of alternatives; "a + !b" holds where finding a was found and finding b was not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeVar, cast

from msgspec import Struct

from customer_escalation import resources, yaml_file
from customer_escalation.brief import Decision, Severity, Target
from escalation_connectors.options import MOST, Fields, shown

Term = tuple[str, bool]
When = tuple[tuple[Term, ...], ...]
TARGETS: tuple[Target, ...] = ("l2_support", "engineering", "product", "security", "leadership")
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium")
DECISIONS: tuple[Decision, ...] = ("escalate", "handle_in_support")
# Findings about how a case went on, which only a later reading of its sources can make.
LATER = frozenset(
    ("root_cause_found", "support_can_resolve", "workaround_unblocks", "ended_by_itself", "severity_fell",
     "support_can_handle")
)  # fmt: skip
LONGEST_DAYS = 36_500
LONGEST_HOURS = 24 * LONGEST_DAYS
R = TypeVar("R")


class Criterion(Struct, frozen=True):
    """One line of the two lists: a reason to handle in support, or to escalate."""

    id: str
    text: str
    when: When


class DecisionRule(Struct, frozen=True):
    """The first that holds decides."""

    id: str
    then: Decision
    when: When


class Tier(Struct, frozen=True):
    """Where an escalation goes, and what it has to bring along."""

    id: Target
    name: str
    source: str
    to: str
    text: str
    include: tuple[str, ...]
    when: When
    bypass: bool


class Inform(Struct, frozen=True):
    """Who else should hear of it."""

    target: Target
    when: When


class SeverityRule(Struct, frozen=True):
    """A severity, what it means and how soon it needs attention."""

    id: Severity
    name: str
    text: str
    attention: str
    when: When


class Cadence(Struct, frozen=True):
    """How often to follow up, inside and with the customer; hours, or business days for the slow one."""

    internal: str
    internal_hours: float
    customer: str
    customer_hours: tuple[float, ...]
    customer_business_days: tuple[float, ...]

    @property
    def longest_customer_hours(self) -> float:
        """The latest moment for the next customer update, in hours; a business day counts 24."""
        return max(self.customer_hours, default=24 * max(self.customer_business_days, default=1))

    @property
    def shortest_customer_hours(self) -> float:
        """The earliest moment for the next customer update, in hours; a business day counts 24."""
        return min(self.customer_hours, default=24 * min(self.customer_business_days, default=1))


class Duty(Struct, frozen=True):
    """What has to be done when an escalation steps down."""

    id: str
    text: str


class Policy(Struct, frozen=True):
    """All rules of one run: the seed's values, with a workspace's overrides."""

    thresholds: Mapping[str, float]
    high_value_tiers: tuple[str, ...]
    support: tuple[Criterion, ...]
    escalate: tuple[Criterion, ...]
    decision: tuple[DecisionRule, ...]
    tiers: tuple[Tier, ...]
    inform: tuple[Inform, ...]
    severity: tuple[SeverityRule, ...]
    cadence: Mapping[Severity, Cadence]
    triage: Mapping[str, Severity]
    de_escalation: tuple[Criterion, ...]
    duties: tuple[Duty, ...]


def holds(when: When, found: Callable[[str], bool]) -> bool:
    """Whether any alternative holds, given which findings were found."""
    return any(all(found(name) == wanted for name, wanted in terms) for terms in when)


def found_by(when: When, found: Callable[[str], bool]) -> tuple[str, ...]:
    """The findings of the first alternative that holds."""
    for terms in when:
        if all(found(name) == wanted for name, wanted in terms):
            return tuple(name for name, wanted in terms if wanted)
    return ()


def load(override: Fields | None, findings: frozenset[str]) -> Policy:
    """The default policy with `override` laid over it. Raises InputError that names the field."""
    base = _default()
    if override is None or not override.values:
        return _read(base, findings)
    merged = Fields(cast("Mapping[object, object]", _merge(base.values, override.values)), override.where)
    return _read(merged, findings)


@lru_cache(maxsize=1)
def _default() -> Fields:
    return yaml_file.load(resources.PACKAGE / "policy.yaml")


def _merge(base: object, over: object) -> object:
    """Maps merge by key, lists of maps by `id` (or `target`), anything else is replaced; null leaves the default."""
    if over is None:
        return base
    old, new = _mapping(base), _mapping(over)
    if old is not None and new is not None:
        return {**old, **{key: _merge(old[key], value) if key in old else value for key, value in new.items()}}
    rows, news = _keyed(base), _keyed(over)
    if rows is not None and news is not None:
        return list(cast("dict[str, object]", _merge(rows, news)).values())
    return over


def _mapping(value: object) -> dict[str, object] | None:
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def _keyed(value: object) -> dict[str, object] | None:
    """A list of maps by their ids; None for anything else."""
    if not isinstance(value, list):
        return None
    keyed: dict[str, object] = {}
    for row in cast("list[object]", value):
        if not isinstance(row, dict):
            return None
        fields = cast("dict[str, object]", row)
        keyed[str(fields.get("id", fields.get("target", len(keyed))))] = fields
    return keyed


def _read(fields: Fields, findings: frozenset[str]) -> Policy:
    thresholds = fields.fields("thresholds")
    names = [key for key in thresholds.values if key != "high_value_tiers"]
    numbers = {key: thresholds.number(key, 0, _most(key)) for key in names}
    return Policy(
        thresholds=numbers,
        high_value_tiers=thresholds.texts("high_value_tiers"),
        support=_criteria(fields, "handle_in_support", findings),
        escalate=_criteria(fields, "escalate", findings),
        decision=tuple(
            DecisionRule(row.text("id"), _one_of(row, "then", DECISIONS), _when(row, findings))
            for row in _ordered(fields, "decision")
        ),
        tiers=_tiers(fields, findings),
        inform=tuple(
            Inform(_one_of(row, "target", TARGETS), _when(row, findings)) for row in _enabled(fields, "inform")
        ),
        severity=tuple(
            SeverityRule(
                _one_of(row, "id", SEVERITIES),
                row.text("name"),
                row.text("text"),
                row.text("attention"),
                _when(row, findings),
            )
            for row in _ordered(fields, "severity")
        ),
        cadence=_cadences(fields.fields("cadence")),
        triage={key: _one_of(fields.fields("triage"), key, SEVERITIES) for key in fields.fields("triage").values},
        de_escalation=_criteria(fields, "de_escalation", findings | LATER),
        duties=tuple(Duty(row.text("id"), row.text("text")) for row in _enabled(fields, "duties")),
    )


def _tiers(fields: Fields, findings: frozenset[str]) -> tuple[Tier, ...]:
    """The tiers in their order; one that is switched off keeps its name and is never chosen."""
    rows = _ordered(fields, "tiers")
    off = [row for row in fields.rows("tiers") if not row.flag("enabled", True)]
    return (*(_tier(row, _when(row, findings)) for row in rows), *(_tier(row, ()) for row in off))


def _tier(row: Fields, when: When) -> Tier:
    return Tier(
        _one_of(row, "id", TARGETS),
        row.text("name"),
        row.text("from"),
        row.text("to"),
        row.text("text"),
        row.texts("include"),
        when,
        row.flag("bypass", False),
    )


def _enabled(fields: Fields, key: str) -> tuple[Fields, ...]:
    return tuple(row for row in fields.rows(key) if row.flag("enabled", True))


def _ordered(fields: Fields, key: str) -> tuple[Fields, ...]:
    """Rules of which the first that holds counts: what a workspace adds comes before the last resort."""
    rows = sorted(_enabled(fields, key), key=_is_last_resort)
    if not rows or not _is_last_resort(rows[-1]):
        raise fields.wrong(key, "no rule is left for what no other rule covers (one with `when: []`)")
    return tuple(rows)


def _is_last_resort(row: Fields) -> bool:
    return row.values.get("when") == []


def _criteria(fields: Fields, key: str, findings: frozenset[str]) -> tuple[Criterion, ...]:
    rows = _enabled(fields, key)
    for row in rows:
        if not row.text("id"):
            raise row.wrong("id", "missing")
        if not row.texts("when"):
            raise row.wrong("when", "must name a finding")
    return tuple(Criterion(row.text("id"), row.text("text"), _when(row, findings)) for row in rows)


def _when(row: Fields, findings: frozenset[str]) -> When:
    """The alternatives; an empty list always holds (the last resort of an ordered list)."""
    if "when" not in row.values:
        raise row.wrong("when", "missing")
    alternatives = row.texts("when")
    if not alternatives:
        return ((),)
    parsed: list[tuple[Term, ...]] = []
    for alternative in alternatives:
        words = [word.strip() for word in alternative.split("+")]
        terms = tuple((word.lstrip("! "), not word.startswith("!")) for word in words)
        for name, _ in terms:
            if name not in findings:
                raise row.wrong("when", f"no such finding: {shown(name)}")
        parsed.append(terms)
    return tuple(parsed)


def _one_of(row: Fields, key: str, allowed: tuple[R, ...]) -> R:
    value = row.text(key)
    for item in allowed:
        if item == value:
            return item
    raise row.wrong(key, f"must be one of {', '.join(map(str, allowed))}, not {shown(value)}")


def _cadences(fields: Fields) -> dict[Severity, Cadence]:
    fields.only(*SEVERITIES)
    return {name: _cadence(fields.fields(name)) for name in SEVERITIES}


def _cadence(row: Fields) -> Cadence:
    if row.number("internal_hours", 24, LONGEST_HOURS) <= 0:
        raise row.wrong("internal_hours", "must be more than 0: nobody is asked all the time")
    for key in ("customer_hours", "customer_business_days"):
        numbers = row.numbers(key, LONGEST_HOURS) or (1.0,)
        if min(numbers) <= 0 or list(numbers) != sorted(numbers) or len(numbers) > 2:
            given = shown(row.values.get(key))
            raise row.wrong(key, f"must be one or two numbers above 0, the shorter first, not {given}")
    return Cadence(
        row.text("internal"),
        row.number("internal_hours", 24, LONGEST_HOURS),
        row.text("customer"),
        row.numbers("customer_hours", LONGEST_HOURS),
        row.numbers("customer_business_days", LONGEST_DAYS),
    )


def _most(threshold: str) -> float:
    """The most that this threshold may be: a span of time must be one that can be reckoned with."""
    return LONGEST_HOURS if threshold.endswith("_hours") else LONGEST_DAYS if threshold.endswith("_days") else MOST
