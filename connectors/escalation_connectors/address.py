"""Which addresses a connector may send to: https, and nothing inside the own network unless it is allowed by name."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable
from urllib.parse import SplitResult, urlsplit

from escalation_connectors.errors import InputError

HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
INSIDE = (".local", ".internal", ".localhost", ".lan", ".home", ".corp", ".intranet")
TRANSLATED, COMPATIBLE = ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96")
Resolve = Callable[[str], Awaitable[tuple[str, ...]]]


def checked(url: str, where: str, *, private: bool = False) -> str:
    """The base URL without a slash at its end. Raises InputError that begins with `where` and quotes no credentials."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        port = parts.port
    except ValueError:
        raise InputError(f"{where}: not a URL") from None
    if parts.username or parts.password:
        raise InputError(f"{where}: holds a user name or password; secrets stand in keys of their own")
    if parts.query or parts.fragment or port == 0 or not _is_host(host):
        raise InputError(f"{where}: must be like https://company.example, without query or fragment")
    if is_inside(host) and not private:
        raise InputError(f"{where}: {host} is an address of a private network; allow_private: true allows it")
    if parts.scheme != "https" and not (parts.scheme == "http" and private and is_inside(host)):
        raise InputError(f"{where}: must begin with https://")
    return _plain(parts)


def _plain(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path}".rstrip("/")


def _is_host(host: str) -> bool:
    return _as_ip(host) is not None or bool(HOST.fullmatch(host.lower()))


def _as_ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        pass
    try:  # 127.1, 0x7f000001 and 2130706433 are addresses to a resolver, whatever they look like
        return ipaddress.ip_address(socket.inet_aton(host))
    except OSError:
        return None


def is_inside(host: str) -> bool:
    """Whether this host, as written, is not on the public internet."""
    address = _as_ip(host)
    if address is not None:
        if isinstance(address, ipaddress.IPv6Address):
            within = _within(address)
            return address.is_site_local or not (within or address).is_global
        return not address.is_global
    name = host.lower().rstrip(".")
    return "." not in name or name.endswith(INSIDE)


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that this one leads to: mapped, of 6to4, behind a translator (RFC 6052), or at its end."""
    ends_in_it = address in TRANSLATED or (address in COMPATIBLE and int(address) > 1)
    return (
        address.ipv4_mapped
        or address.sixtofour
        or (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if ends_in_it else None)
    )


async def resolved(host: str) -> tuple[str, ...]:
    """The addresses behind a host name; none where it has none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return ()
    return tuple(str(address[0]) for *_, address in found)


async def leads_inside(url: str, resolve: Resolve) -> bool:
    """Whether the host of this URL has an address that is not on the public internet."""
    return any(is_inside(address) for address in await resolve(urlsplit(url).hostname or ""))
