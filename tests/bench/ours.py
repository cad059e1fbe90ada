"""The whole path of the pipeline without Dagster: take, build, publish into a fresh warehouse.

Run as `python -m tests.bench.ours LANDING WAREHOUSE`, or without arguments for the installation
that hotline.toml describes and the reports that are due there. Belongs here: calling the steps in
the order of the night. Nothing of what they do.
"""

import sys
from pathlib import Path

from assets.details.stale import details_plans, stale_details
from assets.exports.take import take
from assets.facts.build import MONTHLY, FactsPlan
from assets.indicators.plan import YEARLY, IndicatorsPlan
from assets.releases.publish import Release, publish
from assets.reports.content.periods import period_of
from assets.reports.issue.due import due_reports
from assets.site import Site
from pipelines.config import load_site
from schemas import EXPORTS
from tests.bench.production import hide_the_rest


def run(landing: Path, warehouse: Path) -> Release:
    """Bring a warehouse up to date with a landing folder.

    Args:
        landing: folder of exports.
        warehouse: folder of the warehouse; made where it is missing.

    Returns:
        The release that was published.
    """
    warehouse.mkdir(parents=True, exist_ok=True)
    return bring_up_to_date(Site(landing=landing, root=warehouse))


def bring_up_to_date(site: Site) -> Release:
    """Take, build and publish what is missing or stale in an installation."""
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


def issue(site: Site) -> None:
    """Issue the reports that are due, with the pictures that the interface shows of the newest."""
    due = due_reports(site)
    if not due:
        return
    # As in the asset: only who issues loads the renderers.
    from assets.reports.issue.forms import Office
    from assets.reports.issue.index import write_index
    from assets.reports.issue.issue import Issuer

    issuer = Issuer(site, Office)
    for kind, keys in due.items():
        issued = [issuer.issue(period_of(kind, key, site.reports.week_start)) for key in keys]
        if kind != "daily":
            issuer.preview(issued[-1])
    write_index(site)


if __name__ == "__main__":
    hide_the_rest()
    if len(sys.argv) > 1:
        run(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        installation = load_site()
        bring_up_to_date(installation)
        issue(installation)
    if "dagster" in sys.modules:
        raise SystemExit("Dagster was loaded: this is not the path without it.")
