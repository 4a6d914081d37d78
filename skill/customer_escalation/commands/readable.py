"""The answers of the follow-through as a person reads them, in the words that the tools of the server use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from customer_escalation.render.exact import marked

Answer = dict[str, object]
SHORT = 8
WAITING = "Waiting for a yes (`approve ID` shows the text first)"
KEEP = 'No cases yet; `customer-escalation escalate "..." --keep` opens one.'
STANDING = (
    "case_id", "title", "customer", "team", "status", "severity", "target", "opened_at", "customers", "promises",
    "clocks", "may_become", "unfinished", "pending", "offered", "not_offered", "suggested", "trail", "events",
    "trail_intact", "recorded", "why", "duties", "learned", "earlier", "proposed", "unsettled", "lapsed",
    "doubt",
)  # fmt: skip


def parts(value: object) -> list[Mapping[str, object]]:
    """The objects of a list; none where there is no list."""
    return [cast("Mapping[str, object]", each) for each in _list(value) if isinstance(each, Mapping)]


def texts(value: object) -> list[str]:
    """The items of a list as text."""
    return [str(each) for each in _list(value)]


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def text(part: Mapping[str, object], key: str) -> str:
    """A field as text, empty where there is none."""
    return str(part.get(key, ""))


def words(identifier: str) -> str:
    """An identifier in words: "in_progress" is in progress."""
    return identifier.replace("_", " ")


def cases(said: Answer) -> str:
    """A line for each case."""
    found = parts(said.get("cases"))
    if not found:
        return KEEP if text(said, "read").endswith(" 0 cases") else f"None of these ({said['read']})."
    rows = [
        (
            text(each, "case_id"),
            text(each, "severity") or "-",
            words(text(each, "status")),
            "OVERDUE" if each.get("overdue") else text(each, "next_due") or "-",
            text(each, "title"),
        )
        for each in found
    ]
    listed = table((("CASE", "SEVERITY", "STATUS", "NEXT DUE", "TITLE"), *rows))
    return "\n".join((*listed, text(said, "read"), text(said, "more"))).rstrip()


def table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Columns as wide as their longest cell; the last is as long as it is."""
    lines = list(rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in lines]


def show(said: Answer, *, whole: bool = False) -> str:
    """One case in full; `whole` shows the exact texts that wait, with their hashes."""
    if said.get("trail_intact") is not True and "status" not in said:
        return f"{text(said, 'case_id')}: {text(said, 'title')}\nThe trail is broken: {text(said, 'trail_intact')}"
    head = [f"{text(said, 'case_id')}: {text(said, 'title')}"]
    events = texts(said.get("trail"))
    count = f"{len(events)} of {text(said, 'events')} events, unchanged" if events else ""
    sections = [
        *_standing(said),
        _pending(parts(said.get("pending")), whole),
        _section("Approved, and not known to be written", map(_unsettled, parts(said.get("unsettled")))),
        _section("Lapsed, since the case stands otherwise now", texts(said.get("lapsed"))),
        _section("Offered by the brief (`propose CASE STEP`)", texts(said.get("offered"))),
        _section("Not possible here", texts(said.get("not_offered"))),
        _section("Suggested by the last look", map(suggestion, parts(said.get("suggested")))),
        *_ending(said),
        *_rest(said),
        _section(f"What happened ({count})", events),
    ]
    return "\n\n".join(("\n".join((*head, _line(said))), *filter(None, sections)))


def _pending(waiting: list[Mapping[str, object]], whole: bool) -> str:
    if not whole:
        return _section(WAITING, map(_waiting, waiting))
    return "\n\n".join((f"{WAITING}:", *map(proposal, waiting))) if waiting else ""


def _line(said: Mapping[str, object]) -> str:
    about = [words(text(said, "status")), text(said, "severity"), f"for {words(text(said, 'target'))}"]
    known = [each for each in about if each and each != "for "]
    since = f"; opened {text(said, 'opened_at')}" if said.get("opened_at") else ""
    team = f"; team {text(said, 'team')}" if said.get("team") else ""
    return f"{', '.join(known)}{since}{team}"


def _standing(said: Mapping[str, object]) -> Iterator[str]:
    yield _section("Customers", map(_customer, parts(said.get("customers"))))
    yield _section("Promised", map(_promise, parts(said.get("promises"))))
    yield _section("Due", map(_clock, parts(said.get("clocks"))))
    if said.get("unfinished"):
        yield f"Before it can be closed: {text(said, 'unfinished')}."


def _section(head: str, lines: Iterable[str]) -> str:
    listed = [f"  {line}" for line in lines]
    return "\n".join((f"{head}:", *listed)) if listed else ""


def _customer(each: Mapping[str, object]) -> str:
    tickets = f" ({', '.join(texts(each.get('tickets')))})" if each.get("tickets") else ""
    told = f"told {text(each, 'told_at')}" if each.get("told_at") else "not told yet"
    said = f"confirmed {text(each, 'confirmed_at')}" if each.get("confirmed_at") else "not confirmed"
    sla = f", SLA {text(each, 'sla_due_at')}" if each.get("sla_due_at") else ""
    return f"{text(each, 'name')}{tickets}: {told}, {said}{sla}"


def _promise(each: Mapping[str, object]) -> str:
    kept = ("kept late" if each.get("late") else "kept") if each.get("kept") else "open"
    kept = "missed" if each.get("missed") else kept
    about = f": {text(each, 'text')}" if each.get("text") else ""
    return f"{text(each, 'number')} to {text(each, 'to')} for {text(each, 'due_at')} ({kept}){about}"


def _clock(each: Mapping[str, object]) -> str:
    late = "OVERDUE " if each.get("overdue") else ""
    lead = f"; the lead hears of it {text(each, 'lead_at')}" if each.get("lead_at") else ""
    return f"{late}{text(each, 'due_at')}  {text(each, 'name')}: {text(each, 'why')}{lead}"


def _waiting(each: Mapping[str, object]) -> str:
    failed = f" (failed: {text(each, 'error')})" if each.get("state") == "failed" else ""
    whom = f" for {text(each, 'for')}" if each.get("for") else ""
    what = text(each, "what") or words(text(each, "kind"))
    title = f": {text(each, 'title')}" if each.get("title") else ""
    return f"{text(each, 'id')[:SHORT]}  {what} → {text(each, 'to')}{whom}{title}{failed}"


def _unsettled(each: Mapping[str, object]) -> str:
    return f"{_waiting(each)}: {text(each, 'says')}"


def suggestion(each: Mapping[str, object]) -> str:
    """What somebody may do about a case, with the evidence."""
    cites = f" [{', '.join(texts(each.get('cites')))}]" if each.get("cites") else ""
    what = " ".join(filter(None, (words(text(each, "kind")), words(text(each, "to")))))
    return f"{what}: {text(each, 'text')}{cites}"


def due(said: Answer) -> str:
    """What is due with its texts, then what waits for a yes."""
    found = parts(said.get("due"))
    shown = [
        f"{_when(each)}  {text(each, 'case_id')} ({text(each, 'severity')}, {words(text(each, 'status'))}) "
        f"{text(each, 'clock')}: {text(each, 'why')}\n{_suggested(each)}{marked(text(each, 'draft'))}"
        for each in found
    ]
    waiting = [f"{_waiting(each)} of {text(each, 'case_id')}" for each in parts(said.get("waiting"))]
    none = "" if shown else "Nothing falls due in this time."
    return "\n\n".join(filter(None, (none, *shown, text(said, "more"), _section(WAITING, waiting))))


def _suggested(each: Mapping[str, object]) -> str:
    return "".join(f"  suggested: {line}\n" for line in texts(each.get("suggested")))


def _when(each: Mapping[str, object]) -> str:
    late = f"OVERDUE by {text(each, 'overdue')}" if each.get("overdue") else text(each, "due_at")
    return f"{late}, the lead's turn" if each.get("lead") else late


def proposal(said: Mapping[str, object]) -> str:
    """A write in full: what it is, where it goes, its exact text, and the hash that a yes is bound to."""
    whom = f" for {text(said, 'for')}" if said.get("for") else ""
    lines = [
        f"{text(said, 'id')[:SHORT]} of {text(said, 'case_id')}: {text(said, 'what')}",
        f"to: {text(said, 'to')}{whom}, through {text(said, 'through')}",
        *(
            [f"NOTE: the same text was approved for the same place before, {text(said, 'again')}"]
            * bool(said.get("again"))
        ),
        marked(text(said, "text")),
        f"sha256: {text(said, 'sha256')}",
        f"state: {text(said, 'state')}" + (f", until {text(said, 'expires_at')}" if said.get("expires_at") else ""),
    ]
    return "\n".join((*lines, *_came_of_it(said)))


def outcome(said: Answer) -> str:
    """What became of a write."""
    first = text(said, "says") or f"{text(said, 'id')[:SHORT]} of {text(said, 'case_id')} is {text(said, 'state')}."
    return "\n".join((first, *_came_of_it(said)))


def _came_of_it(said: Mapping[str, object]) -> Iterator[str]:
    receipt = said.get("receipt")
    if isinstance(receipt, Mapping):
        kept = cast("Mapping[str, object]", receipt)
        yield f"receipt: {text(kept, 'url') or text(kept, 'id')}"
    if said.get("error"):
        yield f"error: {text(said, 'error')}"


def recorded(said: Answer) -> str:
    """What was recorded, and how the case stands now."""
    why = f"\nWhy: {text(said, 'why')}" if said.get("why") else ""
    why += f"\nThe rows may not say so: {text(said, 'doubt')}" if said.get("doubt") else ""
    case_id, what = text(said, "case_id"), text(said, "recorded")
    head = f"{what if what.startswith(case_id) else f'{case_id}: {what}'}{why}\n{_line(said)}"
    return "\n\n".join(filter(None, (head, *_standing(said), *_ending(said), *_rest(said))))


def _ending(said: Answer) -> Iterator[str]:
    """What the end of a case asks for, what was learned of it, and earlier cases of the same problem."""
    yield _section("What the end asks for", map(_duty, parts(said.get("duties"))))
    yield _section("Proposed for it (`approve ID` shows the text first)", texts(said.get("proposed")))
    learned = parts([said.get("learned")])
    yield _section("Learned", (f"{words(about)}: {known}" for each in learned for about, known in each.items()))
    for history in parts([said.get("earlier")]):
        yield _section(text(history, "note").rstrip(".") or "Earlier cases", map(_earlier, parts(history.get("cases"))))


def _duty(each: Mapping[str, object]) -> str:
    writes = f" (`propose CASE {text(each, 'id')}`)" if each.get("writes") else ""
    waiting = f" ({len(texts(each.get('waiting')))} waiting for a yes)" if each.get("waiting") else ""
    if each.get("done"):
        return f"{text(each, 'text')}: done"
    return f"{text(each, 'text')}: {'; '.join(texts(each.get('open')))}{writes}{waiting}"


def _earlier(each: Mapping[str, object]) -> str:
    return "; ".join(f"{words(key)}: {held}" if key != "case_id" else str(held) for key, held in each.items())


def _rest(said: Answer) -> Iterator[str]:
    """What this page has no words of its own for."""
    for key, value in said.items():
        if key not in STANDING:
            yield _section(words(key).capitalize(), _any(value))


def _any(value: object) -> Iterator[str]:
    """What this page has no words of its own for, a line each."""
    for each in _list(value) or [value]:
        fields = parts([each])
        yield "; ".join(f"{words(key)}: {held}" for key, held in fields[0].items()) if fields else str(each)


def seen(said: Answer) -> str:
    """What a look at the sources found."""
    news = [f"{text(each, 'text')} [{', '.join(texts(each.get('cites')))}]" for each in parts(said.get("news"))]
    failed = _section("Not read", texts(said.get("failed")))
    found = [_section("New", news), _section("Suggested", map(suggestion, parts(said.get("suggestions")))), failed]
    head = (
        f"{text(said, 'case_id')}: {'looked at again' if news else 'nothing new'} ({text(said, 'requests')} requests)."
    )
    return "\n\n".join(filter(None, (head, *found)))
