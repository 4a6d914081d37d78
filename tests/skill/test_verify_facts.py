"""Hard facts as people write them, and which forms of a figure or a date are the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from customer_escalation.brief import Kind
from customer_escalation.verify import moments
from customer_escalation.verify.facts import read
from customer_escalation.verify.moments import Moment
from customer_escalation.verify.quantities import Quantity, agrees, number_of
from tests.skill.verify_rows import RAVI, reasons, row

LAST = datetime.max.replace(tzinfo=UTC)


def figures(text: str) -> list[tuple[float, str]]:
    found = [quantity for fact in read(text).facts for quantity in fact.quantities]
    return [(round(quantity.value, 4), quantity.unit) for quantity in found]


def dates(text: str) -> list[dict[str, int]]:
    found = [moment for fact in read(text).facts for moment in fact.moments]
    return [{name: part for name, part in moment._asdict().items() if part is not None} for moment in found]


def ids(text: str) -> list[str]:
    return [fact.text for fact in read(text).facts if fact.kind == "id"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,912 orders", [(1912, "")]),
        ("2,5 and 2.5", [(2.5, ""), (2.5, "")]),
        ("12’000", [(12000, "")]),
        ("three dozen", [(36, "")]),
        ("twenty-five", [(25, "")]),
        ("two hundred thousand", [(200000, "")]),
        ("one of them", []),
        ("63 of 2,140", [(63, ""), (2140, "")]),
        ("two of our three", [(2, ""), (3, "")]),
        ("12 of them", [(12, "")]),
        ("12 of", [(12, "")]),
        ("4/200 and 500/503", [(4, ""), (200, ""), (500, ""), (503, "")]),
        ("2.1 % and 3% and 4 percent and 5 per cent", [(2.1, "%"), (3, "%"), (4, "%"), (5, "%")]),
        ("2 to 3 %", [(2, "%"), (3, "%")]),
        ("5-6 h", [(18000, "s"), (21600, "s")]),
        ("5 to 6 hours", [(18000, "s"), (21600, "s")]),
        ("5-6 of", [(5, ""), (6, "")]),
        ("5-6x7", []),
        ("24-hour target", [(86400, "s")]),
        ("10004ms", [(10.004, "s")]),
        ("6 d 5 h", [(536400, "s")]),
        ("2 hours and 5 minutes", [(7500, "s")]),
        ("5 business days", [(5, "workdays")]),
        ("5 business partners", [(5, "")]),
        ("3 weeks and 2 months", [(1814400, "s"), (2, "months")]),
        ("512 MB of 2 GB", [(512e6, "B"), (2e9, "B")]),
        ("EUR 2.5M", [(2.5e6, "EUR")]),
        ("€2,500,000", [(2.5e6, "EUR")]),
        ("$ 12 million", [(12e6, "USD")]),
        ("USD 840k USD", [(840e3, "USD")]),
        ("2.5 million euros", [(2.5e6, "EUR")]),
        ("840k US dollars", [(840e3, "USD")]),
        ("19pounds", [(19, "GBP")]),
        ("43.20 EUR", [(43.2, "EUR")]),
        ("EUR or USD", []),
        ("$x", []),
        ("EUR 5abc", []),
        ("500s and HTTP 500", [(500, ""), (500, "")]),
        ("3rd of them", [(3, "")]),
        ("the second and the third", []),
        ("1. Open\n2) Click\n(1) Raise (2) Lower", []),
        ("(12 of them)", [(12, "")]),
        ("40 -> 80", [(40, ""), (80, "")]),
        ("12", [(12, "")]),
        ("five", [(5, "")]),
        ("less than an hour, about a second line", [(3600, "s")]),
        ("four and a half hours", [(16200, "s")]),
        ("page=180 ms=412 duration_ms=6904 ms: 30", [(180, ""), (0.412, "s"), (6.904, "s"), (0.03, "s")]),
        ("in 2027 and 2027 rows", [(2027, "")]),
        ("1234567-89", [(1234567, ""), (89, "")][:0]),
    ],
)
def test_figures_are_read_with_their_units(text: str, expected: list[tuple[float, str]]) -> None:
    assert figures(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-15", [{"year": 2026, "month": 11, "day": 15}]),
        ("2026-11-15T04:26Z", [{"year": 2026, "month": 11, "day": 15, "hour": 4, "minute": 26}]),
        ("2026-13-45", []),
        ("3 Oct and Oct 3rd, 2026", [{"month": 10, "day": 3}, {"year": 2026, "month": 10, "day": 3}]),
        ("3rd of October 2026", [{"year": 2026, "month": 10, "day": 3}]),
        ("March 2026, in May", [{"year": 2026, "month": 3}, {"month": 5}]),
        ("May I ask in march", []),
        ("20 and 24 November", [{"month": 11, "day": 20}, {"month": 11, "day": 24}]),
        ("20 and 24 rows", []),
        ("Monday 23 November at 17:00 UTC", [{"month": 11, "day": 23, "hour": 17, "minute": 0, "weekday": 0}]),
        ("16:40:11", [{"hour": 16, "minute": 40, "second": 11}]),
        ("4:05 pm, 12 am, 5pm", [{"hour": 16, "minute": 5}, {"hour": 0, "minute": 0}, {"hour": 17, "minute": 0}]),
        ("13 pm", []),
        ("25:10", []),
        ("tomorrow noon", [{"hour": 12, "minute": 0, "relative": 1}]),
        ("yesterday and today", [{"relative": -1}, {"relative": 0}]),
        ("03/10/2018", [{"year": 2018, "month": 10, "day": 3}, {"year": 2018, "month": 3, "day": 10}]),
        ("3.10.2018", [{"year": 2018, "month": 10, "day": 3}, {"year": 2018, "month": 3, "day": 10}]),
        ("3/10/18", [{"year": 2018, "month": 10, "day": 3}, {"year": 2018, "month": 3, "day": 10}]),
        ("2026/10/03", [{"year": 2026, "month": 10, "day": 3}]),
        ("31/31/2018", []),
        ("3.12.10", []),
        ("Monday and Tuesday", [{"weekday": 0}, {"weekday": 1}]),
        ("Sun rises", []),
        ("since 2019", [{"year": 2019}]),
        ("Monday, Tuesday 3 May", [{"weekday": 0}, {"month": 5, "day": 3, "weekday": 1}]),
        ("16:40 at 17:00", [{"hour": 16, "minute": 40}, {"hour": 17, "minute": 0}]),
    ],
)
def test_dates_and_times_are_read_as_far_as_they_were_said(text: str, expected: list[dict[str, int]]) -> None:
    assert dates(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("req_8f41c2d07b, ORD-3310 and T-51842/3.", ["req_8f41c2d07b", "ORD-3310", "T-51842/3"]),
        ("2026.11.3-hotfix1, v2.8 and 1.10.5", ["2026.11.3-hotfix1", "v2.8", "1.10.5"]),
        ("PR #2291 in #eng-orders", ["#2291", "#eng-orders"]),
        ("POST /v2/orders at https://api.x.example/v2/orders.", ["/v2/orders", "https://api.x.example/v2/orders"]),
        ("order.json, .env and a@b.example", ["order.json", ".env", "a@b.example"]),
        ("follow-up and/or don't e.g. i.e.", []),
        ("ERR_TOO_MANY_REDIRECTS 24x7 500abc", ["ERR_TOO_MANY_REDIRECTS", "24x7", "500abc"]),
        ("5b0c7c1e-6d0e-4c55-9a53-0c8b9a1f7e21", ["5b0c7c1e-6d0e-4c55-9a53-0c8b9a1f7e21"]),
        ("paid in EUR", ["EUR"]),
        ("[masked: API key] was pasted", []),
    ],
)
def test_ids_codes_paths_and_files_are_read_whole(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


@pytest.mark.parametrize(
    ("said", "known", "same"),
    [
        ("2.5M", "2,512,000", True),
        ("2.6M", "2,512,000", False),
        ("2,512,000", "2.5M", False),
        ("31 h", "31.2 h", True),
        ("32 h", "31.2 h", False),
        ("96 hours", "4 days", True),
        ("10 seconds", "10000 ms", True),
        ("3 %", "2.9 %", True),
        ("2 %", "2.9 %", False),
        ("30 seconds", "30 minutes", False),
        ("USD 5", "EUR 5", False),
        ("5", "EUR 5", True),
        ("about 60", "62", True),
        ("about 60", "80", False),
        ("over 2,000", "2,140", True),
        ("more than 2,000", "3,140", False),
        ("under 4 hours", "3.97 hours", True),
        ("less than four hours", "4.5 hours", False),
        ("nearly 6 days", "5.5 days", True),
        ("within 3 days", "2 days", False),
        ("0", "0", True),
    ],
)
def test_a_shorter_form_of_a_figure_is_the_same_figure_and_a_longer_one_is_not(
    said: str, known: str, same: bool
) -> None:
    assert agrees(read(said).facts[0].quantities[0], read(known).facts[0].quantities[0]) is same


def test_a_worked_out_figure_may_be_bounded() -> None:
    said = read("within 3 days").facts[0].quantities[0]

    assert agrees(said, Quantity(2.1 * 86400, "s", 0.0))
    assert not agrees(said, Quantity(3.1 * 86400, "s", 0.0))


def test_an_absurdly_long_number_is_no_error() -> None:
    assert number_of("9" * 500)[0] == float("inf")
    assert figures("9" * 500 + " rows") == [(float("inf"), "")]


def test_dates_at_the_edge_of_the_calendar_are_no_error() -> None:
    assert moments.weekday_of(Moment(2026, 2, 31)) is None
    assert moments.weekday_of(Moment(2026, 2)) is None
    assert moments.iso("not a date") == ()
    assert moments.iso("2026-02-31T10:00+01:00") == (Moment(2026, 2, 31, 10, 0),)
    assert len(moments.iso("2026-02-01T10:00+01:00")) == 2
    assert moments.clock("soon") is None
    assert moments.shifted(LAST, 1) is None
    assert moments.days_around(LAST, 0) == ()


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Exports are empty since 16 November.", True),
        ("Exports are empty since Nov 16th, 2026.", True),
        ("Exports are empty since Monday.", True),
        ("Exports are empty since Tuesday.", False),
        ("Exports are empty since 16 November 2025.", False),
        ("Exports are empty since 17 November.", False),
        ("Exports are empty since November.", True),
        ("Exports are empty since December.", False),
        ("Dana Reyes wrote on 16 November at 08:00 UTC that exports are empty.", True),
        ("Dana Reyes wrote on 16 November at 08:05 UTC that exports are empty.", False),
        ("Dana Reyes wrote at 8 am that exports are empty.", True),
        ("Exports are empty since yesterday.", False),
    ],
)
def test_a_date_is_the_same_in_every_form(text: str, holds: bool) -> None:
    assert (reasons(text, "T-101/1", "stated_by_customer") == ()) is holds


def test_tomorrow_and_friday_are_worked_out_from_when_they_were_said() -> None:
    assert reasons("Ravi Shah promised an answer by noon of 17 November.", "T-101/2", "stated_by_staff") == ()
    assert reasons("Ravi Shah promised an answer by noon of 18 November.", "T-101/2", "stated_by_staff") != ()
    assert reasons("Dana Reyes needs it by Friday 20 November.", "T-101/4", "stated_by_customer") == ()
    assert reasons("Dana Reyes needs it by Friday 27 November.", "T-101/4", "stated_by_customer") != ()


def test_today_is_the_day_on_which_the_brief_is_read() -> None:
    due = row("T-9", "Ticket 9: the answer is due (SLA due: 2026-11-19T20:00:00Z)")

    assert reasons("The answer is due today at 20:00 UTC.", "T-9", "observed", None, due) == ()
    assert reasons("The answer is due tomorrow at 20:00 UTC.", "T-9", "observed", None, due) != ()
    assert reasons("The answer is due today, 19 November, at 20:00 UTC.", "T-9", "observed", None, due) == ()
    assert reasons("The answer is due at 20:00 UTC today on 3 February 2031.", "T-9", "observed", None, due) != ()
    assert reasons("The answer is due tomorrow, 19 November, at 20:00 UTC.", "T-9", "observed", None, due) != ()


@pytest.mark.parametrize(
    "invented",
    [
        "on 3 February 2031", "in 2031", "since 2031", "of February 2031", "at 03:33", "on 31.12.2031",
        "today on 3 February 2031", "as version 9.9.9", "v9.9.9", "as release 9.9", "4,711 times",
        "seventy-three times", "by 87 %", "for EUR 98,765", "(ABC-9876)",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("text", "cites", "kind"),
    [
        ("Dana Reyes writes that exports are empty", "T-101/1", "stated_by_customer"),
        ("Exports are empty", "R-0", "observed"),
    ],
)
def test_what_stands_in_no_cited_row_never_passes(invented: str, text: str, cites: str, kind: Kind) -> None:
    asked = row("R-0", "Exports are empty", category="request", origin="typed")

    assert reasons(f"{text}.", cites, kind, None, asked) == ()
    assert any(
        "is in none of the cited rows" in why for why in reasons(f"{text} {invented}.", cites, kind, None, asked)
    )


def test_a_year_may_be_left_out_on_either_side() -> None:
    note = row("N-1", "The audit was on 3 October and the report came on 5 January 2027.")

    assert reasons("The audit was on 2026-10-03.", "N-1", "observed", None, note) == ()
    assert reasons("The audit was on 2024-10-03.", "N-1", "observed", None, note) != ()
    assert reasons("The report came on 5 January.", "N-1", "observed", None, note) == ()
    assert reasons("The report came on Tuesday 5 January 2027.", "N-1", "observed", None, note) == ()
    assert reasons("The report came on Monday 5 January 2027.", "N-1", "observed", None, note) != ()
    assert reasons("The audit was in 2027.", "N-1", "observed", None, note) == ()


@pytest.mark.parametrize(
    ("text", "cites", "kind"),
    [
        ("2 exports failed.", "T-101/2", "stated_by_staff"),
        ("4 exports failed.", "T-101/4", "stated_by_customer"),
        ("0 exports failed.", "R-0", "stated_by_customer"),
    ],
)
def test_the_number_that_we_gave_to_a_row_is_no_figure_of_it(text: str, cites: str, kind: Kind) -> None:
    assert f"“{text[0]}” is in none of the cited rows" in reasons(text, cites, kind, None)


def test_a_figure_of_a_row_says_nothing_of_what_the_row_does_not_speak_of() -> None:
    parked = row("X-1", "2 workers are idle since noon.", author=RAVI)

    assert reasons("2 workers are idle.", "X-1", "stated_by_staff", None, parked) == ()
    assert reasons("2 exports failed.", "X-1", "stated_by_staff", None, parked) != ()


def test_a_bare_number_is_no_amount_of_money() -> None:
    waiting = row("X-1", "Deliveries show as retrying in the console, 74 waiting.", author=RAVI)
    paid = row("X-2", "Acme Corp: ARR EUR 36,000")
    said = "“36,000” is an amount of money in the cited rows: say so, with its currency"

    assert reasons("Deliveries show as retrying, 36,000 waiting.", "X-1 X-2", "observed", None, waiting, paid) == (
        said,
    )
    assert reasons("Acme Corp has an ARR of 36,000.", "X-2", "observed", None, paid) == ()
