"""What is looked at of each delivery: numbers that say whether it can be what it says it is.

Rows, hours, shares of codes and of empty cells, forms of ids, and a sample of its rows by which the
same content is known again. No value of a row is kept: only counts, forms and hashes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import polars as pl
import polars_hash as plh

from assets.expectations.days import Floats
from schemas.fields import Column
from schemas.table import ExportTable
from schemas.wall_clock import wall_clock

# Names the deliveries that are measured together.
OF: Final = "of"
# How many of the smallest hashes stand for the rows of a delivery.
SAMPLE: Final = 32
HOURS: Final = 24
# Days and forms of ids that are kept, the most frequent ones.
_KINDS: Final = 8
_COUNTS = pl.List(pl.Int64)
MEASURES: Final[dict[Any, pl.DataType]] = {
    OF: pl.String(),
    "rows": pl.Int64(),
    "days": pl.List(pl.Struct({"day": pl.Date, "count": pl.Int64})),
    "opened": pl.Int64(),
    "hours": _COUNTS,
    "cells": _COUNTS,
    "distinct": _COUNTS,
    "forms": pl.List(pl.Struct({"form": pl.String(), "count": pl.Int64})),
    "middle_key": pl.String(),
    "sample": pl.List(pl.UInt64),
}


@dataclass(frozen=True)
class DayMeasures:
    """What is looked at of all deliveries of one export date together; see `MEASURES`.

    Attributes:
        rows: valid rows.
        own: of these, rows of the export date itself.
        opened: of these, rows that are not the follow-up of an earlier day's.
        hours: rows by hour.
        cells: as `watched_shares` names them.
        distinct: different values of `watched_columns`.
        forms: rows by form of their id.
        middle_key: the middle one of the ids.
        sample: hashes that stand for the rows.
        released: whether a person let it pass.
    """

    rows: int
    own: int
    opened: int
    hours: Floats
    cells: Floats
    distinct: Floats
    forms: Mapping[str, int]
    middle_key: str
    sample: frozenset[int]
    released: bool = False


def moment_column(table: ExportTable) -> str:
    """The column that says when a row came about: for tickets that of the version."""
    return table.version or table.period


@cache
def watched_shares(table: ExportTable) -> tuple[tuple[Column, str | None], ...]:
    """What `cells` counts, in its order: cells with a code, and empty cells (None)."""
    watched: list[tuple[Column, str | None]] = []
    for column in table.columns:
        if not column.required:
            watched.append((column, None))
        watched += [(column, each) for each in column.codes]
    return tuple(watched)


@cache
def watched_columns(table: ExportTable) -> tuple[Column, ...]:
    """Columns of which `distinct` counts the different values: those that no code list holds."""
    return tuple(
        column
        for column in table.columns
        if column.name not in table.key and not column.codes and column.max_length <= 200
    )


def measure(rows: pl.LazyFrame, table: ExportTable) -> pl.DataFrame:
    """Measure deliveries.

    Args:
        rows: staged rows of the table, with `of`, by which they belong together.
        table: the dataset.

    Returns:
        A row for each `of`, with the columns of `MEASURES`, sorted.
    """
    key = pl.col(table.key[0])
    shown = wall_clock(pl.col(moment_column(table)))
    begun = wall_clock(pl.col(table.period)).dt.date()
    cells = [
        (pl.col(c.stored_name).is_null() if code is None else pl.col(c.stored_name) == code).sum()
        for c, code in watched_shares(table)
    ]
    distinct = [pl.col(each.stored_name).n_unique() for each in watched_columns(table)]
    identity = [*(pl.col(each).cast(pl.String) for each in table.key), shown.cast(pl.String)]
    return (
        rows.with_columns(
            day=shown.dt.date(),
            hour=shown.dt.hour(),
            form=key.str.replace_all(r"\d", "9").str.replace_all(r"[A-Za-z]", "A"),
            identity=pl.concat_str(identity, separator="\t"),
        )
        .group_by(OF)
        .agg(
            rows=pl.len(),
            days=pl.col("day").value_counts(),
            opened=(begun == pl.col("day")).sum(),
            hours=pl.concat_list([(pl.col("hour") == each).sum() for each in range(HOURS)]),
            cells=_listed(cells),
            distinct=_listed(distinct),
            forms=pl.col("form").value_counts(),
            middle_key=key.sort().gather(pl.len() // 2).first(),
            sample=plh.col("identity").nchash.wyhash().unique().sort().head(SAMPLE),
        )
        .with_columns(_most_frequent("days", "day"), _most_frequent("forms", "form"))
        .cast(dict(MEASURES))
        .sort(OF)
        .collect()
    )


def _most_frequent(column: str, of: str) -> pl.Expr:
    """The first of counted values, the most frequent first; equally frequent ones by themselves."""
    count, value = (pl.element().struct.field(name) for name in ("count", of))
    return pl.col(column).list.eval(
        pl.element().sort_by(count, value, descending=[True, False]).head(_KINDS)
    )


def _listed(counts: Sequence[pl.Expr]) -> pl.Expr:
    return pl.concat_list(counts) if counts else pl.lit([], _COUNTS)
