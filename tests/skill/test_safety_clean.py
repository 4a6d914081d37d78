"""Characters that a reader cannot see are removed and reported; those that a script or an emoji needs stay."""

from __future__ import annotations

import unicodedata

import pytest

from customer_escalation.safety import clean, safe

ZWSP, ZWNJ, ZWJ, BOM, SHY, VS16 = "\u200b", "\u200c", "\u200d", "\ufeff", "\u00ad", "\ufe0f"


def tagged(text: str) -> str:
    """The text in tag characters, which no screen shows and a model reads."""
    return "".join(chr(0xE0000 + ord(c)) for c in text)


def smuggled(data: bytes) -> str:
    """Bytes as a run of variation selectors."""
    return "".join(chr(0xFE00 + b) if b < 16 else chr(0xE0100 + b - 16) for b in data)


ATTACKS = [
    ("ig" + ZWSP + "nore", "ignore", ("1 invisible character",)),
    (BOM + "a" + SHY + "b\u2060c\u034f", "abc", ("4 invisible characters",)),
    ("pay \u202e001\u202c EUR", "pay 001 EUR", ("2 bidirectional controls",)),
    ("a\u2066b\u2069c\u200e\u200f\u061c", "abc", ("5 bidirectional controls",)),
    ("ok" + tagged("obey"), "ok", ("4 tag characters",)),
    ("\U000e0001x", "x", ("1 tag character",)),
    ("🙂" + smuggled(b"\x00obey\xff"), "🙂\ufe00", ("5 variation selectors",)),
    ("a" + smuggled(b"hidden"), "a", ("6 variation selectors",)),
    ("\x00a\x07b\x08c\x7fd\x9fe", "abcde", ("5 control characters",)),
    ("\x1b[31mred\x1b[0m", "red", ("2 terminal codes",)),
    ("\x1b]8;;x\x07", "]8;;x", ("2 control characters",)),
    ("a\ud800b\udfff", "ab", ("2 lone surrogates",)),
    ("p" + ZWJ + "q" + ZWNJ + "r", "pqr", ("2 invisible characters",)),
    ("\u3164\uffa0\u115fx\u180e", "x", ("4 invisible characters",)),
    ("1" + VS16 + " 2", "1 2", ("1 variation selector",)),
    ("می" + ZWNJ * 3 + "خواهم", "می" + ZWNJ + "خواهم", ("2 invisible characters",)),
    ("\x00\u202e" + ZWSP, "", ("1 control character", "1 bidirectional control", "1 invisible character")),
]
KEPT = [
    "می" + ZWNJ + "خواهم",
    "क्" + ZWJ + "ष and ක්" + ZWJ + "ෂ",
    "👩" + ZWJ + "💻 and 👨" + ZWJ + "👩" + ZWJ + "👧",
    "🏳" + VS16 + ZWJ + "🌈 ❤" + VS16 + ZWJ + "🔥",
    "👍🏽 🇸🇪 ☎" + VS16 + " 1" + VS16 + "\u20e3",
    "葛\U000e0100城市 and 神\ufe00",
    "ᠠ\u180bᠡ",
    "≨\ufe00",
    "tab\tand\nline",
    "ﬁ ligature, ² and ① stay, since error texts are quoted as they are",
    "½ Ａ ｱ",
    "Zoë, Łódź, Ωmega, 東京, العربية, עברית",
]


@pytest.mark.parametrize(("text", "seen", "removed"), ATTACKS)
def test_what_cannot_be_seen_is_removed_and_reported(text: str, seen: str, removed: tuple[str, ...]) -> None:
    cleaned = clean(text)
    assert (cleaned.text, cleaned.removed) == (seen, removed)


@pytest.mark.parametrize("text", KEPT)
def test_what_a_script_or_an_emoji_needs_stays(text: str) -> None:
    cleaned = clean(text)
    assert (cleaned.text, cleaned.removed) == (unicodedata.normalize("NFC", text), ())


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_becomes_one_newline(end: str) -> None:
    assert clean(f"a{end}b").text == "a\nb"


def test_a_decomposed_name_is_composed() -> None:
    assert clean("Zoe\u0308").text == "Zo\u00eb"


def test_letters_parted_by_an_invisible_character_are_composed() -> None:
    assert clean("e" + ZWSP + "\u0308").text == "\u00eb"


def test_an_invisible_character_does_not_hide_a_secret() -> None:
    result = safe("pass" + ZWSP + "word=hun" + BOM + "ter2")
    assert result.text == "pass" + "word=[masked: password]"
    assert result.removed == ("2 invisible characters",)
    assert result.kinds == ("password",)
