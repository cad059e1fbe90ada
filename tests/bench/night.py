"""What a night costs beyond its data, as a page: `python -m tests.bench.night`.

Belongs here: the night after one further day with the one report that most nights have due, with
none and with one of each kind, the same without Dagster, the night that has nothing to do, and
whether the goal is met: the whole process within the data's own time and three times what
`import dagster` takes. The data's own time is the whole process of the same night without Dagster.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from tests.bench.measure import Cost, measure
from tests.bench.year import (
    REPORTS_ASIDE,
    Case,
    hotline,
    installation,
    machine,
    markdown,
    module,
    run_case,
)

FURTHER_DAY = "20231231"
GOAL = 3.0
_DAGSTER = "import dagster"
# What the page says of itself ends here; the rest is written by this command.
_MARK = "## Measured: `python -m tests.bench.night --write docs/performance.md`"
_NIGHTS = {
    "reports aside": REPORTS_ASIDE,
    "a daily report due": Path(__file__).with_name("report_due.toml"),
    "four reports due": Path(__file__).with_name("reports_due.toml"),
}


def whole(which: str) -> str:
    """Title of a night."""
    return f"one further day, {which}: hotline run"


def own(which: str) -> str:
    """Title of the same night without Dagster."""
    return f"one further day, {which}: without Dagster"


def prepare(landing: Path, scratch: Path) -> tuple[Path, Path, Path]:
    """An installation that knows all of the year but one day, and one that knows all of it.

    Returns:
        A landing folder that has the whole year, and the folders of the two installations.
    """
    further, before, after = scratch / "further", scratch / "before", scratch / "after"
    late = list(landing.rglob(f"*_{FURTHER_DAY}.csv"))
    if not late:
        raise SystemExit(f"{landing} has no file of {FURTHER_DAY}: it must hold the sample year.")
    shutil.copytree(landing, further)
    for path in late:
        (further / path.relative_to(landing)).unlink()
    before.mkdir()
    measure(hotline("run"), folder=before, settings=installation(further)(before))
    for path in late:
        shutil.copy2(path, further / path.relative_to(landing))
    shutil.copytree(before, after, symlinks=True)
    (after / "warehouse" / "dagster" / "dagster.yaml").unlink()
    measure(hotline("run"), folder=after, settings=installation(further)(after))
    return further, before, after


def cases(further: Path, before: Path, after: Path) -> list[Case]:
    """Everything that is measured, the floor first; arguments are what `prepare` returns."""
    facts = "warehouse/current/facts"
    found = [Case(_DAGSTER, lambda _: [sys.executable, "-c", "import dagster"])]
    for which, configuration in _NIGHTS.items():
        settings = installation(further, configuration)
        run = hotline("run")
        found += [
            Case(whole(which), lambda _, run=run: run, settings, facts, before),
            Case(own(which), lambda _: module("ours"), settings, facts, before),
        ]
    for words in ("run", "status"):
        command = hotline(words)
        title = f"nothing to do: hotline {words}"
        found.append(Case(title, lambda _, it=command: it, installation(further), before=after))
    return found


def verdicts(costs: Mapping[str, Sequence[Cost]]) -> str:
    """A line for each night: what it takes beyond its data, in units of `import dagster`."""
    lines = []
    for which in _NIGHTS:
        beyond = {}
        for unit in ("cpu", "wall"):
            floor, whole_night, data = (
                median(getattr(each, unit) for each in costs[title])
                for title in (_DAGSTER, whole(which), own(which))
            )
            beyond[unit] = (whole_night - data) / floor
        met = "met" if beyond["wall"] <= GOAL else "not met"
        lines.append(
            f"- {which}: whole night less the data's own time is {beyond['wall']:.1f} x `import"
            f" dagster` (CPU time: {beyond['cpu']:.1f} x); goal {GOAL:.0f} x: {met}."
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a night costs beyond its data.")
    parser.add_argument("--landing", type=Path, help="clean sample year; made where not given")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=Path, help="page whose last section is replaced")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as name:
        scratch = Path(name)
        landing = options.landing.absolute() if options.landing else scratch / "landing"
        if not options.landing:
            landing.mkdir()
            measure(module("sample", landing), folder=landing, settings={})
        chosen = cases(*prepare(landing, scratch))
        costs: dict[str, list[Cost]] = {case.title: [] for case in chosen}
        for _ in range(options.rounds):
            for case in chosen:
                costs[case.title].append(run_case(case, scratch / "work", scratch / "reference"))
        table = markdown(costs, "import dagster")
        page = "\n\n".join([table, verdicts(costs), machine(landing, options.rounds, load)])
    print(page)
    if options.write:
        head, mark, _ = options.write.read_text(encoding="utf-8").partition(_MARK)
        options.write.write_text(f"{head}{mark}\n\n{page}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
