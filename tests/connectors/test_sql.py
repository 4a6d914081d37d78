"""Accounts in a warehouse, on SQLite; the run with the real servers does the same on PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError, SQLAlchemyError

from escalation_connectors import databases, deadline
from escalation_connectors.crm.sql import VENDOR, SqlCRM
from escalation_connectors.errors import AccessDenied, BadAnswer, ConnectorError, InputError, NotFound, Unavailable
from escalation_connectors.options import Fields
from escalation_connectors.records import Account, Contact, Deal
from escalation_connectors.vendor import Setup
from tests.vendors.harness import Store

ACCOUNTS = """
    SELECT key AS id, title AS name, site AS domain, plan AS tier, revenue AS arr, 'EUR' AS currency,
        ends AS renewal_date
    FROM customers
"""
CONTACTS = "SELECT id, name, mail AS email FROM people WHERE customer = :account"
DEALS = "SELECT id, name, value AS amount, open AS is_open FROM deals WHERE customer = :account;"


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.sqlite3"
    with sqlite3.connect(path) as db:
        db.executescript("""
            CREATE TABLE customers (key, title, site, plan, revenue, ends);
            INSERT INTO customers VALUES ('A1', 'Acme Corp', 'ACME.example', 'Enterprise', 210000.5, '2027-01-31'),
                ('A2', 'Acme Logistics', 'acme-log.example', 'Pro', NULL, NULL),
                ('A3', '100%_Natural', NULL, NULL, 5, NULL),
                ('A4', 'Bolt', 'bolt.example', NULL, 7, NULL), ('A5', 'bolt', 'bolt2.example', NULL, 7, NULL);
            CREATE TABLE people (id, name, mail, customer);
            INSERT INTO people VALUES (1, 'Ines', 'ines@acme.example', 'A1'), (2, 'Bo', NULL, 'A1'),
                (3, 'Cy', NULL, 'A2');
            CREATE TABLE deals (id, name, value, open, customer);
            INSERT INTO deals VALUES ('D1', 'Renewal', 99.5, 1, 'A1');
        """)
    db.close()
    return path


def crm(warehouse: Path, **settings: str) -> SqlCRM:
    given = {"database": "env:DB", "accounts": ACCOUNTS, "contacts": CONTACTS, "deals": DEALS, **settings}
    fields = Fields(given, "config.yaml: connectors.crm")
    url = f"sqlite:///{warehouse}"
    return SqlCRM(
        Setup(
            vendor=VENDOR,
            fields=fields,
            environment={"DB": url, "WRONG": "no url", "NO_DRIVER": "nosuch+driver://x"},
            store=Store(),
        )
    )


async def test_accounts_are_read_as_the_statement_names_them(warehouse: Path) -> None:
    found = await crm(warehouse).search_accounts("the export fails for Acme Corp")

    assert found.items[0] == Account(
        id="A1", name="Acme Corp", domain="acme.example", tier="Enterprise", arr=210000.5, currency="EUR",
        renewal_date=datetime(2027, 1, 31, tzinfo=UTC),
    )  # fmt: skip
    assert ([each.id for each in found.items], found.total, found.cut) == (["A1", "A2"], 2, False)
    cut = await crm(warehouse).search_accounts("acme", limit=1)
    assert (cut.read, cut.total, cut.cut) == (1, None, True)
    assert (await crm(warehouse).search_accounts("")).items == ()


async def test_an_account_is_found_by_id_name_or_domain_where_only_one_has_it(warehouse: Path) -> None:
    for asked in ("A1", "acme corp", "acme.example"):
        assert (await crm(warehouse).get_account(asked)).id == "A1"
    for asked in ("A9", "Bolt", "acme", "' OR 1=1 --", "%"):
        with pytest.raises(NotFound):
            await crm(warehouse).get_account(asked)


async def test_words_are_values_and_no_patterns(warehouse: Path) -> None:
    assert [each.id for each in (await crm(warehouse).search_accounts("100%_Natural")).items] == ["A3"]
    assert (await crm(warehouse).search_accounts("___ %%% '; DROP TABLE customers; --")).items == ()
    assert (await crm(warehouse).search_accounts("bolt")).read == 2


async def test_contacts_and_deals_are_those_of_the_account(warehouse: Path) -> None:
    assert (await crm(warehouse).list_contacts("A1")).items == (
        Contact(id="1", account="A1", name="Ines", email="ines@acme.example"), Contact(id="2", account="A1", name="Bo"),
    )  # fmt: skip
    assert (await crm(warehouse).list_contacts("A1", limit=1)).cut
    assert (await crm(warehouse).list_deals("A1")).items == (Deal(id="D1", account="A1", name="Renewal", amount=99.5),)
    assert (await crm(warehouse, deals="").list_deals("A1")).items == ()


async def test_nothing_can_be_written(warehouse: Path) -> None:
    for statement in ("DELETE FROM customers", "SELECT 1; DROP TABLE customers", "UPDATE customers SET plan = 'x'"):
        with pytest.raises(InputError, match="accounts: must be one SELECT statement"):
            crm(warehouse, accounts=statement)
    sneaky = "WITH gone AS (SELECT 1) INSERT INTO customers SELECT 1, 2, 3, 4, 5, 6 FROM gone"
    with pytest.raises((BadAnswer, Unavailable)):
        await crm(warehouse, accounts=sneaky).search_accounts("acme")
    assert (await crm(warehouse).search_accounts("acme")).read == 2


async def test_what_is_wrong_is_named(warehouse: Path, tmp_path: Path) -> None:
    with pytest.raises(BadAnswer, match="did not accept the statement for accounts"):
        await crm(warehouse, accounts="SELECT * FROM nowhere").search_accounts("acme")
    with pytest.raises(Unavailable, match="there is no such SQLite file"):
        await crm(tmp_path / "no" / "such.sqlite3").search_accounts("acme")
    with pytest.raises(InputError, match="database: no database URL"):
        crm(warehouse, database="env:WRONG")
    with pytest.raises(InputError, match=r"crm\.accounts: missing"):
        crm(warehouse, accounts="")
    with pytest.raises(BadAnswer, match="did not accept the statement for contacts"):
        await crm(warehouse, contacts="SELECT id FROM people WHERE customer = = :account").list_contacts("A1")
    with pytest.raises(InputError, match="no driver for this database is installed"):
        crm(warehouse, database="env:NO_DRIVER")
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"no database" * 200)
    with pytest.raises(Unavailable, match="cannot be read"):
        await crm(broken).search_accounts("acme")


class Driver(Exception):  # noqa: N818 - it stands for the errors of a database's driver
    """An error of a driver: PostgreSQL's have a state, MySQL's a number."""

    def __init__(self, *args: object, sqlstate: str | None = None) -> None:
        super().__init__(*args)
        self.sqlstate = sqlstate


FATAL = 'connection failed: connection to server at "127.0.0.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("kind", "orig", "expected"),
    [
        (OperationalError, Driver("theirs", sqlstate="28P01"), AccessDenied),
        (OperationalError, Driver(FATAL + 'FATAL:  password authentication failed for user "x"'), AccessDenied),
        (OperationalError, Driver(FATAL + 'FATAL:  role "nobody" does not exist'), AccessDenied),
        (OperationalError, Driver(FATAL + "fe_sendauth: no password supplied"), AccessDenied),
        (OperationalError, Driver(FATAL + "Connection refused"), Unavailable),
        (OperationalError, Driver(FATAL + "FATAL:  sorry, too many clients already"), Unavailable),
        (OperationalError, Driver("theirs", sqlstate="57014"), Unavailable),
        (OperationalError, Driver("theirs", sqlstate="08006"), Unavailable),
        (OperationalError, Driver(1045, "Access denied for user"), AccessDenied),
        (OperationalError, Driver(1142, "SELECT command denied"), AccessDenied),
        (OperationalError, Driver(2003, "Can't connect"), Unavailable),
        (ProgrammingError, Driver("theirs", sqlstate="42501"), AccessDenied),
        (ProgrammingError, Driver("theirs", sqlstate="42P01"), BadAnswer),
        (ProgrammingError, Driver(1064, "You have an error"), BadAnswer),
        (DataError, Driver("theirs", sqlstate="22012"), BadAnswer),
    ],
)
def test_every_refusal_of_a_database_has_a_meaning(
    kind: type[OperationalError], orig: Exception, expected: type[ConnectorError]
) -> None:
    told = databases.told("warehouse", kind("SELECT secret", {}, orig), "accounts")

    assert type(told) is expected
    assert "theirs" not in str(told)
    assert "secret" not in str(told)


def test_a_pool_without_a_free_connection_is_unavailable() -> None:
    assert type(databases.told("warehouse", SQLAlchemyError("QueuePool limit"), "accounts")) is Unavailable


async def test_a_slow_statement_costs_the_deadline_and_is_ended(warehouse: Path) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS id, '' AS name FROM n"
    slow = crm(warehouse, accounts=f"SELECT id, name, '' AS domain FROM ({endless}) WHERE id < 0")

    with deadline.within(0.05), pytest.raises(Unavailable, match="no answer in time"):
        await slow.search_accounts("acme")

    async with asyncio.timeout(5):  # or its thread would go on for ever
        await asyncio.get_running_loop().shutdown_default_executor()


async def test_without_time_nothing_is_asked(warehouse: Path) -> None:
    with deadline.within(-1.0), pytest.raises(Unavailable, match="no time was left"):
        await crm(warehouse).search_accounts("acme")


class Connection:
    """A driver's connection, as psycopg has it."""

    def __init__(self) -> None:
        self.told: list[float] = []

    def cancel_safe(self, *, timeout: float) -> None:
        self.told.append(timeout)


def test_a_statement_is_ended_the_way_its_driver_knows() -> None:
    driver = Connection()
    databases.stop(driver)
    databases.stop(object())

    assert driver.told == [databases.STOP_S]


def test_a_silent_host_is_given_up_unless_its_address_says_otherwise() -> None:
    wait = {"connect_timeout": databases.CONNECT_S}

    assert databases.connecting(make_url("postgresql+psycopg://x@host/db")) == wait
    assert databases.connecting(make_url("postgresql+psycopg://x@host/db?connect_timeout=3")) == {}
    assert databases.connecting(make_url("sqlite:///x")) == {}


COLUMNS = (
    "id", "name", "domain", "tier", "arr", "currency", "owner", "renewal_date", "csm", "health", "url", "region",
    "sla", "is_reference", "aliases",
)  # fmt: skip


@pytest.mark.parametrize("null", COLUMNS)
async def test_a_null_in_any_column_costs_that_field_alone(warehouse: Path, null: str) -> None:
    said = ", ".join(f"{'NULL' if name == null else repr('acme')} AS {name}" for name in COLUMNS)
    asked = crm(warehouse, accounts=f"SELECT {said}").search_accounts("acme")

    if null == "id":
        with pytest.raises(BadAnswer, match="an answer without id"):
            await asked
    else:
        (found,) = (await asked).items
        assert (found.id, found.name, found.tier) == ("acme", "acme", "" if null == "tier" else "acme")


async def test_contacts_and_deals_of_nulls_alone_are_read(warehouse: Path) -> None:
    some = crm(
        warehouse,
        contacts="SELECT 1 AS id, NULL AS name, NULL AS email, NULL AS title WHERE :account <> ''",
        deals="SELECT 1 AS id, NULL AS name, NULL AS amount, NULL AS close_date WHERE :account <> ''",
    )

    assert (await some.list_contacts("A1")).items == (Contact(id="1", account="A1", name=""),)
    assert (await some.list_deals("A1")).items == (Deal(id="1", account="A1", name=""),)


def test_whole_numbers_of_a_database_stay_whole() -> None:
    given = (Decimal(42), Decimal("210000.50"), Decimal("NaN"), Decimal("Infinity"))

    assert [str(databases.plain(each)) for each in given] == ["42", "210000.5", "nan", "inf"]


@pytest.fixture
def crowd(tmp_path: Path) -> Path:
    """A hundred times four accounts whose names hold the one that is looked for, which stands last."""
    path = tmp_path / "crowd.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE customers (key, title, site, plan, revenue, ends)")
        rows = [(f"A1{n:03}", f"Acme {n:03} GmbH", f"sub{n}.acme.example") for n in range(400)]
        db.executemany(
            "INSERT INTO customers (key, title, site) VALUES (?, ?, ?)", [*rows, ("A1", "Acme", "acme.example")]
        )
    db.close()
    return path


@pytest.mark.parametrize("asked", ["A1", "Acme", " acme ", "acme.example", "ACME.EXAMPLE"])
async def test_an_account_among_many_of_like_names_is_found(crowd: Path, asked: str) -> None:
    assert (await crm(crowd).get_account(asked)).id == "A1"


async def test_a_search_that_many_accounts_match_gives_the_exact_one_first_and_says_that_it_is_cut(crowd: Path) -> None:
    found = await crm(crowd).search_accounts("exports of Acme fail", limit=300)

    assert (found.items[0].id, found.read, found.total, found.cut) == ("A1", 200, None, True)


async def test_a_number_for_an_id_is_found(warehouse: Path) -> None:
    people = "SELECT id, name, mail AS domain FROM people"
    assert (await crm(warehouse, accounts=people).get_account("3")).name == "Cy"


async def test_a_check_reads_with_each_statement(warehouse: Path) -> None:
    await crm(warehouse).check()
    for key, wrong in (("contacts", "SELECT id, nmae FROM people WHERE customer = :account"),
                       ("deals", "SELECT id FROM dels WHERE customer = :account")):  # fmt: skip
        with pytest.raises(BadAnswer, match=f"did not accept the statement for {key}") as caught:
            await crm(warehouse, **{key: wrong}).check()
        assert caught.value.advice == f"mend {key} in the configuration"


async def test_a_wrong_path_makes_no_database(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="there is no such SQLite file"):
        await crm(tmp_path / "typo.db").search_accounts("acme")
    assert not (tmp_path / "typo.db").exists()


@pytest.mark.parametrize(
    ("key", "said"), [("accounts", "nothing has a value here"), ("deals", ":account alone has a value")]
)
def test_a_parameter_that_has_no_value_is_told_by_its_name(warehouse: Path, key: str, said: str) -> None:
    with pytest.raises(InputError, match=f"{key}: uses :customer, but {said}"):
        crm(warehouse, **{key: "SELECT id, name, domain FROM customers WHERE key = :customer"})
