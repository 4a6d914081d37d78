"""The bundled files are found in an installed package and in a checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from customer_escalation import resources


def test_a_bundled_file_is_found_by_its_name() -> None:
    assert resources.path_of("prompts").is_dir()
    assert resources.text_of("SKILL.md").startswith("---\n")
    assert (resources.SAMPLE / "tickets.jsonl").is_file()


def test_the_installed_package_comes_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "skill" / "package"
    for folder in (package / "_bundle", tmp_path):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "SKILL.md").write_text(folder.name)
    monkeypatch.setattr(resources, "PACKAGE", package)

    assert resources.text_of("SKILL.md") == "_bundle"
    (package / "_bundle" / "SKILL.md").unlink()
    assert resources.text_of("SKILL.md") == tmp_path.name


def test_a_file_that_is_not_bundled_is_missed() -> None:
    with pytest.raises(FileNotFoundError, match=r"^nothing\.md$"):
        resources.path_of("nothing.md")
