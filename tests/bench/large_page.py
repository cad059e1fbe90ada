"""The page that says what a year of any size costs.

Belongs here: medians, ratios and exponents of what `large` measured, and their tables.
"""

import math
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests.bench.measure import Cost
from tests.bench.year import machine_line

PAGE = Path(__file__).parents[2] / "docs" / "performance-large.md"
DETAILS, FACTS, RELEASE = "details", "facts", "release"
PLAIN_FACTS = "plain DuckDB: facts from the same Parquet"
DECODE = "floor: Polars decodes the columns"
TAKE, OURS = "ingestion", "whole path, all checks"
PLAIN, PANDAS = "plain DuckDB script, no check", "pandas + pandera, same rules and tables"
SPARK = "PySpark local, same rules and tables"
PARSE, DAGSTER = "floor: Polars reads all CSV as text", "floor: import dagster"
FROM_STAGED = (DETAILS, FACTS, PLAIN_FACTS, DECODE, RELEASE)
FROM_CSV = (OURS, TAKE, PLAIN, PARSE, PANDAS, SPARK)
# A size is measured once where a round takes longer than this, in seconds.
ONCE = 300
# Other tools are not asked where, by their cost at the size before, they would take longer than
# this, in seconds, or more of the machine's memory than this share.
LONGEST, LARGEST = 300, 0.7

Costs = dict[tuple[str, int], list[Cost]]


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
{machine_line(load)} Rounds: {rounds}, taking turns; medians. A size is measured once where a round
takes more than {ONCE // 60} minutes. Each command is a process of its own, its peak the largest
resident memory. `import dagster` alone takes {dagster:.1f} s.

## From staged rows to a release

{table(costs, FROM_STAGED, PLAIN_FACTS)}

The facts of both are compared cell by cell; the run ends where they differ.

## From exports to a release

{table(costs, FROM_CSV, PLAIN)}

All but the plain script check the same rules, keep broken rows aside, hide callers and write the
same ten tables (`tests/bench/others`), which are compared cell by cell with those of the plain
script. They are not asked where, by their cost at the size before, they would take more than
{LONGEST // 60} minutes or {LARGEST:.0%} of the memory.

## Growth

An exponent needs two sizes or more; 1 is linear.

{growth(costs)}
"""
