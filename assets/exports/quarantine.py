"""The bad rows of a batch, with every reason, where they stand, and their raw text.

They hold personal data as they were delivered, so the files of `quarantine/<dataset>` are readable
by the owner only. Rows of correction files name the quarantined rows that they correct.
"""

from collections.abc import Sequence

import polars as pl

from assets.exports.headers import normalise_header
from assets.exports.parsed_file import LINE
from assets.exports.reading import Reading
from assets.exports.sentences import OTHER
from assets.exports.validate import FILE
from assets.masking import mask
from schemas import rules
from schemas.table import CORRECTED_DELIVERY, CORRECTED_LINE, ExportTable

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
CORRECTIONS: dict[str, pl.DataType | type[pl.DataType]] = {
    "delivery": pl.String,
    "line": pl.Int64,
    "corrected": pl.String,
    "corrected_line": pl.Int64,
}

# Codes are shown only where they repeat and are short: a line whose columns have shifted can put a
# citizen's words where a code belongs.
_SHOWN_FROM = 3
_LONGEST_CODE = 12
_MOST_CODES = 10


def key_text(table: ExportTable) -> pl.Expr:
    """The key of a row as one text, named "key"; null where a part of it is missing."""
    parts = [pl.col(name).cast(pl.String) for name in table.key]
    return pl.concat_str(parts, separator=_BETWEEN).alias("key")


def quarantine(readings: Sequence[Reading], bad: pl.DataFrame) -> pl.DataFrame:
    """Bad rows and unreadable lines of the files that are ingested.

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
        parsed, delivery = reading.parsed, reading.delivery
        if parsed is None or reading.refusal or not (number in by_file or parsed.rejects.height):
            continue
        own = by_file.get(number, bad.clear())
        broken = own.select(
            pl.col(LINE).alias("line"),
            "rules",
            "columns",
            pl.Series("raw", parsed.raw(own[LINE].to_list()), dtype=pl.String),
            "key",
        )
        unreadable = parsed.rejects.select(
            pl.col(LINE).alias("line"),
            pl.concat_list("rule").alias("rules"),
            pl.concat_list(pl.lit("")).alias("columns"),
            "raw",
            pl.lit(None, pl.String).alias("key"),
        )
        described = pl.concat([unreadable, broken]).sort("line")
        parts.append(
            described.with_columns(
                pl.lit(delivery.delivery).alias("delivery"),
                pl.lit(delivery.export_date).alias("export_date"),
                pl.lit(delivery.path).alias("file"),
                pl.lit(delivery.sha256).alias("sha256"),
            ).select(*QUARANTINE)
        )
    return pl.concat(parts)


def corrections(readings: Sequence[Reading]) -> pl.DataFrame:
    """What the files of a batch name as corrected (`schemas.table.CORRECTION`).

    Returns:
        `delivery`, `line` (where the correction stands), `corrected`, `corrected_line` (delivery
        and line of the quarantined row). Rows that name none are left out; whether what they name
        exists is not looked at.
    """
    parts = [pl.DataFrame(schema=CORRECTIONS)]
    for reading in readings:
        if reading.parsed is None:
            continue
        header = [normalise_header(cell) for cell in reading.parsed.header]
        if CORRECTED_DELIVERY not in header or CORRECTED_LINE not in header:
            continue
        delivery, line = (
            pl.col(str(header.index(name))).str.strip_chars()
            for name in (CORRECTED_DELIVERY, CORRECTED_LINE)
        )
        named = reading.parsed.rows.select(
            pl.lit(reading.delivery.delivery).alias("delivery"),
            pl.col(LINE).alias("line"),
            delivery.alias("corrected"),
            line.cast(pl.Int64, strict=False).alias("corrected_line"),
        )
        parts.append(named.drop_nulls())
    return pl.concat(parts)


def unknown_codes(
    typed: pl.DataFrame, bad: pl.DataFrame, table: ExportTable
) -> dict[int, dict[str, dict[str, int]]]:
    """Codes that are in no list, of each file of a batch.

    Args:
        typed: rows of the batch as `cast` returns them.
        bad: `row` (position in `typed`), `rules` and `columns` of the rows that broke a rule.
        table: the dataset.

    Returns:
        `__file` -> title of the column -> code -> rows. Codes that are long or rare are counted as
        其他.
    """
    broken = bad.select("row", "rules", "columns").explode("rules", "columns")
    broken = broken.filter(rules=rules.CODE.id)
    found: dict[int, dict[str, dict[str, int]]] = {}
    for (column,), own in broken.group_by("columns"):
        rows = typed[own["row"].to_list()].select(FILE, code=str(column))
        counted = rows.group_by(FILE, "code").len().sort("len", "code", descending=[True, False])
        for file, code, count in counted.iter_rows():
            title = table.by_name[str(column)].title
            codes = found.setdefault(file, {}).setdefault(title, {})
            can_show = mask(code) == code and len(code) <= _LONGEST_CODE and count >= _SHOWN_FROM
            shown = code if can_show and len(codes) < _MOST_CODES else OTHER
            codes[shown] = codes.get(shown, 0) + count
    return found
