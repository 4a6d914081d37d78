"""Who somebody is, which cases they see and whether they may say yes to what is sent: the configuration's `people:`.

On HTTP a person is known by a token of their own or by the subject of a signed one. On this machine it is whoever
sits at it, by the name of the account or as they say with --as.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from escalation_connectors import secret
from escalation_connectors.errors import EscalationError
from escalation_connectors.options import Fields, shown

KEYS = ("teams", "approves", "token", "subject")
ALL = "all"
SHORTEST_TOKEN = 16
NAME = re.compile(r"[\w.@+-]{1,64}")


class NotTheirs(EscalationError):  # noqa: N818 - named by what happened, as the callers read it
    """This person may not approve."""


class Person(Struct, frozen=True):
    """Somebody: the first of their teams opens their cases; `teams` None sees all cases, () those of no team."""

    name: str
    teams: tuple[str, ...] | None = None
    approves: bool = True

    @property
    def actor(self) -> str:
        """As events name them."""
        return f"person:{self.name}"

    @property
    def sees(self) -> tuple[str, ...] | None:
        """The teams whose cases they see, as the casebook takes it."""
        return self.teams or ("",) if self.teams is not None else None

    def must_approve(self) -> None:
        """Raises NotTheirs where this person may not say yes."""
        if not self.approves:
            raise NotTheirs(f"{self.name} may not approve; `people` in the configuration says who may (approves: true)")


class Named(Struct, frozen=True):
    """A person as the configuration names them, with what they are known by."""

    person: Person
    token: str = ""
    subject: str = ""


class People(Struct, frozen=True):
    """Everybody who is configured; where nobody is, each may do everything."""

    named: Mapping[str, Named] = field(default_factory=dict[str, Named])

    def __bool__(self) -> bool:
        return bool(self.named)

    @property
    def have_tokens(self) -> bool:
        """Whether anybody has a token of their own."""
        return any(each.token for each in self.named.values())

    def at_machine(self, name: str) -> Person:
        """Who sits at this machine; a name that is not configured sees the cases of no team and approves nothing."""
        found = self.named.get(name)
        if found is not None:
            return found.person
        return Person(name, (), approves=False) if self.named else Person(name)

    def of_token(self, token: str) -> Person | None:
        """Whose token this is; every one is compared, in constant time."""
        given = token.encode()
        same = [each for each in self.named.values() if each.token and hmac.compare_digest(each.token.encode(), given)]
        return same[0].person if same else None

    def of_subject(self, subject: str) -> Person | None:
        """Whose subject a signed token names."""
        return next((each.person for each in self.named.values() if subject and each.subject == subject), None)


def read(fields: Fields, environment: Mapping[str, str], folder: Path = secret.HERE) -> People:
    """The people of a configuration. Raises InputError that never shows a token."""
    named = {name: _named(fields, name, environment, folder) for name in fields.values}
    for key in ("token", "subject"):
        held: dict[str, str] = {}
        for name, each in named.items():
            value = str(getattr(each, key))
            if value and (other := held.setdefault(value, name)) != name:
                raise fields.fields(name).wrong(key, f"is {other}'s too; each needs one of their own")
    return People(named)


def _named(people: Fields, name: str, environment: Mapping[str, str], folder: Path) -> Named:
    if not NAME.fullmatch(name):
        raise people.wrong(name[:40], f"not a name of letters, digits and . @ + - _: {shown(name)}")
    fields = people.fields(name)
    fields.only(*KEYS)
    token = secret.secret(fields, "token", environment, folder)
    if token and len(token) < SHORTEST_TOKEN:
        raise fields.wrong("token", f"at least {SHORTEST_TOKEN} characters, this one has {len(token)}")
    person = Person(name, _teams(fields), fields.flag("approves", default=False))
    return Named(person, token, fields.text("subject"))


def _teams(fields: Fields) -> tuple[str, ...] | None:
    """The teams of a person; `all` sees every case."""
    if fields.values.get("teams") == ALL:
        return None
    teams = tuple(dict.fromkeys(team.strip() for team in fields.texts("teams")))
    if not all(teams):
        raise fields.wrong("teams", "holds an empty name")
    return teams
