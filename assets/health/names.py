"""Names that look alike on one day, and may be one unit, category, region or line counted as two.

Nothing is merged: whether they are one is for a person to say.
"""

import polars as pl

from assets.core import read_whole
from assets.installation import Installation
from assets.spelling import similar_names
from schemas import FACTS
from schemas.table import FactTable

# Dataset -> published table that counts its rows by name and day.
_COUNTED_BY = {"calls": "calls", "tickets": "tickets", "knowledge": "knowledge"}
_NAMES = ("unit", "category", "region", "line")
_SHOWN = 3


def similar_name_sentences(installation: Installation) -> dict[str, tuple[str, ...]]:
    """Dataset -> sentences on names that look alike and are both there on one day.

    Only the published facts are read: each name is looked at once, and days only where two names
    look alike.
    """
    return {
        dataset: tuple(
            _sentence(column.title, pairs)
            for column in FACTS[table].columns
            if column.name in _NAMES and (pairs := _pairs(installation, FACTS[table], column.name))
        )
        for dataset, table in _COUNTED_BY.items()
    }


def _pairs(installation: Installation, table: FactTable, column: str) -> list[tuple[str, str]]:
    files = sorted(installation.warehouse.current.glob(table.published_path("*")))
    if not files:
        return []
    rows = pl.concat([read_whole(path).select("date", column) for path in files]).lazy()
    named = rows.select("date", pl.col(column).cast(pl.String)).drop_nulls()
    groups = similar_names(named.select(pl.col(column).unique()).collect()[column])
    if not groups:
        return []
    wanted = [name for group in groups for name in group]
    days = named.filter(pl.col(column).is_in(wanted)).unique().collect()
    on = {name: set(own["date"]) for (name,), own in days.group_by(column)}
    return [
        (first, second)
        for group in groups
        for at, first in enumerate(group)
        for second in group[at + 1 :]
        if on[first] & on[second]
    ]


def _sentence(title: str, pairs: list[tuple[str, str]]) -> str:
    shown = "、".join(f"“{first}”与“{second}”" for first, second in pairs[:_SHOWN])
    more = f"等 {len(pairs)} 对" if len(pairs) > _SHOWN else ""
    return (
        f"{title}有写法相近的名称，同一天里都有：{shown}{more}"
        "（各自统计，没有合并；如是同一个，请在平台统一写法）"
    )
