"""Rows that may break a rule of their table: the few that pandera need look at.

Belongs here: applying the declared checks to where they can fail, and nowhere else. Which rule a
row breaks is for pandera to say (`schemas.pandera_checks`).
"""

from collections.abc import Sequence

import polars as pl

from schemas.checks import row_checks
from schemas.columns import Column, Kind, Protection
from schemas.rules import RowCheck
from schemas.tables import ExportTable


def suspects(frame: pl.DataFrame, table: ExportTable) -> pl.Series:
    """Positions of rows among which are all that break a rule.

    Args:
        frame: typed columns of the table and `EXPORT_DATE`.
        table: the dataset.
    """
    checks = row_checks(table)
    found = [pl.col(column.name).is_null() for column in table.columns if column.required]
    for column in filter(_recurs_or_identifies, table.columns):
        own = [check for check in checks if _is_about(check, column)]
        checks = [check for check in checks if check not in own]
        bad = _bad_values(frame[column.name], column, own)
        if len(bad):
            found.append(pl.col(column.name).is_in(bad.implode()))
    suspect = pl.any_horizontal(*found, *map(_breaks, checks)).fill_null(value=False)
    return frame.select(suspect.arg_true()).to_series()


def _recurs_or_identifies(column: Column) -> bool:
    """Whether few of its values need be looked at."""
    return (
        column.kind in (Kind.IDENTIFIER, Kind.CODE, Kind.TEXT)
        and column.protection is not Protection.MASKED
    )


def _is_about(check: RowCheck, column: Column) -> bool:
    """Whether a check looks at this column alone."""
    return check.column == column.name and check.holds.meta.root_names() == [column.name]


def _breaks(check: RowCheck) -> pl.Expr:
    return ~check.holds


def _bad_values(values: pl.Series, column: Column, checks: Sequence[RowCheck]) -> pl.Series:
    """Values of a column that break a rule by themselves, each looked at once if they repeat."""
    if column.kind is Kind.IDENTIFIER:
        # A whole number has no sign that an id must not have, and is none too long.
        rest = values.filter(values.cast(pl.Int64, strict=False).is_null())
    else:
        rest = values.unique()
    broken = pl.any_horizontal(map(_breaks, checks))
    return rest.drop_nulls().to_frame().filter(broken).to_series()
