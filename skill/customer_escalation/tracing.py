"""Traces in OpenTelemetry's GenAI conventions, off by default: names, durations and counts, never content."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from pathlib import Path

    from opentelemetry.sdk.trace import TracerProvider

AGENT = "customer-escalation"


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


def event(step: str, detail: str) -> None:
    """A step of the run, as an event of the span it happens in."""
    if _TRACE.provider is not None:
        from opentelemetry import trace

        trace.get_current_span().add_event(step, {"detail": _masked(detail)})


@contextmanager
def written_to(file: Path) -> Generator[None]:
    """Write every span to this file, a JSON object a line, while the block runs. Raises OSError."""
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

    with file.open("w", encoding="utf-8") as stream:
        exporter = ConsoleSpanExporter(out=stream, formatter=lambda span: f"{span.to_json(indent=None)}\n")
        _TRACE.provider = TracerProvider()
        _TRACE.provider.add_span_processor(SimpleSpanProcessor(exporter))
        try:
            yield
        finally:
            _TRACE.provider.shutdown()
            _TRACE.provider = None


def _masked(text: str) -> str:
    from customer_escalation.safety import safe

    return safe(text).text[:300]
