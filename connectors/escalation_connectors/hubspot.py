"""What HubSpot's records have in common, customers and tickets alike: one search for all of them.

https://developers.hubspot.com/docs/api-reference/2026-03/crm/search-the-crm
The search index lags some seconds behind. An account may search five times a second, all its programs together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from escalation_connectors.auth import bearer
from escalation_connectors.crm_fields import the_one
from escalation_connectors.http import Answer, Fault, Line, Manners, Reading
from escalation_connectors.paging import Batch, pages
from escalation_connectors.records import Account, Comment, Contact, Deal, Page, Ticket
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup

OBJECTS = "/crm/objects/2026-03"
OPTIONS = (
    Option("token", "an access token of a private app, or a service key", secret=True, required=True),
    Option("url", "only for HubSpot in another region (https://api.hubapi.com)"),
)
PER_PAGE, SAME, CLOSED = 200, 10, {423, 477}  # locked; being moved to another data centre
T = TypeVar("T", Account, Comment, Contact, Deal, Ticket)
Filter = dict[str, str]


def line(setup: Setup) -> Line:
    """The connection to HubSpot."""
    url = setup.text("url", "https://api.hubapi.com")
    return setup.line(url, bearer(setup.needed("token")), Manners(per_second=4.0, fault=_fault))


def _fault(answer: Answer) -> Fault:
    return "down" if answer.status in CLOSED else ""


def equal(name: str, value: str) -> Filter:
    """A filter for records whose property is this."""
    return {"propertyName": name, "operator": "EQ", "value": value}


def of(kind: str, number: str) -> Filter:
    """A filter for records that belong to this company or ticket."""
    return equal(f"associations.{kind}", number)


async def called(http: Reading, name: str, properties: Sequence[str], read: Callable[[Row], Account]) -> Page[Account]:
    """Companies of exactly this domain or name."""
    either = [[equal("domain", name.lower())], [equal("name", name)]]
    return await search(http, "companies", properties, read, SAME, either=either)


async def company(http: Reading, source: str, wanted: str) -> str:
    """The number of a company, by its number, domain or name. Raises NotFound."""
    if wanted.isdecimal():
        return wanted

    def read(row: Row) -> Account:
        own = row.row("properties")
        return Account(id=row.must("id"), name=own.text("name"), domain=own.text("domain"))

    return the_one(source, (await called(http, wanted, ("name", "domain"), read)).items, wanted).id


async def search(
    http: Reading, objects: str, properties: Sequence[str], read: Callable[[Row], T], limit: int,
    *, either: Sequence[Sequence[Filter]] = (), words: str = "", newest: str = "",
) -> Page[T]:  # fmt: skip
    """Records with all filters of `either` group, and with the words; those with the highest `newest` first."""
    question: dict[str, object] = {"properties": list(properties), "limit": max(1, min(limit, PER_PAGE))}
    question |= {"filterGroups": [{"filters": list(group)} for group in either]} if either else {}
    question |= {"query": words} if words else {}
    question |= {"sorts": [{"propertyName": newest, "direction": "DESCENDING"}]} if newest else {}

    async def ask(more: str) -> Batch[T]:
        page = {**question, "after": more} if more else question
        answer = await http.ask(OBJECTS + "/{}/search", objects, question=page)
        records = [read(row) for row in answer.must_rows("results")]
        return Batch(records, answer.text("paging", "next", "after"), answer.count("total"))

    return await pages(ask, limit)
