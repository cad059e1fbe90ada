"""Hold computed KPIs against the tables that an evaluation printed.

The printed figures stand in `tables_2023.toml`. They are compared cell by cell, as text: what
counts is what stands on paper.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets.facts import kpi_value_and_display
from schemas.kpis import KPIS

TABLES = Path(__file__).parent / "tables_2023.toml"
TOTAL = "合计"


@dataclass(frozen=True)
class Cell:
    """One printed figure beside the computed one.

    Attributes:
        row: month, or 合计.
        column: title of the column as printed.
        printed: as on paper.
        computed: by the display rule; — where there is none.
    """

    row: str
    column: str
    printed: str
    computed: str

    @property
    def equal(self) -> bool:
        """Whether both are the same to the digit."""
        return self.printed == self.computed


@dataclass(frozen=True)
class ComparedTable:
    """One printed table, compared.

    Attributes:
        number: as in the evaluation, such as 4-7.
        title: as printed.
        cells: every figure of it, row by row.
    """

    number: str
    title: str
    cells: tuple[Cell, ...]


def _figures(kpis: pl.DataFrame, metric: str, year: int) -> Mapping[str, str]:
    """Display of a metric for each month, and for the year as sum over sum."""
    kpi = next(each for each in KPIS if each.id == metric)
    rows = kpis.filter((pl.col("metric") == metric) & pl.col("month").str.starts_with(f"{year}-"))
    shown = dict(rows.select("month", "display").rows())
    formed = rows.drop_nulls("numerator")
    if formed.height:
        denominator = int(formed["denominator"].sum()) if kpi.denominator else None
        total = kpi_value_and_display(kpi, int(formed["numerator"].sum()), denominator)
        shown[TOTAL] = total[1]
    return shown


def compare(kpis: pl.DataFrame) -> list[ComparedTable]:
    """Compare all tables of the 2023 evaluation.

    Args:
        kpis: `kpi_monthly` of the months that are there.
    """
    content = tomllib.loads(TABLES.read_text(encoding="utf-8"))
    year = content["year"]
    rows = [f"{year}-{month:02d}" for month in range(1, 13)]
    compared = []
    for table in content["table"]:
        by_column = []
        for column in table["column"]:
            figures = _figures(kpis, column["metric"], year)
            printed = dict(zip(rows, column["months"], strict=True))
            if "total" in column:
                printed[TOTAL] = column["total"]
            by_column.append(
                [
                    Cell(row, column["title"], text, figures.get(row, "—"))
                    for row, text in printed.items()
                ]
            )
        cells = tuple(cell for row in zip(*by_column, strict=True) for cell in row)
        compared.append(ComparedTable(table["number"], table["title"], cells))
    return compared
