"""Turn texts into timestamps: the formats that a profile may name, and the zone they are in.

A text is read where it has the shape of a format, digit by digit: what lacks a digit, or shows a
second 60, is no timestamp rather than another one.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

import polars as pl

from schemas.wall_clock import TIME_ZONE, Repeated, moment_at

EndOfDay = Literal["start", "end"]

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
_EXCEL_SERIAL = r"^[2-9][0-9]{4}(?:[.][0-9]+)?$"
_MICROSECONDS_A_DAY = 86_400_000_000
_LAST_SECOND = timedelta(hours=23, minutes=59, seconds=59)
_HALVES = {"上午": "AM", "下午": "PM"}

_SYNONYMS = {
    "%F": "%Y-%m-%d",
    "%T": "%H:%M:%S",
    "%R": "%H:%M",
    "%D": "%m/%d/%y",
    "%e": "%d",
    "%k": "%H",
    "%l": "%I",
    "%P": "%p",
    "%h": "%b",
    "%:z": "%z",
    "%#z": "%z",
}
_TOKEN = re.compile(r"%\.f|%[:#.0-9]*\S?|\s+|[^%\s]")
# What a token may look like; between two numbers without a sign in between it has all its digits.
_NUMBERS = {"%Y": "[12][0-9]{3}", "%y": "[0-9]{2}", "%M": "[0-5][0-9]", "%S": "[0-5][0-9]"}
_NUMBERS |= dict.fromkeys(("%m", "%d", "%H", "%I"), "[0-9]{1,2}")
_SHAPES = _NUMBERS | {
    "%.f": r"(?:[.][0-9]{1,9})?",
    "%p": "(?:[AaPp][Mm])",
    "%b": "[A-Za-z]{3}",
    "%B": "[A-Za-z]{3,9}",
    "%a": "[A-Za-z]{3}",
    "%A": "[A-Za-z]{6,9}",
    "%z": "(?:[Zz]|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)",
    "%%": "%",
}
_CLOCKS = (("%H", "%M", "%S"), ("%H", "%M"))
_ZONE_NAME = re.compile(r"(?:[Zz]|[A-Z]{3,5}|[+-][0-9]{2}:?[0-9]{2})$")
_KNOWN = (datetime(2023, 11, 25, 17, 48, 36, 123_456), datetime(2024, 2, 3, 4, 5, 6))


@dataclass(frozen=True)
class _Format:
    """A format of texts.

    Attributes:
        form: as Polars reads it.
        shape: regular expression of the texts that are read.
        lost_zero: the same for texts whose clock, a number, has lost its leading zero, with groups
            before and after the place of the zero; empty where no number is the clock alone.
        tokens: what it consists of.
    """

    form: str
    shape: str
    lost_zero: str
    tokens: tuple[str, ...]

    @property
    def is_date(self) -> bool:
        """Whether it names a day and no time of the day."""
        return "%M" not in self.tokens


def check_format(form: str) -> None:
    """Hold one format of a profile against what can be read: known moments must come back.

    Raises:
        ValueError: it can name no time, or another one; a Chinese sentence says why.
    """
    if form == EXCEL or form in EPOCHS:
        return
    where = f"timestamp_formats：“{form}”"
    if "%" not in form:
        raise ValueError(f"{where}不是时间格式，也不是 excel、epoch_s、epoch_ms")
    try:
        compiled = _compiled(form)
    except ValueError as error:
        raise ValueError(f"{where}{error}") from None
    for moment in _KNOWN:
        for zone in (TIME_ZONE, "America/New_York"):
            known = moment.replace(tzinfo=ZoneInfo(zone))
            shown = pl.Series([known]).dt.strftime(compiled.form)
            if parse_timestamps(shown, (form,), zone, dates="start").item() != _cut(
                known, compiled
            ):
                raise ValueError(f"{where}读不出确定的时间，请核对写法")


def _cut(moment: datetime, form: _Format) -> datetime:
    """A moment as exactly as a format names it."""
    if form.is_date:
        return moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if "%S" not in form.tokens:
        return moment.replace(second=0, microsecond=0)
    return moment if "%.f" in form.tokens else moment.replace(microsecond=0)


@cache
def _compiled(form: str) -> _Format:
    """Take a format apart.

    Raises:
        ValueError: it cannot name a moment; the end of a Chinese sentence says why.
    """
    tokens = _tokens(form)
    _check_tokens(tokens)
    numeric = [token in _NUMBERS for token in (*tokens, "")]
    shapes = []
    for at, token in enumerate(tokens):
        shape = _SHAPES.get(token, r"\s+" if token.isspace() else re.escape(token))
        touches = numeric[at] and (numeric[at + 1] or (at > 0 and numeric[at - 1]))
        shapes.append("[0-9]{2}" if touches and shape == "[0-9]{1,2}" else shape)
    shape = f"^{''.join(shapes)}$"
    return _Format("".join(tokens), shape, _lost_zero(tokens, numeric, shapes), tuple(tokens))


def _tokens(form: str) -> list[str]:
    form = re.sub(r"%[-_0](?=[A-Za-z])", "%", form)
    form = re.sub(r"[.]%[369]?f|%[.][369]f", "%.f", form)
    for token, meaning in _SYNONYMS.items():
        form = form.replace(token, meaning)
    return _TOKEN.findall(form)


def _check_tokens(tokens: list[str]) -> None:
    named = [token for token in tokens if token[0] == "%" and token != "%%"]  # noqa: S105
    for token in named:
        if token not in _SHAPES:
            raise ValueError(f"中的 {token} 无法可靠读出，请改用其他写法")
        if named.count(token) > 1:
            raise ValueError(f"中的 {token} 出现了两次")
    has = set(named)
    if ("%I" in has) != ("%p" in has):
        raise ValueError("是12小时制，%I 和 %p（上午、下午）须同时写出")
    if len(has & {"%Y", "%y"}) != 1 or len(has & {"%m", "%b", "%B"}) != 1 or "%d" not in has:
        raise ValueError("没有写全年、月、日")
    hours = len(has & {"%H", "%I"})
    if hours != ("%M" in has) or (has & {"%S", "%z", "%.f"} and not hours):
        raise ValueError("须写出时和分，或者只写日期")
    if "%.f" in has and "%S" not in has:
        raise ValueError("有小数，却没有秒 %S")
    if "%z" in has and tokens[-1] != "%z":
        raise ValueError("中的 %z 须在最后")
    literal = "".join("" if token in has else token for token in tokens)
    if hours and not tokens[-1].startswith("%") and _ZONE_NAME.search(literal):
        raise ValueError("末尾的时区是固定文字，须写成 %z 才会换算")


def _lost_zero(tokens: list[str], numeric: list[bool], shapes: list[str]) -> str:
    for clock in _CLOCKS:
        for at in range(1, len(tokens) - len(clock) + 1):
            end = at + len(clock)
            if tuple(tokens[at:end]) == clock and not numeric[at - 1] and not numeric[end]:
                before, after = (
                    "".join(shapes[:at]),
                    "".join((*shapes[at + 1 : end], *shapes[end:])),
                )
                return f"^({before})([0-9]{after})$"
    return ""


def _date_part(form: str) -> str:
    """The format of the day alone, where the clock stands behind it; else empty."""
    if form == EXCEL or form in EPOCHS:
        return ""
    tokens = list(_compiled(form).tokens)
    clock = next(
        (at for at, token in enumerate(tokens) if token in ("%H", "%I", "%p")), len(tokens)
    )
    day = "".join(tokens[:clock]).rstrip("T ")
    return day if "%d" in day and "%m" in day and "%y" in day.lower() else ""


def date_formats(formats: tuple[str, ...]) -> tuple[str, ...]:
    """Formats and, behind them, those of their days alone."""
    return tuple(dict.fromkeys([*formats, *filter(None, map(_date_part, formats))]))


def parse_timestamps(
    text: pl.Series,
    formats: tuple[str, ...],
    zone: str = TIME_ZONE,
    *,
    dates: EndOfDay | None = None,
    repeated: Repeated = "earliest",
) -> pl.Series:
    """Parse with the first format; the next ones look only at what is left.

    Args:
        text: trimmed texts; null where there is none.
        formats: as `check_format` lets them pass.
        zone: where the clocks of the export stand; epochs and offsets say it themselves.
        dates: which end of its day a date alone means; None where it means no moment.
        repeated: which one is meant where a change of clocks repeats an hour.

    Returns:
        Timestamps in that zone; null where no format fits or no such hour exists.
    """
    found = pl.repeat(None, len(text), dtype=pl.Datetime("us", zone), eager=True)
    left = text.is_not_null().arg_true()
    for form in formats:
        if not len(left):
            break
        read = _by(form, text.gather(left), dates)
        fits = read.is_not_null()
        placed = _placed(read.filter(fits), zone, repeated)
        found = found.scatter(left.filter(fits), placed)
        left = left.filter(~fits)
    return found.alias(text.name)


def _placed(read: pl.Series, zone: str, repeated: Repeated) -> pl.Series:
    if read.dtype == pl.Datetime("us", "UTC"):
        return read.dt.convert_time_zone(zone)
    return moment_at(read, zone, repeated=repeated)


def _by(form: str, text: pl.Series, dates: EndOfDay | None) -> pl.Series:
    """Timestamps by one format: as a clock without a zone shows them, or in UTC."""
    if form == EXCEL:
        return _serials(text, dates)
    if form in EPOCHS:
        units = text.str.extract(f"({_EPOCH_DIGITS[form]})", 1).str.replace(r"[.]0+$", "")
        moments = (units.cast(pl.Int64) * (1_000_000 // EPOCHS[form])).cast(pl.Datetime("us"))
        return moments.dt.replace_time_zone("UTC")
    compiled = _compiled(form)
    if compiled.is_date and dates is None:
        return pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, len(text))
    if "%p" in compiled.tokens:
        text = text.str.replace_many(_HALVES)
    text = _of_shape(text, compiled)
    if compiled.tokens[-1] == "%z":
        text = text.str.replace("[Zz]$", "+0000").str.replace(r"([+-][0-9]{2})$", "${1}00")
    read = text.str.to_datetime(compiled.form, strict=False, time_unit="us", cache=False)
    return read + _LAST_SECOND if compiled.is_date and dates == "end" else read


def _of_shape(text: pl.Series, form: _Format) -> pl.Series:
    """The texts of the shape of a format, those of numbers too that lost a zero; others null."""
    others = (~text.str.contains(form.shape)).arg_true()
    if not len(others):
        return text
    other = text.gather(others)
    if form.tokens[-1] == "%S":
        other = other.str.replace(r"[.]0+$", "")
    if form.lost_zero:
        other = other.str.replace(form.lost_zero, "${1}0${2}")
    return text.scatter(others, other.set(~other.str.contains(form.shape), None))


def _serials(text: pl.Series, dates: EndOfDay | None) -> pl.Series:
    """Serial days of Excel; a whole one is a date alone."""
    serial = text.str.extract(f"({_EXCEL_SERIAL})", 1).cast(pl.Float64)
    whole = serial == serial.floor()
    since = pl.duration(microseconds=pl.lit(serial * _MICROSECONDS_A_DAY))
    read = pl.select((_EXCEL_EPOCH + since).dt.round("1s")).to_series()
    if dates == "start":
        return read
    ends = read + _LAST_SECOND if dates == "end" else pl.Series([None], dtype=read.dtype)
    return pl.select(pl.when(whole).then(ends).otherwise(read)).to_series()
