"""Who may call the HTTP server: bearers of one static token or of their own, or of tokens signed by an issuer (JWKS).

Where people are configured, `subject` of what is accepted is the person's name, and nobody else is let in.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from mcp.server.auth.provider import AccessToken, TokenVerifier
from mcp.server.auth.settings import AuthSettings
from msgspec import Struct

from escalation_connectors.errors import InputError

if TYPE_CHECKING:
    from jwt import PyJWKClient

    from customer_escalation.people import People

SHORTEST_TOKEN = 16
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
JWKS_TIMEOUT_S = 5
LEEWAY_S = 30


class Issuer(Struct, frozen=True):
    """Whose signed tokens count: the issuer's URL, its key set, and the audience that names this server."""

    url: str
    jwks_url: str
    audience: str


class StaticToken(TokenVerifier):
    """One token for everybody; compared in constant time."""

    def __init__(self, token: str) -> None:
        if len(token) < SHORTEST_TOKEN:
            raise InputError(
                f"CUSTOMER_ESCALATION_TOKEN: at least {SHORTEST_TOKEN} characters, this one has {len(token)}"
            )
        self._token = token.encode()

    async def verify_token(self, token: str) -> AccessToken | None:
        """Who it is, or None."""
        if not hmac.compare_digest(token.encode(), self._token):
            return None
        return AccessToken(token=token, client_id="bearer", scopes=[])


class OwnTokens(TokenVerifier):
    """A token for each person; where there is an issuer, its signed tokens count too."""

    def __init__(self, people: People, signed: SignedToken | None = None) -> None:
        self._people = people
        self._signed = signed

    async def verify_token(self, token: str) -> AccessToken | None:
        """Who it is, or None."""
        person = self._people.of_token(token)
        if person is not None:
            return AccessToken(token=token, client_id="bearer", scopes=[], subject=person.name)
        return None if self._signed is None else await self._signed.verify_token(token)


class SignedToken(TokenVerifier):
    """Tokens (JWT) that the issuer signed for this server, with an expiry; its keys are fetched and kept."""

    def __init__(self, issuer: Issuer, keys: PyJWKClient | None = None, *, people: People | None = None) -> None:
        from jwt import PyJWKClient

        if not issuer.audience or not issuer.url:
            raise InputError("tokens signed by an issuer need its URL and the audience that names this server")
        if not issuer.jwks_url.startswith("https://"):
            raise InputError("the key set of the issuer has to be an https URL")
        self._issuer = issuer
        self._people = people
        self._keys = keys or PyJWKClient(issuer.jwks_url, timeout=JWKS_TIMEOUT_S)

    async def verify_token(self, token: str) -> AccessToken | None:
        """Who it is, or None; an issuer that cannot be reached lets nobody in."""
        import jwt
        from anyio import to_thread

        try:
            key = await to_thread.run_sync(self._keys.get_signing_key_from_jwt, token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=list(ALGORITHMS),
                audience=self._issuer.audience,
                issuer=self._issuer.url,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.PyJWTError:
            return None
        subject = str(claims["sub"]) if "sub" in claims else None
        if self._people:
            person = self._people.of_subject(subject or "")
            if person is None:
                return None
            subject = person.name
        return AccessToken(
            token=token,
            client_id=str(claims.get("client_id") or claims.get("azp") or "unknown"),
            scopes=str(claims.get("scope", "")).split(),
            expires_at=int(claims["exp"]),
            subject=subject,
        )


def verifier_of(token: str, issuer: Issuer | None, people: People | None = None) -> TokenVerifier | None:
    """Who lets callers in; None where everybody may come. Raises InputError.

    One token for everybody and a token for each are not both: nobody could tell who used the first.
    """
    signed = None if issuer is None else SignedToken(issuer, people=people)
    if people:
        if token:
            raise InputError("CUSTOMER_ESCALATION_TOKEN: each of `people` has a token of their own; unset it")
        if not people.have_tokens and signed is None:
            raise InputError("people: nobody has a token; give each one (token: env:NAME), or set an issuer")
        return OwnTokens(people, signed)
    return signed or (StaticToken(token) if token else None)


def auth_settings(url: str, issuer: Issuer | None) -> AuthSettings:
    """How clients learn what to present: the resource metadata names an issuer; a static token is handed over.

    An audience that is a URL is the address under which clients know this server (RFC 8707); `url` is where it listens.
    """
    if issuer is None:
        return AuthSettings.model_validate({"issuer_url": url, "resource_server_url": None})
    known_as = issuer.audience if issuer.audience.startswith(("https://", "http://")) else url
    return AuthSettings.model_validate(
        {"issuer_url": issuer.url, "resource_server_url": known_as, "validate_token_resource": False}
    )
