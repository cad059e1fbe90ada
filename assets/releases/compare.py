"""Compare two releases: rows and totals by table and month, and every KPI that differs.

Belongs here: finding the differences. Files whose checksums agree are not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from assets.core import HotlineError
from assets.releases.folder import Described
from schemas import PUBLISHED

ROWS = "rows"
_KPIS = "kpi_monthly"


@dataclass(frozen=True)
class Change:
    """A total of a table and month that differs.

    Attributes:
        table: fact table.
        month: YYYY-MM; empty for a table that is one file.
        measure: column that was added up; `rows` for the number of rows.
        old: None where the old release has no such file or column.
        new: None where the new one has none.
    """

    table: str
    month: str
    measure: str
    old: int | None
    new: int | None


@dataclass(frozen=True)
class KpiChange:
    """A KPI of a month that differs.

    Attributes:
        month: YYYY-MM.
        metric: id of the KPI.
        old: as printed, with numerator and denominator; empty where there was none.
        new: likewise.
    """

    month: str
    metric: str
    old: str
    new: str


def differing(old: Described, new: Described) -> list[tuple[str, str]]:
    """Tables and months whose files differ, or that only one of two releases has."""
    keys = sorted(old.resources.keys() | new.resources.keys())

    def sha256(release: Described, key: tuple[str, str]) -> str:
        return str(release.resources[key]["hash"]) if key in release.resources else ""

    return [key for key in keys if sha256(old, key) != sha256(new, key)]


def read_fact(release: Described, table: str, month: str) -> pl.DataFrame | None:
    """The rows of a fact file; None where the release has none.

    Raises:
        HotlineError: the file is missing or damaged.
    """
    if (table, month) not in release.resources:
        return None
    path = release.folder / release.resources[table, month]["path"]
    try:
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise HotlineError(
            f"发布 {release.folder.name} 的 {path.relative_to(release.folder)} 无法读取"
            f"（{type(error).__name__}）：请用 hotline verify 核验。"
        ) from None


def totals(release: Described, table: str, month: str) -> dict[str, int]:
    """Number of rows and sum of every measure of a fact file; empty where there is none."""
    rows = read_fact(release, table, month)
    if rows is None:
        return {}
    measures = (
        [name for name in PUBLISHED[table].measures if rows.schema.get(name) == pl.Int64]
        if table in PUBLISHED
        else []
    )
    sums = rows.select(pl.col(measures).sum()).row(0, named=True) if measures else {}
    return {ROWS: rows.height, **{name: int(value) for name, value in sums.items()}}


def changes(old: Described, new: Described) -> Iterator[Change]:
    """Totals that differ, file by file; a file may differ in none of them."""
    for table, month in differing(old, new):
        if table == _KPIS:
            continue
        before, after = totals(old, table, month), totals(new, table, month)
        for measure in dict.fromkeys([*before, *after]):
            if before.get(measure) != after.get(measure):
                yield Change(table, month, measure, before.get(measure), after.get(measure))


def _printed(row: dict[str, object] | None) -> str:
    if row is None:
        return ""
    parts = [str(row[name]) for name in ("numerator", "denominator") if row[name] is not None]
    return f"{row['display']}（{'/'.join(parts)}）" if len(parts) > 1 else str(row["display"])


def kpi_changes(old: Described, new: Described) -> Iterator[KpiChange]:
    """KPIs whose value or sums differ."""
    for table, month in differing(old, new):
        if table != _KPIS:
            continue
        before, after = (
            {} if rows is None else {row["metric"]: row for row in rows.iter_rows(named=True)}
            for rows in (read_fact(old, table, month), read_fact(new, table, month))
        )
        for metric in dict.fromkeys([*before, *after]):
            was, now = _printed(before.get(metric)), _printed(after.get(metric))
            if was != now:
                yield KpiChange(month, metric, was, now)
