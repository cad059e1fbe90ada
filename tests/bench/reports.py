"""What a report costs, by kind and form, as a Markdown table: `python -m tests.bench.reports`.

Belongs here: which periods are set and how they are timed. Each is another one: the typesetter
remembers what it has set, and a report is set once. The first of each kind is not counted.
"""

import argparse
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

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
from assets.settings.reports import ReportSettings
from schemas.columns import TIME_ZONE
from schemas.reports import ReportKind

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


def _milliseconds(begun: float) -> float:
    """CPU time of this process since, which suffers less from whatever else the machine does."""
    return 1000 * (time.process_time() - begun)


def costs(facts: Facts, kind: ReportKind) -> dict[str, list[float]]:
    """Milliseconds of each step, for each period of a kind but the first."""
    found: dict[str, list[float]] = {name: [] for name in ("content", *RENDER)}
    for key in KEYS[kind]:
        period = period_of(kind, key)
        begun = time.process_time()
        report = COMPOSE[kind](facts, period, ReportSettings())
        found["content"].append(_milliseconds(begun))
        issued = datetime(2024, 2, 1, 2, tzinfo=ZoneInfo(TIME_ZONE))
        stamp = Stamp(1, 1, issued, due_date(kind, period), backfilled=True)
        for form, render in RENDER.items():
            begun = time.process_time()
            render(report, stamp)
            found[form].append(_milliseconds(begun))
    return {name: each[1:] or each for name, each in found.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a report of the sample year costs.")
    parser.add_argument("release", type=Path, nargs="?", default=Path("data/warehouse/current"))
    folder = parser.parse_args().release
    if not (folder / "datapackage.json").exists():
        raise SystemExit(f"{folder} is no release of the sample year: run make demo first.")
    facts = Facts(folder.resolve())
    print("CPU milliseconds a report, medians; the annual one is the first of its process.\n")
    print("| kind | content | " + " | ".join(RENDER) + " | four forms |")
    print("|---|" + "---:|" * (len(RENDER) + 2))
    for kind in KEYS:
        medians = {name: median(each) for name, each in costs(facts, kind).items()}
        forms = sum(medians[form] for form in RENDER)
        cells = " | ".join(f"{medians[name]:.0f}" for name in ("content", *RENDER))
        print(f"| {kind} | {cells} | {forms:.0f} |")


if __name__ == "__main__":
    main()
