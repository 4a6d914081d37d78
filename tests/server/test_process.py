"""The server as a process on stdio: what it loads, what it writes where, how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LATE = {
    "anthropic",
    "customer_escalation.casebook",
    "customer_escalation.policy",
    "customer_escalation.safety",
    "customer_escalation.workflow",
    "escalation_connectors.workspace",
    "jinja2",
    "sqlite3",
    "tomlkit",
    "yaml",
}


def environment(home: Path) -> dict[str, str]:
    paths = os.pathsep.join((str(ROOT / "skill"), str(ROOT / "connectors")))
    return {**os.environ, "PYTHONPATH": paths, "CUSTOMER_ESCALATION_HOME": str(home)}


def messages(*requests: tuple[str, dict[str, object]]) -> bytes:
    client: dict[str, object] = {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    }
    calls = [("initialize", client), *requests]
    lines: list[dict[str, object]] = [{"jsonrpc": "2.0", "method": "notifications/initialized"}]
    for number, (method, params) in enumerate(calls):
        lines.append({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
    lines[0], lines[1] = lines[1], lines[0]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


class Server:
    """A server on pipes."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-m", "customer_escalation", "serve"]
        self.process = subprocess.Popen(
            command, env=environment(home), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def ask(self, *requests: tuple[str, dict[str, object]]) -> list[dict[str, object]]:
        """The answers, in the order of the requests."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(messages(*requests))
        self.process.stdin.flush()
        answers: dict[int, dict[str, object]] = {}
        while len(answers) <= len(requests):
            message = json.loads(self.process.stdout.readline())
            if "id" in message:
                answers[message["id"]] = message
        return [answers[number]["result"] for number in sorted(answers)]  # type: ignore[misc]  # results are objects

    def end(self) -> tuple[int, bytes, bytes]:
        """Close its input; its exit status and what it still wrote."""
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err


def test_starting_loads_nothing_that_only_a_call_needs(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from customer_escalation.cli import main\n"
        "from customer_escalation.server.app import build_server\n"
        "from customer_escalation.server.desk import desk_of\n"
        "build_server(desk_of(None, None))\n"
        "print(*sorted(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(tmp_path), capture_output=True, text=True, check=True
    )

    assert not LATE & set(done.stdout.split())


def test_a_session_on_stdio_writes_only_messages_and_ends_with_its_client(tmp_path: Path) -> None:
    server = Server(tmp_path)

    hello, listing, status = server.ask(
        ("tools/list", {}), ("tools/call", {"name": "escalation_status", "arguments": {}})
    )
    code, out, err = server.end()

    assert hello["serverInfo"]["name"] == "customer-escalation"  # type: ignore[index]
    assert len(listing["tools"]) == 22  # type: ignore[arg-type]
    assert status["structuredContent"]["cases"] == 0  # type: ignore[index]
    assert (code, out, err) == (0, b"", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_without_a_traceback(tmp_path: Path, number: signal.Signals) -> None:
    server = Server(tmp_path)
    server.ask(("tools/list", {}))

    server.process.send_signal(number)
    _, out, err = server.end()

    assert b"Traceback" not in err
    assert out == b""


def test_text_that_is_no_message_does_not_stop_it(tmp_path: Path) -> None:
    server = Server(tmp_path)
    assert server.process.stdin is not None
    server.process.stdin.write(b"not json\n\xff\xfe\n{}\n[]\n")

    (_, listing) = server.ask(("tools/list", {}))
    code, _, _ = server.end()

    assert listing["tools"]
    assert code == 0
