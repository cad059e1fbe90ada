"""The Dagster code location: assets, jobs, schedules, and the installation they work on."""

import dagster as dg

from assets.definitions import all_assets
from assets.partitions import Partitions
from pipelines.config import load_site
from pipelines.jobs import all_jobs
from pipelines.schedules import night

site = load_site()
partitions = Partitions.since(site.start)

defs = dg.Definitions(
    assets=all_assets(partitions),
    jobs=all_jobs(),
    schedules=[night],
    resources={"site": site},
    # Steps take milliseconds: a process for each would take ten times as long (multiprocess).
    executor=dg.in_process_executor,
)
