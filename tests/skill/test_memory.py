"""What was worked out from a text is kept for the next run; losing it costs time and nothing else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from customer_escalation.memory import Memory


def shout(text: str) -> object:
    """A result that shows that it was worked out."""
    return [text.upper()]


def refuse(text: str) -> object:
    """Nothing may be worked out again."""
    raise AssertionError(text)


def opened(folder: Path) -> Memory:
    """A new memory over this folder."""
    memory = Memory()
    memory.open(folder)
    return memory


def test_a_text_is_worked_out_once() -> None:
    memory = Memory()
    memory.recall("cues", "broken", shout)

    again = memory.recall("cues", "broken", refuse)

    assert again == ["BROKEN"]


def test_another_kind_or_text_is_worked_out_anew() -> None:
    memory = Memory()
    memory.recall("cues", "broken", shout)

    found = memory.recall("cues", "fixed", shout), memory.recall("words", "broken", len)

    assert found == (["FIXED"], 6)


def test_the_next_run_remembers_what_was_saved(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.recall("cues", "broken \udcff", lambda text: ["error"])
    first.save()

    again = opened(tmp_path).recall("cues", "broken \udcff", refuse)

    assert again == ["error"]


def test_a_result_comes_back_in_the_shape_that_is_asked_for(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.recall("terms", "broken", lambda text: frozenset({text}), frozenset[str])
    first.save()

    again = opened(tmp_path).recall("terms", "broken", lambda text: frozenset[str](), frozenset[str])

    assert again == frozenset({"broken"})


def test_a_result_of_another_shape_is_worked_out_again(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.recall("terms", "broken", len, int)
    first.save()

    assert opened(tmp_path).recall("terms", "broken", shout, list[str]) == ["BROKEN"]


def test_the_file_is_for_its_owner_only_and_holds_hashes_of_texts(tmp_path: Path) -> None:
    memory = opened(tmp_path / "cache")
    memory.recall("cues", "a private text", lambda text: ["error"])
    memory.save()

    (file,) = (tmp_path / "cache").iterdir()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"private" not in file.read_bytes()


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    memory = opened(tmp_path)

    memory.save()

    assert list(tmp_path.iterdir()) == []


def test_a_memory_that_was_never_opened_is_not_saved() -> None:
    memory = Memory()
    memory.recall("cues", "broken", shout)

    memory.save()

    assert memory.recall("cues", "broken", refuse) == ["BROKEN"]


def test_the_memory_of_other_rules_is_removed(tmp_path: Path) -> None:
    old = tmp_path / "memory-0123456789abcdef.json"
    old.write_text("{}", encoding="ascii")
    memory = opened(tmp_path)
    memory.recall("cues", "broken", shout)

    memory.save()

    assert not old.exists()
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("content", ["", "no json", "[1, 2]", "null"])
def test_a_file_that_cannot_be_read_counts_as_empty(tmp_path: Path, content: str) -> None:
    first = opened(tmp_path)
    first.recall("cues", "broken", shout)
    first.save()
    (file,) = tmp_path.iterdir()
    file.write_text(content, encoding="ascii")

    found = opened(tmp_path).recall("cues", "broken", shout)

    assert found == ["BROKEN"]


@pytest.mark.parametrize("value", [("a",), {"a"}, [object()], "half \ud83d"])
def test_what_would_come_back_changed_is_never_kept(tmp_path: Path, value: object) -> None:
    memory = opened(tmp_path)
    memory.recall("cues", "broken", lambda text: value)

    memory.save()

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="ascii")
    memory = opened(tmp_path / "file" / "cache")
    memory.recall("cues", "broken", shout)

    memory.save()

    assert memory.recall("cues", "broken", refuse) == ["BROKEN"]


def test_a_changed_result_is_saved_once(tmp_path: Path) -> None:
    memory = opened(tmp_path)
    memory.recall("cues", "broken", shout)
    memory.save()
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"")

    memory.save()

    assert file.read_bytes() == b""
