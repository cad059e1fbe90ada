"""What a year of any size costs: `python -m tests.bench.large --rows 1000000 10000000`.

Belongs here: which commands are compared, on what, and which are left out. Each command is a
process of its own; rounds take turns. Facts are compared with the plain recount cell by cell.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import astuple
from pathlib import Path
from statistics import median

from tests.bench.large_page import (
    DAGSTER,
    DECODE,
    DETAILS,
    FACTS,
    LARGEST,
    LONGEST,
    ONCE,
    OURS,
    PAGE,
    PANDAS,
    PARSE,
    PLAIN,
    PLAIN_FACTS,
    RELEASE,
    SPARK,
    TAKE,
    Costs,
    page,
)
from tests.bench.measure import Cost, measure
from tests.bench.year import module

CUTOFF = "2024-01-01"
# A line for each size that was measured to its end, so that a run that was cut off can go on.
RECORD = Path(__file__).parents[2] / "data" / "bench-large.jsonl"


class Measured:
    """What was measured so far; on the page after each command, in the record after each size.

    Args:
        rounds: how often a command is measured.
        write: whether there is a page.
    """

    def __init__(self, rounds: int, *, write: bool) -> None:
        self.rounds = rounds
        self.costs: Costs = {}
        self._load = os.getloadavg()[0]
        self._write = write
        self._done: set[tuple[str, int]] = set()
        self._unrecorded: list[tuple[str, int, tuple[float, ...]]] = []

    def note(self, title: str, rows: int, cost: Cost) -> None:
        """Keep what a command cost."""
        self.costs.setdefault((title, rows), []).append(cost)
        self._unrecorded.append((title, rows, astuple(cost)))
        took = f"{cost.wall:.1f} s, {cost.cpu:.1f} s CPU, {cost.peak:.0f} MiB"
        print(f"{rows:>11,}  {title}: {took}", flush=True)
        self.show(finished=False)

    def show(self, *, finished: bool) -> None:
        """Write the page, or print it once all is measured."""
        text = page(self.costs, self.rounds, self._load, finished=finished)
        if self._write:
            PAGE.write_text(text, encoding="utf-8")
        elif finished:
            print(text)

    def resume(self) -> None:
        """Take over what an earlier run recorded."""
        for line in RECORD.read_text(encoding="utf-8").splitlines():
            form, size, found = json.loads(line)
            self._done.add((form, size))
            for title, rows, values in found:
                self.note(title, rows, Cost(*values))
        self._unrecorded = []

    def measure(self, form: str, size: int, work: Callable[[int, Path, "Measured"], None]) -> None:
        """Measure a size that is not on record, in a folder of its own."""
        if (form, size) in self._done:
            return
        with tempfile.TemporaryDirectory(prefix="hotline-large-") as name:
            scratch = Path(name) / "run"
            scratch.mkdir()
            work(size, scratch, self)
        with RECORD.open("a", encoding="utf-8") as file:
            file.write(json.dumps((form, size, self._unrecorded), ensure_ascii=False) + "\n")
        self._unrecorded = []

    def another_round(self, titles: Iterable[str], rows: int) -> bool:
        """Whether a size is to be measured once more: a long round is not repeated."""
        found = [self.costs.get((title, rows), []) for title in titles]
        if not any(found):
            return True
        taken = sum(median(each.wall for each in own) for own in found)
        return len(found[0]) < self.rounds and taken < ONCE

    def bearable(self, title: str, rows: int) -> bool:
        """Whether a tool can be asked, should its cost grow as the rows from the size before."""
        before = max(
            (size for name, size in self.costs if name == title and size < rows), default=0
        )
        if not before:
            return True
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 20)
        wall = median(each.wall for each in self.costs[title, before]) * rows / before
        peak = median(each.peak for each in self.costs[title, before]) * rows / before
        return wall < LONGEST and peak < LARGEST * memory


def importing(_: int, scratch: Path, measured: Measured) -> None:
    """Measure what every command that loads Dagster pays first."""
    for _ in range(measured.rounds):
        command = [sys.executable, "-c", "import dagster"]
        measured.note(DAGSTER, 0, measure(command, folder=scratch, settings={}))


def from_staged(rows: int, scratch: Path, measured: Measured) -> None:
    """Measure what follows ingestion, on rows as ingestion stages them."""
    warehouse = scratch / "warehouse"
    measure(module("large_rows", "staged", rows, warehouse), folder=scratch, settings={})
    kept = {each.name for each in warehouse.iterdir()}
    plain = scratch / "plain"
    details, facts = warehouse / "details", warehouse / "built"
    commands = {
        DETAILS: module("steps", "details", warehouse),
        FACTS: module("steps", "facts", warehouse),
        PLAIN_FACTS: module("plain_details", details, CUTOFF, plain),
        DECODE: module("decode", details),
        RELEASE: module("steps", "release", warehouse),
    }
    while measured.another_round(commands, rows):
        for each in warehouse.iterdir():
            if each.name not in kept:
                each.unlink() if each.is_symlink() or each.is_file() else shutil.rmtree(each)
        # The one thing that details leave beside the staged rows: a second round would not seek it.
        for record in (warehouse / "staged").glob("*/moved.parquet"):
            record.unlink()
        for title, command in commands.items():
            measured.note(title, rows, measure(command, folder=scratch, settings={}))
            if title == PLAIN_FACTS:
                measure(module("same", facts, plain), folder=scratch, settings={})
                shutil.rmtree(plain)
    shutil.rmtree(warehouse)


def from_csv(rows: int, scratch: Path, measured: Measured) -> None:
    """Measure the whole path, and others' ways to the same facts, on exports."""
    landing = scratch / "landing"
    measure(module("large_rows", "csv", rows, landing), folder=scratch, settings={})
    commands: dict[str, Callable[[Path], list[str]]] = {
        PLAIN: lambda work: module("plain", landing, work / "facts"),
        TAKE: lambda work: module("steps", "take", work / "warehouse", landing),
        OURS: lambda work: module("ours", landing, work / "warehouse"),
        PARSE: lambda _: module("parse", landing),
        PANDAS: lambda work: module("others.pandas_pandera", landing, work / "facts"),
        SPARK: lambda work: module("others.spark", landing, work / "facts"),
    }
    for title in (PANDAS, SPARK):
        if not measured.bearable(title, rows):
            del commands[title]
    # Where the facts of each lie, to be compared with those of the plain script.
    made = {OURS: "warehouse/current/facts", PANDAS: "facts", SPARK: "facts"}
    number = 0
    while measured.another_round(commands, rows):
        number += 1
        for place, (title, command) in enumerate(commands.items()):
            # Each in a folder of its own, which stays: ext4 looks long for a place for new files
            # where many were deleted half a minute ago, and no night deletes a warehouse first.
            work = scratch / f"{number}-{place}"
            work.mkdir()
            measured.note(title, rows, measure(command(work), folder=work, settings={}))
            if title == PLAIN:
                reference = work / "facts"
            elif title in made:
                measure(module("same", work / made[title], reference), folder=work, settings={})


def main() -> None:
    """Measure, then print or write."""
    parser = argparse.ArgumentParser(description="What a year of any size costs.")
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--csv", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    parser.add_argument("--resume", action="store_true", help=f"go on after data/{RECORD.name}")
    options = parser.parse_args()
    measured = Measured(options.rounds, write=options.write)
    RECORD.parent.mkdir(exist_ok=True)
    if not options.resume:
        RECORD.unlink(missing_ok=True)
    elif RECORD.exists():
        measured.resume()
    measured.measure("import", 0, importing)
    # The largest last: it is where a tool may fail.
    for size in sorted({*options.rows, *options.csv}):
        if size in options.rows:
            measured.measure("staged", size, from_staged)
        if size in options.csv:
            measured.measure("csv", size, from_csv)
    measured.show(finished=True)


if __name__ == "__main__":
    main()
