"""Pairs of a true sentence and one that differs in a single meaning: who, which one, before or after, how far, why."""

from __future__ import annotations

import pytest

from customer_escalation.brief import Kind, Statement
from customer_escalation.evidence import Author, Evidence, Ledger
from customer_escalation.verify import check
from tests.skill.verify_rows import NOW, at, row

LENA, OTIS = Author("Lena Brandt", "customer"), Author("Otis Marsh", "customer")
INGA, PAVEL = Author("Inga Moe", "agent"), Author("Pavel Horak", "engineer")
CUSTOMER: Kind = "stated_by_customer"
STAFF: Kind = "stated_by_staff"
SEEN: Kind = "observed"
Pair = tuple[Kind, tuple[Evidence, ...], str, str]


def lena(text: str, row_id: str = "T-700/1", day: int = 17, hour: int = 9) -> Evidence:
    return row(row_id, text, author=LENA, when=at(day, hour))


def otis(text: str, row_id: str = "T-700/4", day: int = 18, hour: int = 9) -> Evidence:
    return row(row_id, text, author=OTIS, when=at(day, hour))


def inga(text: str, row_id: str = "T-700/2", day: int = 17, hour: int = 10) -> Evidence:
    return row(row_id, text, author=INGA, when=at(day, hour))


def pavel(text: str, row_id: str = "I-OPS-9/1", day: int = 17, hour: int = 11) -> Evidence:
    return row(row_id, text, author=PAVEL, when=at(day, hour), category="project_tracker")


def guide(text: str) -> Evidence:
    return row("K-guide", text, category="knowledge_base")


ONE_OF_TWO: tuple[Pair, ...] = (
    (
        STAFF,
        (inga("We will send you tomorrow either a patch or a date for it."),),
        "The patch or a date for it, which Inga Moe promised, was for the next day.",
        "The patch that Inga Moe promised was for the next day.",
    ),
    (
        CUSTOMER,
        (lena("I want to talk to your CTO or your security lead this week."),),
        "Lena Brandt wants to talk to our CTO or our security lead.",
        "Lena Brandt wants to talk to our CTO and our security lead.",
    ),
    (
        STAFF,
        (pavel("By Friday I will deliver a script or a written procedure."),),
        "Pavel Horak promised a script or a written procedure by Friday.",
        "Pavel Horak promised a script by Friday.",
    ),
    (
        CUSTOMER,
        (lena("We need a replacement printer or a refund by Monday."),),
        "Lena Brandt needs a replacement printer or a refund by Monday.",
        "Lena Brandt needs a replacement printer and a refund by Monday.",
    ),
)
IN_TIME: tuple[Pair, ...] = (
    (
        STAFF,
        (pavel("The scanner driver is ready by the end of March."), lena("Our inventory is on 9 March.")),
        "The scanner driver would be ready by the end of March, and the inventory is on 9 March.",
        "The scanner driver would be ready by the end of March, and the inventory follows it.",
    ),
    (
        STAFF,
        (pavel("The report module can be delivered on 20 May."), lena("The board meeting is on 12 May.")),
        "The report module comes on 20 May, after the board meeting on 12 May.",
        "The report module comes on 20 May, in time for the board meeting.",
    ),
    (
        STAFF,
        (pavel("The new labels can be printed on 28 June."), lena("Our trade fair is on 3 June.")),
        "The new labels come on 28 June, and the trade fair is on 3 June.",
        "The new labels come on 28 June, before the trade fair.",
    ),
    (
        STAFF,
        (pavel("The archive is moved by the end of April."), lena("The inspection is on 22 April.")),
        "The archive is moved by the end of April, and the inspection is on 22 April.",
        "The archive is moved by the end of April, ahead of the inspection.",
    ),
)
BEARERS: tuple[Pair, ...] = (
    (
        STAFF,
        (pavel("Next call at 14:15 UTC. The reboot has no date."),),
        "Pavel Horak has the next call at 14:15 UTC, and the reboot has no date.",
        "Pavel Horak has set the reboot for 14:15 UTC.",
    ),
    (
        SEEN,
        (guide("Agents may waive shipping up to EUR 80. Refunds of a whole order are decided by finance."),),
        "Agents may waive shipping up to EUR 80.",
        "Agents may decide on refunds up to EUR 80.",
    ),
    (
        STAFF,
        (pavel("The backup is at 02:40 UTC. We moved the import out of its way."),),
        "Pavel Horak has the backup at 02:40 UTC.",
        "Pavel Horak has the import at 02:40 UTC.",
    ),
    (
        SEEN,
        (guide("Deposits over USD 900 need a second signature. A loan is signed by the manager."),),
        "Deposits over USD 900 need a second signature.",
        "It needs a second signature to get a loan over USD 900.",
    ),
)
ONSETS: tuple[Pair, ...] = (
    (
        CUSTOMER,
        (lena("The label printing has been slow for ten days. We changed nothing."),),
        "Lena Brandt says that the label printing has been slow for ten days.",
        "Lena Brandt says that the label printing has been slow since the migration.",
    ),
    (
        CUSTOMER,
        (lena("The stock figures are wrong since the upgrade on Monday."),),
        "Lena Brandt finds the stock figures wrong since the upgrade.",
        "Lena Brandt finds the stock figures wrong since the maintenance.",
    ),
    (
        CUSTOMER,
        (lena("Errors began on Tuesday at the till."),),
        "Lena Brandt reports that errors at the till began on Tuesday.",
        "Lena Brandt reports that errors at the till began with the rollout.",
    ),
    (
        STAFF,
        (pavel("The queue started to grow after the failover."),),
        "Pavel Horak noted that the queue started to grow after the failover.",
        "Pavel Horak noted that the queue started to grow after the rotation.",
    ),
)
FORBIDDEN: tuple[Pair, ...] = (
    (
        SEEN,
        (guide("Do not call the affected patient. The clinic informs the affected patient."),),
        "Support must not call the affected patient.",
        "Support calls the affected patient.",
    ),
    (
        SEEN,
        (guide("Never restart the primary node during a backup."),),
        "Nobody must restart the primary node during a backup.",
        "Restart the primary node during a backup.",
    ),
    (
        SEEN,
        (guide("You must not share recovery codes by e-mail."),),
        "Support must not share recovery codes by e-mail.",
        "Agents share recovery codes by e-mail.",
    ),
    (
        SEEN,
        (guide("Don't reopen supplier accounts before a call."),),
        "Support must not reopen supplier accounts before a call.",
        "Support reopens supplier accounts before a call.",
    ),
)
WITHDRAWN: tuple[Pair, ...] = (
    (
        CUSTOMER,
        (lena("All our price lists were deleted!"), otis("Please ignore that, Lena looked at the test shop.")),
        "Lena Brandt wrote that price lists were deleted; Otis Marsh says that she looked at the test shop.",
        "The price lists were deleted.",
    ),
    (
        CUSTOMER,
        (lena("Somebody changed the bank details."), otis("False alarm: these are the details of our new bank.")),
        "It was a false alarm: these are the details of the new bank.",
        "Somebody changed the bank details.",
    ),
    (
        CUSTOMER,
        (lena("The warehouse lost 40 pallets in your system."), otis("Our own mistake, they stand in hall 2.")),
        "The pallets stand in hall 2, by their own mistake.",
        "The warehouse lost 40 pallets.",
    ),
    (
        CUSTOMER,
        (lena("The payroll crashed for 30 people."), otis("Never mind, the laptop was offline.")),
        "Lena Brandt wrote of a payroll that crashed; the laptop was offline, says Otis Marsh.",
        "The payroll crashed for 30 people.",
    ),
)
TAKEN_FOR: tuple[Pair, ...] = (
    (
        STAFF,
        (pavel("The filter skips parcels without a weight when it sorts a batch."),),
        "Pavel Horak found that the filter skips parcels without a weight.",
        "Pavel Horak found that the filter skips parcels as returns when it sorts a batch.",
    ),
    (
        STAFF,
        (pavel("The scorer marks new orders as suspicious."),),
        "Pavel Horak says that the scorer marks new orders as suspicious.",
        "Pavel Horak says that the scorer marks new orders as samples.",
    ),
    (
        CUSTOMER,
        (lena("Your gateway rejects our cards, whatever the amount."),),
        "Lena Brandt says that the gateway rejects the cards, whatever the amount.",
        "Lena Brandt says that the gateway rejects the cards as expired, whatever the amount.",
    ),
    (
        STAFF,
        (pavel("The parser reads the column as text."),),
        "Pavel Horak says that the parser reads the column as text.",
        "Pavel Horak says that the parser reads the column as dates.",
    ),
)
COMPELLED: tuple[Pair, ...] = (
    (
        CUSTOMER,
        (lena("Our team typed the list in ten minutes, thanks to the template."),),
        "Lena Brandt says that the team typed the list in ten minutes.",
        "Lena Brandt says that the team had to type the list in ten minutes.",
    ),
    (
        CUSTOMER,
        (lena("We printed the tickets again, on our own paper."),),
        "Lena Brandt says that they printed the tickets again.",
        "Lena Brandt says that they had to print the tickets again.",
    ),
    (
        STAFF,
        (inga("Import works, with the template of the guide."),),
        "Inga Moe named the import and the template of the guide.",
        "Inga Moe had to import it with the template of the guide.",
    ),
    (
        STAFF,
        (pavel("I rebuilt the index on Monday."),),
        "Pavel Horak rebuilt the index on Monday.",
        "Pavel Horak was forced to rebuild the index on Monday.",
    ),
)
CONCLUDED: tuple[Pair, ...] = (
    (
        STAFF,
        (pavel("Our probes show 90 ms for this shop."), lena("Checkout takes 12 seconds.")),
        "Pavel Horak says that the probes show 90 ms for this shop, and Lena Brandt has checkout take 12 seconds.",
        "The probes show 90 ms for this shop. The checkout is therefore slow on our side.",
    ),
    (
        STAFF,
        (pavel("The disk is full, therefore imports stop."),),
        "Pavel Horak says that the disk is full and therefore imports stop.",
        "Pavel Horak says that the disk is full; payments hence stop on every disk.",
    ),
    (
        SEEN,
        (
            row("P-moe", "Rita Falk (title: Head of Stores; primary: yes)", category="crm"),
            guide("The export of stores takes the role of Auditor."),
        ),
        "The export of stores takes the role of Auditor, and Rita Falk is Head of Stores.",
        "Rita Falk may run the export, being Head of Stores.",
    ),
    (
        STAFF,
        (pavel("The certificate of the mail host ended on Sunday."),),
        "Pavel Horak says that the certificate of the mail host ended on Sunday.",
        "Pavel Horak says that the certificate ended on Sunday; consequently no mail host was safe.",
    ),
)
PAIRS = (*ONE_OF_TWO, *IN_TIME, *BEARERS, *ONSETS, *FORBIDDEN, *WITHDRAWN, *TAKEN_FOR, *COMPELLED, *CONCLUDED)


def refused(text: str, rows: tuple[Evidence, ...], kind: Kind, formula: str | None = None) -> tuple[str, ...]:
    cites = tuple(one.id for one in rows if "/" in one.id or one.category not in ("support_platform",))
    return check(Statement(text, cites, kind, formula), Ledger(rows), NOW)


@pytest.mark.parametrize(("kind", "rows", "text", "_"), PAIRS)
def test_what_the_rows_say_passes(kind: Kind, rows: tuple[Evidence, ...], text: str, _: str) -> None:
    assert refused(text, rows, kind) == ()


@pytest.mark.parametrize(("kind", "rows", "_", "text"), PAIRS)
def test_what_differs_in_one_meaning_is_refused(kind: Kind, rows: tuple[Evidence, ...], _: str, text: str) -> None:
    assert refused(text, rows, kind)
