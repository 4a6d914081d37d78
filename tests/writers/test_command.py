"""The whole command with a model: what works, and the one clear line for each thing that does not."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from customer_escalation.testing import Answer, Model, ModelServer, hostile, personas

pytestmark = pytest.mark.enable_socket

ISSUE = "API returning 500 errors intermittently for Acme Corp"
ADDED = {
    "slot": "insights",
    "text": "The failure rate has grown from 2.1 % on 15 November to 2.9 % on 19 November.",
    "cites": ["T-51842/3", "T-51842/10"],
    "kind": "stated_by_customer",
}


def run(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with nothing set but these variables."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ANTHROPIC_")}
    return subprocess.run(
        [sys.executable, "-m", "customer_escalation", *words],
        env={**clean, "CUSTOMER_ESCALATION_HOME": str(home), **variables},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def escalate(home: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return run(home, "escalate", ISSUE, "--format", "json", *options, **variables)


def test_with_an_endpoint_the_model_writes_by_default(tmp_path: Path) -> None:
    with ModelServer(personas.well_behaved([ADDED])) as server:
        done = escalate(tmp_path, ANTHROPIC_BASE_URL=server.url)

    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (told["planner"], told["model"]) == ("llm", "claude-sonnet-5-5")
    assert told["brief"]["insights"][-1]["text"] == ADDED["text"]
    assert told["stats"]["model_turns"] == 1
    assert told["stats"]["input_tokens"] > 1000


def test_of_a_key_and_a_token_the_key_is_used(tmp_path: Path) -> None:
    with ModelServer(personas.well_behaved([ADDED]), key="k") as server:
        both = {"ANTHROPIC_API_KEY": "k", "ANTHROPIC_AUTH_TOKEN": "t", "ANTHROPIC_BASE_URL": server.url}
        done = escalate(tmp_path, **both)

    assert (json.loads(done.stdout)["planner"], done.stderr) == ("llm", "")
    assert server.requests[0].headers["authorization"] == "Bearer k"


def test_the_rules_ask_no_model(tmp_path: Path) -> None:
    with ModelServer(personas.well_behaved([ADDED])) as server:
        done = escalate(tmp_path, "--planner", "rules", ANTHROPIC_BASE_URL=server.url)

    assert json.loads(done.stdout)["planner"] == "rules"
    assert server.requests == []


def test_no_key_is_a_bad_input_only_where_a_model_was_asked_for(tmp_path: Path) -> None:
    asked, left_open = escalate(tmp_path, "--planner", "llm"), escalate(tmp_path)

    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr == (
        "customer-escalation: --planner llm: no language model is set; "
        "set ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN or ANTHROPIC_BASE_URL\n"
    )
    assert json.loads(left_open.stdout)["planner"] == "rules"


SHUT = "http://127.0.0.1:9"
CASES: Mapping[str, tuple[Model | None, Mapping[str, str], str]] = {
    "a wrong key": (
        personas.well_behaved([]),
        {"ANTHROPIC_API_KEY": "wrong"},
        "the key was refused by {url}; check ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN (HTTP 401)",
    ),
    "a model that does not exist": (
        personas.well_behaved([]),
        {"CUSTOMER_ESCALATION_MODEL": "gone"},
        "{url} knows no model gone; set CUSTOMER_ESCALATION_MODEL, or check the base URL (HTTP 404)",
    ),
    "nobody at the base URL": (None, {}, "{url} cannot be reached; check the base URL"),
    "a proxy's page": (hostile.web_page, {}, "what came from {url} is no answer of the Messages API"),
    "a proxy's error page": (hostile.error_page, {}, "{url} failed; try again later (HTTP 502)"),
    "too busy": (hostile.overloaded, {}, "{url} is overloaded; try again later (HTTP 529)"),
    "a refusal": (hostile.refusing, {}, "it refused to answer"),
    "an answer that breaks off": (hostile.cut_off, {}, "its answer broke off"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("planner", ["auto", "llm"])
def test_whatever_goes_wrong_there_is_the_rules_brief_and_one_clear_line(
    tmp_path: Path, case: str, planner: str
) -> None:
    model, variables, line = CASES[case]
    with ModelServer(model or (lambda request: Answer()), key="k", models=("claude-sonnet-5-5",)) as server:
        url = server.url if model else SHUT
        done = escalate(
            tmp_path, "--planner", planner, **{"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "k", **variables}
        )

    name = variables.get("CUSTOMER_ESCALATION_MODEL", "claude-sonnet-5-5")
    said = f"The model {name} stopped early: {line.format(url=url)}; the rules wrote this brief"
    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert done.stderr == f"customer-escalation: {said}\n"
    assert (told["planner"], told["model"], told["verification"]["unsupported"]) == ("rules", None, [])
    assert said in told["notes"]


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"ANTHROPIC_BASE_URL": "not a url"}, "ANTHROPIC_BASE_URL: not an address like https://host/path: ''"),
        ({"ANTHROPIC_BASE_URL": "http://example.com"}, "ANTHROPIC_BASE_URL: must begin with https:// unless it is on"),
        ({"CUSTOMER_ESCALATION_EFFORT": "huge"}, "CUSTOMER_ESCALATION_EFFORT: not one of none, low, medium, high"),
        ({"CUSTOMER_ESCALATION_PROVIDER": "x"}, "CUSTOMER_ESCALATION_PROVIDER: not one of anthropic, bedrock"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(tmp_path: Path, variables: dict[str, str], line: str) -> None:
    done = escalate(tmp_path, **variables)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"customer-escalation: {line}")
    assert done.stderr.count("\n") == 1


def test_quiet_says_nothing_beside_the_brief(tmp_path: Path) -> None:
    done = escalate(tmp_path, "--quiet", ANTHROPIC_BASE_URL=SHUT)

    assert (done.returncode, done.stderr) == (0, "")
    assert "cannot be reached" in json.loads(done.stdout)["notes"][-1]


def test_a_provider_whose_packages_are_missing_is_named(tmp_path: Path) -> None:
    done = escalate(tmp_path, CUSTOMER_ESCALATION_PROVIDER="bedrock")

    assert done.returncode == 0
    assert json.loads(done.stdout)["planner"] == "rules"
    assert "bedrock is not set up: set its own variables for credentials and region, and pip install" in done.stderr


def test_verbose_writes_a_trace_without_content(tmp_path: Path) -> None:
    with ModelServer(personas.well_behaved([ADDED], first=[("support_get_ticket", {"ticket_id": "51655"})])) as server:
        done = escalate(tmp_path, "--verbose", ANTHROPIC_BASE_URL=server.url, ANTHROPIC_API_KEY="sk-ant-very-secret")

    file = Path(done.stderr.strip().removeprefix("customer-escalation: the trace is in "))
    spans = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    attributes = {span["name"]: span["attributes"] for span in spans}
    asked = next(span for span in spans if span["attributes"].get("gen_ai.operation.name") == "chat")
    assert attributes["invoke_agent customer-escalation"]["gen_ai.agent.name"] == "customer-escalation"
    assert attributes["execute_tool support_get_ticket"]["gen_ai.tool.name"] == "support_get_ticket"
    assert asked["attributes"]["gen_ai.request.model"] == "claude-sonnet-5-5"
    assert asked["attributes"]["gen_ai.usage.output_tokens"] > 0
    assert not [word for word in ("Dana Whitlock", "very-secret", "failure rate") if word in file.read_text("utf-8")]


def test_verbose_traces_the_rules_too(tmp_path: Path) -> None:
    done = escalate(tmp_path, "--verbose")

    file = Path(done.stderr.strip().removeprefix("customer-escalation: the trace is in "))
    (span,) = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [event["name"] for event in span["events"]][-1] == "verify"


def test_a_server_without_a_list_of_models_is_not_told_to_lack_the_model(tmp_path: Path) -> None:
    bare = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)  # answers 501
    threading.Thread(target=bare.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{bare.server_port}"
    try:
        done = run(tmp_path, "doctor", ANTHROPIC_BASE_URL=url)
    finally:
        bare.shutdown()
        bare.server_close()

    said = f"{url} does not describe its models; whether it has claude-sonnet-5-5 shows when it is asked"
    assert f"  model             {said}\n" in done.stdout


def test_the_doctor_describes_the_model(tmp_path: Path) -> None:
    with ModelServer(personas.well_behaved([])) as server:
        done = run(tmp_path, "doctor", ANTHROPIC_BASE_URL=server.url)

    assert done.stdout.endswith(
        f"Planner: rules, then claude-sonnet-5-5 at {server.url}, effort medium\n"
        "  model             claude-sonnet-5-5, active, reads 1,000,000 tokens, writes 64,000, "
        "thinks, effort low medium high xhigh max, strict tools\n"
        "  budget            6 requests, 400,000 tokens, 180 s, USD 1\n"
    )


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"CUSTOMER_ESCALATION_MODEL": "gone"}, "knows no model gone"),
        ({"ANTHROPIC_BASE_URL": SHUT}, f"{SHUT} cannot be reached; check the base URL"),
        ({"CUSTOMER_ESCALATION_PROVIDER": "vertex"}, "Vertex has no list of models; it shows when it is asked"),
        ({"CUSTOMER_ESCALATION_MODEL": "gone"}, "its price is not known, so the budget in USD does not bind"),
    ],
)
def test_the_doctor_says_what_is_wrong_with_the_model(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    with ModelServer(personas.well_behaved([]), models=("claude-sonnet-5-5",)) as server:
        done = run(tmp_path, "doctor", **{"ANTHROPIC_BASE_URL": server.url, **variables})

    assert (done.returncode, done.stderr) == (0, "")
    assert said in done.stdout
