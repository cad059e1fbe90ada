"""Runs of a night whose process died: Dagster goes on believing that they are under way.

Belongs here: ending them. Dagster watches only runs that it has launched itself; those of the
layers live in the process of the night, or of a command. Left alone, one of them keeps Dagster's
queue from starting anything for hours.
"""

import dagster as dg

from assets.errors import HotlineError
from assets.lock import writing
from assets.site import Site

WAREHOUSE_TAG = "hotline/warehouse"
_UNDER_WAY = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


def end_dead_runs(instance: dg.DagsterInstance, site: Site) -> None:
    """Say of runs that they have failed whose process is gone.

    A run of a layer lives no longer than its process holds the warehouse: whoever can take the
    lock knows that no other is alive.

    Args:
        instance: where runs are recorded.
        site: the installation whose layers they are.
    """
    ours = dg.RunsFilter(tags={WAREHOUSE_TAG: str(site.warehouse.root)}, statuses=_UNDER_WAY)
    if not instance.get_runs(ours, limit=1):
        return
    try:
        with writing(site.warehouse, timeout=0, now=site.now):
            for run in instance.get_runs(ours):
                instance.report_run_failed(
                    run, "执行它的进程中断了；没做完的由下一次夜间任务接着做。"
                )
    except HotlineError:
        return  # Somebody is writing: the runs may be theirs.
