"""How a source is told who asks: fixed headers, or an OAuth token that is renewed when it has expired."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from escalation_connectors.errors import AccessDenied
from escalation_connectors.row import Row
from escalation_connectors.tokens import Tokens, TokenStore

EARLY_S = 60.0


class Auth(Protocol):
    """Headers for a request; `renew` is asked once after a refusal and says whether another try makes sense."""

    async def headers(self) -> Mapping[str, str]:
        """The headers that identify us. Raises the ConnectorError family."""
        ...

    async def renew(self) -> bool:
        """Get new credentials where that is possible."""
        ...


class Fixed(Struct, frozen=True):
    """Headers that stay the same."""

    given: Mapping[str, str]

    async def headers(self) -> Mapping[str, str]:
        """The headers given."""
        return self.given

    async def renew(self) -> bool:
        """There is nothing to renew."""
        return False


NOBODY = Fixed({})


def bearer(token: str) -> Fixed:
    """An access token as RFC 6750 has it."""
    return Fixed({"Authorization": f"Bearer {token}"})


def basic(user: str, password: str) -> Fixed:
    """A user and a password, or what a vendor puts in their place."""
    return Fixed({"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()})


def header(name: str, value: str) -> Fixed:
    """A header of the vendor's own."""
    return Fixed({name: value})


class Grant(Protocol):
    """Asks a token endpoint; `fields` are those of RFC 6749."""

    async def __call__(self, fields: Mapping[str, str]) -> Row:
        """The endpoint's answer. Raises the ConnectorError family."""
        ...


class OAuth:
    """Client credentials, or a refresh token where there is one; new tokens are stored before they are used.

    They are stored by source, scope, client and `endpoint`, the address that gives them: one for reading is not taken
    for one for writing, and one of an account never goes to another. `signed_in` is the refresh token that the
    configuration gives: it counts where none is stored, or the stored one is refused. The clock is passed in; it counts
    seconds since 1970.
    """

    def __init__(
        self, source: str, grant: Grant, client: Mapping[str, str], store: TokenStore, clock: Clock, scope: str = "",
        signed_in: str = "", endpoint: str = "",
    ) -> None:  # fmt: skip
        self._source, self._grant, self._client, self._store = source, grant, client, store
        whose = hashlib.sha256(f"{endpoint}\n{client.get('client_id', '')}".encode()).hexdigest()[:16]
        self._clock, self._scope, self._kept = clock, scope, " ".join(filter(None, (source, scope, whose)))
        self._tokens, self._signed_in = store.load(self._kept), signed_in
        self._turn = asyncio.Lock()

    async def headers(self) -> Mapping[str, str]:
        """The access token; a new one where it is about to expire."""
        used = self._tokens
        if used is None or (used.expires_at and used.expires_at - EARLY_S <= self._clock()):
            await self._renewed(used)
        return {"Authorization": f"Bearer {self._tokens.access}"} if self._tokens else {}

    async def renew(self) -> bool:
        """A new token in place of the one that was refused; many refusals at once renew it once."""
        used = self._tokens
        await self._renewed(used)
        return True

    async def _renewed(self, used: Tokens | None) -> None:
        async with self._turn:
            if self._tokens is not used:
                return  # another request was faster
            refresh = (used.refresh if used is not None else "") or self._signed_in
            try:
                answer = await self._grant({**self._asked_with(refresh), **self._client})
            except AccessDenied:
                if self._signed_in in {"", refresh}:
                    raise
                refresh = self._signed_in
                answer = await self._grant({**self._asked_with(refresh), **self._client})
            lifetime = answer.number("expires_in")
            self._tokens = Tokens(
                access=answer.must("access_token"),
                refresh=answer.text("refresh_token") or refresh,
                expires_at=self._clock() + lifetime if lifetime else 0.0,
            )
            self._store.save(self._kept, self._tokens)

    def _asked_with(self, refresh: str) -> dict[str, str]:
        if refresh:
            return {"grant_type": "refresh_token", "refresh_token": refresh}
        return {"grant_type": "client_credentials", **({"scope": self._scope} if self._scope else {})}


class Clock(Protocol):
    """Seconds since 1970."""

    def __call__(self) -> float:
        """Now."""
        ...
