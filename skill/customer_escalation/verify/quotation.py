"""Lines that are nothing but a quotation, with who says it: true as soon as whole sentences stand so in that row.

They need no other check: the words are the record's own, complete, and ascribed to whoever wrote them.
"""

from __future__ import annotations

import re
from itertools import accumulate

from customer_escalation.brief import Statement
from customer_escalation.evidence import Evidence, Ledger
from customer_escalation.language import heard, one_line, sentences, without_marks

PLAIN = re.compile(
    r"(?:(?P<who>[^“”]{1,120}?)(?: \((?P<role>\w+)\))?(?: wrote on (?P<at>\S{20}))?: )?“(?P<said>.*)”", re.DOTALL
)
TITLE = re.compile(r"(?P<about>.+?)(?: \((?P<names>[^()]*?)(?P<more> and others)?\))?", re.DOTALL)
FRAMES = {"As typed", "It says", "The record says", "Answer what was asked"}
CUT = " …"


def is_quotation(statement: Statement, ledger: Ledger) -> bool:
    """Whether the statement is one row's own sentences, said to be whose they are."""
    found = PLAIN.fullmatch(statement.text.strip())
    row = ledger.get(statement.cites[0]) if len(statement.cites) == 1 else None
    if found is None or row is None or row.origin in {"computed", "coverage"}:
        return False
    if found["at"] and (row.at is None or found["at"] != row.at.strftime("%Y-%m-%dT%H:%M:%SZ")):
        return False
    return _fits(statement.kind, row) and _speaks(found["who"], found["role"], row) and _verbatim(found["said"], row)


def is_title(statement: Statement, ledger: Ledger) -> bool:
    """Whether the title is the first cited record's own, with customers whom the cited rows name."""
    rows = [row for row in map(ledger.get, statement.cites) if row is not None]
    found = TITLE.fullmatch(statement.text.strip())
    if not rows or found is None:
        return False
    known = {str(row.fields.get("customer") or "") for row in rows} | {row.author.name for row in rows if row.author}
    about = one_line(heard(rows[0].title or rows[0].text), 160)
    for names in (found["names"], None):
        head = statement.text.strip() if names is None else found["about"]
        listed = names.split(", ") if names else []
        if head.strip("“”") == about and all(name in known for name in listed):
            return True
    return False


def _fits(kind: str, row: Evidence) -> bool:
    if row.origin in {"stated_by_customer", "stated_by_staff"}:
        return kind == row.origin
    return kind == "observed"


def _speaks(who: str | None, role: str | None, row: Evidence) -> bool:
    if who is None or (who in FRAMES and role is None):
        return True
    author = row.author
    if row.origin == "stated_by_customer" and who == "The customer":
        return role in {None, "customer"}
    if row.origin == "stated_by_staff" and who == "Our staff":
        return True
    return author is not None and who == author.name and role in {None, author.role}


def _verbatim(said: str, row: Evidence) -> bool:
    """Whole sentences of the row, one after the other; only the end may be cut, and must say so."""
    words, cut = (said.removesuffix(CUT), True) if said.endswith(CUT) else (said, False)
    if CUT in words or not words.strip():
        return False
    texts = (
        (heard(row.text), without_marks(heard(row.text))) if row.category == "knowledge_base" else (heard(row.text),)
    )
    return any(_stands(words, text, row, cut=cut) for text in texts)


def _stands(words: str, said: str, row: Evidence, *, cut: bool) -> bool:
    """Whether the words are a run of whole sentences of what was said, of the row's title or of the whole of it."""
    known = [" ".join(sentence.split()) for sentence in sentences(said)]
    starts = (at for at, first in enumerate(known) if first.startswith(words) or words.startswith(first))
    texts = (" ".join(run) for at in starts for run in accumulate([s] for s in known[at:]))
    whole = (row.title, one_line(said), one_line(row.text))
    for text in (*whole, *texts):
        if text == words or (cut and text.startswith(words) and not text[len(words) : len(words) + 1].isalnum()):
            return True
    return False
