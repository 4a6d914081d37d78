"""A real result for tests that keep and show one: the Acme Corp case of the sample company, made once."""

from __future__ import annotations

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import pytest

from customer_escalation import settings
from customer_escalation.brief import Result
from customer_escalation.workflow import Request, escalate
from tests.server.desks import NOW

ISSUE = "API returning 500 errors intermittently for Acme Corp"


@lru_cache(maxsize=1)
def acme() -> Result:
    """An escalation to Engineering, with nearly everything in it."""
    with ThreadPoolExecutor(1) as thread:  # the caller may be inside an event loop
        return thread.submit(asyncio.run, _made()).result()


async def _made() -> Result:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUSTOMER_ESCALATION_HOME", folder)
        setting = settings.open_setting(None)
        try:
            return await escalate(Request(issue=ISSUE, now=NOW), setting)
        finally:
            setting.close()
