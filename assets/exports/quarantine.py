"""The bad rows of a batch, with every reason, where they stand, and their raw text.

Belongs here: the shape of `quarantine/<dataset>/<batch>.parquet`. It holds personal data as they
were delivered, so its files are readable by the owner only.
"""

from collections.abc import Sequence

import polars as pl

from assets.exports.layout import LINE
from assets.exports.reading import Reading
from assets.exports.split import FILE
from schemas.table import ExportTable

_BETWEEN = "\x1f"

QUARANTINE: dict[str, pl.DataType | type[pl.DataType]] = {
    "delivery": pl.String,
    "export_date": pl.Date,
    "file": pl.String,
    "sha256": pl.String,
    "line": pl.Int64,
    "rules": pl.List(pl.String),
    "columns": pl.List(pl.String),
    "raw": pl.String,
    "key": pl.String,
}


def key_text(table: ExportTable) -> pl.Expr:
    """The key of a row as one text, named "key"; null where a part of it is missing."""
    parts = [pl.col(name).cast(pl.String) for name in table.key]
    return pl.concat_str(parts, separator=_BETWEEN).alias("key")


def quarantine(readings: Sequence[Reading], bad: pl.DataFrame) -> pl.DataFrame:
    """Bad rows and unreadable lines of the files that are taken.

    Args:
        readings: files of the batch; refused ones are left out.
        bad: `__file` (position in `readings`), `__line`, `rules`, `columns` and `key` of the
            rows that broke a row rule.

    Returns:
        One row for each line, in order of file and line.
    """
    parts = [pl.DataFrame(schema=QUARANTINE)]
    by_file = {number: rows for (number,), rows in bad.partition_by(FILE, as_dict=True).items()}
    for number, reading in enumerate(readings):
        if reading.records is None or reading.rule:
            continue
        own = by_file.get(number)
        if own is not None or reading.records.rejects.height:
            parts.append(_of_file(reading, bad.clear() if own is None else own))
    return pl.concat(parts)


def _of_file(reading: Reading, bad: pl.DataFrame) -> pl.DataFrame:
    records, delivery = reading.records, reading.delivery
    if records is None:
        raise ValueError("a refused file has no rows to quarantine")
    broken = records.rejects.select(
        pl.col(LINE).alias("line"),
        pl.concat_list("rule").alias("rules"),
        pl.concat_list(pl.lit("")).alias("columns"),
        "raw",
        pl.lit(None, pl.String).alias("key"),
    )
    described = bad.select(
        pl.col(LINE).alias("line"),
        "rules",
        "columns",
        pl.Series("raw", records.raw(bad[LINE].to_list()), dtype=pl.String),
        "key",
    )
    return (
        pl.concat([broken, described])
        .sort("line")
        .select(
            pl.lit(delivery.delivery).alias("delivery"),
            pl.lit(delivery.export_date).alias("export_date"),
            pl.lit(delivery.path).alias("file"),
            pl.lit(delivery.sha256).alias("sha256"),
            *("line", "rules", "columns", "raw", "key"),
        )
    )
