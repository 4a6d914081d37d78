"""What each kind of statement must show, and what is refused beyond wrong figures: speaker, sign, certainty."""

from __future__ import annotations

import pytest

from customer_escalation.brief import Kind, Statement
from customer_escalation.evidence import Author, Evidence
from customer_escalation.verify import check
from tests.skill.verify_rows import DANA, NILS, NOW, RAVI, at, ledger, reasons, row

CUSTOMER: Kind = "stated_by_customer"
STAFF: Kind = "stated_by_staff"


def why(text: str, cites: str, kind: Kind = "observed", formula: str | None = None, *more: Evidence) -> str:
    return "; ".join(reasons(text, cites, kind, formula, *more))


@pytest.mark.parametrize(
    ("text", "cites", "kind", "formula"),
    [
        ("Ticket 101 of Acme Corp is open with priority high.", "T-101", "observed", None),
        (
            "Dana Reyes states that 12 of 40 exports failed with ERR_EMPTY_FILE on worker 5.2.0.",
            "T-101/1",
            CUSTOMER,
            None,
        ),
        ("The importer was restarted without success.", "T-101/1", CUSTOMER, None),
        ("Dana Reyes (customer): “12 of 40 exports failed … after 30 seconds”", "T-101/1", CUSTOMER, None),
        ("Dana Reyes asks whether the data is safe.", "T-101/1", CUSTOMER, None),
        ("Acme Corp pays EUR 1.2k a month.", "T-101/1", CUSTOMER, None),
        ("Ravi Shah promised an answer by noon of 17 November.", "T-101/2", STAFF, None),
        ("Nils Berg suspects the cache and has restarted the export worker.", "T-101/3", STAFF, None),
        ("Possibly it is the cache.", "T-101/3", "hypothesis", None),
        ("The customer says that it is not fixed.", "T-101/4", CUSTOMER, None),
        ("According to Dana Reyes nobody has told them anything.", "T-101/4", CUSTOMER, None),
        ("It is not fixed, says Dana Reyes.", "T-101/4", CUSTOMER, None),
        ("Acme Corp has EUR 2.5M ARR and renews on 18 December 2026.", "A-acme", "observed", None),
        ("EUR 2.6M are at stake.", "A-acme D-1", "derived", "sum([A-acme].arr, [D-1].amount)"),
        ("Two customers report it: Acme Corp and Beta Ltd.", "T-101 T-102", "derived", "count([T-101], [T-102])"),
        ("Both customers report it.", "T-101 T-102", "observed", None),
        ("The two tickets are 101 and 102.", "T-101 T-102", "observed", None),
        ("The SLA is not breached yet; it runs out in 4 hours.", "T-101", "derived", "hours(now, [T-101].due_at)"),
        ("Nobody has answered Dana Reyes for 31 hours.", "T-101/4", "derived", "hours([T-101/4].at, now)"),
        ("EXP-7 has not been updated for 2 days.", "I-EXP-7", "derived", "days([I-EXP-7].updated_at, now)"),
        ("EXP-7 does not name Beta Ltd.", "I-EXP-7 T-102 S-project_tracker", "absence", None),
        ("No record says that the export worker was replaced.", "T-101/3 S-support_platform", "absence", None),
        ("No record mentions a failover.", "T-101 S-support_platform", "absence", 'mentions("failover")'),
        ("The question of T-101/4 is unanswered.", "T-101/4 S-support_platform", "absence", None),
        ("As typed: 3 customers report empty exports.", "R-0", "observed", None),
        ("Customers report empty exports.", "R-0", CUSTOMER, None),
        ("The article says to wait for 15 minutes and to export again.", "K-empty", "observed", None),
        ("PR #77 waits for Petra Nyman, says Nils Berg.", "M-1", STAFF, None),
        ("Half a month after the report, on 18 December, the contract ends.", "A-acme", "observed", None),
    ],
)
def test_a_true_statement_passes(text: str, cites: str, kind: Kind, formula: str | None) -> None:
    assert reasons(text, cites, kind, formula) == ()


@pytest.mark.parametrize(
    ("text", "cites", "kind", "formula", "reason"),
    [
        ("", "T-101", "observed", None, "is empty"),
        ("x" * 5000, "T-101", "observed", None, "5,000 characters"),
        ("Exports are empty.", "", "observed", None, "cites nothing"),
        ("Exports are empty.", "T-999 T-101", "observed", None, "no evidence row T-999"),
        ("Exports are empty.", "T-101/1", "observed", None, "no cited row is a system record"),
        ("Exports are empty.", "T-101/2", CUSTOMER, None, "no cited row is by a customer"),
        ("Exports are empty.", "T-101/1", STAFF, None, "no cited row is by an agent or engineer"),
        ("Ravi Shah says that exports are empty.", "T-101/1", CUSTOMER, None, "no cited row is by Ravi Shah"),
        ("The engineer says that exports are empty.", "T-101/1", CUSTOMER, None, "by an agent or engineer"),
        ("The customer says that it may be the cache.", "T-101/3", STAFF, None, "by a customer"),
        ("Dana Reyes (agent): “12 of 40 exports failed”", "T-101/1", CUSTOMER, None, "no cited row is by Dana Reyes"),
        ("13 of 40 exports failed.", "T-101/1", CUSTOMER, None, "“13 of 40” is in none"),
        ("40 of 12 exports failed.", "T-101/1", CUSTOMER, None, "“40 of 12” is in none"),
        ("Exports failed on worker 5.2.1.", "T-101/1", CUSTOMER, None, "“5.2.1” is in none"),
        ("Exports fail with ERR_EMPTY_DISK.", "T-101/1", CUSTOMER, None, "“ERR_EMPTY_DISK” is in none"),
        ("Exports fail after 30 minutes.", "T-101/1", CUSTOMER, None, "“30 minutes” is in none"),
        ("Carla Muster's exports are empty.", "T-101/1", CUSTOMER, None, "the name “Carla Muster” is in none"),
        ("Dana Shah says that exports are empty.", "T-101/1 T-101/2", CUSTOMER, None, "Dana Shah"),
        ("The exports of acme-eu-prod are empty.", "T-101/1", CUSTOMER, None, "the name “acme-eu-prod”"),
        (
            "Dana Reyes: “12 of 40 imports failed”",
            "T-101/1",
            CUSTOMER,
            None,
            "“12 of 40 imports failed” does not stand so",
        ),
        ("Dana Reyes: “30 seconds … 12 of 40”", "T-101/1", CUSTOMER, None, "does not stand so"),
        ("The customer says that it is fixed.", "T-101/4", CUSTOMER, None, "deny “fixed”"),
        ("12 of 40 exports did not fail.", "T-101/1", CUSTOMER, None, "affirm “fail”"),
        ("The importer was never replaced.", "T-102", "observed", None, "do not speak of this"),
        ("The warehouse burned down.", "T-101/1", CUSTOMER, None, "do not speak of this"),
        ("It is the cache.", "T-101/3", STAFF, None, "is not sure of it"),
        ("The data is safe.", "T-101/1", CUSTOMER, None, "asks"),
        ("The customer was answered by noon.", "T-101/2", STAFF, None, "only announces it"),
        ("It is the cache.", "T-101/3", "hypothesis", None, "must read as one"),
        ("All exports are always empty.", "T-102", "observed", None, "is wider than"),
        ("The cache causes empty files.", "T-102", "observed", None, "no cited row says what causes it"),
        ("Ticket 101 is closed.", "T-101", "observed", None, "the status is “open”"),
        ("Ticket 101 has priority low.", "T-101", "observed", None, "the priority is “high”"),
        ("Its priority is not high.", "T-101", "observed", None, "say what the priority is"),
        ("The fix is PR #78.", "M-1", STAFF, None, "“#78” is in none"),
        ("EUR 2.7M are at stake.", "A-acme D-1", "derived", "sum([A-acme].arr, [D-1].amount)", "does not say what the"),
        ("EUR 2.6M are at stake.", "A-acme", "derived", "sum([A-acme].arr, [D-1].amount)", "[D-1], which is not cited"),
        ("EUR 2.6M are at stake.", "A-acme D-1", "derived", None, "needs a formula"),
        ("EUR 2.6M are at stake.", "A-acme D-1", "derived", "sum(", "ends too early"),
        ("14 exports failed.", "T-101/1", "derived", "12 + 2", "2, which stands in no cited row"),
        (
            "It waited 5 hours.",
            "T-101/1",
            "derived",
            'hours("2026-11-16T08:00Z", "2026-11-16T13:00Z")',
            "stands in no cited",
        ),
        ("EXP-7 does not name 101.", "I-EXP-7 S-project_tracker", "absence", None, "EXP-7 does hold “101”"),
        ("EXP-9 does not name Beta Ltd.", "I-EXP-7 T-102 S-project_tracker", "absence", None, "“EXP-9”"),
        ("EXP-7 does not name Beta Ltd.", "T-102 T-101 S-project_tracker", "absence", None, "EXP-7"),
        ("No record says so.", "T-101", "absence", None, "must cite the coverage"),
        ("No record says so.", "T-101 S-partial", "absence", None, "was partial"),
        ("The export worker was restarted.", "T-101 S-support_platform", "absence", None, "must read as one"),
        ("No record says that it was not tried.", "T-101 S-support_platform", "absence", None, "denies twice"),
        (
            "No CRM record names Acme Corp.",
            "T-101 S-support_platform",
            "absence",
            None,
            "cite the coverage of that search",
        ),
        ("Nobody has answered Dana Reyes.", "T-101/1 S-support_platform", "absence", None, "is a public answer after"),
        ("Nobody restarted the export worker.", "T-101 S-support_platform", "absence", None, "did happen"),
        ("No record mentions the cache.", "T-101 S-support_platform", "absence", 'mentions("cache")', "must give 0"),
        ("It was not due 4 hours from now.", "T-101", "derived", "hours(now, [T-101].due_at)", "cannot be denied"),
        (
            "EXP-7 has been updated for 2 days.",
            "I-EXP-7",
            "derived",
            "days([I-EXP-7].updated_at, now)",
            "nothing happened",
        ),
        ("Acme Corp's ARR is not EUR 2.5M.", "A-acme", "observed", None, "the statement denies “EUR 2.5M”"),
        ("Ticket 101 has not been unanswered.", "T-101", "observed", None, "denies twice"),
        ("Exports are empty.", "T-101 A-beta", "observed", None, "[A-beta] has nothing to do with the statement"),
    ],
)
def test_a_false_statement_is_refused_with_a_reason_that_helps(
    text: str, cites: str, kind: Kind, formula: str | None, reason: str
) -> None:
    assert reason in why(text, cites, kind, formula)


def test_an_unknown_kind_is_refused() -> None:
    odd = Statement("Exports are empty.", ("T-101",), "rumour")  # type: ignore[arg-type]  # from outside

    assert "“rumour” is no kind of statement" in check(odd, ledger(), NOW)[0]


def test_a_name_is_known_from_the_ticket_that_a_comment_belongs_to() -> None:
    assert reasons("Acme Corp states that 12 of 40 exports failed.", "T-101/1", CUSTOMER) == ()
    assert reasons("Beta Ltd states that 12 of 40 exports failed.", "T-101/1", CUSTOMER) != ()


def test_names_are_not_mixed_from_two_people() -> None:
    both = row("X-1", "Dana Whitlock met Gregory Sloane, the VP, at Orders API Day.", author=RAVI)

    assert reasons("Gregory Sloane met Dana Whitlock at the Orders API Day.", "X-1", STAFF, None, both) == ()
    assert "Dana Sloane" in why("Dana Sloane met Gregory at the Orders API Day.", "X-1", STAFF, None, both)


def test_figures_stay_with_who_is_said_to_say_them() -> None:
    ours = row("X-1", "Our dashboards show 620 ms.", author=RAVI)
    theirs = row("X-2", "We measure 38 s per page.", author=DANA)
    true = "Ravi Shah says 620 ms, while Dana Reyes says 38 s."
    swapped = "Ravi Shah says 38 s, while Dana Reyes says 620 ms."

    assert reasons(true, "X-1 X-2", STAFF, None, ours, theirs) == ()
    assert "who is said to say it" in why(swapped, "X-1 X-2", STAFF, None, ours, theirs)


def test_what_stands_apart_in_a_row_is_not_put_together() -> None:
    note = row("X-1", "Acme uses OIDC. Tarnholm uses SAML.", author=NILS)

    assert reasons("Acme uses OIDC and Tarnholm uses SAML.", "X-1", STAFF, None, note) == ()
    assert "do not stand together" in why("Acme uses SAML and Tarnholm uses OIDC.", "X-1", STAFF, None, note)


def test_a_number_belongs_to_the_word_before_it() -> None:
    note = row("X-1", "Tried with Chrome 142 and Firefox 145, on a second host.", author=DANA)

    assert reasons("Tried with Chrome 142 and Firefox 145.", "X-1", CUSTOMER, None, note) == ()
    assert "have 142, not 145" in why("Tried with Chrome 145.", "X-1", CUSTOMER, None, note)
    assert "have second, not third" in why("Tried with Chrome 142 on a third host.", "X-1", CUSTOMER, None, note)


def test_a_rise_is_not_told_as_a_fall() -> None:
    note = row("X-1", "On Sunday 2.1 % failed, today 2.9 %.", author=DANA)

    assert reasons("Failures grew from 2.1 % to 2.9 %.", "X-1", CUSTOMER, None, note) == ()
    assert "is a rise" in why("Failures fell from 2.1 % to 2.9 %.", "X-1", CUSTOMER, None, note)
    assert "is a fall" in why("Failures grew from 2.9 % to 2.1 %.", "X-1", CUSTOMER, None, note)


def test_before_and_after_follow_the_formula() -> None:
    rollout = row("X-1", "Console 3.41.0 was rolled out.", when=at(19, 13, 10))
    report = row("X-2", "We see foreign invoices.", author=DANA, when=at(19, 14, 55))
    formula = "hours([X-1].at, [X-2].at)"
    after = "The report came 1.8 hours after console 3.41.0 was rolled out."
    before = "The report came 1.8 hours before console 3.41.0 was rolled out."

    assert reasons(after, "X-1 X-2", "derived", formula, rollout, report) == ()
    assert "the other way around" in why(before, "X-1 X-2", "derived", formula, rollout, report)


def test_literal_times_count_in_a_formula_where_a_row_names_them() -> None:
    call = row("X-1", "The call is on Monday 23 November, 15:00 UTC.", author=RAVI, when=at(18, 9))
    freeze = row("X-2", "Our freeze starts on Monday 23 November at 17:00 UTC.", author=DANA, when=at(18, 9))
    formula = 'hours("2026-11-23T15:00:00Z", "2026-11-23T17:00:00Z")'

    assert reasons("The freeze starts 2 hours after the call.", "X-1 X-2", "derived", formula, call, freeze) == ()
    assert "the other way around" in why(
        "The call is 2 hours after our freeze starts.", "X-1 X-2", "derived", formula, call, freeze
    )


def test_a_formula_over_amounts_in_a_text_keeps_their_currency() -> None:
    invoice = row("X-1", "Two lines: EUR 504.00 and EUR 43.20.", author=DANA)

    assert reasons("The lines come to EUR 547.20.", "X-1", "derived", "504.00 + 43.20", invoice) == ()
    assert reasons("The lines come to USD 547.20.", "X-1", "derived", "504.00 + 43.20", invoice) != ()


def test_several_figures_have_a_formula_each() -> None:
    formula = "count([T-101], [T-102]); hours([T-101].created_at, [T-102].created_at)"

    assert reasons("Two tickets came within 24 hours.", "T-101 T-102", "derived", formula) == ()
    assert "does not say" in why("Two tickets came soon.", "T-101 T-102", "derived", formula)


def test_one_may_be_said_in_words() -> None:
    assert reasons("A single ticket tells of it.", "T-101", "derived", "count([T-101])") == ()


def test_a_computed_row_must_hold_before_it_supports_anything() -> None:
    good = row("C-1", "2 customers", origin="computed", formula="count([T-101], [T-102])", inputs=("T-101", "T-102"))
    wrong = row("C-2", "3 customers", origin="computed", formula="count([T-101], [T-102])", inputs=("T-101", "T-102"))
    loose = row("C-3", "2 customers", origin="computed", formula="count([T-101], [T-102])", inputs=("T-101",))
    above = row("C-4", "4 customers in all", origin="computed", formula="2 * [C-2]", inputs=("C-2",))

    assert reasons("Two customers report it.", "C-1", "derived", None, good) == ()
    assert "its formula gives 2" in why("Three customers report it.", "C-2", "derived", None, wrong)
    assert "[T-102], which is not cited" in why("Two customers report it.", "C-3", "derived", None, loose)
    assert "its formula gives 2" in why("Four customers report it.", "C-4", "derived", None, wrong, above)


def test_a_computed_row_without_a_readable_formula_supports_nothing() -> None:
    bare = row("C-1", "2 customers", origin="computed", inputs=("T-101",))
    odd = row("C-2", "2 customers", origin="computed", formula="policy", inputs=("T-101",))

    assert "has no formula" in why("Two customers report it.", "C-1", "derived", None, bare)
    assert "“policy” is not known" in why("Two customers report it.", "C-2", "derived", None, odd)


def test_a_time_that_was_computed_may_be_said() -> None:
    formula = "add_hours([T-101].created_at, 96)"
    said = "Due at 2026-11-20T08:00Z by the 96 hours of T-101."
    due = row("C-1", said, origin="computed", formula=formula, inputs=("T-101", "Y-1"))
    policy = row("Y-1", "high: fix within 96 hours", category="policy")

    assert reasons("It is due on 20 November at 08:00 UTC.", "C-1", "derived", None, due, policy) == ()
    assert reasons("It is due on 21 November at 08:00 UTC.", "C-1", "derived", None, due, policy) != ()


def test_now_may_be_named_where_the_formula_uses_it() -> None:
    text = "At 16:00 UTC on 19 November the SLA has 4 hours left."

    assert reasons(text, "T-101", "derived", "hours(now, [T-101].due_at)") == ()
    assert reasons(text, "T-101", "derived", "4 * 1") != ()


def test_a_colleague_may_retell_what_a_customer_said() -> None:
    told = row("X-1", "The customer reports that exports are empty.", author=RAVI)

    assert reasons("The customer says that exports are empty.", "X-1", STAFF, None, told) == ()


def test_a_question_that_was_answered_with_no_is_denied() -> None:
    asked = row("X-1", "Is this all Enterprise customers?", author=RAVI, category="chat", title="#inc")
    denied = row("X-2", "No. It is the four tenants with enforced SAML.", author=NILS, category="chat", title="#inc")

    assert reasons("Not all Enterprise customers are affected.", "X-1 X-2", STAFF, None, asked, denied) == ()


@pytest.mark.parametrize(
    ("source", "true", "false"),
    [
        (
            "Fixes are rolling out over the next 24 hours.",
            "Fixes will roll out over 24 hours.",
            "Fixes were rolled out.",
        ),
        ("This is a false alarm, right?", "It is asked whether this is a false alarm.", "This is a false alarm."),
        ("I think, it is the proxy.", "The proxy is suspected.", "It is the proxy."),
        ("Please restart the worker and clear the cache.", "They asked to clear the cache.", "The cache was cleared."),
        ("The files are unreadable.", "The files cannot be read.", "The files are readable."),
        ("Order 7 is uncaptured in Stripe.", "Order 7 is not captured in Stripe.", "Order 7 is captured in Stripe."),
        ("Failures increased on Sunday.", "Failures grew on Sunday.", "Failures decreased on Sunday."),
        ("None of the files holds a header.", "The files hold no header.", "Every file holds a header."),
        ("We lack 7 rows of the file.", "7 rows are missing from the file.", "7 rows are not missing from the file."),
        ("Without it we lose the audit.", "Without it the audit is lost.", "With it the audit is lost."),
        (
            "Could you send the PDFs that are not yours?",
            "PDFs that are not yours are asked for.",
            "The PDFs were sent.",
        ),
        (
            "Sign-ins are not what auditors ask for.",
            "Auditors do not ask for sign-ins.",
            "Nobody audits sign-ins at Acme.",
        ),
        ("Use it on production, not on staging.", "Use it on production.", "Use it on Mars."),
        ("It runs on staging only.", "It runs on staging.", "It runs on production."),
        ("They are late rather than blocked.", "They are late and not blocked.", "They are blocked rather than late."),
        ("0 failures in 400 calls.", "No failures in 400 calls.", "Failures in 400 calls."),
        ("The fix failed to reach us.", "The fix did not reach us.", "The fix reached us."),
        ("Everybody is locked out.", "Everybody is locked out.", "Nobody is locked out."),
        ("Login is not only slow.", "Login is slow.", "Login is not slow."),
        ("Hypothesis: the pool is too small. It waits.", "The pool may be too small.", "The pool is too small."),
    ],
)
def test_the_sign_and_the_certainty_of_a_row_are_kept(source: str, true: str, false: str) -> None:
    said = row("X-1", source, author=NILS)

    assert reasons(true, "X-1", STAFF, None, said) == ()
    assert reasons(false, "X-1", STAFF, None, said) != ()


@pytest.mark.parametrize(
    "quoted",
    [
        "“keyed in by hand”", '"keyed in by hand"', "`keyed in by hand`", "«keyed in by hand»", "„keyed in by hand“",
        "‘keyed in by hand’", "'keyed in by hand'", "“Orders … by hand.”", "“Orders [...] keyed in”",
    ],
)  # fmt: skip
def test_every_style_of_quotation_marks_is_known(quoted: str) -> None:
    said = row("X-1", "Orders that don't pass are\nkeyed in by hand.", author=DANA)

    assert reasons(f"Dana Reyes says: {quoted}", "X-1", CUSTOMER, None, said) == ()
    wrong = quoted.replace("hand", "phone").replace("keyed", "typed")
    assert "does not stand so" in why(f"Dana Reyes says: {wrong}", "X-1", CUSTOMER, None, said)


def test_an_apostrophe_opens_no_quotation() -> None:
    said = row("X-1", "The customers' orders don't pass.", author=DANA)

    assert reasons("The customers' orders don't pass.", "X-1", CUSTOMER, None, said) == ()


def test_ordinary_words_with_a_capital_are_no_names() -> None:
    said = row("X-1", "exports are empty", author=Author("", "customer"))
    text = "Meanwhile exports are empty. Re-testing: Exports are empty; the SLA and the API are not concerned."

    assert all("the name" not in reason for reason in reasons(text, "X-1", CUSTOMER, None, said))
    assert "Zorblat" in why("Zorblat exports are empty.", "X-1", CUSTOMER, None, said)
