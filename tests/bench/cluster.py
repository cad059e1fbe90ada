"""What a second worker is worth, as a Markdown table: `python -m tests.bench.cluster`.

Belongs here: the same night of several equal cities on one worker and on two. Each worker may use
one core; the servers and the office share them, so two cores cannot give two times as much.
"""

import argparse
import os
import shutil
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from assets.files import link_or_copy, make_folder
from assets.sample import write_exports
from tests.cluster import Cluster, cluster

_PATIENCE = 7200.0
_KINDS = ("daily", "weekly", "monthly", "annual")


def settings(cities: list[str]) -> str:
    """hotline.toml of the cities, without reports."""
    lines = ["start = 2023-01-01", "[reports]", *(f"first_{kind} = 2099-01-01" for kind in _KINDS)]
    return "\n".join([*lines, *(f'[cities.{each}]\nlanding = "in/{each}"' for each in cities)])


def exports(folder: Path, cities: list[str], months: int) -> None:
    """The first months of the sample year for every city, from one copy."""
    make_folder(folder / "year")
    write_exports(folder / "year", seed=2023)
    wanted = [f"2023{month:02}" for month in range(1, months + 1)]
    for path in sorted((folder / "year").rglob("*")):
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


def night(machines: Cluster, workers: list[str]) -> tuple[float, list[float]]:
    """Seconds of a first night on fresh machines, and the CPU time of each worker."""
    machines.empty()
    for name in ("office", *workers):
        shutil.rmtree(machines.folder / name, ignore_errors=True)
    with ExitStack() as stack:
        groups = [stack.enter_context(machines.worker(name)).pid for name in workers]
        before = [cpu(group) for group in groups]
        begun = time.perf_counter()
        status, out, err = machines.hotline("office", "run", patience=_PATIENCE)
        wall = time.perf_counter() - begun
        if status != 0 and "未完成" in out:
            raise SystemExit(out + err)
        return wall, [cpu(group) - old for group, old in zip(groups, before, strict=True)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cities", type=int, default=4)
    parser.add_argument("--months", type=int, default=3)
    chosen = parser.parse_args()
    count = chosen.cities
    cities = [f"city{number}" for number in range(1, count + 1)]
    with TemporaryDirectory() as folder, cluster(Path(folder)) as machines:
        exports(machines.folder, cities, chosen.months)
        machines.configure(settings(cities))
        one, two = (night(machines, names) for names in (["first"], ["first", "second"]))
    size = f"{count} cities of {chosen.months} months"
    print(f"{size}, {os.cpu_count()} cores, a thread for each worker\n")
    print("| workers | seconds | CPU seconds of the workers | cores in use by them |")
    print("|---|---|---|---|")
    for wall, used in (one, two):
        each = " + ".join(f"{seconds:.1f}" for seconds in used)
        print(f"| {len(used)} | {wall:.1f} | {each} | {sum(used) / wall:.2f} |")
    print(f"\nTwo workers are {one[0] / two[0]:.2f} times as fast as one.")
    # What a busy machine does not change much: the work, and how evenly it was shared out.
    print(f"CPU time of one worker over that of the busier of two: {one[1][0] / max(two[1]):.2f}.")


if __name__ == "__main__":
    main()
