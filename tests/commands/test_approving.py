"""A yes on the command line is a person's, to one exact text; and what the writes of a case are changed by."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.commands.conftest import Run, Said, waiting, written

NOBODY = (
    "customer-escalation: nobody can be asked here (standard input is no terminal); approve it in a terminal, or let "
    "scripts do it: `approve_without_terminal: true` in the file of --config, then --yes --sha256 HASH\n"
)


@pytest.fixture
def scripts(tmp_path: Path) -> Sequence[str]:
    """The option that lets scripts approve."""
    file = tmp_path / "scripts.yaml"
    file.write_text("approve_without_terminal: true\n", encoding="utf-8")
    return ("--config", str(file))


def test_where_nobody_can_be_asked_there_is_no_yes(run: Run, kept: Said, home: Path, tmp_path: Path) -> None:
    post = waiting(run)
    (tmp_path / "silent.yaml").write_text("tokens: file\n", encoding="utf-8")
    whole = ("approve", post["id"], "--yes", "--sha256", post["sha256"])

    for argv in (
        ("approve", post["id"]),
        ("approve", post["id"], "--sha256", post["sha256"]),
        whole,
        (*whole, "--as", "anna"),
        (*whole, "--config", str(tmp_path / "silent.yaml")),
    ):
        assert run(*argv, typed="yes\n") == Said(2, "", NOBODY)
    assert (written(home), waiting(run)["state"]) == ([], "pending")


def test_a_script_that_may_approve_gives_the_whole_hash(
    run: Run, kept: Said, home: Path, scripts: Sequence[str]
) -> None:
    post = waiting(run)

    refused = [
        run("approve", post["id"], *scripts, typed="yes\n"),
        run("approve", post["id"], "--sha256", post["sha256"], *scripts, typed="yes\n"),
        run("approve", post["id"], "--yes", *scripts),
        run("approve", post["id"], "--yes", "--sha256", post["sha256"][:63], *scripts),
        run("approve", post["id"], "--yes", "--sha256", "0" * 64, *scripts),
    ]
    assert [(said.status, said.out) for said in refused] == [(2, ""), (2, ""), (2, ""), (2, ""), (1, "")]
    assert "is not the text you saw" in refused[4].err
    assert written(home) == []

    said = run("approve", post["id"], "--yes", "--sha256", post["sha256"], "--json", *scripts)
    assert (said.status, said.json["state"]) == (0, "delivered")
    assert len(written(home)) == 1


def test_in_a_terminal_the_whole_hash_is_a_yes_too(run: Run, kept: Said, home: Path) -> None:
    post = waiting(run)

    assert run("approve", post["id"], "--yes", "--sha256", post["sha256"], person="").status == 0
    assert len(written(home)) == 1


@pytest.mark.parametrize("typed", ["no\n", "\n", "", "y\n", "YES\n", "yes please\n"])
def test_anything_but_yes_leaves_it(run: Run, kept: Said, home: Path, typed: str) -> None:
    said = run("approve", waiting(run)["id"], person=typed)

    assert (said.status, said.out.splitlines()[-1]) == (1, "Not approved; nothing was written.")
    assert (written(home), waiting(run)["state"]) == ([], "pending")


def test_a_write_is_approved_once(run: Run, kept: Said, home: Path) -> None:
    post = waiting(run)
    run("approve", post["id"], person="yes\n")

    again = run("approve", post["id"], person="yes\n")

    assert (again.status, again.out) == (1, "")
    assert again.err == (
        f"customer-escalation: proposal {post['id'][:8]} is delivered already; nothing more is written\n"
    )
    assert len(written(home)) == 1


def test_an_edited_text_needs_a_new_yes(run: Run, kept: Said, home: Path) -> None:
    post = waiting(run)

    edited = run("edit", post["id"], "--text", "Please look at ORD-3310.\n")

    assert "│ Please look at ORD-3310.\nsha256: " in edited.out
    old = run("approve", post["id"], "--yes", "--sha256", post["sha256"], person="")
    assert (old.status, written(home)) == (1, [])
    new = waiting(run)
    assert (new["id"], new["sha256"] != post["sha256"]) == (post["id"], True)
    assert run("approve", post["id"], "--sha256", new["sha256"][:8], person="yes\n").status == 0
    assert written(home)[0].endswith("---\n\nPlease look at ORD-3310.\n")


def test_a_new_text_may_come_through_a_pipe(run: Run, kept: Said) -> None:
    assert run("edit", waiting(run)["id"], typed="From a pipe.").status == 0

    assert waiting(run)["text"] == "From a pipe."


def test_in_a_terminal_the_editor_changes_the_text(
    run: Run, kept: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "my editor.py"
    script.write_text("import pathlib, sys\nf = pathlib.Path(sys.argv[1])\nf.write_text(f.read_text()[:10] + ' cut')\n")
    monkeypatch.setenv("EDITOR", f'"{sys.executable}" "{script}"')
    before = waiting(run)

    assert run("edit", before["id"], person="").status == 0

    assert waiting(run)["text"] == f"{before['text'][:10]} cut"


@pytest.mark.parametrize(
    ("editor", "line"),
    [
        ("", "--text: give the new text there, or name your editor in the variable EDITOR"),
        ("'half", "--text: give the new text there, or name your editor in the variable EDITOR"),
        ("/nowhere/vi", "EDITOR: /nowhere/vi: No such file or directory"),
        (
            f"{sys.executable} -c 'raise SystemExit(3)'",
            f"EDITOR: {sys.executable} ended with status 3; nothing was changed",
        ),
    ],
)
def test_an_editor_that_fails_changes_nothing(
    run: Run, kept: Said, monkeypatch: pytest.MonkeyPatch, editor: str, line: str
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    before = waiting(run)

    assert run("edit", before["id"], person="") == Said(2, "", f"customer-escalation: {line}\n")
    assert waiting(run)["sha256"] == before["sha256"]


def test_a_declined_write_waits_no_more(run: Run, kept: Said, home: Path) -> None:
    post = waiting(run)

    assert run("decline", post["id"], "--why", "too early").out.startswith(f"{post['id'][:8]} of case-1 is declined.\n")

    assert run("approve", post["id"], person="yes\n").status == 1
    assert written(home) == []
    assert "declined: " in run("show", "case-1").out


def test_a_text_of_ones_own_goes_to_a_place_of_the_case(run: Run, kept: Said, home: Path) -> None:
    said = run(
        "propose", "case-1", "reply_to_customer", "--to", "Pellworth Supply", "--text", "-", "--send", typed="Soon."
    )
    assert (
        "Reply to the customer, SENT to them at once\nto: 51871 for Pellworth Supply, through outbox\n│ Soon."
        in said.out
    )
    elsewhere = run("propose", "case-1", "post_to_chat", "--to", "#everybody", "--text", "x")
    assert (elsewhere.status, elsewhere.err.count("\n")) == (1, 1)

    reply = next(each for each in run("show", "case-1", "--whole", "--json").json["pending"] if each["text"] == "Soon.")
    assert run("approve", reply["id"], person="yes\n").status == 0
    assert "Pellworth Supply (51871): told 2026-11-19T17:50+01:00, not confirmed" in run("show", "case-1").out


def test_show_gives_the_exact_texts_with_their_hashes(run: Run, kept: Said) -> None:
    post = waiting(run)

    shown = run("show", "case-1", "--whole").out

    assert f"sha256: {post['sha256']}" in shown
    assert "\n".join(f"│ {line}" for line in post["text"].split("\n")) in shown


def test_nothing_is_settled_that_is_sure(run: Run, kept: Said) -> None:
    said = run("settle", waiting(run)["id"], "there")

    assert (said.status, said.out) == (1, "")
    assert said.err.endswith("is pending; there is nothing to settle\n")


def test_what_was_approved_and_is_not_known_to_be_written_is_said(run: Run, kept: Said, home: Path) -> None:
    from customer_escalation.casebook import Casebook
    from customer_escalation.casebook.proposals import approve, find

    post, book = waiting(run), Casebook(home / "casebook.sqlite3")
    approve(book, post["id"], post["sha256"], actor="person:anna", at=find(book, post["id"]).created_at)
    book.close()

    said = run("show", "case-1")

    head, line = said.out.partition("Approved, and not known to be written:")[1:]
    assert head
    assert line.split("\n")[1].strip().endswith("is not known yet and will be found out.")
