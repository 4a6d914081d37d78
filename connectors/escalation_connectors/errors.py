"""Errors grouped by what the caller can do next.

EscalationError
├── InputError          the person mends a file, field or option and runs again (exit status 2)
└── ConnectorError      one source could not be read; the brief goes on and says so
    ├── NotFound        ask for another id
    ├── AccessDenied    mend the credentials or the scopes
    ├── RateLimited     wait `retry_after` seconds
    ├── Unavailable     try later: a timeout, a 5xx, no connection
    ├── BadAnswer       report to the connector's author: the answer, or our question, was not understood
    ├── NotOffered      a write only: the vendor offers no such thing; do it by hand
    ├── Conflict        a write only: read the record again, someone changed it in between
    └── PerhapsWritten  a write only: look whether it happened before doing anything else
"""


class EscalationError(Exception):
    """Anything this project raises on purpose; its text is one line in our own words."""


class InputError(EscalationError):
    """Something a person wrote cannot be used; the text names the file, line, field or option."""


class ConnectorError(EscalationError):
    """A source could not be read; `source` names it and the text never holds the vendor's words.

    `advice` says what to do where that is not what its kind says.
    """

    advice = "see the log"

    def __init__(self, source: str, what: str, *, advice: str = "") -> None:
        super().__init__(f"{source}: {what}")
        self.source = source
        self.what = what
        self.advice = advice or type(self).advice


class NotFound(ConnectorError):  # noqa: N818 - named by what happened, as the callers read it
    """The source answered that there is no such record."""

    advice = "check the id"


class AccessDenied(ConnectorError):  # noqa: N818
    """The source refused our credentials, or they lack a scope; `known` says that it knows whose they are."""

    advice = "check the credentials and their scopes"

    def __init__(self, source: str, what: str, *, advice: str = "", known: bool = True) -> None:
        super().__init__(source, what, advice=advice)
        self.known = known


class RateLimited(ConnectorError):  # noqa: N818
    """The source asked us to wait; `retry_after` is in seconds."""

    advice = "wait and try again"

    def __init__(self, source: str, what: str, retry_after: float = 0.0, *, advice: str = "") -> None:
        super().__init__(source, what, advice=advice)
        self.retry_after = retry_after


class Unavailable(ConnectorError):  # noqa: N818
    """The source did not answer in time, or answered that it cannot."""

    advice = "try again later"


class BadAnswer(ConnectorError):  # noqa: N818
    """The source answered something that is not what its contract says."""

    advice = "report this to the connector's author"


class NotOffered(ConnectorError):  # noqa: N818
    """The vendor's API has no way to do this."""

    advice = "do it by hand"


class Conflict(ConnectorError):  # noqa: N818
    """A write was refused because the record changed in between; nothing was written."""

    advice = "read the record again"


class PerhapsWritten(ConnectorError):  # noqa: N818
    """A write was sent and no answer came: it may have happened, so it must not be sent again unseen."""

    advice = "look whether it is there"
