"""What Intercom's conversations and its articles have in common: one workspace, one token."""

from __future__ import annotations

from escalation_connectors.auth import bearer
from escalation_connectors.http import Line, Manners
from escalation_connectors.vendor import Option, Setup

OPTIONS = (
    Option("token", "an access token of an app of your own workspace", secret=True, required=True),
    Option("url", "only for https://api.eu.intercom.io and https://api.au.intercom.io"),
)


def line(setup: Setup) -> Line:
    """The connection to the workspace, in one version of its API."""
    manners = Manners(headers={"Intercom-Version": "2.15"})
    return setup.line(setup.text("url", "https://api.intercom.io"), bearer(setup.needed("token")), manners)
