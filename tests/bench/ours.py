"""The whole path of the pipeline without Dagster: take, build, publish into a fresh warehouse.

Run as `python -m tests.bench.ours LANDING WAREHOUSE`. Belongs here: calling the steps in the order
of the night. Nothing of what they do.
"""

import sys
from pathlib import Path

from assets.details.stale import details_plans, stale_details
from assets.exports.take import take
from assets.facts.build import MONTHLY, FactsPlan
from assets.indicators.plan import YEARLY, IndicatorsPlan
from assets.releases.publish import Release, publish
from assets.site import Site
from schemas import EXPORTS


def run(landing: Path, warehouse: Path) -> Release:
    """Bring a warehouse up to date with a landing folder.

    Args:
        landing: folder of exports.
        warehouse: folder of the warehouse; made where it is missing.

    Returns:
        The release that was published.
    """
    warehouse.mkdir(parents=True, exist_ok=True)
    site = Site(landing=landing, root=warehouse)
    for name in EXPORTS:
        take(site, name, lambda _: True)
    details = details_plans(site)
    for dataset in details.values():
        for period in dataset.stale():
            dataset.build(period)
    facts = FactsPlan(site.warehouse)
    for table in MONTHLY:
        for month in facts.stale(table):
            facts.build(table, month)
    years = IndicatorsPlan(site.warehouse, facts)
    for table in YEARLY:
        for year in years.stale(table):
            years.build(table, year)
    facts.build_files()
    return publish(site.warehouse, facts, stale_details(details), now=site.now(), why="bench")


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
    if "dagster" in sys.modules:
        raise SystemExit("Dagster was loaded: this is not the path without it.")
