"""A support desk whose records change while a case is open: something is said later, then the case is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from customer_escalation import workflow
from customer_escalation.casebook import Casebook
from customer_escalation.casebook.events import Kind, Value
from customer_escalation.casebook.opening import first, open_case
from customer_escalation.casebook.state import State
from customer_escalation.settings import Setting
from customer_escalation.watching import Seen, Suggestion, watch
from escalation_connectors.fakes import CALM, FakeCRM, FakeSupport, FakeTracker, Trouble
from escalation_connectors.records import Account, Comment, Issue, Message, Page, Person, Role, Ticket
from escalation_connectors.sources import Sources
from tests.sources import ACCOUNTS, ISSUE, NOW, OTHER, TICKET, TRACKED, company, setting_over

ACTOR = "code:test"
ANNA = "person:anna"


class Desk:
    """A company in memory and a casebook with one case of it, opened at NOW."""

    def __init__(
        self,
        casebook: Casebook,
        tickets: Iterable[Ticket] = (TICKET, OTHER),
        issues: Iterable[Issue] = (TRACKED,),
        accounts: Iterable[Account] = ACCOUNTS,
    ) -> None:
        self.casebook, self.now = casebook, NOW
        self.tickets = {ticket.id: ticket for ticket in tickets}
        self.issues = {issue.key: issue for issue in issues}
        self.messages: list[Message] = []
        self.accounts = tuple(accounts)
        self.case_id = ""
        self.support_trouble = self.crm_trouble = CALM

    @property
    def sources(self) -> Sources:
        """The sources as they stand."""
        crm = FakeCRM(self.accounts, trouble=self.crm_trouble)
        support = FakeSupport(self.tickets.values(), accounts=self.accounts, trouble=self.support_trouble)
        return replace(company(), support=support, crm=crm, tracker=FakeTracker(self.issues.values()))

    @property
    def setting(self) -> Setting:
        """The default policy over them."""
        return setting_over(self.sources)

    @property
    def state(self) -> State:
        """Where the case stands."""
        return self.casebook.state(self.case_id)

    async def open(self, issue: str = ISSUE) -> str:
        """Make the brief and open the case, whatever the policy says of it."""
        result = await workflow.escalate(workflow.Request(issue, self.now), self.setting)
        self.case_id = open_case(self.casebook, result, self.setting, actor=ACTOR)
        if self.state.status == "kept":
            data = first(result, self.setting) | {"severity": "medium", "target": "l2_support"}
            self.casebook.record(self.case_id, "opened", actor=ANNA, at=self.now, data=data)
        return self.case_id

    def later(self, hours: float = 1) -> datetime:
        """Let time pass."""
        self.now += timedelta(hours=hours)
        return self.now

    def says(self, text: str, who: str, role: Role = "customer", ticket: str = "101", *, public: bool = True) -> str:
        """A comment on a ticket, an hour later; its row."""
        held = self.tickets[ticket]
        comment = Comment("", text, self.later(), Person(who, role), public=public)
        items = (*held.comments.items, comment)
        self.tickets[ticket] = replace(held, comments=Page(items, len(items)), updated_at=self.now)
        return f"T-{ticket}/{len(items)}"

    def ada(self, text: str) -> str:
        """What the customer Acme Corp says."""
        return self.says(text, "Ada Lund")

    def bo(self, text: str) -> str:
        """What the customer Borg AB says."""
        return self.says(text, "Bo Ek", ticket="102")

    def agent(self, text: str, *, public: bool = True, ticket: str = "101") -> str:
        """What our support says."""
        return self.says(text, "Ravi Shah", "agent", ticket, public=public)

    def engineer(self, text: str) -> str:
        """What our engineering says, inside."""
        return self.says(text, "Nils Berg", "engineer", public=False)

    def tracker(self, key: str = "ORD-1", **changes: str) -> None:
        """What the tracker says of an issue now."""
        self.issues[key] = replace(self.issues[key], updated_at=self.later(), **changes)

    def event(self, kind: Kind, why: str = "", **data: Value) -> None:
        """What a person did."""
        self.casebook.record(self.case_id, kind, actor=ANNA, at=self.later(), why=why, data=data)

    async def watch(self, hours: float = 0.5) -> Seen:
        """Look at the case, half an hour later."""
        return await watch(self.casebook, self.case_id, self.setting, actor=ACTOR, now=self.later(hours))

    def trouble(self, support: Trouble = CALM, crm: Trouble = CALM) -> None:
        """What calls meet from now on."""
        self.support_trouble, self.crm_trouble = support, crm


def shown(suggestions: Iterable[Suggestion]) -> list[tuple[str, str, str]]:
    """Kind, to and condition of each, in order."""
    return [(each.kind, each.to, each.condition) for each in suggestions]
