"""The policy carries every line of the skill's lists and tables, and a workspace lays its own over it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from customer_escalation import policy as policies
from customer_escalation.brief import Severity, Target
from customer_escalation.findings import NAMES
from customer_escalation.policy import Policy, found_by, holds
from escalation_connectors.errors import InputError
from escalation_connectors.options import Fields

ESCALATE = [
    ("bug confirmed and needs a code fix", "technical.bug_confirmed", {"bug_confirmed"}),
    ("infrastructure investigation needed", "technical.infrastructure", {"infrastructure_fault"}),
    ("data corruption or loss", "technical.data_loss", {"data_loss"}),
    ("beyond support's ability to diagnose", "complexity.beyond_support", {"undiagnosed_defect"}),
    ("requires access support doesn't have", "complexity.access_needed", {"access_needed"}),
    ("involves custom implementation", "complexity.custom_implementation", {"custom_implementation"}),
    ("multiple customers affected", "impact.multiple_customers", {"several_customers"}),
    ("production system down", "impact.production_down", {"production_down"}),
    ("data integrity at risk", "impact.data_integrity", {"data_at_risk"}),
    ("security concern", "impact.security", {"security_concern"}),
    ("high-value customer at risk", "business.high_value_at_risk", {"high_value_at_risk"}),
    ("SLA breach imminent", "business.sla", {"sla_imminent"}),
    ("SLA breach occurred", "business.sla", {"sla_breached"}),
    ("customer requesting executive involvement", "business.executive_involvement", {"executive_request"}),
    ("open beyond SLA", "time.beyond_sla", {"sla_breached"}),
    ("waiting unreasonably long", "time.waiting", {"waiting_long"}),
    ("normal support channels aren't progressing", "time.not_progressing", {"not_progressing"}),
    ("same issue reported by 3+ customers", "pattern.same_issue", {"pattern"}),
    ("recurring issue that was supposedly fixed", "pattern.recurring", {"recurring"}),
    ("increasing severity over time", "pattern.increasing", {"growing"}),
]
HANDLE = [
    ("documented solution", "support.documented_solution", {"documented_solution"}),
    ("known workaround", "support.documented_solution", {"known_workaround"}),
    ("configuration or setup issue you can resolve", "support.configuration", {"configuration_cause"}),
    ("guidance or training, not a fix", "support.guidance", {"guidance_question"}),
    ("known limitation with a documented alternative", "support.known_limitation", {"known_limitation"}),
    ("previous similar tickets resolved in support", "support.resolved_before", {"solved_earlier_in_support"}),
]
TIERS = [
    ("deeper investigation", set[str](), "l2_support"),
    ("confirmed bug, needs code change", {"bug_confirmed"}, "engineering"),
    ("infrastructure issue", {"infrastructure_fault"}, "engineering"),
    ("system-level investigation", {"production_down"}, "engineering"),
    ("feature gap, design decision, workflow, competing needs", {"feature_gap"}, "product"),
    ("data exposure, unauthorized access, vulnerability, compliance", {"security_concern"}, "security"),
    ("security bypasses the rest", {"security_concern", "bug_confirmed", "legal_or_public"}, "security"),
    ("high-revenue customer threatening churn", {"churn_threat", "high_value_customer"}, "leadership"),
    ("SLA breach on critical account", {"sla_breached", "high_value_customer"}, "leadership"),
    ("cross-functional decision, exception to policy", {"executive_request"}, "leadership"),
    ("PR or legal risk", {"legal_or_public"}, "leadership"),
]
INCLUDE = {
    "l2_support": ["summary of the ticket", "steps already tried", "customer's context"],
    "engineering": ["reproduction steps", "environment", "logs or error messages", "business impact", "timeline"],
    "product": ["use case", "business impact", "how often it is asked", "competitive pressure"],
    "security": ["what was observed", "who or what may be affected", "containment steps", "how urgent"],
    "leadership": ["full business context", "revenue at risk", "what was tried", "decision that is needed", "deadline"],
}
WAY = {
    "l2_support": ("Frontline support (L1)", "Senior support, technical support specialists", False),
    "engineering": ("L2", "Engineering team of the product area", False),
    "product": ("L2", "Product management", False),
    "security": ("Any support tier", "Security team", True),
    "leadership": ("Any tier, usually L2 or a manager", "Support leadership, executive team", False),
}
SEVERITY = [
    ("production down", {"production_down"}, "critical"),
    ("data at risk", {"data_loss"}, "critical"),
    ("security breach", {"security_concern"}, "critical"),
    ("multiple high-value customers affected", {"several_high_value", "defect_reported"}, "critical"),
    ("major functionality broken", {"data_at_risk"}, "high"),
    ("key customer blocked", {"high_value_at_risk"}, "high"),
    ("blocked without a workaround", {"blocked", "defect_reported"}, "high"),
    ("SLA at risk", {"sla_imminent"}, "high"),
    ("significant issue with workaround", {"blocked", "defect_reported", "known_workaround"}, "medium"),
    ("important but not urgent", set[str](), "medium"),
]
SAME_DAY = {"critical": "immediate", "high": "same day", "medium": "this week"}
CADENCE: list[tuple[Severity, str, float, str, float]] = [
    ("critical", "every 2 hours", 2, "every 2-4 hours (or per SLA)", 4),
    ("high", "every 4 hours", 4, "every 4-8 hours", 8),
    ("medium", "daily", 24, "every 1-2 business days", 48),
]
THRESHOLDS = {"pattern_customers": 3, "pattern_window_days": 14, "waiting_hours": 72, "silence_hours": 48}


def among(*found: str) -> Callable[[str], bool]:
    """Whether a finding is one of these."""
    return set(found).__contains__


def default() -> Policy:
    return policies.load(None, NAMES)


def laid_over(**values: object) -> Policy:
    return policies.load(Fields({str(key): value for key, value in values.items()}, "workspace.yaml: policy"), NAMES)


def first_tier(policy: Policy, found: set[str]) -> Target:
    return next(tier.id for tier in policy.tiers if holds(tier.when, among(*found)))


def first_severity(policy: Policy, found: set[str]) -> Severity:
    return next(rule.id for rule in policy.severity if holds(rule.when, among(*found)))


@pytest.mark.parametrize(("line", "criterion", "found"), ESCALATE, ids=[row[0] for row in ESCALATE])
def test_each_line_of_escalate_when_is_a_criterion(line: str, criterion: str, found: set[str]) -> None:
    rule = {each.id: each for each in default().escalate}[criterion]

    assert rule.text
    assert holds(rule.when, among(*found))
    assert not holds(rule.when, among())


@pytest.mark.parametrize(("line", "criterion", "found"), HANDLE, ids=[row[0] for row in HANDLE])
def test_each_line_of_handle_in_support_when_is_a_criterion(line: str, criterion: str, found: set[str]) -> None:
    rule = {each.id: each for each in default().support}[criterion]

    assert rule.text
    assert holds(rule.when, among(*found))
    assert not holds(rule.when, among())


def test_a_question_about_a_defect_is_no_mere_guidance() -> None:
    rule = {each.id: each for each in default().support}["support.guidance"]

    assert not holds(rule.when, among("guidance_question", "defect_reported"))


@pytest.mark.parametrize(("when", "found", "target"), TIERS, ids=[row[0] for row in TIERS])
def test_each_tier_is_reached_by_what_the_skill_says(when: str, found: set[str], target: str) -> None:
    assert first_tier(default(), found) == target


@pytest.mark.parametrize("target", INCLUDE)
def test_each_tier_says_from_whom_to_whom_and_what_to_bring(target: str) -> None:
    tier = next(each for each in default().tiers if each.id == target)

    assert (tier.source, tier.to, tier.bypass) == WAY[target]
    assert [wanted for wanted, line in zip(INCLUDE[target], tier.include, strict=True) if wanted not in line] == []
    assert tier.name
    assert tier.text


def test_leadership_hears_of_churn_legal_risk_and_breaches_wherever_they_go() -> None:
    informed = {rule.target: rule for rule in default().inform}

    for found in (
        {"churn_threat"},
        {"legal_or_public"},
        {"executive_request"},
        {"sla_breached", "high_value_customer"},
    ):
        assert holds(informed["leadership"].when, among(*found))
    assert holds(informed["engineering"].when, among("security_concern"))
    assert holds(informed["product"].when, among("feature_gap"))


@pytest.mark.parametrize(("line", "found", "severity"), SEVERITY, ids=[row[0] for row in SEVERITY])
def test_each_line_of_the_severity_shorthand_gives_its_severity(line: str, found: set[str], severity: str) -> None:
    rule = next(rule for rule in default().severity if holds(rule.when, among(*found)))

    assert (rule.id, rule.attention) == (severity, SAME_DAY[severity])


@pytest.mark.parametrize(("severity", "inside", "hours", "outside", "latest"), CADENCE, ids=[row[0] for row in CADENCE])
def test_each_row_of_the_follow_up_cadence(
    severity: Severity, inside: str, hours: float, outside: str, latest: float
) -> None:
    cadence = default().cadence[severity]

    assert (cadence.internal, cadence.internal_hours, cadence.customer) == (inside, hours, outside)
    assert cadence.longest_customer_hours == latest


@pytest.mark.parametrize(("name", "value"), THRESHOLDS.items())
def test_each_threshold_has_its_default(name: str, value: float) -> None:
    assert default().thresholds[name] == value


def test_every_finding_that_a_rule_names_is_made_by_code() -> None:
    policy = default()
    criteria = [rule.when for rule in (*policy.support, *policy.escalate)]
    ordered = [*(rule.when for rule in policy.decision), *(rule.when for rule in policy.severity)]
    chosen = [*(tier.when for tier in policy.tiers), *(rule.when for rule in policy.inform)]

    assert {name for when in (*criteria, *ordered, *chosen) for terms in when for name, _ in terms} <= NAMES


def test_whatever_is_found_some_rule_decides() -> None:
    policy = default()
    for found in (set[str](), NAMES):
        assert [rule.id for rule in policy.decision if holds(rule.when, among(*found))]
        assert first_tier(policy, set(found))
        assert first_severity(policy, set(found))


def test_the_findings_that_decided_are_those_that_were_found() -> None:
    when = ((("a", True), ("b", False)), (("c", True),))

    assert found_by(when, among("a")) == ("a",)
    assert found_by(when, among("a", "b", "c")) == ("c",)
    assert found_by(when, among("b")) == ()


def test_a_workspace_that_says_nothing_gets_the_defaults() -> None:
    assert laid_over() == laid_over(thresholds=None, escalate=[], tiers=None, cadence={"high": None}) == default()


def test_a_workspace_changes_one_threshold_and_keeps_the_rest() -> None:
    changed = laid_over(thresholds={"pattern_customers": 5, "own": 1, "high_value_tiers": ["Gold"]})

    assert changed.thresholds == {**default().thresholds, "pattern_customers": 5, "own": 1}
    assert changed.high_value_tiers == ("Gold",)
    assert changed.escalate == default().escalate


def test_a_workspace_replaces_a_criterion_by_its_id_and_keeps_what_it_leaves_out() -> None:
    rule = {"id": "technical.data_loss", "when": ["data_loss", "data_at_risk + !known_workaround"]}
    old = {each.id: each for each in default().escalate}

    new = {each.id: each for each in laid_over(escalate=[rule]).escalate}

    assert list(new) == list(old)
    assert new["technical.data_loss"].text == old["technical.data_loss"].text
    assert holds(new["technical.data_loss"].when, among("data_at_risk"))
    assert not holds(new["technical.data_loss"].when, among("data_at_risk", "known_workaround"))


def test_a_workspace_switches_a_criterion_off() -> None:
    changed = laid_over(escalate=[{"id": "time.waiting", "enabled": False}])

    assert "time.waiting" not in {rule.id for rule in changed.escalate}


def test_a_rule_that_a_workspace_adds_comes_before_the_last_resort() -> None:
    changed = laid_over(decision=[{"id": "vip", "then": "escalate", "when": ["high_value_customer"]}])

    assert [rule.id for rule in changed.decision][-2:] == ["vip", "otherwise"]


def test_a_tier_that_is_switched_off_keeps_its_name_and_is_never_chosen() -> None:
    changed = laid_over(tiers=[{"id": "product", "enabled": False}])

    assert "Product" in {tier.name for tier in changed.tiers}
    assert first_tier(changed, {"feature_gap"}) == "l2_support"


def test_another_tier_may_become_the_last_resort() -> None:
    no_findings: list[str] = []
    changed = laid_over(tiers=[{"id": "l2_support", "enabled": False}, {"id": "engineering", "when": no_findings}])

    assert first_tier(changed, set()) == "engineering"


def test_a_workspace_changes_whom_to_inform_how_often_and_how_a_priority_reads() -> None:
    changed = laid_over(
        inform=[{"target": "security", "when": ["data_loss"]}],
        cadence={"medium": {"customer_hours": [8]}},
        triage={"P4": "high"},
    )

    assert [rule.target for rule in changed.inform][-1] == "security"
    assert changed.cadence["medium"].longest_customer_hours == 8
    assert changed.cadence["high"] == default().cadence["high"]
    assert changed.triage == {**default().triage, "P4": "high"}


def test_without_any_hours_the_customer_hears_within_a_day() -> None:
    changed = laid_over(cadence={"high": {"customer_hours": []}})

    assert changed.cadence["high"].longest_customer_hours == 24


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"escalate": [{"id": "x", "when": ["no_such"]}]}, "escalate[x].when: no such finding: 'no_such'"),
        ({"escalate": [{"id": "x", "when": ["data_loss +"]}]}, "escalate[x].when: no such finding: ''"),
        ({"escalate": [{"id": "x"}]}, "escalate[x].when: must name a finding"),
        ({"inform": [{"target": "product", "when": 5}]}, "inform[product].when: must be a list, not a number"),
        ({"decision": [{"id": "x", "then": "escalate"}]}, "decision[x].when: missing"),
        ({"severity": [{"id": "medium", "when": ["data_loss"]}]}, "severity: no rule is left for what no other rule "
         "covers (one with `when: []`)"),
        ({"triage": {"P1": None}}, ""),
        ({"cadence": {"high": {"internal_hours": 0}}},
         "cadence.high.internal_hours: must be more than 0: nobody is asked all the time"),
        ({"cadence": {"high": {"customer_hours": [8, 4]}}},
         "cadence.high.customer_hours: must be one or two numbers above 0, the shorter first, not [8, 4]"),
        ({"cadence": {"medium": {"customer_business_days": [0, 2]}}},
         "cadence.medium.customer_business_days: must be one or two numbers above 0, the shorter first, not [0, 2]"),
        ({"cadence": {"urgent": {"internal_hours": 1}}},
         "cadence.urgent: unknown; known are critical, high, medium"),
        ({"triage": {"P9": None}}, "triage.P9: must be one of critical, high, medium, not ''"),
    ],
)  # fmt: skip
def test_a_broken_override_is_named(values: dict[str, object], line: str) -> None:
    if not line:
        assert laid_over(**values) == default()
        return
    with pytest.raises(InputError) as caught:
        laid_over(**values)
    assert str(caught.value) == f"workspace.yaml: policy.{line}"
