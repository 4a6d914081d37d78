"""Starts the MCP server for somebody who has only this folder: standard library, the syntax of Python 3.8 and newer.

    python3 skill/launch.py serve [--workspace DIR]    the program installed on this machine, else the environment that
                                  [--config FILE]      `setup` made, else one that uv makes from this folder
    python3 skill/launch.py setup                      makes an environment with pip, from the hashed lock

Where nothing can run the server, `serve` still speaks the protocol and says in one sentence what to do about it; the
client would only show "failed".
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, cast  # noqa: UP035 - old Pythons come here to be told what is missing

ROOT = Path(__file__).resolve().parent.parent
NAME = "customer-escalation"
OLDEST = (3, 11)
UV_SECONDS = 25  # clients give a server about 30 s to start


def main(arguments: list[str]) -> int:
    """Run `serve` or `setup`; gives the exit status."""
    if arguments[:1] == ["setup"]:
        return setup()
    options = [option for option in arguments[1:] if option not in ("", "--workspace=", "--config=")]
    for name in ("workspace", "config"):
        chosen = os.environ.get("CUSTOMER_ESCALATION_" + name.upper())
        if chosen and not any(option.startswith("--" + name) for option in options):
            options.append("--" + name + "=" + chosen)
    command, why = find_server()
    if not command:
        return explain(why)
    return become([*command, "serve", *options])


def find_server() -> tuple[list[str], str]:
    """The command that runs the program, or nothing and the reason."""
    for candidate in (shutil.which(NAME), program(environment())):
        if candidate and Path(candidate).is_file():
            return [str(candidate)], ""
    uv = find_uv()
    if uv is None:
        return [], "neither customer-escalation nor uv is installed"
    command = [uv, "tool", "run", "--quiet", "--constraints", str(ROOT / "requirements.txt"), "--from", str(ROOT), NAME]
    try:
        tried = subprocess.run(  # noqa: S603 - a fixed command
            [*command, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=UV_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [], "uv is still preparing the environment; reconnect the server in a minute"
    except OSError as error:
        return [], "uv did not start: " + str(error.strerror)
    if tried.returncode:
        return [], "uv could not prepare the environment: " + (" ".join(tried.stderr.split()) or "no reason given")[
            :400
        ]
    return command, ""


def find_uv() -> str | None:
    """uv on the path, or where its installers put it (programs started from a desktop often have a short path)."""
    usual = os.pathsep.join(str(Path.home() / folder / "bin") for folder in (".local", ".cargo"))
    return shutil.which("uv") or shutil.which("uv", path=usual)


def environment() -> Path:
    """The folder of the environment that `setup` makes: one per version, beside the user's data."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / NAME / ("environment-" + version())


def version() -> str:
    """The version of this folder."""
    found = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1) if found else "unknown"


def program(folder: Path, name: str = NAME) -> Path:
    """A program inside an environment."""
    return folder / "Scripts" / (name + ".exe") if sys.platform == "win32" else folder / "bin" / name


def setup() -> int:
    """Make the environment with the packages of the lock, and this folder in it."""
    if sys.version_info[:2] < OLDEST:
        say("Python 3.11 or newer is needed; this is " + ".".join(map(str, sys.version_info[:2])))
        return 2
    folder = environment()
    install = [str(program(folder, "python")), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        [*install, "--require-hashes", "-r", str(ROOT / "requirements.txt")],
        [*install, "--no-deps", str(ROOT)],
    ):
        done = subprocess.run(command, stdout=sys.stderr, check=False)  # noqa: S603 - a fixed command
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            say("setup failed at: " + " ".join(command[1:]))
            return 1
    say("ready: " + str(program(folder)) + "; now reconnect the server, or restart the client")
    return 0


def become(command: list[str]) -> int:
    """Turn this process into that program; Windows cannot, so there it runs below."""
    if sys.platform != "win32":
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    return subprocess.call(command)  # noqa: S603 - a fixed command


def explain(why: str) -> int:
    """Speak the protocol until the client leaves, with one tool that says how to set the server up."""
    advice = (
        "The customer-escalation server cannot run here (" + why + "), so nothing can be verified. "
        'To set it up, run once with Python 3.11 or newer: python3 "' + str(ROOT / "skill" / "launch.py") + '" setup'
    )
    say(advice)
    for line in sys.stdin:
        answer = reply(line, advice)
        if answer:
            sys.stdout.write(json.dumps({"jsonrpc": "2.0", **answer}) + "\n")
            sys.stdout.flush()
    return 0


def reply(line: str, advice: str) -> dict[str, object]:
    """The answer to one message of a client, nothing for a notification. Newer clients fall back to this handshake."""
    try:
        message = cast("dict[str, Any]", json.loads(line))
        asked: Dict[str, Any] = message.get("params") or {}  # noqa: UP006
        number, method = message["id"], message["method"]
    except (ValueError, KeyError, AttributeError):
        return {}
    results: dict[str, dict[str, object]] = {
        "initialize": {
            "protocolVersion": asked.get("protocolVersion", "2025-11-25"),
            "capabilities": {"tools": {}},
            "serverInfo": {"name": NAME, "version": version()},
            "instructions": advice,
        },
        "ping": {},
        "tools/list": {"tools": [STATUS]},
        "tools/call": {"content": [{"type": "text", "text": advice}], "isError": True},
    }
    if method not in results:
        return {"id": number, "error": {"code": -32601, "message": "Method not found"}}
    return {"id": number, "result": results[method]}


STATUS: Dict[str, object] = {  # noqa: UP006 - as above
    "name": "escalation_status",
    "description": "Says why the escalation tools are not running here and how to set them up.",
    "inputSchema": {"type": "object", "properties": {}, "additionalProperties": False},
    "annotations": {"readOnlyHint": True, "idempotentHint": True, "openWorldHint": False},
}


def say(text: str) -> None:
    """One line for the person, on standard error; standard output belongs to the protocol."""
    sys.stderr.write("customer-escalation: " + text + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
