"""Turn a batch of archived files into good rows, quarantined rows and an outcome for each file.

Belongs here: the order of the steps (read, cast, validate, split, protect) and nothing of what they
do. Files are taken together because one pandera call over a month costs no more than one over a
day. No disk is touched but for reading the archive, so that batches can be ingested side by side.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from assets.exports.archive import Delivery
from assets.exports.cast import CLIPPED, cast
from assets.exports.corrections import corrections
from assets.exports.headers import HeaderMatcher
from assets.exports.layout import LINE
from assets.exports.ledger import LEDGER, REFUSED, TAKEN
from assets.exports.noticed import new_codes
from assets.exports.protect import protect
from assets.exports.quarantine import key_text, quarantine
from assets.exports.reading import Reading, read
from assets.exports.split import FILE, refuse_files
from assets.exports.validate import validate
from assets.profiles import Profile
from schemas.fields import Kind
from schemas.rules import EXPORT_DATE
from schemas.table import ExportTable

DELIVERY = "__delivery"
PERIOD = "__period"
_ROW = "__row"
_HOUR = 3_600_000_000  # microseconds
_IDENTITY = ("delivery", "dataset", "export_date", "path", "sha256", "generation")


@dataclass(frozen=True)
class Batch:
    """What a batch of files came to.

    Attributes:
        name: its id.
        rows: good rows: stored columns, `__delivery`, `__line`, `__period`.
        quarantine: bad rows with every reason and their raw text.
        corrections: quarantined rows that rows of correction files name.
        outcomes: one ledger row for each file.
    """

    name: str
    rows: pl.DataFrame
    quarantine: pl.DataFrame
    corrections: pl.DataFrame
    outcomes: pl.DataFrame


def ingest(
    deliveries: Sequence[Delivery],
    content: Callable[[Delivery], bytes],
    table: ExportTable,
    profile: Profile,
    *,
    key: str,
    built_with: str,
    batch: str,
) -> Batch:
    """Ingest files of one dataset together.

    Args:
        deliveries: the files.
        content: gives the archived bytes of a delivery.
        table: the dataset.
        profile: how the platform exports.
        key: key of the callers' pseudonyms.
        built_with: fingerprint of code and profile, kept in the ledger.
        batch: id of the batch, kept in the ledger.
    """
    dataset = profile.datasets[table.name]
    matcher = HeaderMatcher(table, dataset)
    readings = read(deliveries, content, matcher, profile)
    rows = _text_rows(readings, table)
    corrected = corrections(readings)
    for reading in readings:
        reading.release_rows()
    typed, uncastable = cast(rows, table, profile)
    del rows  # a large file is in memory several times over; what is not needed goes
    bad = _bad_rows(typed, validate(typed, table, uncastable), table)
    for file, codes in new_codes(typed, bad, table).items():
        readings[file].noticed["codes"] = codes
    counts = _counts(readings, typed, bad)
    is_bad = pl.Series([False]).new_from_index(0, typed.height).scatter(bad["row"], True)
    good = typed.filter(~is_bad)
    del typed
    refused = refuse_files(counts, good, table, dataset, profile.refuse_above_rows)
    for row in refused.iter_rows(named=True):
        reading = readings[row[FILE]]
        reading.rule = row["rule"]
        limit = {"limit": f"{100 * dataset.quarantine_share:g}%"}
        reading.detail = {name: row[name] for name in ("read", "quarantined", "conflicts")} | limit
    if refused.height:
        names = [readings[file].delivery.delivery for file in refused[FILE]]
        corrected = corrected.filter(~pl.col("delivery").is_in(names))
        good = good.join(refused.select(FILE), on=FILE, how="anti", maintain_order="left")
    good = _staged(good, readings, table)
    quarantined = quarantine(readings, bad.drop("row"))
    for reading in readings:
        reading.release_text()
    rows = protect(good, table, key=key)
    return Batch(
        batch,
        rows,
        quarantined,
        corrected,
        _outcomes(readings, counts, rows).select(
            *(name for name in LEDGER if name not in ("batch", "built_with")),
            batch=pl.lit(batch),
            built_with=pl.lit(built_with),
        ),
    )


def _text_rows(readings: Sequence[Reading], table: ExportTable) -> pl.DataFrame:
    """All rows of the batch with every column of the table; columns that a file lacks are empty."""
    empty = pl.DataFrame(schema={LINE: pl.Int64} | {name: pl.String for name in table.by_name})
    rows = [reading.rows for reading in readings]
    heights = pl.Series([0 if each is None else each.height for each in rows], dtype=pl.Int64)
    numbers = pl.Series(range(len(readings)), dtype=pl.Int32)
    days = pl.Series([each.delivery.export_date for each in readings], dtype=pl.Date)
    parts = [empty, *(each for each in rows if each is not None)]
    # A row is looked at again and again: that costs less where a column is not in a piece a file.
    frame = pl.concat(parts, how="diagonal", rechunk=len(readings) > 1)
    files = pl.DataFrame({FILE: numbers, EXPORT_DATE: days}).select(
        pl.all().repeat_by(heights).list.explode(empty_as_null=False)
    )
    return frame.hstack(files).with_row_index(_ROW)


def _bad_rows(typed: pl.DataFrame, reasons: pl.DataFrame, table: ExportTable) -> pl.DataFrame:
    """`row`, `__file`, `__line`, `key`, `rules`, `columns` of the rows that broke a rule."""
    grouped = (
        reasons.sort("row", "column", "rule")
        .group_by("row", maintain_order=True)
        .agg(pl.col("rule").alias("rules"), pl.col("column").alias("columns"))
    )
    places = typed.select(pl.col(_ROW).alias("row"), FILE, LINE, *table.key)
    return (
        places.join(grouped, on="row", maintain_order="left")
        .with_columns(key_text(table))
        .select("row", FILE, LINE, "key", "rules", "columns")
    )


def _counts(readings: Sequence[Reading], typed: pl.DataFrame, bad: pl.DataFrame) -> pl.DataFrame:
    """`__file`, `read`, `unparsed`, `quarantined`, `clipped` of every file of the batch."""
    unparsed = [each.records.rejects.height if each.records else 0 for each in readings]
    files = pl.DataFrame(
        {FILE: range(len(readings)), "unparsed": unparsed},
        schema={FILE: pl.Int32, "unparsed": pl.Int64},
    )
    counted = {"parsed": typed, "clipped": typed.filter(CLIPPED), "broken": bad}
    for name, rows in counted.items():
        own = rows.group_by(FILE).agg(pl.len().cast(pl.Int64).alias(name))
        files = files.join(own, on=FILE, how="left")
    return (
        files.fill_null(0)
        .select(
            FILE,
            "unparsed",
            "clipped",
            read=pl.col("parsed") + pl.col("unparsed"),
            quarantined=pl.col("broken") + pl.col("unparsed"),
        )
        .sort(FILE)
    )


def _period(rows: pl.DataFrame, table: ExportTable) -> pl.Series:
    """Month (or year) that each row belongs to, as text."""
    value = rows[table.period]
    if table.by_name[table.period].kind is not Kind.TIMESTAMP:
        return value.cast(pl.String).str.slice(0, 4 if table.cadence == "yearly" else 7)
    # Written once for each hour: writing is dear, and a change of clocks moves whole hours only.
    hours = value.to_physical() // _HOUR
    written = hours.unique().sort()
    moments = (written * _HOUR).cast(value.dtype).dt.strftime(table.period_format)
    return moments.gather(written.search_sorted(hours))


def _staged(good: pl.DataFrame, readings: Sequence[Reading], table: ExportTable) -> pl.DataFrame:
    ids = pl.Series([each.delivery.delivery for each in readings], dtype=pl.String)
    return good.select(
        *table.by_name,
        ids.gather(good[FILE]).alias(DELIVERY),
        LINE,
        _period(good, table).alias(PERIOD),
    )


def _outcomes(
    readings: Sequence[Reading], counts: pl.DataFrame, rows: pl.DataFrame
) -> pl.DataFrame:
    """What became of each file, without batch and version; a refused file has no rows at all."""
    periods = dict(rows.group_by(DELIVERY).agg(pl.col(PERIOD).unique().sort()).iter_rows())
    outcomes = []
    for reading, count in zip(readings, counts.iter_rows(named=True), strict=True):
        delivery, taken = reading.delivery, not reading.rule
        counted = {name: count[name] if taken else 0 for name in ("read", "quarantined", "clipped")}
        outcomes.append(
            {
                **{name: getattr(delivery, name) for name in _IDENTITY},
                **counted,
                "state": TAKEN if taken else REFUSED,
                "rule": reading.rule,
                "detail": json.dumps(
                    reading.noticed if taken else reading.detail,
                    ensure_ascii=False,
                    sort_keys=True,
                ),
                "encoding": reading.encoding,
                "ignored": reading.records.ignored if reading.records and taken else 0,
                "periods": periods.get(delivery.delivery, []),
            }
        )
    names = [name for name in LEDGER if name not in ("batch", "built_with")]
    return pl.DataFrame(outcomes, schema={name: LEDGER[name] for name in names})
