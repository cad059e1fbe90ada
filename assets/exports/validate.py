"""Which rows of a batch are quarantined, and which of its files are refused for their rows.

The one place where pandera validates. Its error text quotes values, so it never leaves this module:
only row, column and rule do. Whether a good row stands, or is a duplicate or superseded, is decided
over all files (`assets.details`).
"""

from datetime import date
from functools import reduce
from operator import xor
from threading import Lock

import polars as pl
from pandera.errors import SchemaErrors

from assets.exports.cast import REASONS
from assets.profiles import DatasetProfile
from schemas import rules
from schemas.rules import ARRIVED, EARLIEST, EXPORT_DATE
from schemas.table import ExportTable
from schemas.wall_clock import EARLIEST_YEAR

FILE = "__file"
# Pandera does not promise that several threads may use it.
_PANDERA = Lock()


def validate(
    typed: pl.DataFrame,
    table: ExportTable,
    uncastable: pl.DataFrame,
    earliest_year: int = EARLIEST_YEAR,
) -> pl.DataFrame:
    """Every reason for which rows of a batch are quarantined; pandera sees every row.

    Args:
        typed: rows as `cast` returns them, with the file's date in `__export_date` and its
            arrival in `__arrived`.
        table: the dataset.
        uncastable: reasons that `cast` found; "required" is not said again for these cells.
        earliest_year: year before which no timestamp may lie.

    Returns:
        `row` (position in `typed`), `column`, `rule`; one line for each reason, all that apply.

    Raises:
        TypeError: the frame is lazy.
        AssertionError: the frame has other columns or types than the model.
    """
    earliest = pl.lit(date(earliest_year, 1, 1)).alias(EARLIEST)
    frame = typed.select(*table.by_name, EXPORT_DATE, ARRIVED, earliest)
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


def refuse_files(
    counts: pl.DataFrame,
    good: pl.DataFrame,
    table: ExportTable,
    profile: DatasetProfile,
    floor: int,
) -> pl.DataFrame:
    """Which files of a batch are refused for what is in them.

    Args:
        counts: `__file`, `read`, `unparsed`, `quarantined`; a row for each file of the batch.
        good: typed rows that broke no row rule.
        table: the dataset.
        profile: its limits.
        floor: a file with no more bad rows than this is not refused for their share.

    Returns:
        `__file`, `rule`, `read`, `quarantined`, `conflicts` of the refused files.
    """
    limit = profile.quarantine_share
    # Where the profile says what rows of one id are, they are no conflict.
    conflicts = pl.col("conflicts").fill_null(0) * (not profile.same_id)
    return (
        counts.join(_conflicts(good, table), on=FILE, how="left")
        .with_columns(
            rule=pl.when((pl.col("read") > 0) & (pl.col("unparsed") == pl.col("read")))
            .then(pl.lit("no_valid_line"))
            .when(
                (pl.col("quarantined") > limit * pl.col("read")) & (pl.col("quarantined") > floor)
            )
            .then(pl.lit("quarantined_share"))
            .when((conflicts > limit * pl.col("read")) & (conflicts > floor))
            .then(pl.lit("key_unusable")),
            conflicts=conflicts,
        )
        .filter(pl.col("rule").is_not_null())
    )


def _conflicts(good: pl.DataFrame, table: ExportTable) -> pl.DataFrame:
    """How many rows of a file share a key with a row of other content: `__file`, `conflicts`.

    A file names a ticket once, as it stood at the end of the day, so versions are no excuse.
    """
    key = [FILE, *table.key]
    # Equal keys have equal hashes, which are compared in a fraction of the time.
    hashes = good.select(reduce(xor, (pl.col(name).hash() for name in key))).to_series()
    ordered = hashes.sort()
    repeated = ordered.filter(ordered == ordered.shift()).implode()
    shared = good.filter(hashes.is_in(repeated)).filter(pl.struct(key).is_duplicated())
    content = [FILE, *table.by_name]
    distinct = shared.unique(content)
    return distinct.filter(pl.struct(key).is_duplicated()).group_by(FILE).agg(conflicts=pl.len())
