"""HubSpot companies, contacts and deals. https://developers.hubspot.com/docs/api-reference/2026-03/crm/search-the-crm

HubSpot's OpenAPI files are not licensed for others, so this is checked against a contract that was derived from the
models of its Apache-2.0 client. Properties that do not exist in an account are left out without a word.
"""

from __future__ import annotations

from escalation_connectors.crm_fields import (
    FIELD_OPTIONS,
    FIELDS,
    FieldMap,
    deal_kind,
    most_alike,
    names_in,
    the_one,
    truth,
)
from escalation_connectors.errors import NotFound
from escalation_connectors.http import Reading
from escalation_connectors.hubspot import OBJECTS, OPTIONS, called, line, of, search
from escalation_connectors.paging import any_of
from escalation_connectors.records import Account, Contact, Deal, Page
from escalation_connectors.row import Row
from escalation_connectors.vendor import Setup, Vendor, reads

USUAL = {**{field: field for field in FIELDS}, "owner": "hubspot_owner_id", "region": "country"}
PERSON = ("firstname", "lastname", "email", "jobtitle", "phone")
DEAL = (
    "dealname", "amount", "deal_currency_code", "dealstage", "dealtype", "closedate", "hs_is_closed", "hs_next_step",
)  # fmt: skip
DEALS = "0-3"  # the deals' published path; the other objects go by their names


class HubSpotCRM:
    """Reads companies, contacts and deals."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http = setup.name, http
        self._map = FieldMap(setup, USUAL)
        self._properties = ("name", *self._map.names)

    async def search_accounts(self, query: str, *, limit: int = 20) -> Page[Account]:
        """Companies with all words of a name or domain; where there is none, with any of them."""
        words = names_in(query)
        if not words:
            return Page(())
        found = await any_of(
            words,
            lambda some: search(self._http, "companies", self._properties, self._account, limit, words=" ".join(some)),
            limit,
        )
        return most_alike(query, found)

    async def get_account(self, account_id: str) -> Account:
        """By number, or by the exact domain or name."""
        if account_id.isdecimal():
            wanted = {"properties": ",".join(self._properties)}
            return self._account(await self._http.get(OBJECTS + "/companies/{}", account_id, query=wanted))
        if not account_id.strip():
            raise NotFound(self.name, "no account is meant")
        found = await called(self._http, account_id, self._properties, self._account)
        return the_one(self.name, found.items, account_id)

    def _account(self, row: Row) -> Account:
        own = row.row("properties")
        return self._map.account(own, row.must("id"), own.text("name") or own.text("domain"), row.text("url"))

    async def list_contacts(self, account_id: str, *, limit: int = 50) -> Page[Contact]:
        """The people of this company, in one request."""
        if not account_id.isdecimal():
            return Page((), 0)
        either = [[of("company", account_id)]]

        def read(row: Row) -> Contact:
            own = row.row("properties")
            name = " ".join(filter(None, (own.text("firstname"), own.text("lastname"))))
            return Contact(
                id=row.must("id"),
                account=account_id,
                name=name or own.text("email"),
                email=own.text("email"),
                title=own.text("jobtitle"),
                phone=own.text("phone"),
            )

        return await search(self._http, "contacts", PERSON, read, limit, either=either)

    async def list_deals(self, account_id: str, *, limit: int = 50) -> Page[Deal]:
        """The deals of this company, in one request, those that close last first."""
        if not account_id.isdecimal():
            return Page((), 0)
        either = [[of("company", account_id)]]

        def read(row: Row) -> Deal:
            own = row.row("properties")
            return Deal(
                id=row.must("id"),
                account=account_id,
                name=own.text("dealname"),
                amount=own.number("amount"),
                currency=own.text("deal_currency_code") or self._map.currency,
                stage=own.text("dealstage"),
                kind=deal_kind(own.text("dealtype"), own.text("dealname")),
                close_date=own.time("closedate"),
                is_open=_not(truth(own, "hs_is_closed")),
                next_step=own.text("hs_next_step"),
                url=row.text("url"),
            )

        return await search(self._http, DEALS, DEAL, read, limit, either=either, newest="closedate")


def _not(flag: bool | None) -> bool | None:
    return None if flag is None else not flag


VENDOR = Vendor(
    name="hubspot",
    title="HubSpot CRM",
    category="crm",
    read=reads(line, HubSpotCRM),
    options=(*OPTIONS, *FIELD_OPTIONS),
    rights=("crm.objects.companies.read", "crm.objects.contacts.read", "crm.objects.deals.read"),
    contract="derived",
    ran_on="the emulator backlot 0.1.0",
    cannot=(
        "names of owners and deal stages, only their ids; map owner to a property that holds a name",
        "companies that were changed in the last seconds",
    ),
)
