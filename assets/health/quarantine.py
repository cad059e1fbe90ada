"""Whether the quarantine is worked off.

Belongs here: open rows that entered it long ago. The record of the nights says when; what became of
rows is looked up only where one is old.
"""

from datetime import timedelta

import polars as pl

from assets.health.finding import Finding
from assets.installation import Installation
from assets.quarantine import BECAME, OPEN, read_history, with_fates
from schemas import EXPORTS

_PLACE = ["delivery", "line"]


def worked_off(installation: Installation) -> dict[str, Finding]:
    """Whether each dataset has no open row that is older than `quarantine_days`."""
    return {
        name: _finding(installation, name)
        for name in EXPORTS
        if name in installation.profile.datasets
    }


def old_rows(installation: Installation, name: str) -> pl.DataFrame:
    """Open rows of a dataset that are in quarantine for more than `quarantine_days`.

    Returns:
        Columns as in `assets.quarantine.history.HISTORY`.
    """
    before = installation.now() - timedelta(installation.operations.quarantine_days)
    rows = read_history(installation.warehouse, name).filter(pl.col("left").is_null())
    old = rows.filter(pl.col("entered") < before)
    if not old.height:
        return old
    still = with_fates(installation.warehouse, name).filter(pl.col(BECAME) == OPEN)
    return old.join(still.select(_PLACE), on=_PLACE, how="semi")


def _finding(installation: Installation, name: str) -> Finding:
    days = installation.operations.quarantine_days
    examined = read_history(installation.warehouse, name)["left"].null_count()
    old = old_rows(installation, name)
    if not old.height:
        return Finding(True, examined, f"没有超过 {days} 天还未处理的隔离行。")
    return Finding(
        False,
        examined,
        f"{EXPORTS[name].title}有 {old.height} 行隔离超过 {days} 天还未处理，"
        f"在 {old['delivery'].n_unique()} 个文件里：请用 hotline quarantine list "
        f"--dataset {name} 查看，导出更正后交回，或用 hotline quarantine discard 作废。",
    )
