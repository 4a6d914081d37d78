"""Streamable HTTP: on loopback as it is; on any other address only with a token verifier and named hosts."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from customer_escalation import __version__
from customer_escalation.people import People
from customer_escalation.server.app import build_server
from customer_escalation.server.auth import Issuer, auth_settings, verifier_of
from customer_escalation.server.desk import Desk
from escalation_connectors.errors import InputError

LOCAL = ("127.0.0.1", "localhost", "[::1]")
PATH = "/mcp"


class Address(Struct, frozen=True):
    """Where to listen."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def is_any(self) -> bool:
        """Whether it means every address of this machine, so that it names no host."""
        return self.host in ("0.0.0.0", "::")  # noqa: S104 - recognised, not bound

    @property
    def url(self) -> str:
        """The address of the server for a client on this host."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}{PATH}"


def address_of(text: str) -> Address:
    """HOST:PORT, [IPV6]:PORT or PORT alone (loopback). Raises InputError."""
    host, _, port = text.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise InputError(f"--http: not HOST:PORT: {text.strip()[:80]!r}")
    return Address(host, int(port))


def http_app(
    desk: Desk,
    address: Address,
    *,
    token: str = "",
    issuer: Issuer | None = None,
    allowed_hosts: Sequence[str] = (),
    people: People | None = None,
) -> Starlette:
    """The ASGI application. Raises InputError where an address beyond this machine would be open to anybody."""
    verifier = verifier_of(token, issuer, people)
    if not address.is_loopback and verifier is None:
        raise InputError(
            f"--http: {address.host} can be reached from other machines: set CUSTOMER_ESCALATION_TOKEN, "
            "or CUSTOMER_ESCALATION_ISSUER, or `people` in the configuration, or listen on 127.0.0.1"
        )
    if address.is_any and not allowed_hosts:
        raise InputError(
            f"--http: {address.host} names no host: set CUSTOMER_ESCALATION_HOSTS to the names that clients use"
        )
    auth = None if verifier is None else auth_settings(address.url, issuer)
    server = build_server(desk, verifier=verifier, auth=auth)
    _add_health(server)
    return server.streamable_http_app(
        streamable_http_path=PATH, host=address.host, transport_security=_security(address, allowed_hosts)
    )


def run(
    desk: Desk,
    http: str,
    *,
    token: str = "",
    issuer: Issuer | None = None,
    allowed_hosts: Sequence[str] = (),
    people: People | None = None,
) -> None:
    """Serve on this address until stopped. Raises InputError."""
    import uvicorn

    address = address_of(http)
    app = http_app(desk, address, token=token, issuer=issuer, allowed_hosts=allowed_hosts, people=people)
    uvicorn.run(app, host=address.host, port=address.port, log_level="warning", access_log=False, server_header=False)


def _security(address: Address, allowed_hosts: Sequence[str]) -> TransportSecuritySettings:
    """Only requests for these hosts and from pages of these hosts are answered (DNS rebinding)."""
    named = () if address.is_any or address.is_loopback else (address.host,)
    hosts = [*LOCAL, *named, *allowed_hosts]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[*hosts, *(f"{host}:*" for host in hosts)],
        allowed_origins=[
            f"{scheme}://{host}{port}" for host in hosts for scheme in ("http", "https") for port in ("", ":*")
        ],
    )


def _add_health(server: MCPServer[None]) -> None:
    @server.custom_route("/health", methods=["GET"])  # type: ignore[untyped-decorator]  # the SDK left it untyped
    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok", "version": __version__})
