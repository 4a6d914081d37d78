"""The Acme case of the sample company, read from five vendors over a slow line."""

from __future__ import annotations

from msgspec.structs import replace

from customer_escalation import resources, settings, workflow
from customer_escalation.brief import Result
from customer_escalation.settings import Setting
from customer_escalation.workflow import Request
from escalation_connectors.http import Wire
from escalation_connectors.options import Fields
from escalation_connectors.registry import connect, read_configuration
from tests.vendors.company import Company
from tests.vendors.harness import Store

LATENCY_S = 0.2
ISSUE = "Intermittent 500 errors for Acme Corp"
CONNECTORS = {
    "support_platform": {"vendor": "zendesk", "url": "https://larkfield.zendesk.com", "token": "env:TOKEN"},
    "crm": {"vendor": "hubspot", "token": "env:TOKEN"},
    "chat": {"vendor": "slack", "token": "env:SLACK"},
    "project_tracker": {
        "vendor": "jira", "url": "https://larkfield.atlassian.net", "email": "b@x.example", "token": "env:TOKEN",
    },
    "knowledge_base": {
        "vendor": "confluence", "url": "https://larkfield.atlassian.net", "email": "b@x.example", "token": "env:TOKEN",
    },
}  # fmt: skip


def over_the_wire(latency: float = LATENCY_S) -> tuple[Setting, Company]:
    """The sample company's setting, its records behind five vendors."""
    company = Company(resources.SAMPLE, latency)
    setups = read_configuration(
        Fields(CONNECTORS, "wire"), {"TOKEN": "t", "SLACK": "xoxp-t"}, Store(), Wire(transport=company)
    )
    connected = connect(setups)
    sample = settings.open_setting(None)
    return replace(sample, sources=connected.sources, disconnect=connected.close), company


async def brief(setting: Setting) -> Result:
    """Read it all once."""
    moment = setting.profile.sample_now
    assert moment is not None
    return await settings.disconnecting(setting, workflow.escalate(Request(ISSUE, moment), setting))
