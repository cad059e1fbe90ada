"""One step of the path on a warehouse, as a process of its own: its cost and its peak of memory.

Run as `python -m tests.bench.steps take|details|facts|release WAREHOUSE [LANDING]`. Belongs here:
calling the steps as the night does. Nothing of what they do.
"""

import sys
from pathlib import Path

from assets.details.stale import details_plans, stale_details
from assets.facts.build import FROM_DETAILS, MONTHLY, FactsPlan
from assets.site import Site
from schemas import EXPORTS
from tests.bench.production import hide_the_rest


def take_files(site: Site) -> None:
    """Ingest everything that waits."""
    # Each step is a process, which loads what it needs and no more.
    from assets.exports.take import take

    site.root.mkdir(parents=True, exist_ok=True)
    for name in EXPORTS:
        take(site, name, lambda _: True)


def build_details(site: Site) -> None:
    """Build the details that are stale."""
    for plan in details_plans(site).values():
        plan.drop_gone()
        for period in plan.stale():
            plan.build(period)


def build_facts(site: Site) -> None:
    """Build the facts that are made of details."""
    plan = FactsPlan(site.warehouse, memory=site.memory)
    for table in FROM_DETAILS:
        for month in plan.stale(table):
            plan.build(table, month)


def release(site: Site) -> None:
    """Build what is made of facts, look whether anything is stale, and publish."""
    from assets.indicators.plan import YEARLY, IndicatorsPlan
    from assets.releases.publish import publish

    plan = FactsPlan(site.warehouse, memory=site.memory)
    for table in MONTHLY:
        for month in plan.stale(table):
            plan.build(table, month)
    years = IndicatorsPlan(site.warehouse, plan)
    for table in YEARLY:
        for year in years.stale(table):
            years.build(table, year)
    plan.build_files()
    stale = stale_details(details_plans(site))
    publish(site.warehouse, plan, stale, now=site.now(), why="bench")


STEPS = {"take": take_files, "details": build_details, "facts": build_facts, "release": release}

if __name__ == "__main__":
    hide_the_rest()
    step, folder, landing = [*sys.argv[1:], "landing"][:3]
    STEPS[step](Site(landing=Path(landing), root=Path(folder)))
