"""HTTP: open on loopback alone; elsewhere only to bearers of a token; never to strangers' pages."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import jwt
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from starlette.applications import Starlette

from customer_escalation import __version__
from customer_escalation.server import app as app_module
from customer_escalation.server import http as http_module
from customer_escalation.server.auth import Issuer, SignedToken, StaticToken
from customer_escalation.server.desk import Desk
from customer_escalation.server.http import Address, address_of, http_app
from escalation_connectors.errors import InputError
from escalation_connectors.sources import Sources
from tests.server import desks
from tests.server.conftest import ERAS, answer_of

TOKEN = "a-token-of-some-length"
LOOPBACK = Address("127.0.0.1", 8000)
ANYWHERE = Address("0.0.0.0", 8000)
ISSUER = Issuer("https://id.example.org", "https://id.example.org/keys", "customer-escalation")
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}


@asynccontextmanager
async def web(
    app: Starlette, base: str = "http://127.0.0.1:8000", **headers: str
) -> AsyncGenerator[httpx2.AsyncClient]:
    """An HTTP client of this application, in process."""
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url=base, headers=headers) as client,
    ):
        yield client


async def status_of(client: httpx2.AsyncClient, **headers: str) -> int:
    accept = {"accept": "application/json, text/event-stream"}
    response = await client.post("/mcp", json=INITIALIZE, headers={**accept, **headers})
    return response.status_code


def app_over(folder: Path, address: Address = LOOPBACK, **more: Any) -> Starlette:
    return http_app(desks.desk_over(Sources(), folder), address, **more)


async def test_both_eras_are_served_over_http(tmp_path: Path, era: str) -> None:
    async with web(app_over(tmp_path)) as http:
        transport = streamable_http_client("http://127.0.0.1:8000/mcp", http_client=http)
        mode: Any = era
        async with Client(transport, mode=mode) as client:
            assert client.protocol_version == ERAS[era]
            assert answer_of(await client.call_tool("escalation_status", {}))["cases"] == 0


async def test_health_is_open_and_says_which_version(tmp_path: Path) -> None:
    app = app_over(tmp_path, ANYWHERE, token=TOKEN, allowed_hosts=["desk.example.org"])
    async with web(app, "http://desk.example.org:8000") as http:
        answer = await http.get("/health")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": __version__})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://localhost:3000"}, 200),
        ({"host": "evil.example:8000"}, 421),
        ({"origin": "https://evil.example"}, 403),
    ],
)
async def test_strangers_pages_are_not_answered(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    async with web(app_over(tmp_path)) as http:
        assert await status_of(http, **headers) == status


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "desk.example.org"])
def test_an_address_beyond_this_machine_needs_a_token(tmp_path: Path, host: str) -> None:
    with pytest.raises(InputError, match=r"can be reached from other machines: set CUSTOMER_ESCALATION_TOKEN"):
        app_over(tmp_path, Address(host, 8000))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "localhost"])
def test_loopback_needs_none(tmp_path: Path, host: str) -> None:
    assert app_over(tmp_path, Address(host, 8000)).routes


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_an_address_that_names_no_host_needs_host_names(tmp_path: Path, host: str) -> None:
    with pytest.raises(InputError, match="names no host: set CUSTOMER_ESCALATION_HOSTS"):
        app_over(tmp_path, Address(host, 8000), token=TOKEN)


def test_a_token_that_is_easy_to_guess_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="CUSTOMER_ESCALATION_TOKEN: at least 16 characters, this one has 5") as caught:
        app_over(tmp_path, token="guess")

    assert "guess" not in str(caught.value)


async def test_only_bearers_of_the_token_are_answered(tmp_path: Path) -> None:
    app = app_over(tmp_path, ANYWHERE, token=TOKEN, allowed_hosts=["desk.example.org"])
    async with web(app, "http://desk.example.org:8000") as http:
        assert await status_of(http) == 401
        assert await status_of(http, authorization="Bearer another-token-of-length") == 401
        assert await status_of(http, authorization=f"Bearer {TOKEN}") == 200
        assert await status_of(http, authorization=f"Bearer {TOKEN}", host="evil.example") == 421


async def test_a_token_guards_loopback_too_where_one_is_set(tmp_path: Path) -> None:
    async with web(app_over(tmp_path, token=TOKEN)) as http:
        assert await status_of(http) == 401
        assert await status_of(http, authorization=f"Bearer {TOKEN}") == 200


async def test_a_static_token_knows_its_bearer(tmp_path: Path) -> None:
    verifier = StaticToken(TOKEN)

    accepted = await verifier.verify_token(TOKEN)

    assert accepted is not None
    assert accepted.client_id == "bearer"
    assert await verifier.verify_token("ünïcode token") is None


class TestSignedTokens:
    """Tokens that an issuer signed."""

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def claims(self, **more: object) -> dict[str, object]:
        now = int(time.time())
        base = {
            "iss": ISSUER.url,
            "aud": ISSUER.audience,
            "exp": now + 600,
            "sub": "mia",
            "scope": "read",
            "azp": "cli",
        }
        return {name: value for name, value in {**base, **more}.items() if value is not None}

    def verifier(self) -> SignedToken:
        class Keys:
            """The issuer's key set."""

            key = TestSignedTokens.key.public_key()

            def get_signing_key_from_jwt(self, token: str) -> Any:
                if token.count(".") != 2:
                    raise jwt.DecodeError("not a token")
                return self

        keys: Any = Keys()
        return SignedToken(ISSUER, keys)

    async def test_a_good_one_tells_who_it_is(self) -> None:
        token = jwt.encode(self.claims(), self.key, "RS256")

        access = await self.verifier().verify_token(token)

        assert access is not None
        assert (access.client_id, access.subject, access.scopes) == ("cli", "mia", ["read"])
        assert access.expires_at is not None

    async def test_one_without_a_person_is_a_program(self) -> None:
        token = jwt.encode(self.claims(sub=None, azp=None, scope=None), self.key, "RS256")

        access = await self.verifier().verify_token(token)

        assert access is not None
        assert (access.client_id, access.subject, access.scopes) == ("unknown", None, [])

    @pytest.mark.parametrize(
        "more",
        [{"iss": "https://evil.example"}, {"aud": "another"}, {"exp": 1}, {"exp": None}, {"aud": None}, {"iss": None}],
    )
    async def test_one_for_somebody_else_or_out_of_time_is_refused(self, more: dict[str, object]) -> None:
        token = jwt.encode(self.claims(**more), self.key, "RS256")

        assert await self.verifier().verify_token(token) is None

    async def test_one_of_another_signature_or_none_is_refused(self) -> None:
        verifier = self.verifier()

        assert await verifier.verify_token(jwt.encode(self.claims(), self.other, "RS256")) is None
        assert await verifier.verify_token(jwt.encode(self.claims(), "", "none")) is None
        assert await verifier.verify_token(jwt.encode(self.claims(), "s" * 32, "HS256")) is None
        assert await verifier.verify_token("rubbish") is None

    @pytest.mark.parametrize(
        "issuer",
        [
            Issuer("https://id.example.org", "http://id.example.org/keys", "us"),
            Issuer("https://id.example.org", "https://id.example.org/keys", ""),
            Issuer("", "https://id.example.org/keys", "us"),
        ],
    )
    def test_an_issuer_has_to_be_named_in_full_and_reached_safely(self, issuer: Issuer) -> None:
        with pytest.raises(InputError):
            SignedToken(issuer)

    async def test_clients_learn_whom_to_ask_for_a_token(self, tmp_path: Path) -> None:
        app = app_over(tmp_path, Address("desk.example.org", 8000), issuer=ISSUER)
        async with web(app, "http://desk.example.org:8000") as http:
            refused = await http.post("/mcp", json=INITIALIZE)
            metadata = await http.get("/.well-known/oauth-protected-resource/mcp")

        assert refused.status_code == 401
        assert "resource_metadata=" in refused.headers["www-authenticate"]
        assert metadata.json()["authorization_servers"] == [ISSUER.url]
        assert metadata.json()["resource"] == "http://desk.example.org:8000/mcp"

    async def test_an_audience_that_is_an_address_is_the_one_clients_know(self, tmp_path: Path) -> None:
        issuer = Issuer(ISSUER.url, ISSUER.jwks_url, "https://desk.example.org/mcp")
        app = app_over(tmp_path, ANYWHERE, issuer=issuer, allowed_hosts=["desk.example.org"])
        async with web(app, "http://desk.example.org") as http:
            metadata = await http.get("/.well-known/oauth-protected-resource/mcp")

        assert metadata.json()["resource"] == "https://desk.example.org/mcp"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8000", Address("127.0.0.1", 8000)),
        (":8000", Address("127.0.0.1", 8000)),
        ("8000", Address("127.0.0.1", 8000)),
        (" localhost:80 ", Address("localhost", 80)),
        ("[::1]:8000", Address("::1", 8000)),
    ],
)
def test_an_address_is_host_and_port(text: str, address: Address) -> None:
    assert address_of(text) == address


@pytest.mark.parametrize(
    "text", ["", "localhost", "localhost:", "localhost:http", "localhost:0", "x:65536", "x:٣", "x:-1"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="--http: not HOST:PORT"):
        address_of(text)


def test_the_url_of_an_ipv6_address_is_bracketed() -> None:
    assert Address("::1", 80).url == "http://[::1]:80/mcp"


class TestServe:
    """serve: what the command line calls."""

    def test_over_http_it_takes_the_token_from_the_settings(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ran: list[dict[str, object]] = []

        def run(app: Starlette, **options: object) -> None:
            ran.append(options)

        monkeypatch.setenv("CUSTOMER_ESCALATION_TOKEN", TOKEN)
        monkeypatch.setattr(uvicorn, "run", run)

        assert app_module.serve(http="0.0.0.0:8123", allowed_hosts=["desk.example.org"]) == 0

        (options,) = ran
        assert (options["host"], options["port"], options["access_log"]) == ("0.0.0.0", 8123, False)

    def test_on_stdio_it_runs_until_it_is_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Stopped:
            def run(self, transport: str) -> None:
                assert transport == "stdio"
                raise KeyboardInterrupt

        def build(desk: Desk) -> Stopped:
            return Stopped()

        monkeypatch.setattr(app_module, "build_server", build)

        assert app_module.serve() == 0

    def test_an_open_address_is_refused_before_anything_listens(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def run(app: Starlette, **options: object) -> None:
            pytest.fail("it listens")

        monkeypatch.setattr(uvicorn, "run", run)

        with pytest.raises(InputError, match="can be reached from other machines"):
            app_module.serve(None, None, "0.0.0.0:8123")
        assert http_module.PATH == "/mcp"
