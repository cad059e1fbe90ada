"""Which quarantined rows the rows of correction files name.

Belongs here: reading the columns that the form of the quarantine adds to those of its dataset
(`schemas.table.CORRECTION`). What that makes of the quarantined rows is decided over all files, in
`assets.quarantine.fate`.
"""

from collections.abc import Sequence

import polars as pl

from assets.exports.headers import normalised
from assets.exports.layout import LINE
from assets.exports.reading import Reading
from schemas.table import CORRECTED_DELIVERY, CORRECTED_LINE

CORRECTIONS: dict[str, pl.DataType | type[pl.DataType]] = {
    "delivery": pl.String,
    "line": pl.Int64,
    "corrected": pl.String,
    "corrected_line": pl.Int64,
}


def corrections(readings: Sequence[Reading]) -> pl.DataFrame:
    """What the files of a batch name as corrected.

    Returns:
        `delivery`, `line` (where the correction stands), `corrected`, `corrected_line` (delivery
        and line of the quarantined row). Rows that name none are left out; whether what they name
        exists is not looked at.
    """
    parts = [pl.DataFrame(schema=CORRECTIONS)]
    for reading in readings:
        if reading.records is None or reading.rule:
            continue
        header = [normalised(cell) for cell in reading.records.header]
        if CORRECTED_DELIVERY not in header or CORRECTED_LINE not in header:
            continue
        delivery, line = (
            pl.col(str(header.index(name))).str.strip_chars()
            for name in (CORRECTED_DELIVERY, CORRECTED_LINE)
        )
        named = reading.records.rows.select(
            pl.lit(reading.delivery.delivery).alias("delivery"),
            pl.col(LINE).alias("line"),
            delivery.alias("corrected"),
            line.cast(pl.Int64, strict=False).alias("corrected_line"),
        )
        parts.append(named.drop_nulls())
    return pl.concat(parts)
