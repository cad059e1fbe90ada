"""Which faults would the tests not notice: a sample of mutants of each room.

    python -m tests.mutants facts --sample 40
    python -m tests.mutants             (every room)

A mutant is the code with one operator, number, condition or decorator changed. It is killed when a
test of its room fails. The sample is drawn by a seed, so that a run can be repeated; all is done in
a copy of the repository. Ends with 1 where a room kills less than GOAL of its mutants.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkResult

ROOT = Path(__file__).parents[1]
GOAL = 0.92
ROOMS = {
    "schemas": "schemas",
    "exports": "assets/exports",
    "details": "assets/details",
    "facts": "assets/facts",
    "releases": "assets/releases",
    "indicators": "assets/indicators",
    "content": "assets/reports/content",
}
_TESTS = {"schemas": "tests/schemas", "content": "tests/reports/content"}
# What cannot matter: Dagster's wiring is tested as a process; a union in an annotation and the
# bitwise operators of Polars' expressions are changed into what raises at once.
_CONFIGURATION = """\
[cosmic-ray]
module-path = "{code}"
timeout = 300.0
excluded-modules = ["{code}/definitions.py", "{code}/dictionary.py"]
test-command = "{python} -m pytest -x -q -n 0 -p no:cacheprovider {tests}"
[cosmic-ray.distributor]
name = "local"
"""


@dataclass(frozen=True)
class Outcome:
    """What became of the mutants of a room.

    Attributes:
        room: name of the room.
        tried: mutants that were tried.
        survivors: module, line and change of those that no test noticed.
    """

    room: str
    tried: int
    survivors: tuple[str, ...]

    @property
    def killed(self) -> float:
        """Share of the mutants that a test noticed."""
        return 1 - len(self.survivors) / self.tried


def _copy(target: Path) -> None:
    """The files that git knows, in a folder of their own."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def _cosmic_ray(folder: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "cosmic_ray.cli", *arguments], cwd=folder, check=True)


def _draw(session: Path, size: int, seed: int) -> None:
    """Leave a sample of the mutants to be tried."""
    with use_db(str(session), WorkDB.Mode.open) as work:
        items = sorted(work.pending_work_items, key=lambda each: each.mutations[0].start_pos)
        items.sort(key=lambda each: str(each.mutations[0].module_path))
        kept = set(random.Random(seed).sample(range(len(items)), min(size, len(items))))
        skipped = WorkResult(worker_outcome=WorkerOutcome.SKIPPED)
        work.set_multiple_results(
            [each.job_id for number, each in enumerate(items) if number not in kept], skipped
        )


def try_room(room: str, *, sample: int, seed: int) -> Outcome:
    """Try a sample of the mutants of a room."""
    code, tests = ROOMS[room], _TESTS.get(room, f"tests/{room}")
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        _copy(folder)
        text = _CONFIGURATION.format(code=code, tests=tests, python=sys.executable)
        (folder / "mutants.toml").write_text(text)
        _cosmic_ray(folder, "init", "mutants.toml", "mutants.sqlite")
        _draw(folder / "mutants.sqlite", sample, seed)
        _cosmic_ray(folder, "exec", "mutants.toml", "mutants.sqlite")
        with use_db(str(folder / "mutants.sqlite"), WorkDB.Mode.open) as work:
            where = {each.job_id: each.mutations[0] for each in work.work_items}
            tried = [
                (where[job], result)
                for job, result in work.results
                if result.worker_outcome is not WorkerOutcome.SKIPPED
            ]
    survivors = [
        f"{at.module_path}:{at.start_pos[0]} {at.operator_name.removeprefix('core/')}"
        for at, result in tried
        if result.test_outcome == TestOutcome.SURVIVED
    ]
    return Outcome(room, len(tried), tuple(sorted(survivors)))


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rooms", nargs="*", choices=[*ROOMS, []], help="all where none is named")
    parser.add_argument("--sample", type=int, default=40, help="mutants of each room")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    failed = False
    for room in chosen.rooms or ROOMS:
        outcome = try_room(room, sample=chosen.sample, seed=chosen.seed)
        print(f"{room}: {outcome.killed:.0%} of {outcome.tried} mutants killed", flush=True)
        for survivor in outcome.survivors:
            print(f"  survived: {survivor}", flush=True)
        failed |= outcome.killed < GOAL
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
