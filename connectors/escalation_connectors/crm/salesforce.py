"""Salesforce accounts, contacts and opportunities. https://developer.salesforce.com/docs/platform/salesforce-soql-sosl

Tier, revenue and renewal are fields that every company adds for itself (ARR__c): the field map names them, and
`currency: CurrencyIsoCode` in it where there are several. A field that does not exist makes Salesforce refuse.
The contract of the requests is derived.
"""

from __future__ import annotations

from escalation_connectors.crm_fields import (
    FIELD_OPTIONS,
    FieldMap,
    deal_kind,
    domain_of,
    most_alike,
    names_in,
    the_one,
)
from escalation_connectors.errors import NotFound
from escalation_connectors.http import Reading
from escalation_connectors.paging import any_of
from escalation_connectors.records import Account, Contact, Deal, Page
from escalation_connectors.row import Row
from escalation_connectors.salesforce import ACCOUNT, OPTIONS, line, query, search, select, site
from escalation_connectors.vendor import Setup, Vendor, reads
from escalation_connectors.words import soql, soql_within

USUAL = {"domain": "Website", "owner": "Owner.Name", "region": "BillingCountry"}
PERSON = ("Id", "Name", "Email", "Title", "Phone", "MobilePhone")
DEAL = ("Id", "Name", "Amount", "StageName", "Type", "CloseDate", "IsClosed", "NextStep")
SAME, CURRENCY = 10, "CurrencyIsoCode"  # a field of organizations with several currencies


class SalesforceCRM:
    """Reads accounts, contacts and opportunities."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http, self._site = setup.name, http, site(setup)
        self._map = FieldMap(setup, USUAL)
        self._fields = ("Id", "Name", *self._map.names)

    async def search_accounts(self, query: str, *, limit: int = 20) -> Page[Account]:
        """Accounts with all words of a name; where there is none, with any of them."""
        words = names_in(query)
        if not words:
            return Page(())
        found = await any_of(
            words, lambda some: search(self._http, "Account", self._fields, some, self._account, limit), limit
        )
        return most_alike(query, found)

    async def get_account(self, account_id: str) -> Account:
        """By id, or by the exact name or domain."""
        if ACCOUNT.fullmatch(account_id):
            wanted = f"Id = {soql(account_id)}"
        elif account_id.strip():
            wanted = self._called(account_id)
        else:
            raise NotFound(self.name, "no account is meant")
        found = await query(self._http, select(self._fields, "Account", wanted, "Name"), self._account, SAME)
        if ACCOUNT.fullmatch(account_id) and len(found.items) == 1:
            return found.items[0]
        return the_one(self.name, found.items, account_id)

    def _called(self, name: str) -> str:
        """The condition for this name, or for a web address with this domain."""
        address, host, named = self._map.named("domain"), domain_of(name), f"Name = {soql(name)}"
        return f"{named} OR {address} LIKE {soql_within(host)}" if address and "." in host else named

    def _account(self, row: Row) -> Account:
        number = row.must("Id")
        return self._map.account(row, number, row.text("Name"), f"{self._site}/{number}")

    async def list_contacts(self, account_id: str, *, limit: int = 50) -> Page[Contact]:
        """The people of this account, those that changed last first."""

        def read(row: Row) -> Contact:
            return Contact(
                id=row.must("Id"),
                account=account_id,
                name=row.text("Name"),
                email=row.text("Email"),
                title=row.text("Title"),
                phone=row.text("Phone") or row.text("MobilePhone"),
            )

        mine = f"AccountId = {self._quoted(account_id)}"
        return await query(self._http, select(PERSON, "Contact", mine, "LastModifiedDate DESC"), read, limit)

    async def list_deals(self, account_id: str, *, limit: int = 50) -> Page[Deal]:
        """The opportunities of this account, those that close last first."""

        def read(row: Row) -> Deal:
            number, closed = row.must("Id"), row.flag("IsClosed")
            return Deal(
                id=number,
                account=account_id,
                name=row.text("Name"),
                amount=row.number("Amount"),
                currency=row.text(CURRENCY) or self._map.currency,
                stage=row.text("StageName"),
                kind=deal_kind(row.text("Type"), row.text("Name")),
                close_date=row.time("CloseDate"),
                is_open=None if closed is None else not closed,
                next_step=row.text("NextStep"),
                url=f"{self._site}/{number}",
            )

        mine, several = f"AccountId = {self._quoted(account_id)}", self._map.named("currency") == CURRENCY
        fields = (*DEAL, CURRENCY) if several else DEAL
        return await query(self._http, select(fields, "Opportunity", mine, "CloseDate DESC"), read, limit)

    def _quoted(self, account_id: str) -> str:
        if not ACCOUNT.fullmatch(account_id):
            raise NotFound(self.name, "account ids are 15 or 18 letters and digits that start with 001")
        return soql(account_id)


VENDOR = Vendor(
    name="salesforce",
    title="Salesforce",
    category="crm",
    read=reads(line, SalesforceCRM),
    options=(*OPTIONS, *FIELD_OPTIONS),
    rights=("api", "Read on Account, Contact, Opportunity, and on the fields of the map"),
    contract="derived",
    cannot=("accounts of the last minutes in a search",),
)
