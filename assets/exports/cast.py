"""Cast the text of every column to its type; what cannot be cast is a reason, never a silent null.

Texts are spelt in one way, codes mapped, and clocks that differ by a second or two clipped.
"""

from functools import partial

import polars as pl

from assets.exports.repeated_hour import REPEATED, settle_repeated_hour
from assets.profiles import DERIVED, DatasetProfile, Profile, date_formats, parse_timestamps
from assets.spelling import spell_caller, spell_id, spell_name, spelt, unguarded
from schemas import rules
from schemas.exports.tickets import CLOSED, MERGED
from schemas.fields import Column, Kind, Protection
from schemas.table import ExportTable
from schemas.wall_clock import TIME_ZONE

CLIPPED = "__clipped"
REASONS = {"row": pl.UInt32, "column": pl.String, "rule": pl.String}
# No spelling changes such an id, number or caller: plain signs, a mobile, a landline.
_SETTLED = {
    Protection.NONE: "^[0-9A-Za-z._-]+$",
    Protection.PSEUDONYM: "^(?:1[3-9][0-9]{9}|0[2-9][0-9]{9,10})$",
}
# A text or time that may have to be taken out of blanks, quotes or a formula.
_GUARDED = r"^[\s'`＇=]|\s$"


def _nulls(column: Column, profile: Profile) -> list[str]:
    optional = column.kind is Kind.TIMESTAMP and not column.required
    texts = (*profile.nulls, *(profile.timestamp_nulls if optional else ()))
    return ["", *texts, *spelt(texts)]


def _text(column: Column, profile: Profile, dataset: DatasetProfile) -> pl.Expr:
    """Spell the text, drop what means nothing, map codes."""
    value = pl.col(column.name)
    if column.protection is Protection.PSEUDONYM:
        return spell_caller(value, (*profile.unknown_callers, *profile.nulls))
    if column.kind is Kind.TIMESTAMP or column.protection is Protection.MASKED:
        value = unguarded(value)
    elif column.kind is Kind.IDENTIFIER:
        value = spell_id(value)
    else:
        value = spell_name(value)
    value = pl.when(~value.is_in(_nulls(column, profile))).then(value)
    if mapping := dataset.codes.get(column.name):
        value = value.replace(dict(zip(spelt(mapping), mapping.values(), strict=True)))
    if fallback := dataset.fallback.get(column.name):
        known = value.is_null() | value.is_in(list(column.codes))
        value = pl.when(known).then(value).otherwise(pl.lit(fallback)).alias(column.name)
    return value


def _cleaned(
    text: pl.Series, column: Column, profile: Profile, dataset: DatasetProfile
) -> pl.Series:
    """Apply `_text` where it may change something: anywhere, it costs six times all of `cast`."""
    changed = partial(spell_cells, column=column, profile=profile, dataset=dataset)
    if column.kind in (Kind.CODE, Kind.TEXT) and column.protection is Protection.NONE:
        before = text.unique()
        after = changed(before)
        differs = before.ne_missing(after)
        if not differs.any():
            return text
        return text.replace(before.filter(differs), after.filter(differs))
    if column.kind is Kind.TIMESTAMP or column.protection is Protection.MASKED:
        settled = ~text.str.contains(_GUARDED)
    else:
        settled = text.str.contains(_SETTLED[column.protection])
    null = [*_nulls(column, profile), *profile.unknown_callers]
    rest = (~settled | text.is_in(null)).arg_true()
    return text.scatter(rest, changed(text.gather(rest))) if len(rest) else text


def spell_cells(
    text: pl.Series, column: Column, profile: Profile, dataset: DatasetProfile
) -> pl.Series:
    """The texts of a column, which have its name, in the spelling in which they are stored."""
    return text.to_frame().select(_text(column, profile, dataset)).to_series()


def _typed(text: pl.Series, column: Column) -> pl.Series:
    if column.kind is Kind.INTEGER:
        return text.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
    if column.kind is Kind.NUMBER:
        # Rates are stored in percent, and often written with their sign.
        number = text.str.replace("%$", "").cast(pl.Float64, strict=False)
        return pl.select(pl.when(number.is_finite()).then(number).alias(text.name)).to_series()
    return text


def _timestamps(
    text: pl.Series, column: Column, profile: Profile, dataset: DatasetProfile
) -> tuple[pl.Series, pl.Series]:
    """Timestamps, of an hour that a change of clocks repeats as of the first and the second."""
    formats: tuple[str, ...] = profile.timestamp_formats
    if column.name in dataset.made:
        formats = (DERIVED, *formats)
    if column.ends_day:
        formats = date_formats(formats)
    parse = partial(
        parse_timestamps,
        text,
        formats,
        profile.time_zone,
        dates="end" if column.ends_day else profile.date_only or None,
    )
    first = parse()
    return first, first if profile.time_zone == TIME_ZONE else parse(repeated="latest")


def clip_clocks(rows: pl.DataFrame, table: ExportTable) -> pl.DataFrame:
    """Lift a timestamp to the one before it where two clocks differ by no more than tolerated.

    Returns:
        The rows with a column `__clipped`: whether anything was lifted (DATA.md, section 3).
    """
    clipped = pl.lit(value=False)
    if table.tolerance_seconds:
        tolerance = pl.duration(seconds=table.tolerance_seconds)
        for position, name in enumerate(table.order[1:], start=1):
            before = pl.max_horizontal(*table.order[:position])
            late = (before > pl.col(name)) & (before - pl.col(name) <= tolerance)
            late = late.fill_null(value=False)
            rows = rows.with_columns(
                pl.when(late).then(before).otherwise(pl.col(name)).alias(name),
                late.alias(f"{CLIPPED}{position}"),
            )
            clipped = clipped | pl.col(f"{CLIPPED}{position}")
    return rows.with_columns(clipped.alias(CLIPPED)).drop(pl.selectors.matches(f"^{CLIPPED}[0-9]"))


def cast(
    rows: pl.DataFrame, table: ExportTable, profile: Profile
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give every column of the table its type.

    Args:
        rows: text columns named as the table's columns, and technical columns, which stay.
        table: the dataset.
        profile: formats, nulls and code mappings of the platform.

    Returns:
        The typed rows in the same order with `__clipped` and `__repeated`, and the reasons (`row`,
        `column`, `rule`) for values that had text and could not be cast.
    """
    dataset = profile.datasets[table.name]
    if dataset.closed_at_when_closed:
        status = _cleaned(rows["status"], table.by_name["status"], profile, dataset)
        closed = pl.when(status.is_in([CLOSED, MERGED]))
        rows = rows.with_columns(closed.then("closed_at").alias("closed_at"))
    typed, reasons = [], [pl.DataFrame(schema=REASONS)]
    late: dict[str, pl.Series] = {}
    for column in table.columns:
        text = rows[column.name]
        text = _cleaned(text, column, profile, dataset)
        if column.kind is Kind.TIMESTAMP:
            value, late[column.name] = _timestamps(text, column, profile, dataset)
        else:
            value = _typed(text, column)
        failed = (value.is_null() & text.is_not_null()).arg_true()
        typed.append(value.alias(column.name))
        if len(failed):
            rule = rules.TIMESTAMP if column.kind is Kind.TIMESTAMP else rules.NUMBER
            reasons.append(
                pl.select(
                    row=failed.cast(pl.UInt32), column=pl.lit(column.name), rule=pl.lit(rule.id)
                )
            )
    cast_rows = rows.select(pl.selectors.starts_with("__")).hstack(typed)
    if profile.time_zone == TIME_ZONE:
        cast_rows = cast_rows.with_columns(pl.lit(value=False).alias(REPEATED))
    else:
        cast_rows = settle_repeated_hour(cast_rows, pl.DataFrame(late), table)
    return clip_clocks(cast_rows, table), pl.concat(reasons)
