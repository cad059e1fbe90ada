"""What a second worker is worth, as a Markdown table: `python -m tests.bench.cluster`.

Belongs here: the same night of several equal cities, as many as a province has, on one worker and
on two. Each worker may use one core; the servers and the office share them, so two cores cannot
give two times as much. A short night before the first one, which does not count, makes the tables
of the database and fills the caches; workers and servers are ready before the clock starts.
"""

import argparse
import os
import resource
import shutil
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from assets.core.files import link_or_copy, make_folder
from assets.sample import write_exports
from tests.cluster import Cluster, cluster

_PATIENCE = 7200.0
_KINDS = ("daily", "weekly", "monthly", "annual")
_WORKERS = ["first", "second"]


@dataclass(frozen=True)
class Turn:
    """What a night took, in seconds.

    Attributes:
        wall: from the start of the office to its end.
        workers: CPU time of each worker.
        store: CPU time of the S3 server.
        others: CPU time of broker, database and office.
    """

    wall: float
    workers: list[float]
    store: float
    others: float


def settings(cities: list[str]) -> str:
    """hotline.toml of the cities, without reports."""
    lines = ["start = 2023-01-01", "[reports]", *(f"first_{kind} = 2099-01-01" for kind in _KINDS)]
    return "\n".join([*lines, *(f'[cities.{each}]\nlanding = "in/{each}"' for each in cities)])


def exports(folder: Path, cities: list[str], months: Iterable[int]) -> None:
    """Give every city some months of the sample year, from one copy."""
    year = folder / "year"
    if not year.exists():
        make_folder(year)
        write_exports(year, seed=2023)
    wanted = [f"2023{month:02}" for month in months]
    for path in sorted(year.rglob("*")):
        if path.is_file() and any(month in path.name for month in wanted):
            for city in cities:
                link_or_copy(path, folder / "in" / city / path.name)


def cpu(group: int) -> float:
    """Seconds of CPU time of the processes of a group, as Linux counts them."""
    ticks = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _waited_for() -> float:
    """Seconds of CPU time of the processes that were started here and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def night(machines: Cluster, workers: list[str]) -> Turn:
    """A first night on fresh machines."""
    machines.empty()
    for name in ("office", *workers):
        shutil.rmtree(machines.folder / name, ignore_errors=True)
    with ExitStack() as stack:
        groups = [stack.enter_context(machines.worker(name)).pid for name in workers]
        groups += [machines.store.process.pid, machines.broker.process.pid]
        groups.append(machines.database.process.pid)
        before, ended = [cpu(group) for group in groups], _waited_for()
        begun = time.perf_counter()
        status, out, err = machines.hotline("office", "run", patience=_PATIENCE)
        wall = time.perf_counter() - begun
        if status != 0 and "未完成" in out:
            raise SystemExit(out + err)
        *used, store, broker, database = (
            cpu(group) - old for group, old in zip(groups, before, strict=True)
        )
        return Turn(wall, used, store, broker + database + _waited_for() - ended)


def row(turns: list[Turn]) -> str:
    """A row of the table: medians."""
    wall, store, others = (
        median(getattr(each, name) for each in turns) for name in ("wall", "store", "others")
    )
    workers = [median(each) for each in zip(*(turn.workers for turn in turns), strict=True)]
    each = " + ".join(f"{seconds:.1f}" for seconds in workers)
    free = os.cpu_count() * wall - sum(workers) - store - others
    return f"| {len(workers)} | {wall:.1f} | {each} | {store:.1f} | {others:.1f} | {free:.1f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cities", type=int, default=10)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=1)
    chosen = parser.parse_args()
    count = chosen.cities
    cities = [f"city{number}" for number in range(1, count + 1)]
    one: list[Turn] = []
    two: list[Turn] = []
    with TemporaryDirectory() as folder, cluster(Path(folder)) as machines:
        machines.configure(settings(cities))
        exports(machines.folder, cities, [1])
        night(machines, _WORKERS)
        exports(machines.folder, cities, range(2, chosen.months + 1))
        for _ in range(chosen.rounds):
            one.append(night(machines, _WORKERS[:1]))
            two.append(night(machines, _WORKERS))
    load = os.getloadavg()[2]
    size = f"{count} cities of {chosen.months} months"
    print(f"{size}, {os.cpu_count()} cores, a thread for each worker, load {load:.1f}\n")
    print("| workers | seconds | CPU s of the workers | of the store | of the others | not used |")
    print("|---|---|---|---|---|---|")
    print(row(one))
    print(row(two))
    faster = median(each.wall for each in one) / median(each.wall for each in two)
    print(f"\nTwo workers are {faster:.2f} times as fast as one.")
    # What a busy machine does not change much: the work, and how evenly it was shared out.
    alone = median(each.workers[0] for each in one)
    busier = median(max(each.workers) for each in two)
    print(f"CPU time of one worker over that of the busier of two: {alone / busier:.2f}.")


if __name__ == "__main__":
    main()
