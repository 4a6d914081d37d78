"""A folder of Markdown files as a knowledge base."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_connectors.errors import InputError, NotFound, Unavailable
from escalation_connectors.knowledge.markdown import MOST_BYTES, VENDOR, MarkdownFolder
from escalation_connectors.options import Fields
from escalation_connectors.vendor import Setup
from tests.vendors.harness import Store


def connected(folder: Path) -> MarkdownFolder:
    fields = Fields({"folder": str(folder)}, "c.yaml: connectors.knowledge_base")
    return MarkdownFolder(Setup(vendor=VENDOR, fields=fields, environment={}, store=Store()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    (docs / "guides").mkdir(parents=True)
    (docs / "guides" / "retry.md").write_text("# Retry a failed export\n\nWhen export_job_77 fails, wait.\n")
    (docs / "login.md").write_text(
        "---\ntitle: Login loop\nlabels: [sso, Known issue]\nurl: https://docs.example/login\n---\n"
        "Clear the cookie, export.\n"
    )
    (docs / "plain-notes.md").write_bytes(b"\xff no heading, \xe2\x98\x83\n")
    return docs


async def test_the_best_match_comes_first(folder: Path) -> None:
    page = await connected(folder).search_articles("the export fails: export_job_77")

    assert [each.id for each in page.items] == ["guides/retry.md", "login.md"]
    assert (page.items[0].title, page.items[0].body) == (
        "Retry a failed export", "# Retry a failed export\n\nWhen export_job_77 fails, wait.",
    )  # fmt: skip
    assert (page.total, page.cut) == (2, False)
    assert (await connected(folder).search_articles("export", limit=1)).cut
    assert (await connected(folder).search_articles(" … ")).items == ()
    assert (await connected(folder).search_articles("nothing")).total == 0


async def test_front_matter_is_heard(folder: Path) -> None:
    article = await connected(folder).get_article("login.md")

    assert (article.title, article.labels, article.kind) == ("Login loop", ("sso", "Known issue"), "known_issue")
    assert (article.url, article.body) == ("https://docs.example/login", "Clear the cookie, export.")
    assert article.updated_at is not None
    assert (await connected(folder).get_article("plain-notes.md")).title == "plain notes"
    for asked in ("none.md", "../docs/login.md", "", "/etc/passwd"):
        with pytest.raises(NotFound):
            await connected(folder).get_article(asked)


@pytest.mark.parametrize("front", ["a: &x [1]\nb: *x", "- a", "[", "title: [", "a: !!python/object:os.system x"])
async def test_front_matter_that_cannot_be_used_is_left_aside(folder: Path, front: str) -> None:
    (folder / "odd.md").write_text(f"---\n{front}\n---\n# Odd\n")
    assert (await connected(folder).get_article("odd.md")).title == "Odd"


async def test_a_changed_file_is_read_again_and_a_removed_one_is_gone(folder: Path) -> None:
    knowledge = connected(folder)
    assert (await knowledge.search_articles("cookie")).total == 1
    (folder / "login.md").write_text("# Login\nuse the other door")
    assert (await knowledge.search_articles("cookie")).total == 0
    assert (await knowledge.search_articles("door")).total == 1
    (folder / "login.md").unlink()
    assert (await knowledge.search_articles("door")).total == 0


async def test_what_is_hidden_leads_out_or_is_huge_is_not_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret\nexport")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.md").write_text("export")
    (folder / "huge.md").write_text("export " * (MOST_BYTES // 7 + 1))
    (folder / "folder.md").mkdir()
    (folder / "circle.md").symlink_to(folder / "circle.md")
    (folder / "nowhere.md").symlink_to(folder / "none.md")

    found = await connected(folder).search_articles("export", limit=99)

    assert {each.id for each in found.items} == {"guides/retry.md", "login.md"}


async def test_a_folder_that_cannot_be_read_is_unavailable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    knowledge = connected(folder)
    monkeypatch.setattr(Path, "rglob", refuse)
    with pytest.raises(Unavailable):
        await knowledge.search_articles("export")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"knowledge_base\.folder: no such folder"):
        connected(tmp_path / "none")


async def test_a_relative_folder_is_seen_from_that_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# Export\n\nHow it works.\n")
    setup = Setup(vendor=VENDOR, fields=Fields({"folder": "docs"}, "c"), environment={}, store=Store(), folder=tmp_path)

    assert [each.id for each in (await MarkdownFolder(setup).search_articles("export")).items] == ["a.md"]
