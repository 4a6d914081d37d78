"""Writes the brief with a language model; the only module that imports anthropic.

Code gathers, decides and drafts first; the model then reads, may open more records, and submits sentences, which pass
the verifier or stay out. Whatever goes wrong, the draft stands and the result says why: this module raises nothing.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import anthropic
import httpx2
from anthropic.types import Message, ToolUseBlock
from msgspec import Struct, field
from msgspec.structs import replace

from customer_escalation import tracing
from customer_escalation.brief import Result, Stats
from customer_escalation.budget import Spent
from customer_escalation.model_setting import ModelSetting
from customer_escalation.safety.fencing import fence
from customer_escalation.settings import Setting
from customer_escalation.writers import echo, faults, request
from customer_escalation.writers.conversation import case_text, system_text
from customer_escalation.writers.proposal import LISTED, REPAIRS, Proposal
from customer_escalation.writers.toolbox import Reading, Toolbox, open_toolbox

Report = Callable[[str, str], None]
Client = anthropic.AsyncAnthropic  # the others have the same `messages`
STALLED_S = 60.0
CALLS_AT_ONCE = 12
# What the SDK raises for an answer that does not follow the protocol (a proxy's page, events in no order).
NONSENSE = (AssertionError, AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
TALKED = "Text outside submit_brief is not read. Call submit_brief now, or call it with no sentences to keep the draft."
LAST = "This is the last turn: call submit_brief now."


class Stopped(Exception):  # noqa: N818 - the end of a conversation, not an error of the program
    """The model cannot go on; the text says why, for the person who reads the brief."""


class _Conversation(Struct):
    """One case with one model."""

    client: Client
    setting: ModelSetting
    toolbox: Toolbox
    proposal: Proposal
    spent: Spent
    report: Report
    tools: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    plain: bool = False
    talked: int = 0
    notes: list[str] = field(default_factory=list[str])

    async def run(self) -> str:
        """Ask until the model has submitted and nothing is left to mend; gives why it stopped before, if it did."""
        try:
            await self._talk()
        except Stopped as end:
            return str(end)
        return ""

    async def _talk(self) -> None:
        while True:
            message = await self._ask()
            calls = [block for block in message.content if isinstance(block, ToolUseBlock)]
            if not calls:
                self._remind(message)
                continue
            answers = await self._answers(calls)
            if self.proposal.attempts and not self._mends(answers):
                return
            self._reply(message, answers)

    async def _ask(self) -> Message:
        """One request, its answer counted. Raises Stopped."""
        if limit := self.spent.exhausted():
            raise Stopped(f"the budget of {limit} is spent")
        self.spent.requests += 1
        try:
            async with asyncio.timeout(self.spent.seconds_left):
                message = await self._stream()
        except TimeoutError:
            raise Stopped(f"the budget of {self.spent.budget.seconds:g} seconds is spent") from None
        except anthropic.APIStatusError as error:
            if error.status_code in (400, 422) and not self.plain and self.spent.requests == 1:
                self.plain = True  # a server that speaks the Messages API without its newer fields
                return await self._ask()
            raise Stopped(faults.told(error, self.setting)) from None
        except (anthropic.AnthropicError, httpx2.HTTPError) as error:
            raise Stopped(faults.told(error, self.setting)) from None
        except NONSENSE:
            raise Stopped(f"what came from {self.setting.where} is no answer of the Messages API") from None
        usage = message.usage
        self.spent.count(
            usage.input_tokens or 0,
            usage.output_tokens or 0,
            usage.cache_read_input_tokens or 0,
            usage.cache_creation_input_tokens or 0,
        )
        if wrong := faults.unfinished(message.stop_reason):
            raise Stopped(wrong)
        return message

    async def _stream(self) -> Message:
        self.report("model", f"asking {self.setting.name}")
        body = request.body(self.setting, system_text(), self.tools, self.messages, plain=self.plain)
        pieces: dict[int, list[str]] = {}
        async with self.client.messages.stream(**cast("Any", body)) as stream:
            async for event in stream:
                if event.type == "content_block_delta" and event.delta.type == "input_json_delta":
                    pieces.setdefault(event.index, []).append(event.delta.partial_json)
            message = await stream.get_final_message()
        for raw in pieces.values():  # the SDK makes the best of arguments that end in the middle; we do not
            json.loads("".join(raw) or "{}")
        return message

    def _remind(self, message: Message) -> None:
        """It only talked: say once that this is not read. Raises Stopped the second time."""
        self.talked += 1
        if self.talked > 1:
            raise Stopped("it submitted nothing")
        self._continue(message, [{"type": "text", "text": TALKED}])

    async def _answers(self, calls: Sequence[ToolUseBlock]) -> list[dict[str, Any]]:
        """What each call gave, in their order: the reading ones at once, then the submission over what they read."""
        if len({call.id for call in calls}) != len(calls):
            raise Stopped("two of its calls had one id")
        reading = [call for call in calls if call.name != request.SUBMIT][:CALLS_AT_ONCE]
        texts = dict(zip((call.id for call in reading), await asyncio.gather(*map(self._read, reading)), strict=True))
        submitted = next((call for call in calls if call.name == request.SUBMIT), None)
        if submitted is not None:
            texts[submitted.id] = self._submit(submitted)
        over = Reading("too many calls in one turn; ask again", failed=True)
        return [request.answer(call.id, texts.get(call.id, over)) for call in calls]

    async def _read(self, call: ToolUseBlock) -> Reading:
        self.report("model", f"reads {call.name}")
        with tracing.span("execute_tool", call.name):
            try:
                async with asyncio.timeout(max(self.spent.seconds_left, 0)):
                    reading = await self.toolbox.read(call.name, call.input)
            except TimeoutError:
                return Reading("there was no answer in time", failed=True)
        return Reading(fence(reading.text, secrets.token_hex(8), call.name[:64]), reading.failed)

    def _submit(self, call: ToolUseBlock) -> Reading:
        refused = self.proposal.offer(self.toolbox.result(), call.input)
        for line in refused[:LISTED]:
            self.report("model", f"refused: {line}")
        self.report("model", f"{self.proposal.accepted} sentences accepted, {len(refused)} refused")
        return Reading("\n".join(refused) if refused else "accepted", failed=bool(refused))

    def _mends(self, answers: Sequence[Mapping[str, Any]]) -> bool:
        """Whether something was refused that may be submitted again."""
        return any(answer["is_error"] for answer in answers) and self.proposal.attempts <= REPAIRS

    def _reply(self, message: Message, answers: list[dict[str, Any]]) -> None:
        content: list[dict[str, Any]] = list(answers)
        if self.spent.requests == self.spent.budget.requests - 1:
            content.append({"type": "text", "text": LAST})
        self._continue(message, content)

    def _continue(self, message: Message, content: list[dict[str, Any]]) -> None:
        said = echo.blocks([block.model_dump(mode="json", exclude_none=True) for block in message.content])
        self.messages.append({"role": "assistant", "content": said or [{"type": "text", "text": "(nothing)"}]})
        self.messages.append({"role": "user", "content": content})


async def write(draft: Result, setting: Setting, model: ModelSetting, report: Report) -> Result:
    """The draft with the model's verified sentences in it, or the draft itself and a note that says why."""
    spent = Spent(model.budget, model.price)
    proposal = Proposal(draft)
    try:
        async with _connected(model) as client, open_toolbox(draft, setting) as toolbox:
            first = case_text(draft, setting.profile.company, secrets.token_hex(8))
            talk = _Conversation(
                client=client,
                setting=model,
                toolbox=toolbox,
                proposal=proposal,
                spent=spent,
                report=report,
                tools=[*toolbox.definitions(), request.submit_tool()],
                messages=[{"role": "user", "content": [{"type": "text", "text": first}]}],
            )
            stopped = await talk.run()
    except Stopped as end:  # no client could be made
        stopped = str(end)
    report("model", stopped or f"{proposal.accepted} sentences accepted")
    return _finished(draft, proposal, model, spent, stopped)


def _finished(draft: Result, proposal: Proposal, model: ModelSetting, spent: Spent, stopped: str) -> Result:
    """The result with what is to be said of the model's part in it."""
    notes = list(draft.notes)
    if stopped:
        rest = "what it had submitted is kept" if proposal.accepted else "the rules wrote this brief"
        notes.append(f"The model {model.name} stopped early: {stopped}; {rest}")
    if left_out := proposal.left_out():
        slots = ", ".join(f"{slot} ({count})" for slot, count in left_out.items())
        notes.append(f"Left out, since the rows they cite do not hold them: sentences of the model for {slots}")
    written = bool(proposal.accepted) or (proposal.attempts > 0 and not left_out)
    stats = Stats(draft.stats.wall_ms, spent.requests, spent.input_tokens, spent.output_tokens)
    return replace(
        proposal.result if written else draft,
        planner="llm" if written else "rules",
        model=model.name if written else None,
        notes=tuple(notes),
        stats=stats,
    )


@asynccontextmanager
async def _connected(model: ModelSetting) -> AsyncGenerator[Client]:
    """A client of the model's provider. Raises Stopped where it lacks what it needs."""
    try:
        client = client_of(model)
    except (anthropic.AnthropicError, ImportError, ValueError):
        raise Stopped(faults.unusable(model)) from None
    try:
        yield client
    finally:
        await client.close()


def client_of(model: ModelSetting) -> Client:
    """The SDK's client for this setting; Bedrock, Vertex and Foundry take their own credentials as their SDKs do."""
    common: dict[str, Any] = {
        "timeout": httpx2.Timeout(STALLED_S, connect=10.0),
        "open_telemetry": tracing.sdk_option(),
        **({"base_url": model.base_url} if model.base_url else {}),
    }
    if model.provider == "bedrock":
        from anthropic.lib.bedrock import AsyncAnthropicBedrock

        return cast("Client", AsyncAnthropicBedrock(**common))
    if model.provider == "vertex":
        from anthropic.lib.vertex import AsyncAnthropicVertex

        return cast("Client", AsyncAnthropicVertex(**common))
    if model.provider == "foundry":
        return cast("Client", anthropic.AsyncAnthropicFoundry(**common))
    key = model.api_key or ("" if model.auth_token else "none")  # a local server wants no key, the SDK wants one
    return anthropic.AsyncAnthropic(api_key=key or None, auth_token=model.auth_token or None, **common)


async def capabilities(model: ModelSetting) -> str:
    """What the endpoint says of the model, in one line for `doctor`; never raises."""
    if model.provider != "anthropic":
        return f"{model.provider.capitalize()} has no list of models; it shows when it is asked"
    try:
        async with _connected(model) as client, asyncio.timeout(STALLED_S / 4):
            found = await client.models.retrieve(model.name)
    except Stopped as end:
        return str(end)
    except TimeoutError:
        return f"no answer from {model.where} in time"
    except (anthropic.AnthropicError, httpx2.HTTPError) as error:
        return faults.told(error, model)
    except NONSENSE:
        return f"what came from {model.where} is no answer of the Models API"
    return faults.described(found.display_name, found.lifecycle, found.max_input_tokens, found.max_tokens)
