"""What a run reads from: folders, the environment, and a workspace that is opened whole or not at all."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from customer_escalation import settings
from escalation_connectors.errors import InputError

TICKET = '{"id": "T-1", "subject": "API down", "created_at": "2026-11-17T15:02:00Z"}\n'


def company(folder: Path, profile: str = "company: Larkfield\n", tickets: str = TICKET) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "tickets.jsonl").write_text(tickets, encoding="utf-8")
    (folder / "workspace.yaml").write_text(profile, encoding="utf-8")
    return folder


def test_cases_and_indexes_go_where_the_environment_says(tmp_path: Path) -> None:
    assert (settings.data_folder(), settings.cache_folder()) == (
        tmp_path / "home" / "data",
        tmp_path / "home" / "cache",
    )


def test_without_a_word_they_go_where_the_platform_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUSTOMER_ESCALATION_HOME")

    assert settings.data_folder() == platformdirs.user_data_path("customer-escalation", appauthor=False)
    assert settings.cache_folder() == platformdirs.user_cache_path("customer-escalation", appauthor=False)


def test_the_server_is_told_by_the_environment_who_may_call(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (settings.http_token(), settings.http_hosts(), settings.http_issuer()) == ("", (), None)

    monkeypatch.setenv("CUSTOMER_ESCALATION_TOKEN", "t")
    monkeypatch.setenv("CUSTOMER_ESCALATION_HOSTS", " a.test, ,b.test ")
    monkeypatch.setenv("CUSTOMER_ESCALATION_ISSUER", "https://id.test")

    assert (settings.http_token(), settings.http_hosts()) == ("t", ("a.test", "b.test"))
    assert settings.http_issuer() == ("https://id.test", "", "")


def test_other_programs_name_their_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CODEX_HOME", raising=False)
    assert settings.folder_of("CODEX_HOME") is None

    monkeypatch.setenv("CODEX_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert (settings.folder_of("CODEX_HOME"), settings.home()) == (tmp_path, tmp_path)


def test_without_a_workspace_the_sample_company_is_opened() -> None:
    setting = settings.open_setting(None)

    assert (setting.is_sample, setting.name, dict(setting.left_out)) == (True, "Larkfield", {})
    assert None not in {setting.sources.support, setting.sources.crm, setting.sources.knowledge}
    setting.close()


def test_a_workspace_is_called_as_its_profile_or_its_folder_says(tmp_path: Path) -> None:
    own = company(tmp_path / "a", "company: Northwind")
    named, unnamed = settings.open_setting(own), settings.open_setting(company(tmp_path / "b", ""))

    assert [(each.is_sample, each.name) for each in (named, unnamed)] == [(False, "Northwind"), (False, "b")]
    assert named.sources.support is not None
    assert named.sources.crm is None
    named.close()
    unnamed.close()


def test_a_copy_of_the_sample_company_is_not_the_sample_company(tmp_path: Path) -> None:
    copy = settings.open_setting(company(tmp_path / "a"))

    assert (copy.is_sample, copy.name) == (False, f"Larkfield in {tmp_path / 'a'}")
    copy.close()


def test_a_workspace_may_override_the_policy(tmp_path: Path) -> None:
    setting = settings.open_setting(company(tmp_path / "a", "policy: {thresholds: {waiting_hours: 5}}"))

    assert setting.policy.thresholds["waiting_hours"] == 5
    setting.close()


def test_invalid_lines_are_counted_where_they_may_be_skipped(tmp_path: Path) -> None:
    folder = company(tmp_path / "a", tickets=f"{TICKET}hello\n")
    with pytest.raises(InputError, match=r"^tickets\.jsonl:2: not JSON"):
        settings.open_setting(folder)

    setting = settings.open_setting(folder, skip_invalid=True)

    assert dict(setting.left_out) == {"tickets.jsonl": 1}
    setting.close()


@pytest.mark.parametrize("profile", ["company: [", "policy: {thresholds: 5}"])
def test_a_broken_profile_leaves_nothing_open(tmp_path: Path, profile: str) -> None:
    folder = company(tmp_path / "a", profile)
    with pytest.raises(InputError, match=r"^workspace\.yaml"):
        settings.open_setting(folder)

    (folder / "workspace.yaml").unlink()
    settings.open_setting(folder).close()


def test_a_folder_that_is_none_is_named_as_it_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    names = {"nowhere": "no such folder", "file": "not a folder", "x" * 300: "not a name that a folder can have"}
    for name, what in names.items():
        with pytest.raises(InputError) as caught:
            settings.open_setting(Path(name))
        assert str(caught.value) == f"--workspace: {what}: {name}"


def test_the_folder_itself_is_never_written_to(tmp_path: Path) -> None:
    folder = company(tmp_path / "a")

    settings.open_setting(folder).close()

    assert sorted(path.name for path in folder.iterdir()) == ["tickets.jsonl", "workspace.yaml"]


def test_a_home_that_cannot_hold_anything_costs_only_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CUSTOMER_ESCALATION_HOME", str(tmp_path / "file"))

    setting = settings.open_setting(company(tmp_path / "a"))

    assert setting.sources.support is not None
    setting.close()
