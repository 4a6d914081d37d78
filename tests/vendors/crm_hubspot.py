"""HubSpot CRM: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from escalation_connectors.crm.hubspot import VENDOR
from escalation_connectors.records import Account, Contact, Deal, Page
from tests.vendors.example import Call, Example, canned

ACME = Account(
    id="9001",
    name="Acme Corp",
    domain="acme.example",
    tier="Enterprise",
    arr=250000.0,
    currency="EUR",
    renewal_date=datetime(2027, 3, 1, tzinfo=UTC),
    owner="77",
    csm="Bo Lind",
    region="Germany",
    sla="Gold",
    is_reference=True,
    url="https://app.hubspot.com/contacts/1/record/0-2/9001",
)
PEOPLE = (
    Contact(
        id="501", account="9001", name="Ines Okafor", email="ines@acme.example", title="Head of Data", phone="+49 30 1"
    ),
    Contact(id="502", account="9001", name="it@acme.example", email="it@acme.example"),
)
DEALS = (
    Deal(
        id="301",
        account="9001",
        name="Acme renewal 2027",
        amount=250000.0,
        currency="EUR",
        stage="contractsent",
        kind="renewal",
        close_date=datetime(2027, 2, 15, tzinfo=UTC),
        is_open=True,
        next_step="Legal review",
        url="https://app.hubspot.com/contacts/1/record/0-3/301",
    ),
    Deal(
        id="300",
        account="9001",
        name="Acme",
        currency="USD",
        stage="closedwon",
        kind="new",
        close_date=datetime(2024, 2, 15, tzinfo=UTC),
        is_open=False,
    ),
)


def second_page(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "total": 700, "paging": {"next": {"after": "200"}}}


EXAMPLE = Example(
    vendor=VENDOR,
    settings={"token": "env:TOKEN", "fields": {"arr": "contract_value"}, "currency": "USD"},
    contracts={"api.hubapi.com": ("hubspot",)},
    answers=canned("crm_hubspot"),
    calls=(
        Call("search", lambda crm: crm.search_accounts("Acme"), Page((ACME,), 1)),
        Call("by number", lambda crm: crm.get_account("9001"), ACME),
        Call("by domain", lambda crm: crm.get_account("Acme.example"), ACME),
        Call("by name", lambda crm: crm.get_account("acme corp"), ACME),
        Call("contacts", lambda crm: crm.list_contacts("9001"), Page(PEOPLE, 2)),
        Call("deals", lambda crm: crm.list_deals("9001"), Page(DEALS, 2)),
    ),
    more={
        "POST /crm/objects/2026-03/companies/search": second_page,
        "POST /crm/objects/2026-03/contacts/search": second_page,
        "POST /crm/objects/2026-03/0-3/search": second_page,
    },
    ids=(
        lambda crm, each: crm.get_account(each),
        lambda crm, each: crm.list_contacts(each),
        lambda crm, each: crm.list_deals(each),
    ),
    words=(lambda crm, words: crm.search_accounts(words),),
    faults={
        "expired": (
            401,
            {},
            {"status": "error", "category": "INVALID_AUTHENTICATION", "message": "", "correlationId": "1"},
        ),
        "scope": (403, {}, {"status": "error", "category": "MISSING_SCOPES", "message": "", "correlationId": "1"}),
        "refused": (400, {}, {"status": "error", "category": "VALIDATION_ERROR", "message": "", "correlationId": "1"}),
        "limited": (429, {}, {"status": "error", "errorType": "RATE_LIMIT", "policyName": "SECONDLY", "message": ""}),
        "down by migration": (477, {"retry-after": "86400"}, {"status": "error", "message": ""}),
    },
)
