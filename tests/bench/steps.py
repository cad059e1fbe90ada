"""One step of the path on a warehouse, as a process of its own: its cost and its peak of memory.

Run as `python -m tests.bench.steps take|details|facts|release WAREHOUSE [LANDING]`. Belongs here:
calling the steps as the night does. Nothing of what they do.
"""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assets.core.concurrency import map_in_order, polars_threads
from assets.facts import FROM_DETAILS, MONTHLY, FactsPlan
from assets.installation.installation import Installation
from schemas import EXPORTS
from tests.children.sitecustomize import hide_the_rest

if TYPE_CHECKING:
    from assets.details import DetailsPlan
    from assets.releases.publish import PublishResult


def _build_each(build: Callable[[str], object], periods: Iterable[str]) -> None:
    """Build periods side by side, as a step of the night does."""
    for _ in map_in_order(build, periods, threads=polars_threads()):
        pass


def take_files(installation: Installation) -> None:
    """Ingest everything that waits."""
    # Each step is a process, which loads what it needs and no more.
    from assets.exports.stage import ingest_dataset

    installation.root.mkdir(parents=True, exist_ok=True)
    for name in EXPORTS:
        ingest_dataset(installation, name, lambda _: True)


def plans_of_details(installation: Installation) -> "dict[str, DetailsPlan]":
    """What the details should be built from."""
    from assets.details import details_plans

    return details_plans(installation)


def build_details(installation: Installation) -> "dict[str, DetailsPlan]":
    """Build the details that are stale; returns their plans."""
    plans = plans_of_details(installation)
    for plan in plans.values():
        plan.delete_orphans()
        _build_each(plan.build, plan.stale())
    return plans


def build_facts(installation: Installation) -> None:
    """Build the facts that are made of details."""
    plan = FactsPlan(installation)
    for table in FROM_DETAILS:
        _build_each(partial(plan.build, table), plan.stale(table))


def release(installation: Installation, details: "dict[str, DetailsPlan]") -> "PublishResult":
    """Build what is stale of facts and what is made of them, and publish."""
    from assets.details import stale_details
    from assets.indicators import YEARLY, IndicatorsPlan
    from assets.releases.publish import publish

    plan = FactsPlan(installation)
    for table in MONTHLY:
        _build_each(partial(plan.build, table), plan.stale(table))
    years = IndicatorsPlan(installation.warehouse, plan)
    for table in YEARLY:
        _build_each(partial(years.build, table), years.stale(table))
    plan.build_whole()
    return publish(
        installation.warehouse, plan, stale_details(details), now=installation.now(), why="bench"
    )


STEPS: dict[str, Callable[[Installation], object]] = {
    "take": take_files,
    "details": build_details,
    "facts": build_facts,
    "release": lambda installation: release(installation, plans_of_details(installation)),
}

if __name__ == "__main__":
    hide_the_rest()
    step, folder, landing = [*sys.argv[1:], "landing"][:3]
    STEPS[step](Installation(landing=Path(landing), root=Path(folder)))
