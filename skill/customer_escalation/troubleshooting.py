"""What has been tried, by whom, and what came of it, in the words of the records.

A result is said to be not recorded only where nothing that could tell of it follows: neither in the message nor from a
customer later in that thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from customer_escalation.brief import NOT_RECORDED, Tried
from customer_escalation.case import Case
from customer_escalation.evidence import Evidence
from customer_escalation.language import BULLET, heard, one_line, terms
from customer_escalation.quoting import QUOTE, speaker
from customer_escalation.signals import cues_of, spoken

RESULTS = {"solved", "solution_failed", "error", "blocked"}
TELLING = {"solution_failed", "solved", "error", "blocked", "confirmed"}
WITHIN = {"solution_failed", "solved", "confirmed", "cannot_reproduce", "no_answer"}
CUT = re.compile(r"[:;] |, (?=but |and (?:it|the|still|that) )| - ")
OUTCOME = re.compile(
    r"(?:, (?:and )?|: |; | - )(?=(?:always|never|once|twice|both|all|none|each (?:time|of)|every time|the same|same"
    r"|no |nothing|without|with(?:out)? (?:success|effect|the same)|\d+ (?:times|of|out of))\b)",
    re.I,
)
PLAIN = re.compile(r"^(?:yes|no|nope|yep|done|neither|both|same|none)\b", re.I)
SHORT = 15  # a greeting or a name says nothing of a result
NEXT = "wrote next"
ON = "the message goes on"


def tried(case: Case) -> Iterator[Tried]:
    """Each troubleshooting step with its result; what the records leave out is said to be not recorded."""
    seen: set[str] = set()
    for row in case.thread_rows():
        said = spoken(row.text)
        for number, sentence in enumerate(said):
            if "tried" not in cues_of(sentence) or sentence in seen or len(sentence) < 12:
                continue
            seen.add(sentence)
            step, within = _step_and_result(sentence)
            result, cites = _came_of(case, row, sentence, said[number + 1 :], within)
            seen.update(_items(row, sentence))
            yield Tried(f"{speaker(row)}: “{one_line(step, QUOTE)}”", result, cites)
    yield from _suggested(case, seen)


def _step_and_result(sentence: str) -> tuple[str, str]:
    """Many a sentence tells the step and what came of it: cut at the colon, semicolon or "but" between them."""
    if cues_of(sentence) & WITHIN:
        cut = CUT.search(sentence)
        return (sentence[: cut.start()], sentence[cut.end() :]) if cut else (sentence, sentence)
    cut = OUTCOME.search(sentence)
    return (sentence[: cut.start()], sentence[cut.end() :]) if cut and cut.start() > SHORT else (sentence, "")


def _came_of(case: Case, row: Evidence, sentence: str, rest: Sequence[str], within: str) -> tuple[str, tuple[str, ...]]:
    """What came of a step, from the nearest words that tell of it, with the rows that say so."""
    following = rest[0] if rest else ""
    if cues_of(following) & TELLING:
        return _quoted(following), (row.id,)
    if within:
        return _quoted(within), (row.id,)
    items = _items(row, sentence)
    if items:
        return _quoted(*items), (row.id,)
    reply, told = reply_to(case, row, sentence)
    if reply is not None and told and row.origin != "stated_by_customer":  # their own later words answer what we asked
        return f"{speaker(reply)}: {_quoted(*told)}", (row.id, reply.id)
    if len(following) > SHORT and not following.endswith("?"):
        return f"{ON}: {_quoted(following)}", (row.id,)
    return _next_words(row, reply)


def _items(row: Evidence, sentence: str) -> tuple[str, ...]:
    """The list under a sentence that ends with a colon."""
    if not sentence.endswith(":"):
        return ()
    lines = [line.strip() for line in heard(row.text).split("\n") if line.strip()]
    start = next((number for number, line in enumerate(lines) if line.endswith(sentence)), len(lines))
    found: list[str] = []
    for line in lines[start + 1 :]:
        if not BULLET.match(line):
            break
        found.append(BULLET.sub("", line).strip())
    return tuple(found[:5])


def _suggested(case: Case, seen: set[str]) -> Iterator[Tried]:
    """What we advised, with what the customer's next words on that ticket say came of it."""
    for row in case.thread_rows():
        if row.origin != "stated_by_staff" or not row.public:
            continue
        advice = next((s for s in spoken(row.text) if _advises(s) and s not in seen), "")
        if not advice:
            continue
        reply, told = reply_to(case, row, advice)
        step = f"{speaker(row)} advised: “{one_line(advice, QUOTE)}”"
        if reply is None or not told:
            result, cites = _next_words(row, reply)
            yield Tried(step, result, cites)
        else:
            yield Tried(step, f"{speaker(reply)}: {_quoted(*told)}", (row.id, reply.id))


def _advises(sentence: str) -> bool:
    return bool(cues_of(sentence) & {"advice", "answer"})


def reply_to(case: Case, row: Evidence, step: str) -> tuple[Evidence | None, tuple[str, ...]]:
    """The customer's row that tells what came of a step, with its sentences; else their next one, with none.

    What they say after our next advice is about that one.
    """
    base = row.id.rsplit("/", 1)[0]
    after = [r for r in case.thread_rows() if r.id.startswith(f"{base}/") and r.at and row.at and r.at > row.at]
    nearest = next((r for r in after if r.origin == "stated_by_customer"), None)
    for other in after:
        if other.origin == "stated_by_customer":
            told = _tells(spoken(other.text), step)
            if told:
                return other, told
        elif other.public and any(_advises(s) for s in spoken(other.text)):
            break
    return nearest, ()


def _tells(said: Sequence[str], step: str) -> tuple[str, ...]:
    """Up to three sentences that tell of a result, answer with yes or no, or speak of what the step speaks of."""
    about = terms(step)
    known = [s for s in said if cues_of(s) & RESULTS or PLAIN.match(s) or about & terms(s)]
    return tuple(known[:3])


def _next_words(row: Evidence, reply: Evidence | None) -> tuple[str, tuple[str, ...]]:
    """The customer's next words, which a reader may judge; not recorded only where there are none."""
    if reply is None:
        return NOT_RECORDED, (row.id,)
    said = spoken(reply.text) or (heard(reply.text),)
    telling = next((s for s in said if len(s) > SHORT), said[0])
    return f"{speaker(reply)} {NEXT}: {_quoted(telling)}", (row.id, reply.id)


def _quoted(*said: str) -> str:
    return " ".join(f"“{one_line(sentence, QUOTE)}”" for sentence in said)
