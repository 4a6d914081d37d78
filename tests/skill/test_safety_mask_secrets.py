"""Secrets that must be masked, and what stands beside them that must stay.

Every secret is put together at run time, so that this file holds none for a scanner to find.
"""

from __future__ import annotations

import base64
import hashlib
import string

import pytest

from customer_escalation.safety.masking import mask

DIGEST = hashlib.sha512(b"filler").digest()
HEX = DIGEST.hex()
MIXED = "k7" + "".join((string.ascii_letters + string.digits)[n % 62] for n in DIGEST * 4)
UPPER = "Q7" + "".join((string.ascii_uppercase + string.digits)[n % 36] for n in DIGEST * 2)
DIGITS = "704816253904718265304"
PW = "pass" + "word"
STRONG = "Tr0ub4dor" + "&3x"
WEAK = "sword" + "fish"


def basic(user: str) -> str:
    """Basic credentials of a user."""
    return base64.b64encode(f"{user}:{STRONG}".encode()).decode()


def web_token() -> str:
    """Three base64url parts, of which the first two begin as JSON does."""
    return f"ey{'J'}hbGciOiJIUzI1NiJ9.ey{'J'}zdWIiOiIxMjM0NTY3ODkwIn0.{MIXED[:43]}"


def block(kind: str, body: str, dashes: str = "-----") -> str:
    """A private key block as tools write it."""
    name = f"{kind}PRIVATE" + " KEY"
    return f"{dashes}BEGIN {name}{dashes}\n{body}\n{dashes}END {name}{dashes}"


# What stands before, the secret, what stands after, and what the placeholder says.
VENDOR_TOKENS = [
    ("key ", "AK" + "IA" + UPPER[:16], " was used", "API key"),
    ("key=", "AS" + "IA" + UPPER[:16], ";", "API key"),
    ("maps: ", "AI" + "za" + MIXED[:35], "", "API key"),
    ("", "GOC" + "SPX-" + MIXED[:28], " in the log", "API key"),
    ("", "ya" + "29." + MIXED[:60], "", "access token"),
    ("azure ", "a1B" + "8Q~" + MIXED[:34], " app", "secret"),
    ("push with ", "gh" + "p_" + MIXED[:36], " fails", "access token"),
    ("", "gh" + "s_" + MIXED[:36], ".", "access token"),
    ("", "github" + "_pat_" + MIXED[:22] + "_" + MIXED[:59], "", "access token"),
    ("", "gl" + "pat-" + MIXED[:20], " expired", "access token"),
    ("runner ", "gl" + "rt-" + MIXED[:20], "", "access token"),
    ("", "xo" + "xb-" + DIGITS[:12] + "-" + DIGITS[:12] + "-" + MIXED[:24], " for the bot", "access token"),
    ("", "xap" + "p-1-" + "A" + UPPER[:10] + "-" + DIGITS[:13] + "-" + HEX[:64], "", "access token"),
    ("", "sk" + "_live_" + MIXED[:24], ", please", "API key"),
    ("", "rk" + "_test_" + MIXED[:24], "", "API key"),
    ("", "whs" + "ec_" + MIXED[:32], "", "API key"),
    ("", "sk" + "-ant-api03-" + MIXED[:90], " returns 401", "API key"),
    ("", "sk" + "-proj-" + MIXED[:60], "", "API key"),
    ("", "sk" + "-" + MIXED[:40], "", "API key"),
    ("//registry/:_auth=", "np" + "m_" + MIXED[:36], "", "access token"),
    ("", "py" + "pi-AgEIcHlwaS5vcmc" + MIXED[:80], " is ours", "access token"),
    ("", "S" + "G." + MIXED[:22] + "." + MIXED[:43], "", "API key"),
    ("twilio ", "S" + "K" + HEX[:32], "", "API key"),
    ("", "h" + "f_" + MIXED[:34], "", "API key"),
    ("", HEX[:32] + "-" + "us14", " in Mailchimp", "API key"),
    ("mailgun ", "ke" + "y-" + HEX[:32], "", "API key"),
    ("", "do" + "p_v1_" + HEX[:64], "", "API key"),
    ("", "shp" + "at_" + HEX[:32], "", "API key"),
    ("bot ", DIGITS[:9] + ":" + "AA" + MIXED[:33], " stopped", "access token"),
    ("", "dap" + "i" + HEX[:32], "", "API key"),
    ("", "hv" + "s." + MIXED[:24], "", "API key"),
    ("", "gls" + "a_" + MIXED[:32] + "_" + HEX[:8], "", "API key"),
    ("", "M" + MIXED[:24] + "." + MIXED[:6] + "." + MIXED[:30], " of the bot", "access token"),
    ("jwt ", web_token(), " rejected", "access token"),
    ("hash ", "$2" + "b$12$" + MIXED[:53], " in the dump", "password hash"),
    ("hash ", "$argon" + "2id$v=19$m=65536,t=3,p=4$" + MIXED[:22] + "$" + MIXED[:43], "", "password hash"),
]

PUTTY = "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 2\n"
KEY_BLOCKS = [
    (PUTTY, MIXED[:64] + "\n" + MIXED[:32], "\nPrivate-MAC: 0a1b", "private key"),
    ("our key:\n", block("RSA ", MIXED[:64] + "\n" + MIXED[:32] + "=="), "\nthanks", "private key"),
    ("", block("OPENSSH ", MIXED[:70]), "\n", "private key"),
    ("", block("", MIXED[:64]), "", "private key"),
    ("", block("EC ", MIXED[:64]), "", "private key"),
    ("", block("ENCRYPTED ", MIXED[:64]), "", "private key"),
    ("", block("RSA ", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AB12\n\n" + MIXED[:64]), "", "private key"),
    (
        '{"private_key": "',
        block("", MIXED[:64]).replace("\n", "\\n"),
        '\\n", "type": "service_account"}',
        "private key",
    ),
    ("", block("RSA ", MIXED[:64]).rsplit("\n", 1)[0], "\n\nthis is where my paste ended", "private key"),
    ("> ", block("RSA ", MIXED[:64]).replace("\n", "\n> "), "\n> quoted", "private key"),
]

HEADERS = [
    ("Authorization: Bearer ", MIXED[:40], "\nAccept: */*", "authorization credentials"),
    ("curl -H 'authorization: bearer ", MIXED[:24], "' https://api.acme.example", "authorization credentials"),
    ("Authorization: Basic ", basic("bob"), "\nHost: x", "authorization credentials"),
    ('{"Authorization": "Token ', HEX[:40], '"}', "authorization credentials"),
    ("Authorization: ", MIXED[:30], "", "authorization credentials"),
    ("the header was Bearer ", MIXED[:32], " at that time", "authorization credentials"),
    ("header Basic ", basic("service"), " was refused", "authorization credentials"),
    ("Authorization: Digest ", f"username=bob, response={HEX[:32]}", "\n", "authorization credentials"),
    ("", "sk" + "_live_ab_" + MIXED[:24], "", "API key"),
    ("Cookie: sid=", MIXED[:26], "; lang=en", "session cookie"),
    ("Set-Cookie: session=", HEX[:32], "; Path=/; Domain=acme.example; SameSite=Strict", "session cookie"),
    ("PHPSESSID=", MIXED[:26].lower(), " in the URL", "session cookie"),
    (";jsessionid=", UPPER[:32], "?page=2", "session cookie"),
    ("X-Api-Key: ", MIXED[:32], "\n", "API key"),
    ("X-Auth-Token: ", HEX[:32], "\n", "access token"),
]

PASSWORDS = [
    (f"{PW}=", "hunter2", "&user=bob", "password"),
    (f"{PW}=", WEAK, "\n", "password"),
    (f"{PW}: ", STRONG, "\nuser: bob", "password"),
    (f"{PW}: ", WEAK, "\nuser: bob", "password"),
    ("&pass=", "hunter" + "2", "&user=bob", "password"),
    ("user bob, pw: ", STRONG, "\n", "password"),
    ("pwd: ", "abc" + "123", ", thanks", "password"),
    ("passwd = ", "'" + STRONG + "'", "", "password"),
    (f"my {PW} is ", STRONG, " and it fails", "password"),
    (f"My {PW} is ", WEAK, ", can you check?", "password"),
    (f"the {PW} is: ", "Summer" + "2024!", "", "password"),
    (f"the new {PW} is now ", "Winter" + "2025", ".", "password"),
    (f'"{PW}": "', STRONG, '", "user": "bob"}', "password"),
    (f'{{"{PW}":"', 'a\\"b' + "c9", '","user":"bob"}', "password"),
    (f'log "{{\\"{PW}\\":\\"', STRONG, '\\"}"', "password"),
    (f'{PW}="', "correct horse battery", '"', "password"),
    (f"<{PW}>", STRONG, f"</{PW}>", "password"),
    (f"<db:{PW}>", WEAK, f"</db:{PW}>", "password"),
    (f"tool --{PW} ", STRONG, " --host db", "password"),
    (f"tool --db-{PW}=", STRONG, " --host db", "password"),
    ("DB_" + "PASSWORD=", STRONG, "\nDB_HOST=db", "password"),
    ("PG" + "PASSWORD=", "hunter" + "22", " psql -h db", "password"),
    ("Mein Passwort ist ", "Geheim" + "42", ".", "password"),
    ("lösenord: ", "Hemligt" + "77", "", "password"),
    ("curl -u bob:", STRONG, " https://acme.example", "password"),
    ("machine acme.example login bob " + PW + " ", "hunter" + "22", "\n", "password"),
    ("sshpass -p ", STRONG, " ssh bob@10.0.0.1", "password"),
    ("mysql -u root -p", "Secr3t" + "99", " shop", "password"),
    ("my pin is ", "48" + "21", ".", "password"),
    ("https://bob:", STRONG.replace("&", ""), "@acme.example/path?x=1", "password"),
    ("postgres://app:", "s3" + "cr@t", "@db.acme.example:5432/shop", "password"),
    ("mongodb+srv://app:", MIXED[:12], "@cluster0.mongodb.net/test", "password"),
    ("redis://:", MIXED[:12], "@10.0.0.5:6379/0", "password"),
    ("amqp://guest:", "guest" + "1", "@mq.acme.example/vhost", "password"),
    ("ftp://bob:", "pa/" + "ss1", "@files.acme.example", "password"),
    ("app:", MIXED[:12], "@tcp(db:3306)/shop", "password"),
    ("Server=db;User Id=sa;Password=", "P@" + "ss;w0rd", ";Encrypt=yes", "password"),
    ("Server=db;Uid=sa;Pwd=", STRONG, ";Database=shop", "password"),
    ("jdbc:mysql://db/shop?user=bob&" + PW + "=", MIXED[:10], "&useSSL=true", "password"),
]

NAMED_SECRETS = [
    ("awsKey: '", MIXED[:40], "'", "secret"),
    ("aws_secret_access_key = ", MIXED[:40], "\nregion = eu-north-1", "secret"),
    ("AccountKey=", MIXED[:86] + "==", ";EndpointSuffix=core.windows.net", "secret"),
    ("SharedAccessKey=", MIXED[:43] + "=", "", "secret"),
    ('"client_secret": "', MIXED[:32], '"', "secret"),
    ("api_key=", HEX[:32], "&format=json", "API key"),
    ("api key: ", MIXED[:24], "\n", "API key"),
    ("our API key is ", MIXED[:24], ".", "API key"),
    ("apikey='", HEX[:40], "'", "API key"),
    ("access_token=", MIXED[:40], "&state=1", "access token"),
    ("auth_token: ", HEX[:32], "", "access token"),
    ("the token is ", MIXED[:30], " as you asked", "access token"),
    ("tool --token ", HEX[:40], " deploy", "access token"),
    ("secret: ", MIXED[:20], "\n", "secret"),
    ("<apiKey>", HEX[:32], "</apiKey>", "API key"),
    ("https://acme.blob.core.windows.net/c/f?sv=2024&sig=", MIXED[:43] + "%3D", "&se=2025", "secret"),
    ("https://s3.example/f?X-Amz-Date=20241003&X-Amz-Signature=", HEX[:64], "", "secret"),
    ("https://hooks.slack.com/" + "services/", "T" + UPPER[:8] + "/B" + UPPER[:8] + "/" + MIXED[:24], "", "secret"),
    ("https://discord.com/api/webhooks/1234567890/", MIXED[:68], " posts", "secret"),
    ("https://", HEX[:32], "@o1.ingest.example/2", "access token"),
]

ALL = [*VENDOR_TOKENS, *KEY_BLOCKS, *HEADERS, *PASSWORDS, *NAMED_SECRETS]


@pytest.mark.parametrize(("before", "secret", "after", "label"), ALL)
def test_a_secret_is_masked_and_its_neighbours_stay(before: str, secret: str, after: str, label: str) -> None:
    quotes = ("'", "'") if secret.startswith("'") else ("", "")
    assert mask(before + secret + after).text == f"{before}{quotes[0]}[masked: {label}]{quotes[1]}{after}"


@pytest.mark.parametrize(("before", "secret", "after", "label"), ALL)
def test_a_secret_is_masked_inside_a_sentence_and_a_log_line(before: str, secret: str, after: str, label: str) -> None:
    masked = mask(f"2026-10-03T10:00:00Z ERROR req_8f3a91 said\n{before}{secret}{after}\nat build 4.11.2").text
    assert secret not in masked
    assert masked.startswith("2026-10-03T10:00:00Z ERROR req_8f3a91 said\n")
    assert masked.endswith("\nat build 4.11.2")


def test_a_key_id_and_its_secret_are_both_masked() -> None:
    pair = "AK" + "IA" + UPPER[:16] + ": " + MIXED[:40]
    assert mask(pair).text == "[masked: API key]: [masked: secret]"


def test_the_kinds_are_listed_once_in_order_of_appearance() -> None:
    text = f"{PW}=hunter2 jane@acme.example gh" + f"p_{MIXED[:36]} {PW}=hunter3"
    assert mask(text).kinds == ("password", "email", "token")


def test_a_text_without_secrets_comes_back_as_it_is() -> None:
    assert mask("500 errors since 2026-10-03").kinds == ()


def test_a_secret_around_an_earlier_placeholder_is_masked_too() -> None:
    assert mask(f"{PW}=ab1[masked: API key]cd2").text == f"{PW}=[masked: password][masked: API key]cd2"


def test_a_password_that_begins_like_a_placeholder_is_masked() -> None:
    assert mask("https://bob:ab[masked:cd@acme.example").text == "https://bob:[masked: password]@acme.example"


def test_basic_credentials_that_are_no_base64_are_left() -> None:
    text = "Authorization: Basic caf\u00e9s"
    assert mask(text).text == text


def test_a_quoted_secret_around_an_earlier_placeholder_is_masked_too() -> None:
    assert mask(f'{PW}="ab1[masked: API key]"').text == f'{PW}="[masked: password][masked: API key]"'


def test_a_key_block_is_masked_even_where_it_quotes_a_placeholder() -> None:
    body = f"{MIXED[:40]}[masked: password]{MIXED[:40]}"
    assert mask(block("RSA ", body)).text == "[masked: private key]"


@pytest.mark.parametrize(
    ("before", "after"),
    [("The remote access code you asked for is ", ". Thanks"), ("Door code: ", ""), ("recovery code = ", " and more")],
)
def test_a_code_that_opens_something_is_masked(before: str, after: str) -> None:
    code = "zD5Y-t8Up" + "-aYio"

    assert code not in mask(f"{before}{code}{after}").text


@pytest.mark.parametrize(
    ("before", "secret", "after"),
    [
        ("AKIA0 with secret ", MIXED[:20] + "/" + MIXED[20:39], ". GitHub"),
        ("the api secret ", HEX[:64], "\nnext line"),
        ("our access key ", HEX[:40], ", which"),
        ("key " + "sk" + "_live_\n", "51Zz93KtZ9vXq2Pp7", "\nDas"),
        ("Das Passwort lautet ", "Kennwort99x", "."),
        ("code from the SMS is ", "483920", "\nAuthorization"),
        ("the SMS code: ", "483920", " came late"),
    ],
)
def test_a_secret_that_prose_only_hints_at_is_masked(before: str, secret: str, after: str) -> None:
    masked = mask(f"{before}{secret}{after}").text

    assert secret not in masked
    assert masked.endswith(after)


@pytest.mark.parametrize(
    "said",
    [
        "the client secret 51842 of ticket T-51842/3 was rotated",
        "secret rotation broke 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "commit key 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "sk" + "_live_ keys and rk" + "_test_ restrictions1 differ",
        "code from the text message is never sent, error 4711",
        "the country code in the SMS is 49",
    ],
)
def test_what_only_stands_near_such_words_stays(said: str) -> None:
    assert mask(said).text == said


@pytest.mark.parametrize(
    "said", ["The error code is ORDER-5512", "The country code is DE49", "Access code is needed here"]
)
def test_a_code_that_opens_nothing_stays(said: str) -> None:
    assert mask(said).text == said
