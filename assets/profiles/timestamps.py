"""Turn texts into moments: the formats that a profile may name, and the zone they are told in.

Belongs here: how a timestamp is written. Which column holds one, and whether it is right, is said
elsewhere.
"""

from datetime import datetime

import polars as pl

from schemas.wall_clock import TIME_ZONE, moment_at

EXCEL = "excel"
# Units per second. Ten digits of seconds reach from 2001 to 2286; milliseconds have three more.
EPOCHS = {"epoch_s": 1, "epoch_ms": 1_000}
_EPOCH_DIGITS = {"epoch_s": r"^[0-9]{9,10}(?:[.]0+)?$", "epoch_ms": r"^[0-9]{12,13}(?:[.]0+)?$"}
_EXCEL_EPOCH = pl.datetime(1899, 12, 30)
_EXCEL_SERIAL = r"^[2-9][0-9]{4}([.][0-9]+)?$"
_MICROSECONDS_A_DAY = 86_400_000_000
_YEARS = (1000, 9999)
# From 1992 to the end of 9999, in microseconds since 1970.
_SETTLED = (694_224_000_000_000, 253_402_300_800_000_000)
_HALVES = {"上午": "AM", "下午": "PM"}


def check_format(form: str) -> None:
    """Hold one format of a profile against what can be read.

    Raises:
        ValueError: it can name no moment; a Chinese sentence says why.
    """
    where = f"timestamp_formats：“{form}”"
    if form == EXCEL or form in EPOCHS:
        return
    if "%" not in form:
        raise ValueError(f"{where}不是时间格式，也不是 excel、epoch_s、epoch_ms")
    if ("%I" in form) != ("%p" in form):
        raise ValueError(f"{where}是12小时制，%I 和 %p（上午、下午）须同时写出")
    try:
        datetime(2023, 1, 31, 8, 30).strftime(form)
        pl.Series(["x"]).str.to_datetime(form, strict=False)
    except (ValueError, pl.exceptions.PolarsError):
        raise ValueError(f"{where}不是有效的时间格式") from None


def moments(text: pl.Series, formats: tuple[str, ...], zone: str = TIME_ZONE) -> pl.Series:
    """Parse with the first format; the next ones look only at what is left.

    Args:
        text: trimmed texts; null where there is none.
        formats: as `check_format` lets them pass.
        zone: where the clocks of the export stand; epochs are in UTC whatever it says.

    Returns:
        Moments in the hotline's zone; null where no format fits, or where no such hour exists. Of
        an hour that a change of clocks repeats, the first is taken.
    """
    found: pl.Series | None = None
    for group, of_zone in _grouped(formats, zone):
        left = text if found is None else text.set(found.is_not_null(), None)
        here = _placed(_parsed(left, group), of_zone)
        found = here if found is None else found.zip_with(found.is_not_null(), here)
    if found is None:
        raise ValueError("a profile names at least one format")
    return found


def _grouped(formats: tuple[str, ...], zone: str) -> list[tuple[tuple[str, ...], str]]:
    """Neighbouring formats whose times are told in one zone."""
    groups: list[tuple[tuple[str, ...], str]] = []
    for form in formats:
        of_form = "UTC" if form in EPOCHS else zone
        if groups and groups[-1][1] == of_form:
            groups[-1] = ((*groups[-1][0], form), of_form)
        else:
            groups.append(((form,), of_form))
    return groups


def _placed(naive: pl.Series, zone: str) -> pl.Series:
    if zone == TIME_ZONE and _is_settled(naive):
        return moment_at(naive)
    placed = naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    if zone != TIME_ZONE:
        placed = placed.dt.convert_time_zone(TIME_ZONE)
    # `%Y` reads "-2023" and "10000" too. Python knows no such year, and pandera, which makes Python
    # values of what it finds wrong, would raise over it.
    return placed.set(~placed.dt.year().is_between(*_YEARS), None)


def _is_settled(naive: pl.Series) -> bool:
    """Whether all times lie where one offset holds, which costs a thirtieth of asking for each."""
    first, last = naive.to_physical().min(), naive.to_physical().max()
    if not isinstance(first, int) or not isinstance(last, int):
        return True
    return _SETTLED[0] <= first and last < _SETTLED[1]


def _parsed(text: pl.Series, formats: tuple[str, ...]) -> pl.Series:
    parsed = _by(formats[0], text)
    for form in formats[1:]:
        left = (parsed.is_null() & text.is_not_null()).arg_true()
        if not len(left):
            break
        parsed = parsed.scatter(left, _by(form, text.gather(left)))
    return parsed


def _by(form: str, left: pl.Series) -> pl.Series:
    """Moments by one format, as a clock without a zone shows them."""
    if form == EXCEL:
        serial = left.str.extract(f"({_EXCEL_SERIAL})", 1).cast(pl.Float64)
        moment = _EXCEL_EPOCH + pl.duration(microseconds=pl.lit(serial * _MICROSECONDS_A_DAY))
        return pl.select(moment.dt.round("1s").alias(left.name)).to_series()
    if form in EPOCHS:
        units = left.str.extract(f"({_EPOCH_DIGITS[form]})", 1).str.replace(r"[.]0+$", "")
        return (units.cast(pl.Int64) * (1_000_000 // EPOCHS[form])).cast(pl.Datetime("us"))
    if "%p" in form:
        left = left.str.replace_many(_HALVES)
    # Hardly any moment occurs twice: a cache of them costs more than it saves.
    return left.str.to_datetime(form, strict=False, time_unit="us", cache=False)
