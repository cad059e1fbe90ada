"""Split the rows of a batch: good ones to stage, bad ones to quarantine, bad files refused.

Belongs here: the file rules that count rows, and the equation of every file:
read = good + quarantined. Whether a good row stands, or is a duplicate or superseded, is decided
over all files, in `assets.details.resolve`.
"""

from functools import reduce
from operator import xor

import polars as pl

from assets.profiles import DatasetProfile
from schemas.table import ExportTable

FILE = "__file"


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
    conflicts = pl.col("conflicts").fill_null(0)
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
