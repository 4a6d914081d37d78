"""What a model has proposed so far: the sentences that passed are kept, mended ones take the places of the refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from customer_escalation.brief import Dissent, Result
from customer_escalation.dissent import read_dissent
from customer_escalation.sentences import Unreadable, read_list, slot_of
from customer_escalation.submit import SENTENCES, WHOLE, Refusal, submit
from customer_escalation.verify import Verifier, verify

REPAIRS = 2
LISTED = 6
NO_LIST = "no list of sentences"


class _Proposed(Struct, eq=False):
    """A sentence as it was sent, and why it is out, if it is."""

    item: object
    reasons: tuple[str, ...] = ()


class Proposal:
    """One model's proposals for one draft."""

    def __init__(self, draft: Result) -> None:
        self._draft = draft
        self._sentences: list[_Proposed] = []
        self._dissent: dict[str, Dissent] = {}
        self._refused_dissent: list[str] = []
        self._unread = 0
        self._nonsense = 0
        self.attempts = 0
        self.result = draft

    @property
    def accepted(self) -> int:
        """How many of its sentences are in."""
        return sum(not each.reasons for each in self._sentences) + len(self._dissent)

    @property
    def written(self) -> bool:
        """Whether the brief is its work: a sentence of it is in, or it read the draft and wanted no other."""
        return bool(self.accepted) or (self.attempts > 0 and not self.left_out())

    def offer(self, read: Result, proposals: object) -> list[str]:
        """Put these proposals into the draft, with the evidence read by now; gives the refusals, a line each."""
        self.attempts += 1
        self._draft = replace(self._draft, evidence=read.evidence)
        given = cast("Mapping[str, object]", proposals if isinstance(proposals, Mapping) else {"sentences": proposals})
        try:
            items = list(read_list(given.get("sentences", ())))
        except Unreadable as error:
            self._nonsense += 1
            return [f"sentences: {error}"]
        self._nonsense = 0  # mended
        self._merge(items[:SENTENCES])
        self._unread = max(len(items) - SENTENCES, 0) + max(len(self._sentences) - SENTENCES, 0)
        self._sentences = self._sentences[:SENTENCES]
        submission = submit(self._draft, [each.item for each in self._sentences])
        self._take(submission.refused)
        self.result = submission.result
        return [*self._over(len(items)), *self._lines(submission.refused), *self._disagree(given.get("dissent", ()))]

    def _merge(self, items: list[object]) -> None:
        """First all; later the mended ones, in order, at the places of the refused ones of their slot."""
        gaps = [each for each in self._sentences if each.reasons and not _waits(each)]
        kept = [each.item for each in self._sentences if each not in gaps]
        for item in items:
            if item in kept:
                continue
            gap = next((each for each in gaps if slot_of(each.item) == slot_of(item)), None)
            if gap is None:
                self._sentences.append(_Proposed(item))
            else:
                gaps.remove(gap)
                gap.item, gap.reasons = item, ()
        self._sentences = [each for each in self._sentences if each not in gaps]

    def _take(self, refused: tuple[Refusal, ...]) -> None:
        for each in self._sentences:
            each.reasons = ()
        for refusal in refused:
            if 0 < refusal.number <= len(self._sentences):
                self._sentences[refusal.number - 1].reasons = refusal.reasons

    def _over(self, sent: int) -> list[str]:
        return [f"sentences: only the first {SENTENCES} of {sent} were read"] if self._unread else []

    def _lines(self, refused: tuple[Refusal, ...]) -> list[str]:
        """The refusals that can be mended; a good sentence that only waits for its neighbours is not one of them."""
        said = [each for each in refused if not each.reasons[0].startswith(WHOLE)]
        lines = [f"{each.slot or 'sentences'} “{each.text[:60]}”: {'; '.join(each.reasons)}" for each in said]
        return lines or [f"description: {each.reasons[0]}" for each in refused[:1]]

    def _disagree(self, proposals: object) -> list[str]:
        """Check the dissents; each is a claim like every other line."""
        refused: list[str] = []
        verifier = Verifier(self.result.evidence, self.result.now)
        try:
            items = read_list(proposals or ())
        except Unreadable:
            self._refused_dissent = ["dissent: must be a list"]
            return self._refused_dissent
        for item in items[:LISTED]:
            try:
                dissent = read_dissent(item, self.result)
            except Unreadable as error:
                refused.append(f"dissent: {error}")
                continue
            if reasons := verifier.check(dissent.reason):
                refused.append(f"dissent about {dissent.about}: {'; '.join(reasons)}")
            else:
                self._dissent.setdefault(dissent.about, dissent)
        self._refused_dissent = refused
        dissents = tuple(self._dissent.values())
        if dissents != self.result.dissent:
            self.result = replace(self.result, dissent=dissents)
            self.result = replace(self.result, verification=verify(self.result))
        return refused

    def left_out(self) -> dict[str, int]:
        """How many sentences stay out in the end, by slot; their words are not repeated."""
        slots = [slot_of(each.item) or "no slot" for each in self._sentences if each.reasons]
        unread = {"not read": self._unread, NO_LIST: self._nonsense}
        out = {**Counter([*slots, *("dissent" for _ in self._refused_dissent)]), **unread}
        return {slot: count for slot, count in out.items() if count}


def _waits(each: _Proposed) -> bool:
    """Whether it is out only because the description lacks other sentences."""
    return bool(each.reasons) and each.reasons[0].startswith(WHOLE)
