"""The doctor asks each source one harmless question and says what became of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from customer_escalation import doctor, settings
from customer_escalation.doctor import examine
from customer_escalation.settings import Setting
from escalation_connectors.fakes import FakeChat, FakeCRM, FakeKnowledge, FakeSupport, FakeTracker, Fault, Trouble
from escalation_connectors.sources import Sources


def setting_of(folder: Path, sources: Sources) -> Setting:
    folder.mkdir()
    (folder / "workspace.yaml").write_text("company: Larkfield\n")
    opened = settings.open_setting(folder)
    opened.close()
    return replace(opened, sources=sources)


async def test_all_sources_of_the_sample_can_be_read() -> None:
    setting = settings.open_setting(None)

    told = await examine(setting)

    setting.close()
    assert told == (
        "Reading Larkfield (the bundled sample company)\n"
        "  support platform  connected, reads tickets with their threads\n"
        "  CRM               connected, reads accounts, contacts and deals\n"
        "  chat              connected, reads messages and threads\n"
        "  project tracker   connected, reads issues with their comments\n"
        "  knowledge base    connected, reads articles\n"
        "Planner: rules (no language model is set; ANTHROPIC_API_KEY or ANTHROPIC_BASE_URL sets one)\n"
    )


async def test_a_category_without_a_source_is_not_connected(tmp_path: Path) -> None:
    told = await examine(setting_of(tmp_path / "w", Sources(support=FakeSupport([]))))

    assert told.splitlines()[:2] == [
        f"Reading Larkfield in {tmp_path / 'w'}",
        "  support platform  connected, reads tickets with their threads",
    ]
    assert told.count("not connected") == 4


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("denied", "failed: the credentials were refused; check the credentials and their scopes"),
        ("rate_limited", "failed: too many requests; wait and try again"),
        ("down", "failed: the service is not available; try again later"),
        ("malformed", "failed: the answer could not be understood; report this to the connector's author"),
        ("hang", "failed: no answer in time; try again later"),
    ],
)
async def test_a_source_in_trouble_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault, said: str
) -> None:
    monkeypatch.setattr(doctor, "CALL_TIMEOUT_S", 0.01)
    ill = Trouble(fault=fault)
    sources = Sources(
        FakeSupport([], trouble=ill), FakeCRM(trouble=ill), FakeChat([], trouble=ill), None, FakeKnowledge([])
    )

    told = await examine(setting_of(tmp_path / "w", sources))

    assert told.count(said) == 3
    assert told.count("connected, reads") == 1


async def test_one_record_of_each_source_is_asked_for(tmp_path: Path) -> None:
    support, crm, chat, tracker, knowledge = (
        FakeSupport([]),
        FakeCRM(),
        FakeChat([]),
        FakeTracker([]),
        FakeKnowledge([]),
    )

    await examine(setting_of(tmp_path / "w", Sources(support, crm, chat, tracker, knowledge)))

    assert [[name for name, _ in source.line.calls] for source in (support, crm, chat, tracker, knowledge)] == [
        ["search_tickets"], ["search_accounts"], ["search_messages"], ["search_issues"], ["search_articles"],
    ]  # fmt: skip


@pytest.mark.parametrize(("status", "named"), [(401, False), (403, True)])
async def test_rights_are_named_where_one_is_missing_and_what_can_be_written_is_told(
    tmp_path: Path, status: int, named: bool
) -> None:
    import httpx2

    from escalation_connectors.http import Wire
    from escalation_connectors.options import Fields
    from escalation_connectors.registry import read_configuration
    from tests.vendors.harness import Store

    entries = {"project_tracker": {"vendor": "redmine", "url": "https://r.example", "token": "env:T"}}
    wire = Wire(httpx2.MockTransport(lambda _: httpx2.Response(status)))
    setups = read_configuration(Fields(entries, "c.yaml: connectors"), {"T": "t"}, Store(), wire)

    told, can_read = await doctor.examined(replace(setting_of(tmp_path / "w", Sources()), setups=setups))

    assert ("reading needs view_issues" in told, can_read) == (named, False)
    assert "writes what was approved: issues, comments and links\n" in told
