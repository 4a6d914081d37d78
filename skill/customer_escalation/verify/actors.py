"""Who a statement says said it: "customer states", "Rasmus Dahl asked", "according to the engineer"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.sources import Source, plain, stands
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.words import stem

CUSTOMER = frozenset("customer customers client clients user users requester reporter reporters".split())
STAFF = frozenset(
    "engineer engineers engineering developer developers support agent agents staff team vendor we maintainer maintainers".split()
)
SPEAKS = frozenset(
    map(
        stem,
        "say says said state states stated report reports reported claim claims write writes wrote ask asks asked confirm confirms "
        "confirmed promise promises promised announce announces announced explain explains explained mention mentions mentioned "
        "tell tells told expect expects expected demand demands request requests requested complain complains add adds describe "
        "describes described suspect suspects suspected believe believes believed think thinks thought answer answers answered "
        "reply replies replied note notes noted propose proposes proposed suggest suggests suggested warn warns warned "
        "threaten threatens threatened insist insists want wants wanted call calls called deny denies denied acknowledge "
        "acknowledges acknowledged observe observes observed send sends sent".split(),
    )
)
_SKIPPED = frozenset(
    "also has had have been is was then again now already himself herself itself themselves both explicitly publicly internally "
    "later first still only just since does did do not never the a an".split()
)


class Speaker(NamedTuple):
    """Who speaks, from where in the statement on: a role ("customer", "staff") or a name."""

    role: str
    name: str
    start: int


def speakers(found: Sequence[Token]) -> list[Speaker]:
    """Everybody who is said to say something, in order."""
    spoken: list[Speaker] = []
    for number, token in enumerate(found):
        if token.kind != "word" or stem(token.text.lower()) not in SPEAKS:
            continue
        speaker = _subject(found, number)
        if speaker is not None:
            spoken.append(speaker)
    return spoken


def _subject(found: Sequence[Token], verb: int) -> Speaker | None:
    """The role or name right before a verb of saying."""
    at = verb - 1
    while at >= 0 and verb - at <= 4 and found[at].text.lower() in _SKIPPED:
        at -= 1
    if at < 0 or verb - at > 5:
        return None
    if found[at].text == ")":
        while at > 0 and found[at].text != "(":
            at -= 1
        at -= 1
        if at < 0:
            return None
    token = found[at]
    low = token.text.lower()
    if token.kind == "word" and low in CUSTOMER:
        return Speaker("customer", "", token.start)
    if token.kind == "word" and low in STAFF:
        return Speaker("staff", "", token.start)
    if (
        token.kind not in ("word", "chunk")
        or not token.text[0].isupper()
        or low in ("i", "it", "this", "that", "ticket")
    ):
        return None
    first = at
    while first > 0 and found[first - 1].kind in ("word", "chunk") and found[first - 1].text[0].isupper():
        if found[first].start - found[first - 1].end != 1:
            break
        first -= 1
    return Speaker("", " ".join(part.text for part in found[first : at + 1]), found[first].start)


def rows_by(speaker: Speaker, rows: Sequence[Source]) -> list[Source]:
    """The cited rows in which this speaker speaks."""
    if speaker.role == "customer":
        return [row for row in rows if row.role in ("customer", "typed")]
    if speaker.role == "staff":
        return [row for row in rows if row.role == "staff"]
    name = plain(speaker.name)
    own = [row for row in rows if row.row.author is not None and stands(name, plain(row.row.author.name))]
    if own:
        return own
    theirs = [row for row in rows if row.role == "customer" and stands(name, row.blob)]
    return theirs or [row for row in rows if _quotes(name, row)]


def _quotes(name: str, row: Source) -> bool:
    """Whether the row itself tells what this person said or did."""
    return stands(name, plain(row.whole))


def without_speakers(stated: Sequence[Clause], spoken: Sequence[Speaker]) -> list[Clause]:
    """The clauses without the names of those who speak in them: what is compared is what they say."""
    spans = [(speaker.start, speaker.start + len(speaker.name)) for speaker in spoken if speaker.name]
    if not spans:
        return list(stated)
    return [
        clause._replace(words=tuple(w for w in clause.words if not any(start <= w.start < end for start, end in spans)))
        for clause in stated
    ]
