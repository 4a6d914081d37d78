"""The other of two: the start for the end, the part for the whole, one half of a pair told of the other half."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from customer_escalation.verify.claim import PAUSES, Claim, held, lows, row_sentences, sentences, stems, up_to
from customer_escalation.verify.clauses import Clause
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.meaning import weighty
from customer_escalation.verify.moments import date_agrees
from customer_escalation.verify.sources import Source, plain, stands, worked_out
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import STOP, alike, content

_STARTS = listed("starts started begins began opens opened")
_ENDS = listed("ends ended expires expired closes closed finishes finished stops stopped")
_ALL = listed("every all each always whole entire any")
_PART = listed("half some most many few several part partly sometimes often usually mostly rarely nearly almost")
_WHOLE = listed("all every each both always whole entire any none no")
_CONDITIONS = listed("if unless where when")
_DENY_THINGS = frozenset(("no", "none", "without"))
_DENIES = listed("not no never cannot can't doesn't don't isn't aren't off without nobody nothing none unless only")
_SIDES = {"before": "after", "after": "before"}
_FIRST = listed("first before beforehand")
_ARTICLES = listed("the a an its his her their our its this that these those and or but while whereas so then also")
_QUALITIES = listed(
    "normal abnormal slow fast quick high low good bad empty full healthy clean stable unstable partial"
)
_PLAIN = listed("empty full healthy unstable partial abnormal")
_COMPARED = {
    "faster": listed("fast quick quicker quickly sooner rapid speed speeds improved better"),
    "quicker": listed("fast faster quick quickly sooner rapid speed improved better"),
    "slower": listed("slow slows slowly slowed longer latency crawl worse s ms"),
}


def other_end(claim: Claim) -> str:
    """ "The freeze ends on 23 November", where it starts on that day."""
    for clause in claim.clauses:
        said = _lows(claim, clause)
        starts, ends = not said.isdisjoint(_STARTS), not said.isdisjoint(_ENDS)
        days = [fact for fact in _facts(claim, clause) if fact.kind == "moment" and fact.moments[0].day]
        if starts == ends or not days or clause.denies or claim.kind == "derived":
            continue
        own, other = (_STARTS, _ENDS) if starts else (_ENDS, _STARTS)
        told = [set(lows(inside)) for row, inside in row_sentences(claim.told) if _holds(days[0], row, inside)]
        if told and all(words.isdisjoint(own) for words in told) and any(not words.isdisjoint(other) for words in told):
            return f"the cited rows have the other end of it on {days[0].text}"
    return ""


def other_day(claim: Claim) -> str:
    """ "Complete since 13 November", where the rows say complete of another day, and something else of this one."""
    for clause in claim.clauses:
        days = [fact for fact in _facts(claim, clause) if fact.kind == "moment" and fact.moments[0].day]
        if len(days) != 1 or clause.denies or clause.hedged or claim.kind == "derived":
            continue
        last = [word for word in weighty(clause) if word.start < days[0].start][-1:]
        for word in last:
            dated = list(_days_of(word.stem, claim.told))
            on_it = any(_on_day(days[0], one) for one in dated if one)
            apart = [one for one in dated if one and not _on_day(days[0], one)]
            if dated and all(dated) and apart and not on_it:
                return f"the cited rows say “{word.low}” of another day than {days[0].text}"
    return ""


def _days_of(word: str, rows: Sequence[Source]) -> Iterator[list[tuple[Fact, Source]]]:
    """For each clause of the rows that uses a word, the days that the clause names."""
    for row in rows:
        for clause in row.clauses:
            if any(one.stem == word for one in clause.words):
                yield [
                    (f, row)
                    for f in row.reading.facts
                    if f.kind == "moment" and f.moments[0].day and clause.start <= f.start < clause.end
                ]


def _on_day(day: Fact, dated: Sequence[tuple[Fact, Source]]) -> bool:
    return any(
        date_agrees(day.moments[0], known) for fact, row in dated for known in worked_out(fact.moments[0], row.row.at)
    )


def _facts(claim: Claim, clause: Clause) -> list[Fact]:
    return [fact for fact in claim.reading.facts if clause.start <= fact.start < clause.end]


def _lows(claim: Claim, clause: Clause) -> set[str]:
    return set(lows(t for t in claim.reading.tokens if clause.start <= t.start < clause.end))


def _holds(day: Fact, row: Source, inside: Sequence[Token]) -> bool:
    """Whether a sentence of a row names a day."""
    dated = [
        (fact, row)
        for fact in row.reading.facts
        if fact.kind == "moment" and fact.moments[0].day and inside[0].start <= fact.start < inside[-1].end
    ]
    return _on_day(day, dated)


def part_of(claim: Claim) -> str:
    """ "Every retry succeeds", where about half of them do."""
    for said in sentences(claim.reading.tokens):
        words = lows(said)
        for at, word in enumerate(words[:-1]):
            noun = next((content(one) for one in words[at + 1 : at + 4] if content(one)), "")
            if word not in _ALL or not noun or not claim.plainly(said[at].start):
                continue
            told = [lows(up) for up in _around(noun, claim.told)]
            if any(not _WHOLE.isdisjoint(near) for near in told):
                continue
            if any(not _PART.isdisjoint(near) for near in told):
                return f"the cited rows say it of a part of them, not of “{word} {words[at + 1]}”"
    return ""


def _around(noun: str, rows: Sequence[Source]) -> Iterator[list[Token]]:
    """The words right before each use of a noun in the rows."""
    for _, inside in row_sentences(rows, PAUSES):
        for at, token in enumerate(inside):
            if alike(content(token.text.lower()), noun):
                yield inside[max(0, at - 4) : at]


def denied_when(claim: Claim) -> str:
    """ "If it is enforced, an owner can sign in", where the row says under that very condition that nobody can."""
    for said in sentences(claim.reading.tokens):
        words = lows(said)
        if words[0] not in _CONDITIONS or not _DENIES.isdisjoint(words):
            continue
        end = next((n for n, word in enumerate(words) if word == ","), 0)
        condition = {one for one in stems(said[1:end]) if one}
        rest = stems(said[end:])
        if not end or not condition:
            continue
        same = [lows(inside) for _, inside in _under(condition, words[0], claim.told) if rest]
        if same and all(not _DENIES.isdisjoint(other) for other in same):
            return "the cited rows deny that under this condition: say so too"
    return ""


def _under(condition: set[str], word: str, rows: Sequence[Source]) -> Iterator[tuple[Source, list[Token]]]:
    for row, inside in row_sentences(rows):
        found = lows(inside)
        if word in found and condition <= stems(up_to(inside, found.index(word) + 1)):
            yield row, inside


def other_exception(claim: Claim) -> str:
    """ "It ends unless they renew it", where the row says "it renews unless they give notice"."""
    for said in sentences(claim.reading.tokens):
        words = lows(said)
        if "unless" not in words:
            continue
        wanted = stems(up_to(said, words.index("unless") + 1))
        for _, inside in row_sentences(claim.told):
            own = lows(inside)
            if "unless" in own and wanted:
                given = stems(up_to(inside, own.index("unless") + 1))
                main = stems(inside[: own.index("unless")])
                if wanted & (main - given) and not any(alike(a, b) for a in wanted for b in given):
                    return "the cited row makes another exception: what it says after “unless” is not this"
    return ""


def other_side(claim: Claim) -> str:
    """ "After Monday", where the rows have it before Monday."""
    for said in sentences(claim.reading.tokens, PAUSES) if claim.kind != "derived" else ():
        words = lows(said)
        for at, word in enumerate(words):
            other = _SIDES.get(word)
            near = words[max(0, at - 2) : at + 3]
            if other is None or not claim.plainly(said[at].start) or len(near) < 3:
                continue
            told = [lows(inside) for _, inside in row_sentences(claim.told, PAUSES)]
            if _stands([word], near, told) or not _stands([other], [other if w == word else w for w in near], told):
                continue
            return f"the cited rows have it {other} that, not {word}"
    return ""


def _stands(word: Sequence[str], near: Sequence[str], told: Sequence[Sequence[str]]) -> bool:
    """Whether a word stands in the rows with a neighbour of meaning that it has in the statement as well."""
    at = near.index(word[0])
    after = [one for one in near[at + 1 :] if one not in _ARTICLES]
    before = [one for one in near[:at] if one not in _ARTICLES]
    for words in told:
        for n, one in enumerate(words):
            if one != word[0]:
                continue
            own_after = [w for w in words[n + 1 : n + 4] if w not in _ARTICLES]
            own_before = [w for w in words[max(0, n - 3) : n] if w not in _ARTICLES]
            if (after and own_after[:1] == after[:1]) or (not after and before and own_before[-1:] == before[-1:]):
                return True
    return False


def other_order(claim: Claim) -> str:
    """ "The log has to come before the rework", where the row says that the rework comes first."""
    for said in sentences(claim.reading.tokens, PAUSES):
        words = lows(said)
        if words.count("before") != 1 or not claim.plainly(said[words.index("before")].start):
            continue
        at = words.index("before")
        if words[at + 1 : at + 2] == ["which"]:
            continue
        first, last = stems(said[:at]), stems(said[at + 1 :])
        for _, inside in row_sentences(claim.told):
            own = lows(inside)
            place = next((n for n, word in enumerate(own) if word in _FIRST and n), -1)
            left = {one for one in stems(inside[:place]) if place > 0}
            right = stems(inside[place + 1 :]) if place > 0 and own[place] == "before" else set[str]()
            opening = _after_because(inside, place)
            named = stems(opening) if own[place] == "first" else left
            if place > 0 and last & named and not first & named and (own[place] == "first" or first & right):
                return "the cited rows have it in the other order"
    return ""


def _after_because(inside: Sequence[Token], place: int) -> Sequence[Token]:
    """The words before "first", from the last "because" or "since" on."""
    opening = max((n for n in range(place) if inside[n].text.lower() in ("because", "since", "as", "but")), default=-1)
    return inside[opening + 1 : place]


def crossed(claim: Claim) -> str:
    """ "The sandbox has all orders and production was reset", where the rows have it the other way around."""
    told: list[list[str]] = []
    for said in sentences(claim.reading.tokens):
        halves = [half for clause in _parts_of(said) if (half := _half(clause)) is not None]
        for (one, one_says), (two, two_says) in pairwise(halves):
            if one == two or alike(content(one_says), content(two_says)):
                continue
            told = told or [part for _, row in row_sentences(claim.told, PAUSES) for part in _parts(lows(row))]
            crosswise = _told(one, two_says, told) and _told(two, one_says, told)
            if crosswise and not _told(one, one_says, told) and not _told(two, two_says, told):
                return f"what is said of “{one}” and of “{two}” stands the other way around in the cited rows"
    return ""


def _parts_of(said: Sequence[Token]) -> Iterator[list[str]]:
    words = [token.text.lower() for token in said if token.kind in ("word", "chunk", "mark")]
    yield from _parts(words)


def _parts(words: Sequence[str]) -> Iterator[list[str]]:
    """A sentence at its commas, and at an "and" that has a verb's worth of words on either side."""
    group: list[str] = []
    for at, word in enumerate(words):
        joins = word in ("and", "but", "while", "whereas") and len(group) > 2 and len(words) - at > 2
        if word in PAUSES or joins:
            if group:
                yield group
            group = []
        else:
            group.append(word)
    if group:
        yield group


def _half(words: Sequence[str]) -> tuple[str, str] | None:
    """The subject of a short clause and the word it ends with."""
    own = [word for word in words if word not in _ARTICLES]
    return (own[0], own[-1]) if 1 < len(own) <= 8 and own[0] not in STOP else None


def _told(subject: str, says: str, told: Sequence[Sequence[str]]) -> bool:
    return any(_in(subject, words) and _in(says, words) for words in told)


def _in(word: str, words: Sequence[str]) -> bool:
    own = content(word)
    return word in words or any(own and own == content(one) for one in words)


def denied_thing(claim: Claim) -> str:
    """ "With a saved view active", where the rows say "no saved view" and "saved view: none"."""
    if all(_DENY_THINGS.isdisjoint(row.lows) for row in claim.told):
        return ""
    for said in sentences(claim.reading.tokens, PAUSES):
        words = lows(said)
        for at, (one, two) in enumerate(pairwise(words)):
            if not content(one) or not content(two) or not claim.plainly(said[at].start):
                continue
            if not _DENIES.isdisjoint(words[max(0, at - 3) : at]):
                continue
            uses = [n for row in claim.told for n in _uses(content(one), content(two), lows(row.reading.tokens))]
            if uses and all(uses):
                return f"the cited rows say that there is no “{one} {two}”"
    return ""


def _uses(one: str, two: str, words: Sequence[str]) -> Iterator[bool]:
    """For each place where a row has the two words side by side, whether it says that there is none."""
    for at in range(len(words) - 1):
        if content(words[at]) == one and content(words[at + 1]) == two:
            after = words[at + 2 : at + 4]
            yield (
                words[at - 1 : at] == ["no"]
                or words[at - 1 : at] == ["without"]
                or after in ([":", "none"], [":", "no"])
            )


def other_quality(claim: Claim) -> str:
    """ "Slow response times", where the rows call them normal; "made it faster", where no row speaks of speed."""
    for said in sentences(claim.reading.tokens, PAUSES) if claim.kind != "derived" else ():
        words = lows(said)
        for at, word in enumerate(words):
            if not claim.plainly(said[at].start):
                continue
            if word in _COMPARED and words[at - 1 : at] not in (["any"], ["no"]):
                own = _COMPARED[word]
                if not any(word in row.lows or not own.isdisjoint(row.lows) for row in claim.told):
                    return f"no cited row says that anything is “{word}”"
            if word in _PLAIN and not any(held(content(word), row.stems) for row in claim.told):
                return f"no cited row calls anything “{word}”"
            noun = content(words[at + 1]) if word in _QUALITIES and at + 1 < len(words) else ""
            called = {adjective for row in claim.told for adjective in _called(noun, row)} if noun else set[str]()
            if called and word not in called:
                return f"the cited rows call it “{min(called)}”, not “{word}”"
    return ""


def _called(noun: str, row: Source) -> Iterator[str]:
    words = lows(row.reading.tokens)
    for one, two in pairwise(words):
        if one in _QUALITIES and content(two) == noun:
            yield one


def other_id(claim: Claim) -> str:
    """ "4 of 200 on the one tenant and none on the other", where the rows count them the other way around."""
    for clause in claim.clauses:
        inside = _facts(claim, clause)
        ids = [plain(fact.text) for fact in inside if fact.kind == "id"]
        pairs = [fact for fact in inside if fact.kind == "pair"]
        if len(ids) != 1 or len(pairs) != 1:
            continue
        said = tuple(one.value for one in pairs[0].quantities)
        counted = {
            tuple(one.value for one in fact.quantities)
            for row, sentence in row_sentences(claim.told)
            if stands(ids[0], plain(row.whole[sentence[0].start : sentence[-1].end]))
            for fact in row.reading.facts
            if fact.kind == "pair" and sentence[0].start <= fact.start < sentence[-1].end
        }
        if counted and said not in counted and any(one[1] == said[1] for one in counted):
            return f"the cited rows count another share for {ids[0]} than “{pairs[0].text}”"
    return ""
