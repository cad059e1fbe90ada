"""Check typed rows against the pandera model of their dataset: which row breaks which rule.

The one place where pandera validates. Its error text quotes values, so it never leaves this module:
only row, column and rule do.
"""

from threading import Lock

import polars as pl
from pandera.errors import SchemaErrors

from assets.exports.cast import REASONS
from schemas import rules
from schemas.rules import EXPORT_DATE
from schemas.table import ExportTable

# Pandera does not promise that several threads may use it.
_PANDERA = Lock()


def validate(typed: pl.DataFrame, table: ExportTable, uncastable: pl.DataFrame) -> pl.DataFrame:
    """Every reason for which rows of a batch are quarantined; pandera sees every row.

    Args:
        typed: rows as `cast` returns them, with the file's date in `__export_date`.
        table: the dataset.
        uncastable: reasons that `cast` found; "required" is not said again for these cells.

    Returns:
        `row` (position in `typed`), `column`, `rule`; one line for each reason, all that apply.

    Raises:
        TypeError: the frame is lazy.
        AssertionError: the frame has other columns or types than the model.
    """
    frame = typed.select(*table.by_name, EXPORT_DATE)
    if not isinstance(frame, pl.DataFrame):
        # On a LazyFrame pandera checks names and types only: bad values would pass.
        raise TypeError("validate needs an eager frame")
    try:
        with _PANDERA:
            table.model.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases: pl.DataFrame = error.failure_cases
    else:
        return uncastable.select(*REASONS)
    broken = cases.filter(pl.col("index").is_null())
    if broken.height:
        # Not a row's fault: a column is missing or a check raised, which is a mistake of ours.
        pairs = broken.select("column", "check").unique().rows()
        raise AssertionError(f"schema of {table.name} does not fit the frame: {pairs}") from None
    found = cases.select(
        row=pl.col("index").cast(pl.UInt32),
        column="column",
        rule=pl.col("check").replace(rules.NOT_NULLABLE, rules.REQUIRED.id),
    )
    # A value that could not be cast is null now, but it is not missing.
    missing = found.join(uncastable, on=["row", "column"], how="anti").unique()
    return pl.concat([uncastable, missing]).select(*REASONS)
