"""Writes the brief with a language model; the only module that imports anthropic.

Code gathers, decides and drafts first; the model then reads, may open more records, and submits sentences, which pass
the verifier or stay out. Whatever goes wrong, the draft stands and the result says why: this module raises nothing.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import warnings
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import anthropic
import httpx2
from msgspec import Struct
from msgspec.structs import replace

from customer_escalation import tracing
from customer_escalation.brief import Result, Stats
from customer_escalation.budget import LEAST_ANSWER, Spent
from customer_escalation.model_setting import ModelSetting
from customer_escalation.safety import clean
from customer_escalation.safety.fencing import fence
from customer_escalation.settings import Setting
from customer_escalation.writers import echo, faults, request, turn
from customer_escalation.writers.conversation import case_text, system_text
from customer_escalation.writers.proposal import LISTED, NO_LIST, REPAIRS, Proposal
from customer_escalation.writers.toolbox import Reading, Toolbox, open_toolbox
from customer_escalation.writers.turn import Call, Turn

Report = Callable[[str, str], None]
Client = anthropic.AsyncAnthropic  # the others have the same `messages`
STALLED_S = 60.0
TIMEOUT = httpx2.Timeout(STALLED_S, connect=10.0)
CALLS_AT_ONCE = 12
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
    began: bool = False
    talked: int = 0
    refused: int = 0

    async def run(self) -> str:
        """Ask until the model has submitted and nothing is left to mend; gives why it stopped before, if it did."""
        try:
            await self._talk()
        except Stopped as end:
            return str(end)
        return ""

    async def _talk(self) -> None:
        while True:
            said = await self._ask()
            if not said.calls:
                if self.proposal.attempts:  # it leaves the rest as it is
                    return
                self._remind(said)
                continue
            answers = await self._answers(said.calls)
            if self.proposal.attempts and not self._mends():
                return
            self._reply(said, answers)

    async def _ask(self) -> Turn:
        """One request, its answer counted. Raises Stopped."""
        if limit := self.spent.exhausted():
            raise Stopped(f"the budget of {limit} is spent")
        try:
            async with asyncio.timeout(self.spent.seconds_left):
                return await self._stream()
        except TimeoutError:
            raise Stopped(f"the budget of {self.spent.budget.seconds:g} seconds is spent") from None
        except anthropic.APIStatusError as error:
            if self._may_be_older(error):
                self.plain = True  # a server that speaks the Messages API without its newer fields
                return await self._ask()
            raise Stopped(faults.told(error, self.setting)) from None
        except (anthropic.APIError, httpx2.HTTPError) as error:
            raise Stopped(faults.told(error, self.setting)) from None
        except faults.NONSENSE as error:
            if not self.began:
                raise
            raise Stopped(faults.nonsense(self.setting)) from error

    def _may_be_older(self, error: anthropic.APIStatusError) -> bool:
        """Whether the first request may have been refused for its newer fields alone."""
        refused = error.status_code in (400, 422) and not faults.cause(error)
        return refused and not self.plain and self.spent.requests == 1

    async def _stream(self) -> Turn:
        """The answer, checked. Raises Stopped, one of faults.NONSENSE, and what the SDK raises."""
        body = request.body(self.setting, system_text(), self.tools, self.messages, plain=self.plain)
        size = request.size_of(body)
        body["max_tokens"] = self.spent.room(size, request.MAX_TOKENS)
        if body["max_tokens"] < LEAST_ANSWER:
            raise Stopped(f"the budget of {self.spent.too_small(size)} is too small for another request")
        self.spent.requests += 1
        self.report("model", f"asking {self.setting.name}")
        pieces: dict[int, list[str]] = {}
        async with self.client.messages.stream(**cast("Any", body)) as stream:
            self.began = True
            try:
                async for event in stream:
                    if event.type == "content_block_delta" and event.delta.type == "input_json_delta":
                        pieces.setdefault(event.index, []).append(event.delta.partial_json)
                message = await stream.get_final_message()
            finally:
                with suppress(AssertionError):  # nothing had come
                    self.spent.count(*turn.used(stream.current_message_snapshot.usage))
        if wrong := faults.unfinished(turn.stop_reason(message.stop_reason)):
            raise Stopped(wrong)
        for raw in pieces.values():  # the SDK makes the best of arguments that end in the middle; we do not
            json.loads("".join(raw) or "{}")
        return turn.read(message.content)

    def _remind(self, said: Turn) -> None:
        """It only talked: say once that this is not read. Raises Stopped the second time."""
        self.talked += 1
        if self.talked > 1:
            raise Stopped("it submitted nothing")
        self._continue(said, [{"type": "text", "text": TALKED}])

    async def _answers(self, calls: Sequence[Call]) -> list[dict[str, Any]]:
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

    async def _read(self, call: Call) -> Reading:
        self.report("model", f"reads {call.name}")
        with tracing.span("execute_tool", call.name):
            try:
                async with asyncio.timeout(max(self.spent.seconds_left, 0)):
                    reading = await self.toolbox.read(call.name, call.input)
            except TimeoutError:
                return Reading("there was no answer in time", failed=True)
        return Reading(fence(reading.text, secrets.token_hex(8), call.name), reading.failed)

    def _submit(self, call: Call) -> Reading:
        refused = self.proposal.offer(self.toolbox.result(), call.input)
        self.refused = len(refused)
        for line in refused[:LISTED]:
            self.report("model", f"refused: {line}")
        counts = f"{self.proposal.accepted} sentences accepted, {len(refused)} refused"
        tracing.event("model", f"{counts}; {_by_slot(self.proposal.left_out()) or 'none'} out")
        self.report("model", counts)
        return Reading("\n".join(refused) if refused else "accepted", failed=bool(refused))

    def _mends(self) -> bool:
        """Whether something of its submission was refused that may be submitted again."""
        return bool(self.refused) and self.proposal.attempts <= REPAIRS

    def _reply(self, said: Turn, answers: list[dict[str, Any]]) -> None:
        content: list[dict[str, Any]] = list(answers)
        if self.spent.requests == self.spent.budget.requests - 1:
            content.append({"type": "text", "text": LAST})
        self._continue(said, content)

    def _continue(self, said: Turn, content: list[dict[str, Any]]) -> None:
        told = echo.blocks(said.content)
        self.messages.append({"role": "assistant", "content": told or [{"type": "text", "text": "(nothing)"}]})
        self.messages.append({"role": "user", "content": content})


async def write(draft: Result, setting: Setting, model: ModelSetting, told: Report) -> Result:
    """The draft with the model's verified sentences in it, or the draft itself and a note that says why."""
    spent = Spent(model.budget, model.price)
    proposal = Proposal(draft)

    def report(step: str, detail: str) -> None:
        told(step, clean(detail).text)

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
            with warnings.catch_warnings():  # the SDK serializes what a server made of its types, and wonders
                warnings.filterwarnings("ignore", "Pydantic serializer warnings", UserWarning)
                stopped = await talk.run()
    except Stopped as end:  # no client could be made
        stopped = str(end)
    except Exception as error:  # noqa: BLE001 - the promise of this module: a model that fails costs nobody the brief
        stopped = faults.unexpected(error, model)
    if spent.price and spent.requests:
        report("model", f"cost USD {spent.usd:.4f}")
    tracing.event("model", stopped or f"{proposal.accepted} sentences accepted")
    report("model", stopped or f"{proposal.accepted} sentences accepted")
    return _finished(draft, proposal, model, spent, stopped)


def _by_slot(left_out: Mapping[str, int]) -> str:
    """The slots with their counts."""
    return ", ".join(f"{slot} ({count})" for slot, count in left_out.items())


def _finished(draft: Result, proposal: Proposal, model: ModelSetting, spent: Spent, stopped: str) -> Result:
    """The result with what is to be said of the model's part in it."""
    notes = list(draft.notes)
    if stopped:
        rest = "what it had submitted is kept" if proposal.written else "the rules wrote this brief"
        notes.append(f"The model {model.name} stopped early: {stopped}; {rest}")
    left_out = proposal.left_out()
    if unread := left_out.pop(NO_LIST, 0):
        notes.append(f"Not read, since it was {NO_LIST}: what the model submitted ({unread})")
    if left_out:
        slots = _by_slot(left_out)
        notes.append(f"Left out, since the rows they cite do not hold them: sentences of the model for {slots}")
    stats = Stats(draft.stats.wall_ms, spent.requests, spent.input_tokens, spent.output_tokens)
    return replace(
        proposal.result if proposal.written else draft,
        planner="llm" if proposal.written else "rules",
        model=model.name if proposal.written else None,
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


def _http() -> httpx2.AsyncClient:
    """What carries the requests; it follows no redirect, since the whole case would go with it. Raises Stopped."""
    try:
        return httpx2.AsyncClient(timeout=TIMEOUT, follow_redirects=False)
    except OSError:
        raise Stopped(faults.CERTIFICATES) from None
    except (ValueError, ImportError, httpx2.InvalidURL):
        raise Stopped(faults.PROXY) from None


def client_of(model: ModelSetting) -> Client:
    """The SDK's client for this setting; Bedrock, Vertex and Foundry take their own credentials as their SDKs do."""
    common: dict[str, Any] = {
        "http_client": _http(),
        "timeout": TIMEOUT,
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
    except (anthropic.APIError, httpx2.HTTPError) as error:
        return faults.told_of_models(error, model)
    except Exception as error:  # noqa: BLE001 - the doctor goes on, whatever a server or a setting does
        return faults.unexpected(error, model)
    return faults.described(found)
