"""By what a problem is known again: error codes, exception names and paths, from titles and first words of a case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from customer_escalation.brief import Result
from customer_escalation.language import heard, heard_field, signatures
from customer_escalation.watching.look import issues_of, tickets_of

CODE = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
NAMED = re.compile(r"\b(?:code|error|status|reason)\b[\"':= ]{1,6}(?P<code>[a-z][a-z0-9]*(?:_[a-z0-9]+)+)\b")
HOST = re.compile(r"/[\w-]+\.[\w.-]*/")
FIRST = 4000


def signs_of(result: Result) -> Mapping[str, str]:
    """Each sign with the first row that shows it. A bare number ("500") is one only where a title has it."""
    found: dict[str, str] = {}
    for base in (*tickets_of(result), *issues_of(result)):
        for row, sign in _of(result, base):
            found.setdefault(sign, row)
    return found


def is_specific(sign: str) -> bool:
    """Whether two reports with this sign most likely mean one fault: not an HTTP status, which does not say where."""
    return not sign.isdecimal()


def _of(result: Result, base: str) -> Iterator[tuple[str, str]]:
    about, first = result.evidence.get(base), result.evidence.get(f"{base}/1")
    if about is not None:
        title = heard_field(about.title)
        yield from ((base, sign) for sign in sorted(signatures(title)))
        yield from ((base, sign) for sign in CODE.findall(title))
    if first is not None:
        said = heard(first.text[:FIRST])
        told = sorted(sign for sign in signatures(said) if is_specific(sign) and not HOST.match(sign))
        yield from ((first.id, sign) for sign in (*told, *(match["code"] for match in NAMED.finditer(said))))
