"""A newcomer on the sample company, without any option: from a kept brief to the last customer told, and the end."""

from __future__ import annotations

import shutil
from pathlib import Path

from customer_escalation import resources
from customer_escalation.casebook import Casebook
from tests.casebook.ical import read
from tests.commands.conftest import Run, Said, waiting, written

SAMPLE = "This is the bundled sample company (Larkfield), whose time is 2026-11-19T17:50+01:00; --workspace reads"


def test_a_kept_brief_says_its_case_its_offers_and_where_writes_land(kept: Said, home: Path) -> None:
    lines = kept.err.splitlines()

    assert kept.status == 0
    assert kept.out.startswith("## ESCALATION: ")
    assert lines[:2] == [
        "Kept as case-1.",
        "Waiting for your yes; `customer-escalation approve ID` shows the exact text first:",
    ]
    assert "  Message to the team's channel → #eng-orders: Post the brief in the channel of Engineering" in lines[2]
    assert "  Reply to the customer, left as a draft → 51842" in kept.err
    assert f"What you approve is written as files into {home / 'outbox'}" in lines
    assert lines[-1] == "How it goes on: customer-escalation show case-1"


def test_how_it_goes_on_names_the_same_workspace(run: Run, tmp_path: Path) -> None:
    ours = tmp_path / "our company"
    shutil.copytree(resources.SAMPLE, ours)

    said = run("escalate", "API returning 500 errors intermittently for Acme Corp", "--keep", "--workspace", str(ours))

    assert said.err.splitlines()[-1] == f"How it goes on: customer-escalation show case-1 --workspace='{ours}'"
    assert f"`customer-escalation approve ID --workspace='{ours}'` shows the exact text first" in said.err


def test_the_whole_loop_from_the_brief_to_the_end(run: Run, kept: Said, home: Path) -> None:
    assert run("cases").out.splitlines()[1].split()[:4] == ["case-1", "high", "open", "2026-11-19T21:48+01:00"]
    shown = run("show", "case-1")
    assert "Acme Corp (51842): not told yet, not confirmed" in shown.out
    assert SAMPLE in shown.out
    due = run("due").out
    assert "case-1 (high, open) customer:Acme Corp: the SLA falls due\n│ Hello Acme Corp," in due
    post = waiting(run)
    assert f"  {post['id'][:8]}  post to chat → #eng-orders of case-1" in due

    approved = run("approve", post["id"][:8], person="yes\n")
    assert (approved.status, approved.err) == (0, "Type yes to write exactly this, anything else to leave it: ")
    assert "\n".join(f"│ {line}" for line in post["text"].split("\n")) in approved.out
    assert "Written once to #eng-orders (outbox)." in approved.out
    (page,) = written(home)
    assert page.endswith(f"---\n\n{post['text']}\n")
    assert (home / "outbox").as_uri() in approved.out

    assert run("update", "case-1", "acknowledged", "--why", "Nils has it").status == 0
    resolved = run("update", "case-1", "resolved", "--why", "rolled back")
    assert resolved.out.startswith("case-1 is resolved (it was acknowledged)\nWhy: rolled back\n")
    assert "Before it can be closed: Acme Corp, Pellworth Supply not told of the end" in resolved.out
    early = run("close", "case-1")
    assert (early.status, early.out) == (1, "")
    assert early.err.startswith("customer-escalation: not yet: Acme Corp, Pellworth Supply not told of the end")
    for customer in ("acme corp", "Pellworth Supply"):
        assert run("update", "case-1", "told", "--customer", customer).status == 0
        assert run("update", "case-1", "confirmed", "--customer", customer).status == 0
    assert run("close", "case-1").out.startswith("case-1 is closed\nclosed, high, for engineering")

    assert run("cases").out.startswith("None of these (0 of 1 cases).")
    assert run("cases", "--status", "closed", "--json").json["cases"][0]["case_id"] == "case-1"
    assert run("verify", "case-1").out.startswith("case-1: the trail is unchanged\n")


def test_the_sample_company_can_be_looked_at_later(run: Run, kept: Said) -> None:
    later = ("--now", "2026-11-20T09:00:00Z")

    assert run("cases", *later).out.splitlines()[1].split()[:4] == ["case-1", "high", "open", "OVERDUE"]
    assert "OVERDUE by 12 h 12 min, the lead's turn  case-1" in run("due", *later).out
    looked = run("watch", "case-1", *later)
    assert looked.out.startswith("case-1: looked at again (")
    assert "The SLA of ticket 51842 ran out" in looked.out
    assert run("watch", "case-1", *later).out.startswith("case-1: nothing new (")


def test_the_calendar_holds_what_due_tells(run: Run, kept: Said, tmp_path: Path) -> None:
    file = tmp_path / "due.ics"

    assert run("calendar", "--output", str(file)) == Said(0, "", "")

    due = run("due", "--json", "--hours", "12").json["due"]
    events = read(file.read_bytes()).parts
    assert [event.moment("DTSTART").isoformat() for event in events] == [
        "2026-11-19T20:48:00+00:00",
        "2026-11-19T20:50:00+00:00",
        "2026-11-20T00:50:00+00:00",
    ]
    assert len(due) == len(events)
    assert (
        run("calendar").out.encode() == file.read_bytes().replace(b"\r\n", b"\n")
        or run("calendar").out.encode() == file.read_bytes()
    )


def test_a_case_steps_down_by_a_condition_and_is_escalated_again(run: Run, kept: Said) -> None:
    down = run("de-escalate", "case-1", "workaround", "--why", "batching works", "--evidence", "T-51842")
    assert down.status == 0
    assert down.out.startswith("case-1 steps down: A workaround unblocks the customer\nWhy: batching works\n")
    assert "\nde escalated, high, for " in down.out
    assert "Before it can be closed: Acme Corp, Pellworth Supply not told of the end" in down.out

    again = run("update", "case-1", "escalated", "--value", "critical", "--why", "it came back")
    assert again.out.startswith(
        "case-1 is escalated again, critical\nWhy: it came back\nopen, critical, for engineering"
    )


def test_the_end_asks_for_its_duties_and_proposes_their_writes(run: Run, kept: Said, home: Path) -> None:
    down = run("de-escalate", "case-1", "workaround", "--why", "batching works").out

    assert "  Notify the team that it was escalated to: Engineering not notified (1 waiting for a yes)\n" in down
    reply = next(line.split()[0] for line in down.splitlines() if line.endswith(" reply_to_customer → 51842"))
    assert "Acme Corp (51842): not told yet" in run("show", "case-1").out
    assert run("propose", "case-1", reply, "--send").status == 0
    sent = next(
        each
        for each in run("show", "case-1", "--json").json["pending"]
        if each["to"] == "51842" and each["what"].endswith("SENT to them at once")
    )
    assert run("approve", sent["id"], person="yes\n").status == 0
    assert "Acme Corp (51842): told 2026-11-19T17:50+01:00" in run("show", "case-1").out
    learned = run("update", "case-1", "learned", "--value", "root_cause", "--why", "the pool was too small")
    assert learned.out.startswith("case-1: what was learned, root cause: the pool was too small\n")
    assert "root cause: the pool was too small" in run("show", "case-1").out


def test_the_next_case_of_the_same_report_is_told_of_the_first(run: Run, kept: Said) -> None:
    issue = "API returning 500 errors intermittently for Acme Corp"
    refused = run("escalate", issue, "--keep")
    again = run("escalate", issue, "--keep", "--again")

    assert refused.status == 0
    assert refused.err.splitlines() == [
        "Not kept: ticket 51842 is followed up already as case-1 (open).",
        "How it goes on: customer-escalation show case-1",
        "`watch case-1` reads its sources again; `escalate --keep --again` opens a second case.",
    ]
    assert again.err.startswith("Kept as case-2.")
    assert again.err.splitlines()[1].startswith("The same report is kept already as case-1 (open")
    assert "The same report is kept already as case-1 (open" in run("show", "case-2").out


def test_what_support_handles_is_kept_and_can_be_escalated_later(run: Run) -> None:
    said = run("escalate", "How do we invite users in bulk?", "--keep")

    assert (said.status, said.err.splitlines()[0]) == (0, "Kept as case-1; support handles it, so nothing falls due.")
    assert said.err.splitlines()[-1] == "How it goes on: customer-escalation update case-1 escalated"
    assert run("cases").out.startswith("None of these")
    assert run("update", "case-1", "escalated", "--value", "high").out.startswith("case-1 is escalated to ")
    assert run("cases", "--json").json["cases"][0]["status"] == "open"


def test_without_a_case_the_commands_say_how_to_open_one(run: Run) -> None:
    assert run("cases").out.startswith('No cases yet; `customer-escalation escalate "..." --keep` opens one.')
    assert run("due").out.startswith("Nothing falls due in this time.")
    assert run("verify", "--all").out.startswith("0 of 0 trails are unchanged")


def test_a_plain_brief_keeps_nothing(run: Run, home: Path) -> None:
    assert run("escalate", "API returning 500 errors for Acme Corp").err == ""

    assert not (home / "casebook.sqlite3").exists()


def test_each_answer_is_also_json(run: Run, kept: Said) -> None:
    for argv in (
        ("cases",),
        ("show", "case-1"),
        ("due",),
        ("watch", "case-1"),
        ("verify", "--all"),
        ("propose", "case-1", "n1"),
        ("update", "case-1", "note", "--why", "x"),
        ("close", "case-1", "--why", "x"),
    ):
        said = run(*argv, "--json")
        assert (said.status, said.err) == (0, ""), argv
        assert said.json


def test_a_changed_trail_is_named_and_the_status_says_so(run: Run, kept: Said, home: Path) -> None:
    book = Casebook(home / "casebook.sqlite3")
    with book.database.writing() as db:
        db.exec_driver_sql("UPDATE events SET why = 'never' WHERE number = 1")
    book.close()

    checked = run("verify", "case-1")

    assert (checked.status, checked.err) == (1, "")
    assert checked.out.startswith("case-1: event 1 was changed\n0 of 1 trails are unchanged\n")
    assert run("verify", "--all", "--json").json == {"cases": {"case-1": "case-1: event 1 was changed"}, "broken": 1}
    assert "The trail is broken: case-1: event 1 was changed" in run("show", "case-1").out
