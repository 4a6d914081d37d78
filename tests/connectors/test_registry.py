"""From a configuration to connectors."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import cast
from urllib.parse import parse_qsl

import httpx2
import pytest
from msgspec.structs import replace

from escalation_connectors import registry
from escalation_connectors.contracts import SupportPlatform
from escalation_connectors.errors import InputError
from escalation_connectors.http import Line, Wire
from escalation_connectors.joined import SeveralSupport
from escalation_connectors.options import Fields
from escalation_connectors.registry import Connected, connect, read_configuration
from escalation_connectors.support.zendesk import Zendesk
from escalation_connectors.tokens import FileTokens
from escalation_connectors.vendor import Setup, Vendor
from escalation_connectors.writing import SupportWrites
from tests.vendors.harness import Store

ZENDESK = {"vendor": "zendesk", "url": "https://acme.zendesk.com", "token": "env:TOKEN"}


def read(connectors: Mapping[str, object]) -> tuple[Setup, ...]:
    return read_configuration(Fields(connectors, "c.yaml: connectors"), {"TOKEN": "t"}, Store())


def made(connectors: Mapping[str, object]) -> Connected:
    return connect(read(connectors))


def opened(connected: Connected) -> list[Line]:
    return [each for setup in connected.setups for each in setup.opened if isinstance(each, Line)]


async def test_one_entry_is_its_connector_and_a_missing_category_is_not_connected() -> None:
    connected = made({"support_platform": ZENDESK})

    assert isinstance(connected.sources.support, Zendesk)
    assert connected.sources.support.name == "zendesk"
    assert (connected.sources.crm, connected.sources.chat, connected.sources.tracker, connected.sources.knowledge) == (
        None,
    ) * 4
    assert [each.base for each in opened(connected)] == ["https://acme.zendesk.com"]
    await connected.close()


def test_several_entries_of_a_category_are_read_as_one() -> None:
    connected = made({"support_platform": [ZENDESK, {**ZENDESK, "name": "old desk"}]})

    assert isinstance(connected.sources.support, SeveralSupport)
    assert connected.sources.support.name == "zendesk, old desk"


def test_a_vendor_is_imported_only_where_it_is_named() -> None:
    assert "escalation_connectors.chat.nosuch" not in sys.modules
    with pytest.raises(LookupError):
        registry.vendor("chat", "nosuch")
    with pytest.raises(LookupError):
        registry.vendor("chat", "zendesk")


@pytest.mark.parametrize(
    ("connectors", "line"),
    [
        ({"support": ZENDESK}, "connectors.support: unknown; known are support_platform, crm"),
        ({"crm": {"vendor": "zendesk"}}, "connectors.crm.vendor: no such crm: 'zendesk'; known are "),
        ({"crm": {"url": "x"}}, "connectors.crm.vendor: missing; known are "),
        ({"crm": "zendesk"}, "connectors.crm: must be a list of mappings"),
        (
            {"support_platform": {**ZENDESK, "tokn": "x"}},
            "support_platform.tokn: unknown; known are vendor, name, allow_private, url",
        ),
        (
            {"support_platform": {**ZENDESK, "token": "abc"}},
            "support_platform.token: must say where the secret is kept",
        ),
        (
            {"support_platform": {**ZENDESK, "token": "env:NONE"}},
            "token: env:NONE: this environment variable is not set",
        ),
        (
            {"support_platform": {**ZENDESK, "url": "http://x.example"}},
            "support_platform.url: must begin with https://",
        ),
        ({"support_platform": {"vendor": "zendesk"}}, "support_platform.url: missing"),
        (
            {"support_platform": [ZENDESK, ZENDESK]},
            "[2].name: two sources are called zendesk; give each a name of its own",
        ),
    ],
)
def test_what_is_wrong_is_one_line_that_names_the_place(connectors: Mapping[str, object], line: str) -> None:
    with pytest.raises(InputError) as caught:
        made(connectors)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_other_peoples_packages_join_by_an_entry_point(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "their_desk.py").write_text(
        "from escalation_connectors.fakes import FakeSupport\n"
        "from escalation_connectors.vendor import Vendor\n"
        "DESK = Vendor(name='desk', title='Desk', category='support_platform',\n"
        "              read=lambda setup: FakeSupport(name=setup.name), contract='none')\n"
        "BROKEN = 7\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    named = {"desk": "their_desk:DESK", "broken": "their_desk:BROKEN", "gone": "no_such_module:X"}
    entries = tuple(EntryPoint(name, value, registry.GROUP) for name, value in named.items())

    def entry_points(*, group: str) -> tuple[EntryPoint, ...]:
        return entries if group == registry.GROUP else ()

    monkeypatch.setattr(registry, "entry_points", entry_points)

    support = made({"support_platform": {"vendor": "desk", "name": "theirs"}}).sources.support
    assert support is not None
    assert support.name == "theirs"
    assert "desk" in registry.vendors("support_platform")
    with pytest.raises(InputError, match="no such support platform: 'broken'"):
        made({"support_platform": {"vendor": "broken"}})
    with pytest.raises(InputError, match="gone cannot be loaded"):
        made({"support_platform": {"vendor": "gone"}})
    with pytest.raises(LookupError):
        registry.vendor("crm", "desk")
    assert cast("Vendor", entries[0].load()).title == "Desk"


async def test_oauth_asks_the_token_endpoint_of_the_vendor() -> None:
    setup = read({"support_platform": {**ZENDESK, "token": "", "client_id": "c", "client_secret": "env:TOKEN"}})[0]
    connect([setup])

    assert [each.base for each in setup.opened if isinstance(each, Line)] == [
        "https://acme.zendesk.com/oauth/tokens",
        "https://acme.zendesk.com",
    ]


async def test_what_reads_asks_for_no_right_to_write(tmp_path: Path) -> None:
    asked: list[str] = []

    async def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/oauth/tokens":
            asked.append(dict(parse_qsl(request.content.decode()))["scope"])
            return httpx2.Response(200, json={"access_token": "t"})
        return httpx2.Response(200, json={"results": [], "ticket": {"id": 1}})

    entry = {**ZENDESK, "token": "", "client_id": "c", "client_secret": "env:TOKEN"}
    (setup,) = read({"support_platform": entry})
    setup = replace(setup, wire=Wire(httpx2.MockTransport(answer)), store=FileTokens(tmp_path))
    support = cast("SupportPlatform", setup.vendor.read(setup))
    await support.search_tickets("login")
    assert setup.vendor.write is not None
    await cast("SupportWrites", setup.vendor.write(setup)).add_note("1", "seen", key="k")

    assert asked == ["read", "read write"]
