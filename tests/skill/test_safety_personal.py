"""Personal data that the reader of an escalation does not need, and numbers that a checksum makes certain."""

from __future__ import annotations

import pytest

from customer_escalation.safety.masking import mask

JANE = "jane.doe" + "@" + "acme.example"
VISA = "4111" + "111111111111"
AMEX = "3782" + "82246310005"
PW = "pass" + "word"

ADDRESSES = [
    ("mail ", JANE, " today", "acme.example"),
    ("<", JANE, ">", "acme.example"),
    ("mailto:", "jane+test" + "@" + "mail.acme.co.uk", "?subject=x", "mail.acme.co.uk"),
    ("Contact: ", "O'Brien_7" + "@" + "acme-shop.example", ".", "acme-shop.example"),
    ("(", "j" + "@" + "sub.acme.example", ")", "sub.acme.example"),
    ('"', "jürgen" + "@" + "müller.example", '"', "müller.example"),
    ("?email=", "jane%2Bx" + "@" + "acme.example", "&id=7", "acme.example"),
]

PHONES = [
    ("ring ", "+46 8 555 01 23", ", thanks"),
    ("", "+4685550123", " is mine"),
    ("reach me at ", "+1 (415) 555-2671", "."),
    ("", "+1-415-555-2671", ""),
    ("", "+44 (0)20 7946 0958", " office"),
    ("", "+48 601 234 567", " mobile"),
    ("", "+39 06 6982 1234", " Rome"),
    ("tel:", "+49-30-901820-15", ""),
    ("from ", "(555) 010-1234", " at noon"),
    ("Jane Doe | ", "415-555-2671", " | Acme"),
    ("Jane Doe, ", "415.555.2671", ""),
    ("toll free ", "1-415-555-2671", ""),
    ("phone: ", "08-555 01 23", "\n"),
    ("Tel. ", "0046 8 555 01 23", ""),
    ("mobile number: ", "0701234567", ", Jane"),
    ('"phone": "', "5550101234", '"'),
    ("call me on ", "555-0101 234", " please"),
    ("Fax: ", "(08) 555 01 24", ""),
    ("WhatsApp ", "0701-23 45 67", ""),
]

NUMBERS = [
    ("my card ", VISA, " was charged", "card number"),
    ("paid with Visa ", VISA, ".", "card number"),
    ("", " ".join(VISA[n : n + 4] for n in range(0, 16, 4)), " was charged twice", "card number"),
    ("no. ", "-".join(VISA[n : n + 4] for n in range(0, 16, 4)), "", "card number"),
    ("", f"{AMEX[:4]} {AMEX[4:10]} {AMEX[10:]}", "", "card number"),
    ("amex: ", AMEX, "", "card number"),
    ("card_number=", "5555" + "555555554444", "&x=1", "card number"),
    ("card ", "2223" + "000048400011", "", "card number"),
    ("debit card ", "6011" + "000990139424", "", "card number"),
    ("JCB ", "3530" + "111333300000", "", "card number"),
    ("diners ", "3056" + "9309025904", "", "card number"),
    ("maestro ", "6759" + "649826438453", "", "card number"),
    ("CVV: ", "123", " on the back", "card security code"),
    ('"cvc": "', "7373", '"', "card security code"),
    ("security code is ", "987", ".", "card security code"),
    ("refund to ", "DE89" + "370400440532013000", " please", "bank account number"),
    ("IBAN ", "GB29" + " NWBK 6016 1331 9268 19", ", Jane", "bank account number"),
    ("", "SE45" + " 5000 0000 0583 9825 7466", " SEK 100", "bank account number"),
    ("", "NO93" + "86011117947", "", "bank account number"),
    ("SSN ", "219" + "-09-" + "9999", " on file", "national id number"),
]


@pytest.mark.parametrize(("before", "address", "after", "domain"), ADDRESSES)
def test_an_address_is_masked_and_its_domain_stays(before: str, address: str, after: str, domain: str) -> None:
    masked = mask(before + address + after)
    assert masked.text == f"{before}[masked: e-mail address at {domain}]{after}"
    assert masked.kinds == ("email",)


@pytest.mark.parametrize(("before", "phone", "after"), PHONES)
def test_a_phone_number_is_masked(before: str, phone: str, after: str) -> None:
    assert mask(before + phone + after).text == f"{before}[masked: phone number]{after}"


@pytest.mark.parametrize(("before", "number", "after", "label"), NUMBERS)
def test_a_checked_number_is_masked(before: str, number: str, after: str, label: str) -> None:
    assert mask(before + number + after).text == f"{before}[masked: {label}]{after}"


def test_an_address_with_its_password_keeps_the_host() -> None:
    url = f"https://{JANE}:" + "s3cret9@" + "db.acme.example/x"
    assert mask(url).text == "https://[masked: e-mail address at acme.example]:[masked: password]@db.acme.example/x"


def test_two_addresses_in_one_line_are_both_masked() -> None:
    masked = mask(f"{JANE},{JANE}")
    assert masked.text == "[masked: e-mail address at acme.example],[masked: e-mail address at acme.example]"
    assert masked.kinds == ("email",)


def test_an_iban_without_its_last_digits_stays() -> None:
    text = "DE89" + "3704004405320130"
    assert mask(text).text == text


def test_money_with_a_plus_sign_is_not_a_phone_number() -> None:
    text = "ARR +44 2079 460 958 GBP and EUR +44 2079 460 958"
    assert mask(text).text == text


def test_a_country_that_does_not_exist_makes_no_phone_number() -> None:
    text = "+999 123 456 789 and +46 0 8555 0123 and +49 1 2 3 4 5 6 7 8"
    assert mask(text).text == text


def test_digits_without_separators_are_a_phone_number_only_after_a_sure_word() -> None:
    assert mask("call 123456789012, call 123-456, mobile 123456789012").text == (
        "call 123456789012, call 123-456, mobile [masked: phone number]"
    )


def test_thousands_with_a_plus_sign_are_not_a_phone_number() -> None:
    text = "+36 345 678 rows"
    assert mask(text).text == text
