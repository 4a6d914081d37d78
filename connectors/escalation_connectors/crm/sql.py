"""Accounts in a warehouse: any database that SQLAlchemy speaks to, read with the statements of the configuration.

The statements name their columns as the records do (`SELECT id, name, domain, arr, currency, ... FROM ...`); those for
contacts and deals take `:account`. Every connection is read-only where the database can be told so, and is rolled back.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, Executable, String, column, create_engine, func, make_url, or_, select, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from escalation_connectors import deadline
from escalation_connectors.crm_fields import the_one
from escalation_connectors.databases import READ_ONLY, connecting, plain, stop, told
from escalation_connectors.errors import Unavailable
from escalation_connectors.paging import up_to
from escalation_connectors.records import Account, Contact, Deal, Page
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor
from escalation_connectors.words import telling
from escalation_connectors.workspace.names import likeness

ONE_READING_STATEMENT = re.compile(r"\s*(select|with)\b[^;]*;?\s*", re.I)
SECONDS, LOOKED_AT = 10.0, 200


class SqlCRM:
    """Reads accounts, contacts and deals."""

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._engine = _engine(setup)
        setup.opened.append(self)
        self._statements = {name: _statement(setup, name) for name in ("accounts", "contacts", "deals")}

    async def search_accounts(self, query: str, *, limit: int = 20) -> Page[Account]:
        """Accounts that share a telling word with the question, those named most alike first."""
        words = telling(query, 8)
        rows = await self._read("accounts", {}, words, LOOKED_AT) if words else []
        return up_to(sorted(map(_account, rows), key=lambda each: (-likeness(query, each), each.name, each.id)), limit)

    async def get_account(self, account_id: str) -> Account:
        """By id, or by a name or domain that only one account has."""
        known = [_account(row) for row in await self._read("accounts", {}, [account_id], LOOKED_AT)]
        return the_one(self.name, known, account_id)

    async def list_contacts(self, account_id: str, *, limit: int = 50) -> Page[Contact]:
        """The people at this account."""
        rows = await self._read("contacts", {"account": account_id}, (), limit + 1)
        found = [
            Contact(
                id=row.must("id"), account=account_id, name=row.text("name"), email=row.text("email"),
                title=row.text("title"), phone=row.text("phone"), is_primary=row.flag("is_primary"),
            )
            for row in rows
        ]  # fmt: skip
        return up_to(found, limit)

    async def list_deals(self, account_id: str, *, limit: int = 50) -> Page[Deal]:
        """The opportunities of this account."""
        rows = await self._read("deals", {"account": account_id}, (), limit + 1)
        found = [
            Deal(
                id=row.must("id"), account=account_id, name=row.text("name"), amount=row.number("amount"),
                currency=row.text("currency"), stage=row.text("stage"), kind=row.text("kind"),
                close_date=row.time("close_date"), is_open=row.flag("is_open"),
            )
            for row in rows
        ]  # fmt: skip
        return up_to(found, limit)

    async def close(self) -> None:
        """Close the connections to the database."""
        await asyncio.to_thread(self._engine.dispose)

    async def _read(self, what: str, values: Mapping[str, str], words: Sequence[str], limit: int) -> list[Row]:
        """The first rows of a statement, narrowed to those with one of the words in what they are called."""
        statement = self._statements[what]
        if not statement:
            return []
        known = select(text("*")).select_from(text(f"({statement}) known")).limit(limit)
        if words:
            called = [func.lower(column(name, String())) for name in ("name", "domain", "id")]
            known = known.where(
                or_(*(each.contains(word.lower(), autoescape=True) for word in words for each in called))
            )
        running, seconds = list[object](), deadline.left(SECONDS)
        if seconds <= 0:
            raise Unavailable(self.name, "no time was left to ask")
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.to_thread(self._fetch, known.params(**values), running)
        except TimeoutError:
            for driver in running:
                asyncio.get_running_loop().run_in_executor(None, stop, driver)
            raise Unavailable(self.name, "no answer in time") from None
        except SQLAlchemyError as error:
            raise told(self.name, error, what) from None

    def _fetch(self, known: Executable, running: list[object]) -> list[Row]:
        with self._engine.connect() as connection:
            running.append(connection.connection.driver_connection)
            if connection.dialect.name in READ_ONLY:
                connection.execute(text(READ_ONLY[connection.dialect.name]))
            found = connection.execute(known).mappings().all()
            connection.rollback()
        return [Row({str(name): plain(each[name]) for name in each}, self.name) for each in found]


def _account(row: Row) -> Account:
    return Account(
        id=row.must("id"), name=row.text("name") or row.text("domain") or row.must("id"),
        domain=row.text("domain").lower(), aliases=tuple(filter(None, row.text("aliases").split(";"))),
        tier=row.text("tier"), arr=row.number("arr"), currency=row.text("currency"), owner=row.text("owner"),
        renewal_date=row.time("renewal_date"), csm=row.text("csm"), health=row.text("health"), url=row.text("url"),
        region=row.text("region"), sla=row.text("sla"), is_reference=row.flag("is_reference"),
    )  # fmt: skip


def _statement(setup: Setup, name: str) -> str:
    statement = setup.required(name) if name == "accounts" else setup.text(name)
    if statement and not ONE_READING_STATEMENT.fullmatch(statement):
        raise setup.fields.wrong(name, "must be one SELECT statement")
    return statement.strip().rstrip(";")


def _engine(setup: Setup) -> Engine:
    try:
        url = make_url(setup.needed("database"))
        return create_engine(url, pool_pre_ping=True, pool_size=2, connect_args={**connecting(url)})
    except (NoSuchModuleError, ModuleNotFoundError):
        raise setup.fields.wrong("database", "no driver for this database is installed") from None
    except (ArgumentError, ValueError):
        raise setup.fields.wrong("database", "no database URL (dialect+driver://user@host/name)") from None


VENDOR = Vendor(
    name="sql",
    title="SQL (a warehouse)",
    category="crm",
    read=SqlCRM,
    options=(
        Option(
            "database", "an SQLAlchemy URL, as postgresql+psycopg://reader@host/warehouse", secret=True, required=True
        ),
        Option("accounts", "SELECT id, name, domain, tier, arr, currency, renewal_date, ... FROM ...", required=True),
        Option("contacts", "SELECT id, name, email, title FROM ... WHERE ... = :account"),
        Option("deals", "SELECT id, name, amount, currency, stage, close_date, is_open FROM ... WHERE ... = :account"),
    ),
    rights=("SELECT on what the statements read",),
    contract="none",
    ran_on="PostgreSQL 15",
)
