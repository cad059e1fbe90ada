"""What it costs to take one export of a million calls, beside reading it as text with Polars.

`python -m tests.bench.ingestion` prints a Markdown table with the goals. Belongs here: which files,
and the verdict. Reading and taking turn by turn happens in one process (`taken.py`), the peak of
memory is that of another which takes the file once.
"""

import json
import os
import tempfile
from pathlib import Path
from statistics import median

from tests.bench.exports import NAME
from tests.bench.measure import measure
from tests.bench.year import module

ROUNDS = 5
# Encoding -> how many times the floor's time; and the file's size in memory.
GOALS = {"utf-8": 4.0, "gb18030": 6.0}
MEMORY = 8.0
_COLUMNS = (
    *("encoding", "Polars, text only", "demanded anyway", "taken", "times demanded"),
    *("times text only", "goal", "peak MiB", "goal"),
)
_MIB = 1 << 20


def _row(scratch: Path, encoding: str, settings: dict[str, str]) -> str:
    work = scratch / "work"
    landing, warehouse, clean = scratch / encoding, work / "warehouse", scratch / "clean" / NAME
    command = module("taken", landing, warehouse, clean, ROUNDS)
    measure(command, folder=work, settings=settings)
    rounds = map(json.loads, work.with_suffix(".log").read_text(encoding="utf-8").splitlines())
    floor_wall, floor_cpu, *least, wall, cpu = map(median, zip(*rounds, strict=True))
    peak = measure(module("taken", landing, warehouse), folder=work, settings=settings).peak
    size = (landing / NAME).stat().st_size / _MIB
    times = (wall / floor_wall, cpu / floor_cpu)
    goal = GOALS[encoding]
    cells = (
        encoding,
        f"{floor_wall:.2f} / {floor_cpu:.2f}",
        f"{least[0]:.2f} / {least[1]:.2f}",
        f"{wall:.2f} / {cpu:.2f}",
        f"{wall / least[0]:.1f} / {cpu / least[1]:.1f}",
        " / ".join(f"{each:.1f}" for each in times),
        f"{goal:g}: {' / '.join(_verdict(each, goal) for each in times)}",
        f"{peak:.0f} = {peak / size:.1f} x file",
        f"{MEMORY:g}: {_verdict(peak / size, MEMORY)}",
    )
    return f"| {' | '.join(cells)} |"


def _verdict(value: float, goal: float) -> str:
    return "met" if value <= goal else "missed"


def main() -> None:
    """Measure and print."""
    load = os.getloadavg()[0]
    cores = str(os.cpu_count())
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as name:
        scratch = Path(name)
        work = scratch / "work"
        work.mkdir()
        measure(module("exports", scratch), folder=work, settings={})
        print("One export of a million calls, six in a thousand bad. Seconds of wall / CPU time,")
        print(f"medians of {ROUNDS} rounds in turn; {cores} threads, load before {load:.1f}.\n")
        print(f"| {' | '.join(_COLUMNS)} |")
        print(f"|---{'|---:' * (len(_COLUMNS) - 1)}|")
        for encoding in GOALS:
            print(_row(scratch, encoding, {"POLARS_MAX_THREADS": cores}))


if __name__ == "__main__":
    main()
