"""The Markdown brief: the template's headings and labels in its order, marks, missing things said, nothing forged."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from customer_escalation.brief import (
    Conflict,
    Handling,
    NextStep,
    Reason,
    Ref,
    Reproduction,
    Result,
    Revenue,
    SourceReport,
    Statement,
    TimeInQueue,
)
from customer_escalation.evidence import Author, Evidence, Ledger
from customer_escalation.render import render
from customer_escalation.render.escape import code, inline, line
from customer_escalation.render.quoting import LIMIT, shorten
from tests.skill import render_samples
from tests.skill.render_hostile import RESULTS
from tests.skill.render_samples import NOW

TEMPLATE = [
    "Impact",
    "Issue Description",
    "What's Been Tried",
    "Reproduction Steps",
    "Customer Communication",
    "What's Needed",
    "Supporting Context",
]
OURS = [
    "What a colleague would notice",
    "Where sources disagree",
    "Why this decision",
    "Not known",
    "Sources read",
    "Evidence",
    "Verification",
    "Next steps",
]
LABELS = [
    "**Severity:**",
    "**Target team:**",
    "**Reported by:**",
    "**Date:**",
    "- **Customers affected:**",
    "- **Workflow impact:**",
    "- **Revenue at risk:**",
    "- **Time in queue:**",
    "**Expected:**",
    "**Actual:**",
    "**Environment:**",
    "- **Last update to customer:**",
    "- **Customer expectation:**",
    "- **Escalation risk:**",
    "- **Deadline:**",
]


def headings(text: str) -> list[str]:
    return [row.removeprefix("### ") for row in text.splitlines() if row.startswith("### ")]


def with_brief(result: Result, **changes: Any) -> Result:
    return replace(result, brief=replace(result.brief, **changes))


def test_an_escalation_has_the_headings_of_the_template_in_its_order_then_ours() -> None:
    text = render(render_samples.escalation(), "markdown")
    assert text.startswith("## ESCALATION: orders-api answers 500")
    assert headings(text) == TEMPLATE + OURS


@pytest.mark.parametrize("sample", ["escalation", "unknown"])
def test_an_escalation_has_the_labels_of_the_template_in_its_order(sample: str) -> None:
    text = render(RESULTS[sample](), "markdown")
    places = [text.index(label) for label in LABELS]
    assert places == sorted(places)


def test_handling_in_support_says_first_how_and_pretends_no_severity() -> None:
    text = render(render_samples.handled(), "markdown")
    assert text.startswith("## HANDLE IN SUPPORT: XLSX export times out")
    assert headings(text) == ["How to handle it", *TEMPLATE, *OURS]
    assert "Severity" not in text
    assert "Target team" not in text


def test_handling_without_a_way_says_so() -> None:
    result = render_samples.handled()
    text = render(replace(result, handling=None), "markdown")
    assert "### How to handle it\n\n_No way to handle it is recorded._" in text
    text = render(replace(result, handling=Handling(())), "markdown")
    assert "### How to handle it\n\n_Not recorded._" in text


def test_no_label_is_left_blank_where_nothing_is_known() -> None:
    text = render(render_samples.unknown(), "markdown")
    for label in LABELS:
        assert re.search(re.escape(label) + r" [\w]", text), label
    assert "- **Revenue at risk:** not known (no customer is named)" in text
    assert "**Missing, to be asked for:**\n\n- exact steps were never recorded" in text


def test_an_empty_list_of_records_says_whether_the_source_was_read() -> None:
    sources = (
        SourceReport("chat", "slack", "failed", 0, "timeout"),
        SourceReport("crm", "files", "ok", 1, "one line was skipped"),
        SourceReport("project_tracker", "jira", "not_connected", 0),
        SourceReport("pager", "opsgenie", "failed", 0),
        SourceReport("crm", "", "ok", 9, None, "and the notes"),
    )
    text = render(replace(render_samples.unknown(), sources=sources), "markdown")
    assert "- **Internal discussions:** not read: the source failed" in text
    assert "- **Tracker issues:** not connected" in text
    assert "- **Related tickets:** none found" in text
    assert "- **CRM (files):** read 1 record; one line was skipped" in text
    assert "- **CRM:** read 9 records; and the notes" in text
    assert "- **Pager (opsgenie):** failed, not read: no reason given" in text


def test_reasons_that_end_alike_share_a_line() -> None:
    reasons = tuple(Reason(f"x.{name}", False, f"{name}: not found", ("S-1",)) for name in ("Outage", "Leak"))
    known = Reason("x.sla", False, "In time: not found", ("S-1",), "1 < 2")
    plain = tuple(Reason(f"x.{name}", False, "No", ("S-1",)) for name in ("a", "b"))
    text = render(replace(render_samples.unknown(), reasons=(*reasons, known, *plain)), "markdown")
    assert "- No (`x.a`) [S-1]\n- No (`x.b`) [S-1]\n" in text
    assert "- **Not found:** Outage; Leak [S-1]\n- In time: not found (`x.sla`) (derived: `1 < 2`) [S-1]\n" in text


def test_a_formula_keeps_the_brackets_of_its_rows() -> None:
    insight = Statement("2 reports", ("C-1",), "derived", "count([T-1], [T-2])")
    text = render(with_brief(render_samples.unknown(), insights=(insight,)), "markdown")
    assert "- 2 reports (derived: `count([T-1], [T-2])`) [C-1]" in text


def test_each_kind_of_claim_is_named_in_words() -> None:
    text = render(render_samples.escalation(), "markdown")
    for words in ("(customer states)", "(staff states)", "(derived: `149 - 72 = 77`)", "(hypothesis)", "(no record)"):
        assert words in text


def test_a_reader_sees_amounts_in_each_currency() -> None:
    revenue = Revenue(None, None, None, {"Acme": {"arr": 2.5, "currency": "EUR", "open": True}, "Globex": {}}, ())
    result = render_samples.unknown()
    two = replace(revenue, by_currency={"EUR": {"arr": 2500.5}, "USD": {"arr": 10.0, "pipeline": 3.0}})
    zoneless = datetime(2026, 11, 20, 9, tzinfo=UTC).replace(tzinfo=None)
    impact = replace(result.brief.impact, revenue_at_risk=two, time_in_queue=TimeInQueue(zoneless, 30.25))
    text = render(with_brief(result, impact=impact), "markdown")
    assert "EUR 2,500.5 ARR; USD 10 ARR, USD 3 open pipeline" in text
    assert "  - **Acme:** EUR 2.5 ARR\n  - **Globex:** not known" in text
    assert "- **Time in queue:** 30.2 h, since 2026-11-20 09:00 UTC" in text
    spoken = replace(impact, revenue_at_risk=replace(revenue, text="EUR and USD"), time_in_queue=TimeInQueue(NOW, 48.0))
    text = render(with_brief(result, impact=spoken), "markdown")
    assert "- **Revenue at risk:** EUR and USD\n" in text
    assert "48 h (2 d), since 2026-11-23 14:00 UTC" in text
    said = replace(spoken, revenue_at_risk=revenue, time_in_queue=TimeInQueue(NOW, 1.0, text="an hour"))
    text = render(with_brief(result, impact=said), "markdown")
    assert "- **Revenue at risk:** not known\n" in text
    assert "- **Time in queue:** an hour\n" in text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://x.example/a(b)*c|d", "- [Page](https://x.example/a%28b%29%2Ac%7Cd) (`K-1`)"),
        ("mailto:ops@x.example", "- [Page](mailto:ops@x.example) (`K-1`)"),
        ("javascript:alert(1)", "- Page `javascript:alert(1)` (`K-1`)"),
        ("data:text/html,<b>", "- Page `data:text/html,<b>` (`K-1`)"),
        ("https://x.example/a b", "- Page `https://x.example/a b` (`K-1`)"),
        ("https:///", "- Page `https:///` (`K-1`)"),
        ("mailto:nobody", "- Page `mailto:nobody` (`K-1`)"),
    ],
)
def test_only_web_and_mail_addresses_become_links(url: str, shown: str) -> None:
    result = render_samples.unknown()
    supporting = replace(result.brief.supporting, articles=(Ref("K-1", "Page", url),))
    row = Evidence(id="K-1", category="knowledge_base", connector="w", record="1", text="", url=url)
    linked = replace(result, evidence=Ledger([row]), conflicts=(Conflict("a", ("K-1",)),))
    text = render(with_brief(linked, supporting=supporting), "markdown")
    assert shown in text
    assert f"**K-1** · Knowledge base · {'<' if '[' in shown else '`'}" in text
    assert "\n  > _empty_" in text


def test_long_evidence_is_shortened_around_what_is_quoted_from_it() -> None:
    text = render(render_samples.escalation(), "markdown")
    quote = next(row for row in text.splitlines() if row.startswith("  > Application log"))
    assert '"pool exhausted: 64 of 64 connections in use after 30000 ms"' in quote
    assert " … " in quote
    assert quote.endswith(" …")
    assert len(quote) < LIMIT + 60


@given(
    st.text("ab c1.", max_size=2000),
    st.text("abc 12", min_size=3, max_size=600),
    st.text("ab c1.", max_size=2000),
)
def test_no_quotation_is_lost_however_long(before: str, quoted: str, after: str) -> None:
    quoted = " ".join(quoted.split())
    assume(len(quoted) >= 3)
    short = shorten(f"{before}{quoted}{after}", [f'The log says "{quoted}" twice'])
    assert quoted in short
    assert len(short) <= LIMIT + len(quoted) + 120


def test_an_author_may_have_no_role_and_a_case_no_missing_detail() -> None:
    result = render_samples.escalation()
    row = Evidence(id="T-51842/1", category="crm", connector="w", record="1", text="x", author=Author("Dana"))
    whole = replace(result.brief.reproduction or Reproduction(), missing=())
    text = render(with_brief(replace(result, evidence=Ledger([row])), reproduction=whole), "markdown")
    assert "- **T-51842/1** · CRM · Dana\n" in text
    assert "Missing, to be asked for" not in text


def test_short_evidence_stays_as_it_is() -> None:
    assert shorten("a\n b  c", ['"zzz"']) == "a b c"


def test_a_quotation_at_the_very_end_leaves_no_gap_behind_it() -> None:
    assert shorten("word " * 200 + "error E42", ["It failed with E42"]).endswith("error E42")


def test_next_steps_show_destination_and_the_whole_preview() -> None:
    result = replace(
        render_samples.unknown(),
        next_steps=(NextStep("n1", "file_issue", "", "", ""), *render_samples.escalation().next_steps),
    )
    text = render(result, "markdown")
    assert "1. **File issue** (`n1`, File issue → destination not configured)\n\n   > _empty_" in text
    assert "(`n1`, Post to chat → #eng-escalations)" in text
    assert "   > orders-api answers 500  \n   >\n   > \\- Acme Corp, Globex  \n   > \\# not a heading\n" in text


def test_a_brief_with_nothing_read_says_so() -> None:
    result = with_brief(replace(render_samples.unknown(), evidence=Ledger()), date="", title=Statement(""))
    text = render(replace(result, severity=None, target=None), "markdown")
    assert text.startswith("## ESCALATION: not recorded\n")
    assert "### Evidence\n\n_Nothing was read._" in text
    assert "**Severity:** not known" in text
    assert "**Date:** not recorded" in text


def test_plain_text_stays_as_plain_as_it_can() -> None:
    for text in (
        "STRIPE_ERROR at 4 * 250",
        "C:\\Users\\bob",
        "a ~5 min wait & more",
        "x < y".replace("<", ">"),
        "-5 °C",
    ):
        assert line(text) == text


def test_code_spans_hold_backticks() -> None:
    assert code("a `b` c") == "`` a `b` c ``"


def test_look_alikes_of_marks_lose_their_brackets() -> None:
    assert inline("see [T-1/2] and [ C-1, R-0 ]") == "see (T-1/2) and ( C-1, R-0 )"
    assert inline("[UTF-8]") == "\\[UTF-8\\]"
