"""The checks of one meaning each, in the order in which a reader would notice them."""

from __future__ import annotations

from collections.abc import Callable

from customer_escalation.verify import (
    addressees,
    bearers,
    contrary,
    either,
    grounds,
    happened,
    quantified,
    sequence,
    stances,
    until,
    whom,
    whose_deed,
    wished,
)
from customer_escalation.verify.claim import Claim

_ALWAYS: tuple[Callable[[Claim], str], ...] = (grounds.elsewhere,)
_TOLD: tuple[Callable[[Claim], str], ...] = (
    sequence.earlier_or_later,
    until.other_end,
    until.too_late,
    either.one_of_two,
    bearers.other_bearer,
    bearers.other_onset,
    grounds.forbidden,
    grounds.withdrawn,
    grounds.taken_for,
    grounds.compelled,
    grounds.concluded,
    quantified.too_many,
    quantified.not_each,
    quantified.how_far,
    whom.denied_of,
    whom.not_own,
    whom.not_in_message,
    whom.holds_role,
    wished.not_wanted,
    wished.not_enough,
    happened.unheard_of,
    happened.only_planned,
    happened.not_in_any,
    addressees.untold,
    stances.not_taken,
    contrary.other_end,
    contrary.other_day,
    contrary.part_of,
    contrary.denied_when,
    contrary.other_exception,
    contrary.other_order,
    contrary.other_side,
    contrary.crossed,
    contrary.other_id,
    contrary.denied_thing,
    contrary.other_quality,
    whose_deed.allowed_to_another,
    whose_deed.done_by_another,
    whose_deed.other_thing,
    whose_deed.not_undone,
    whose_deed.not_sent,
    whose_deed.not_passive,
)


def wrong(claim: Claim) -> list[str]:
    """The first reason why a statement says something else than its rows; none where there is none."""
    checks = _ALWAYS if claim.kind in ("absence", "hypothesis") else (*_ALWAYS, *_TOLD)
    why = next((why for check in checks if (why := check(claim))), "")
    return [why] if why else []
