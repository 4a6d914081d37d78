"""Numbers that a check digit or a fixed form makes certain: cards, bank accounts, US social security numbers."""

from __future__ import annotations

from collections.abc import Iterator

from customer_escalation.safety.spans import Span, compiled, lowered, positions

# Digits and what may part them; cards and social security numbers are looked for only there.
_DIGITS = r"[0-9][0-9 \u00a0.-]{10,}+"
# Each pattern begins with the characters themselves and looks behind afterwards: the search then skips fast.
_NOT_INSIDE = r"(?![\w-]|\.[0-9])"
_GROUPED_CARD = (
    r"[0-9]{4}([ \u00a0.-])(?<![\w.-]....\1)(?:[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1[0-9]{3})?|[0-9]{6}\1[0-9]{4,5})"
) + _NOT_INSIDE
_BARE_CARD = r"[0-9]{13}(?<![\w.-].{13})[0-9]{0,6}" + _NOT_INSIDE
_CARD_WORDS = (
    r"(?<![a-z])(?:card|cards|creditcard|visa|mastercard|maestro|amex|american express|diners|discover|jcb|debit|credit"
    r"|pan|cvc|cvv|kort|kortnummer|karte|kreditkarte|kartennummer|carte|tarjeta|carta)(?![a-z])"
    r"|(?:card|cc)[_ ]?(?:number|no|num)"
)
_CARD_CODE_WORDS = ("cvv", "cvc", "cv2", "security code")
_CARD_CODE = r"2?(?: code)?(?: is|:|=|\")[\": ]{0,4}([0-9]{3,4})(?![0-9])"
# Issuer prefixes with the lengths in use (ISO/IEC 7812).
_ISSUERS = (
    (r"4", (13, 16, 19)),
    (r"5[1-5]|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)", (16,)),
    (r"3[47]", (15,)),
    (r"6011|64[4-9]|65|62", (16, 17, 18, 19)),
    (r"35(?:2[89]|[3-8][0-9])", (16, 17, 18, 19)),
    (r"30[0-5]|309|36|38|39", (14,)),
    (r"50|5[6-9]|6[0-9]", (16,)),
)
_IBAN = r"[A-Z]{2}[0-9]{2}(?<![A-Za-z0-9]....)(?:[ \u00a0-]?[A-Z0-9]){11,30}"
# Length of an IBAN by country (the IBAN registry of SWIFT).
_IBAN_LENGTHS = {
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL SD FK",
    19: "MK SI",
    20: "AT BA EE KZ LT LU XK MN",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ TL OM SO",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HU LB NI PL SV HN",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
_SSN = r"[0-9]{3}-(?<![\w.-]...-)(?<!000-|666-|9..-)(?!00)[0-9]{2}-(?!0000)[0-9]{4}" + _NOT_INSIDE


def find_numbers(text: str) -> Iterator[Span]:
    """Payment cards and their security codes, IBANs, and US social security numbers."""
    lower = lowered(text)
    for digits in compiled(_DIGITS).finditer(text):
        yield from _cards(text, lower, digits.start(), digits.end())
        for match in compiled(_SSN).finditer(text, digits.start(), digits.end() + 2):
            yield Span(match.start(), match.end(), "national_id")
    for match in compiled(_IBAN).finditer(text):
        if length := _iban_length(match[0]):
            yield Span(match.start(), match.start() + length, "iban")
    for word in _CARD_CODE_WORDS:
        for at in positions(lower, word):
            if code := compiled(_CARD_CODE).match(lower, at + len(word)):
                yield Span(*code.span(1), "card_code")


def _cards(text: str, lower: str, start: int, end: int) -> Iterator[Span]:
    for match in compiled(_GROUPED_CARD).finditer(text, start, end + 2):
        if _is_card(match[0]):
            yield Span(match.start(), match.end(), "card")
    for match in compiled(_BARE_CARD).finditer(text, start, end + 2):
        if _is_card(match[0]) and compiled(_CARD_WORDS).search(lower, max(0, match.start() - 60), match.end() + 40):
            yield Span(match.start(), match.end(), "card")


def _is_card(written: str) -> bool:
    """Whether the number has an issuer's prefix, the length that goes with it, and a right check digit."""
    digits = "".join(c for c in written if c.isdigit())
    return luhn(digits) and any(
        len(digits) in lengths and compiled(prefix).match(digits) for prefix, lengths in _ISSUERS
    )


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1), and not all digits are one."""
    doubled = (int(d) * 2 for d in digits[-2::-2])
    total = sum(int(d) for d in digits[::-2]) + sum(d - 9 if d > 9 else d for d in doubled)
    return total % 10 == 0 and len(set(digits)) > 1


def _iban_length(written: str) -> int:
    """How many characters of the text are an IBAN with a right checksum (ISO 13616); 0 for none."""
    length = next((n for n, countries in _IBAN_LENGTHS.items() if written[:2] in countries.split()), 0)
    compact = ""
    for position, character in enumerate(written, start=1):
        compact += character if character.isalnum() else ""
        if len(compact) == length:
            rest = written[position : position + 1]
            return position if not rest.isalnum() and _mod_97(compact) == 1 else 0
    return 0


def _mod_97(compact: str) -> int:
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97
