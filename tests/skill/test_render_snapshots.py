"""Whole outputs, as they read: UPDATE_SNAPSHOTS=1 writes them anew, and the change is reviewed as a diff."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from customer_escalation.render import FORMATS, render
from tests.skill import render_samples
from tests.skill.render_hostile import RESULTS

SNAPSHOTS = Path(__file__).parents[1] / "snapshots" / "render"
ENDINGS = {"markdown": "md", "json": "json", "html": "html", "slack": "txt"}
SAMPLES = ("escalation", "handled", "unknown", "hostile")


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("sample", SAMPLES)
def test_an_output_reads_as_its_snapshot(sample: str, format_: str) -> None:
    text = render(RESULTS[sample](), format_)
    snapshot = SNAPSHOTS / f"{sample}.{ENDINGS[format_]}"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        snapshot.parent.mkdir(parents=True, exist_ok=True)
        snapshot.write_text(text, encoding="utf-8", newline="")
    assert text == snapshot.read_bytes().decode()


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_result_gives_the_same_bytes(format_: str) -> None:
    assert render(render_samples.escalation(), format_) == render(render_samples.escalation(), format_)


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unknown format 'pdf': choose markdown, json, html, slack"):
        render(render_samples.unknown(), "pdf")
