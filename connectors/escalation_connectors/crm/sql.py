"""Accounts in a warehouse: any database that SQLAlchemy speaks to, read with the statements of the configuration.

The statements name their columns as the records do (`SELECT id, name, domain, arr, currency, ... FROM ...`); those for
contacts and deals take `:account`. Every connection is read-only where the database can be told so, and is rolled back.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Engine, Executable, create_engine, make_url, select, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from escalation_connectors import deadline
from escalation_connectors.crm_fields import the_one
from escalation_connectors.databases import READ_ONLY, connecting, file_of, narrowed, plain, stop, told
from escalation_connectors.errors import Unavailable
from escalation_connectors.paging import up_to
from escalation_connectors.records import Account, Contact, Deal, Page
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup, Vendor
from escalation_connectors.words import telling
from escalation_connectors.workspace.names import likeness

ONE_READING_STATEMENT = re.compile(r"\s*(select|with)\b[^;]*;?\s*", re.I)
SECONDS, LOOKED_AT, SAME = 10.0, 200, 10


class SqlCRM:
    """Reads accounts, contacts and deals."""

    def __init__(self, setup: Setup) -> None:
        self.name = setup.name
        self._engine, self._file = _engine(setup)
        setup.opened.append(self)
        self._statements = {name: _statement(setup, name) for name in ("accounts", "contacts", "deals")}

    async def search_accounts(self, query: str, *, limit: int = 20) -> Page[Account]:
        """Accounts that share a telling word with the question, those named most alike first."""
        words = telling(query, 8)
        rows = await self._read("accounts", {}, words, LOOKED_AT + 1) if words else []
        near = sorted(map(_account, rows[:LOOKED_AT]), key=lambda each: (-likeness(query, each), each.name, each.id))
        found = up_to(near, limit)
        return found if len(rows) <= LOOKED_AT else Page(found.items, None, cut=True)

    async def get_account(self, account_id: str) -> Account:
        """By id, or by a name or domain that only one account has."""
        known = [_account(row) for row in await self._read("accounts", {}, [account_id.strip()], SAME, whole=True)]
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

    async def check(self) -> None:
        """Read once with each statement. Raises what reading raises."""
        for what, statement in self._statements.items():
            if statement:
                await self._read(what, {} if what == "accounts" else {"account": ""}, ("",), 1)

    async def close(self) -> None:
        """Close the connections to the database."""
        await asyncio.to_thread(self._engine.dispose)

    async def _read(
        self, what: str, values: Mapping[str, str], words: Sequence[str], limit: int, *, whole: bool = False
    ) -> list[Row]:
        """The first rows of a statement, narrowed to those with one of the words in what they are called.

        `whole` wants the word to be all of it; else those with a whole word come first, then those with most words.
        """
        statement = self._statements[what]
        if not statement:
            return []
        known = select(text("*")).select_from(text(f"({statement}) known")).limit(limit)
        if words and what == "accounts":
            known = narrowed(known, words, whole)
        if self._file is not None and not self._file.is_file():  # SQLite would make an empty one
            raise Unavailable(self.name, "there is no such SQLite file", advice="check the path in database")
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
    unknown = set(text(statement).compile().params) - ({"account"} if name != "accounts" else set[str]())
    if unknown:
        of = "nothing has a value here" if name == "accounts" else ":account alone has a value"
        raise setup.fields.wrong(name, f"uses :{min(unknown)[:40]}, but {of}")
    return statement.strip().rstrip(";")


def _engine(setup: Setup) -> tuple[Engine, Path | None]:
    """With the file that must be there, where the database is one."""
    try:
        url = make_url(setup.needed("database"))
        engine = create_engine(url, pool_pre_ping=True, pool_size=2, connect_args={**connecting(url)})
        return engine, file_of(url)
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
        Option(
            "accounts",
            "SELECT id, name, domain (these three must be there), tier, arr, currency, renewal_date, ... FROM ...",
            required=True,
        ),
        Option("contacts", "SELECT id, name, email, title FROM ... WHERE ... = :account"),
        Option("deals", "SELECT id, name, amount, currency, stage, close_date, is_open FROM ... WHERE ... = :account"),
    ),
    rights=("SELECT on what the statements read",),
    contract="none",
    ran_on="PostgreSQL 15",
)
