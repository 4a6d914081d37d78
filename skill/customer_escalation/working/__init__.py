"""What happens while nobody asks: what was approved is delivered, what is due is reminded of, cases are looked at.

On one machine with SQLite one loop does it; with PostgreSQL any number of workers share it as jobs of procrastinate.
That each thing happens once is kept by the casebook's own claims, so that a job that runs twice does nothing.
"""

from __future__ import annotations

from customer_escalation.working.tasks import Task, carry, ready
from customer_escalation.working.worker import Worker

__all__ = ["Task", "Worker", "carry", "ready"]
