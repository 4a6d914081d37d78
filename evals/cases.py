"""The cases of the benchmark, as data: what was typed, over which workspace, and what has to come out of it.

Three groups: `sample` (over the bundled sample company), `generated` (see `generate.py`) and `shared` (real ones that
lie beside the repository or in SHARED_CASES, where present).
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, cast

import yaml

from customer_escalation import resources

ROOT = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("SHARED_CASES") or ROOT.parents[1] / "shared" / "cases")
DECISIONS = {"escalate": "escalate", "handle": "handle_in_support"}
TARGETS = {"L2": "l2_support", "none": None}


@dataclass(frozen=True, slots=True)
class Gold:
    """What has to come out: accepted decisions, severities and targets, facts (each in equal forms), and what must not.

    `forbidden` are sentences that the brief must not assert; `checks` are rules on the result as such
    ("not_affected NAME", "no_revenue").
    """

    decisions: tuple[str, ...]
    severities: tuple[str | None, ...]
    targets: tuple[str | None, ...]
    facts: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    insights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvalCase:
    """One case; `workspace` None is the bundled sample. `twin` is the same case without the text planted in it."""

    id: str
    group: str
    issue: str
    now: datetime
    gold: Gold
    customer: str = ""
    workspace: Path | None = None
    secrets: tuple[str, ...] = ()
    why: str = ""
    traps: tuple[str, ...] = ()
    twin: EvalCase | None = field(default=None, repr=False)


def gold_of(told: Mapping[str, Any]) -> Gold:
    """The gold of a case file or a scenario, as both write it."""
    expect, accept = told["expect"], cast("dict[str, list[Any]]", told.get("accept") or {})
    return Gold(
        decisions=(expect["decision"], *accept.get("decision", ())),
        severities=(expect["severity"], *accept.get("severity", ())),
        targets=(expect["target"], *accept.get("target", ())),
        facts=facts_of(told.get("must_contain", ())),
        forbidden=tuple(told.get("must_not_assert", ())),
        checks=tuple(told.get("check", ())),
        insights=tuple(insight["text"] for insight in told.get("insights", ())),
    )


def facts_of(entries: Iterable[object]) -> tuple[tuple[str, ...], ...]:
    """Each required fact in its equal forms; an entry that is no list is a fact with one form."""
    listed = (cast("list[object]", entry) if isinstance(entry, list) else [entry] for entry in entries)
    return tuple(tuple(str(form) for form in forms) for forms in listed)


def sample(folder: Path) -> list[EvalCase]:
    """The cases over the bundled sample company; the twin of one with planted text reads a copy without it."""
    return [_sample(path, folder) for path in sorted((ROOT / "cases").glob("sample-*.yaml"))]


def _sample(path: Path, folder: Path) -> EvalCase:
    told = cast("dict[str, Any]", yaml.safe_load(path.read_text(encoding="utf-8")))
    planted = str(told.get("planted") or "")
    case = EvalCase(
        id=told["id"],
        group="sample",
        issue=told["issue"],
        now=told["now"],
        gold=gold_of(told),
        customer=told["customer"],
        secrets=_sample_secrets(),
        traps=("injection",) if planted else (),
    )
    if not planted:
        return case
    twin = replace(case, id=f"{case.id}-twin", workspace=without(planted.strip(), folder / f"{case.id}-twin"), traps=())
    return replace(case, twin=twin)


def _sample_secrets() -> tuple[str, ...]:
    text = (resources.SAMPLE / "tickets.jsonl").read_text(encoding="utf-8")
    return tuple(sorted(set(re.findall(r"sk_live_\w+", text))))


def without(planted: str, folder: Path) -> Path:
    """A copy of the sample company without one passage of its tickets. Raises ValueError where it is not in there."""
    shutil.copytree(resources.SAMPLE, folder, dirs_exist_ok=True)
    path = folder / "tickets.jsonl"
    text, passage = path.read_text(encoding="utf-8"), json.dumps(planted, ensure_ascii=False)[1:-1]
    if passage not in text:
        raise ValueError(f"the planted text is not in the sample: {planted[:60]}")
    path.write_text(text.replace(passage, ""), encoding="utf-8")
    return folder


def shared(folder: Path = SHARED) -> list[EvalCase]:
    """The real cases beside the repository; none where the folder is not there."""
    return [_shared(path) for path in sorted(folder.glob("*/case.json"))]


def _shared(path: Path) -> EvalCase:
    told = cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))
    gold = told["gold"]
    acceptable = gold["acceptable"]
    rules = [text for text in gold["must_not_assert"] if "revenue" in text]
    return EvalCase(
        id=f"shared-{told['id']}",
        group="shared",
        issue=told["issue"],
        now=datetime.fromisoformat(told["now"]).astimezone(UTC),
        gold=Gold(
            decisions=tuple(DECISIONS[word] for word in acceptable["escalate_or_handle"]),
            severities=tuple(None if word == "none" else word.lower() for word in acceptable["severity"]),
            targets=tuple(TARGETS.get(word, word.lower()) for word in acceptable["target_team"]),
            facts=facts_of(gold["must_contain"]),
            forbidden=tuple(text for text in gold["must_not_assert"] if text not in rules),
            checks=("no_revenue",) if rules else (),
        ),
        workspace=path.parent / "workspace",
        traps=tuple(gold["traps"]),
    )


def chosen(cases: Iterable[EvalCase], patterns: Sequence[str]) -> list[EvalCase]:
    """The cases whose id or group fits one of the patterns ("sample-*", "generated"); all without a pattern."""
    return [
        case
        for case in cases
        if not patterns or any(fnmatch(case.id, pattern) or case.group == pattern for pattern in patterns)
    ]
