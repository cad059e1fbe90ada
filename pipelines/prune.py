"""What Dagster keeps of old runs: the step-by-step log goes, the history of assets stays.

Belongs here: which files of a finished run nothing else needs. A run itself is never deleted: its
materializations would go with it, and Dagster would no longer know which days it has. Those stand
in files of their own (`history/index.db`), which are not touched; in PostgreSQL all events stand in
one table, and nothing is removed but what earlier versions copied of what runs printed.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import dagster as dg

from assets.core import remove_file, remove_folder

_FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


@dataclass
class Pruned:
    """What was removed.

    Attributes:
        runs: runs that had something to remove.
        size: bytes freed.
    """

    runs: int = 0
    size: int = 0


def prune(instance: dg.DagsterInstance, home: Path, before: datetime) -> Pruned:
    """Remove the logs of runs that were created before a moment and have ended.

    Args:
        instance: Dagster's record.
        home: its folder, DAGSTER_HOME.
        before: aware moment.
    """
    pruned = Pruned()
    old = dg.RunsFilter(statuses=_FINISHED, created_before=before)
    for run_id in instance.get_run_ids(old):
        printed, log = home / "storage" / run_id, home / "history" / f"{run_id}.db"
        files = [each for each in (*printed.rglob("*"), log) if each.is_file()]
        pruned.size += sum(each.stat().st_size for each in files)
        pruned.runs += bool(files)
        remove_folder(printed)
        remove_file(log)
    return pruned
