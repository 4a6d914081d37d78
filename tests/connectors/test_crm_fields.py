"""An account is read from the fields that the configuration names, whatever a vendor writes in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation_connectors.crm.hubspot import VENDOR
from escalation_connectors.crm_fields import FieldMap, deal_kind, domain_of, names_in, the_one
from escalation_connectors.errors import InputError, NotFound
from escalation_connectors.options import Fields
from escalation_connectors.records import Account
from escalation_connectors.row import Row
from escalation_connectors.vendor import Setup
from tests.vendors.harness import Store


def fields(names: object, **others: object) -> FieldMap:
    entry = Fields({"vendor": "hubspot", "fields": names, **others}, "case.yaml: connectors.crm")
    setup = Setup(vendor=VENDOR, fields=entry, environment={}, store=Store())
    return FieldMap(setup, {"owner": "Owner.Name", "region": "country"})


def test_a_configured_field_takes_the_place_of_the_usual_one_and_an_empty_one_is_not_read() -> None:
    assert fields({"arr": "ARR__c", "region": ""}).names == ("Owner.Name", "ARR__c")


def test_numbers_dates_flags_and_chosen_options_are_read_however_they_are_written() -> None:
    row = Row(
        {
            "money": {"value": 250000, "currency": "EUR"},
            "level": {"id": 4, "label": "Gold"},
            "until": "2027-03-01",
            "ref": {"id": 1, "label": "Yes"},
            "Owner": {"Name": "Bo Lind"},
        },
        "crm",
    )
    named = fields({"arr": "money", "tier": "level", "renewal_date": "until", "is_reference": "ref"})

    assert named.account(row, "1", "Acme") == Account(
        id="1",
        name="Acme",
        tier="Gold",
        arr=250000.0,
        currency="EUR",
        renewal_date=datetime(2027, 3, 1, tzinfo=UTC),
        owner="Bo Lind",
        is_reference=True,
    )


def test_an_amount_without_a_currency_has_the_configured_one() -> None:
    assert fields({"arr": "a"}, currency="USD").account(Row({"a": "5"}, ""), "1", "Acme").currency == "USD"


@pytest.mark.parametrize("name", ["a b", "Name FROM User", "x'", "a..b", "a,b", "ä"])
def test_what_cannot_be_the_name_of_a_field_is_refused_with_its_place(name: str) -> None:
    with pytest.raises(InputError, match=r"^case.yaml: connectors.crm.fields.arr: "):
        fields({"arr": name})


def test_a_field_that_accounts_do_not_have_is_refused() -> None:
    with pytest.raises(InputError, match="unknown; known are domain, tier"):
        fields({"revenue": "x"})


@pytest.mark.parametrize(
    "address", ["acme.example", "https://www.acme.example/x?y", "HTTP://u:p@Acme.example:80", "www.acme.example/"]
)
def test_the_domain_of_a_web_address_is_found(address: str) -> None:
    assert domain_of(address) == "acme.example"


def test_what_is_no_web_address_breaks_nothing() -> None:
    assert [domain_of("http://[x"), domain_of("")] == ["[x", ""]


def test_the_kind_of_a_deal_is_said_by_its_type_or_name_or_not_at_all() -> None:
    assert [
        deal_kind("existingbusiness", "Renewal 2027"),
        deal_kind("Existing Customer - Upgrade"),
        deal_kind("New Customer"),
        deal_kind("newbusiness"),
        deal_kind("A new deal"),
    ] == ["renewal", "expansion", "new", "new", ""]


def test_a_short_name_is_looked_for_whole() -> None:
    assert [names_in("HP"), names_in("  "), names_in("the Acme account")] == [("HP",), (), ("Acme",)]


def test_two_accounts_of_a_name_are_none_but_an_id_decides() -> None:
    both = [Account(id="1", name="Acme"), Account(id="2", name="acme "), Account(id="acme", name="Other")]

    assert the_one("crm", both, "acme").name == "Other"
    with pytest.raises(NotFound):
        the_one("crm", both[:2], "Acme")
