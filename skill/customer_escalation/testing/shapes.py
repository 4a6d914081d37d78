"""The shape of a request to the Messages API: fields, types and names, where anything unknown is refused.

Source: the parameters of the API version 2026-10-21 as its Python library types them. Tools that the API runs itself,
and content that belongs to them, are not known here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,128}$")]


class Shape(BaseModel):
    """No unknown field, no value that only becomes right by conversion."""

    model_config = ConfigDict(extra="forbid", strict=True)


class CacheControl(Shape):
    """A breakpoint of the prompt cache."""

    type: Literal["ephemeral"]
    ttl: Literal["5m", "1h"] = "5m"


class Cached(Shape):
    """What can carry a breakpoint."""

    cache_control: CacheControl | None = None


class Text(Cached):
    """Text."""

    type: Literal["text"]
    text: str
    citations: list[dict[str, Any]] | None = None


class Image(Cached):
    """A picture."""

    type: Literal["image"]
    source: dict[str, Any]


class Document(Cached):
    """A document."""

    type: Literal["document"]
    source: dict[str, Any]
    citations: dict[str, Any] | None = None
    context: str | None = None
    title: str | None = None


class SearchResult(Cached):
    """A passage that can be cited."""

    type: Literal["search_result"]
    source: str
    title: str
    content: list[Text]
    citations: dict[str, Any] | None = None


class Thinking(Shape):
    """Thinking, handed back as it was."""

    type: Literal["thinking"]
    thinking: str
    signature: str


class RedactedThinking(Shape):
    """Thinking that nobody can read."""

    type: Literal["redacted_thinking"]
    data: str


class ToolUse(Cached):
    """A call that the model made."""

    type: Literal["tool_use"]
    id: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$")]
    name: Name
    input: dict[str, Any]
    caller: dict[str, Any] | None = None
    toolset_name: str | None = None


ResultContent = Annotated[Text | Image | Document | SearchResult, Field(discriminator="type")]


class ToolResult(Cached):
    """The answer to a call."""

    type: Literal["tool_result"]
    tool_use_id: str
    content: str | list[ResultContent] = ""
    is_error: bool = False
    toolset_name: str | None = None


Content = Annotated[
    Text | Image | Document | SearchResult | Thinking | RedactedThinking | ToolUse | ToolResult,
    Field(discriminator="type"),
]


class Message(Shape):
    """One turn."""

    role: Literal["user", "assistant", "system"]
    content: str | list[Content]


class InputSchema(BaseModel):
    """A JSON schema for an object."""

    model_config = ConfigDict(extra="allow", strict=True)
    type: Literal["object"]


class Tool(Cached):
    """A tool that the client runs."""

    name: Name
    input_schema: InputSchema
    type: Literal["custom"] | None = None
    description: str = ""
    strict: bool = False
    eager_input_streaming: bool | None = None
    defer_loading: bool = False
    input_examples: list[dict[str, Any]] = Field(default_factory=list[dict[str, Any]])
    allowed_callers: list[str] = Field(default_factory=list[str])


class ToolChoice(Shape):
    """Whether and which tool is called."""

    type: Literal["auto", "any", "tool", "none"]
    name: str | None = None
    disable_parallel_tool_use: bool = False


class ThinkingConfig(Shape):
    """Whether the model thinks first."""

    type: Literal["enabled", "disabled", "adaptive", "between_tools"]
    budget_tokens: Annotated[int, Field(ge=1024)] | None = None
    display: Literal["summarized", "omitted"] | None = None


class OutputConfig(Shape):
    """Effort and form of the answer."""

    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    format: dict[str, Any] | None = None


class Count(Shape):
    """What tokens can be counted of."""

    model: Annotated[str, Field(min_length=1)]
    messages: Annotated[list[Message], Field(min_length=1)]
    system: str | list[Text] | None = None
    tools: list[Tool] = Field(default_factory=list[Tool])
    tool_choice: ToolChoice | None = None
    thinking: ThinkingConfig | None = None
    output_config: OutputConfig | None = None
    cache_control: CacheControl | None = None
    speed: Literal["standard", "fast"] | None = None


class Create(Count):
    """A request for a message."""

    max_tokens: Annotated[int, Field(ge=0)]
    stream: bool = False
    stop_sequences: list[str] = Field(default_factory=list[str])
    metadata: dict[str, str | None] | None = None
    service_tier: Literal["auto", "standard_only"] | None = None
    inference_geo: str | None = None
    container: str | dict[str, Any] | None = None
    diagnostics: dict[str, Any] | None = None
