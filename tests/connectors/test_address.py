"""Which addresses may be configured."""

from __future__ import annotations

import pytest

from escalation_connectors.address import checked, is_inside, resolved
from escalation_connectors.errors import InputError


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://acme.zendesk.com/", "https://acme.zendesk.com"),
        (" https://API.example:8443/v1/ ", "https://api.example:8443/v1"),
        ("https://93.184.215.14", "https://93.184.215.14"),
    ],
)
def test_a_public_https_address_is_taken(url: str, base: str) -> None:
    assert checked(url, "x") == base


@pytest.mark.parametrize(
    "url",
    [
        "", "acme.zendesk.com", "http://acme.zendesk.com", "ftp://acme.example", "https://", "https:///x",
        "https://a b.c", "https://acme.example/?q=1", "https://acme.example/#x", "https://u:p@acme.example", "https://localhost",
        "https://intranet", "https://127.0.0.1", "https://127.1", "https://0x7f000001", "https://2130706433",
        "https://[::1]", "https://10.0.0.1", "https://192.168.1.1", "https://169.254.169.254", "https://x.internal",
        "https://[::ffff:10.0.0.1]", "https://100.64.0.1", "https://printer.local", "https://[fe80::1%eth0]",
        "https://acme.example:0", "https://acme.example:99999", "https://[::1", "https://exämple_.example/",
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(url, "config.yaml: crm.url")
    assert str(caught.value).startswith("config.yaml: crm.url: ")
    assert "u:p" not in str(caught.value)


def test_the_own_network_is_taken_where_it_is_allowed() -> None:
    assert checked("http://127.0.0.1:8080/rt", "x", private=True) == "http://127.0.0.1:8080/rt"
    assert checked("https://tracker.internal", "x", private=True) == "https://tracker.internal"
    with pytest.raises(InputError):
        checked("http://acme.example", "x", private=True)


def test_what_is_inside() -> None:
    assert not is_inside("acme.example")
    assert is_inside("acme.example.internal.")


@pytest.mark.enable_socket
async def test_a_name_without_addresses_has_none() -> None:
    assert await resolved("no-such-name.invalid") == ()
    assert set(await resolved("localhost")) <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize(
    "host", ["64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "::127.0.0.1", "::10.0.0.1", "fec0::1", "::", "::1"]
)
def test_an_inner_address_within_another_is_inside(host: str) -> None:
    assert is_inside(host)


@pytest.mark.parametrize("host", ["2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"])
def test_an_outer_address_is_not(host: str) -> None:
    assert not is_inside(host)
