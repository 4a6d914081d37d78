"""The rules of the house that a program can check: sizes, direction of imports, who may touch what, what is tracked."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SKILL = ROOT / "skill" / "customer_escalation"
CONNECTORS = ROOT / "connectors" / "escalation_connectors"
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def modules(*roots: Path) -> list[Path]:
    return sorted(path for root in roots for path in root.rglob("*.py"))


SHIPPED = modules(SKILL, CONNECTORS)
WRITTEN = [*SHIPPED, ROOT / "skill" / "launch.py", *modules(ROOT / "tests", ROOT / "evals", ROOT / "bench")]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, FUNCTION):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def imports(path: Path) -> set[str]:
    """Dotted names of what a module imports, wherever in it, "from a import b" as "a" and "a.b"."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def importers_of(package: str) -> list[str]:
    return [
        name_of(path)
        for path in SHIPPED
        if any(name == package or name.startswith(f"{package}.") for name in imports(path))
    ]


def attributes(path: Path) -> set[str]:
    """ "os.environ" for every such use in a module."""
    return {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


def calls(path: Path) -> set[str]:
    return {
        node.func.id
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_a_file_has_at_most_400_lines() -> None:
    assert {name_of(path): n for path in WRITTEN if (n := len(path.read_bytes().splitlines())) > 400} == {}


def test_a_function_has_at_most_40_lines() -> None:
    code = [path for path in WRITTEN if not name_of(path).startswith("tests/")]  # a test's data may be one long list
    assert {f"{name_of(path)}: {name}": n for path in code for name, n in functions(path) if n > 40} == {}


def test_a_function_usually_has_about_ten_lines() -> None:
    assert statistics.median(lines for path in SHIPPED for _, lines in functions(path)) <= 12


def test_modules_and_their_public_names_say_what_they_are() -> None:
    silent: list[str] = []
    for path in SHIPPED:
        tree = tree_of(path)
        public = [node for node in tree.body if isinstance(node, (*FUNCTION, ast.ClassDef)) and node.name[0] != "_"]
        silent += [name_of(path)] if ast.get_docstring(tree) is None else []
        silent += [f"{name_of(path)}: {node.name}" for node in public if not ast.get_docstring(node)]

    assert silent == []


def test_the_connectors_never_import_the_skill() -> None:
    assert [name for name in importers_of("customer_escalation") if name.startswith("connectors/")] == []


def test_only_the_model_writer_imports_the_library_of_the_model() -> None:
    assert set(importers_of("anthropic")) <= {"skill/customer_escalation/writers/model.py"}


TOOLBOX = "skill/customer_escalation/writers/toolbox.py"  # calls the server's tools in process, as a client


def test_only_the_server_its_client_and_the_bridge_import_the_protocol() -> None:
    homes = ("skill/customer_escalation/server/", TOOLBOX, "connectors/escalation_connectors/bridge/")
    outside = [name for name in importers_of("mcp") if not name.startswith(homes)]

    assert outside == []


def test_only_entry_points_import_the_server_and_nothing_imports_the_command_line() -> None:
    inside = ("skill/customer_escalation/server/", TOOLBOX)
    entries = (
        "skill/customer_escalation/cli",
        "skill/customer_escalation/commands",
        "skill/customer_escalation/__main__",
    )

    assert [
        name for name in importers_of("customer_escalation.server") if not name.startswith((*inside, *entries))
    ] == []
    assert [name for name in importers_of("customer_escalation.cli") if not name.startswith(entries)] == []


def reachable(*starts: str) -> set[str]:
    """The modules of ours that these import, directly or through others, at once or later."""
    known = {
        name_of(path).split("/", 1)[1].removesuffix(".py").removesuffix("/__init__").replace("/", "."): path
        for path in SHIPPED
    }
    found: set[str] = set()
    waiting = [name for name in known if name.startswith(starts)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [each for each in imports(known[name]) if each in known]
    return found


READING = ("customer_escalation.workflow", "customer_escalation.writers", "customer_escalation.verify",
           "customer_escalation.settings", "escalation_connectors.registry", "escalation_connectors.workspace",
           "escalation_connectors.bridge")  # fmt: skip


def test_nothing_that_reads_or_drafts_can_reach_what_writes() -> None:
    reached = reachable(*READING)

    assert {
        name for name in reached if name.startswith(("customer_escalation.delivery", "escalation_connectors.outgoing"))
    } == set()
    assert "customer_escalation.gather" in reached
    assert "escalation_connectors.outgoing" in reachable("customer_escalation.casebook.outbox")


def test_only_what_delivers_opens_the_writing_side_of_a_vendor() -> None:
    openers = [
        name_of(path)
        for path in SHIPPED
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "write"
        if isinstance(node.value, ast.Attribute) and node.value.attr == "vendor" and isinstance(node.ctx, ast.Load)
    ]
    importers = importers_of("escalation_connectors.outgoing")

    assert set(openers) <= {
        "connectors/escalation_connectors/outgoing.py",
        "connectors/escalation_connectors/fakes_writing.py",
    }
    assert openers != []
    assert [name for name in importers if not name.startswith("skill/customer_escalation/delivery/")] == []
    assert importers_of("escalation_connectors.fakes_writing") == []


def test_only_the_outbox_sends() -> None:
    senders = [
        name_of(path)
        for path in SHIPPED
        if name_of(path).startswith("skill/")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "send"
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "sink"
    ]
    inside = ("skill/customer_escalation/delivery/", "skill/customer_escalation/casebook/")

    assert set(senders) == {"skill/customer_escalation/casebook/outbox.py"}
    for module in ("vendors", "folder"):
        importers = importers_of(f"customer_escalation.delivery.{module}")
        assert [name for name in importers if not name.startswith(inside)] == []


def test_only_the_settings_read_the_environment() -> None:
    asking = {"os.environ", "os.getenv", "os.environb"}

    readers = [name_of(path) for path in SHIPPED if attributes(path) & asking or "os.environ" in imports(path)]

    assert readers == ["skill/customer_escalation/settings.py"]


def test_nothing_prints_and_only_the_command_line_touches_standard_output() -> None:
    printing = [name_of(path) for path in SHIPPED if "print" in calls(path)]
    writing = [name_of(path) for path in SHIPPED if "sys.stdout" in attributes(path)]

    assert printing == []
    assert writing == ["skill/customer_escalation/commands/output.py"]


def test_only_the_casebook_and_the_index_open_a_database() -> None:
    homes = ("skill/customer_escalation/casebook/", "connectors/escalation_connectors/workspace/")

    assert [name for name in importers_of("sqlite3") if not name.startswith(homes)] == []


def test_only_the_contract_suites_import_pytest_and_nothing_shipped_imports_them() -> None:
    suites = "connectors/escalation_connectors/suites/"

    assert {name for name in importers_of("pytest") if not name.startswith(suites)} == set()
    assert {name for name in importers_of("escalation_connectors.suites") if not name.startswith(suites)} == set()


def test_the_launcher_can_be_read_by_an_old_python() -> None:
    source = (ROOT / "skill" / "launch.py").read_text(encoding="utf-8")

    assert ast.parse(source, feature_version=(3, 8))


def test_every_folder_with_code_is_checked_for_types() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    folders = {path.relative_to(ROOT).parts[0] for path in WRITTEN}

    assert folders - set(tools["mypy"]["files"]) == set()
    assert folders - set(tools["pyright"]["include"]) == set()


def test_no_tracked_file_names_a_machine_or_a_package_index() -> None:
    words = (
        "/work" + "/",
        "/root" + "/",
        "/home" + "/runner",
        "index" + "-url",
        "find" + "-links",
        "pypi.org" + "/simple",
    )
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    tracked = [ROOT / name for name in filter(None, listing.stdout.split("\0"))]

    found = [
        f"{name_of(path)}: {word}"
        for path in tracked
        if path.is_file()
        for word in words
        if word in re.sub(r"--no-emit-index" + "-url", "", path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert found == []
