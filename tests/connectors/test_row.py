"""A vendor's JSON, read field by field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation_connectors.errors import BadAnswer
from escalation_connectors.row import NOTHING, Row

ROW = Row(
    {"a": {"b": "x", "n": 7, "f": 1.5, "t": True, "null": None}, "list": [{"c": 1}, "x", None], "texts": ["p", 2, None],
     "number": "12.5", "bad": "1e999", "at": "2026-11-03T09:00:00Z", "naive": "2026-11-03", "epoch": 1764000000,
     "ms": 1764000000000, "lines": "a\r\nb\rc", "slack": "1764000000.123456", "never": "soon", "far": 9e17},
    "vendor",
)  # fmt: skip


def test_fields_are_read_by_path() -> None:
    assert (ROW.text("a", "b"), ROW.text("a", "n"), ROW.text("a", "f"), ROW.text("a", "t")) == ("x", "7", "1.5", "")
    assert (ROW.text("a", "null"), ROW.text("a", "b", "c"), ROW.text("none", "of", "it")) == ("", "", "")
    assert (ROW.number("number"), ROW.number("bad"), ROW.number("a", "t"), ROW.number("a", "b")) == (
        12.5,
        None,
        None,
        None,
    )
    assert (ROW.count("a", "n"), Row(-1, "v").count(), ROW.count("a")) == (7, None, None)
    assert (ROW.flag("a", "t"), ROW.flag("a", "n")) == (True, None)
    assert ROW.texts("texts") == ("p", "2")
    assert ROW.text("lines") == "a\nb\rc"
    assert [each.text("c") for each in ROW.rows("list")] == ["1"]
    assert [key for key, _ in ROW.row("a").items()] == ["b", "n", "f", "t", "null"]
    assert list(ROW.row("list").items()) == []
    assert (bool(NOTHING), bool(ROW), ROW.row("a", "b").raw) == (False, True, {})


def test_a_promised_list_that_is_not_there_is_told_by_its_name() -> None:
    assert [each.text("c") for each in ROW.must_rows("list")] == ["1"]
    assert ROW.must_rows("none", none=True) == ()
    with pytest.raises(BadAnswer, match=r"an answer without the list a\.b"):
        ROW.must_rows("a", "b")
    with pytest.raises(BadAnswer, match=r"an answer without the list$"):
        NOTHING.must_rows()


def test_times_are_aware() -> None:
    day = datetime(2026, 11, 3, tzinfo=UTC)
    assert (ROW.time("at"), ROW.time("naive")) == (day.replace(hour=9), day)
    assert ROW.time("epoch") == ROW.time("ms") == datetime.fromtimestamp(1764000000, UTC)
    assert ROW.time("slack") == datetime.fromtimestamp(1764000000.123456, UTC)
    assert (ROW.time("never"), ROW.time("far"), ROW.time("a")) == (None, None, None)


def test_what_a_contract_promises_is_insisted_on() -> None:
    assert (ROW.must("a", "b"), ROW.when("naive").tzinfo) == ("x", UTC)
    with pytest.raises(BadAnswer, match=r"vendor: an answer without a\.null"):
        ROW.must("a", "null")
    with pytest.raises(BadAnswer, match="vendor: an answer without a time in never"):
        ROW.when("never")
