"""What a year of any size costs: `python -m tests.bench.large --rows 1000000 10000000`.

Belongs here: which commands are compared, on what, and the page that says so. Each command is a
process of its own; rounds take turns. Facts are compared with the plain recount cell by cell.
"""

import argparse
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.bench.measure import Cost, measure
from tests.bench.year import machine_line, module

PAGE = Path(__file__).parents[2] / "docs" / "performance-large.md"
CUTOFF = "2024-01-01"
DETAILS, FACTS, RELEASE = "details", "facts", "release"
PLAIN_FACTS = "plain DuckDB: facts from the same Parquet"
DECODE = "floor: Polars decodes the columns"
TAKE, OURS = "ingestion", "whole path, all checks"
PLAIN, PANDAS = "plain DuckDB script, no check", "pandas + pandera, 2 of 10 tables"
SPARK = "PySpark local, no check, 2 of 10 tables"
PARSE, DAGSTER = "floor: Polars reads all CSV as text", "floor: import dagster"
FROM_STAGED = (DETAILS, FACTS, PLAIN_FACTS, DECODE, RELEASE)
FROM_CSV = (OURS, TAKE, PLAIN, PARSE, PANDAS, SPARK)
# Above these sizes the other tools are not asked: pandas holds everything, Spark takes very long.
PANDAS_ROWS, SPARK_ROWS = 2_000_000, 20_000_000

Costs = dict[tuple[str, int], list[Cost]]
Note = Callable[[str, int, Cost], None]


def from_staged(rows: int, scratch: Path, rounds: int, note: Note) -> None:
    """Measure what follows ingestion, on rows as ingestion stages them."""
    warehouse = scratch / "warehouse"
    measure(module("large_rows", "staged", rows, warehouse), folder=scratch, settings={})
    kept = {each.name for each in warehouse.iterdir()}
    for _ in range(rounds):
        for each in warehouse.iterdir():
            if each.name not in kept:
                each.unlink() if each.is_symlink() or each.is_file() else shutil.rmtree(each)
        plain = scratch / "plain"
        details, facts = warehouse / "details", warehouse / "built"
        commands = {
            DETAILS: module("steps", "details", warehouse),
            FACTS: module("steps", "facts", warehouse),
            PLAIN_FACTS: module("plain_details", details, CUTOFF, plain),
            DECODE: module("decode", details),
            RELEASE: module("steps", "release", warehouse),
        }
        for title, command in commands.items():
            note(title, rows, measure(command, folder=scratch, settings={}))
            if title == PLAIN_FACTS:
                measure(module("same", facts, plain), folder=scratch, settings={})
        shutil.rmtree(plain)
    shutil.rmtree(warehouse)


def from_csv(rows: int, scratch: Path, rounds: int, note: Note) -> None:
    """Measure the whole path, and others' ways to the same facts, on exports."""
    landing = scratch / "landing"
    measure(module("large_rows", "csv", rows, landing), folder=scratch, settings={})
    work = scratch / "work"
    ours, facts = work / "warehouse", work / "facts"
    commands = {
        PLAIN: module("plain", landing, facts),
        TAKE: module("steps", "take", ours, landing),
        OURS: module("ours", landing, ours),
        PARSE: module("parse", landing),
    }
    if rows <= PANDAS_ROWS:
        commands[PANDAS] = module("pandas_pandera", landing, facts)
    if rows <= SPARK_ROWS:
        commands[SPARK] = module("spark", landing, facts)
    reference = scratch / "reference"
    for _ in range(rounds):
        for title, command in commands.items():
            work.mkdir()
            note(title, rows, measure(command, folder=work, settings={}))
            if title == PLAIN and not reference.exists():
                facts.rename(reference)
            elif title == OURS:
                published = ours / "current" / "facts"
                measure(module("same", published, reference), folder=work, settings={})
            shutil.rmtree(work)
    shutil.rmtree(reference)
    shutil.rmtree(landing)


def exponent(points: dict[int, float]) -> float:
    """Slope of the line through the logarithms: 1 is linear.

    Args:
        points: rows -> cost.
    """
    xs, ys = zip(*((math.log(rows), math.log(cost)) for rows, cost in points.items()), strict=True)
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True))
    return above / sum((a - x) ** 2 for a in xs)


def _median(costs: Costs, title: str, rows: int, of: Callable[[Cost], float]) -> float | None:
    found = costs.get((title, rows))
    return median(of(each) for each in found) if found else None


def table(costs: Costs, titles: tuple[str, ...], base: str) -> str:
    """Medians by size, and multiples of the CPU time of a base.

    CPU time suffers less than wall time from whatever else the machine does.
    """
    lines = [
        f"| rows | what | wall s | CPU s | peak MiB | wall / {base} | CPU / {base} |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    for rows in sorted({rows for title, rows in costs if title in titles}):
        walls = _median(costs, base, rows, lambda each: each.wall)
        cpus = _median(costs, base, rows, lambda each: each.cpu)
        for title in titles:
            wall = _median(costs, title, rows, lambda each: each.wall)
            cpu = _median(costs, title, rows, lambda each: each.cpu)
            peak = _median(costs, title, rows, lambda each: each.peak)
            if wall and cpu and peak and walls and cpus:
                lines.append(
                    f"| {rows:,} | {title} | {wall:.1f} | {cpu:.1f} | {peak:.0f}"
                    f" | {wall / walls:.2f} | {cpu / cpus:.2f} |"
                )
    return "\n".join(lines)


def growth(costs: Costs) -> str:
    """Exponents over the sizes measured, from the CPU time."""
    lines = ["| what | sizes | exponent | CPU seconds a million rows at the largest |"]
    lines.append("|---|---|---:|---:|")
    for title in (*FROM_STAGED, *FROM_CSV):
        points = {
            rows: median(each.cpu for each in found)
            for (name, rows), found in sorted(costs.items(), key=lambda each: each[0][1])
            if name == title
        }
        if len(points) > 1:
            sizes = ", ".join(f"{rows // 1_000_000} M" for rows in points)
            largest = max(points)
            each = points[largest] / largest * 1e6
            lines.append(f"| {title} | {sizes} | {exponent(points):.2f} | {each:.2f} |")
    return "\n".join(lines)


def page(costs: Costs, rounds: int, load: float, *, finished: bool) -> str:
    """The page of results."""
    dagster = median(each.wall for each in costs[DAGSTER, 0])
    ending = (
        "" if finished else "\n**The run was ended early: what is missing was not measured.**\n"
    )
    return f"""# What a year costs, from one million rows to a hundred

Written by `make bench-large`; do not edit. Synthetic exports in the proportions of the sample year
(`tests/bench/large_rows.py`): calls 32 %, ticket versions 50 %, callbacks 15 %, the rest 3 %.
{ending}
{machine_line(load)} Rounds: {rounds}, taking turns; medians. Each command is a process of its own,
its peak the largest resident memory. `import dagster` alone takes {dagster:.1f} s.

## From staged rows to a release

{table(costs, FROM_STAGED, PLAIN_FACTS)}

The facts of both are compared cell by cell; the run ends where they differ.

## From exports to a release

{table(costs, FROM_CSV, PLAIN)}

## Growth

An exponent needs two sizes or more; 1 is linear.

{growth(costs)}
"""


def main() -> None:
    """Measure, then print or write."""
    parser = argparse.ArgumentParser(description="What a year of any size costs.")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--csv", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    costs: Costs = {}

    def note(title: str, rows: int, cost: Cost) -> None:
        costs.setdefault((title, rows), []).append(cost)
        print(f"{rows:>11,}  {title}: {cost.cpu:.1f} s CPU, {cost.peak:.0f} MiB", flush=True)
        if options.write:
            PAGE.write_text(page(costs, options.rounds, load, finished=False), encoding="utf-8")

    with tempfile.TemporaryDirectory(prefix="hotline-large-") as name:
        scratch = Path(name) / "run"
        scratch.mkdir()
        for _ in range(options.rounds):
            importing = [sys.executable, "-c", "import dagster"]
            note(DAGSTER, 0, measure(importing, folder=scratch, settings={}))
        for rows in options.rows:
            from_staged(rows, scratch, options.rounds, note)
        for rows in options.csv:
            from_csv(rows, scratch, options.rounds, note)
    text = page(costs, options.rounds, load, finished=True)
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
