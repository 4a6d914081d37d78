"""Who asks, of which cases, when; and the one place that says what only a person may do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from customer_escalation.casebook.events import is_a_person
from customer_escalation.casebook.state import NotAllowed

if TYPE_CHECKING:
    from customer_escalation.casebook import Casebook
    from customer_escalation.delivery.connected import ConnectedSinks
    from customer_escalation.people import Person
    from customer_escalation.settings import Setting


class Office(Struct, frozen=True):
    """One request: `casebook` holds what the person sees (`cases_of` and `of_team`), `sinks` are the setting's.

    `actor` is who acts: "model:claude-code" for a tool that a model called, `person.actor` where the person does it.
    `through` names the model in whose conversation a person said yes, empty on the command line.
    """

    casebook: Casebook
    setting: Setting
    sinks: ConnectedSinks
    actor: str
    person: Person
    now: datetime
    through: str = ""

    def by_the_person(self) -> Office:
        """The same request, made by the person: only for what they said yes to in a form that no model fills in."""
        return replace(self, actor=self.person.actor, through=self.actor)

    def must_be_a_person(self, what: str) -> None:
        """Raises NotAllowed for a model or a program, NotTheirs for a person who may not approve.

        A model may add a note and propose a write. All else changes what is sent, who is waited for or when somebody is
        reminded, so it takes a person's yes: "told" and "checked" serve a clock, "joined" opens a ticket for replies.
        """
        if not is_a_person(self.actor):
            raise NotAllowed(f"only a person may {what}, not {self.actor[:60] or 'nobody'!r}")
        self.person.must_approve()

    def local(self, at: datetime) -> str:
        """A time in an answer: RFC 3339 to the minute, in the zone of the company."""
        return at.astimezone(self.setting.profile.timezone).isoformat(timespec="minutes")


def office_of(casebook: Casebook, setting: Setting, person: Person, now: datetime, *, model: str = "") -> Office:
    """The office of this person, limited to the cases they see; `model` acts in it ("model:claude-code"), if any."""
    from customer_escalation.delivery import sinks_of
    from customer_escalation.settings import cases_of

    mine = cases_of(casebook, setting).of_team(person.sees)
    return Office(mine, setting, sinks_of(setting), model or person.actor, person, now)
