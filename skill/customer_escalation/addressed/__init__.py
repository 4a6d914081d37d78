"""What in a text is addressed to an automated reader: it is kept as evidence, and never acted on or repeated.

A text is read in every way that it may be meant to be read (`readings.py`), each word as one letter of a small alphabet
of meanings (`symbols.py`, `vocabulary.py`), and rules over these letters tell an order to a machine (`rules.py`).
"""

from __future__ import annotations

from functools import lru_cache

from customer_escalation.memory import MEMORY


@lru_cache(maxsize=8192)
def heard(text: str) -> str:
    """The text without what is addressed to an automated reader; such words are evidence, and never acted on.

    From the first sentence of such an order to the end of its line, and on to the lines that carry it further; the
    whole of a hidden comment or of a code block that holds one.
    """
    return str(MEMORY.recall("heard", text, _heard))


@lru_cache(maxsize=8192)
def heard_field(text: str) -> str:
    """A subject, a title or another short value without what is addressed to an automated reader.

    What stands before it is the value, also where no full stop divides the two.
    """
    return str(MEMORY.recall("field", text, _heard_field))


@lru_cache(maxsize=8192)
def heard_name(text: str) -> str:
    """A name, a status or another value of few words, as `heard_field` gives it, and without prose after a stop."""
    return str(MEMORY.recall("name", text, _heard_name))


def orders_a_machine(text: str) -> bool:
    """Whether any of the text is addressed to an automated reader."""
    return bool(MEMORY.recall("orders", text, _orders))


# What works a text out is loaded where a text is new: a warm run needs none of it.
def _heard(text: str) -> str:
    from customer_escalation.addressed.cutting import without_orders

    return without_orders(text)


def _heard_field(text: str) -> str:
    from customer_escalation.addressed.cutting import value_before_orders

    return value_before_orders(text)


def _heard_name(text: str) -> str:
    from customer_escalation.addressed.cutting import value_before_prose

    return value_before_prose(heard_field(text))


def _orders(text: str) -> bool:
    from customer_escalation.addressed.cutting import holds_orders

    return holds_orders(text)
