"""The interactive screen of the real Claude Code, held by tmux: what a person sees, and the keys that they press."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time

import pytest

from tests.clients.harness import KEY, Fake, Machine, client, missing


def settled(on: Machine) -> Machine:
    """The machine of somebody who has answered Claude Code's first questions. Skips where there is no tmux."""
    if not shutil.which("tmux"):
        missing("no tmux to hold the screen")
    answers = {"approved": [KEY[-20:]], "rejected": []}
    trusted = {str(on.project): {"hasTrustDialogAccepted": True}}
    about = {"hasCompletedOnboarding": True, "theme": "dark", "customApiKeyResponses": answers, "projects": trusted}
    (on.home / ".claude.json").write_text(json.dumps(about), encoding="utf-8")
    mode = {"permissions": {"disableAutoMode": "disable"}}  # what it checks is checked by servers that are not here
    (on.home / ".claude").mkdir(exist_ok=True)
    (on.home / ".claude" / "settings.json").write_text(json.dumps(mode), encoding="utf-8")
    return on


class Screen:
    """Claude Code on a terminal of 150 by 400, held by tmux."""

    def __init__(self, on: Machine, fake: Fake) -> None:
        self._socket = f"escalation-{os.getpid()}-{time.monotonic_ns()}"
        self._on, self._url = on, fake.url

    def __enter__(self) -> Screen:
        words = [f"{name}={value}" for name, value in self._on.for_claude(self._url).items()]
        command = ["env", "-i", *words, client("CLAUDE", "claude")]
        size = ["-x", "150", "-y", "400"]
        self._tmux("new-session", "-d", "-s", "s", *size, "-c", str(self._on.project), *command)
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server")

    def text(self) -> str:
        """What the screen shows now."""
        return self._tmux("capture-pane", "-p", "-t", "s")

    def type(self, text: str) -> None:
        """Type, without a return."""
        self._tmux("send-keys", "-t", "s", "-l", text)

    def press(self, key: str) -> None:
        """Press one key by its name."""
        time.sleep(0.5)
        self._tmux("send-keys", "-t", "s", key)

    def wait_for(self, *wanted: str, seconds: float = 30) -> None:
        """Wait until one of the texts is on the screen."""
        end = time.monotonic() + seconds
        while not any(each in self.text() for each in wanted):
            if time.monotonic() > end:
                pytest.fail(f"none of {wanted} on the screen:\n{self.text()}", pytrace=False)
            time.sleep(0.2)

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(["tmux", "-L", self._socket, *words], capture_output=True, text=True, check=False)
        return done.stdout
