"""Who a statement says said it: "customer states", "Rasmus Dahl asked", "according to the engineer"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from customer_escalation.verify import moments
from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.sources import Source, plain, stands
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import STOP, stem

CUSTOMER = listed(
    """
    customer customers client clients user users requester reporter reporters
    """
)
STAFF = listed(
    """
    engineer engineers engineering developer developers support agent agents staff team vendor we maintainer
    maintainers
    """
)
_SPEECH = listed(
    """
    say says said state states stated report reports reported claim claims write writes wrote ask asks asked
    confirm confirms confirmed promise promises promised announce announces announced explain explains explained
    mention mentions mentioned tell tells told expect expects expected demand demands request requests requested
    complain complains add adds describe describes described suspect suspects suspected believe believes believed
    think thinks thought answer answers answered reply replies replied note notes noted propose proposes proposed
    suggest suggests suggested warn warns warned threaten threatens threatened insist insists want wants wanted
    call calls called deny denies denied acknowledge acknowledges acknowledged observe observes observed send
    sends sent pointed
    """
)
SPEAKS = frozenset(map(stem, _SPEECH))
_SKIPPED = listed(
    """
    also has had have been is was then again now already himself herself itself themselves both explicitly
    publicly internally later first still only just since does did do not never the a an
    """
)
# Verbs by which somebody does more than say so.
_ACTS = frozenset(map(stem, ("answer", "reply", "send", "call", "confirm", "promise", "announce", "deny", "answered")))
_SUPPORT_NOUNS = frozenset(
    ("request", "requests", "report", "reports", "answer", "answers", "call", "calls", "note", "notes")
)
_DENIED = frozenset(("not", "never", "hasn't", "haven't", "didn't", "doesn't"))
_ARTICLES = frozenset(("a", "an", "the"))
_PASSIVE = frozenset(("was", "were", "been", "be", "is", "are", "being"))


_BY = frozenset(("by", "in", "on", "from"))
_ACCOUNTS = frozenset(("account", "view", "words", "telling"))


class Speaker(NamedTuple):
    """Who speaks and where: a role ("customer", "staff") or a name; `verb` is where the verb of saying stands."""

    role: str
    name: str
    start: int
    verb: int = 0
    acts: bool = False


def speakers(found: Sequence[Token]) -> list[Speaker]:
    """Everybody who is said to say something, in order."""
    spoken: list[Speaker] = []
    for number, token in enumerate(found):
        label = _label(found, number) or _by_account(found, number)
        if label is not None:
            spoken.append(label)
        low = token.text.lower()
        if token.kind != "word" or low in STOP or stem(low) not in SPEAKS:
            continue
        if number and found[number - 1].text.lower() in _PASSIVE | _DENIED | _ARTICLES:
            continue
        if low.startswith("point") and (number + 1 == len(found) or found[number + 1].text.lower() != "out"):
            continue
        if number and found[number - 1].text.lower() == "support" and token.text.lower() in _SUPPORT_NOUNS:
            continue
        speaker = _subject(found, number) or _according(found, number)
        if speaker is not None:
            spoken.append(speaker._replace(verb=token.start, acts=stem(token.text.lower()) in _ACTS))
    return spoken


def _by_account(found: Sequence[Token], at: int) -> Speaker | None:
    """ "By Kevin Doyle's account, ...": the name before one of those words, in the possessive."""
    if at < 2 or found[at].text.lower() not in _ACCOUNTS or not found[at - 1].text.endswith(("'s", "’s")):
        return None
    speaker = _subject(found, at)
    opening = next((n for n in range(at - 1, -1, -1) if speaker and found[n].start == speaker.start), 0)
    if speaker is None or opening == 0 or found[opening - 1].text.lower() not in _BY:
        return None
    name = speaker.name.removesuffix("'s").removesuffix("’s")
    return speaker._replace(name=name, verb=found[at].start)


def _label(found: Sequence[Token], at: int) -> Speaker | None:
    """ "Kevin Doyle (customer): ..."; the role must be that person's."""
    inside = [token.text.lower() for token in found[at : at + 4]]
    if len(inside) < 4 or inside[0] != "(" or inside[2:] != [")", ":"] or at == 0:
        return None
    role = "customer" if inside[1] in CUSTOMER else "staff" if inside[1] in STAFF else ""
    speaker = _subject(found, at) if role else None
    return speaker._replace(role=role, verb=found[at + 1].start) if speaker is not None and speaker.name else None


def _according(found: Sequence[Token], verb: int) -> Speaker | None:
    """Who stands behind the verb: "..., says Viktor Hallberg"."""
    if verb == 0 or found[verb - 1].text not in (",", "”", '"') or verb + 1 >= len(found):
        return None
    last = verb + 1
    while last + 1 < len(found) and _is_name(found[last + 1]) and found[last + 1].start - found[last].end == 1:
        last += 1
    return _subject(found, last + 1) if _is_name(found[last]) or found[last].text.lower() in CUSTOMER | STAFF else None


def _is_name(token: Token) -> bool:
    low = token.text.lower()
    return (
        token.kind in ("word", "chunk")
        and token.text[0].isupper()
        and low not in STOP
        and low not in moments.MONTHS
        and low not in moments.WEEKDAYS
        and low not in ("ticket", "engineering")
    )


def _subject(found: Sequence[Token], verb: int) -> Speaker | None:
    """The role or name right before a verb of saying; what stands between commas or brackets is passed over."""
    at = verb - 1
    while at >= 0 and verb - at <= 4 and found[at].text.lower() in _SKIPPED:
        at -= 1
    opening = {")": "(", ",": ","}.get(found[at].text) if at > 0 else None
    if opening is not None:
        at -= 1
        while at > 0 and found[at].text != opening:
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
    if not _is_name(token):
        return None
    first = at
    while first > 0 and _is_name(found[first - 1]) and found[first].start - found[first - 1].end == 1:
        first -= 1
    return Speaker("", " ".join(part.text for part in found[first : at + 1]), found[first].start)


def rows_by(speaker: Speaker, rows: Sequence[Source]) -> list[Source]:
    """The cited rows in which this speaker speaks."""
    if speaker.role and speaker.name:
        named = rows_by(speaker._replace(role=""), rows)
        return [row for row in rows_by(speaker._replace(name=""), rows) if row in named]
    if speaker.role == "customer":
        own = [row for row in rows if row.roles & {"customer", "typed"} or row.row.fields.get("customer")]
        return own or [row for row in rows if row.retells]
    if speaker.role == "staff":
        return [row for row in rows if "staff" in row.roles]
    name = plain(speaker.name)
    own = [row for row in rows if row.row.author is not None and _same_person(name, plain(row.row.author.name))]
    if own:
        return own
    theirs = [row for row in rows if "customer" in row.roles and stands(name, row.blob)]
    return theirs or [row for row in rows if stands(name, _told(row))]


def _told(row: Source) -> str:
    """What a row tells; a search tells whose threads it read as well."""
    return row.blob if row.row.origin == "coverage" else plain(row.whole)


def names_author(text: str, row: Source) -> bool:
    """Whether a text names who wrote the row, or the customer for whom that person wrote."""
    said, author = plain(text), row.row.author
    whole = [author.name] if author is not None else []
    whole += [row.context_customer] if "customer" in row.roles else []
    words = [word for name in whole for word in (name, *name.split()) if len(word) > 2]
    return any(stands(plain(word), said) and word[0].isupper() for word in words)


def _same_person(name: str, author: str) -> bool:
    """Whether the names are one person's: "Dana", "Dana Whitlock", "Calderway Dana Whitlock"."""
    return bool(author) and (stands(name, author) or stands(author, name))


def without_speakers(stated: Sequence[Clause], spoken: Sequence[Speaker]) -> list[Clause]:
    """The clauses without their "so-and-so says": what is compared is what is said."""
    verbs = {speaker.verb for speaker in spoken if not speaker.acts}
    return [_without(clause, verbs) if any(w.start in verbs for w in clause.words) else clause for clause in stated]


def _without(clause: Clause, verbs: set[int]) -> Clause:
    words = tuple(word for word in clause.words if word.start not in verbs)
    return clause._replace(words=words, stems=frozenset(word.stem for word in words if word.stem))
