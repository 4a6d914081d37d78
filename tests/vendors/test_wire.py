"""What a brief costs on the wire: few requests, few waves, and the same answer as from the company's own files."""

from __future__ import annotations

from customer_escalation import settings
from tests.vendors.wire import LATENCY_S, brief, over_the_wire
from tests.virtual_time import elapsed

REQUESTS, WAVES = 45, 5


def test_the_acme_case_takes_few_requests_in_few_waves() -> None:
    setting, company = over_the_wire()

    _, seconds = elapsed(brief(setting))

    setting.close()
    assert len(company.asked) <= REQUESTS
    assert seconds <= WAVES * LATENCY_S + 0.01


def test_the_brief_says_what_the_one_from_files_says() -> None:
    setting, _ = over_the_wire()
    sample = settings.open_setting(None)

    wired, _ = elapsed(brief(setting))
    filed, _ = elapsed(brief(sample))

    setting.close()
    sample.close()
    assert (wired.decision, wired.severity, wired.target) == (filed.decision, filed.severity, filed.target)
    assert wired.brief.impact.customers_affected.names == filed.brief.impact.customers_affected.names
    assert {each.status for each in wired.sources} == {"ok"}
    assert wired.verification.unsupported == ()
