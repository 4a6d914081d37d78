"""What is told as having happened: "has expired", "was reset", "Nora Haugen filed". A cited row must tell it as done.

`deeds.py` knows the deeds whose words differ from row to row; here any verb counts, by its stem or one of like meaning.
A row that only plans, asks for, denies or describes something does not tell that it happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from customer_escalation.verify import deeds
from customer_escalation.verify.actors import CUSTOMER, SPEAKS, STAFF
from customer_escalation.verify.claim import ENDS, Claim, held, lows, sentences, stems
from customer_escalation.verify.deeds import is_ahead, is_past
from customer_escalation.verify.sources import Source, plain, stands
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import (
    alike,
    concepts,
    content,
    frame_stems,
    is_irregular,
    is_verb_form,
    parts,
    stem,
)

_HAS = listed("has have had having")
_WAS = listed("was were")
_BEEN = frozenset(("been",))
_BETWEEN = listed(
    """
    already since just now then also even only still both all again recently finally indeed meanwhile therefore
    themselves himself herself itself so far fully partly completely about almost nearly yet
    """
)
_DENIES = listed("not never no hardly barely nothing nobody none n't")
_OPEN = listed("if unless until before once whether when would could should may might must to as")
# Acts that a message performs by itself: whoever offers or agrees in it need not say so.
_ACTS = frozenset(map(stem, listed("offer agree propose suggest thank recommend advise greet welcome")))
# Attitudes that `deeds.py` finds in words that do not name them: "I would rather not" declines.
_ATTITUDES = frozenset(map(stem, listed("decline refuse reject accept")))
_ASKING = listed("what who whom which")
_GONE = listed(
    """
    gone come got become been done kept held stayed remained stood lain known thought seen felt meant let begun had put
    set turned run brought fallen grown risen found left met heard called named
    """
)
_PHRASES = frozenset((("ended", "in"), ("ended", "up"), ("ended", "with"), ("called", "off"), ("turned", "out")))
_UNCHANGED = listed("read put set cut let shut hit hurt cost split spread quit")
# Verbs that say nothing by themselves: what was given, taken or made must be in the row.
_LIGHT = listed("given taken made got received put gave took")
_MILD = frozenset(
    map(
        stem,
        listed(
            """
            want need wish hope expect know think see seem mean show keep hold stay remain stand lie carry contain
            look use try happen begin become wait miss find leave turn go come get have do let lead point concern apply
            count list link name call date describe quote measure observe record notice concede recognise recognize
            recall remember learn understand regard treat consider relate belong differ follow precede last continue
            suppose apologise apologize wonder put bring run lay base mark head date write report affect reach
            """
        ),
    )
)
# Verbs in the present by which something befalls somebody, or is undertaken; none that is a common noun as well.
_BEFALLS = listed(
    """
    lose loses fail fails delete deletes duplicate duplicates reject rejects accept accepts refuse refuses succeed
    succeeds helps cancel cancels owe owes expire expires corrupt corrupts satisfy satisfies suffice suffices
    guarantees threaten threatens sue sues approve approves renews suffer suffers ignore ignores prevent prevents
    restore restores solve solves overwrite overwrites improve improves worsen worsens stops
    """
)
# What else a row may say of it.
_ALSO = {"los": listed("cost costs go goes gone empty emptied short"), "expir": listed("end ends valid lapse lapses")}
_NOUNS = listed("the a an no this that its his her their our its of in for by with to and or any each per")
_WENT = frozenset(("went", "came", "took"))
_PLAN = ("next", "step", ":")
_SPLITS = frozenset(
    (
        ",",
        ";",
        ":",
        "(",
        ")",
        "—",
        "–",
        "and",
        "but",
        "while",
        "which",
        "that",
        "who",
        "because",
        "after",
        "before",
        "when",
        "since",
        "until",
    )
)
_FINITE = listed(
    """
    is are was were be been has have had do does did will would shall should can could may might must says say show
    shows wants want needs need
    """
)
_ARTICLES = listed("the a an its his her their our this that these those")


class Event(NamedTuple):
    """Something told as having happened: the place of its verb among the tokens of its sentence, and how it is told."""

    said: Sequence[Token]
    at: int
    subject: str
    perfect: bool


def unheard_of(claim: Claim) -> str:
    """What a statement tells as having happened, and no cited row does; empty where one does."""
    for event in _events(claim):
        word = event.said[event.at].text.lower()
        rows = _tellers(claim, event)
        if word in _LIGHT:
            things = _objects(claim, event)
            thing = " ".join(things)
            if not all(
                any(_told(one, row, False, near=False) or _in_title(one, row) for row in rows) for one in things
            ):
                return f"no cited row says that it was so ({word} … {thing}): say what is asked, planned or missing"
            continue
        own = stem(word)
        if event.said[event.at + 1 :] and (word, event.said[event.at + 1].text.lower()) in _PHRASES:
            continue
        if own in SPEAKS and event.perfect and _only_ahead(own, rows):
            return f"no cited row says that it was “{word}” already: say what is asked or promised"
        if own in _MILD or own in SPEAKS or word in _GONE or (own in _ACTS and _by(event.subject, rows)):
            continue
        if own in _ATTITUDES and any(row.deeds.get(group) for row in rows for group in deeds.groups_of(own)):
            continue
        if not any(_told(own, row, event.perfect, subject=_subject(event)) for row in rows):
            who = event.subject or "it"
            return f"no cited row says that {who} “{word}”: say what the row says, or cite the one that tells it"
    return ""


def _events(claim: Claim) -> Iterator[Event]:
    names = {name.end: name.text for name in claim.names}
    for said in sentences(claim.reading.tokens):
        words = lows(said)
        for at, word in enumerate(words):
            named = names.get(said[at - 1].end, "") if at else ""
            if word in _HAS or word in _WAS:
                verb = _participle(words, at + 1)
                if verb > 0 and not _is_open(words[:at]) and claim.plainly(said[at].start):
                    yield Event(said, verb, named, word in _HAS)
            elif said[at].kind == "word" and claim.plainly(said[at].start) and not _is_open(words[:at]):
                if not is_past(word) and not (named and is_irregular(word)):
                    continue
                if named or _is_main(words, at, said[at + 1 : at + 2]):
                    yield Event(said, at, named, False)


def _by(subject: str, rows: Sequence[Source]) -> bool:
    """Whether somebody wrote one of the rows."""
    return any(row.row.author is not None and stands(plain(subject), plain(row.row.author.name)) for row in rows)


def _is_main(words: Sequence[str], at: int, follows: Sequence[Token]) -> bool:
    """Whether a past form is the one verb of a short clause: "the retries ended after three days"."""
    start = max((n + 1 for n in range(at) if words[n] in _SPLITS), default=0)
    end = next((n for n in range(at, len(words)) if words[n] in _SPLITS), len(words))
    others = [*words[start:at], *words[at + 1 : end]]
    alone = _FINITE.isdisjoint(others) and not any(is_past(one) for one in others)
    before = words[start:at]
    noun = bool(before) and bool(content(before[-1])) and before[0] in _ARTICLES | {content(before[0]) and before[0]}
    after = words[at + 1] if at + 1 < len(words) else ""
    plainly = bool(follows) and follows[0].text.islower() and bool(content(after))
    attributive = bool(before) and before[-1].endswith("s") and plainly  # "reads changed orders"
    return alone and noun and not attributive and after not in ("by", "as", "from")


def _participle(words: Sequence[str], start: int) -> int:
    """Where "has (not) been signed" has its participle; -1 where it is denied or there is none."""
    for at in range(start, min(len(words), start + 4)):
        word = words[at]
        if word in _DENIES:
            return -1
        if _is_participle(word) and word not in _BEEN and word not in _HAS:
            return at
        if word not in _BETWEEN and word not in _BEEN:
            return -1
    return -1


def _is_participle(word: str) -> bool:
    return is_past(word) or is_verb_form(word) or word in _UNCHANGED


def _is_open(before: Sequence[str]) -> bool:
    """Whether what follows is a condition, a question or a wish."""
    last = max((at for at, word in enumerate(before) if word in ",;:("), default=-1)
    return not _OPEN.isdisjoint(before[last + 1 :]) or not _ASKING.isdisjoint(before[-1:])


def _tellers(claim: Claim, event: Event) -> list[Source]:
    """The rows that may tell of it: they name who did it where somebody is named. A guide tells of nobody."""
    rows = [row for row in claim.told if row.row.category != "knowledge_base" or not event.subject]
    name = plain(event.subject).removesuffix("'s")
    return [row for row in rows if not name or any(stands(part, row.blob) for part in name.split())]


def _told(wanted: str, row: Source, past: bool, near: bool = True, subject: Sequence[str] = ()) -> bool:
    """Whether a row tells it: by that verb or one of like meaning, in the past, and neither planned nor denied."""
    found = row.reading.tokens
    opening = 0
    for at, token in enumerate(found):
        if token.kind in ("mark", "line") and token.text in ENDS | {"(", ")", ":", ","}:
            opening = at + 1
        low = token.text.lower()
        for piece in (low,) if low.isalpha() else parts(low):
            own = stem(piece)
            if own != wanted and not alike(own, wanted) and not (near and concepts(own) & concepts(wanted)):
                continue
            is_done = not past or _is_participle(piece) or not low.isalpha()
            so = is_done and not is_ahead(found, opening, at) and not is_planned(found, at)
            if so and (not subject or _speaks_of(subject, row, at)):
                return True
    return False


def _only_ahead(wanted: str, rows: Sequence[Source]) -> bool:
    """Whether the rows use a verb, and only of what is still to come."""
    uses = [row for row in rows if any(stem(low) == wanted for low in row.lows)]
    return bool(uses) and not any(_told(wanted, row, past=False) for row in uses)


def _in_title(word: str, row: Source) -> bool:
    """Whether the record that a comment belongs to has the word in its title."""
    return "/" in row.row.id and word in {content(one) for piece in row.context.split() for one in parts(piece)}


def only_planned(claim: Claim) -> str:
    """ "The demo went well", where the demo is what a record has as its next step."""
    for clause in claim.clauses:
        inside = [t for t in claim.reading.tokens if clause.start <= t.start < clause.end]
        words = lows(inside)
        at = next((n for n, word in enumerate(words) if word in _WENT or _is_over(words, n)), 0)
        if not at or not claim.plainly(clause.start):
            continue
        subject = next((content(word) for word in words[:at] if content(word)), "")
        uses = [planned for row in claim.told for planned in _planned(subject, row)] if subject else []
        if uses and all(uses):
            return f"the cited rows have that as a next step ({words[at]}): say that it is planned"
    return ""


def _is_over(words: Sequence[str], at: int) -> bool:
    return words[at] in _HAS | _WAS and _participle(words, at + 1) > 0


def _planned(word: str, row: Source) -> Iterator[bool]:
    found = row.reading.tokens
    return (is_planned(found, at) for at, token in enumerate(found) if content(token.text.lower()) == word)


def not_in_any(claim: Claim) -> str:
    """ "The retries lose orders", where no cited row has anything lost: what befalls somebody must be in a row."""
    for said in sentences(claim.reading.tokens) if claim.kind != "derived" else ():
        words = lows(said)
        for at, word in enumerate(words):
            if word not in _BEFALLS or not at or words[at - 1] in _NOUNS or not claim.plainly(said[at].start):
                continue
            if not content(words[at - 1]) or words[at + 1 : at + 2] == ["of"]:
                continue
            own = stem(word)
            also = _ALSO.get(own, frozenset[str]())
            if not any(held(own, row.stems) or not also.isdisjoint(row.lows) for row in claim.told):
                return f"no cited row says that anything “{word}”: cite the row that does, or leave it out"
    return ""


def _subject(event: Event) -> list[str]:
    """The stems of what it is said of, where that is no person: the words before the verb, up to a pause."""
    if event.subject:
        return []
    words = lows(event.said[: event.at])
    start = max((n + 1 for n, word in enumerate(words) if word in _SPLITS), default=0)
    if not (CUSTOMER | STAFF).isdisjoint(words[start:]):
        return []
    named = (word for word in words[start:] if not any(letter.isdigit() for letter in word))
    found = (content(part) for word in named for part in parts(word))
    return [own for own in found if own and own not in frame_stems()]


def _speaks_of(subject: Sequence[str], row: Source, at: int) -> bool:
    """Whether the sentence around a word, the one before it, or the record's title names any of the subject."""
    found = row.reading.tokens
    stops = [n for n, token in enumerate(found) if token.text in ENDS]
    before = [n for n in stops if n < at]
    start = before[-2] + 1 if len(before) > 1 else 0
    end = next((n for n in stops if n > at), len(found))
    near = stems(found[start:end]) | {content(one) for piece in row.context.split() for one in parts(piece)}
    return any(held(one, near) for one in subject)


def is_planned(found: Sequence[Token], at: int) -> bool:
    """Whether a word stands in what a record names as the next step."""
    for n in range(at - 1, 1, -1):
        if found[n].kind == "line":
            return False
        if found[n].text == ":" and tuple(lows(found[n - 2 : n + 1])) == _PLAN:
            return True
    return False


def _objects(claim: Claim, event: Event) -> list[str]:
    """The stem of what was given, taken or made; of "the call has taken place", those of what took place."""
    words = lows(event.said)
    if "back" in words[event.at + 1 :]:  # "took it back"
        return []
    if words[event.at + 1 : event.at + 2] == ["place"]:
        subject = (content(word) for word in words[: event.at])
        return [one for one in subject if one and one not in frame_stems()][:2]
    thing = _object(claim, event)
    return [thing] if thing else []


def _object(claim: Claim, event: Event) -> str:
    """The first word of meaning after the verb that is no name."""
    named = [(name.start, name.end) for name in claim.names]
    vague = ""
    for number, token in enumerate(event.said[event.at + 1 :]):
        if token.text in ",;:(":
            return vague
        inside = any(start <= token.start < end for start, end in named)
        if inside or token.kind != "word" or token.text.lower() in _ARTICLES:
            continue
        if _is_participle(token.text.lower()):
            if number == 0:
                return ""  # "got stuck"
            continue
        word = content(token.text.lower())
        if word and word not in frame_stems():
            return word
        if event.said[event.at].text.lower() in ("received", "got"):
            vague = vague or word
    return vague
