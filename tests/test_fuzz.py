"""Whatever is typed or stored, the command line answers with a result or one clear line, never with a traceback."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from customer_escalation.cli import main
from tests import strange

FIXED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
)
NOW = ("--now", "2026-11-19T16:50:00Z")


@pytest.fixture(autouse=True)
def _away_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine is read or written: no home, no folder of ours."""
    (tmp_path / "person").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "person"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "person"))
    monkeypatch.chdir(tmp_path / "person")


def answer(argv: list[str], typed: bytes = b"") -> tuple[int, str]:
    """The exit status and the output, after checking that a failure is one line and nothing else."""
    raw, errors = io.BytesIO(), io.StringIO()
    output = io.TextIOWrapper(raw, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        status = main(argv)
    output.flush()
    out, err = raw.getvalue().decode(), errors.getvalue()
    assert "unexpected" not in err, err
    assert status in {0, 2, 3}
    if status == 0:
        assert err == ""
    else:
        assert (out, err.count("\n"), err.startswith("customer-escalation: ")) == ("", 1, True)
    return status, out


def escalated(files: Mapping[str, bytes], text: str, *more: str) -> tuple[int, str]:
    """An `escalate` on a workspace of these files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        return answer(["escalate", "--workspace", folder, *NOW, *more, "--", text])


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


@FIXED
@given(strange.ARGV)
def test_no_arguments_lead_to_a_traceback(argv: list[str]) -> None:
    answer(argv)


@FIXED
@given(strange.TEXT | st.text(max_size=300), strange.FORMAT)
def test_no_issue_text_leads_to_a_traceback(text: str, format_name: str) -> None:
    status, out = answer(["escalate", *NOW, "--format", format_name, "--", text])

    assert (status == 2) == (out == "")
    if status == 0 and format_name == "json":
        assert json.loads(out)["schema_version"] == "1"


@FIXED
@given(st.binary(max_size=200))
def test_no_typed_bytes_lead_to_a_traceback(typed: bytes) -> None:
    answer(["escalate", "-", *NOW], typed)


@FIXED
@given(strange.PROFILE)
def test_no_profile_leads_to_a_traceback(profile: object) -> None:
    raw = yaml.safe_dump(profile, allow_unicode=True).encode()

    escalated({"tickets.jsonl": b"", "workspace.yaml": raw}, "API down for Acme Corp")


@FIXED
@given(strange.PROFILE_BYTES)
def test_no_bytes_in_the_profile_lead_to_a_traceback(raw: bytes) -> None:
    escalated({"tickets.jsonl": b"", "workspace.yaml": raw}, "API down for Acme Corp")


@FIXED
@given(strange.RECORDS, strange.TEXT, strange.FORMAT)
def test_no_records_lead_to_a_traceback(records: dict[str, list[object]], text: str, format_name: str) -> None:
    files = {name: lines(*rows) for name, rows in records.items()}

    status, _ = escalated(files, f"API down {text}", "--format", format_name, "--skip-invalid")

    assert status == 0


@FIXED
@given(strange.ODD_TICKET)
def test_no_odd_field_of_a_ticket_leads_to_a_traceback(ticket: object) -> None:
    status, _ = escalated({"tickets.jsonl": lines(ticket)}, "API down", "--skip-invalid")

    assert status == 0
