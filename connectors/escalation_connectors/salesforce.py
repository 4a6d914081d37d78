"""What Salesforce's records have in common, customers and cases alike: one query, one search.

https://developer.salesforce.com/docs/platform/api-rest/guide/intro-rest.html
Version 64 is the one whose description the requests are checked against.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from escalation_connectors.auth import bearer
from escalation_connectors.http import Answer, Fault, Line, Manners, Reading, named
from escalation_connectors.paging import Batch, pages, up_to
from escalation_connectors.records import Account, Contact, Deal, Page, Ticket
from escalation_connectors.row import Row
from escalation_connectors.vendor import OAUTH, Option, Setup
from escalation_connectors.words import phrase

DATA = "/services/data/v64.0"
ACCOUNT, CASE = (re.compile(prefix + "[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?") for prefix in ("001", "500"))
OPTIONS = (
    Option("url", "https://COMPANY.my.salesforce.com", required=True),
    *OAUTH,
    Option("token", "in place of an OAuth client: an access token", secret=True),
)
MOST = 2000
MEANS: dict[Fault, str] = {
    "limited": "REQUEST_LIMIT_EXCEEDED",
    "conflict": "UNABLE_TO_LOCK_ROW",
    "down": "QUERY_TIMEOUT SERVER_UNAVAILABLE",
    "denied": "API_DISABLED_FOR_ORG API_CURRENTLY_DISABLED",
}
T = TypeVar("T", Account, Contact, Deal, Ticket)


def site(setup: Setup) -> str:
    """Where the records can be seen."""
    return setup.required("url").rstrip("/")


def line(setup: Setup) -> Line:
    """The connection to one organization of Salesforce. 200 is the smallest page that it gives."""
    url = site(setup)
    auth = setup.oauth(url + "/services/oauth2/token") if setup.text("client_id") else bearer(setup.needed("token"))
    return setup.line(url, auth, Manners(headers={"Sforce-Query-Options": "batchSize=200"}, fault=_fault))


def _fault(answer: Answer) -> Fault:
    """Errors come as a list, and a limit that is used up as a missing right."""
    if answer.status not in {400, 403}:
        return ""
    fault = named(next((each.text("errorCode") for each in answer.said().rows()), ""), MEANS)
    return "" if fault == "refused" else fault


def select(fields: Sequence[str], objects: str, where: str, order: str) -> str:
    """A SOQL statement. What a person wrote is in `where`, within quotes of `soql`."""
    return f"SELECT {', '.join(fields)} FROM {objects} WHERE {where} ORDER BY {order}"  # noqa: S608 - quoted there


async def query(http: Reading, statement: str, read: Callable[[Row], T], limit: int) -> Page[T]:
    """The records of a SOQL statement. https://developer.salesforce.com/docs/platform/salesforce-soql-sosl"""

    async def ask(more: str) -> Batch[T]:
        answer = (await http.follow(more)).row() if more else await http.get(DATA + "/query", query={"q": statement})
        records = [read(row) for row in answer.must_rows("records")]
        return Batch(records, answer.text("nextRecordsUrl"), answer.count("totalSize"))

    return await pages(ask, limit)


async def search(
    http: Reading, objects: str, fields: Sequence[str], words: Sequence[str], read: Callable[[Row], T], limit: int,
    *, where: str = "",
) -> Page[T]:  # fmt: skip
    """Records with all of the words anywhere. The index lags minutes behind, and does not say how many there are."""
    most = min(limit, MOST - 1) + 1
    one = {"name": objects, "fields": list(fields), "limit": most} | ({"where": where} if where else {})
    question = {"q": " ".join(map(phrase, words)), "in": "ALL", "sobjects": [one], "overallLimit": most}
    answer = await http.ask(DATA + "/parameterizedSearch", question=question)
    return up_to([read(row) for row in answer.must_rows("searchRecords")], limit)
