"""Step 3, business impact: breadth, depth, duration, revenue, reputation, contract, each from records it cites."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.skill.companies import Company, ago, customer, holding, verdict

CUT = "The export is cut short."


def two_customers(folder: Path, *without: str, **profile: Any) -> Company:
    """A company with the same report from two accounts, 60 and 5 hours ago."""
    company = Company(folder, *without, **profile)
    company.ticket("Export is cut short", customer(CUT), account="orrefjord", hours=60)
    company.ticket("Export is cut short", customer(CUT), account="dunmere", hours=5)
    return company


async def test_customers_are_counted_by_account_and_not_by_posts(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.account("Orrefjord Handel", domain="orrefjord.example", aliases=["Orrefjord AB"])
    company.ticket("Export is cut short", customer(CUT), customer("Still cut short."), account="orrefjord")
    company.ticket("Export is cut short", customer(CUT), account="Orrefjord AB")
    requester = {"name": "Liv Dahl", "email": "liv@orrefjord.example"}
    company.ticket("Export is cut short", customer(CUT, name="Liv Dahl"), requester=requester)

    result = await company.escalate("export is cut short")

    affected = result.brief.impact.customers_affected
    assert (affected.count, affected.names, affected.growing) == (1, ("Orrefjord Handel",), None)


async def test_a_partner_that_names_three_clients_is_one_customer(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.account("Quillmark Partners")
    company.ticket(
        "Export is cut short",
        customer("Three of our clients see it: Tindle Rowe, Kestrel Bay and Osmund Cycles."),
        account="quillmark",
    )

    result = await company.escalate("export is cut short")

    assert result.brief.impact.customers_affected.names == ("Quillmark Partners",)


async def test_without_an_account_each_customer_who_speaks_on_a_ticket_counts(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket(
        "Export is cut short",
        customer(CUT, name="Ada Lund"),
        customer("We see it as well.", name="Bo Ek"),
        requester={"name": "Cleo Marsh"},
    )

    result = await company.escalate("export is cut short")

    affected = result.brief.impact.customers_affected
    assert affected.names == ("Cleo Marsh", "Ada Lund", "Bo Ek")
    assert {"T-101/1", "T-101/2"} <= set(affected.cites)


async def test_an_agent_who_opens_the_ticket_is_no_customer(tmp_path: Path) -> None:
    company = Company(tmp_path)
    requester = {"name": "Ravi Shah", "role": "agent"}
    company.ticket("Export is cut short", customer(CUT, name="Ada Lund"), requester=requester)

    result = await company.escalate("export is cut short")

    assert result.brief.impact.customers_affected.names == ("Ada Lund",)


async def test_a_customer_without_a_name_counts_and_is_not_named(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export is cut short", customer(CUT, name=""))

    result = await company.escalate("export is cut short")

    affected = result.brief.impact.customers_affected
    assert (affected.count, affected.names) == (1, ())
    assert affected.text == "1 customer, not named in the records"


async def test_named_and_unnamed_customers_are_told_apart(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.account("Acme Corp")
    company.ticket("Export is cut short", customer(CUT), account="acme")
    company.ticket("Export is cut short", customer(CUT, name=""))

    result = await company.escalate("export is cut short")

    assert result.brief.impact.customers_affected.text == "2 customers: Acme Corp, and another not named in the records"


async def test_it_grows_where_the_newest_reporter_is_recent(tmp_path: Path) -> None:
    company = two_customers(tmp_path)

    result = await company.escalate("export is cut short")

    assert result.brief.impact.customers_affected.growing is True


async def test_it_does_not_grow_where_the_newest_reporter_is_old(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export is cut short", customer(CUT), account="orrefjord", hours=200)
    company.ticket("Export is cut short", customer(CUT), account="dunmere", hours=190)

    result = await company.escalate("export is cut short")

    assert result.brief.impact.customers_affected.growing is False


async def test_growth_is_unknown_where_the_first_report_is_more_than_a_year_old(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export is cut short", customer(CUT), account="orrefjord", hours=24 * 400, links=["102"])
    company.ticket("Export is cut short", customer(CUT), account="dunmere", hours=5)

    result = await company.escalate("export is cut short")

    assert result.brief.impact.customers_affected.growing is None
    assert "Growth: the records cannot tell whether more customers are being affected" in result.unknown


async def test_a_case_without_a_ticket_affects_nobody_known(tmp_path: Path) -> None:
    company = Company(tmp_path)

    result = await company.escalate("export is cut short")

    impact = result.brief.impact
    assert (impact.customers_affected.count, impact.time_in_queue, impact.revenue_at_risk) == (0, None, None)
    assert impact.customers_affected.text == "No report of this problem was found"


async def test_someone_who_cannot_work_is_blocked(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Export is cut short", customer("We cannot export."))

    result = await company.escalate("export is cut short")

    depth = result.brief.impact.depth
    assert depth is not None
    assert (depth.level, depth.cites) == ("blocked", (f"{ticket}/1",))


async def test_someone_with_a_workaround_is_inconvenienced(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Export is cut short", customer("We cannot export; as a workaround we copy by hand."))

    result = await company.escalate("export is cut short")

    depth = result.brief.impact.depth
    assert depth is not None
    assert (depth.level, depth.cites) == ("inconvenienced", (f"{ticket}/1",))


async def test_a_greeting_tells_nothing_of_depth(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Nightly job", customer("Good morning."))

    result = await company.escalate("nightly job")

    assert result.brief.impact.depth is None


async def test_the_time_in_queue_is_that_of_the_oldest_open_report(tmp_path: Path) -> None:
    company = two_customers(tmp_path)

    result = await company.escalate("export is cut short")

    queue = result.brief.impact.time_in_queue
    assert queue is not None
    assert (queue.hours, queue.cites[-1]) == (60.0, "T-101")


async def test_revenue_is_the_sum_of_the_affected_accounts_and_their_open_deals(tmp_path: Path) -> None:
    company = two_customers(tmp_path)
    company.account("Orrefjord Handel", arr=90000, currency="EUR")
    company.account("Dunmere Logistics", arr=60000, currency="EUR")
    company.account("Bystander Ltd", arr=999999, currency="EUR")
    company.deal("orrefjord", 20000, "EUR")
    company.deal("Dunmere Logistics", 5000, "EUR", is_open=None)
    company.deal("dunmere", 7000, "EUR", is_open=False)
    company.deal("dunmere", 8000, "EUR", is_open=None, stage="Closed Won")

    result = await company.escalate("export is cut short")

    revenue = result.brief.impact.revenue_at_risk
    assert revenue is not None
    assert (revenue.arr, revenue.pipeline, revenue.currency) == (150000, 25000, "EUR")
    assert revenue.text == "EUR 150,000 ARR; EUR 25,000 in open deals"
    assert {"A-orrefjord", "A-dunmere", "D-d1", "D-d2"} <= set(revenue.cites)
    assert revenue.by_account["Orrefjord Handel"] == {"arr": 90000, "currency": "EUR", "pipeline": 20000}


async def test_currencies_are_never_added_up(tmp_path: Path) -> None:
    company = two_customers(tmp_path)
    company.account("Orrefjord Handel", arr=90000, currency="EUR")
    company.account("Dunmere Logistics", arr=60000, currency="USD")
    company.deal("orrefjord", 20000, "GBP")

    result = await company.escalate("export is cut short")

    revenue = result.brief.impact.revenue_at_risk
    assert revenue is not None
    assert (revenue.arr, revenue.pipeline, revenue.currency) == (None, None, None)
    assert revenue.by_currency == {"EUR": {"arr": 90000}, "GBP": {"pipeline": 20000}, "USD": {"arr": 60000}}
    assert revenue.text.endswith("(different currencies, not added up)")
    assert revenue.by_account["Orrefjord Handel"]["other_currencies"] == {"GBP": 20000}


async def test_every_deal_of_an_account_counts_in_its_own_currency(tmp_path: Path) -> None:
    company = two_customers(tmp_path)
    company.account("Orrefjord Handel", arr=90000, currency="EUR")
    for amount, currency in ((20000, "GBP"), (4000, "EUR"), (3000, "USD"), (1000, "GBP")):
        company.deal("orrefjord", amount, currency)

    result = await company.escalate("export is cut short")

    revenue = result.brief.impact.revenue_at_risk
    assert revenue is not None
    assert revenue.by_account["Orrefjord Handel"] == {
        "arr": 90000,
        "currency": "EUR",
        "pipeline": 4000,
        "other_currencies": {"GBP": 21000, "USD": 3000},
    }
    assert revenue.by_currency["GBP"] == {"pipeline": 21000}


@pytest.mark.parametrize("fields", [{"kind": "renewal"}, {"name": "Orrefjord: renewal 2027"}])
async def test_a_renewal_does_not_come_on_top_of_the_arr_it_renews(tmp_path: Path, fields: dict[str, Any]) -> None:
    company = two_customers(tmp_path)
    company.account("Orrefjord Handel", arr=90000, currency="EUR")
    company.deal("orrefjord", 90000, "EUR", **fields)
    company.deal("orrefjord", 5000, "EUR", kind="expansion", name="More seats")

    result = await company.escalate("export is cut short")

    revenue = result.brief.impact.revenue_at_risk
    assert revenue is not None
    assert (revenue.arr, revenue.pipeline) == (90000, 5000)
    assert revenue.by_account["Orrefjord Handel"]["renewals"] == 90000
    assert revenue.text == (
        "EUR 90,000 ARR; EUR 90,000 in open renewals, which renew ARR and do not add to it; EUR 5,000 in open deals"
    )


async def test_revenue_is_unknown_without_a_crm(tmp_path: Path) -> None:
    company = two_customers(tmp_path, "accounts", "contacts", "deals")

    result = await company.escalate("export is cut short")

    assert result.brief.impact.revenue_at_risk is None
    assert "Revenue: unknown, no CRM is connected" in result.unknown


async def test_revenue_is_unknown_for_a_customer_without_a_record(tmp_path: Path) -> None:
    company = two_customers(tmp_path)
    company.account("Dunmere Logistics")

    result = await company.escalate("export is cut short")

    assert result.brief.impact.revenue_at_risk is None
    assert "Revenue: unknown for orrefjord, no CRM record was found" in result.unknown
    assert "Revenue: the CRM record of Dunmere Logistics holds no ARR" in result.unknown


async def test_a_reference_customer_is_a_risk_to_the_reputation(tmp_path: Path) -> None:
    company = two_customers(tmp_path)
    account = company.account("Dunmere Logistics", is_reference=True)

    result = await company.escalate("export is cut short")

    (known,) = [s for s in result.brief.impact.more if "reference" in s.text]
    assert (known.text, known.cites) == ("Dunmere Logistics is a reference customer", (account,))


async def test_a_customer_who_may_go_public_is_told_as_a_possibility(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Export is cut short", customer("We will tweet it. And warn others on Reddit."))

    result = await company.escalate("export is cut short")

    (known,) = [s for s in result.brief.impact.more if "public" in s.text]
    assert (known.kind, known.cites) == ("hypothesis", (f"{ticket}/1",))


async def test_a_breached_sla_is_told_with_its_hours(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket("Export is cut short", customer(CUT), sla={"name": "P2", "due_at": ago(3.5)})

    result = await company.escalate("export is cut short")

    (clock,) = [s for s in result.brief.impact.more if "SLA" in s.text]
    assert clock.text == "The SLA of ticket 101 was due at 2026-11-19T08:30:00Z: 4 hours ago"
    assert (clock.kind, clock.cites) == ("derived", (ticket,))


async def test_a_running_sla_is_told_with_the_hours_that_are_left(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export is cut short", customer(CUT), sla={"name": "P2", "due_at": ago(-2)})

    result = await company.escalate("export is cut short")

    assert "The SLA of ticket 101 runs out at 2026-11-19T14:00:00Z: in 2 hours" in [
        s.text for s in result.brief.impact.more
    ]


async def test_an_sla_that_is_only_marked_as_breached_is_told_as_such(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.ticket("Export is cut short", customer(CUT), sla={"name": "P2", "breached": True})

    result = await company.escalate("export is cut short")

    assert "The SLA of ticket 101 is breached" in [s.text for s in result.brief.impact.more]


async def test_the_workspace_says_who_is_of_high_value(tmp_path: Path) -> None:
    company = Company(tmp_path, high_value={"arr": 1000, "tiers": ["Gold"]})
    company.account("Acme Corp", arr=5000, currency="USD")
    company.ticket("Export fails", customer("The export fails with error 500."), account="acme")

    result = await company.escalate("export fails")

    assert "A-acme" in holding(result)["business.high_value_at_risk"].cites


async def test_without_a_record_our_own_words_tell_of_a_high_value_customer(tmp_path: Path) -> None:
    company = Company(tmp_path)
    ticket = company.ticket(
        "Export fails",
        customer("The export fails with error 500."),
        {"author": {"name": "Ravi Shah", "role": "agent"}, "body": "This is one of our biggest customers."},
    )

    result = await company.escalate("export fails")

    assert verdict(result) == ("escalate", "high", "engineering")
    assert f"{ticket}/2" in holding(result)["business.high_value_at_risk"].cites


async def test_without_a_report_the_named_customer_s_revenue_is_at_risk(tmp_path: Path) -> None:
    company = Company(tmp_path, "tickets")
    company.account("Orrefjord Handel", arr=1000, currency="NOK")
    company.account("Dunmere", arr=2000, currency="NOK")

    result = await company.escalate("Orrefjord Handel cannot export")

    revenue = result.brief.impact.revenue_at_risk
    assert revenue is not None
    assert (revenue.arr, list(revenue.by_account)) == (1000, ["Orrefjord Handel"])
    assert (await company.escalate("nobody can export")).brief.impact.revenue_at_risk is None
