"""What a report costs, by kind and form, as a Markdown table: `python -m tests.bench.reports`.

Belongs here: which periods are set, how they are timed, and what is asked of them. Each is another
one: the typesetter remembers what it has set, and a report is set once. The first of each kind is
not counted. Forms are made one after the other; a night sets the PDF beside the other three.
"""

import argparse
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from assets.installation.settings.reports import ReportSettings
from assets.reports.content.annual import annual_report
from assets.reports.content.daily import daily_report
from assets.reports.content.model import Period, Report, Stamp
from assets.reports.content.monthly import monthly_report
from assets.reports.content.periods import due_date, period_of
from assets.reports.content.reading import Facts
from assets.reports.content.weekly import weekly_report
from assets.reports.render.docx import render_docx
from assets.reports.render.html import render_html
from assets.reports.render.pdf import render_pdf
from assets.reports.render.xlsx import render_xlsx
from schemas.reports import ReportKind
from schemas.wall_clock import TIME_ZONE

T = TypeVar("T")
COMPOSE: dict[ReportKind, Callable[[Facts, Period, ReportSettings], Report]] = {
    "daily": daily_report,
    "weekly": weekly_report,
    "monthly": monthly_report,
    "annual": annual_report,
}
RENDER: dict[str, Callable[[Report, Stamp], bytes]] = {
    "html": render_html,
    "pdf": render_pdf,
    "docx": render_docx,
    "xlsx": render_xlsx,
}
KEYS: dict[ReportKind, list[str]] = {
    "daily": [f"2023-07-{day:02d}" for day in range(3, 25)],
    "weekly": ["2023-05-22", "2023-06-05", "2023-06-19", "2023-07-03", "2023-07-17", "2023-08-07"],
    "monthly": [f"2023-{month:02d}" for month in range(5, 12)],
    "annual": ["2023"],
}


# Milliseconds that the four forms of a report may take.
GOALS: dict[ReportKind, int] = {"daily": 100, "monthly": 250}


class Cost(NamedTuple):
    """Milliseconds of a step: of CPU time, which suffers less from other work, and as they pass."""

    cpu: float
    wall: float


def _timed(step: Callable[[], T]) -> tuple[T, Cost]:
    cpu, wall = time.process_time(), time.perf_counter()
    made = step()
    passed = time.process_time() - cpu, time.perf_counter() - wall
    return made, Cost(*(1000 * each for each in passed))


def costs(facts: Facts, kind: ReportKind) -> list[dict[str, Cost]]:
    """What each step costs, for each period of a kind but the first."""
    found = []
    for key in KEYS[kind]:
        period = period_of(kind, key)
        compose = partial(COMPOSE[kind], facts, period, ReportSettings())
        report, cost = _timed(compose)
        issued = datetime(2024, 2, 1, 2, tzinfo=ZoneInfo(TIME_ZONE))
        stamp = Stamp(1, 1, issued, due_date(kind, period), backfilled=True)
        steps = {"content": cost}
        for form, render in RENDER.items():
            steps[form] = _timed(partial(render, report, stamp))[1]
        found.append(steps)
    return found[1:] or found


def line(kind: ReportKind, reports: list[dict[str, Cost]]) -> str:
    """A kind's line of the table."""
    cells = [median(each[name].cpu for each in reports) for name in ("content", *RENDER)]
    forms = [
        median(sum(each[form][place] for form in RENDER) for each in reports) for place in (0, 1)
    ]
    shown = " | ".join(f"{each:.0f}" for each in (*cells, *forms))
    goal = GOALS.get(kind)
    met = f"{goal} | {'met' if forms[0] <= goal else 'not met'}" if goal else " | "
    return f"| {kind} | {shown} | {met} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a report of the sample year costs.")
    parser.add_argument("release", type=Path, nargs="?", default=Path("data/warehouse/current"))
    folder = parser.parse_args().release
    if not (folder / "datapackage.json").exists():
        raise SystemExit(f"{folder} is no release of the sample year: run make demo first.")
    facts = Facts(folder.resolve())
    print("CPU milliseconds a report, medians; the annual one is the first of its process.\n")
    heads = ("kind", "content", *RENDER, "four forms", "four forms, wall", "goal", "")
    print(f"| {' | '.join(heads)} |")
    print("|---|" + "---:|" * (len(heads) - 2) + "---|")
    for kind in KEYS:
        print(line(kind, costs(facts, kind)))


if __name__ == "__main__":
    main()
