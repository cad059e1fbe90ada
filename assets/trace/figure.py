"""What a published figure rests on: release, fact files, export files, rule and code version.

All of it is read from the release alone, and from what the details say of the files they were built
from.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from assets.core import HotlineError, Warehouse, did_you_mean
from assets.details import ACCEPTED, read_details
from assets.facts import kpi_value_and_display
from assets.releases import Release
from schemas.kpis import KPIS, Kpi


@dataclass(frozen=True)
class FactFile:
    """A fact file that went into a figure.

    Attributes:
        path: below the release.
        sha256: of the file.
        rows: its rows.
        sums: measure -> its sum over the rows that count.
    """

    path: str
    sha256: str
    rows: int
    sums: dict[str, int]


@dataclass(frozen=True)
class Figure:
    """A figure and what it rests on.

    Attributes:
        kpi: its declaration.
        period: year or month.
        release: id of the release.
        cutoff: data cutoff of the release, ISO.
        code: version of the code that made the facts.
        numerator: sum of it over the months.
        denominator: likewise; None for counts.
        display: as published.
        facts: the fact files, by table and month.
        files: the export files: dataset, file, export_date, sha256, read, accepted, counted (rows
            of this period that stand), delivery.
    """

    kpi: Kpi
    period: str
    release: str
    cutoff: str
    code: str
    numerator: int
    denominator: int | None
    display: str
    facts: tuple[FactFile, ...]
    files: pl.DataFrame


def _parts(month: str) -> tuple[str, ...]:
    """A month and its year."""
    return (month, month[:4]) if month else ()


def _known(metric: str) -> Kpi:
    found = next((kpi for kpi in KPIS if metric in (kpi.id, kpi.title)), None)
    if found is None:
        names = "、".join(f"{kpi.id}（{kpi.title}）" for kpi in KPIS)
        close = did_you_mean(metric, [each for kpi in KPIS for each in (kpi.title, kpi.id)])
        raise HotlineError(f"没有“{metric[:40]}”这个指标。{close or f'请用其中之一：{names}。'}")
    return found


def _fact_file(release: Release, resource: dict[str, Any], kpi: Kpi) -> FactFile:
    """A fact file, with the sum of each measure that the KPI adds or subtracts."""
    rows = pl.read_parquet(release.folder / resource["path"])
    sums: dict[str, int] = {}
    for total in (kpi.numerator, kpi.denominator):
        if total and total.table == resource["table"]:
            counted = rows
            for column, value in total.where:
                counted = counted.filter(pl.col(column) == value)
            sums |= {name: int(counted[name].sum()) for name in (*total.add, *total.subtract)}
    return FactFile(resource["path"], resource["hash"][7:], resource["rows"], sums)


def trace(warehouse: Warehouse, metric: str, period: str) -> Figure:
    """Follow a figure of the current release back to the export files.

    Args:
        warehouse: where everything lies.
        metric: id or Chinese name of a KPI.
        period: YYYY or YYYY-MM.

    Raises:
        HotlineError: there is no such metric, no release, or nothing of that period in it.
    """
    kpi = _known(metric)
    if not warehouse.current.is_symlink():
        raise HotlineError("还没有发布过：请先运行 hotline run 或 hotline demo。")
    release = Release.open(warehouse.current.resolve())
    name = release.folder.name
    of_period = [each for each in release.resources.values() if each["month"].startswith(period)]
    months = [
        pl.read_parquet(release.folder / each["path"]).filter(metric=kpi.id)
        for each in of_period
        if each["table"] == "kpi_monthly"
    ]
    rows = pl.concat(months).drop_nulls("numerator") if months else None
    periods = {part for each in release.resources.values() for part in _parts(each["month"])}
    if rows is None or not rows.height or len(period) not in (4, 7):
        raise HotlineError(
            f"发布 {name} 里没有 {period[:20]} 的{kpi.title}。"
            f"{did_you_mean(period, periods) or '期间请写成 2023 或 2023-05。'}"
        )
    numerator = int(rows["numerator"].sum())
    denominator = int(rows["denominator"].sum()) if kpi.denominator else None
    return Figure(
        kpi,
        period,
        name,
        release.cutoff,
        json.loads(release.package)["code"],
        numerator,
        denominator,
        kpi_value_and_display(kpi, numerator, denominator)[1],
        tuple(_fact_file(release, each, kpi) for each in of_period if each["table"] in kpi.tables),
        _files(warehouse, release.folder, kpi, period),
    )


def _files(warehouse: Warehouse, release: Path, kpi: Kpi, period: str) -> pl.DataFrame:
    """Export files that rows of the period came from, with how many of them stand."""
    counted: dict[str, int] = {}
    for dataset in kpi.tables:
        for path in sorted(warehouse.details(dataset).glob(f"{period}*.parquet")):
            details = read_details(warehouse, dataset, path.stem)
            for delivery, fates in details.fates.items() if details else ():
                counted[delivery] = counted.get(delivery, 0) + fates.get(ACCEPTED, 0)
    known = pl.DataFrame(
        {"delivery": list(counted), "counted": list(counted.values())},
        schema={"delivery": pl.String, "counted": pl.Int64},
    )
    return (
        pl.read_parquet(release / "files.parquet")
        .join(known.filter(pl.col("counted") > 0), on="delivery")
        .select(
            *("dataset", "file", "export_date", "sha256", "read", "accepted", "counted"),
            "delivery",
        )
        .sort("dataset", "export_date", "file")
    )
