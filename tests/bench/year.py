"""What the sample year costs, as a Markdown table: `python -m tests.bench.year`.

Belongs here: which commands are compared, the order of the rounds, and the table. The rounds take
turns (a b c a b c), so that a slow minute of the machine meets all of them.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from tests.bench.measure import Cost, measure

_MONTHS = ("2023-01", "2024-01")
_WARM = "Before them one unmeasured run of (a) and (c)."
_PACKAGES = ("dagster", "pandera", "polars", "pyarrow", "duckdb")
REPORTS_ASIDE = Path(__file__).with_name("reports_aside.toml")


@dataclass(frozen=True)
class Case:
    """One thing that is measured.

    Attributes:
        title: what it is.
        command: its command line for a folder of its own.
        settings: its environment for that folder.
        facts: where its facts lie below the folder; empty where it makes none.
        before: folder that its own begins as a copy of.
    """

    title: str
    command: Callable[[Path], list[str]]
    settings: Callable[[Path], dict[str, str]] = lambda _: {}
    facts: str = ""
    before: Path | None = None


def module(name: str, *arguments: object) -> list[str]:
    """Command line of a module of this package."""
    return [sys.executable, "-m", f"tests.bench.{name}", *map(str, arguments)]


def hotline(*arguments: str) -> list[str]:
    """Command line of the `hotline` command."""
    return module("production", *arguments)


def installation(
    landing: Path, configuration: Path = REPORTS_ASIDE
) -> Callable[[Path], dict[str, str]]:
    """Environment of the `hotline` command for a landing folder."""
    return lambda folder: {
        "HOTLINE_CONFIG": str(configuration),
        "HOTLINE_LANDING": str(landing),
        "HOTLINE_WAREHOUSE": str(folder / "warehouse"),
    }


def cases(landing: Path) -> list[Case]:
    """Everything that is measured, the plain recount first.

    Args:
        landing: the year.
    """
    path = Path("warehouse")
    published = f"{path}/current/facts"
    return [
        Case(
            "(c) plain DuckDB recount",
            lambda folder: module("plain", landing, folder / "facts"),
            facts="facts",
        ),
        Case(
            "(a) ours without Dagster",
            lambda folder: module("ours", landing, folder / path),
            facts=published,
        ),
        Case(
            "(b) ours through Dagster: hotline backfill, reports aside",
            lambda _: hotline("backfill", *_MONTHS),
            installation(landing),
            facts=published,
        ),
        Case("(d) floor: import dagster", lambda _: [sys.executable, "-c", "import dagster"]),
        Case("(d) floor: Polars reads all CSV as text", lambda _: module("parse", landing)),
    ]


def run_case(case: Case, folder: Path, reference: Path) -> Cost:
    """Run a case in a fresh folder, check its facts, remove the folder.

    Args:
        case: what to run.
        folder: does not exist yet.
        reference: facts that its own must equal; made by the first case.
    """
    if case.before:
        shutil.copytree(case.before, folder, symlinks=True)
        # It names the folder of its record, which is this one's now: it is written anew.
        (folder / "warehouse" / "dagster" / "dagster.yaml").unlink()
    else:
        folder.mkdir()
    cost = measure(case.command(folder), folder=folder, settings=case.settings(folder))
    if case.facts:
        facts = folder / case.facts
        if not reference.exists():
            shutil.copytree(facts, reference)
        measure(module("same", facts, reference), folder=folder, settings={})
    shutil.rmtree(folder)
    return cost


def markdown(costs: dict[str, list[Cost]], base: str = "(c)") -> str:
    """The table: medians of the rounds, and multiples of the first case.

    CPU time is there beside wall time because it suffers less from whatever else the machine does.

    Args:
        costs: title -> what each round cost.
        base: short name of the first case.
    """
    lines = [
        f"| what | wall s | min to max | CPU s | peak MiB | wall / {base} | CPU / {base} |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    first = next(iter(costs.values()))
    base_wall, base_cpu = median(each.wall for each in first), median(each.cpu for each in first)
    for title, rounds in sorted(costs.items()):
        walls = [each.wall for each in rounds]
        wall, cpu = median(walls), median(each.cpu for each in rounds)
        peak = median(each.peak for each in rounds)
        lines.append(
            f"| {title} | {wall:.2f} | {min(walls):.2f} to {max(walls):.2f} | {cpu:.2f}"
            f" | {peak:.0f} | {wall / base_wall:.2f} | {cpu / base_cpu:.2f} |"
        )
    return "\n".join(lines)


def machine_line(load: float) -> str:
    """Cores, memory and versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, load before {load:.1f};"
        f" Python {platform.python_version()}, {packages}."
    )


def machine(landing: Path, rounds: int, load: float) -> str:
    """What was measured on what: cores, memory, versions, size of the exports.

    Args:
        landing: the exports.
        rounds: how often each case was measured.
        load: processes that wanted a core in the minute before.
    """
    sizes = [path.stat().st_size for path in landing.rglob("*.csv")]
    return (
        f"{machine_line(load)}"
        f"\n{len(sizes):,} CSV files, {sum(sizes) / (1 << 20):.0f} MiB. Rounds: {rounds}, taking"
        " turns; medians."
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What the sample year costs.")
    parser.add_argument("--landing", type=Path, help="clean sample year; made where not given")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as name:
        scratch = Path(name)
        landing = options.landing.absolute() if options.landing else scratch / "landing"
        if not options.landing:
            landing.mkdir()
            measure(module("sample", landing), folder=landing, settings={})
        chosen = cases(landing)
        reference = scratch / "reference"
        for case in chosen[:2]:
            run_case(case, scratch / "work", reference)
        costs: dict[str, list[Cost]] = {case.title: [] for case in chosen}
        for _ in range(options.rounds):
            for case in chosen:
                costs[case.title].append(run_case(case, scratch / "work", reference))
        print(markdown(costs), machine(landing, options.rounds, load), _WARM, sep="\n\n")


if __name__ == "__main__":
    main()
