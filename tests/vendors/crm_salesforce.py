"""Salesforce accounts: canned answers and what they must become."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx2
from msgspec.structs import replace

from escalation_connectors.crm.salesforce import VENDOR
from escalation_connectors.records import Account, Contact, Deal, Page
from tests.vendors.example import Call, Example, canned

QUERY, SEARCH, TOKEN = "GET /data/v64.0/query", "POST /data/v64.0/parameterizedSearch", "POST /oauth2/token"
MORE, ANSWERS = "GET /data/v64.0/query/{locator}", canned("crm_salesforce")
ID, SITE = "001Hs000012AbcDIAS", "https://acme.my.salesforce.com"
ACME = Account(
    id=ID,
    name="Acme Corp",
    domain="acme.example",
    tier="Enterprise",
    arr=250000.0,
    currency="EUR",
    renewal_date=datetime(2027, 3, 1, tzinfo=UTC),
    owner="Bo Lind",
    region="Germany",
    is_reference=True,
    url=f"{SITE}/{ID}",
)
INES = Contact(
    id="003Hs00001AAAAAIA4",
    account=ID,
    name="Ines Okafor",
    email="ines@acme.example",
    title="Head of Data",
    phone="+49 30 1",
)
TOM = Contact(id="003Hs00001CCCCCIA4", account=ID, name="Tom Weil", phone="+49 30 2")
RENEWAL = Deal(
    id="006Hs00001BBBBBIA4",
    account=ID,
    name="Acme 2027",
    amount=250000.0,
    currency="EUR",
    stage="Negotiation",
    kind="renewal",
    close_date=datetime(2027, 2, 15, tzinfo=UTC),
    is_open=True,
    next_step="Legal review",
    url=f"{SITE}/006Hs00001BBBBBIA4",
)


def next_records(answer: dict[str, Any]) -> dict[str, Any]:
    locator = "/services/data/v64.0/query/01gHs00000AbCdE-400"
    return {**answer, "totalSize": 700, "done": False, "nextRecordsUrl": locator}


def spoken(request: httpx2.Request) -> str:
    """The query, or the words of a search and its condition."""
    if request.method == "GET":
        return str(request.url.params.get("q", ""))
    asked: dict[str, Any] = json.loads(request.content)
    return " ".join([asked["q"], *(each.get("where", "") for each in asked["sobjects"])])


def said(code: str) -> list[dict[str, str]]:
    """An error as Salesforce puts it."""
    return [{"errorCode": code, "message": "not for others to read"}]


FAULTS: Mapping[str, tuple[int, Mapping[str, str], object]] = {
    "expired": (401, {}, said("INVALID_SESSION_ID")),
    "limited": (403, {}, said("REQUEST_LIMIT_EXCEEDED")),
    "scope": (403, {}, said("INSUFFICIENT_ACCESS")),
    "refused": (400, {}, said("INVALID_FIELD")),
    "down": (400, {}, said("QUERY_TIMEOUT")),
}
EXAMPLE = Example(
    vendor=VENDOR,
    settings={
        "url": SITE,
        "token": "env:TOKEN",
        "fields": {
            "arr": "ARR__c", "currency": "CurrencyIsoCode", "tier": "Tier__c", "renewal_date": "Renewal__c",
            "is_reference": "Reference__c",
        },
    },
    contracts={"acme.my.salesforce.com": ("salesforce",)},
    answers={QUERY: ANSWERS[QUERY], SEARCH: ANSWERS[SEARCH]},
    calls=(
        Call("search", lambda crm: crm.search_accounts("Acme"), Page((ACME,), 1)),
        Call("by id", lambda crm: crm.get_account(ID), ACME),
        Call("by a short id", lambda crm: crm.get_account(ID[:15]), ACME),
        Call("by name", lambda crm: crm.get_account("acme corp"), ACME),
        Call("by domain", lambda crm: crm.get_account("Acme.example"), ACME),
    ),
    ids=(
        lambda crm, each: crm.get_account(each),
        lambda crm, each: crm.list_contacts(each),
        lambda crm, each: crm.list_deals(each),
    ),
    words=(lambda crm, words: crm.search_accounts(words),),
    spoken=spoken,
    faults=FAULTS,
)  # fmt: skip
ALSO = {
    "contacts": replace(
        EXAMPLE,
        answers={QUERY: ANSWERS["contacts"], MORE: ANSWERS[MORE]},
        calls=(Call("contacts", lambda crm: crm.list_contacts(ID), Page((INES, TOM), 2)),),
        more={MORE: next_records},
        ids=(),
        words=(),
    ),
    "deals": replace(
        EXAMPLE,
        answers={QUERY: ANSWERS["deals"]},
        calls=(Call("deals", lambda crm: crm.list_deals(ID), Page((RENEWAL,), 1)),),
        ids=(),
        words=(),
    ),
    "with_a_client": replace(
        EXAMPLE,
        settings={**EXAMPLE.settings, "client_id": "3MVG9", "client_secret": "env:TOKEN"},
        answers={QUERY: ANSWERS[QUERY], TOKEN: ANSWERS[TOKEN]},
        calls=EXAMPLE.calls[1:2],
        ids=(),
        words=(),
        faults={"expired client": (400, {}, {"error": "invalid_client", "error_description": "not for others"})},
    ),
}
