"""Turn texts into timestamps: the formats that a profile may name, and the zone they are in."""

from datetime import datetime

import polars as pl

from schemas.wall_clock import TIME_ZONE

EXCEL = "excel"
# How a derived time is handed on; microseconds have six digits more than seconds.
DERIVED = "epoch_us"
# Units per second. Ten digits of seconds reach from 2001 to 2286; milliseconds have three more.
EPOCHS = {"epoch_s": 1, "epoch_ms": 1_000, DERIVED: 1_000_000}
_EPOCH_DIGITS = {
    "epoch_s": r"^[0-9]{9,10}(?:[.]0+)?$",
    "epoch_ms": r"^[0-9]{12,13}(?:[.]0+)?$",
    DERIVED: r"^[0-9]{15,16}(?:[.]0+)?$",
}
_EXCEL_EPOCH = pl.datetime(1899, 12, 30)
_EXCEL_SERIAL = r"^[2-9][0-9]{4}([.][0-9]+)?$"
_MICROSECONDS_A_DAY = 86_400_000_000
_YEARS = (1000, 9999)
_HALVES = {"上午": "AM", "下午": "PM"}


def check_format(form: str) -> None:
    """Hold one format of a profile against what can be read.

    Raises:
        ValueError: it can name no time; a Chinese sentence says why.
    """
    where = f"timestamp_formats：“{form}”"
    if form == EXCEL or form in EPOCHS:
        return
    if "%" not in form:
        raise ValueError(f"{where}不是时间格式，也不是 excel、epoch_s、epoch_ms、epoch_us")
    if ("%I" in form) != ("%p" in form):
        raise ValueError(f"{where}是12小时制，%I 和 %p（上午、下午）须同时写出")
    try:
        datetime(2023, 1, 31, 8, 30).strftime(form)
        pl.Series(["x"]).str.to_datetime(form, strict=False)
    except (ValueError, pl.exceptions.PolarsError):
        raise ValueError(f"{where}不是有效的时间格式") from None


def parse_timestamps(text: pl.Series, formats: tuple[str, ...], zone: str = TIME_ZONE) -> pl.Series:
    """Parse with the first format; the next ones look only at what is left.

    Args:
        text: trimmed texts; null where there is none.
        formats: as `check_format` lets them pass.
        zone: where the clocks of the export stand; epochs are in UTC whatever it says.

    Returns:
        Timestamps in the zone of the hotline; null where no format fits or no such hour exists. Of
        an hour that a change of clocks repeats, the first is taken.
    """
    found = pl.repeat(None, len(text), dtype=pl.Datetime("us", TIME_ZONE), eager=True)
    left = text.is_not_null().arg_true()
    for form in formats:
        if not len(left):
            break
        naive = _by(form, text.gather(left))
        fits = naive.is_not_null()
        placed = _placed(naive.filter(fits), "UTC" if form in EPOCHS else zone)
        found = found.scatter(left.filter(fits), placed)
        left = left.filter(~fits)
    return found.alias(text.name)


def _placed(naive: pl.Series, zone: str) -> pl.Series:
    placed = naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    placed = placed.dt.convert_time_zone(TIME_ZONE)
    # `%Y` reads "-2023" and "10000" too. Python knows no such year, and pandera, which makes Python
    # values of what it finds wrong, would raise over it.
    return placed.set(~placed.dt.year().is_between(*_YEARS), None)


def _by(form: str, left: pl.Series) -> pl.Series:
    """Timestamps by one format, as a clock without a zone shows them."""
    if form == EXCEL:
        serial = left.str.extract(f"({_EXCEL_SERIAL})", 1).cast(pl.Float64)
        since = pl.duration(microseconds=pl.lit(serial * _MICROSECONDS_A_DAY))
        return pl.select((_EXCEL_EPOCH + since).dt.round("1s")).to_series()
    if form in EPOCHS:
        units = left.str.extract(f"({_EPOCH_DIGITS[form]})", 1).str.replace(r"[.]0+$", "")
        return (units.cast(pl.Int64) * (1_000_000 // EPOCHS[form])).cast(pl.Datetime("us"))
    if "%p" in form:
        left = left.str.replace_many(_HALVES)
    return left.str.to_datetime(form, strict=False, time_unit="us", cache=False)
