"""The one place that sends HTTP: time, size, rate, retries, addresses and what a refusal means."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress

import httpx2
import pytest

from escalation_connectors import deadline
from escalation_connectors.auth import NOBODY, OAuth, basic, bearer, header
from escalation_connectors.errors import (
    AccessDenied,
    BadAnswer,
    ConnectorError,
    NotFound,
    PerhapsWritten,
    RateLimited,
    Unavailable,
)
from escalation_connectors.http import MOST_BYTES, PLAIN, Answer, Fault, Line, Manners, Reading, Wire, Writing
from escalation_connectors.row import Row
from escalation_connectors.tokens import Tokens
from tests.vendors.harness import Store

BASE = "https://api.example/v1"
Reply = Callable[[httpx2.Request], httpx2.Response]


class Desk:
    """A line to a vendor that answers what a test says, and what went over it."""

    def __init__(
        self, *answers: httpx2.Response | type[Exception], manners: Manners = PLAIN, auth: object = NOBODY
    ) -> None:
        self.left, self.sent, self.slept = list(answers), list[httpx2.Request](), list[float]()
        wire = Wire(httpx2.MockTransport(self._answer), self._sleep)
        self.line = Line("vendor", BASE, auth, manners, wire)  # type: ignore[arg-type]  # an Auth of the test
        self.reading, self.writing = Reading(self.line), Writing(self.line)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(request)
        answer = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        if isinstance(answer, httpx2.Response):
            return answer
        raise answer("theirs")

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def ok(value: object = None, **headers: str) -> httpx2.Response:
    return httpx2.Response(200, json={} if value is None else value, headers=headers)


async def test_ids_stay_in_their_segment_and_values_in_their_field() -> None:
    desk = Desk(ok())
    await desk.reading.get(
        "/t/{}/c/{}", "a/../b", "é ?#&", query={"q": 'x&y=1 "z"', "n": 3, "no": None, "many": ["a", "b"]}
    )

    assert str(desk.sent[0].url) == (
        BASE + "/t/a%2F..%2Fb/c/%C3%A9%20%3F%23%26?q=x%26y%3D1%20%22z%22&n=3&many=a&many=b"
    )  # fmt: skip


@pytest.mark.parametrize("each", ["", ".", "..", "a\nb", "\x00", "x" * 501, "\u202e"])
async def test_what_can_be_no_id_is_not_sent(each: str) -> None:
    desk = Desk(ok())
    with pytest.raises(NotFound):
        await desk.reading.get("/t/{}", each)
    assert desk.sent == []


async def test_a_next_page_is_followed_only_at_home() -> None:
    desk = Desk(ok({"a": 1}))
    assert (await desk.reading.follow(BASE + "/t?page=2")).row().number("a") == 1
    assert (await desk.reading.follow("/v1/t?page=3")).status == 200
    for link in ("https://evil.example/x", "http://api.example/v1", "https://api.example.evil/", "https://x@evil.example/",
                 "//evil.example/x", "https://api.example:444/"):  # fmt: skip
        sent = len(desk.sent)
        with suppress(BadAnswer):
            await desk.reading.follow(link)
        assert all(request.url.host == "api.example" and request.url.port is None for request in desk.sent[sent:])


async def test_a_wait_that_is_asked_for_is_waited_once_there_is_time() -> None:
    desk = Desk(httpx2.Response(429, headers={"retry-after": "4"}), ok({"a": 1}))
    assert (await desk.reading.get("/t")).number("a") == 1
    assert (desk.slept, desk.line.counted.retried) == ([4.0], 1)

    with deadline.within(2):
        hurried = Desk(httpx2.Response(429, headers={"retry-after": "4"}))
        with pytest.raises(RateLimited) as caught:
            await hurried.reading.get("/t")
    assert (caught.value.retry_after, hurried.slept) == (4.0, [])


@pytest.mark.parametrize(
    ("date", "reset", "waited"),
    [
        ("Thu, 01 Jan 1970 00:16:40 GMT", "1009", 9.0),
        ("Thu, 01 Jan 1970 00:16:40 GMT", "999", 1.0),
        ("Thu, 01 Jan 1970 00:16:40 GMT", "soon", 1.0),
        ("Thu, 01 Jan 1970 00:16:40 GMT", "nan", 1.0),
        ("yesterday", "1009", 1.0),
    ],
)
async def test_a_moment_to_wait_for_is_counted_from_the_answers_own_date(date: str, reset: str, waited: float) -> None:
    limited = httpx2.Response(429, headers={"date": date, "x-reset": reset})
    desk = Desk(limited, ok({"a": 1}), manners=Manners(wait=lambda answer: answer.until("x-reset")))
    await desk.reading.get("/t")
    assert desk.slept == [waited]

    down = Desk(
        httpx2.Response(503, headers={"date": date, "x-reset": reset}), ok(), manners=Manners(wait=lambda _: 9.0)
    )
    await down.reading.get("/t")
    assert down.slept == [0.75]


async def test_failures_of_the_service_are_tried_again_with_growing_waits() -> None:
    desk = Desk(httpx2.Response(503))
    with pytest.raises(Unavailable, match=r"vendor: the service is not available \(HTTP 503\)"):
        await desk.reading.get("/t")
    assert (len(desk.sent), desk.slept) == (3, [0.75, 2.25])


async def test_an_expired_token_is_renewed_once_and_kept() -> None:
    granted: list[dict[str, str]] = []

    async def grant(fields: object) -> Row:
        granted.append(dict(fields))  # type: ignore[call-overload]
        return Row({"access_token": f"new-{len(granted)}", "refresh_token": "r2", "expires_in": 3600}, "vendor")

    store = Store(Tokens("old", "r1"))
    oauth = OAuth("vendor", grant, {"client_id": "c", "client_secret": "s"}, store, lambda: 1000.0)
    desk = Desk(httpx2.Response(401), ok({"a": 1}), auth=oauth)

    assert (await desk.reading.get("/t")).number("a") == 1
    assert [request.headers["authorization"] for request in desk.sent] == ["Bearer old", "Bearer new-1"]
    assert granted == [{"grant_type": "refresh_token", "refresh_token": "r1", "client_id": "c", "client_secret": "s"}]
    assert store.kept == Tokens("new-1", "r2", 4600.0)

    refused = Desk(httpx2.Response(401), auth=oauth)
    with pytest.raises(AccessDenied):
        await refused.reading.get("/t")
    assert (len(refused.sent), len(granted)) == (2, 2)


async def test_many_requests_at_once_ask_for_one_token() -> None:
    granted: list[object] = []

    async def grant(fields: object) -> Row:
        granted.append(fields)
        await asyncio.sleep(0)
        return Row({"access_token": "t"}, "vendor")

    oauth = OAuth("vendor", grant, {}, Store(), lambda: 0.0, "read")
    desk = Desk(ok(), auth=oauth)
    await asyncio.gather(*(desk.reading.get("/t") for _ in range(5)))

    assert granted == [{"grant_type": "client_credentials", "scope": "read"}]


async def test_a_configured_refresh_token_counts_where_none_is_stored_or_the_stored_one_is_refused() -> None:
    asked: list[str] = []

    async def grant(fields: Mapping[str, str]) -> Row:
        asked.append(fields["refresh_token"])
        if fields["refresh_token"] == "stale":
            raise AccessDenied("vendor", "refused")
        return Row({"access_token": "t"}, "vendor")

    for store in (Store(), Store(Tokens("old", "stale", 1.0))):
        oauth = OAuth("vendor", grant, {}, store, lambda: 1000.0, signed_in="given")
        await Desk(ok(), auth=oauth).reading.get("/t")
        assert store.kept == Tokens("t", "given")
    assert asked == ["given", "stale", "given"]
    with pytest.raises(AccessDenied):
        await OAuth("vendor", grant, {}, Store(Tokens("old", "stale", 1.0)), lambda: 1000.0).headers()


async def test_a_token_of_one_account_is_never_used_for_another() -> None:
    kept: dict[str, Tokens] = {}

    class Shelf:
        def load(self, name: str) -> Tokens | None:
            return kept.get(name)

        def save(self, name: str, tokens: Tokens) -> None:
            kept[name] = tokens

    async def grant(fields: Mapping[str, str]) -> Row:
        return Row({"access_token": f"of-{fields['client_id']}"}, "vendor")

    async def used(client: str, endpoint: str) -> Mapping[str, str]:
        return await OAuth("vendor", grant, {"client_id": client}, Shelf(), lambda: 0.0, endpoint=endpoint).headers()

    await used("prod", "https://prod.example/token")
    assert await used("staging", "https://prod.example/token") == {"Authorization": "Bearer of-staging"}
    await used("prod", "https://staging.example/token")
    assert len(kept) == 3


async def test_credentials_go_into_headers() -> None:
    for auth, name, value in ((bearer("t"), "authorization", "Bearer t"), (header("X-Key", "k"), "x-key", "k"),
                              (basic("é", "p"), "authorization", "Basic w6k6cA==")):  # fmt: skip
        desk = Desk(ok(), auth=auth)
        await desk.reading.get("/t")
        assert desk.sent[0].headers[name] == value


async def test_a_large_answer_is_not_read_to_its_end() -> None:
    desk = Desk(httpx2.Response(200, content=b" " * (MOST_BYTES + 1)))
    with pytest.raises(BadAnswer, match="larger than"):
        await desk.reading.get("/t")


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(200, content=b" " * (MOST_BYTES + 1)),
        httpx2.Response(200, stream=httpx2.ByteStream(b"no gzip"), headers={"content-encoding": "gzip"}),
        httpx2.Response(200, content=b"no JSON"),
    ],
    ids=["large", "not packed", "no JSON"],
)
async def test_a_write_whose_answer_cannot_be_read_may_have_happened(answer: httpx2.Response) -> None:
    with pytest.raises(PerhapsWritten):
        await Desk(answer).writing.send("POST", "/t", value={})


async def test_an_empty_answer_is_an_empty_row() -> None:
    assert not await Desk(httpx2.Response(204)).reading.get("/t")


async def test_deep_json_is_a_bad_answer() -> None:
    with pytest.raises(BadAnswer):
        await Desk(httpx2.Response(200, content=b"[" * 200_000)).reading.get("/t")


async def test_a_vendors_own_faults_come_first() -> None:
    def fault(answer: Answer) -> Fault:
        return "limited" if answer.row().text("error") == "ratelimited" else ""

    desk = Desk(ok({"error": "ratelimited"}), ok({"a": 1}), manners=Manners(fault=fault))
    assert (await desk.reading.get("/t")).number("a") == 1
    assert desk.slept == [1.0]


async def test_no_more_is_asked_per_second_than_the_vendor_wants() -> None:
    desk = Desk(ok(), manners=Manners(per_second=20))
    loop = asyncio.get_running_loop()
    start = loop.time()
    await asyncio.gather(*(desk.reading.get("/t") for _ in range(30)))
    assert loop.time() - start > 0.4  # twenty at once, then one every twentieth of a second


async def test_what_was_cost_is_counted() -> None:
    desk = Desk(ok({"a": 1}))
    await desk.reading.ask("/search", question={"q": "é"})
    counted = desk.line.counted
    assert (counted.requests, counted.sent, counted.received) == (1, len('{"q":"é"}'.encode()), len(b'{"a":1}'))
    await desk.line.close()
    await desk.line.close()


async def test_closing_calls_off_what_is_still_being_asked() -> None:
    never = asyncio.Event()

    async def hang(_: httpx2.Request) -> httpx2.Response:
        await never.wait()
        return ok()

    line = Line("vendor", BASE, NOBODY, PLAIN, Wire(httpx2.MockTransport(hang)))
    asked = asyncio.create_task(Reading(line).get("/t"))
    await asyncio.sleep(0)
    await line.close()

    assert asked.cancelled()


async def test_a_name_that_leads_into_the_own_network_is_not_asked() -> None:
    async def inside(_: str) -> tuple[str, ...]:
        return ("203.0.113.9", "10.0.0.7")

    line = Line("vendor", BASE, NOBODY, PLAIN, Wire(resolve=inside))
    with pytest.raises(AccessDenied, match="private network"):
        await Reading(line).get("/t")
    assert line.counted.requests == 0


@pytest.mark.parametrize("trouble", [httpx2.ReadTimeout, httpx2.RemoteProtocolError, httpx2.WriteError])
async def test_a_write_without_an_answer_may_have_happened(trouble: type[Exception]) -> None:
    desk = Desk(trouble)
    with pytest.raises(PerhapsWritten):
        await desk.writing.send("POST", "/t", value={"a": 1}, key="k")
    assert (len(desk.sent), desk.sent[0].headers["idempotency-key"]) == (1, "k")


async def test_a_write_that_never_left_is_unavailable() -> None:
    desk = Desk(httpx2.ConnectError)
    with pytest.raises(Unavailable):
        await desk.writing.send("POST", "/t", value={})
    assert len(desk.sent) == 1


async def test_a_write_is_sent_as_it_is() -> None:
    desk = Desk(ok({"id": 7}))
    answer = await desk.writing.send("PUT", "/t/{}", "1", value={"text": "naïve \ud83d \u2028"})
    assert answer.text("id") == "7"
    assert json.loads(desk.sent[0].content) == {"text": "naïve ? \u2028"}
    assert "idempotency-key" not in desk.sent[0].headers


async def test_no_time_left_sends_nothing() -> None:
    desk = Desk(ok())
    with deadline.within(0), pytest.raises(Unavailable):
        await desk.reading.get("/t")
    assert desk.sent == []


async def test_a_wait_may_be_written_as_a_date() -> None:
    dates = {"date": "Wed, 11 Nov 2026 10:00:00 GMT", "retry-after": "Wed, 11 Nov 2026 10:00:07 GMT"}
    desk = Desk(httpx2.Response(429, headers=dates), ok({"a": 1}))
    await desk.reading.get("/t")
    assert desk.slept == [7.0]

    far = Desk(httpx2.Response(503, headers=dates | {"retry-after": "Wed, 11 Nov 2026 11:00:00 GMT"}))
    with pytest.raises(Unavailable):
        await far.reading.get("/t")
    assert far.slept == []


@pytest.mark.parametrize("written", ["soon", "Wed, 99 Nov 2026", "nan", "-3", ""])
async def test_a_wait_that_cannot_be_read_is_the_usual_one(written: str) -> None:
    desk = Desk(httpx2.Response(429, headers={"retry-after": written}), ok({"a": 1}))
    await desk.reading.get("/t")

    assert desk.slept == [1.0]


async def test_an_empty_answer_is_understood_only_where_its_status_says_so() -> None:
    assert not await Desk(httpx2.Response(204)).reading.get("/t")
    with pytest.raises(BadAnswer, match="an empty answer"):
        await Desk(httpx2.Response(200)).reading.get("/t")
    assert not await Desk(httpx2.Response(201)).writing.send("POST", "/t", value={})


@pytest.mark.parametrize(
    "status", [300, 302, 400, 401, 402, 403, 404, 405, 408, 409, 410, 412, 418, 422, 425, 429, 451, 500, 502, 599]
)
async def test_every_status_has_a_meaning_and_no_words_of_theirs(status: int) -> None:
    desk = Desk(httpx2.Response(status, text="sk_live_secret is wrong"))
    with pytest.raises(ConnectorError) as caught:
        await desk.reading.get("/t")
    assert "sk_live" not in str(caught.value)
    assert f"(HTTP {status})" in str(caught.value)
    assert caught.value.advice


async def test_a_plan_that_has_no_search_is_not_taken_for_a_wrong_token() -> None:
    desk = Desk(httpx2.Response(402))
    with pytest.raises(AccessDenied, match="the plan that is paid for does not include this"):
        await desk.reading.get("/t")


async def test_a_right_that_is_missing_is_named_where_it_looks_like_one() -> None:
    manners = Manners(lacks=lambda answer: answer.said().text("needed"))
    for needed, said in (
        ("search:read.public", "the right search:read.public"),
        ("ask\nthem now!", "a right for this"),
    ):
        with pytest.raises(AccessDenied, match=rf"the credentials lack {said} \(HTTP 403\)") as caught:
            await Desk(httpx2.Response(403, json={"needed": needed}), manners=manners).reading.get("/t")
        assert caught.value.known
    with pytest.raises(AccessDenied, match="were refused") as refused:
        await Desk(httpx2.Response(401)).reading.get("/t")
    assert not refused.value.known


async def test_a_host_that_cannot_be_reached_is_named() -> None:
    with pytest.raises(Unavailable, match=r"api\.example cannot be reached") as caught:
        await Desk(httpx2.ConnectError).reading.get("/t")
    assert caught.value.advice == "check the address and the network, or try again later"
