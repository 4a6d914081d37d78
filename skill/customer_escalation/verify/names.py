"""Proper names and quotations: who and what a statement names, and the words it puts in somebody's mouth."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from customer_escalation.verify import moments
from customer_escalation.verify import quantities as q
from customer_escalation.verify.clauses import Clause, Word
from customer_escalation.verify.everyday import is_everyday
from customer_escalation.verify.sources import Source, plain, stands
from customer_escalation.verify.tokens import Token
from customer_escalation.verify.vocabulary import listed
from customer_escalation.verify.words import FRAME, STOP, is_verb_form

# Written with a capital without naming anybody: units, abbreviations, the template's own labels.
NEUTRAL = listed(
    """
    i utc gmt cet cest api apis sla slas arr crm csm eta faq id ids url urls pr prs ok kb ui ux it qa http https
    ssl tls vpn l1 l2 l3 am pm mb gb tb tbd n/a asap vs eod eow hq us eu uk r&d ceo cto coo cfo vp svp evp md dr
    mr mrs ms prof ci p support engineering product security leadership customer customers account issue ticket
    tickets tracker chat engineer agent staff escalation severity impact deadline revenue hypothesis expected
    actual environment observed derived unknown yes no not never only none all both       roi
    nps mrr
    """
)
_PREFIXES = listed(
    """
    pre non re multi sub co anti post semi un in prod sso api mid self half inter intra mini micro super hyper ultra
    cross ex ever
    """
)
_BEFORE_NOUNS = listed("a an the this that these those his her its our their your any every each all more")
_VERBAL = re.compile(r"[a-z]{3,}(?:ing|i[sz]e|ify)")
_OPENERS = frozenset(".!?:;—–-•*\"'“”‘’(«[`|>→/")
_QUOTED = re.compile(
    r"“([^”\n]{1,600})”|\"([^\"\n]{1,600})\"|`([^`\n]{1,600})`|«([^»\n]{1,600})»|„([^“”\n]{1,600})[“”]"
    r"|(?<![\w’'])‘([^\n’]{1,400}(?:’\w[^\n’]{0,400}){0,20})’(?!\w)|(?<![\w’'])'(?=\S)((?:[^'\n]|'(?=\w)){1,400}?)(?<=\S)'(?!\w)"
)
_ELLIPSIS = re.compile(r"\s*(?:\[?(?:…|\.\.\.)\]?)\s*")
_EDGES = " .,;:!?'()[]"


class Quote(NamedTuple):
    """A quoted passage: what stands between the marks, and where."""

    text: str
    start: int
    end: int


class Name(NamedTuple):
    """A run of capitalised words, without those that only open a sentence."""

    words: tuple[str, ...]
    start: int = 0
    end: int = 0

    @property
    def text(self) -> str:
        """The name as written."""
        return " ".join(self.words)


def quotes(text: str) -> list[Quote]:
    """Every quoted passage of a statement."""
    found: list[Quote] = []
    for match in _QUOTED.finditer(text):
        inner = next(group for group in match.groups() if group is not None)
        if any(letter.isalnum() for letter in inner):
            found.append(Quote(inner, match.start(), match.end()))
    return found


def without(text: str, spans: Sequence[Quote]) -> str:
    """The text with its quotations blanked; a full stop keeps the words around one apart."""
    pieces: list[str] = []
    at = 0
    for span in spans:
        pieces += [text[at : span.start], '"', " " * (span.end - span.start - 2), '"']
        at = span.end
    return "".join([*pieces, text[at:]])


def quoted_in(quote: str, rows: Sequence[Source]) -> bool:
    """Whether one row says these words in this order; an ellipsis may leave words out."""
    wanted = [piece.strip(_EDGES) for piece in _ELLIPSIS.split(plain(quote))]
    wanted = [piece for piece in wanted if piece]
    return any(_in_order(wanted, row.said) or _in_order(wanted, row.blob) for row in rows)


def _in_order(pieces: Sequence[str], text: str) -> bool:
    at = 0
    for piece in pieces:
        found = text.find(piece, at)
        while found >= 0 and not stands(piece, text[max(0, found - 2) : found + len(piece) + 2]):
            found = text.find(piece, found + 1)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def names(found: Sequence[Token]) -> Iterator[Name]:
    """The proper names among the tokens of a statement (quotations blanked)."""
    run: list[Token] = []
    last: Token | None = None
    for number, token in enumerate(found):
        capital = token.kind in ("word", "chunk") and token.text[0].isupper() and not _is_calendar(token.text)
        if run and (not capital or token.start - run[-1].end != 1 or run[-1].text[-2:] in ("'s", "’s")):
            yield from _named(run)
            run = []
        if capital and not any(letter.isdigit() for letter in token.text):
            opens = last is None or last.kind == "line" or last.text in _OPENERS
            after = found[number + 1].text.lower() if number + 1 < len(found) else ""
            if run or not opens or not _opens_a_sentence(_bare(token.text), after):
                run.append(token)
        last = token
    yield from _named(run)


def _bare(word: str) -> str:
    return word.removesuffix("'s").removesuffix("’s")


def marked(stated: Sequence[Clause], spans: Sequence[tuple[int, int]]) -> list[Clause]:
    """The clauses with the words of names and dates marked, which are looked up on their own."""
    covered = sorted(spans)
    return [clause._replace(words=tuple(_mark(word, covered) for word in clause.words)) for clause in stated]


def is_acronym(name: Name) -> bool:
    """Whether a name is a mere abbreviation: "CSV", "PDFs"."""
    return all(word.rstrip("s").isupper() for word in name.words)


def _mark(word: Word, spans: Sequence[tuple[int, int]]) -> Word:
    at = bisect_right(spans, (word.start, 1 << 60)) - 1
    return word._replace(named=True) if at >= 0 and word.start < spans[at][1] else word


def compounds(found: Sequence[Token]) -> Iterator[str]:
    """Hyphenated lower-case names ("acme-eu-prod"): those whose pieces are not all ordinary words."""
    for token in found:
        if token.kind == "chunk" and "-" in token.text and token.text.replace("-", "").isalpha():
            pieces = token.text.lower().split("-")
            if not all(
                piece in _PREFIXES or piece in STOP or piece in FRAME or piece in q.WORDS or is_everyday(piece)
                for piece in pieces
            ):
                yield token.text


def _named(run: Sequence[Token]) -> Iterator[Name]:
    kept = list(run)
    while kept and _bare(kept[0].text).lower() in NEUTRAL:
        kept.pop(0)
    while kept and _bare(kept[-1].text).lower() in NEUTRAL:
        kept.pop()
    if kept:
        yield Name(tuple(_bare(token.text) for token in kept), kept[0].start, kept[-1].end)


def compound_in(word: str, rows: Sequence[Source]) -> bool:
    """Whether a hyphenated name stands in a row, in one piece or in its pieces one after the other."""
    wanted = plain(word)
    return any(
        stands(form, row.blob) for form in (wanted, wanted.replace("-", " "), wanted.replace("-", "")) for row in rows
    )


def _is_calendar(word: str) -> bool:
    low = word.lower().removesuffix("'s").removesuffix("’s")
    return low in moments.MONTHS or low in moments.WEEKDAYS or word in q.CURRENCIES


def _opens_a_sentence(word: str, after: str) -> bool:
    """Whether the word, at the start of a sentence and before another, is an ordinary one and names nobody."""
    low = word.lower().replace("’", "'")
    if low in STOP or low in FRAME or low in NEUTRAL or low in q.WORDS or is_verb_form(low):
        return True
    if _VERBAL.fullmatch(low) and (after in _BEFORE_NOUNS or after in q.WORDS):
        return True
    pieces = [piece for piece in re.split(r"[-']", low) if piece]
    return all(is_everyday(piece) or piece in STOP or piece in FRAME for piece in pieces)


def named_in(name: Name, rows: Sequence[Source]) -> bool:
    """Whether the rows hold the name as one piece, or in pieces that stand for themselves."""
    words = [plain(word) for word in name.words]
    if any(stands(" ".join(words), row.blob) for row in rows):
        return True
    pieces = _pieces(words, rows)
    if not pieces:
        return False
    return len(pieces) == 1 or any(len(piece.split()) > 1 for piece in pieces) or all(map(_stands_alone, pieces[:-1]))


def _pieces(words: Sequence[str], rows: Sequence[Source]) -> list[str]:
    """The longest pieces of the name that the rows hold, or none where a word is in no row."""
    pieces: list[str] = []
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + 6), at, -1):
            piece = " ".join(words[at:end])
            if any(stands(form, row.blob) for form in _singular(piece) for row in rows):
                pieces.append(piece)
                at = end
                break
        else:
            if words[at] not in NEUTRAL:
                return []
            at += 1
    return pieces


def _singular(word: str) -> tuple[str, ...]:
    if not word.endswith("s") or len(word) <= 3:
        return (word,)
    return (word, word[:-1], word[:-2]) if word.endswith(("xes", "ches", "shes", "sses")) else (word, word[:-1])


def _stands_alone(piece: str) -> bool:
    """A word that may stand beside a name without being part of it: a title, an everyday word."""
    return piece in NEUTRAL or is_everyday(piece)
