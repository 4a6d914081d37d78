"""What was said on a Salesforce case: its comments and its e-mails, read as parts of the query for the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from escalation_connectors.markup.html import text_of
from escalation_connectors.paging import beyond, in_order
from escalation_connectors.records import Comment, Page, Person, Role
from escalation_connectors.row import Row

COMMENTS = (
    "(SELECT Id, CommentBody, IsPublished, CreatedDate, CreatedBy.Id, CreatedBy.Name, CreatedBy.UserType "
    "FROM CaseComments ORDER BY CreatedDate)"
)
MAILS = (
    "(SELECT Id, TextBody, HtmlBody, FromName, FromAddress, Incoming, Status, MessageDate, CreatedDate "
    "FROM EmailMessages ORDER BY CreatedDate)"
)
ROLES: Mapping[str, Role] = {
    "Standard": "agent", "AutomatedProcess": "system", "CloudIntegrationUser": "system", "PowerPartner": "agent",
    "CspLitePortal": "customer", "CustomerSuccess": "customer", "PowerCustomerSuccess": "customer",
    "SelfService": "customer", "Guest": "customer",
}  # fmt: skip
DRAFT = "5"


def thread(row: Row, first: Page[Comment]) -> Page[Comment]:
    """What the case says of its thread, oldest first; `first` is left out where an e-mail brought it."""
    mails = _part(
        row.row("EmailMessages"), [_mail(mail) for mail in row.rows("EmailMessages", "records") if _sent(mail)]
    )
    comments = _part(row.row("CaseComments"), [_comment(each) for each in row.rows("CaseComments", "records")])
    return in_order((beyond(first, mails), comments, mails))


def _part(answer: Row, read: Sequence[Comment]) -> Page[Comment]:
    """A list within a record, which comes without its rest where it is long."""
    cut = answer.flag("done") is False
    return Page(tuple(read), None if cut else len(read), cut)


def _sent(mail: Row) -> bool:
    return mail.text("Status") != DRAFT


def _comment(row: Row) -> Comment:
    by = row.row("CreatedBy")
    author = Person(by.text("Name"), ROLES.get(by.text("UserType"), ""), "", by.text("Id"))
    return Comment(
        row.must("Id"), row.text("CommentBody"), row.time("CreatedDate"), author, row.flag("IsPublished") is True
    )


def _mail(row: Row) -> Comment:
    role: Role = "customer" if row.flag("Incoming") else "agent"
    author = Person(row.text("FromName") or row.text("FromAddress"), role, row.text("FromAddress"))
    body = row.text("TextBody") or text_of(row.text("HtmlBody"))
    return Comment(row.must("Id"), body, row.time("MessageDate") or row.time("CreatedDate"), author)
