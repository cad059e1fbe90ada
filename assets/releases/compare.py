"""Compare two releases: totals by table and month, KPIs, and past months that move too far.

Files whose checksums agree are not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial

import polars as pl

from assets.core import HotlineError
from assets.facts import SUMMED
from assets.releases.package import Release
from schemas import FACTS, PUBLISHED

ROWS = "rows"
KPI_TABLE = "kpi_monthly"
# Two calendar months at most: as long as later files are expected to change a ticket.
_SETTLED_AFTER = timedelta(days=62)


@dataclass(frozen=True)
class Change:
    """A total or a KPI of a table and month that differs.

    Attributes:
        table: fact table.
        month: YYYY-MM; empty for a table that is one file.
        measure: column that was added up; `rows` for the number of rows; id of a KPI.
        old: total, or KPI as printed with numerator and denominator; None where the old release has
            no such file, column or KPI.
        new: likewise.
    """

    table: str
    month: str
    measure: str
    old: int | str | None
    new: int | str | None


def differing(old: Release, new: Release) -> list[tuple[str, str]]:
    """Tables and months whose files differ, or that only one of two releases has."""

    def sha256(release: Release, key: tuple[str, str]) -> str:
        return str(release.resources[key]["hash"]) if key in release.resources else ""

    keys = sorted(old.resources.keys() | new.resources.keys())
    return [key for key in keys if sha256(old, key) != sha256(new, key)]


def _read(release: Release, table: str, month: str) -> pl.DataFrame | None:
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


def _figures(release: Release, table: str, month: str) -> dict[str, int | str]:
    """Number of rows and sum of every measure of a fact file, or its KPIs as printed."""
    rows = _read(release, table, month)
    if rows is None:
        return {}
    if table != KPI_TABLE:
        declared = PUBLISHED[table].measures if table in PUBLISHED else ()
        measures = [name for name in declared if rows.schema.get(name) == pl.Int64]
        return {ROWS: rows.height, **{name: int(rows[name].sum()) for name in measures}}
    printed: dict[str, int | str] = {}
    for row in rows.iter_rows(named=True):
        sums = [str(row[each]) for each in ("numerator", "denominator") if row[each] is not None]
        quotient = f"（{'/'.join(sums)}）" if len(sums) > 1 else ""
        printed[row["metric"]] = f"{row['display']}{quotient}"
    return printed


def changes(old: Release, new: Release) -> Iterator[Change]:
    """Totals and KPIs that differ, file by file; a file may differ in none of them."""
    for table, month in differing(old, new):
        before, after = _figures(old, table, month), _figures(new, table, month)
        for measure in dict.fromkeys([*before, *after]):
            if before.get(measure) != after.get(measure):
                yield Change(table, month, measure, before.get(measure), after.get(measure))


def large_changes(old: Release, new: Release, limit: float) -> list[str]:
    """Totals of past months that change by more than people expect, a sentence each.

    A month is past when it had ended before the cutoff of the old release, and it counts only where
    that release had all of its files: a month that is still being delivered changes by itself. The
    volume (calls, tickets, ...) is looked at in every such month; how far its tickets were dealt
    with changes for weeks, so the other measures are looked at from two months on.

    Args:
        old: the release that readers see.
        new: the one to come.
        limit: largest share that is expected; of the measure's own old total, or of the month's
            volume where that is larger, so that three returns instead of two are no alarm.

    Returns:
        Table, month, measure, old and new total; counts only.
    """
    cutoff = datetime.fromisoformat(old.cutoff).date()

    @cache
    def is_complete(table: str, month: str) -> bool:
        rows = _read(old, "data_quality", month)
        whole = pl.col("periods_present") == pl.col("periods_expected")
        return rows is not None and not rows.filter(whole, dataset=table).is_empty()

    figures = cache(partial(_figures, old))
    found = []
    for change in changes(old, new):
        table, month, measure = change.table, change.month, change.measure
        if table not in SUMMED or measure == ROWS or _day_after(month) > cutoff:
            continue
        volume = FACTS[table].measures[0]
        settled = _day_after(month) + _SETTLED_AFTER <= cutoff
        if (settled or measure == volume) and is_complete(table, month):
            before, after = int(change.old or 0), int(change.new or 0)
            largest = max(before, int(figures(table, month).get(volume, 0)), 1)
            share = abs(after - before) / largest
            if share > limit:
                found.append(
                    f"{month} {table}.{measure} 由 {before} 变为 {after}"
                    f"（变动 {100 * share:.1f}%，上限 {100 * limit:g}%）"
                )
    return found


def _day_after(month: str) -> date:
    """The day after a month."""
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, 1)
