"""Run by the emulator's own Python: serves the corpus, prints where, with whose tokens, until standard input ends."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.update(BACKLOT_TELEMETRY="0", DO_NOT_TRACK="1")

import backlot  # type: ignore[import-not-found]  # pyright: ignore[reportMissingImports]
import yaml

CORPUS = Path(__file__).with_name("corpus.jsonl")

if __name__ == "__main__":
    records = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    with backlot.serve(records, telemetry=False) as served:  # pyright: ignore
        tokens = yaml.safe_load((Path(str(served.data_dir)) / "tokens.yaml").read_text(encoding="utf-8"))  # pyright: ignore
        sys.stdout.write(json.dumps({"url": served.base_url, "tokens": tokens}, default=str) + "\n")  # pyright: ignore
        sys.stdout.flush()
        sys.stdin.read()
