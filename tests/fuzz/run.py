"""Damage many files and check what becomes of them: `python -m tests.fuzz.run N`.

Belongs here: the command line, batches and the tally. `--seed S` replays the one file of a seed.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.fuzz.check import failures
from tests.fuzz.damaged import DamagedFile, damaged_file

BATCH = 60  # files that are ingested together, as the nightly run does


def batches(seeds: Iterable[int]) -> Iterator[list[DamagedFile]]:
    """Files of one dataset at a time, in the order of their seeds."""
    waiting: dict[str, list[DamagedFile]] = {}
    for seed in seeds:
        file = damaged_file(seed)
        batch = waiting.setdefault(file.dataset, [])
        batch.append(file)
        if len(batch) == BATCH:
            yield waiting.pop(file.dataset)
    yield from waiting.values()


def fuzz(seeds: Iterable[int]) -> tuple[list[str], Counter[str]]:
    """Check the files of some seeds.

    Returns:
        What does not hold, and how often each damage was done.
    """
    found: list[str] = []
    done: Counter[str] = Counter()
    for batch in batches(seeds):
        done.update(damage for file in batch for damage in file.damages)
        found += failures(batch)
    return found, done


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 where anything does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run")
    parser.add_argument("count", type=int, nargs="?", default=2000, help="number of files")
    parser.add_argument("--start", type=int, default=1_000_000, help="first seed")
    parser.add_argument("--seed", type=int, help="replay one file")
    parser.add_argument("--save", type=Path, help="keep that file in this folder")
    asked = parser.parse_args(arguments)
    if asked.seed is not None:
        file = damaged_file(asked.seed)
        print(file)
        if asked.save:
            (asked.save / file.name).write_bytes(file.content)
        found = failures([file])
    else:
        begin = time.monotonic()
        found, done = fuzz(range(asked.start, asked.start + asked.count))
        print(
            f"{asked.count} files, {sum(done.values())} damages, {time.monotonic() - begin:.0f} s"
        )
    for sentence in found:
        print(sentence)
    print(f"{len(found)} failures")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
