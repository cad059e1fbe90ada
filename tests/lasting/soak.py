"""Disturb releases for hours: kill, fail, run two at once, read in a loop; count what happened.

Belongs here: the loops of `make soak`. The code must not change while it runs, since what is built
names the code that built it.

As a script: --minutes N, --seed S. Exit status 1 where anything did not hold.
"""

import argparse
import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from assets.releases.approval import accept, roll_back
from assets.releases.checks import verify
from assets.releases.package import current_release
from assets.releases.publish import remove_old_releases
from tests.driver import bring_up_to_date, deliver, existing_installation, make_installation
from tests.lasting.disk import KILL
from tests.lasting.scenes import SCENES, Stage, call, first_files, later_files
from tests.lasting.state import contents, difference, temporary
from tests.lasting.together import readers
from tests.lasting.zygote import ERRORS, Zygote

Loop = Iterator[list[str]]


class Soak:
    """The loops, and what they found.

    Args:
        folder: scratch space.
        seed: decides the order of everything.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._random = folder, random.Random(seed)
        self._zygote = Zygote()
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []

    def trials(self, errors: tuple[int, ...], title: str) -> Loop:
        """Every operation of every scene, in a random order, over and over."""
        stages = {
            name: Stage(scene, self._new(f"{title}-{name}"), self._zygote)
            for name, scene in SCENES.items()
        }
        every = [
            (name, at, error)
            for name, stage in stages.items()
            for at in range(1, len(stage.operations) + 1)
            for error in errors
        ]
        self.counts[f"{title}: operations there are"] = len(every)
        while True:
            self._random.shuffle(every)
            for name, at, error in every:
                wrong = stages[name].trial(at, error, sticky=self._random.random() < 0.5)
                yield [f"{name}: {each}" for each in wrong]

    def commands(self) -> Loop:
        """The command killed at a random moment, twice in a row, then undisturbed."""
        template = self._new("commands-template")
        (template / "landing").mkdir()
        first_files(existing_installation(template))
        _hotline(template, "run").communicate()
        later_files(existing_installation(template))
        shutil.rmtree(template / "warehouse" / "dagster")
        whole = self._new("commands-whole")
        shutil.copytree(template, whole, symlinks=True, dirs_exist_ok=True)
        began = time.monotonic()
        _hotline(whole, "run").communicate()
        takes = time.monotonic() - began
        expected = contents(whole / "warehouse")
        for words in itertools.cycle([("run",), ("backfill", "2023-01", "2023-02"), ("rebuild",)]):
            folder = self._new("commands-try")
            shutil.copytree(template, folder, symlinks=True, dirs_exist_ok=True)
            wrong = []
            for _ in range(2):
                process = _hotline(folder, *words)
                try:
                    process.communicate(timeout=self._random.random() * takes)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()
                    self.counts["command: killed"] += 1
                warehouse = existing_installation(folder).warehouse
                wrong += [each.title for each in verify(warehouse) if not each.passed]
            for last in (words, ("run",)):
                wrong += _undisturbed(folder, *last)
            wrong += _differs(folder / "warehouse", expected)
            yield [f"{words[0]}: {each}" for each in wrong]

    def both(self) -> Loop:
        """Two commands at once, of which one waits."""
        while True:
            folder = self._new("both")
            (folder / "landing").mkdir()
            first_files(existing_installation(folder))
            _hotline(folder, "run").communicate()
            later_files(existing_installation(folder))
            second = ("run",) if self._random.random() < 0.5 else ("backup", "copy")
            pair = [_hotline(folder, "run"), _hotline(folder, *second)]
            told = [process.communicate() for process in pair]
            wrong = [f"{t}" for p, t in zip(pair, told, strict=True) if p.returncode]
            self.counts["two at once: waited"] += sum("等待中" in err for _, err in told)
            warehouse = existing_installation(folder).warehouse
            wrong += [each.title for each in verify(warehouse) if not each.passed]
            yield [*wrong, *temporary(warehouse.root)]

    def reading(self) -> Loop:
        """Readers in a loop around publications, rollbacks and retention."""
        while True:
            installation = make_installation(self._new("reading") / "site")
            deliver(installation, "calls_20230105.csv", [call(0, "2023-01-05")])
            bring_up_to_date(installation)
            with readers(installation.root) as saw:
                for number in range(1, 101):
                    deliver(
                        installation, f"calls_20230105_{number}.csv", [call(number, "2023-01-05")]
                    )
                    before = current_release(installation.warehouse)
                    now = bring_up_to_date(installation).id
                    who = {"by": "soak", "why": "soak", "now": installation.now()}
                    roll_back(installation.warehouse, before or now, **who)
                    installation.warehouse.held.unlink(missing_ok=True)
                    bring_up_to_date(installation)
                    accept(installation.warehouse, now, **who)
                    remove_old_releases(installation.warehouse, installation.keep_releases)
                    self.counts["readers: publications"] += 2
            for library, each in saw.items():
                self.counts[f"readers: reads with {library}"] += each["reads"]
            yield [line for each in saw.values() for line in each["wrong"]]

    def _new(self, name: str) -> Path:
        folder = self._folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def run(self, seconds: float) -> None:
        """Take turns until the time is over."""
        loops: dict[str, Callable[[], Loop]] = {
            "kill": lambda: self.trials((KILL,), "kill"),
            "fault": lambda: self.trials(ERRORS, "fault"),
            "command": self.commands,
            "two at once": self.both,
            "readers": self.reading,
        }
        running = {title: loop() for title, loop in loops.items()}
        # A trial takes a second, a hundred publications a minute: each loop gets the same time.
        spent = dict.fromkeys(running, 0.0)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            title = min(spent, key=lambda each: spent[each])
            began = time.monotonic()
            found = next(running[title])
            spent[title] += time.monotonic() - began
            self.counts[f"{title}: rounds"] += 1
            self.wrong += [f"{title}: {each}" for each in found]
            for each in found:
                print(f"{title}: {each}", file=sys.stderr, flush=True)
        self._zygote.close()


def _hotline(folder: Path, *words: str) -> subprocess.Popen[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE")}
    own.pop("DAGSTER_HOME", None)
    return subprocess.Popen(
        [sys.executable, "-c", "from pipelines.cli import main; main()", *words],
        cwd=folder,
        env=own,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _undisturbed(folder: Path, *words: str) -> list[str]:
    process = _hotline(folder, *words)
    told = process.communicate()
    return [f"{words[0]}: {told}"] if process.returncode else []


def _differs(root: Path, expected: dict[str, str]) -> list[str]:
    """What differs apart from the reason in the journal: a rebuild is called one there."""
    found = [each for each in difference(root, expected) if not each.endswith("releases.jsonl")]
    return [*found, *temporary(root)]


def main() -> int:
    """Soak, and print what happened."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Path(folder), asked.seed)
        soak.run(60 * asked.minutes)
    for title, count in sorted(soak.counts.items()):
        print(f"{title}: {count}")
    print(f"did not hold: {len(soak.wrong)}")
    return 1 if soak.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
