"""What Zendesk's support and its Help Center have in common: one account, one set of credentials."""

from __future__ import annotations

from escalation_connectors.auth import basic, bearer
from escalation_connectors.http import Line, Manners
from escalation_connectors.vendor import OAUTH, Option, Setup

MANNERS = Manners(per_second=3.0, burst=30)  # 200 a minute on the smallest plan
OPTIONS = (
    Option("url", "https://COMPANY.zendesk.com", required=True),
    *OAUTH,
    Option("token", "in place of an OAuth client: an access token; with email an API token", secret=True),
    Option("email", "whose API token it is (these end on 30 April 2027)"),
)


def line(setup: Setup, scope: str = "read") -> Line:
    """The connection to the account."""
    url = setup.required("url").rstrip("/")
    if setup.text("client_id"):
        return setup.line(url, setup.oauth(url + "/oauth/tokens", scope=scope), MANNERS)
    email, token = setup.text("email"), setup.needed("token")
    return setup.line(url, basic(f"{email}/token", token) if email else bearer(token), MANNERS)
