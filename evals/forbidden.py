"""Whether a brief asserts a forbidden sentence, as far as that can be told without a model.

A line asserts what it says in its own voice: not what stands between quotation marks, not what it reports somebody to
have said, not a hypothesis, not the title or the issue as typed. A line asserts a forbidden sentence when it has nearly
all of its words (by stem), all of its names and figures, and both affirm or both deny. So a sentence in other words is
not seen: this finds too little and never too much, and the judge is asked for the rest.
"""

from __future__ import annotations

import re

from customer_escalation.brief import Result
from customer_escalation.claims import claims
from customer_escalation.language import sentences, terms
from customer_escalation.verify.quotation import is_quotation, is_title

NEARLY_ALL, ENOUGH = 0.75, 2
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’|'[^']{3,}'(?!\w)")
DENIES = re.compile(
    r"\b(?:no|not|none|nobody|never|neither|nor|without|unknown|un(?:clear|proven|confirmed))\b|n't\b", re.I
)
EXACT = re.compile(
    r"\d[\d.,:]*|(?<=[a-z,] )[A-Z][\w&-]+|\b(?i:all|only|other|more|every|several|two|three|four|five)\b"
)
ASSERTING = {"observed", "derived", "absence"}
OTHERS = ("reasons", "next_steps", "brief.supporting", "handling.articles", "brief.needed")


def asserted(result: Result) -> list[str]:
    """The sentences that the brief says in its own voice."""
    found: list[str] = []
    for claim in claims(result):
        statement = claim.statement
        quoted = is_quotation(statement, result.evidence) or is_title(statement, result.evidence)
        if statement.kind in ASSERTING and not claim.path.startswith(OTHERS) and not quoted:
            found += sentences(QUOTED.sub("…", statement.text))
    return found


def asserts(line: str, forbidden: str) -> bool:
    """Whether the line says the forbidden sentence."""
    wanted = {term for term in terms(forbidden) if not term[0].isdigit()}
    if len(wanted) < ENOUGH or bool(DENIES.search(line)) != bool(DENIES.search(forbidden)):
        return False
    exact = {found.strip(".,:") for found in EXACT.findall(forbidden)}
    return len(wanted & terms(line)) >= NEARLY_ALL * len(wanted) and all(_stands(each, line) for each in exact)


def _stands(word: str, line: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line, re.IGNORECASE) is not None
