"""Pipedrive organizations, persons and deals. https://developers.pipedrive.com/docs/api/v1

A search gives names only, so a second request reads the organizations that were found, all at once. What a company adds
to them goes by 40-digit keys, which the field map names.
"""

from __future__ import annotations

from escalation_connectors.auth import bearer, header
from escalation_connectors.crm_fields import FIELD_OPTIONS, FieldMap, most_alike, names_in, the_one
from escalation_connectors.errors import NotFound
from escalation_connectors.http import Line, Manners, Query, Reading
from escalation_connectors.paging import Batch, any_of, pages
from escalation_connectors.records import Account, Contact, Deal, Page
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor, reads

MOST, FOUND = 100, 20
LABELS: Query = {"include_option_labels": "true"}


class Pipedrive:
    """Reads organizations, persons and deals."""

    def __init__(self, setup: Setup, http: Reading) -> None:
        self.name, self._http = setup.name, http
        self._map, self._site = FieldMap(setup, {"domain": "website"}), setup.text("site").rstrip("/")

    async def search_accounts(self, query: str, *, limit: int = 20) -> Page[Account]:
        """Organizations with all words of a name; where there is none, with any of them."""
        words = names_in(query)
        if not words:
            return Page(())
        return most_alike(query, await any_of(words, lambda some: self._named(" ".join(some), limit), limit))

    async def _named(self, term: str, limit: int) -> Page[Account]:
        asked: Query = {"term": term if len(term) > 1 else term * 2, "fields": "name", "limit": min(limit, MOST)}
        answer = await self._http.get("/organizations/search", query=asked)
        numbers = [row.text("item", "id") for row in answer.must_rows("data", "items")]
        if not numbers:
            return Page((), 0)
        more = bool(answer.text("additional_data", "next_cursor"))
        read = await self._http.get("/organizations", query={"ids": ",".join(numbers), "limit": MOST, **LABELS})
        found = tuple(map(self._account, read.must_rows("data")))
        return Page(found, None if more else len(found), more)

    async def get_account(self, account_id: str) -> Account:
        """By number, or by the exact name or domain."""
        if account_id.isdecimal():
            return self._account((await self._http.get("/organizations/{}", account_id, query=LABELS)).row("data"))
        if len(account_id.strip()) < 2:
            raise NotFound(self.name, "no account is meant")
        named = account_id.partition(".")[0] if " " not in account_id else account_id
        return the_one(self.name, (await self._named(named, FOUND)).items, account_id)

    def _account(self, row: Row) -> Account:
        """With the company's own fields beside the vendor's, as the map may name either."""
        both = {name: field.raw for name, field in (*row.items(), *row.row("custom_fields").items())}
        number = row.must("id")
        url = f"{self._site}/organization/{number}" if self._site else ""
        return self._map.account(Row(both, self.name), number, row.text("name"), url)

    async def list_contacts(self, account_id: str, *, limit: int = 50) -> Page[Contact]:
        """The people of this organization."""
        if not account_id.isdecimal():
            return Page((), 0)

        def read(row: Row) -> Contact:
            return Contact(
                id=row.must("id"), account=account_id, name=row.text("name"), email=_first(row, "emails"),
                title=row.text("job_title"), phone=_first(row, "phones"),
            )  # fmt: skip

        async def ask(more: str) -> Batch[Contact]:
            query: Query = {"org_id": account_id, "limit": min(limit, MOST), "cursor": more or None}
            answer = await self._http.get("/persons", query=query)
            return Batch([*map(read, answer.must_rows("data"))], answer.text("additional_data", "next_cursor"))

        return await pages(ask, limit)

    async def list_deals(self, account_id: str, *, limit: int = 50) -> Page[Deal]:
        """The deals of this organization, those that changed last first."""
        if not account_id.isdecimal():
            return Page((), 0)

        def read(row: Row) -> Deal:
            number, status = row.must("id"), row.text("status")
            return Deal(
                id=number, account=account_id, name=row.text("title"), amount=row.number("value"),
                currency=row.text("currency") or self._map.currency, stage=row.text("stage_id"),
                close_date=row.time("close_time") or row.time("expected_close_date"),
                is_open=status == "open" if status else None, url=f"{self._site}/deal/{number}" if self._site else "",
            )  # fmt: skip

        async def ask(more: str) -> Batch[Deal]:
            query: Query = {
                "org_id": account_id, "limit": min(limit, MOST), "cursor": more or None,
                "sort_by": "update_time", "sort_direction": "desc",
            }  # fmt: skip
            answer = await self._http.get("/deals", query=query)
            return Batch([*map(read, answer.must_rows("data"))], answer.text("additional_data", "next_cursor"))

        return await pages(ask, limit)


def _first(row: Row, name: str) -> str:
    values = row.rows(name)
    primary = next((each for each in values if each.flag("primary")), values[0] if values else None)
    return primary.text("value") if primary is not None else ""


def _line(setup: Setup) -> Line:
    token = setup.needed("token")
    auth = bearer(token) if setup.text("token_kind") == "oauth" else header("x-api-token", token)
    return setup.line("https://api.pipedrive.com/api/v2", auth, Manners(per_second=4.0, burst=10))


VENDOR = Vendor(
    name="pipedrive",
    title="Pipedrive",
    category="crm",
    read=reads(_line, Pipedrive),
    options=(
        Option("token", "a personal API token", secret=True, required=True),
        Option("token_kind", "oauth, for the access token of an OAuth application"),
        Option("site", "https://COMPANY.pipedrive.com, for links"),
        *FIELD_OPTIONS,
    ),
    rights=("contacts:read", "deals:read", "search:read"),
    cannot=("names of owners and stages, only their numbers",),
)
