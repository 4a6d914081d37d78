"""Reading tools of the CRM."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

from mcp.server.mcpserver.tools import Tool
from pydantic import Field

from customer_escalation.server.desk import Answer, Call, Desk, Silent
from customer_escalation.server.strict import ForCase, tool
from customer_escalation.server.trimming import listed, row
from escalation_connectors.errors import ConnectorError

if TYPE_CHECKING:
    from escalation_connectors.records import Account, Contact, Deal, Page

R = TypeVar("R")
MATCHES = 5


async def crm_find_account(call: Call, name: Annotated[str, Field(min_length=1)]) -> Answer:
    """Find customer accounts by name, alias or domain. A look-alike is marked near: ask before you take it."""
    page = await call.answer((await call.crm()).search_accounts(name, limit=MATCHES))
    return listed("accounts", page, [{"match": _match(name, account), **_line(account)} for account in page.items])


async def crm_get_account(call: Call, account_id: Annotated[str, Field(min_length=1)], case_id: ForCase = "") -> Answer:
    """Read one account with its contacts and deals: tier, ARR, renewal, health, notes."""
    from customer_escalation import rows

    crm = await call.crm()
    account = await call.answer(crm.get_account(account_id))
    contacts, deals = await asyncio.gather(
        _part(call.answer(crm.list_contacts(account.id))), _part(call.answer(crm.list_deals(account.id)))
    )
    kept = (
        *rows.account_rows(account, crm.name),
        *(() if isinstance(contacts, str) else (rows.contact_row(each, crm.name) for each in contacts.items)),
        *(() if isinstance(deals, str) else (rows.deal_row(each, crm.name) for each in deals.items)),
    )
    return {
        **_line(account),
        **row(
            owner=account.owner,
            csm=account.csm,
            health=account.health,
            region=account.region,
            sla=account.sla,
            is_reference=account.is_reference,
            notes=[row(at=note.at, author=note.author, text=note.text) for note in account.notes],
            url=account.url,
        ),
        "contacts": contacts if isinstance(contacts, str) else listed("contacts", contacts, _lines(contacts, _contact)),
        "deals": deals if isinstance(deals, str) else listed("deals", deals, _lines(deals, _deal)),
        **await call.keep(case_id, kept),
    }


async def _part(page: Awaitable[Page[R]]) -> Page[R] | str:
    """A list that belongs to the account; a source that failed is said to be unread, never empty."""
    try:
        return await page
    except ConnectorError as error:
        return f"not read: {error}; {error.advice}"
    except Silent as error:
        return f"not read: {error}"


def _lines(page: Page[R], line: Callable[[R], Answer]) -> list[Answer]:
    return [line(item) for item in page.items]


def _match(name: str, account: Account) -> str:
    names = (account.id, account.name, account.domain, *account.aliases)
    return "exact" if name.strip().casefold() in {each.casefold() for each in names if each} else "near"


def _line(account: Account) -> Answer:
    return row(
        id=account.id,
        name=account.name,
        domain=account.domain,
        aliases=account.aliases,
        tier=account.tier,
        arr=account.arr,
        currency=account.currency,
        renewal_date=account.renewal_date,
    )


def _contact(contact: Contact) -> Answer:
    return row(id=contact.id, name=contact.name, title=contact.title, is_primary=contact.is_primary)


def _deal(deal: Deal) -> Answer:
    return row(
        id=deal.id,
        name=deal.name,
        amount=deal.amount,
        currency=deal.currency,
        stage=deal.stage,
        kind=deal.kind,
        is_open=deal.is_open,
        close_date=deal.close_date,
        next_step=deal.next_step,
    )


def tools(desk: Desk) -> tuple[Tool, ...]:
    """The tools of this family."""
    return tool(desk, crm_find_account, "Find an account"), tool(desk, crm_get_account, "Read an account")
