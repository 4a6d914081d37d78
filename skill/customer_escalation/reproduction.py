"""Step 5, reproduction steps: only what the records hold. What is missing is asked for by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from customer_escalation import prose
from customer_escalation.brief import Conflict, Reproduction, Statement
from customer_escalation.case import Case
from customer_escalation.evidence import Evidence
from customer_escalation.headed import parts_of
from customer_escalation.language import heard, one_line, sentences
from customer_escalation.lexicon import headings, marks_of
from customer_escalation.quoting import kind_of

SOFTWARE = re.compile(
    r"\b(?P<name>[A-Z][A-Za-z+#-]{1,20}(?: [A-Z][a-z]+)?|iOS|macOS|[a-z]{2,}-[a-z]{2,}|[a-z]+[.-]?js)"
    r"[ :/]v?(?P<version>\d{1,4}(?:\.\d{1,4}){1,3}[\w-]*)"
    r"|\b(?P<known>Firefox|Chrome|Safari|Edge|Opera|Windows|Android|iOS|macOS|PHP|Node|Debian|Ubuntu|Java|Postgres\w*|MySQL)"
    r" v?(?P<major>\d{1,3})\b"
)
NO_SOFTWARE = {"http", "mozilla", "error", "version", "issue", "case", "ticket", "step", "page", "release"}
BARE_VERSION = re.compile(r"\bv\d+(?:\.\d+)+\b|\bversion \d+(?:\.\d+)+(?![.\w])")
TRACE = re.compile(
    r"\b[a-z]{2,6}_[0-9a-f]{6,}\b|\"(?:error|code|message)\"|\b[A-Z]{3,}_[A-Z_]{3,}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b"
    r"|\[attachment |https?://|\b[A-Z]\w+(?:Error|Exception)\b|\bHTTP[ /]?[45]\d\d\b|\bERROR\b"
)
WANTED = {
    "preconditions": "the start state (account type, configuration, permissions)",
    "steps": "the exact steps with exact values",
    "expected": "the expected result",
    "actual": "the actual result",
    "environment": "the environment (version, browser or client, operating system, plan)",
    "frequency": "how often it happens",
    "evidence": "error text, request ids, logs or screenshots",
}


class _Section(NamedTuple):
    row: Evidence
    lines: list[str]
    numbers: list[int]


def reproduce(case: Case, *, is_defect: bool) -> tuple[Reproduction | None, tuple[Conflict, ...]]:
    """What the threads and the tracker hold of a reproduction; None where the case is not a bug."""
    read = [_sections(row) for row in _sources(case)]
    best = max(
        read, key=lambda parts: len(parts["steps"].lines) if "steps" in parts else 0, default=dict[str, _Section]()
    )
    if not is_defect and "steps" not in best:
        return None, ()
    parts = {name: _first(name, best, read) for name in headings()}
    expected, actual, conflicts = _pair(parts["expected"], parts["actual"])
    steps = parts["steps"]
    done, expected, actual = _in_prose(case, expected, actual)
    environment, environment_rows = _environment(case, parts["environment"])
    frequency = prose.often(case.thread_rows())
    evidence = tuple(_evidence(case, frozenset(steps.lines if steps else ())))
    found = {"preconditions": parts["preconditions"], "steps": steps or done, "expected": expected, "actual": actual,
             "environment": environment, "frequency": frequency, "evidence": evidence}  # fmt: skip
    missing = [words for name, words in WANTED.items() if not found[name]]
    missing += _skipped(steps)
    taken = _statements(steps) or done
    said = (*_statements(parts["preconditions"]), *taken, *filter(None, (expected, actual, frequency)))
    cites = tuple(dict.fromkeys((*(c for s in said for c in s.cites), *environment_rows)))
    return Reproduction(
        preconditions=_statements(parts["preconditions"]),
        steps=taken,
        expected=expected,
        actual=actual,
        environment=environment,
        frequency=frequency,
        ruled_out=tuple(_ruled_out(case, parts["ruled_out"])),
        cites=cites,
        missing=tuple(missing),
        evidence=evidence,
    ), conflicts


def _in_prose(
    case: Case, expected: Statement | None, actual: Statement | None
) -> tuple[tuple[Statement, ...], Statement | None, Statement | None]:
    """What the threads tell without headings, the meant ticket's first: a step, what was expected, what came."""
    own = case.comments(case.primary) if case.primary else ()
    read = (*own, *(row for row in case.thread_rows() if row not in own))
    acted = prose.acted(read)
    if acted is None:
        return (), expected or prose.expected(read), actual or prose.seen(read)
    step = (prose.quoted(acted.row, acted.did),)
    return (
        step,
        expected or prose.expected(read) or prose.quoted(acted.row, acted.wanted),
        actual or prose.quoted(acted.row, acted.got),
    )


def _sources(case: Case) -> Iterator[Evidence]:
    yield from case.thread_rows()
    for issue in case.issues:
        row = case.ledger.get(f"I-{issue.key}")
        if row is not None and issue.resolved_at is None:
            yield row


def _sections(row: Evidence) -> dict[str, _Section]:
    return {name: _Section(row, part.lines, part.numbers) for name, part in parts_of(heard(row.text)).items()}


def _first(name: str, best: dict[str, _Section], read: Iterable[dict[str, _Section]]) -> _Section | None:
    return best.get(name) or next((parts[name] for parts in read if name in parts), None)


def _statements(part: _Section | None) -> tuple[Statement, ...]:
    if part is None:
        return ()
    return tuple(Statement(f"“{line}”", (part.row.id,), kind_of(part.row)) for line in part.lines[:20])


def _pair(
    expected: _Section | None, actual: _Section | None
) -> tuple[Statement | None, Statement | None, tuple[Conflict, ...]]:
    """Expected and actual; put right, and said, where the source has them the wrong way round."""
    one, other = _joined(expected), _joined(actual)
    if expected is None or actual is None or one is None or other is None:
        return one, other, ()
    swapped = (
        "failing" in marks_of(one.text) and "wished" in marks_of(other.text) and "failing" not in marks_of(other.text)
    )
    if not swapped:
        return one, other, ()
    said = f"The source says as expected: {one.text}, and as actual: {other.text}; the brief swaps them"
    return other, one, (Conflict(said, (expected.row.id,)),)


def _joined(part: _Section | None) -> Statement | None:
    if part is None:
        return None
    return Statement(f"“{' … '.join(part.lines[:4])}”", (part.row.id,), kind_of(part.row))


def _skipped(steps: _Section | None) -> list[str]:
    numbers = steps.numbers if steps else []
    gaps = sorted(set(range(1, max(numbers, default=0))) - set(numbers))
    return [f"step {number}: the source's numbering leaves it out" for number in gaps]


def _environment(case: Case, part: _Section | None) -> tuple[dict[str, str], tuple[str, ...]]:
    found: dict[str, str] = {}
    cites: list[str] = []
    if part is not None:
        found["stated"] = " ".join(part.lines[:6])
        cites.append(part.row.id)
    stated = found.get("stated", "")
    own = case.comments(case.primary) if case.primary else ()
    named = any(SOFTWARE.search(heard(row.text)) or BARE_VERSION.search(heard(row.text)) for row in own)
    for row in own if named or part is not None else case.thread_rows():
        text = heard(row.text)
        for match in SOFTWARE.finditer(text):
            name, version = match.group("name") or match.group("known"), match.group("version") or match.group("major")
            if name.lower() not in NO_SOFTWARE and name not in found and version not in stated:
                found[name] = version
                cites.append(row.id)
        for match in BARE_VERSION.finditer(text):
            if "version" not in found and not any(match.group().lstrip("v") in v for v in found.values()):
                found["version"] = match.group()
                cites.append(row.id)
    return dict(list(found.items())[:12]), tuple(dict.fromkeys(cites))


def _evidence(case: Case, steps: frozenset[str]) -> Iterator[Statement]:
    """Error texts, request ids, logs and addresses, a few of each row."""
    for row in case.thread_rows():
        said = (
            s
            for s in sentences(heard(row.text))
            if TRACE.search(s) and "asked_for" not in marks_of(s) and s not in steps
        )
        for sentence in list(said)[:3]:
            yield Statement(f"“{one_line(sentence, 300)}”", (row.id,), kind_of(row))


def _ruled_out(case: Case, part: _Section | None) -> Iterator[Statement]:
    seen: set[str] = set()
    for statement in _statements(part):
        seen.add(statement.text)
        yield statement
    for row in case.thread_rows():
        for sentence in sentences(heard(row.text)):
            text = f"“{sentence}”"
            inside = any(sentence in known or known.strip("“”") in sentence for known in seen)
            if "ruled_out" in marks_of(sentence) and not inside and len(sentence) < 500 and sentence[-1] != ":":
                seen.add(text)
                yield Statement(text, (row.id,), kind_of(row))
