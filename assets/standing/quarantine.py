"""Whether the quarantine is worked off.

Belongs here: open rows that entered it long ago. The record of the nights says when; what became of
rows is looked up only where one is old.
"""

from datetime import timedelta

import polars as pl

from assets.quarantine.fate import BECAME, OPEN, with_fates
from assets.quarantine.history import read_history
from assets.site import Site
from assets.standing.finding import Finding
from schemas import EXPORTS

_PLACE = ["delivery", "line"]


def worked_off(site: Site) -> dict[str, Finding]:
    """Whether each dataset has no open row that is older than `quarantine_days`."""
    return {name: _finding(site, name) for name in EXPORTS if name in site.profile.datasets}


def _finding(site: Site, name: str) -> Finding:
    days = site.operations.quarantine_days
    rows = read_history(site.warehouse, name).filter(pl.col("left").is_null())
    old = rows.filter(pl.col("entered") < site.now() - timedelta(days))
    if old.height:
        still = with_fates(site.warehouse, name).filter(pl.col(BECAME) == OPEN)
        old = old.join(still.select(_PLACE), on=_PLACE, how="semi")
    if not old.height:
        return Finding(True, rows.height, f"没有超过 {days} 天还未处理的隔离行。")
    return Finding(
        False,
        rows.height,
        f"{EXPORTS[name].title}有 {old.height} 行隔离超过 {days} 天还未处理，"
        f"在 {old['delivery'].n_unique()} 个文件里：请用 hotline quarantine list "
        f"--dataset {name} 查看，导出更正后交回，或用 hotline quarantine discard 作废。",
    )
