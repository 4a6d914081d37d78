"""Numbers, amounts and measures: what "2.5M", "31 h", "EUR 840k", "three dozen" and "2.9 %" amount to.

A measure is kept in the base unit of its family, so that 96 hours and 4 days are one figure. `step` is the precision
that the writing has: 2.5M is good to 100,000, so it may stand for 2,512,000 and 2.6M may not.
"""

from __future__ import annotations

from typing import NamedTuple

from customer_escalation.verify.vocabulary import listed

CURRENCIES = listed(
    """USD EUR GBP SEK NOK DKK CHF JPY AUD CAD NZD INR CNY PLN CZK HUF BRL MXN SGD HKD ZAR KRW TRY AED ILS THB IDR PHP
    RON"""
)
SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
CURRENCY_WORDS = {
    "dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "pound": "GBP", "pounds": "GBP",
    "sterling": "GBP", "kronor": "SEK", "yen": "JPY", "francs": "CHF", "rupees": "INR",
}  # fmt: skip
SCALES = {
    "k": 1e3, "K": 1e3, "M": 1e6, "mn": 1e6, "mm": 1e6, "mio": 1e6, "Mio": 1e6, "bn": 1e9, "Bn": 1e9, "B": 1e9,
    "thousand": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "hundred": 1e2,
}  # fmt: skip
_UNITS = (
    ("s", 1e-3, "ms msec millisecond milliseconds"),
    ("s", 1.0, "s sec secs second seconds"),
    ("s", 60.0, "min mins minute minutes"),
    ("s", 3600.0, "h hr hrs hour hours"),
    ("s", 86400.0, "d day days"),
    ("s", 604800.0, "w wk week weeks"),
    ("months", 1.0, "month months"),
    ("months", 3.0, "quarter quarters"),
    ("months", 12.0, "year years yr yrs"),
    ("B", 1.0, "byte bytes"),
    ("B", 1e3, "KB kB kilobyte kilobytes"),
    ("B", 1e6, "MB megabyte megabytes"),
    ("B", 1e9, "GB gigabyte gigabytes"),
    ("B", 1e12, "TB terabyte terabytes"),
    ("B", 1024.0, "KiB"),
    ("B", 1024.0**2, "MiB"),
    ("B", 1024.0**3, "GiB"),
    ("%", 1.0, "% percent percentage pct"),
    ("x", 1.0, "x"),
    ("workdays", 1.0, "workday workdays"),
)
UNITS = {word: (family, factor) for family, factor, words in _UNITS for word in words.split()}
ORDINALS = {"st", "nd", "rd", "th"}

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS: dict[str, float] = {
    **{word: float(number) for number, word in enumerate(_ONES)},
    **{word: float(number * 10) for number, word in enumerate(_TENS, 2)},
    **{f"{ten}-{one}": float(t * 10 + o) for t, ten in enumerate(_TENS, 2) for o, one in enumerate(_ONES[1:10], 1)},
    "dozen": 12.0, "twice": 2.0, "thrice": 3.0, "couple": 2.0, "pair": 2.0, "hundred": 100.0, "thousand": 1000.0,
    "million": 1e6,
}  # fmt: skip
ABOUT = {"about", "around", "roughly", "approximately", "some", "circa", "ca", "~", "≈", "approx"}
OVER = {"over", "than", "exceeding", "above", ">", "beyond"}
UNDER = {"under", "nearly", "almost", "below", "<"}


class Quantity(NamedTuple):
    """A figure in the base unit of its family; `unit` is empty for a plain number, a currency code for money."""

    value: float
    unit: str = ""
    step: float = 1.0
    fuzz: str = ""


def number_of(text: str) -> tuple[float, float]:
    """The value of a written number and its step: "1,912" is 1912 (1), "2,5" and "2.5" are 2.5 (0.1)."""
    plain = text.replace("\u00a0", "").replace("\u202f", "").replace("’", "").replace("'", "")
    head, comma, tail = plain.rpartition(",")
    if comma and "." not in plain and (len(tail) != 3 or ("," in head and len(tail) != 3)):
        plain = f"{head}.{tail}"
    plain = plain.replace(",", "")
    decimals = len(plain.rpartition(".")[2]) if "." in plain else 0
    value = float(plain) if len(plain) < 300 else float("inf")
    return value, 10.0**-decimals


def rough(value: float, step: float) -> float:
    """The step of a rounded figure: 2,500 is good to 100, 60 to 10, 41 to 1."""
    if step < 1.0 or value <= 0 or value == float("inf"):
        return step
    digits = f"{value / step:.0f}"
    return step * 10.0 ** min(len(digits) - len(digits.rstrip("0")), len(digits) - 1)


def agrees(said: Quantity, known: Quantity) -> bool:
    """Whether the known figure may be said so: the same value, or its rounding to the precision of the writing."""
    if not _same_unit(said.unit, known.unit):
        return False
    gap = known.value - said.value
    slack = 1e-9 * max(1.0, abs(known.value))
    if abs(gap) <= slack:
        return True
    if known.step > said.step * 1.000001 and said.fuzz in ("", "within"):
        return False
    if said.fuzz == "within":
        return not known.step and 0.5 * said.value < known.value <= said.value
    step = rough(said.value, said.step)
    if said.fuzz == "over":
        return 0 < gap <= step
    if said.fuzz == "under":
        return -step <= gap < 0
    return abs(gap) <= (step if said.fuzz else said.step) / 2 + slack


def _same_unit(said: str, known: str) -> bool:
    return said == known or (not said and known in CURRENCIES)
