"""Runs of a night whose process died: Dagster goes on believing that they are under way.

Belongs here: ending them. Dagster watches only runs that it has launched itself; those of the
layers live in the process of the night.
"""

import dagster as dg

from assets.warehouse import Warehouse

WAREHOUSE_TAG = "hotline/warehouse"
_UNDER_WAY = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


def end_dead_runs(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    """Say of runs that they have failed whose process is gone.

    Args:
        instance: where runs are recorded.
        warehouse: held for writing by the caller; a run holds it as long as it lives.
    """
    ours = dg.RunsFilter(tags={WAREHOUSE_TAG: str(warehouse.root)}, statuses=_UNDER_WAY)
    for run in instance.get_runs(ours):
        instance.report_run_failed(run, "执行它的进程中断了；没做完的由下一次夜间任务接着做。")
