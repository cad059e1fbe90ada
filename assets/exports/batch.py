"""Ingest a batch of archived files in memory: good rows, quarantined rows, an outcome a file.

Files are ingested together because one pandera call over a month costs no more than one over a
day. No disk is touched but for reading the archive, so batches can be ingested side by side.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from assets.exports.cast import CLIPPED, cast
from assets.exports.deliveries import DELIVERY, LEDGER, Delivery
from assets.exports.headers import HeaderMatcher
from assets.exports.parsed_file import LINE, FileRefused
from assets.exports.protect import protect
from assets.exports.quarantine import corrections, key_text, quarantine, unknown_codes
from assets.exports.reading import Reading, read_files
from assets.exports.repeated_hour import REPEATED
from assets.exports.validate import FILE, refuse_files, validate
from assets.profiles import Profile, unanswerable
from schemas.fields import Kind
from schemas.rules import ARRIVED, EXPORT_DATE
from schemas.table import ExportTable
from schemas.wall_clock import TIME_ZONE, wall_clock

PERIOD = "__period"
_ROW = "__row"


@dataclass(frozen=True)
class Batch:
    """What a batch of files came to.

    Attributes:
        name: its id.
        rows: good rows: stored columns, `__delivery`, `__line`, `__period`.
        quarantine: bad rows with every reason and their raw text.
        corrections: quarantined rows that rows of correction files name.
        outcomes: one ledger row for each file.
        postponed: files for which not enough memory was left; nothing else is said of them.
    """

    name: str
    rows: pl.DataFrame
    quarantine: pl.DataFrame
    corrections: pl.DataFrame
    outcomes: pl.DataFrame
    postponed: tuple[Delivery, ...] = ()


def ingest_files(
    deliveries: Sequence[Delivery],
    content: Callable[[Delivery], bytes],
    table: ExportTable,
    profile: Profile,
    *,
    key: str,
    built_with: str,
    batch: str,
    memory: int | None = None,
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
        memory: bytes that the files may take together, unpacked; those that need more are
            postponed. Where nobody says they are refused if they take more than a file may.
    """
    matcher = HeaderMatcher(table, profile.datasets[table.name])
    readings = read_files(deliveries, content, matcher, profile, memory=memory)
    postponed: list[Reading] = []
    if memory is not None:
        postponed = [each for each in readings if each.rule == "over_memory"]
        readings = [each for each in readings if each.rule != "over_memory"]
    rows = _text_rows(readings, table)
    corrected = corrections(readings)
    # A large file is in memory several times over; what is not needed goes.
    readings = [each.without_rows() for each in readings]
    typed, uncastable = cast(rows, table, profile)
    del rows
    reasons = validate(typed, table, uncastable, profile.earliest_year)
    if absent := profile.datasets[table.name].absent:
        fallen = pl.DataFrame(
            sorted(unanswerable(table, absent)),
            {"rule": pl.String, "column": pl.String},
            orient="row",
        )
        reasons = reasons.join(fallen, on=["rule", "column"], how="anti")
    bad = _bad_rows(typed, reasons, table)
    codes = unknown_codes(typed, bad, table)
    is_bad = typed[_ROW].is_in(bad["row"].implode())
    counts = _counts(readings, typed, is_bad)
    good = typed.filter(~is_bad)
    del typed
    refusals = _refusals(counts, good, table, profile)
    good = good.filter(~pl.col(FILE).is_in(list(refusals)))
    repeated = dict(good.filter(REPEATED).group_by(FILE).len().iter_rows())
    readings = [
        replace(
            each,
            refusal=refusals.get(number, each.refusal),
            noticed=each.noticed
            | ({"codes": codes[number]} if number in codes else {})
            | ({"repeated": repeated[number]} if number in repeated else {}),
        )
        for number, each in enumerate(readings)
    ]
    refused = [each.delivery.delivery for each in readings if each.refusal]
    good = _with_delivery_and_period(good, readings, table)
    quarantined = quarantine(readings, bad)
    outcomes = _outcomes(readings, counts, good, {"batch": batch, "built_with": built_with})
    del readings
    return Batch(
        batch,
        protect(good, table, key=key),
        quarantined,
        corrected.filter(~pl.col("delivery").is_in(refused)),
        outcomes,
        tuple(each.delivery for each in postponed),
    )


def _text_rows(readings: Sequence[Reading], table: ExportTable) -> pl.DataFrame:
    """All rows of the batch with every column of the table; columns that a file lacks are empty."""
    parts = [
        each.parsed.rows.select(
            *each.columns,
            pl.lit(number, pl.Int32).alias(FILE),
            pl.lit(each.delivery.export_date, pl.Date).alias(EXPORT_DATE),
            pl.lit(each.delivery.arrived, pl.Date).alias(ARRIVED),
        )
        for number, each in enumerate(readings)
        if each.parsed is not None
    ]
    texts = {LINE: pl.Int64} | dict.fromkeys(table.by_name, pl.String)
    empty = pl.DataFrame(schema=texts | {FILE: pl.Int32, EXPORT_DATE: pl.Date, ARRIVED: pl.Date})
    # A row is looked at again and again: that costs less where a column is not in a piece a file.
    frame = pl.concat([empty, *parts], how="diagonal", rechunk=len(parts) > 1)
    return frame.with_row_index(_ROW)


def _bad_rows(typed: pl.DataFrame, reasons: pl.DataFrame, table: ExportTable) -> pl.DataFrame:
    """`row`, `__file`, `__line`, `key`, `rules`, `columns` of the rows that broke a rule."""
    grouped = (
        reasons.sort("row", "column", "rule")
        .group_by("row", maintain_order=True)
        .agg(pl.col("rule").alias("rules"), pl.col("column").alias("columns"))
    )
    places = typed.select(pl.col(_ROW).alias("row"), FILE, LINE, key_text(table))
    return places.join(grouped, on="row", maintain_order="left")


def _counts(readings: Sequence[Reading], typed: pl.DataFrame, is_bad: pl.Series) -> pl.DataFrame:
    """`__file`, `read_files`, `unparsed`, `quarantined`, `clipped` of every file of the batch."""
    unparsed = [each.parsed.rejects.height if each.parsed else 0 for each in readings]
    files = pl.DataFrame(
        {FILE: range(len(readings)), "unparsed": unparsed},
        schema={FILE: pl.Int32, "unparsed": pl.Int64},
    )
    rows = typed.select(FILE, CLIPPED, is_bad.alias("broken")).group_by(FILE)
    counted = rows.agg(
        parsed=pl.len().cast(pl.Int64),
        broken=pl.col("broken").sum().cast(pl.Int64),
        clipped=pl.col(CLIPPED).sum().cast(pl.Int64),
    )
    return files.join(counted, on=FILE, how="left", maintain_order="left").select(
        FILE,
        "unparsed",
        pl.col("clipped").fill_null(0),
        read=pl.col("parsed").fill_null(0) + pl.col("unparsed"),
        quarantined=pl.col("broken").fill_null(0) + pl.col("unparsed"),
    )


def _refusals(
    counts: pl.DataFrame, good: pl.DataFrame, table: ExportTable, profile: Profile
) -> dict[int, FileRefused]:
    """`__file` -> why it is refused, of the files that are refused for their rows."""
    dataset = profile.datasets[table.name]
    limit = f"{100 * dataset.quarantine_share:g}%"
    refused = refuse_files(counts, good, table, dataset, profile.refuse_above_rows)
    facts = ("read", "quarantined", "conflicts")
    return {
        file: FileRefused(rule, limit=limit, **dict(zip(facts, numbers, strict=True)))
        for file, rule, *numbers in refused.select(FILE, "rule", *facts).iter_rows()
    }


def _with_delivery_and_period(
    good: pl.DataFrame, readings: Sequence[Reading], table: ExportTable
) -> pl.DataFrame:
    """The table's columns, `__delivery`, `__line` and `__period`, the month (or year) of a row."""
    ids = pl.Series([each.delivery.delivery for each in readings], dtype=pl.String)
    value = pl.col(table.period)
    if table.by_name[table.period].kind is Kind.TIMESTAMP:
        period = wall_clock(value).dt.strftime(table.period_format)
    else:
        period = value.cast(pl.String).str.slice(0, 4 if table.cadence == "yearly" else 7)
    moments = [each.name for each in table.columns if each.kind is Kind.TIMESTAMP]
    return good.select(
        pl.col(*table.by_name), ids.gather(good[FILE]).alias(DELIVERY), LINE, period.alias(PERIOD)
    ).with_columns(pl.col(moments).dt.convert_time_zone(TIME_ZONE))


def _outcomes(
    readings: Sequence[Reading], counts: pl.DataFrame, rows: pl.DataFrame, made: dict[str, str]
) -> pl.DataFrame:
    """A ledger row for each file; a refused file has no rows at all. `made`: batch and version."""
    periods = dict(rows.group_by(DELIVERY).agg(pl.col(PERIOD).unique().sort()).iter_rows())
    outcomes = []
    for each, count in zip(readings, counts.iter_rows(named=True), strict=True):
        refused = each.refusal is not None
        detail = each.detail if refused else each.noticed
        counted = {
            "read": count["read"],
            "quarantined": count["quarantined"],
            "clipped": count["clipped"],
            "ignored": each.parsed.ignored.total() if each.parsed else 0,
        }
        outcomes.append(
            vars(each.delivery)
            | (dict.fromkeys(counted, 0) if refused else counted)
            | {
                "rule": each.rule,
                "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True),
                "encoding": each.encoding,
                "periods": periods.get(each.delivery.delivery, []),
            }
            | made
        )
    return pl.DataFrame(outcomes, schema=LEDGER)
