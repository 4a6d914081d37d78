"""What was used longest ago is given up first, and no more is kept than is allowed."""

from __future__ import annotations

from customer_escalation.recent import Recent


def test_only_so_many_values_are_kept_those_used_last() -> None:
    recent = Recent[str, str](2)
    for key in ("a", "b"):
        recent.keep(key, key.upper())
    recent.get("a")

    assert recent.keep("c", "C") == "C"

    assert [recent.get(key) for key in ("a", "b", "c")] == ["A", None, "C"]


def test_a_value_without_a_size_still_takes_a_place() -> None:
    recent = Recent[int, str](3, len)
    for key in range(5):
        recent.keep(key, "")

    assert [recent.get(key) for key in range(5)] == [None, None, "", "", ""]
