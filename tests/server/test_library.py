"""Resources, the prompt, completion and the skill, in both eras."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from mcp import MCPError
from mcp.types import (
    PromptReference,
    ResourceTemplateReference,
    TextContent,
    TextResourceContents,
)

from customer_escalation import resources
from customer_escalation.server import skills_extension as skills
from escalation_connectors.sources import Sources
from tests.server import desks, results
from tests.server.conftest import connected
from tests.server.test_workflow_tools import kept_desk

BRIEF = "escalation://{case_id}/brief"


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """The skill's files are read once a process; each test reads them anew."""
    cached = (skills.paths, skills.files, skills.front_matter, skills.folders)
    for each in cached:
        each.cache_clear()
    yield
    for each in cached:
        each.cache_clear()


async def text_of(client: Any, uri: str) -> str:
    (content,) = (await client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    return content.text


async def test_a_brief_is_a_resource(tmp_path: Path, era: str) -> None:
    async with connected(kept_desk(tmp_path, results.acme()), era) as client:
        text = await text_of(client, "escalation://case-1/brief")
        templates = (await client.list_resource_templates()).resource_templates

    assert text.startswith("## ESCALATION: ")
    assert [template.uri_template for template in templates] == [BRIEF]


async def test_a_brief_that_is_not_there_says_so(tmp_path: Path, era: str) -> None:
    async with connected(desks.desk_over(Sources(), tmp_path), era) as client:
        with pytest.raises(MCPError, match="no case 'case-9' in the casebook") as caught:
            await client.read_resource("escalation://case-9/brief")

    assert caught.value.code == -32602


async def test_a_casebook_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "casebook.sqlite3").mkdir()
    async with connected(desks.desk_over(Sources(), tmp_path)) as client:
        with pytest.raises(MCPError, match="cannot be opened"):
            await client.read_resource("escalation://case-9/brief")


async def test_the_policy_is_a_resource(tmp_path: Path, era: str) -> None:
    async with connected(desks.desk_over(Sources(), tmp_path), era) as client:
        text = await text_of(client, "escalation://policy")

    assert text == (resources.PACKAGE / "policy.yaml").read_text("utf-8")


async def test_case_ids_are_completed(tmp_path: Path, era: str) -> None:
    ref = ResourceTemplateReference(type="ref/resource", uri=BRIEF)
    async with connected(kept_desk(tmp_path, results.acme()), era) as client:
        found = await client.complete(ref, {"name": "case_id", "value": "case"})
        none = await client.complete(ref, {"name": "case_id", "value": "x"})
        other = await client.complete(
            PromptReference(type="ref/prompt", name="customer-escalation"), {"name": "issue", "value": ""}
        )

    assert (found.completion.values, found.completion.has_more) == (["case-1"], False)
    assert none.completion.values == []
    assert other.completion.values == []


async def test_the_prompt_carries_the_issue_as_it_was_typed(tmp_path: Path, era: str) -> None:
    secret = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    async with connected(desks.desk_over(Sources(), tmp_path), era) as client:
        (prompt,) = (await client.list_prompts()).prompts
        bare = await client.get_prompt("customer-escalation", {"issue": f"{{customer}} fails {secret}"})
        named = await client.get_prompt("customer-escalation", {"issue": "500s", "customer": "Acme Corp"})

    assert [(argument.name, argument.required) for argument in prompt.arguments or []] == [
        ("issue", True),
        ("customer", False),
    ]
    (message,) = bare.messages
    assert isinstance(message.content, TextContent)
    assert "Issue: {customer} fails " in message.content.text
    assert "Customer: not given" in message.content.text
    assert secret not in message.content.text
    assert isinstance(named.messages[0].content, TextContent)
    assert "Issue: 500s\nCustomer: Acme Corp\n" in named.messages[0].content.text


async def test_the_skill_is_served_with_the_digests_of_its_files(tmp_path: Path, era: str) -> None:
    async with connected(desks.desk_over(Sources(), tmp_path), era) as client:
        listing = {resource.uri: resource for resource in (await client.list_resources()).resources}
        text = await text_of(client, "skill://customer-escalation/SKILL.md")

    assert text == resources.text_of("SKILL.md")
    assert listing["skill://customer-escalation/SKILL.md"].name == "customer-escalation"
    description = listing["skill://customer-escalation/SKILL.md"].description
    assert description == skills.front_matter()["description"]
    entry = skills.entry()
    assert entry["resources"][0] == {
        "uri": "skill://customer-escalation/SKILL.md",
        "digest": f"sha256:{hashlib.sha256(text.encode()).hexdigest()}",
        "size": len(text.encode()),
    }


@pytest.fixture
def linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle whose SKILL.md links to files beside and below it, to one that is missing, and out of its folder."""
    (tmp_path / "references" / "deep").mkdir(parents=True)
    (tmp_path / "references" / "tiers.md").write_text("tiers")
    (tmp_path / "references" / "deep" / "a.txt").write_text("a")
    (tmp_path / "SKILL.md").write_text(
        "---\nname: customer-escalation\ndescription: >\n  Folded\n  text\n---\n"
        "[t](references/tiers.md#x) [t](./references/tiers.md) [a](references/deep/a.txt) [gone](gone.md)\n"
        "[out](../secret.md) [web](https://example.org/x.md) [p](skill/customer_escalation/policy.yaml)\n"
    )

    def path_of(name: str) -> Path:
        if not (tmp_path / name).exists():
            raise FileNotFoundError(name)
        return tmp_path / name

    monkeypatch.setattr(resources, "path_of", path_of)

    def text_of(name: str) -> str:
        return path_of(name).read_text()

    monkeypatch.setattr(resources, "text_of", text_of)
    return tmp_path


class TestLinkedFiles:
    """The skill is SKILL.md and what it links to."""

    def test_files_that_are_linked_are_served_once_and_no_others(self, linked: Path) -> None:
        assert skills.paths() == (
            "SKILL.md",
            "references/tiers.md",
            "references/deep/a.txt",
            "skill/customer_escalation/policy.yaml",
        )
        assert skills.Skills().settings() == {"directoryRead": True}
        assert len(skills.Skills().methods()) == 3

    async def test_each_is_read_from_where_it_is(self, linked: Path) -> None:
        texts = {str(binding.resource.uri): await binding.resource.read() for binding in skills.Skills().resources()}

        assert texts["skill://customer-escalation/references/deep/a.txt"] == "a"
        policy = texts["skill://customer-escalation/skill/customer_escalation/policy.yaml"]
        assert policy == (resources.PACKAGE / "policy.yaml").read_text("utf-8")

    def test_folders_list_what_is_in_them(self, linked: Path) -> None:
        base = "skill://customer-escalation"
        folders = skills.folders()

        assert [(each["name"], each["mimeType"]) for each in folders[base]] == [
            ("SKILL.md", "text/markdown"),
            ("references", "inode/directory"),
            ("skill", "inode/directory"),
        ]
        assert [each["name"] for each in folders[f"{base}/references"]] == ["tiers.md", "deep"]
        assert folders[f"{base}/references/deep"] == [
            {"uri": f"{base}/references/deep/a.txt", "name": "a.txt", "mimeType": "text/plain"}
        ]

    async def test_the_methods_answer_and_refuse(self, linked: Path) -> None:
        calls = {method.method: method for method in skills.Skills().methods()}
        context: Any = None
        base = "skill://customer-escalation"

        async def call(name: str, **params: object) -> dict[str, Any]:
            method = calls[name]
            return cast("dict[str, Any]", await method.handler(context, method.params_type.model_validate(params)))

        listing = await call("skills/list")
        assert [skill["frontmatter"]["description"].strip() for skill in listing["skills"]] == ["Folded text"]
        assert (await call("skills/get", uri=f"{base}/SKILL.md"))["skill"] == listing["skills"][0]
        assert (await call("resources/directory/read", uri=f"{base}/references/"))["resources"][0]["name"] == "tiers.md"
        with pytest.raises(MCPError, match="unknown skill: skill://other"):
            await call("skills/get", uri="skill://other/SKILL.md")
        with pytest.raises(MCPError, match="unknown folder"):
            await call("resources/directory/read", uri=f"{base}/references/tiers.md")

    def test_a_description_over_several_lines_is_read_as_yaml(self, linked: Path) -> None:
        (binding, *_) = skills.Skills().resources()

        assert (binding.resource.description or "").strip() == "Folded text"


def test_a_flat_skill_has_no_folders_to_read(linked: Path) -> None:
    (linked / "SKILL.md").write_text("---\nname: customer-escalation\ndescription: One line\n---\n")

    assert skills.Skills().settings() == {}
    assert [method.method for method in skills.Skills().methods()] == ["skills/list", "skills/get"]
    assert skills.Skills().resources()[0].resource.description == "One line"
