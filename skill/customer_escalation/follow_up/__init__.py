"""Follow-through in plain functions, shared by the server and the command line, with the same words in both.

Each takes an `Office` (who asks, of which cases, when) and gives a compact dict of plain values, or raises.

    listing.cases     the cases, newest first            showing.show        one case: state, clocks, proposals, trail
    updating.update   what happened to a case            proposing.proposed  a write, kept for a person to approve
    approving.*       show, approve, decline, edit       dueing.due          what is due, with the drafted text
    ending.*          de-escalate, close                 by_hand.*           the same as command lines
"""

from __future__ import annotations

from customer_escalation.follow_up.office import Office

__all__ = ["Office"]
