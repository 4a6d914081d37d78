"""What happened to a case, as somebody tells it: checked first, then one event in the trail.

A model may add a note. Everything else is a person's to say: it silences a clock, tells of a customer, opens a ticket
for replies, or moves the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

from customer_escalation.brief import Target
from customer_escalation.casebook import answers
from customer_escalation.casebook.clocks import clocks
from customer_escalation.casebook.duties import by_hand
from customer_escalation.casebook.events import Event, Kind, Value
from customer_escalation.casebook.follow_ups import PREFIX
from customer_escalation.casebook.lapsing import lapse
from customer_escalation.casebook.learnings import learning
from customer_escalation.casebook.opening import first, start
from customer_escalation.casebook.sla import sla_of
from customer_escalation.casebook.state import NotAllowed, State, after, unknown_customer
from customer_escalation.follow_up.office import Office
from customer_escalation.follow_up.saying import Answer, filled, line, one_line, said
from customer_escalation.follow_up.showing import standing
from customer_escalation.follow_up.times import coming
from customer_escalation.policy import SEVERITIES
from customer_escalation.promises import is_of_update

What = Literal[
    "note",
    "acknowledged", "in_progress", "fix_pending", "resolved",  # the case moves there
    "told", "confirmed", "joined",  # customer (joined: its tickets as the value)
    "promised", "kept",  # customer and due; kept: the promise's or follow-up's number as the value
    "checked",
    "severity",  # the value
    "attend", "snooze", "disagree",  # the clock's name as the value; snooze until due
    "learned",  # value: root_cause, fix, fix_version, workaround, recognise, article; why: the text, with its marks
    "done",  # value: a duty of the end, and the ticket or channel where it was not all of it; why: how it was done
    "escalated",  # what support kept, or what was over; value: a severity, a target or both
]  # fmt: skip
WHATS: tuple[str, ...] = get_args(What)
MOVES = ("acknowledged", "in_progress", "fix_pending", "resolved")
FREE = ("note",)
REASONED = ("note", "disagree")
Given = Mapping[str, str]


class Fact(Struct, frozen=True):
    """What would be recorded: the event, and `says` in one line of our own words, without `why`."""

    kind: Kind
    data: Mapping[str, Value]
    why: str
    says: str


def needs_a_person(what: str) -> bool:
    """Whether a person has to say so themselves, in the form or on the command line."""
    return what not in FREE


def stated(
    office: Office, case_id: str, what: str, *, customer: str = "", value: str = "", due: str = "", why: str = ""
) -> Fact:
    """What an update with these words would record. Raises NotAllowed where the case does not stand for it.

    `customer` is one of the case ("joined": may be new). `value` is what `What` says beside the word. `due` is a
    time as `times.coming` reads it. `why` is free text, wanted for a note and a disagreement.
    """
    if what not in WHATS:
        raise NotAllowed(f"no update {what[:40]!r}; there are {', '.join(WHATS)}")
    state = office.casebook.state(case_id)
    given = {"customer": one_line(customer, "the customer"), "value": one_line(value, "the value"), "due": due.strip()}
    why = said(why, "the reason")
    if what in REASONED and not why:
        raise NotAllowed(f"{what}: say what in `why`")
    kind, data, says = _READ.get(what, _move)(office, state, {**given, "what": what, "case": case_id, "why": why})
    why = "" if kind == "learned" else why  # it stands in the event under what it is about
    event = Event(state.count + 1, office.now, office.actor, kind, why, data)
    after(state, event)
    return Fact(kind, data, why, says)


def update(
    office: Office, case_id: str, what: str, *, customer: str = "", value: str = "", due: str = "", why: str = ""
) -> Answer:
    """Record it: `{"recorded", "why", **standing}` with how the case stands now. Raises NotAllowed, NotTheirs.

    The words are those of `stated`.
    """
    fact = stated(office, case_id, what, customer=customer, value=value, due=due, why=why)
    if needs_a_person(what):
        office.must_be_a_person(f"say this of a case: {fact.says}")
    _record(office, case_id, fact)
    return {**filled(recorded=fact.says, why=line(fact.why)), **standing(office, case_id)}


def _record(office: Office, case_id: str, fact: Fact) -> None:
    book, actor, at = office.casebook, office.actor, office.now
    clock = str(fact.data.get("clock", ""))
    if fact.kind == "attended":
        answers.attend(book, case_id, clock, actor=actor, at=at, why=fact.why)
    elif fact.kind == "disagreed":
        answers.disagree(book, case_id, clock, fact.why, actor=actor, at=at)
    elif fact.kind == "snoozed":
        until = datetime.fromisoformat(str(fact.data["until"]))
        answers.snooze(book, case_id, clock, until, actor=actor, at=at, why=fact.why)
    else:
        data = {**fact.data, **({"through": office.through} if office.through else {})}
        if fact.kind == "opened":
            result = book.get(case_id).result
            start(book, case_id, result, office.setting, data, actor=actor, at=at, why=fact.why)
            return
        with book.database.together():
            before = book.state(case_id)
            book.record(case_id, fact.kind, actor=actor, at=at, why=fact.why, data=data)
            lapse(book, case_id, before, actor=actor, at=at)


Read = tuple[Kind, dict[str, Value], str]


def _move(_: Office, state: State, given: Given) -> Read:
    to = given["what"]
    return "moved", {"to": to}, f"{given['case']} is {to.replace('_', ' ')} (it was {state.status.replace('_', ' ')})"


def _note(_: Office, state: State, given: Given) -> Read:
    del state
    return "noted", {}, f"a note on {given['case']}"


def _checked(_: Office, state: State, given: Given) -> Read:
    return "checked", {}, f"the receiving team ({state.target or 'no team'}) was asked, or was heard"


def _told(_: Office, state: State, given: Given) -> Read:
    customer = _known(state, given["customer"])
    return "told", {"customer": customer}, f"{customer} was given an update"


def _confirmed(_: Office, state: State, given: Given) -> Read:
    customer = _known(state, given["customer"])
    return "confirmed", {"customer": customer}, f"{customer} says that it is solved for them"


def _joined(office: Office, state: State, given: Given) -> Read:
    if not given["customer"]:
        raise NotAllowed("joined: name the customer")
    tickets = given["value"].replace(",", " ").split()
    name = _same(state, given["customer"]) or given["customer"]
    for other in state.customers.values():
        if other.name != name and (taken := [each for each in tickets if each in other.tickets]):
            raise NotAllowed(f"joined: ticket {taken[0][:40]} is {other.name}'s in this case, not {name[:60]}'s")
    sla = sla_of(office.casebook.get(given["case"]).result, tickets)
    data: dict[str, Value] = {"customer": name, "tickets": [*tickets], "sla": sla}
    return "joined", data, f"{name} has the same problem{f', in {chr(44).join(tickets)}' if tickets else ''}"


def _promised(office: Office, state: State, given: Given) -> Read:
    customer, due = _known(state, given["customer"]), coming(given["due"], state.rhythm, office.now)
    of = "update" if is_of_update(given["why"]) else "deed"
    data: dict[str, Value] = {"to": customer, "due_at": due.isoformat(), "of": of}
    what = "an update" if of == "update" else "something"
    return "promised", data, f"{customer} was promised {what} for {state.rhythm.local(due)}"


def _kept(_: Office, state: State, given: Given) -> Read:
    number = given["value"].removeprefix("promise:").removeprefix(PREFIX)
    follow_up = next((each for each in state.follow_ups if str(each.number) == number and not each.done), None)
    if follow_up is not None:
        return "kept", {"promise": follow_up.number}, f"the follow-up of {state.rhythm.local(follow_up.due_at)} is done"
    found = next((each for each in state.promises if str(each.number) == number), None)
    if found is None or found.kept:
        open_ones = [f"{each.number} ({each.to})" for each in state.owed]
        open_ones += [each.clock for each in state.follow_ups if not each.done]
        raise NotAllowed(f"kept: no open promise {number[:20]!r}; open: {', '.join(open_ones) or 'none'}")
    return (
        "kept",
        {"promise": found.number},
        f"the promise to {found.to} for {state.rhythm.local(found.due_at)} is kept",
    )


def _severity(_: Office, state: State, given: Given) -> Read:
    to = given["value"].lower()
    if to not in SEVERITIES:
        raise NotAllowed(f"severity is one of {', '.join(SEVERITIES)}, not {to[:40]!r}")
    if to == state.severity:
        raise NotAllowed(f"{given['case']} is {to} already")
    return "severity", {"to": to}, f"the severity is {to} (it was {state.severity}); every clock is planned anew"


def _answer(kind: Kind, words: str) -> Callable[[Office, State, Given], Read]:
    def read(office: Office, state: State, given: Given) -> Read:
        names = [each.name for each in clocks(state)]
        clock = next((each for each in names if each.casefold() == given["value"].casefold()), "")
        if not clock:
            raise NotAllowed(f"no clock {given['value'][:60]!r} runs here; these do: {', '.join(names) or 'none'}")
        data: dict[str, Value] = {"clock": clock}
        if kind != "snoozed":
            return kind, data, words.format(clock)
        until = coming(given["due"], state.rhythm, office.now)
        return kind, {**data, "until": until.isoformat()}, f"{words.format(clock)} until {state.rhythm.local(until)}"

    return read


def _learned(office: Office, state: State, given: Given) -> Read:
    del state
    about = given["value"].lower().replace(" ", "_")
    data = learning(about, given["why"], (), office.casebook.get(given["case"]).result.evidence)
    return "learned", data, f"what was learned, {about.replace('_', ' ')}: {data[about]}"


def _done(office: Office, state: State, given: Given) -> Read:
    if state.settled_at is None:
        raise NotAllowed(f"done: {given['case']} goes on; only its end asks for duties")
    duty, _, place = given["value"].partition(" ")
    data = by_hand(duty, given["why"], office.setting.policy, place)
    return "noted", data, f"{duty} was done by hand{f', for {place}' if place else ''}"


def _escalated(office: Office, state: State, given: Given) -> Read:
    """What support kept is opened; what was over is opened again."""
    severity, target = _words(given["value"])
    result = office.casebook.get(given["case"]).result
    severity = severity or state.severity or result.severity or "medium"
    if state.status != "kept":
        again: dict[str, Value] = {"severity": severity, **({"target": target} if target else {})}
        to = f" to {target}" if target else ""
        return "re_escalated", again, f"{given['case']} is escalated again{to}, {severity}"
    target = target or result.target or "l2_support"
    data = {**first(result, office.setting), "severity": severity, "target": target}
    return "opened", data, f"{given['case']} is escalated to {target}, {severity}, and followed up from now on"


def _words(value: str) -> tuple[str, str]:
    """The severity and the target among these words. Raises NotAllowed for any other."""
    words = value.lower().replace(",", " ").split()
    targets = get_args(Target)
    if wrong := [word for word in words if word not in (*SEVERITIES, *targets)]:
        raise NotAllowed(f"escalated: not understood: {wrong[0][:40]!r}; {', '.join((*SEVERITIES, *targets))}")
    return next((each for each in words if each in SEVERITIES), ""), next((w for w in words if w in targets), "")


_READ: Mapping[str, Callable[[Office, State, Given], Read]] = {
    "note": _note,
    "checked": _checked,
    "told": _told,
    "confirmed": _confirmed,
    "joined": _joined,
    "promised": _promised,
    "kept": _kept,
    "severity": _severity,
    "attend": _answer("attended", "somebody takes the reminder {}"),
    "snooze": _answer("snoozed", "the reminder {} waits"),
    "disagree": _answer("disagreed", "the reminder {} is wrong, so the lead does not hear of it"),
    "learned": _learned,
    "done": _done,
    "escalated": _escalated,
}


def _same(state: State, name: str) -> str:
    return next((each for each in state.customers if each.casefold() == name.casefold()), "")


def _known(state: State, name: str) -> str:
    """The customer as the case writes it; the only one where none is named. Raises NotAllowed."""
    if not name and len(state.customers) == 1:
        return next(iter(state.customers))
    found = _same(state, name)
    if not found:
        raise unknown_customer(state, name)
    return found


__all__ = ["WHATS", "Fact", "What", "needs_a_person", "stated", "update"]
