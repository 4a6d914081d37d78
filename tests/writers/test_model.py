"""The model writer over real HTTP with the real SDK: few requests, nothing lost, nothing taken on trust."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from customer_escalation import settings
from customer_escalation.budget import Budget, Price
from customer_escalation.evidence import Evidence
from customer_escalation.render import render
from customer_escalation.render.citations import cited_rows
from customer_escalation.testing import Answer, ModelServer, Request, call, personas, talk
from customer_escalation.testing.counting import PrefixCache, tokens_of
from customer_escalation.testing.personas import submission
from customer_escalation.writers.conversation import row_text
from tests.writers.cases import ACME, NAMES, brief, draft, gold, written

pytestmark = pytest.mark.enable_socket

RATE = {
    "slot": "insights",
    "text": "The failure rate has grown from 2.1 % on 15 November to 2.9 % on 19 November.",
    "cites": ["T-51842/3", "T-51842/10"],
    "kind": "stated_by_customer",
}
WRONG_RATE = {**RATE, "text": "The failure rate has grown to 9.9 %."}
SNAPSHOTS = Path(__file__).resolve().parents[1] / "snapshots" / "tools"
TOKENS_FOR_INSTRUCTIONS, OVER_THE_RECORDS = 5000, 1.3


@pytest.fixture(scope="module", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One index for all of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUSTOMER_ESCALATION_HOME", str(tmp_path_factory.mktemp("home")))
        yield


async def drafted(name: str) -> Any:
    setting = settings.open_setting(None)
    try:
        return await draft(name, setting)
    finally:
        setting.close()


@pytest.mark.parametrize("name", NAMES)
async def test_a_case_that_needs_nothing_more_takes_one_request(name: str) -> None:
    excellent = brief(name)

    with ModelServer(personas.well_behaved(excellent)) as server:
        result = await written(name, server)

    described = [each["text"] for each in excellent if each["slot"] == "description"]
    assert len(server.requests) == 1
    assert (result.planner, result.model, result.stats.model_turns) == ("llm", "claude-sonnet-5-5", 1)
    assert [line.text for line in result.brief.description] == described
    assert result.verification.unsupported == ()
    assert (result.stats.input_tokens > 3000, result.stats.output_tokens > 10) == (True, True)


async def test_the_worst_that_a_well_behaved_model_needs_is_three_requests() -> None:
    reads = (
        call("support_get_ticket", {"ticket_id": "51655"}),
        call("chat_search_messages", {"query": "load test"}, 2),
    )
    turns = (reads, (submission([WRONG_RATE]),), (submission([RATE]),))

    with ModelServer(lambda request: Answer(turns[request.turns])) as server:
        result = await written(ACME, server)

    assert len(server.requests) == 3
    assert result.brief.insights[-1].text == RATE["text"]


async def test_the_prefix_is_the_same_for_every_request_and_every_case() -> None:
    with ModelServer(personas.improving([[WRONG_RATE], [RATE]])) as server:
        for name in NAMES:
            await written(name, server)

    prefixes = {json.dumps([body["tools"], body["system"]]) for body in (request.body for request in server.requests)}
    assert len(prefixes) == 1
    assert len(server.requests) > len(NAMES)
    for earlier, later in zip(server.requests, server.requests[1:], strict=False):
        if later.turns:  # the same conversation goes on from where it was
            assert later.messages[: len(earlier.messages)] == earlier.messages


async def test_the_prefix_is_marked_for_the_cache_and_read_from_it() -> None:
    with ModelServer(personas.improving([[WRONG_RATE], [RATE]])) as server:
        for name in (ACME, "sample-b-export-missing-rows"):
            await written(name, server)
    body = server.requests[0].body
    cache = PrefixCache()

    first, repair, other_case, _ = (cache.usage(request.body, Answer()) for request in server.requests)

    assert [("cache_control" in part) for part in (body["tools"][-1], body["system"][0], body)] == [True] * 3
    assert (first.cache_read, first.input) == (0, 0)
    assert repair.cache_read == first.cache_creation
    assert repair.cache_creation < 0.1 * repair.cache_read
    assert tokens_of([body["tools"], body["system"]]) < 1.05 * other_case.cache_read


@pytest.mark.filterwarnings("ignore:open_binary is deprecated:DeprecationWarning")
async def test_the_context_of_the_acme_case_is_little_more_than_its_records() -> None:
    with ModelServer(personas.well_behaved([])) as server:
        await written(ACME, server)
    body = server.requests[0].body
    before = await drafted(ACME)

    sent = json.dumps(body["tools"], separators=(",", ":"), ensure_ascii=False)
    sent += body["system"][0]["text"] + body["messages"][0]["content"][0]["text"]
    records = "\n".join(plain_text_of_the_records(before))

    used, held = tokens(sent), tokens(records)
    print(f"{used} tokens sent; {held} in the records as plain text")  # noqa: T201 - the figure is what this is for
    assert used <= OVER_THE_RECORDS * held + TOKENS_FOR_INSTRUCTIONS


def tokens(text: str) -> int:
    import bpe_openai  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

    return len(bpe_openai.get_encoding("o200k_base").encode(text))


def plain_text_of_the_records(result: Any) -> list[str]:
    """The rows that the draft rests on as a person would read them: when, who, what; nothing that code added."""
    read = [row for row in cited_rows(result) if row.origin not in ("computed", "coverage")]
    return [
        f"{row.at:%Y-%m-%d %H:%M} {row.author.name} ({row.author.role}) {row.text}"
        if row.author and row.at
        else row.text
        for row in read
    ]


@pytest.mark.parametrize("name", NAMES)
async def test_every_fact_that_the_gold_names_is_in_what_the_model_sees(name: str) -> None:
    with ModelServer(personas.well_behaved([])) as server:
        await written(name, server)
    seen = server.requests[0].text

    wanted = [[entry] if isinstance(entry, str) else entry for entry in gold(name)["must_contain"]]

    assert [forms for forms in wanted if not any(form in seen for form in forms)] == []


async def test_a_row_that_is_cut_is_one_named_call_away() -> None:
    row = Evidence(id="T-1/1", category="", connector="", record="1", text="a" * 5990 + " needle" * 20)

    shown = row_text(row)

    assert "needle needle" not in shown
    assert shown.endswith("[6000 of 6130 characters; escalation_show has the rest]")


async def test_evidence_is_fenced_by_a_boundary_of_its_own_in_every_request() -> None:
    with ModelServer(personas.well_behaved([], first=[("support_get_ticket", {"ticket_id": "51655"})])) as server:
        await written(ACME, server)
        await written(ACME, server)

    lines = [line for request in server.requests for line in request.text.splitlines() if line.startswith("BEGIN ")]
    assert len(set(lines)) == 4  # two cases, each with its evidence and one tool's answer
    assert all("is data from outside" in request.system for request in server.requests)


async def test_what_a_tool_opens_can_be_cited() -> None:
    other = {
        "slot": "insights",
        "text": "Ticket 51655 had the code invalid_line_quantity_unhandled.",
        "cites": ["T-51655/1"],
        "kind": "stated_by_customer",
    }
    unread = {"slot": "insights", "text": "Kvistholm has the same in ticket 51922.", "cites": ["T-51922/1"]}
    reads = [("support_get_ticket", {"ticket_id": "51655"})]

    with ModelServer(personas.well_behaved([other, unread], first=reads)) as server:
        result = await written("sample-b-export-missing-rows", server)

    assert "cite_as" in server.requests[1].text
    assert [line.text for line in result.brief.insights if "51655" in line.text] == [other["text"]]
    assert "51922" not in render(result, "json")
    assert [row["id"] for row in json.loads(render(result, "json"))["evidence"] if row["record"] == "51655"] == [
        "T-51655/1"
    ]


async def test_calls_of_one_turn_are_answered_in_order() -> None:
    reads: list[tuple[str, dict[str, str]]] = [
        ("tracker_get_issue", {"key": "ORD-3310"}),
        ("nonsense", {}),
        ("crm_get_account", {"account_id": "acct-acme"}),
    ]
    with ModelServer(personas.well_behaved([], first=reads)) as server:
        await written(ACME, server)

    results = server.requests[1].last_results
    assert [result["tool_use_id"] for result in results] == ["toolu_01", "toolu_02", "toolu_03"]
    assert [result["is_error"] for result in results] == [False, True, False]
    assert "there is no tool 'nonsense'" in json.dumps(results[1])


async def test_a_refused_sentence_comes_back_with_its_reason_and_its_mended_form_is_in() -> None:
    steps: list[str] = []
    with ModelServer(personas.improving([[WRONG_RATE], [RATE]])) as server:
        result = await written(ACME, server, steps=steps)

    (refusal,) = server.requests[1].last_results
    assert refusal["is_error"]
    assert "“9.9 %” is in none of the cited rows" in refusal["content"][0]["text"]
    assert result.brief.insights[-1].text == RATE["text"]
    assert any(step.startswith("refused: insights") for step in steps)
    assert not [note for note in result.notes if "model" in note]


async def test_after_two_repairs_what_still_fails_is_left_out_and_the_brief_says_so() -> None:
    before = await drafted(ACME)
    with ModelServer(personas.improving([[WRONG_RATE, RATE]])) as server:
        result = await written(ACME, server)

    assert len(server.requests) == 3
    assert result.brief.insights == (*before.brief.insights, result.brief.insights[-1])
    assert result.brief.insights[-1].text == RATE["text"]
    assert "sentences of the model for insights (1)" in result.notes[-1]
    assert "9.9" not in render(result, "json")


async def test_a_dissent_stands_beside_the_policy_s_choice() -> None:
    text = "63 of 2,140 order creates failed on 19 November."
    reason = {"text": text, "cites": ["T-51842/10"], "kind": "stated_by_customer"}
    model = personas.well_behaved([], [{"about": "severity", "choice": "critical", **reason}])
    with ModelServer(model) as server:
        result = await written(ACME, server)

    assert result.severity == "high"
    assert "**The model argues for another severity:** Critical: 63 of 2,140 order creates" in render(
        result, "markdown"
    )
    assert json.loads(render(result, "json"))["dissent"][0]["choice"] == "critical"


async def test_a_model_that_has_nothing_to_add_leaves_the_draft() -> None:
    before = await drafted(ACME)
    with ModelServer(personas.well_behaved([])) as server:
        result = await written(ACME, server)

    assert (result.planner, result.brief) == ("llm", before.brief)


@pytest.mark.parametrize(
    ("budget", "price", "said"),
    [
        (Budget(requests=1), None, "the budget of 1 requests is spent"),
        (Budget(tokens=100), None, "the budget of 100 tokens is too small for another request"),
        (Budget(usd=0.001), Price(2, 10), "the budget of USD 0.001 is too small for another request"),
        (Budget(seconds=0.0), None, "the budget of 0 seconds is spent"),
    ],
)
async def test_a_spent_budget_leaves_the_rules_brief_and_a_note(budget: Budget, price: Price | None, said: str) -> None:
    before = await drafted(ACME)
    reads = [("support_get_ticket", {"ticket_id": "51655"})]
    with ModelServer(personas.well_behaved([RATE], first=reads)) as server:
        result = await written(ACME, server, budget=budget, price=price)

    assert (result.planner, result.model, result.brief) == ("rules", None, before.brief)
    assert result.notes[-1] == f"The model claude-sonnet-5-5 stopped early: {said}; the rules wrote this brief"


async def test_a_budget_below_one_request_sends_none_and_a_small_one_bounds_the_answer() -> None:
    with ModelServer(personas.well_behaved([])) as server:
        await written(ACME, server, budget=Budget(tokens=5000))
        assert server.requests == []
        await written(ACME, server, budget=Budget(usd=0.05), price=Price(2, 10))

    assert 500 < server.requests[0].body["max_tokens"] < 5000


async def test_what_passed_before_the_model_failed_is_kept() -> None:
    def model(request: Request) -> Answer:
        return Answer((submission([RATE, WRONG_RATE]),)) if request.turns == 0 else Answer(status=529)

    with ModelServer(model) as server:
        result = await written(ACME, server)

    assert result.planner == "llm"
    assert result.brief.insights[-1].text == RATE["text"]
    assert "is overloaded; try again later (HTTP 529); what it had submitted is kept" in result.notes[-2]


async def test_a_passing_fault_is_retried_by_the_sdk() -> None:
    def model(request: Request) -> Answer:
        late = Answer(status=429, headers={"retry-after-ms": "1"})
        return late if request.number == 1 else Answer((submission([RATE]),))

    with ModelServer(model) as server:
        result = await written(ACME, server)

    assert (len(server.requests), result.planner, result.stats.model_turns) == (2, "llm", 1)


async def test_a_server_without_the_newer_fields_is_asked_in_the_plain_form() -> None:
    def model(request: Request) -> Answer:
        newer = {"thinking", "output_config", "cache_control"} & set(request.body)
        return Answer(status=400) if newer else Answer((submission([RATE]),))

    with ModelServer(model) as server:
        result = await written(ACME, server)

    assert result.brief.insights[-1].text == RATE["text"]
    assert set(server.requests[-1].body) == {"model", "max_tokens", "messages", "system", "tools", "stream"}


async def test_effort_none_leaves_thinking_out() -> None:
    with ModelServer(personas.well_behaved([])) as server:
        await written(ACME, server, effort="none")
        await written(ACME, server, effort="low")

    bare, thinking = (request.body for request in server.requests)
    assert ("thinking" in bare, "output_config" in bare) == (False, False)
    assert (thinking["thinking"], thinking["output_config"]) == ({"type": "adaptive"}, {"effort": "low"})


async def test_a_model_that_talks_is_reminded_once() -> None:
    def model(request: Request) -> Answer:
        return Answer((talk("Let me think."),)) if request.turns == 0 else Answer((submission([RATE]),))

    with ModelServer(model) as server:
        result = await written(ACME, server)

    assert "Text outside submit_brief is not read" in server.requests[1].text
    assert result.brief.insights[-1].text == RATE["text"]


async def test_the_last_turn_is_announced() -> None:
    def model(request: Request) -> Answer:
        return Answer((call("support_search_tickets", {"query": "export"}),))

    with ModelServer(model) as server:
        await written(ACME, server, budget=Budget(requests=3))

    assert [("This is the last turn" in request.text) for request in server.requests] == [False, False, True]


async def test_what_the_model_wrote_goes_back_to_it_masked() -> None:
    secret = "sk_live_" + "51Hc93KtZ9vXq2Pp7"

    def model(request: Request) -> Answer:
        said = (talk(f"The key is {secret}"), call("support_search_tickets", {"query": secret}))
        return Answer(said) if request.turns == 0 else Answer((submission([]),))

    with ModelServer(model) as server:
        await written(ACME, server)

    assert secret not in "".join(server.sent)


async def test_every_tool_that_the_model_can_reach_only_reads() -> None:
    with ModelServer(personas.well_behaved([])) as server:
        await written(ACME, server)

    offered = [name for name in server.requests[0].tools if name != "submit_brief"]
    for name in offered:
        hints = json.loads((SNAPSHOTS / f"{name}.json").read_text("utf-8"))["annotations"]
        assert hints["readOnlyHint"], name
        assert not hints["destructiveHint"], name
    assert len(offered) == 11
    assert not {"escalation_submit", "escalation_gather"} & set(offered)
