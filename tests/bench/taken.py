"""Take the calls of a landing folder into a fresh warehouse, as a process of its own.

Run as `python -m tests.bench.taken LANDING WAREHOUSE`, or with a clean export and a number of
rounds on top: before each round Polars then reads that one as text, and what DATA.md demands anyway
is done by the libraries alone; the costs of all three are printed, round by round, as JSON.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from assets.exports.stage import ingest_dataset
from assets.exports.states import TAKEN
from assets.installation.installation import Installation
from tests.bench.demanded import meet_demands
from tests.children.sitecustomize import hide_the_rest


def _cost(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall and of CPU time."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _take(landing: Path, warehouse: Path) -> None:
    shutil.rmtree(warehouse, ignore_errors=True)
    warehouse.mkdir()
    taken = ingest_dataset(Installation(landing=landing, root=warehouse), "calls", lambda _: True)
    (outcome,) = taken.outcomes.to_dicts()
    if outcome["state"] != TAKEN or not outcome["quarantined"]:
        raise SystemExit(f"{outcome['rule']}: that was not the export to be measured.")


def main(landing: Path, warehouse: Path, clean: Path | None = None, rounds: str = "0") -> None:
    """Take it once, or as often as asked for after one unmeasured round."""
    if clean is None:
        _take(landing, warehouse)
        return
    export = landing / clean.name
    for number in range(int(rounds) + 1):
        floor = _cost(lambda: pl.read_csv(clean, infer_schema=False))
        least = _cost(lambda: meet_demands(export, clean, warehouse.parent, landing.name))
        ours = _cost(lambda: _take(landing, warehouse))
        if number:
            print(json.dumps([*floor, *least, *ours]))


if __name__ == "__main__":
    hide_the_rest()
    main(*map(Path, sys.argv[1:4]), *sys.argv[4:])
