"""Runs of a night whose process died: Dagster goes on believing that they are under way.

Belongs here: ending them. Dagster watches only runs that it has launched itself; those of the
layers live in the process of the night, or of a command. Left alone, one of them keeps Dagster's
queue from starting anything for hours.
"""

import dagster as dg

from assets.core import HotlineError, writing
from assets.installation import Installation

WAREHOUSE_TAG = "hotline/warehouse"
_UNDER_WAY = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


def end_dead_runs(instance: dg.DagsterInstance, installation: Installation) -> None:
    """Say of runs that they have failed whose process is gone.

    A run of a layer lives no longer than its process holds the warehouse: whoever can take the
    lock knows that no other is alive.

    Args:
        instance: where runs are recorded.
        installation: the installation whose layers they are.
    """
    ours = dg.RunsFilter(
        tags={WAREHOUSE_TAG: str(installation.warehouse.root)}, statuses=_UNDER_WAY
    )
    if not instance.get_runs(ours, limit=1):
        return
    try:
        with writing(installation.warehouse, timeout=0, now=installation.now):
            for run in instance.get_runs(ours):
                instance.report_run_failed(
                    run, "执行它的进程中断了；没做完的由下一次夜间任务接着做。"
                )
    except HotlineError:
        return  # Somebody is writing: the runs may be theirs.
