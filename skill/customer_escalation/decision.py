"""Step 4: escalate or handle in support, to whom, how severe, who else to inform; each with the criterion that held."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from customer_escalation.brief import Decision, Reason, Severity, Target
from customer_escalation.evidence import Ledger
from customer_escalation.language import heard, one_line
from customer_escalation.material import Found
from customer_escalation.policy import Criterion, Policy, found_by, holds

COVERAGE = ("S-support_platform", "S-project_tracker", "S-crm", "S-knowledge_base")


class Verdict(Struct, frozen=True):
    """What the policy says of this case; `why` are the findings that decided the severity, or the handling."""

    decision: Decision
    severity: Severity | None
    target: Target | None
    also_inform: tuple[Target, ...]
    reasons: tuple[Reason, ...]
    rule: str
    why: tuple[str, ...]


def decide(policy: Policy, ledger: Ledger, found: Found) -> Verdict:
    """Lay the policy over the findings. Nothing else has a say."""
    has = found.__contains__
    rule = next(rule for rule in policy.decision if holds(rule.when, has))
    reasons = tuple(_reason(criterion, ledger, found) for criterion in (*policy.escalate, *policy.support))
    if rule.then == "handle_in_support":
        return Verdict("handle_in_support", None, None, (), reasons, rule.id, found_by(rule.when, has))
    tier = next(tier for tier in policy.tiers if holds(tier.when, has))
    level = next(level for level in policy.severity if holds(level.when, has))
    informed: list[Target] = [rule.target for rule in policy.inform if rule.target != tier.id and holds(rule.when, has)]
    also: tuple[Target, ...] = tuple(
        target for number, target in enumerate(informed) if target not in informed[:number]
    )
    return Verdict("escalate", level.id, tier.id, also, reasons, rule.id, found_by(level.when, has))


def _reason(criterion: Criterion, ledger: Ledger, found: Found) -> Reason:
    """The criterion's own words, then the words of the record that show it."""
    names = found_by(criterion.when, found.__contains__)
    if not names:
        return Reason(criterion.id, False, f"{criterion.text}: not found in what was read", COVERAGE)
    cites = tuple(dict.fromkeys(_cites(names, found)))
    said = found[names[0]].said
    first = ledger[cites[0]]
    shown = said if said and (said in first.text or first.origin == "computed") else heard(first.title or first.text)
    return Reason(criterion.id, True, f"{criterion.text}: “{one_line(shown, 200)}”", cites)


def _cites(names: Iterable[str], found: Found) -> Iterable[str]:
    for name in names:
        yield from found[name].cites
