"""`python -m customer_escalation.testing PERSONA [--sentences FILE] [--port N]`: serve a scripted model until ended."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import threading
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, cast

import yaml

from customer_escalation.testing import ModelServer, hostile, personas


def main() -> None:
    """Serve until SIGTERM or Ctrl-C, and say where in one line on standard error."""
    options = argparse.ArgumentParser(prog="customer_escalation.testing")
    options.add_argument("persona", choices=["well_behaved", *hostile.HOSTILE])
    options.add_argument("--sentences", type=Path, help="what the well-behaved one submits: YAML with `sentences`")
    options.add_argument("--port", type=int, default=0)
    chosen = options.parse_args()
    told = cast("dict[str, Any]", yaml.safe_load(chosen.sentences.read_text("utf-8"))) if chosen.sentences else {}
    well_behaved = personas.well_behaved(told.get("sentences", ()), told.get("dissent", ()))
    ended = threading.Event()
    signal.signal(signal.SIGTERM, partial(_end, ended))
    with ModelServer(hostile.HOSTILE.get(chosen.persona, well_behaved), port=chosen.port) as server:
        sys.stderr.write(f"ANTHROPIC_BASE_URL={server.url}\n")
        sys.stderr.flush()
        with contextlib.suppress(KeyboardInterrupt):
            ended.wait()


def _end(ended: threading.Event, number: int, frame: FrameType | None) -> None:
    del number, frame
    ended.set()


if __name__ == "__main__":
    main()
