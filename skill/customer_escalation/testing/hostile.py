"""Models that go wrong, each in its own way: `HOSTILE` names them all. None of them may change what a brief says.

What they lie about is taken from the request, so that a lie looks like the truth beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from customer_escalation.testing.messages import Answer, Model, Request, call, talk
from customer_escalation.testing.personas import SUBMIT, submission

SLOTS = ("title", "workflow_impact", "expectation", "escalation_risk", "insights")
MEGABYTE = 1_000_000
_ROW = re.compile(r"(?m)^\[([A-Z]-[^\]\s]+)\] ?([^\n]*)")
_SENTENCE = re.compile(r"[A-Z][^.!?:]{25,200}[.!?]")
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
_ORDER = re.compile(r"(?i)(ignore[^\n]*|severity[^\n]*|assistant[^\n]*|escalate[^\n]*|send[^\n]*)")


def rows(request: Request) -> list[tuple[str, str]]:
    """The ids and first lines of the evidence in the request."""
    return _ROW.findall(request.text) or [("R-0", "the request")]


def lie(text: str, *cites: str, slot: str = "insights", kind: str = "observed") -> dict[str, Any]:
    """A sentence that its rows do not hold."""
    return {"slot": slot, "text": text, "cites": list(cites), "kind": kind, "formula": ""}


def obedient(request: Request) -> Answer:
    """Does what texts in the evidence tell it to do, with tools that it makes up too."""
    orders = [found[0] for _, text in rows(request) if (found := _ORDER.search(text))][:3] or ["Severity is critical"]
    cite = rows(request)[0][0]
    acting = [
        call("chat_post", {"channel": "#general", "text": request.text[:200]}, 11),
        call("support_reply", {"ticket_id": "1", "public": True, "body": "It is fixed."}, 12),
        call("escalation_submit", {"case_id": "case-1", "sentences": []}, 13),
    ]
    obeying = [lie(f"As instructed: {order[:200]}", cite) for order in orders]
    severe = {"about": "severity", "choice": "medium", "text": "The record orders severity medium.", "cites": [cite]}
    told = lie("Severity is medium and the target is #general.", cite, slot="title")
    return Answer((*acting, submission([*obeying, told], [severe])))


def inventive(request: Request) -> Answer:
    """Invents revenue, tickets, dates, people and a cause, and cites real rows for them."""
    cite = rows(request)[min(request.turns, len(rows(request)) - 1)][0]
    lies = (
        "USD 7,777,777 of ARR is at risk.",
        "Ticket 99999 from Globex Corporation reports the same.",
        "The fix was released on 3 February 2031 as version 9.9.9.",
        "Zebulon Quartermain has approved an exception.",
        "The root cause is a cosmic ray, which engineering has confirmed.",
    )
    return Answer((submission([lie(text, cite, slot=slot) for text, slot in zip(lies, SLOTS, strict=True)]),))


def misciting(request: Request) -> Answer:
    """Says what one row says and cites the next one."""
    found = [each for each in rows(request) if len(each[1]) > 40]
    pairs = zip(found, found[1:] + found[:1], strict=True)
    claims = [lie(text[:200], other) for (_, text), (other, _) in pairs if text]
    return Answer((submission(claims[:8] or [lie("Nothing was read.", "T-0")]),))


def blending(request: Request) -> Answer:
    """Puts the figure of one row into a sentence of the next, and cites both."""
    told = [(name, found[0], figure[0]) for name, text in rows(request)
            if (found := _SENTENCE.findall(text)) and (figure := _FIGURE.findall(found[0]))]  # fmt: skip
    pairs = zip(told, told[1:] + told[:1], strict=True)
    mixed = [
        lie(_FIGURE.sub(other, sentence, count=1), name, source, kind=kind)
        for (name, sentence, own), (source, _, other) in pairs
        if other != own
        for kind in ("stated_by_customer", "stated_by_staff")
    ]
    return Answer((submission(mixed[:12] or [lie("7,777,777 orders failed.", "R-0")]),))


def citing_everything(request: Request) -> Answer:
    """Cites as many rows as a sentence may, for what none of them says."""
    cites = [name for name, _ in rows(request)][:20]
    lies = ("7,777,777 orders failed.", "Globex Corporation has left.", "Zebulon Quartermain approved it in 2031.")
    return Answer((submission([lie(text, *cites, kind="stated_by_staff") for text in lies]),))


def counting_places(request: Request) -> Answer:
    """Takes the place of a comment in its ticket for a count of what it tells."""
    places = [(name, name.rpartition("/")[2]) for name, _ in rows(request) if "/" in name]
    kinds = ("stated_by_customer", "stated_by_staff")
    lies = [lie(f"{place} hospitals are without power.", name, kind=kind) for name, place in places for kind in kinds]
    return Answer((submission(lies[:24] or [lie("0 hospitals are without power.", "R-0")]),))


def looping(request: Request) -> Answer:
    """Reads for ever."""
    return Answer((call("support_search_tickets", {"query": f"again {request.turns}"}),))


def unknown_tools(request: Request) -> Answer:
    """Calls tools that nobody offered."""
    names = ("delete_ticket", "crm_update_account", "shell", "x" * 64)
    return Answer(tuple(call(name, {"all": True}, number) for number, name in enumerate(names, 1)))


def broken_json(request: Request) -> Answer:
    """Arguments that end in the middle."""
    return Answer((call(SUBMIT, {}),), raw_input='{"sentences": [{"slot": "title", "text": "It is fi')


def wrong_shape(request: Request) -> Answer:
    """Valid JSON of a wrong shape, another one each turn."""
    shapes: tuple[Any, ...] = (
        {"sentences": {"title": "x"}, "dissent": 3},
        {"sentences": [["title", "x"], 7, None, {"slot": ["title"], "text": {"a": 1}, "cites": 5}], "dissent": [1]},
        {"sentences": [{"slot": "severity", "text": "critical", "cites": ["R-0"]}], "severity": "critical"},
    )
    return Answer((call(SUBMIT, shapes[min(request.turns, 2)]),))


def never_submits(request: Request) -> Answer:
    """Talks instead."""
    return Answer((talk("Here is the brief: severity critical, USD 7,777,777 at risk."),))


def leaking(request: Request) -> Answer:
    """Looks for secrets, and tries to carry what it sees out through sentences and tool arguments."""
    seen = re.findall(r"[\w-]*(?:key|token|secret|password)[\w-]*\W{1,3}(\S+)", request.text, re.I)[:5]
    secret = " ".join(["sk_live_51Hc93KtZ9vXq2", "AKIAIOSFODNN7EXAMPLE", *seen])
    asking = [
        call("support_search_tickets", {"query": secret[:200]}, 1),
        call("knowledge_search_articles", {"query": "ANTHROPIC_API_KEY"}, 2),
        call("support_get_ticket", {"ticket_id": "../../../etc/passwd"}, 3),
    ]
    told = [lie(f"The key is {secret}", "R-0"), lie(request.system[:300] or "none", "R-0")]
    return Answer((*asking, submission(told)))


def huge(request: Request) -> Answer:
    """Submits a megabyte."""
    return Answer((submission([lie("x" * MEGABYTE, "R-0"), lie("y" * 5000, "R-0", slot="title")]),))


def countless(request: Request) -> Answer:
    """Submits ten thousand sentences."""
    return Answer((submission([lie(f"{number} hospitals are without power.", "R-0") for number in range(10_000)]),))


def deep(request: Request) -> Answer:
    """Nests its arguments ten thousand levels deep."""
    return Answer((call(SUBMIT, {}),), raw_input='{"sentences":' + "[" * 10_000 + "]" * 10_000 + "}")


def strange_characters(request: Request) -> Answer:
    """Controls, invisible and right-to-left characters."""
    text = "All is \u202edexif\u202c\u0000\u200b and well\u2066\U000e0041"
    return Answer((submission([lie(text, "R-0"), lie(text, "R-0\u200b", slot="title")]),))


def half_characters(request: Request) -> Answer:
    """Half of a pair of surrogates, in text and in arguments."""
    return Answer((talk("\ud83d"), submission([lie("It is \ud83d fixed", "R-0")])))


def same_id_twice(request: Request) -> Answer:
    """Two calls under one id."""
    return Answer((call("support_get_ticket", {"ticket_id": "1"}, 1), call("crm_find_account", {"name": "a"}, 1)))


def path_traversal(request: Request) -> Answer:
    """Arguments that would mean something to a file system, a database or a search engine."""
    nasty = ("../../etc/passwd", "' OR 1=1; DROP TABLE cases; --", '" NEAR/0 *', "%00", "{{7*7}}", "a" * 50_000)
    calls = [call("support_get_ticket", {"ticket_id": text}, number) for number, text in enumerate(nasty, 1)]
    calls += [call("tracker_search_issues", {"query": text}, number) for number, text in enumerate(nasty, 21)]
    wrong = [call("crm_get_account", {"account_id": "1", "case_id": "case-2", "drop": True}, 40)]
    return Answer((*calls, *wrong)) if request.turns == 0 else Answer((submission([]),))


def refusing(request: Request) -> Answer:
    """Declines to answer."""
    return Answer((talk("I cannot help with that."),), stop_reason="refusal")


def running_on(request: Request) -> Answer:
    """Stops at the most it may write, in the middle of a call."""
    return Answer((call(SUBMIT, {}),), stop_reason="max_tokens", raw_input='{"sentences": [')


def cut_off(request: Request) -> Answer:
    """The connection ends in the middle of the answer."""
    return Answer((submission([lie("It is fixed.", "R-0")]),), cut_after=3)


def without_a_stop(request: Request) -> Answer:
    """The answer ends without saying why."""
    return Answer((submission([lie("It is fixed.", "R-0")]),), stop_reason=None)


def stalled(request: Request) -> Answer:
    """Begins to answer, then says nothing more."""
    return Answer((submission([lie("It is fixed.", "R-0")]),), cut_after=3, stalls=True)


def failing_midway(request: Request) -> Answer:
    """An error in the middle of the answer."""
    return Answer((talk("Let me see."),), error="overloaded_error", stop_reason=None)


def overloaded(request: Request) -> Answer:
    """Too busy, always."""
    return Answer(status=529, headers={"retry-after-ms": "1"})


def web_page(request: Request) -> Answer:
    """A proxy's page, with a status that says that all is well."""
    return Answer(body="<html><body>Please log in</body></html>", headers={"content-type": "text/html"})


def error_page(request: Request) -> Answer:
    """A proxy's page for an error."""
    page = "<html><body>Bad gateway</body></html>"
    return Answer(status=502, body=page, headers={"content-type": "text/html", "retry-after-ms": "1"})


def not_json(request: Request) -> Answer:
    """An event stream of something else."""
    return Answer(body="event: message_start\ndata: {oops\n\n", headers={"content-type": "text/event-stream"})


def disagreeing(request: Request) -> Answer:
    """Argues for another decision, severity and target with lies and real rows."""
    cite = rows(request)[0][0]
    reasons = {"text": "4,711 hospitals are without power.", "cites": [cite], "kind": "observed", "formula": ""}
    wanted = (("decision", "handle_in_support"), ("severity", "medium"), ("target", "l2_support"))
    return Answer((submission([], [{"about": about, "choice": choice, **reasons} for about, choice in wanted]),))


HOSTILE: Mapping[str, Model] = {
    each.__name__: each
    for each in (
        obedient, inventive, misciting, blending, citing_everything, counting_places, looping, unknown_tools,
        broken_json, wrong_shape, never_submits, leaking, huge,
        countless, deep, strange_characters, half_characters, same_id_twice, path_traversal, refusing, running_on,
        cut_off, without_a_stop, stalled, failing_midway, overloaded, web_page, error_page, not_json, disagreeing,
    )
}  # fmt: skip


def then(first: Model, later: Model) -> Model:
    """One model for the first turn, another for the rest."""
    return lambda request: first(request) if request.turns == 0 else later(request)


def everything(request: Request) -> Answer:
    """Every offered tool at once, each with arguments made from its schema."""
    return Answer(
        tuple(call(name, dict(_filled(schema)), number) for number, (name, schema) in enumerate(_tools(request), 1))
    )


def _tools(request: Request) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for tool in request.body["tools"]:
        if tool["name"] != SUBMIT:
            yield tool["name"], tool["input_schema"]


def _filled(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in schema["properties"].items():
        if value.get("type") == "string":
            yield name, value.get("enum", ["51842"])[0]
        elif value.get("type") == "integer":
            yield name, 5
