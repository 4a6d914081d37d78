"""YAML that a person wrote: read plainly, typed by key, and every complaint in one line that names its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from customer_escalation import plain_yaml, yaml_file
from escalation_connectors import options
from escalation_connectors.errors import InputError
from escalation_connectors.options import Fields


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("y", "y"), ("true", True), ("FALSE", False),
        ("17:00", "17:00"), ("9:00", "9:00"), ("2026-12-24", "2026-12-24"), ("2026-13-45", "2026-13-45"),
        ("42", 42), ("-1", -1), ("+1", 1), ("0", 0), ("010", "010"), ("0x1F", "0x1F"), ("1_000", "1_000"),
        ("9" * 18, int("9" * 18)), ("9" * 5000, float("inf")), ("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0),
        ("-.inf", float("-inf")), ("1.2.3", "1.2.3"), ("~", None), ("null", None), ("", None), ("'42'", "42"),
        ("<<", "<<"), ("=", "="), ("[1, a]", [1, "a"]), ("{a: 1}", {"a": 1}), ("<<: {a: 1}", {"<<": {"a": 1}}),
    ],
)  # fmt: skip
def test_only_plain_values_are_more_than_text(text: str, value: object) -> None:
    assert plain_yaml.parse(text) == value


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("a: [", "not valid YAML", 2),
        ("a: \x07", "not valid YAML", 0),
        ("? {a: b}\n: c", "not valid YAML", 1),
        ("a: &x 1\nb: *x", "an alias (*name) is not allowed", 2),
        ("a: !!int 1", "a tag (!name) is not allowed", 1),
        ("a: 1\nb: !own {c: 1}", "a tag (!name) is not allowed", 2),
        ("[" * 41, "nested too deeply", 1),
        ("- " * 100_000, "nested too deeply", 1),
    ],
)
def test_what_could_surprise_is_refused_with_its_line(text: str, what: str, line: int) -> None:
    with pytest.raises(plain_yaml.NotPlain) as caught:
        plain_yaml.parse(text)
    assert (str(caught.value), caught.value.line) == (what, line)


def test_forty_levels_are_enough_for_anybody() -> None:
    assert plain_yaml.parse("[" * 40 + "]" * 40)


def test_a_file_is_read_once_and_remembered(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("company: Larkfield")

    assert yaml_file.load(tmp_path / "a.yaml").values == {"company": "Larkfield"}
    assert yaml_file.load(tmp_path / "a.yaml").values == {"company": "Larkfield"}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"a: [", "a.yaml:2: not valid YAML"),
        (b"a: \x07", "a.yaml: not valid YAML"),
        (b"\xff", "a.yaml: not UTF-8 at byte 0"),
        (b"a\0", "a.yaml: holds a NUL byte (not UTF-8 text?)"),
        (b"#" * 1_000_001, "a.yaml: larger than 1,000,000 bytes"),
        (b"[]", "a.yaml: must be a mapping of keys, not a list"),
        (b"1.5", "a.yaml: must be a mapping of keys, not a number"),
    ],
)
def test_a_file_that_holds_no_mapping_is_refused(tmp_path: Path, content: bytes, line: str) -> None:
    (tmp_path / "a.yaml").write_bytes(content)
    with pytest.raises(InputError) as caught:
        yaml_file.load(tmp_path / "a.yaml")
    assert str(caught.value) == line


def test_an_empty_file_and_a_byte_order_mark_are_fine(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbf# nothing yet\n")

    assert yaml_file.load(tmp_path / "a.yaml").values == {}


def test_a_file_that_is_not_there_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^a\.yaml: cannot be read: No such file or directory$"):
        yaml_file.load(tmp_path / "a.yaml")
    with pytest.raises(InputError, match=r": not a file$"):
        yaml_file.load(tmp_path)


FIELDS = Fields(
    {
        "text": "x", "number": 1.5, "flag": True, "list": ["a", 1], "map": {"k": 1}, "rows": [{"id": "r"}, {}],
        "nul": "a\0", "half": ["\ud800"], "none": None, "mixed": ["a", {"b": 1}], "numbers": [1, 2.5], "huge": 2e15,
        "time": "2026-11-19T17:50:00+01:00", "day": "2026-11-19", "naive": "2026-11-19T16:50:00", "old": "1969-12-31",
    },
    "f.yaml: top",
)  # fmt: skip


def test_values_are_given_in_the_type_that_was_asked_for() -> None:
    assert (FIELDS.text("text"), FIELDS.text("number"), FIELDS.text("none", "d"), FIELDS.text("gone")) == (
        "x", "1.5", "d", "",
    )  # fmt: skip
    assert (FIELDS.number("number", 0), FIELDS.number("gone", 7)) == (1.5, 7)
    assert (FIELDS.flag("flag", False), FIELDS.flag("gone", True)) == (True, True)
    assert (FIELDS.texts("list"), FIELDS.texts("gone", ("d",))) == (("a", "1"), ("d",))
    assert (FIELDS.numbers("numbers"), FIELDS.numbers("gone")) == ((1.0, 2.5), ())
    assert (FIELDS.fields("map").values, FIELDS.fields("gone").values) == ({"k": 1}, {})
    assert ([row.values for row in FIELDS.rows("rows")], FIELDS.rows("gone")) == ([{"id": "r"}, {}], ())


def test_times_are_aware_and_in_utc() -> None:
    at = datetime(2026, 11, 19, 16, 50, tzinfo=UTC)

    assert (FIELDS.time("time"), FIELDS.time("naive")) == (at, at)
    assert (FIELDS.time("day"), FIELDS.time("gone")) == (datetime(2026, 11, 19, tzinfo=UTC), None)


WRONG: list[tuple[Callable[[Fields], object], str]] = [
    (lambda f: f.text("flag"), "flag: must be text, not true or false"),
    (lambda f: f.text("list"), "list: must be text, not a list"),
    (lambda f: f.text("nul"), r"nul: holds a NUL or half a character: 'a\x00'"),
    (lambda f: f.texts("half"), r"half: holds a NUL or half a character: '\ud800'"),
    (lambda f: f.texts("text"), "text: must be a list, not text"),
    (lambda f: f.texts("mixed"), "mixed: must be a list of texts"),
    (lambda f: f.number("text", 0), "text: must be a number, not 'x'"),
    (lambda f: f.number("flag", 0), "flag: must be a number, not True"),
    (lambda f: f.number("huge", 0), "huge: must be between 0 and 1,000,000,000,000,000, not 2000000000000000.0"),
    (lambda f: f.number("number", 0, 1), "number: must be between 0 and 1, not 1.5"),
    (lambda f: f.numbers("number"), "number: must be a list of numbers, not 1.5"),
    (lambda f: f.numbers("list"), "list: must be a number, not 'a'"),
    (lambda f: f.flag("text", True), "text: must be true or false, not 'x'"),
    (lambda f: f.flag("none", True), "none: must be true or false, not None"),
    (lambda f: f.fields("list"), "list: must be a mapping of keys, not a list"),
    (lambda f: f.rows("text"), "text: must be a list of mappings"),
    (lambda f: f.rows("mixed"), "mixed: must be a list of mappings"),
    (lambda f: f.rows("rows")[0].number("id", 0), "rows[r].id: must be a number, not 'r'"),
    (lambda f: f.rows("rows")[1].wrong("id", "missing"), "rows[2].id: missing"),
    (lambda f: f.time("text"), "text: not a time: 'x'"),
    (lambda f: f.time("number"), "number: not a time: 1.5"),
    (lambda f: f.time("old"), "old: not a time from 1970 to 2999: '1969-12-31'"),
    (lambda f: f.fields("map").texts("k"), "map.k: must be a list, not a number"),
]


@pytest.mark.parametrize(("ask", "line"), WRONG, ids=[line for _, line in WRONG])
def test_a_wrong_type_is_named_with_its_place(ask: Callable[[Fields], object], line: str) -> None:
    try:
        error = ask(FIELDS)
    except InputError as caught:
        error = caught
    assert str(error) == f"f.yaml: top.{line}"


def test_a_value_is_shown_short_and_printable() -> None:
    assert options.shown("a\n") == r"'a\n'"
    assert options.shown("x" * 100) == "'" + "x" * 56 + "..."


def test_a_person_has_a_name_for_each_kind_of_value() -> None:
    values: list[object] = [{"a": 1}, [1], "", True, 1, 1.5, None]

    assert [options.kind_of(value) for value in values] == [
        "a mapping", "a list", "text", "true or false", "a number", "a number", "nothing",
    ]  # fmt: skip


def test_a_key_that_stands_twice_is_refused_and_the_same_key_elsewhere_is_not(tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text("a: {b: 1, c: [b, b, {b: 2}]}\nd: {b: 1}\n? [a, b]\n: a\n'a': 2\n")
    with pytest.raises(InputError, match=r"twice\.yaml:5: a stands here twice, first in line 1"):
        yaml_file.load(path)
    path.write_text("a: {b: 1, c: [b, b, {b: 2}]}\nd: {b: 1}\ne:\n  - a: 1\n  - a: 1\n")
    assert [*yaml_file.load(path).values] == ["a", "d", "e"]
