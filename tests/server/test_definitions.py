"""What a client sees before it calls anything: small definitions, all hints, no noise, the same in both eras."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, cast

import pytest

from tests.server import desks
from tests.server.conftest import ERAS, connected

SNAPSHOTS = Path(__file__).resolve().parent.parent / "snapshots" / "tools"
BUDGET = 3500
SCALARS = ("string", "integer", "boolean")
CHANGING = {"escalation_submit", "case_update", "case_approve", "case_de_escalate", "case_close"}
AGAIN = {"escalation_gather", "case_update", "case_approve"}  # called again, they do more
ALWAYS_LOADED = {"escalation_gather", "escalation_submit", "case_approve"}


async def listed(folder: Path, mode: str = "auto") -> dict[str, dict[str, Any]]:
    async with connected(desks.sample_desk(folder), mode) as client:
        tools = (await client.list_tools()).tools
    return {tool.name: tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in tools}


async def test_definitions_are_the_reviewed_ones(tmp_path: Path, era: str) -> None:
    tools = await listed(tmp_path, era)

    if os.environ.get("UPDATE_SNAPSHOTS"):
        for old in SNAPSHOTS.glob("*.json"):
            old.unlink()
        for name, tool in tools.items():
            (SNAPSHOTS / f"{name}.json").write_text(json.dumps(tool, indent=2) + "\n", encoding="utf-8")

    assert tools == {path.stem: json.loads(path.read_text("utf-8")) for path in SNAPSHOTS.glob("*.json")}


@pytest.mark.filterwarnings("ignore:open_binary is deprecated:DeprecationWarning")
async def test_all_definitions_together_stay_within_their_budget(tmp_path: Path) -> None:
    import bpe_openai  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

    encoding = bpe_openai.get_encoding("o200k_base")
    sizes = {
        name: len(encoding.encode(json.dumps(tool, ensure_ascii=False, separators=(",", ":"))))
        for name, tool in (await listed(tmp_path)).items()
    }

    for name, size in sizes.items():
        print(f"{size:5} {name}")  # noqa: T201 - the figure is what this test is for
    print(f"{sum(sizes.values()):5} all")  # noqa: T201
    assert sum(sizes.values()) <= BUDGET


async def test_every_tool_has_a_title_all_hints_and_one_or_two_sentences(tmp_path: Path) -> None:
    for name, tool in (await listed(tmp_path)).items():
        assert tool["title"], name
        assert tool["annotations"] == {
            "readOnlyHint": name not in CHANGING,
            "destructiveHint": False,
            "idempotentHint": name not in AGAIN,
            "openWorldHint": name == "case_approve",
        }, name
        assert 1 <= len(re.findall(r"[.](?:\s|$)", tool["description"])) <= 2, name
        assert ("anthropic/alwaysLoad" in tool.get("_meta", {})) == (name in ALWAYS_LOADED), name


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        items = cast("dict[str, object]", value)
        return set(items).union(*map(keys_of, items.values()))
    if isinstance(value, list):
        return set[str]().union(*map(keys_of, cast("list[object]", value)))
    return set()


async def test_schemas_are_flat_and_portable(tmp_path: Path) -> None:
    for name, tool in (await listed(tmp_path)).items():
        schema = tool["inputSchema"]
        assert schema["additionalProperties"] is False, name
        assert not keys_of(schema) & {"$ref", "$defs", "anyOf", "oneOf", "allOf", "title"}, name
        nested = [each for each, value in schema["properties"].items() if value["type"] not in SCALARS]
        assert nested == (["sentences"] if name == "escalation_submit" else []), name
        for each, value in schema["properties"].items():
            assert ("default" in value) != (each in schema.get("required", [])), (name, each)


async def test_the_slots_and_kinds_of_the_schema_are_those_that_submit_reads(tmp_path: Path) -> None:
    from customer_escalation import sentences

    item = (await listed(tmp_path))["escalation_submit"]["inputSchema"]["properties"]["sentences"]["items"]

    assert tuple(item["properties"]) == sentences.FIELDS
    assert tuple(item["properties"]["slot"]["enum"]) == sentences.SLOTS
    assert tuple(item["properties"]["kind"]["enum"]) == sentences.KINDS


async def test_instructions_name_the_tools_in_their_order(tmp_path: Path, era: str) -> None:
    async with connected(desks.sample_desk(tmp_path), era) as client:
        assert client.protocol_version == ERAS[era]
        instructions = client.instructions or ""
        tools = [tool.name for tool in (await client.list_tools()).tools]

    workflow = [name for name in tools if name.startswith("escalation_")]
    assert [name for name in re.findall(r"escalation_\w+", instructions) if name in workflow] == workflow
    follow_through = {name for name in tools if name.startswith("case_")}
    assert set(re.findall(r"case_\w+", instructions)) - {"case_id"} == follow_through
    families = {name.split("_")[0] for name in tools} - {"escalation", "case"}
    assert all(f"{family}_*" in instructions for family in families)


@pytest.mark.parametrize("method", ["list_tools", "list_prompts", "list_resources", "list_resource_templates"])
async def test_lists_may_be_kept_for_a_while(tmp_path: Path, method: str) -> None:
    async with connected(desks.sample_desk(tmp_path)) as client:
        listing = await getattr(client, method)()

    assert (listing.ttl_ms, listing.cache_scope) == (300_000, "public")


async def test_the_updates_of_the_schema_are_those_that_the_casebook_takes(tmp_path: Path) -> None:
    from customer_escalation.follow_up import updating

    assert tuple((await listed(tmp_path))["case_update"]["inputSchema"]["properties"]["what"]["enum"]) == updating.WHATS


async def test_no_argument_of_any_tool_can_be_taken_for_an_approval(tmp_path: Path) -> None:
    names = {name for tool in (await listed(tmp_path)).values() for name in tool["inputSchema"]["properties"]}

    assert (
        names & {"approve", "approved", "decision", "confirm", "confirmed", "yes", "actor", "person", "sha256"} == set()
    )


async def test_our_own_writers_server_has_nothing_that_writes(tmp_path: Path) -> None:
    from customer_escalation.server.wiring import reading_server

    tools = {tool.name for tool in await reading_server(desks.sample_desk(tmp_path)).list_tools()}

    assert tools == {name for name in await listed(tmp_path) if not name.startswith("case_")}
