"""Kinds of traps in true rows: they look wrong, or are easily misread, and must be accepted.

Belongs here: one small function for each kind. The first ones disguise rows on their way; the
last ones only count what is in the true rows already.
"""

import numpy as np
import polars as pl

from assets.sample.clock import seconds
from assets.sample.damage.forms import COMPATIBLE
from assets.sample.damage.registry import Rows, to_true_rows
from assets.sample.year import FILE_DATE

SENTINELS = ("-", "1900-01-01", "1900-01-01 00:00:00", "2099-12-31 00:00:00", "0:00:00")
_OPTIONAL_TIMES = {
    "calls": ("answered_at",),
    "tickets": ("dispatched_at", "extended_to", "closed_at"),
}
_FORM = "%Y-%m-%d %H:%M:%S"


def _some_days(rows: pl.DataFrame, rng: np.random.Generator, share: float) -> pl.Series:
    dates = rows[FILE_DATE].unique().sort()
    return dates.filter(pl.Series(rng.random(len(dates)) < share))


@to_true_rows
def sentinel_for_none(rows: Rows, rng: np.random.Generator) -> dict[str, int]:
    """Optional times without a value are written as -, 1900-01-01, 2099-12-31 or 0:00:00."""
    met = {}
    for dataset, columns in _OPTIONAL_TIMES.items():
        frame = rows[dataset]
        days = _some_days(frame, rng, 0.12)
        signs = pl.Series(SENTINELS).gather(rng.integers(0, len(SENTINELS), len(days)))
        style = pl.col(FILE_DATE).replace_strict(days, signs, default=None)
        changed = frame.with_columns(pl.coalesce(column, style) for column in columns)
        met[dataset] = sum(
            frame[column].null_count() - changed[column].null_count() for column in columns
        )
        rows[dataset] = changed
    return met


@to_true_rows
def one_second_apart(rows: Rows, rng: np.random.Generator) -> dict[str, int]:
    """Two clocks one or two seconds apart: answered just before it was offered."""
    frame = rows["calls"]
    chosen = (frame["answered_at"] == frame["offered_at"]).fill_null(value=False)
    chosen &= pl.Series(rng.random(frame.height) < 0.4)
    apart = pl.Series(seconds(rng.integers(1, 3, frame.height)).astype("timedelta64[us]"))
    before = frame["offered_at"].str.to_datetime(_FORM) - apart
    rows["calls"] = frame.with_columns(
        before.dt.strftime(_FORM).zip_with(chosen, frame["answered_at"]).alias("answered_at")
    )
    return {"calls": int(chosen.sum())}


@to_true_rows
def compatible_characters(rows: Rows, rng: np.random.Generator) -> dict[str, int]:
    """Categories in characters that only look like the usual ones."""
    frame = rows["tickets"]
    known = frame["category"].unique().sort()
    others = pl.Series([category.translate(COMPATIBLE) for category in known])
    chosen = pl.col(FILE_DATE).is_in(_some_days(frame, rng, 0.05).to_list())
    changed = frame.with_columns(
        pl.when(chosen)
        .then(pl.col("category").replace_strict(known, others))
        .otherwise("category")
        .alias("category")
    )
    rows["tickets"] = changed
    return {"tickets": int((changed["category"] != frame["category"]).sum())}


@to_true_rows
def filed_under_the_day_before(rows: Rows, rng: np.random.Generator) -> dict[str, int]:
    """Calls of the first minutes after midnight stand in the file of the day before."""
    frame = rows["calls"]
    dates = frame[FILE_DATE].unique().sort()
    before = pl.col(FILE_DATE).replace_strict(dates[1:], dates[:-1], default=None)
    chosen = (
        pl.col(FILE_DATE).is_in(_some_days(frame, rng, 0.3).to_list())
        & (pl.col("offered_at").str.slice(11) < "00:20:00")
        & before.is_not_null()
    )
    rows["calls"] = frame.with_columns(
        pl.when(chosen).then(before).otherwise(FILE_DATE).alias(FILE_DATE)
    ).sort(FILE_DATE, maintain_order=True)
    return {"calls": int(frame.select(chosen.sum()).item())}


@to_true_rows
def quoted_newline(rows: Rows, rng: np.random.Generator) -> dict[str, int]:
    """A text with a newline in it, properly quoted."""
    return {"tickets": int(rows["tickets"]["content"].str.contains("\n").sum())}


@to_true_rows
def personal_number_in_text(rows: Rows, rng: np.random.Generator) -> dict[str, int]:
    """A phone or ID number in a text, in digits of half or full width, with spaces or dashes."""
    found = rows["tickets"]["content"].str.contains(r"(?:[0-9０-９][ -]?){7}")
    return {"tickets": int(found.sum())}


@to_true_rows
def test_call(rows: Rows, rng: np.random.Generator) -> dict[str, int]:
    """A test call, which counts nowhere."""
    return {"calls": int((rows["calls"]["outcome"] == "测试").sum())}


@to_true_rows
def voided_ticket(rows: Rows, rng: np.random.Generator) -> dict[str, int]:
    """A ticket that was declared void, and counts nowhere."""
    return {"tickets": int((rows["tickets"]["status"] == "已作废").sum())}


@to_true_rows
def other_unit_next_month(rows: Rows, rng: np.random.Generator) -> dict[str, int]:
    """A ticket that was sent back and went to another unit in the month after."""
    units = (
        rows["tickets"]
        .group_by("ticket_id")
        .agg(
            units=pl.col("unit").n_unique(), months=pl.col("updated_at").str.slice(0, 7).n_unique()
        )
    )
    return {"tickets": units.filter((pl.col("units") > 1) & (pl.col("months") > 1)).height}
