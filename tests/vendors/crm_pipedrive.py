"""Pipedrive: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime

from escalation_connectors.crm.pipedrive import VENDOR
from escalation_connectors.records import Account, Contact, Deal, Page
from tests.vendors.example import Call, Example, canned

ARR, TIER, SITE = "a" * 40, "b" * 40, "c" * 40
ACME = Account(
    id="31",
    name="Acme Corp",
    domain="acme.example",
    tier="Enterprise",
    arr=210000.0,
    currency="EUR",
    url="https://vendor.pipedrive.com/organization/31",
)

EXAMPLE = Example(
    vendor=VENDOR,
    settings={
        "token": "env:TOKEN",
        "site": "https://vendor.pipedrive.com",
        "fields": {"arr": ARR, "tier": TIER, "domain": SITE},
    },
    contracts={"api.pipedrive.com": ("pipedrive_v2",)},
    answers=canned("crm_pipedrive"),
    calls=(
        Call("search", lambda crm: crm.search_accounts("Exports fail for Acme Corp"), Page((ACME,), total=1)),
        Call("account", lambda crm: crm.get_account("31"), ACME),
        Call("account by name", lambda crm: crm.get_account("Acme Corp"), ACME),
        Call("account by domain", lambda crm: crm.get_account("acme.example"), ACME),
        Call(
            "contacts",
            lambda crm: crm.list_contacts("31"),
            Page(
                (
                    Contact(id="5", account="31", name="Ines Okafor", email="ines@acme.example", title="Head of Data",
                            phone="+49 30 1"),
                ),
                total=1,
            ),
        ),
        Call(
            "deals",
            lambda crm: crm.list_deals("31"),
            Page(
                (
                    Deal(id="8", account="31", name="Renewal 2027", amount=130000.0, currency="EUR", stage="4",
                         close_date=datetime(2027, 1, 31, tzinfo=UTC), is_open=True,
                         url="https://vendor.pipedrive.com/deal/8"),
                ),
                total=1,
            ),
        ),
    ),
    more={
        "GET /persons": lambda answer: {**answer, "additional_data": {"next_cursor": "n2"}},
        "GET /deals": lambda answer: {**answer, "additional_data": {"next_cursor": "n2"}},
    },
    ids=(
        lambda crm, each: crm.get_account(each),
        lambda crm, each: crm.list_contacts(each),
        lambda crm, each: crm.list_deals(each),
    ),
    words=(lambda crm, words: crm.search_accounts(words),),
    faults={
        "expired": (401, {}, {"success": False, "error": "unauthorized access", "errorCode": 401}),
        "limited": (429, {"retry-after": "1"}, {"success": False, "error": "Rate limit exceeded"}),
    },
)  # fmt: skip
