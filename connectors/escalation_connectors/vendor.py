"""What a vendor's module tells about itself, and what it is given to connect."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlencode

from msgspec import Struct, field

from escalation_connectors import secret as secrets
from escalation_connectors.address import checked
from escalation_connectors.auth import NOBODY, Auth, Clock, OAuth
from escalation_connectors.errors import PerhapsWritten, Unavailable
from escalation_connectors.http import (
    NETWORK,
    PLAIN,
    Answer,
    Fault,
    Line,
    Manners,
    Reading,
    Request,
    Wire,
    Writing,
    named,
)
from escalation_connectors.options import Fields
from escalation_connectors.records import Category
from escalation_connectors.row import Row
from escalation_connectors.tokens import TokenStore

COMMON = ("vendor", "name", "allow_private")


class Option(Struct, frozen=True):
    """A key of the configuration: what it means, and whether it is a secret or has to be there."""

    key: str
    what: str
    secret: bool = False
    required: bool = False
    kind: Literal["text", "flag", "texts", "mapping"] = "text"


OAUTH = (
    Option("client_id", "of an OAuth client that may ask for client credentials"),
    Option("client_secret", "of that OAuth client", secret=True),
    Option("refresh_token", "of a person who signed in with that client, where it may not ask for itself", secret=True),
)


def _client_refused(answer: Answer) -> Fault:
    """RFC 6749, 5.2: a token endpoint refuses a client or a grant with 400."""
    fault = named(answer.said().text("error"), {"denied": "invalid_client invalid_grant unauthorized_client"})
    return fault if fault == "denied" and answer.status == 400 else ""


TOKENS = Manners(fault=_client_refused)


class Vendor(Struct, frozen=True, kw_only=True):
    """One vendor of one category.

    `read` gives the category's connector, `write` its writing counterpart. `rights` are the vendor's own names of what
    the credentials must be allowed for reading; `contract` says what its requests were checked against, `ran_on` which
    server or emulator it was run on, `cannot` what a reader might expect of it in vain. `once` says that what is
    written again under the same key is written once.
    """

    name: str
    title: str
    category: Category
    read: Callable[[Setup], object]
    write: Callable[[Setup], object] | None = None
    once: bool = False
    options: tuple[Option, ...] = ()
    rights: tuple[str, ...] = ()
    contract: Literal["published", "derived", "none"] = "published"
    ran_on: str = ""
    cannot: tuple[str, ...] = ()

    @property
    def can_write(self) -> bool:
        """Whether there is a writing side; only what delivers may open it."""
        return self.write is not None


class Closable(Protocol):
    """What has to be closed, in the loop that used it."""

    async def close(self) -> None:
        """Close it; may be called twice."""
        ...


class Setup(Struct, kw_only=True):
    """One entry of the configuration, with what connecting needs; `opened` is what was opened through it.

    Relative paths are seen from `folder`.
    """

    vendor: Vendor
    fields: Fields
    environment: Mapping[str, str]
    store: TokenStore
    wire: Wire = NETWORK
    clock: Clock = time.time
    folder: Path = secrets.HERE
    opened: list[Closable] = field(default_factory=list[Closable])

    @property
    def name(self) -> str:
        """What this source is called in reports: its `name`, or the vendor's."""
        return self.fields.text("name", self.vendor.name)

    def text(self, key: str, default: str = "") -> str:
        """A text of the configuration."""
        return self.fields.text(key, default)

    def required(self, key: str) -> str:
        """A text that must be there. Raises InputError."""
        value = self.fields.text(key)
        if not value:
            raise self.fields.wrong(key, "missing")
        return value

    def secret(self, key: str) -> str:
        """The secret that a key refers to; nothing where the key is absent."""
        return secrets.secret(self.fields, key, self.environment, self.folder)

    def needed(self, key: str) -> str:
        """A secret that must be there. Raises InputError."""
        return secrets.needed(self.fields, key, self.environment, self.folder)

    def line(self, base: str, auth: Auth, manners: Manners = PLAIN, *, key: str = "url") -> Line:
        """The connection to this source. Raises InputError where the address may not be used."""
        private = self.fields.flag("allow_private", False)
        line = Line(
            self.name, checked(base, self.fields.at(key), private=private), auth, manners, self.wire, private=private
        )
        self.opened.append(line)
        return line

    def oauth(self, token_url: str, *, scope: str = "", manners: Manners = TOKENS) -> OAuth:
        """Tokens from `client_id` and `client_secret`, for the client itself or for who gave it a refresh token."""
        line = self.line(token_url, NOBODY, manners, key="client_id")
        client = {"client_id": self.required("client_id"), "client_secret": self.needed("client_secret")}

        async def grant(fields: Mapping[str, str]) -> Row:
            headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
            body = urlencode(fields).encode()
            used_up = "refresh_token" in fields  # by many vendors, once they have answered
            request = Request(method="POST", url=line.base, body=body, headers=headers, writes=used_up)
            try:
                return (await line.exchange(request)).row()
            except PerhapsWritten:
                raise Unavailable(self.name, "no answer in time when asked for a token") from None

        signed_in = self.secret("refresh_token")
        return OAuth(self.name, grant, client, self.store, self.clock, scope, signed_in, token_url)


def reads(line: Callable[[Setup], Line], make: Callable[[Setup, Reading], object]) -> Callable[[Setup], object]:
    """A connector that asks over the line of its entry."""
    return lambda setup: make(setup, Reading(line(setup)))


def writes(line: Callable[[Setup], Line], make: Callable[[Setup, Writing], object]) -> Callable[[Setup], object]:
    """Its writing counterpart."""
    return lambda setup: make(setup, Writing(line(setup)))
