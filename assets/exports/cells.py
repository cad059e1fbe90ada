"""Cell of a workbook -> text, as a CSV export of the same table would write it.

Belongs here: one way of writing for each type of cell that Excel knows. Not here: what the text
means; that a midnight comes as a mere date, for example, is up to whoever parses the column.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

Value = int | float | str | bool | date | datetime | time | timedelta

# From here on a float no longer tells neighbouring integers apart: digits of an id are lost.
EXACT = 2**53
HALF_A_SECOND = 500_000  # microseconds
LAST_MOMENT = datetime.max.replace(microsecond=0)
LAST_SECOND_OF_DAY = 86_399


def text_of(value: Value) -> str:
    """Return a cell as text; "" if it is empty or (calamine tells no more) an error."""
    return _TEXTS[type(value)](value)


def has_lost_digits(value: Value) -> bool:
    """Tell whether a cell holds an integer too large for a float to be sure of its digits."""
    return isinstance(value, float) and abs(value) >= EXACT and value.is_integer()


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _truth(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def _moment(value: datetime) -> str:
    # Excel stores days as floats: 09:30:00 may come as 09:29:59.999.
    if value.microsecond:
        rounds_up = value.microsecond >= HALF_A_SECOND
        value = value.replace(microsecond=0)
        if rounds_up and value < LAST_MOMENT:
            value += timedelta(seconds=1)
    return value.isoformat(sep=" ")


def _time_of_day(value: time) -> str:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    seconds = min(seconds + (value.microsecond >= HALF_A_SECOND), LAST_SECOND_OF_DAY)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _duration(value: timedelta) -> str:
    seconds = round(abs(value).total_seconds())
    sign = "-" if seconds and value < timedelta(0) else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


_TEXTS: dict[type, Callable[[Any], str]] = {
    str: str,
    float: _number,
    int: str,
    bool: _truth,
    datetime: _moment,
    date: date.isoformat,
    time: _time_of_day,
    timedelta: _duration,
}
