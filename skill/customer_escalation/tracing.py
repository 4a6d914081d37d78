"""Traces in OpenTelemetry's GenAI conventions, off by default: names, durations and counts, never content."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

if TYPE_CHECKING:
    from pathlib import Path

    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider

AGENT = "customer-escalation"
OURS_ALONE = 0o600
# Of what gathering tells of itself: the source and the count, not what was asked for nor what went wrong.
_COUNTED = re.compile(r"\w+(?:: \d[\d,]*\b)?")
_IN_WORDS = frozenset({"exception.message", "exception.stacktrace"})


class _Trace(Struct):
    provider: TracerProvider | None = None


_TRACE = _Trace()


def sdk_option() -> Any:  # noqa: ANN401 - the SDK's option, a mapping or False
    """The model client's own option: its spans go to our trace without content, or nowhere."""
    if _TRACE.provider is None:
        return {"traces": False, "propagation": False}
    return {"tracer_provider": _TRACE.provider, "propagation": False, "traces": {"content_mode": "metadata_only"}}


@contextmanager
def span(operation: str, name: str, **attributes: str | int | float) -> Generator[None]:
    """One span of the trace, if there is one: `invoke_agent` or `execute_tool`, with its name."""
    if _TRACE.provider is None:
        yield
        return
    subject = {"invoke_agent": "gen_ai.agent.name", "execute_tool": "gen_ai.tool.name"}[operation]
    told = {"gen_ai.operation.name": operation, subject: _masked(name), **attributes}
    with _TRACE.provider.get_tracer(AGENT).start_as_current_span(f"{operation} {_masked(name)}", attributes=told):
        yield


def possible() -> bool:
    """Whether the extra `trace` is installed."""
    return find_spec("opentelemetry") is not None and find_spec("opentelemetry.sdk") is not None


def step(name: str, detail: str) -> None:
    """A step of the rules, without the words that were searched for; the model's steps are spans and counts."""
    found = _COUNTED.match(detail) if name == "gather" else None
    event(name, detail if found is None else found[0])


def event(step: str, detail: str) -> None:
    """Something that happened, in counts and names of ours, as an event of the span it happens in."""
    if _TRACE.provider is not None:
        from opentelemetry import trace

        trace.get_current_span().add_event(step, {"detail": _masked(detail)})


@contextmanager
def written_to(file: Path) -> Generator[None]:
    """Write every span to this file, a JSON object a line, while the block runs. Raises OSError."""
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

    file.touch(OURS_ALONE)
    with file.open("w", encoding="utf-8") as stream:
        exporter = ConsoleSpanExporter(out=stream, formatter=_line)
        _TRACE.provider = TracerProvider()
        _TRACE.provider.add_span_processor(SimpleSpanProcessor(exporter))
        try:
            yield
        finally:
            _TRACE.provider.shutdown()
            _TRACE.provider = None


def _line(span: ReadableSpan) -> str:
    """One span as JSON; what an error says stays out, since a server may repeat in it what it was sent."""
    told = cast("dict[str, Any]", json.loads(span.to_json(indent=None)))
    told["status"] = {"status_code": told["status"]["status_code"]}
    for each in cast("list[dict[str, Any]]", told["events"]):
        attributes = cast("Mapping[str, object]", each.get("attributes") or {})
        each["attributes"] = {name: value for name, value in attributes.items() if name not in _IN_WORDS}
    return json.dumps(told, ensure_ascii=False) + "\n"


def _masked(text: str) -> str:
    from customer_escalation.safety import safe

    return safe(text).text[:300]
