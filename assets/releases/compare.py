"""Compare two releases: totals by table and month, KPIs, and past months that move too far.

Files whose checksums agree are not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

import polars as pl

from assets.core import HotlineError
from assets.facts import SUMMED
from assets.releases.package import Described
from schemas import FACTS, PUBLISHED

ROWS = "rows"
_KPIS = "kpi_monthly"
# Two calendar months at most: as long as later files are expected to change a ticket.
_SETTLED_AFTER = timedelta(days=62)


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

    def sha256(release: Described, key: tuple[str, str]) -> str:
        return str(release.resources[key]["hash"]) if key in release.resources else ""

    keys = sorted(old.resources.keys() | new.resources.keys())
    return [key for key in keys if sha256(old, key) != sha256(new, key)]


def _read(release: Described, table: str, month: str) -> pl.DataFrame | None:
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


def _totals(release: Described, table: str, month: str) -> dict[str, int]:
    """Number of rows and sum of every measure of a fact file; empty where there is none."""
    rows = _read(release, table, month)
    if rows is None:
        return {}
    declared = PUBLISHED[table].measures if table in PUBLISHED else ()
    measures = [name for name in declared if rows.schema.get(name) == pl.Int64]
    return {ROWS: rows.height, **{name: int(rows[name].sum()) for name in measures}}


def changes(old: Described, new: Described) -> Iterator[Change]:
    """Totals that differ, file by file; a file may differ in none of them."""
    for table, month in differing(old, new):
        if table == _KPIS:
            continue
        before, after = _totals(old, table, month), _totals(new, table, month)
        for measure in dict.fromkeys([*before, *after]):
            if before.get(measure) != after.get(measure):
                yield Change(table, month, measure, before.get(measure), after.get(measure))


def kpi_changes(old: Described, new: Described) -> Iterator[KpiChange]:
    """KPIs whose value or sums differ."""
    for table, month in differing(old, new):
        if table != _KPIS:
            continue
        before, after = _printed_kpis(old, month), _printed_kpis(new, month)
        for metric in dict.fromkeys([*before, *after]):
            was, now = before.get(metric, ""), after.get(metric, "")
            if was != now:
                yield KpiChange(month, metric, was, now)


def _printed_kpis(release: Described, month: str) -> dict[str, str]:
    """Metric -> display, with numerator and denominator where it has both."""
    rows = _read(release, _KPIS, month)
    printed = {}
    for row in rows.iter_rows(named=True) if rows is not None else ():
        sums = [str(row[each]) for each in ("numerator", "denominator") if row[each] is not None]
        quotient = f"（{'/'.join(sums)}）" if len(sums) > 1 else ""
        printed[row["metric"]] = f"{row['display']}{quotient}"
    return printed


def large_changes(old: Described, new: Described, limit: float) -> list[str]:
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
        if rows is None:
            return False
        return bool(
            rows.filter(
                pl.col("periods_present") == pl.col("periods_expected"), dataset=table
            ).height
        )

    @cache
    def old_total(table: str, month: str, measure: str) -> int:
        rows = _read(old, table, month)
        return 0 if rows is None else int(rows[measure].sum())

    found = []
    for change in changes(old, new):
        table, month, measure = change.table, change.month, change.measure
        if table not in SUMMED or measure == ROWS or _day_after(month) > cutoff:
            continue
        volume = FACTS[table].measures[0]
        settled = _day_after(month) + _SETTLED_AFTER <= cutoff
        if (settled or measure == volume) and is_complete(table, month):
            before, after = change.old or 0, change.new or 0
            share = abs(after - before) / max(before, old_total(table, month, volume), 1)
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
