"""install: which command is written down, and what the command line says."""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from customer_escalation import install as installing
from customer_escalation.install import Command, install, this_server
from escalation_connectors.errors import InputError


class TestThisServer:
    """Which command is written down."""

    def installed(self, monkeypatch: pytest.MonkeyPatch, origin: str | None, prefix: str) -> Command:
        class Installed:
            def __init__(self, name: str) -> None:
                assert name == "customer-escalation"

            def read_text(self, name: str) -> str | None:
                return origin

        def which(name: str) -> str | None:
            return None

        monkeypatch.setattr("importlib.metadata.distribution", Installed)
        monkeypatch.setattr(sys, "prefix", prefix)
        monkeypatch.setattr("shutil.which", which)
        return this_server(("--workspace", "/data"))

    def test_an_environment_that_lasts_names_its_own_interpreter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        command = self.installed(monkeypatch, None, "/opt/venv")

        assert command == Command(sys.executable, ("-m", "customer_escalation", "serve", "--workspace", "/data"))

    @pytest.mark.parametrize(
        ("origin", "requirement"),
        [
            (None, "customer-escalation=="),
            ('{"url": "file:///src/my%20copy", "dir_info": {}}', "/src/my copy"),
            ('{"url": "https://git.example/x.git", "vcs_info": {"vcs": "git"}}', "git+https://git.example/x.git"),
            ('{"url": "https://files.example/x.whl", "archive_info": {}}', "https://files.example/x.whl"),
        ],
    )
    def test_an_environment_of_uvx_names_what_uvx_installs(
        self, monkeypatch: pytest.MonkeyPatch, origin: str | None, requirement: str
    ) -> None:
        command = self.installed(monkeypatch, origin, "/home/me/.cache/uv/archive-v0/abc")

        assert command.program == "uvx"
        assert command.arguments[0] == "--from"
        assert command.arguments[1].startswith(requirement)
        assert command.arguments[2:] == ("customer-escalation", "serve", "--workspace", "/data")

    def test_a_checkout_that_is_not_installed_says_where_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def missing(name: str) -> None:
            raise PackageNotFoundError(name)

        monkeypatch.setattr("importlib.metadata.distribution", missing)

        command = this_server(checkout=Path("/src"))

        assert command.arguments == ("-m", "customer_escalation", "serve")
        assert command.environment == {"PYTHONPATH": "/src/skill:/src/connectors"}


class TestCommand:
    """What `customer-escalation install` does and says."""

    @pytest.fixture(autouse=True)
    def _at_home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("customer_escalation.settings.home", lambda: tmp_path)

        def server(options: tuple[str, ...]) -> Command:
            return Command("/opt/python", ("serve", *options))

        monkeypatch.setattr(installing, "this_server", server)

    def test_it_tells_what_was_done_with_the_change(self, tmp_path: Path) -> None:
        text = install(["cursor"])

        assert text.startswith(f"Cursor: customer-escalation added in {tmp_path}/.cursor/mcp.json\n--- ")
        assert '+    "customer-escalation": {' in text
        assert text.endswith("Restart these agents; then ask for /customer-escalation, or call escalation_status.\n")

    def test_a_dry_run_asks_for_no_restart(self, tmp_path: Path) -> None:
        text = install(["cursor"], dry_run=True)

        assert "would be added" in text
        assert "Restart" not in text
        assert not (tmp_path / ".cursor").exists()

    def test_the_workspace_is_written_down_in_full(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "acme").mkdir()
        monkeypatch.chdir(tmp_path)

        install(["cursor"], workspace=Path("acme"))

        server = json.loads((tmp_path / ".cursor/mcp.json").read_text())["mcpServers"]["customer-escalation"]
        assert server["args"] == ["serve", "--workspace", str((tmp_path / "acme").resolve())]

    def test_the_configuration_is_written_down_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("customer_escalation.settings.home", lambda: tmp_path)
        (tmp_path / ".cursor").mkdir()
        config = tmp_path / "escalation.yaml"
        config.write_text("connectors: {}")
        install(["cursor"], config=config)

        server = json.loads((tmp_path / ".cursor" / "mcp.json").read_text())["mcpServers"]["customer-escalation"]
        assert server["args"][-2:] == ["--config", str(config)]
        with pytest.raises(InputError, match="--config: no such file"):
            install(["cursor"], config=tmp_path / "none.yaml")

    def test_a_workspace_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="--workspace: no such folder"):
            install(["cursor"], workspace=tmp_path / "nowhere")
