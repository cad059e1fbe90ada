"""Check typed rows against the dataset's pandera schema and say which row breaks which rule.

Belongs here: the one place where pandera is called. Its error text quotes values, so it never
leaves this module: only row, column and rule do.
"""

from threading import Lock

import polars as pl

from assets.exports.cast import REASONS
from schemas import rules
from schemas.checks import EXPORT_DATE
from schemas.suspects import suspects
from schemas.tables import ExportTable

# Pandera does not promise that several threads may use it.
_PANDERA = Lock()


def validate(typed: pl.DataFrame, table: ExportTable, uncastable: pl.DataFrame) -> pl.DataFrame:
    """Every reason for which rows of a batch are quarantined.

    Args:
        typed: rows as `cast` returns them, with the file's date in `__export_date`.
        table: the dataset.
        uncastable: reasons that `cast` found; "required" is not said again for these cells.

    Returns:
        `row` (position in `typed`), `column`, `rule`; one line for each reason, all that apply.
    """
    frame = typed.select(*table.by_name, EXPORT_DATE)
    if not isinstance(frame, pl.DataFrame):
        # On a LazyFrame pandera checks names and types only: bad values would pass.
        raise TypeError("validate needs an eager frame")
    types = {name: column.polars_type for name, column in table.by_name.items()}
    if wrong := dict(frame.schema).items() - (types | {EXPORT_DATE: pl.Date()}).items():
        # Said here, because pandera says it only where there are suspects.
        names = sorted(dict(wrong))
        raise AssertionError(f"schema of {table.name} does not fit the frame: {names}")
    rows = suspects(frame, table)
    if not len(rows):
        return uncastable.select(*REASONS)
    # Loading pandera takes longer than checking a day: only a run that has suspects does it.
    with _PANDERA:
        from pandera.errors import SchemaErrors

        from schemas.pandera_checks import NOT_NULLABLE, pandera_schema

        try:
            pandera_schema(table.name).validate(frame[rows], lazy=True)
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
        row=rows.gather(cases["index"].cast(pl.UInt32)),
        column="column",
        rule=pl.col("check").replace(NOT_NULLABLE, rules.REQUIRED.id),
    )
    # A value that could not be cast is null now, but it is not missing.
    return pl.concat(
        [
            uncastable,
            found.join(uncastable, on=["row", "column"], how="anti").unique(),
        ]
    ).select(*REASONS)
