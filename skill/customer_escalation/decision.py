"""Step 4: escalate or handle in support, to whom, how severe, who else to inform; each with the criterion that held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from customer_escalation.brief import Decision, Reason, Severity, Target
from customer_escalation.doubts import Doubts, believed
from customer_escalation.evidence import Ledger
from customer_escalation.language import heard, one_line
from customer_escalation.material import Found
from customer_escalation.policy import Criterion, Policy, found_by, holds

NO_DOUBTS = Doubts({}, {})
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


def decide(policy: Policy, ledger: Ledger, found: Found, against: Doubts = NO_DOUBTS) -> Verdict:
    """Lay the policy over the findings. Nothing else has a say; `against` tells which criteria are shown as refuted."""
    has = found.__contains__
    rule = next(rule for rule in policy.decision if holds(rule.when, has))
    reasons = tuple(_reasons(policy, ledger, found, against, rule.then))
    if rule.then == "handle_in_support":
        return Verdict("handle_in_support", None, None, (), reasons, rule.id, found_by(rule.when, has))
    tier = next(tier for tier in policy.tiers if holds(tier.when, has))
    level = next(level for level in policy.severity if holds(level.when, has))
    informed: list[Target] = [rule.target for rule in policy.inform if rule.target != tier.id and holds(rule.when, has)]
    also: tuple[Target, ...] = tuple(
        target for number, target in enumerate(informed) if target not in informed[:number]
    )
    return Verdict("escalate", level.id, tier.id, also, reasons, rule.id, found_by(level.when, has))


def _reasons(policy: Policy, ledger: Ledger, found: Found, against: Doubts, chosen: Decision) -> Iterator[Reason]:
    """Each criterion of both lists; those of the list that did not prevail are marked as outweighed."""
    for chosen_by, criteria in (("escalate", policy.escalate), ("handle_in_support", policy.support)):
        for criterion in criteria:
            names = found_by(criterion.when, believed(found, against).__contains__)
            if names:
                outweighed = " (outweighed)" if chosen_by != chosen else ""
                yield _holding(criterion, names, ledger, found, outweighed)
            else:
                yield _failing(criterion, found, against)


def _failing(criterion: Criterion, found: Found, against: Doubts) -> Reason:
    """Why a criterion does not hold: taken back, refuted, or not found."""
    back = [against.taken_back[name] for name in found_by(criterion.when, found.__contains__)
            if name in against.taken_back]  # fmt: skip
    if back:
        return Reason(criterion.id, False, f"{criterion.text}: taken back in {back[0].id}", (back[0].id,))
    missing = Reason(criterion.id, False, f"{criterion.text}: not found in what was read", COVERAGE)
    return against.instead.get(criterion.id, missing)


def _holding(criterion: Criterion, names: tuple[str, ...], ledger: Ledger, found: Found, outweighed: str) -> Reason:
    """The criterion's own words, then the words of the record that show it."""
    cites = tuple(dict.fromkeys(_cites(names, found)))
    finding = found[names[0]]
    said = finding.said
    first = next((ledger[cite] for cite in cites if said and said in ledger[cite].text), ledger[cites[0]])
    if finding.told:
        return Reason(criterion.id, True, f"{criterion.text}{outweighed}: {finding.told}", cites)
    shown = said if said and (said in first.text or first.origin == "computed") else heard(first.title or first.text)
    return Reason(criterion.id, True, f"{criterion.text}{outweighed}: “{one_line(shown, 200)}”", cites)


def _cites(names: Iterable[str], found: Found) -> Iterable[str]:
    for name in names:
        yield from found[name].cites
