"""The escalation brief and everything a result says, as plain values (the schema of spec/result, version 1).

Every line that a reader could doubt is a `Statement`: it says what kind of claim it is and cites its evidence.
`claims()` walks all of them, so that whoever verifies, renders or counts sees the same lines in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct, field

from customer_escalation.evidence import Ledger

Kind = Literal["observed", "stated_by_customer", "stated_by_staff", "derived", "absence", "hypothesis"]
Decision = Literal["escalate", "handle_in_support"]
Severity = Literal["critical", "high", "medium"]
Target = Literal["l2_support", "engineering", "product", "security", "leadership"]
Ask = Literal["investigate", "fix", "decide", "approve", "prioritize", "contain"]


NOT_RECORDED = "not recorded"


class Statement(Struct, frozen=True):
    """One claim. A derived one carries the formula that code recomputes; an absence cites the coverage searched."""

    text: str
    cites: tuple[str, ...] = ()
    kind: Kind = "observed"
    formula: str | None = None


class Reason(Struct, frozen=True):
    """One criterion of the policy, evaluated: `criterion` is its id ("impact.multiple_customers")."""

    criterion: str
    holds: bool
    text: str
    cites: tuple[str, ...] = ()
    formula: str | None = None


class Ref(Struct, frozen=True):
    """A record a reader may want to open; `note` tells how it stands to the case ("earlier", "another cause")."""

    id: str
    title: str
    url: str | None = None
    cites: tuple[str, ...] = ()
    note: str = ""


class Reporter(Struct, frozen=True):
    """A distinct customer with the problem, the tickets in which they told of it, and what the first one is told."""

    name: str
    tickets: tuple[str, ...] = ()
    update: str = ""


class CustomersAffected(Struct, frozen=True):
    """Distinct customers by account identity; `growing` is None where the records cannot tell."""

    count: int
    names: tuple[str, ...] = ()
    growing: bool | None = None
    cites: tuple[str, ...] = ()
    text: str = ""


class Revenue(Struct, frozen=True):
    """ARR and open pipeline per account; the totals are None where currencies differ (`by_currency` then has both)."""

    arr: float | None
    pipeline: float | None
    currency: str | None
    by_account: Mapping[str, Mapping[str, object]] = field(default_factory=dict[str, Mapping[str, object]])
    cites: tuple[str, ...] = ()
    by_currency: Mapping[str, Mapping[str, float]] = field(default_factory=dict[str, Mapping[str, float]])
    text: str = ""


class TimeInQueue(Struct, frozen=True):
    """How long the oldest open report of the case has waited, in hours."""

    since: datetime
    hours: float
    cites: tuple[str, ...] = ()
    text: str = ""


class Depth(Struct, frozen=True):
    """Whether the customers are blocked or inconvenienced, the rows that show it, and what they say of it."""

    level: Literal["blocked", "inconvenienced"]
    cites: tuple[str, ...]
    said: str = ""


class Impact(Struct, frozen=True):
    """The four impact lines of the template; `more` holds when it began, reputation and contract."""

    customers_affected: CustomersAffected
    workflow_impact: Statement
    revenue_at_risk: Revenue | None = None
    time_in_queue: TimeInQueue | None = None
    more: tuple[Statement, ...] = ()
    depth: Depth | None = None


class Tried(Struct, frozen=True):
    """A troubleshooting step and what came of it."""

    step: str
    result: str
    cites: tuple[str, ...] = ()


class Reproduction(Struct, frozen=True):
    """Only what the records hold; `missing` names what to ask for."""

    preconditions: tuple[Statement, ...] = ()
    steps: tuple[Statement, ...] = ()
    expected: Statement | None = None
    actual: Statement | None = None
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    frequency: Statement | None = None
    ruled_out: tuple[Statement, ...] = ()
    cites: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    evidence: tuple[Statement, ...] = ()
    notes: tuple[Statement, ...] = ()


class CustomerCommunication(Struct, frozen=True):
    """What the customer was told, expects, and may do next."""

    last_update: Statement | None = None
    expectation: Statement | None = None
    escalation_risk: Statement | None = None


class Need(Struct, frozen=True):
    """One specific ask of the target team."""

    ask: Ask
    text: str
    cites: tuple[str, ...] = ()


class Deadline(Struct, frozen=True):
    """When a resolution or an update is due, and why then."""

    at: datetime
    why: str
    cites: tuple[str, ...] = ()


class Supporting(Struct, frozen=True):
    """The records behind the brief."""

    tickets: tuple[Ref, ...] = ()
    discussions: tuple[Ref, ...] = ()
    issues: tuple[Ref, ...] = ()
    articles: tuple[Ref, ...] = ()


class EscalationBrief(Struct, frozen=True):
    """The brief in the order of the template; `insights` are what a sharp colleague would point out."""

    title: Statement
    reported_by: str
    date: str
    impact: Impact
    description: tuple[Statement, ...]
    tried: tuple[Tried, ...]
    reproduction: Reproduction | None
    customer_communication: CustomerCommunication
    needed: tuple[Need, ...]
    deadline: Deadline | None
    supporting: Supporting
    insights: tuple[Statement, ...] = ()


class Handling(Struct, frozen=True):
    """How support can handle it, where the decision is not to escalate."""

    how: tuple[Statement, ...]
    articles: tuple[Ref, ...] = ()


class Dissent(Struct, frozen=True):
    """A model's argument for another choice than the policy's; it changes nothing by itself."""

    about: Literal["decision", "severity", "target"]
    choice: str
    reason: Statement


class Conflict(Struct, frozen=True):
    """Where sources disagree; both sides are cited."""

    text: str
    cites: tuple[str, ...]


class Unsupported(Struct, frozen=True):
    """A claim that did not pass, where it stands and why."""

    path: str
    text: str
    why: str


class Verification(Struct, frozen=True):
    """How many claims were checked against their evidence, and which failed."""

    statements: int
    supported: int
    unsupported: tuple[Unsupported, ...] = ()


class NextStep(Struct, frozen=True):
    """A ready proposal: where it would go and its whole text. Nothing is sent from here."""

    id: str
    kind: str
    title: str
    destination: str
    preview: str
    offer: str = ""


class SourceReport(Struct, frozen=True):
    """What became of one source: ok, empty, not_connected or failed."""

    category: str
    connector: str
    status: str
    records: int
    error: str | None = None
    note: str = ""


class Stats(Struct, frozen=True):
    """What the run cost; `wall_ms` is the only field that may differ between equal runs."""

    wall_ms: int = 0
    model_turns: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Result(Struct, frozen=True, kw_only=True):
    """Everything one run says."""

    issue: str
    customer: str | None
    now: datetime
    planner: str
    model: str | None
    decision: Decision
    reasons: tuple[Reason, ...]
    severity: Severity | None
    target: Target | None
    also_inform: tuple[Target, ...]
    brief: EscalationBrief
    handling: Handling | None
    unknown: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    evidence: Ledger
    verification: Verification
    next_steps: tuple[NextStep, ...]
    sources: tuple[SourceReport, ...]
    notes: tuple[str, ...] = ()
    dissent: tuple[Dissent, ...] = ()
    reporters: tuple[Reporter, ...] = ()
    stats: Stats = Stats()
    schema_version: str = "1"
