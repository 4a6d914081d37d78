"""Scripted language models that speak the Messages API over real HTTP on loopback: for tests, evals and other people.

    with ModelServer(personas.well_behaved(sentences)) as server:
        ...  # ANTHROPIC_BASE_URL=server.url
    server.requests  # all that was asked

`python -m customer_escalation.testing PERSONA` serves one until it is ended.
"""

from customer_escalation.testing import hostile, personas
from customer_escalation.testing.messages import Answer, Model, Request, Usage, call, talk, think
from customer_escalation.testing.server import ModelServer

__all__ = ["Answer", "Model", "ModelServer", "Request", "Usage", "call", "hostile", "personas", "talk", "think"]
