"""Pairs of a true sentence and one that says it of somebody or something else, of more, or as done."""

from __future__ import annotations

from datetime import datetime

import pytest

from customer_escalation.brief import Kind, Statement
from customer_escalation.evidence import Author, Evidence, Ledger
from customer_escalation.verify import check
from tests.skill.test_verify_further import CUSTOMER, SEEN, STAFF, Pair, guide, inga, lena, otis, pavel
from tests.skill.verify_rows import NOW, at, row


def owned(number: int, customer: str, text: str) -> tuple[Evidence, Evidence]:
    own = row(f"T-{number}", f"Ticket {number}: Labels (customer: {customer})", title="Labels", customer=customer)
    return own, row(f"T-{number}/1", text, author=Author(f"Kim {customer}", "customer"), when=at(17, 9))


SEARCHED = row("S-case", "threads of this case, read whole: ticket 700: 4 of 4; ticket 733: 2 of 2", origin="coverage")
ALL: tuple[Pair, ...] = (
    (
        STAFF,
        (pavel("It hits shops with the old till. Is this all retail shops? No."),),
        "Pavel Horak says that it hits shops with the old till.",
        "Pavel Horak says that it hits all retail shops with the old till.",
    ),
    (
        STAFF,
        (pavel("Every branch office in Poland is offline."),),
        "Pavel Horak says that every branch office in Poland is offline.",
        "Pavel Horak says that every home office in Poland is offline.",
    ),
    (
        CUSTOMER,
        (lena("Drivers with a night shift cannot sign. All forms are on paper."),),
        "Lena Brandt says that drivers with a night shift cannot sign.",
        "Lena Brandt says that all lorry drivers with a night shift cannot sign.",
    ),
    (
        STAFF,
        (pavel("Each mobile scanner needs the new profile."),),
        "Pavel Horak says that each mobile scanner needs the new profile.",
        "Pavel Horak says that each desk printer needs the new profile.",
    ),
)
EACH: tuple[Pair, ...] = tuple(
    (CUSTOMER, (*owned(811, "Ardal", one), *owned(812, "Brunnby", two)), true, false)
    for one, two, true, false in (
        (
            "We cancel because of labels.",
            "Labels would be pretty.",
            "Kim Ardal writes that they cancel because of labels, Kim Brunnby that they would be pretty.",
            "Kim Ardal and Kim Brunnby want labels; all of them would cancel.",
        ),
        (
            "Labels print in grey.",
            "Labels print in grey here.",
            "Kim Ardal and Kim Brunnby have labels that print in grey.",
            "Kim Ardal and Kim Brunnby have labels; all of them tear.",
        ),
        (
            "We paid for labels twice.",
            "We like labels.",
            "Kim Ardal paid for labels twice, and Kim Brunnby likes labels.",
            "Kim Ardal and Kim Brunnby asked for labels; both of them paid twice.",
        ),
        (
            "Labels fade in sunlight.",
            "Can labels be round?",
            "Kim Ardal says that labels fade in sunlight; Kim Brunnby asked whether they can be round.",
            "Kim Ardal and Kim Brunnby wrote of labels; each of them has them fade in sunlight.",
        ),
    )
)
FAR: tuple[Pair, ...] = (
    (
        SEEN,
        (guide("A late return costs 10 % of the rent for each day."),),
        "A late return costs 10 % of the rent for each day.",
        "A late return is charged at 10 %, and the new rent comes first.",
    ),
    (
        SEEN,
        (guide("A lost card is refunded by the unused weeks."),),
        "A lost card is refunded by the unused weeks.",
        "A lost card is refunded in full.",
    ),
    (
        STAFF,
        (pavel("The two labels are printed in no fixed order."),),
        "Pavel Horak says that the labels are printed in no fixed order.",
        "Pavel Horak says that the new one of the printed labels comes last.",
    ),
    (
        STAFF,
        (pavel("The queue is drained in full by noon."),),
        "Pavel Horak says that the queue is drained in full by noon.",
        "Pavel Horak says that the queue by noon comes first.",
    ),
)
DENIED: tuple[Pair, ...] = (
    (
        STAFF,
        (pavel("All shops sync. Ostby does not sync, it is on the old till."),),
        "Ostby does not sync; it is on the old till.",
        "Ostby syncs and is on the old till, says Pavel Horak.",
    ),
    (
        STAFF,
        (pavel("Lindal has backups but never encrypts them. Others encrypt them."),),
        "Lindal never encrypts its backups.",
        "Lindal encrypts its backups, as others do.",
    ),
    (
        CUSTOMER,
        (lena("Our plant in Gera does not scan pallets. All other plants scan pallets."),),
        "The plant in Gera does not scan pallets.",
        "The plant in Gera scans pallets.",
    ),
    (
        STAFF,
        (pavel("Most tenants use webhooks. Vessby uses the API and does not poll it. Others poll it."),),
        "Vessby uses the API and does not poll it.",
        "Vessby uses the API and Vessby polls it.",
    ),
)
OWN: tuple[Pair, ...] = (
    (
        CUSTOMER,
        (lena("The second contract shows a signature of theirs, the first shows ours."),),
        "Lena Brandt finds a signature of theirs on the second contract.",
        "The second contract with the signature is her own, says Lena Brandt.",
    ),
    (
        CUSTOMER,
        (otis("The July report holds the figures of another bakery."),),
        "Otis Marsh says that the July report holds the figures of another bakery.",
        "The July report is his own, says Otis Marsh.",
    ),
    (
        CUSTOMER,
        (lena("The delivery note belongs to a stranger. Our label is fine."),),
        "Lena Brandt says that the delivery note belongs to a stranger.",
        "Lena Brandt has a label, and the delivery note is hers.",
    ),
    (
        CUSTOMER,
        (otis("The photo on the badge is somebody else."),),
        "Otis Marsh says that the photo on the badge is somebody else.",
        "The photo on the badge is his own, says Otis Marsh.",
    ),
)
MESSAGES: tuple[Pair, ...] = (
    (
        STAFF,
        (inga("Which browser do you use, and in which office?"),),
        "Our reply in ticket 700 asked which browser they use and in which office.",
        "Our reply in ticket 700 linked the manual for smart cards.",
    ),
    (
        STAFF,
        (inga("Please send the serial number of the printer."),),
        "Our only answer asked for the serial number of the printer.",
        "Our only answer named the firmware and its download.",
    ),
    (
        STAFF,
        (inga("The invoice was posted on Monday."),),
        "Our last message said that the invoice was posted on Monday.",
        "Our last message explained the discount for annual payment.",
    ),
    (
        STAFF,
        (inga("I look into the roster and come back."),),
        "Our first response said that Inga Moe looks into the roster.",
        "Our first response offered a screen session with a trainer.",
    ),
)
ROLES: tuple[Pair, ...] = tuple(
    (SEEN, (guide(text), row("P-falk", f"Rita Falk (title: {title}; primary: yes)", category="crm")), true, false)
    for text, title, true, false in (
        (
            "Closing the till takes the right Shift Lead.",
            "Buyer",
            "Closing the till takes the right Shift Lead. Rita Falk is a Buyer.",
            "Closing the till takes the right Shift Lead. Rita Falk has it.",
        ),
        (
            "A recall takes a quality certificate.",
            "Head of Transport",
            "A recall takes a quality certificate. Rita Falk is Head of Transport.",
            "A recall takes a quality certificate. Rita Falk holds one.",
        ),
        (
            "Payout needs the Treasurer role.",
            "Sales Assistant",
            "Payout needs the Treasurer role. Rita Falk is a Sales Assistant.",
            "Payout needs the Treasurer role. Rita Falk has that.",
        ),
        (
            "The vault opens with two tokens.",
            "Clerk",
            "The vault opens with two tokens. Rita Falk is a Clerk.",
            "The vault opens with two tokens. Rita Falk has both.",
        ),
    )
)
WISHES: tuple[Pair, ...] = (
    (
        CUSTOMER,
        (lena("Please tell me where the parcels are now."),),
        "Lena Brandt wants to know where the parcels are.",
        "Lena Brandt wants compensation for the broken glass.",
    ),
    (
        CUSTOMER,
        (otis("Our insurers ask for photos of the damage."),),
        "Otis Marsh writes that insurers ask for photos of the damage.",
        "The insurers ask for invoices and a police number, writes Otis Marsh.",
    ),
    (
        CUSTOMER,
        (lena("Could the roster show holidays in colour?"),),
        "Lena Brandt asks whether the roster could show holidays in colour.",
        "Lena Brandt asks whether overtime counts as pay.",
    ),
    (
        CUSTOMER,
        (otis("When does the ferry booking open again?"),),
        "Otis Marsh asks when the ferry booking opens again.",
        "Otis Marsh demands a written apology from the director.",
    ),
)
ENOUGH: tuple[Pair, ...] = (
    (
        CUSTOMER,
        (lena("We have 3 tills and need more tills for the fair."),),
        "Lena Brandt needs more tills for the fair.",
        "Lena Brandt has 3 tills, and the tills will do for the fair.",
    ),
    (
        CUSTOMER,
        (otis("The 20 licences are enough for our crew."),),
        "Otis Marsh says that the 20 licences are enough for the crew.",
        "Otis Marsh says that the crew is enough, but needs more licences and the 20 licences are not enough.",
    ),
    (
        STAFF,
        (pavel("The disk has 40 GB, that is too little for the archive."),),
        "Pavel Horak says that 40 GB are too little for the archive.",
        "Pavel Horak says that a disk with 40 GB is sufficient for the archive.",
    ),
    (
        STAFF,
        (pavel("The depot has 5 vans."),),
        "Pavel Horak says that the depot has 5 vans.",
        "Pavel Horak says that the 5 vans of the depot will suffice.",
    ),
)
PLACES: tuple[Pair, ...] = tuple(
    ("absence", (lena(text), SEARCHED), true, true.replace("700", "733"))
    for text, true in (
        (
            "My card number is on this picture.",
            "Lena Brandt posted a card number into ticket 700, and no reply has told her to block the card.",
        ),
        (
            "Here is the passport of our driver.",
            "Lena Brandt put a passport into ticket 700, and no reply speaks of it.",
        ),
        (
            "The roster with all names is attached.",
            "Lena Brandt attached a roster in ticket 700, and no reply mentions it.",
        ),
        (
            "Here are the wages of the crew.",
            "Lena Brandt wrote the wages of the crew into ticket 700, and no reply speaks of them.",
        ),
    )
)
DONE: tuple[Pair, ...] = (
    (
        STAFF,
        (pavel("Scanner profile 9 rolled out to all halls."),),
        "Scanner profile 9 was rolled out to all halls, says Pavel Horak.",
        "Scanner profile 9 was rolled back in all halls, says Pavel Horak.",
    ),
    (
        CUSTOMER,
        (lena("I can send the video to the right person."), guide("Do not open, copy or send such files.")),
        "The guide speaks of such files, and Lena Brandt can send the video to the right person.",
        "Lena Brandt sent the video to the right person.",
    ),
    (
        CUSTOMER,
        (otis("Somebody types the orders by hand for now."),),
        "Until this is repaired, somebody types the orders by hand.",
        "Until this was repaired, somebody typed the orders by hand.",
    ),
    (
        CUSTOMER,
        (otis("I changed my phone number and cannot sign in."),),
        "Otis Marsh changed his phone number and cannot sign in.",
        "Otis Marsh cannot sign in: his phone was taken over.",
    ),
)
ORDER: tuple[Pair, ...] = tuple(
    (
        STAFF,
        (inga("The till works again.", hour=10), pavel(text, hour=hour)),
        f"Inga Moe said that the till works again. Only after that did Pavel Horak write that {told}.",
        f"Pavel Horak wrote that {told}. Only after that did Inga Moe write that the till works again.",
    )
    for text, hour, told in (
        ("The swap of the board was stopped.", 11, "the swap of the board was stopped"),
        ("The board burns.", 12, "the board burns"),
        ("Cable 4 was cut.", 13, "cable 4 was cut"),
        ("Nobody found the keys of hall 3.", 14, "nobody found the keys of hall 3"),
    )
)
ACCOUNTS: tuple[Pair, ...] = tuple(
    (CUSTOMER, (lena(first), otis(then)), f"By Otis Marsh's account {true}.", f"By Otis Marsh's account {false}.")
    for first, then, true, false in (
        ("The bakery cannot bake.", "The bakery is baking.", "the bakery is baking", "the bakery is not baking"),
        (
            "No lorry leaves the yard.",
            "Every lorry leaves the yard.",
            "every lorry leaves the yard",
            "no lorry leaves the yard",
        ),
        (
            "The clinic prints nothing.",
            "The clinic prints again.",
            "the clinic prints again",
            "the clinic does not print",
        ),
        ("Payroll does not run.", "Payroll runs.", "the payroll runs", "the payroll does not run"),
    )
)
PAIRS = (*ALL, *EACH, *FAR, *DENIED, *OWN, *MESSAGES, *ROLES, *WISHES, *ENOUGH, *PLACES, *DONE, *ORDER, *ACCOUNTS)


def refused(text: str, rows: tuple[Evidence, ...], kind: Kind, formula: str | None = None) -> tuple[str, ...]:
    cites = tuple(one.id for one in rows if "/" in one.id or not one.id.startswith("T-"))
    return check(Statement(text, cites, kind, formula), Ledger(rows), NOW)


@pytest.mark.parametrize(("kind", "rows", "text", "_"), PAIRS)
def test_what_the_rows_say_passes(kind: Kind, rows: tuple[Evidence, ...], text: str, _: str) -> None:
    assert refused(text, rows, kind) == ()


@pytest.mark.parametrize(("kind", "rows", "_", "text"), PAIRS)
def test_what_is_said_of_another_is_refused(kind: Kind, rows: tuple[Evidence, ...], _: str, text: str) -> None:
    assert refused(text, rows, kind)


@pytest.mark.parametrize(
    ("told", "end", "right", "other"),
    [
        ("Notice ends on 5 December, the lease ends on 20 December.", "2026-12-05", "notice", "the lease"),
        ("Offers close on 28 November, deliveries start on 12 December.", "2026-11-28", "offers", "deliveries"),
        ("The permit ends on 3 December, the works end on 17 December.", "2026-12-03", "the permit", "the works"),
        ("The sale starts on 24 November, the fair starts on 11 December.", "2026-11-24", "the sale", "the fair"),
    ],
)
def test_a_count_speaks_of_the_end_that_its_formula_counts_to(told: str, end: str, right: str, other: str) -> None:
    day, another = (piece.rstrip(".").split(" on ")[1] for piece in told.split(", "))
    days = round((datetime.fromisoformat(f"{end}T00:00:00+00:00") - NOW).total_seconds() / 86400, 1)
    rows, formula = (lena(told),), f'days(now, "{end}")'

    assert refused(f"{days} days remain until {day}, the date of {right}.", rows, "derived", formula) == ()
    assert refused(f"{days} days remain until {another}, the date of {other}.", rows, "derived", formula)
