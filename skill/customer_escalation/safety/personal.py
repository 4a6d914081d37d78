"""Personal data that an escalation does not need: e-mail addresses (the domain stays) and phone numbers."""

from __future__ import annotations

from collections.abc import Iterator

from customer_escalation.safety.spans import Span, compiled, lowered, positions

_LOCAL = r"[\w.%+'-]{1,64}"
_DOMAIN = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w@])"
# "git@host" is a way to write a repository; a message id has the form of an address and is an id.
_NOT_A_PERSON = ("git",)
_MESSAGE_ID = r"(?:message-id|in-reply-to|references)[\"']?: ?[\"']?[^\n@]{0,200}$"

_INTERNATIONAL = r"\+(?<![\w+./-]\+)[0-9](?:[ \u00a0.()/-]{0,2}[0-9]){6,14}(?![\w-]|[.,][0-9])"
_COUNTRY_CODE = (
    r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|21[1-8]|22[0-9]|23[0-9]|24[0-9]|25[0-8]|26[0-9]|29[01789]"
    r"|35[0-9]|37[0-9]|38[0-9]|42[0-3]|50[0-9]|59[0-9]|67[0-9]|68[0-9]|69[0-2]|80[08]|85[02356]|870|88[0-3678]|96[0-8]|97[1-7]|99[2-68]"
)
_NORTH_AMERICAN = (
    r"\((?<![\w(.+-]\()[2-9][0-9]{2}\) ?[0-9]{3}[ .-][0-9]{4}(?![\w-])",
    r"[2-9][0-9]{2}([-.])(?<![\w./+-]...[-.])[2-9][0-9]{2}\1[0-9]{4}(?![\w-]|\.[0-9])",
    r"1[-.](?<![\w./+-]1[-.])[2-9][0-9]{2}([-.])[2-9][0-9]{2}\1[0-9]{4}(?![\w-]|\.[0-9])",
)
_ID_WORDS = (
    r"(?<![a-z])(?:order|ticket|case|invoice|ref|reference|id|no|number|part|sku|build|request|serial|#)[.:# ]{0,3}$"
)
# After these words digits are a phone number; after the second group only when they are written as one.
_PHONE_WORDS = ("tel", "telephone", "telefon", "phone", "mobile", "mobil", "cell", "fax", "whatsapp", "tfn", "mob")
_CALL_WORDS = ("call", "ring", "dial", "text", "sms", "reach")
_NUMBER = (
    r"(?:[ _](?:me|us|him|her|them|back|number|no|nr|at|on|is))*+[\"'.:# ]{0,4}"
    r"([+(]?[0-9](?:[ \u00a0().\-/]{0,2}[0-9]){6,14})(?![\w-]|\.[0-9])"
)
_NOT_A_PHONE = (
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}.*|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}.*|[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
    r"|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+\.[0-9]+"
)
_THOUSANDS = r"\+[0-9]{1,3}(?:[ .\u00a0][0-9]{3})+"
_MONEY = r"(?:EUR|USD|GBP|SEK|NOK|DKK|CHF|JPY|AUD|CAD|INR|PLN|€|\$|£|%)"


def find_personal(text: str) -> Iterator[Span]:
    """E-mail addresses and phone numbers."""
    yield from _addresses(text)
    yield from _international(text)
    lower = lowered(text)
    for pattern in _NORTH_AMERICAN:
        for match in compiled(pattern).finditer(text):
            if not compiled(_ID_WORDS).search(lower, max(0, match.start() - 16), match.start()):
                yield Span(match.start(), match.end(), "phone")
    for word in (*_PHONE_WORDS, *_CALL_WORDS):
        for at in positions(lower, word):
            number = compiled(_NUMBER).match(lower, at + len(word))
            if number and not lower[at - 1 : at].isalpha() and _is_phone(number[1], sure=word in _PHONE_WORDS):
                yield Span(*number.span(1), "phone")


def _addresses(text: str) -> Iterator[Span]:
    for at in positions(text, "@"):
        domain = compiled(_DOMAIN).match(text, at + 1)
        local = compiled(_LOCAL).match(text[max(0, at - 64) : at][::-1]) if domain else None
        if local and domain and not _is_an_id(text, at, local[0][::-1]):
            yield Span(at - local.end(), domain.end(), "email", f" at {domain[0]}")


def _is_an_id(text: str, at: int, local: str) -> bool:
    line = text[max(0, at - 260) : at].lower()
    return local in _NOT_A_PERSON or compiled(_MESSAGE_ID).search(line) is not None


def _international(text: str) -> Iterator[Span]:
    for match in compiled(_INTERNATIONAL).finditer(text):
        around = text[max(0, match.start() - 4) : match.start()], text[match.end() : match.end() + 4]
        if _is_international(match[0]) and not any(compiled(_MONEY).search(side) for side in around):
            yield Span(match.start(), match.end(), "phone")


def _is_international(written: str) -> bool:
    """Whether a country code stands in front, no zero follows it (but "(0)" and Italy's), grouped as phones are."""
    digits = "".join(c for c in written if c.isdigit())
    groups = compiled(r"[0-9]+").findall(written)
    code = compiled(_COUNTRY_CODE).match(digits)
    if not code or not 8 <= len(digits) <= 15 or len(groups) > 7 or any(len(group) == 1 for group in groups[2:]):
        return False
    if code[0] in ("1", "7"):
        return len(digits) == 11
    if len(digits) < 10 and compiled(_THOUSANDS).fullmatch(written):
        return False
    return "(0)" in written or code[0] == "39" or digits[code.end()] != "0"


def _is_phone(written: str, *, sure: bool) -> bool:
    """Whether digits after a word such as "call" are a phone number; without separators only after a sure word."""
    digits = sum(c.isdigit() for c in written)
    if not 7 <= digits <= 15 or compiled(_NOT_A_PHONE).fullmatch(written.lstrip("(+")):
        return False
    return (sure and digits <= 12) or not written.isdigit()
