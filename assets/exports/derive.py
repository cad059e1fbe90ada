"""Make the columns that a file lacks: of its other cells, of its name, of where a row stands.

What is made becomes one more cell of the row, so that whatever reads the cells next need not know
where it came from. Where a piece cannot be read the cell says so, and is quarantined for it.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from assets.exports.parsed_file import LINE, trimmed
from assets.profiles import DERIVED, FILE_DATES, Derivation, Profile, Unit, parse_timestamps
from schemas.fields import Column, Kind
from schemas.table import ExportTable

_ROW_KEY_DIGITS = 16  # of a SHA-256: enough to tell the files of a hotline apart
_SECOND = 1_000_000  # of microseconds
_UNITS = {
    "milliseconds": 1_000,
    "seconds": _SECOND,
    "minutes": 60 * _SECOND,
    "hours": 3600 * _SECOND,
}
_SHORT_CLOCKS = {"mm:ss": _SECOND, "hh:mm": 60 * _SECOND}
_NUMBER = r"^[0-9]{1,9}(?:[.][0-9]+)?$"
_CLOCK = r"^([0-9]{1,4}):([0-5][0-9]):([0-5][0-9](?:[.][0-9]+)?)$"
_SHORT_CLOCK = r"^([0-9]{1,5}):([0-5][0-9])$"


def derive(
    rows: pl.DataFrame,
    cells: Mapping[str, int],
    table: ExportTable,
    profile: Profile,
    *,
    day: date,
    sha256: str,
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Add the columns that the profile derives, states as constant, or numbers.

    Args:
        rows: text columns named by position.
        cells: header as the profile writes it, or column -> position.
        table: the dataset.
        profile: how the platform exports.
        day: export date of the file.
        sha256: of the file, part of the key where rows are known by where they stand.

    Returns:
        The rows with further text columns; column -> its position.
    """
    dataset = profile.datasets[table.name]
    known, made = dict(cells), {}
    at = rows.width

    def add(name: str, text: pl.Series | pl.Expr) -> None:
        nonlocal rows, at
        rows = rows.with_columns(text.alias(str(at)))
        known.setdefault(name, at)
        made[name] = at
        at += 1

    for name, ways in dataset.made.items():
        column = table.by_name[name]
        last = len(ways) - 1
        texts = [
            _text(
                rows,
                known,
                way,
                column,
                profile=profile,
                day=day,
                may_be_empty=not column.required or number < last,
            )
            for number, way in enumerate(ways)
        ]
        add(name, pl.select(pl.coalesce(texts)).to_series())
    for name, constant in dataset.constants.items():
        if name not in cells:
            add(name, pl.lit(constant))
    if dataset.row_key:
        add(table.key[0], pl.format("{}-{}", pl.lit(sha256[:_ROW_KEY_DIGITS]), pl.col(LINE)))
    return rows, made


def holds(
    cells: Mapping[str, int], where: Mapping[str, Sequence[str]], nulls: Sequence[str]
) -> pl.Expr:
    """Whether every cell that a condition names has one of the texts it names.

    "" is a cell without meaning, "ab*" whatever begins so, "*" whatever has a meaning.
    """
    found = []
    for name, texts in where.items():
        value = trimmed(str(cells[name])).fill_null("")
        empty = value.is_in(["", *nulls])
        whole = [text for text in texts if not text.endswith("*")]
        starts = [
            value.str.starts_with(text[:-1]) if text != "*" else ~empty
            for text in texts
            if text.endswith("*")
        ]
        found.append(pl.any_horizontal(value.is_in(whole), empty & pl.lit("" in whole), *starts))
    return pl.all_horizontal(found)


def _text(
    rows: pl.DataFrame,
    cells: Mapping[str, int],
    way: Derivation,
    column: Column,
    *,
    profile: Profile,
    day: date,
    may_be_empty: bool,
) -> pl.Series:
    """The text that one way gives for every row; null where it gives none."""
    is_time = column.kind is Kind.TIMESTAMP
    nulls = ["", *profile.nulls, *(profile.timestamp_nulls if is_time and may_be_empty else ())]

    def piece(name: str) -> pl.Expr:
        if name in FILE_DATES:
            return pl.lit(f"{day:{FILE_DATES[name]}}")
        value = trimmed(str(cells[name]))
        return pl.when(~value.is_in(nulls)).then(value)

    if way.value is not None:
        text = pl.lit(way.value)
    else:
        text = pl.concat_str([piece(each) for each in way.of], separator=" " if is_time else "-")
        text = pl.when(~text.is_in(nulls)).then(text)
    if way.pattern:
        text = text.str.extract(way.pattern if way.group else f"({way.pattern})", 1)
        text = pl.when(text != "").then(text)
    if way.where:
        text = pl.when(holds(cells, way.where, profile.nulls)).then(text)
    # With a column of the rows, because a literal alone would be one row, whatever there are.
    found = rows.select(pl.col(LINE), text.cast(pl.String).alias("text"))["text"]
    for header, sign in [(each, 1) for each in way.plus] + [(each, -1) for each in way.minus]:
        length = rows.select(piece(header).alias("length")).to_series()
        found = _moved(found, length, sign, way.unit, profile)
    return found


def _moved(
    time: pl.Series, length: pl.Series, sign: int, unit: Unit, profile: Profile
) -> pl.Series:
    """A time moved by a length; empty where one of them is, both where one cannot be read."""
    formats = (DERIVED, *profile.timestamp_formats)
    moved = pl.DataFrame(
        {
            "time": time,
            "length": length,
            "at": parse_timestamps(time, formats, profile.time_zone).dt.epoch("us"),
            "us": length.to_frame("length").select(_microseconds(unit)).to_series(),
        }
    ).select(
        pl.when(pl.col("at").is_not_null() & pl.col("us").is_not_null())
        .then((pl.col("at") + sign * pl.col("us")).cast(pl.String))
        .otherwise(pl.concat_str("time", "length", separator="＋" if sign > 0 else "－"))
    )
    return moved.to_series()


def _microseconds(unit: Unit) -> pl.Expr:
    """The length of time in a text, in whole microseconds; null where it is none."""
    text = pl.col("length")
    hours, minutes, seconds = (text.str.extract(_CLOCK, n).cast(pl.Float64) for n in (1, 2, 3))
    read = ((hours * 60 + minutes) * 60 + seconds) * _SECOND
    if unit in _SHORT_CLOCKS:
        first, second = (text.str.extract(_SHORT_CLOCK, n).cast(pl.Float64) for n in (1, 2))
        short = (first * 60 + second) * _SHORT_CLOCKS[unit]
    else:
        short = text.str.extract(f"({_NUMBER})", 1).cast(pl.Float64) * _UNITS[unit]
    return pl.coalesce(read, short).round().cast(pl.Int64)
