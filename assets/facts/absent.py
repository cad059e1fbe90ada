"""Measures of columns that a platform does not have: empty by name, never zero."""

from collections.abc import Collection

import polars as pl


def measured(absent: Collection[str], **measures: pl.Expr) -> dict[str, pl.Expr]:
    """Measures by name; those that read an absent column are empty instead.

    Args:
        absent: columns that the platform does not have.
        measures: how each is aggregated.
    """
    lacking = set(absent)
    return {
        name: pl.lit(None, pl.Int64) if lacking & set(measure.meta.root_names()) else measure
        for name, measure in measures.items()
    }


def sum_if_known(value: pl.Expr) -> pl.Expr:
    """A sum; null where one of its summands is not known, because part of a sum would be wrong."""
    return pl.when(~value.has_nulls()).then(value.sum())
