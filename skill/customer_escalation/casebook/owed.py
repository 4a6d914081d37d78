"""What customers are owed when a case is opened: times still to come that ours promised them on their tickets.

What was missed before stands in the brief: its insights name it, and the next update is late already.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from customer_escalation import promises
from customer_escalation.brief import Result, Severity
from customer_escalation.casebook.events import Value
from customer_escalation.casebook.sla import is_over
from customer_escalation.evidence import Evidence
from customer_escalation.language import one_line
from customer_escalation.quoting import quote
from customer_escalation.settings import Setting
from customer_escalation.watching.look import thread_of
from customer_escalation.watching.news import base_of, speakers
from customer_escalation.watching.words import is_staff, word_of


def owed(result: Result, setting: Setting, severity: Severity) -> Iterator[tuple[str, dict[str, Value]]]:
    """The words of each open promise, and what its event says."""
    early = timedelta(hours=setting.policy.cadence[severity].shortest_customer_hours)
    ours = [row for row in thread_of(result) if _is_answer(row)]
    seen = set[tuple[str, datetime]]()
    for row in ours:
        ticket, word = result.evidence.get(base_of(row)), word_of(row)
        sentence = word.told.get("promise", "")
        due = promises.due(sentence, row.at, setting.profile.timezone) if sentence and row.at else None
        if due is None or due <= result.now or row.at is None or ticket is None or is_over(ticket):
            continue
        of_update = promises.is_of_update(sentence)
        later = [each.at for each in ours if base_of(each) == ticket.id and each.at is not None and each.at > row.at]
        if of_update and any(at >= due - early for at in later):
            continue
        for name in speakers(row, result):
            if (name, due) not in seen:
                seen.add((name, due))
                text = quote(row, sentence or one_line(row.text)).text
                yield (
                    text,
                    {
                        "to": name,
                        "due_at": due.isoformat(),
                        "of": "update" if of_update else "deed",
                        "said_at": row.at.isoformat(),
                        "cites": [row.id],
                    },
                )


def _is_answer(row: Evidence) -> bool:
    """Whether it is a public word of ours to a customer."""
    return is_staff(row) and row.public and row.category == "support_platform" and not word_of(row).automatic
