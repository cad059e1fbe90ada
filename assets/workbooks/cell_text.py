"""The text of a cell, as its kind and number format show its value, or what is wrong with it.

A moment is written as ISO 8601 does, whatever way its format shows it, with the seconds that the
format may hide.
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from math import floor

from assets.workbooks.number_formats import NumberFormat, parse_format, plain
from assets.workbooks.package import Book, Refused, is_on, unescaped

# From here on Excel, which keeps 15 digits, has made zeros of those that follow.
TOO_LARGE = 1e15
_NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?", re.ASCII)
_MOST_DIGITS = 15
_DAY = 86_400  # seconds
_LAST_DAY = date(9999, 12, 31)
_CACHED = 1 << 16
_GENERAL = parse_format("General")
_ZERO = re.compile(r"-?0*\.?0*")


class CellTexts:
    """Makes texts of the cells of one workbook.

    Args:
        book: its formats, shared texts and date system.

    Attributes:
        shared: its shared texts.
        plain_styles: styles that show a text as it is.
        number: text of a cell that holds a number (value, style), and the rule that it breaks.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._styles = {str(at): each for at, each in enumerate(book.formats)}
        self.shared = book.texts
        self.plain_styles = frozenset(
            style for style, form in self._styles.items() if form is None or not form.has_words
        )
        self.number = lru_cache(maxsize=_CACHED)(self._number_text)

    def other(self, kind: str, value: str, style: str) -> tuple[str, str]:
        """Text of a cell that holds no number, and the rule that it breaks, if any.

        Args:
            kind: its attribute `t`.
            value: text of its value, not empty.
            style: its attribute `s`.

        Raises:
            Refused: it names a text that is not there.
        """
        if kind == "s":
            if not value.isdigit() or int(value) >= len(self.shared):
                raise Refused("workbook_damaged")
            return self._around(self.shared[int(value)], style), ""
        if kind in ("str", "inlineStr"):
            return self._around(unescaped(value), style), ""
        if kind == "b":
            return ("TRUE" if is_on(value) else "FALSE"), ""
        if kind == "d":
            return value.replace("T", " "), ""
        return value, "cell_error"

    def is_not_calculated(self, kind: str, value: str, *, has_value: bool) -> bool:
        """Whether a formula has no result: the writer kept none, or 0 for the reader to replace."""
        if value:
            return self._book.recalculates and kind == "n" and bool(_ZERO.fullmatch(value))
        return kind != "str" or not has_value

    def _around(self, text: str, style: str) -> str:
        form = self._styles.get(style)
        return form.around(text) if form and text else text

    def _number_text(self, value: str, style: str) -> tuple[str, str]:
        form = self._styles.get(style, _GENERAL)
        value = value.strip()
        if not _NUMBER.fullmatch(value):
            return value, "cell_error"
        number = float(value)
        if abs(number) >= TOO_LARGE:
            return value, "number_precision"
        if form and form.is_date:
            text = moment_text(number, form, is_1904=self._book.is_1904)
        else:
            text = form.text(_exact(number)) if form else None
        return (plain(_exact(number)), "number_format") if text is None else (text, "")


def _exact(number: float) -> Decimal:
    """A number as Excel shows it in full."""
    return Decimal(f"{number:.{_MOST_DIGITS}g}")


def moment_text(days: float, form: NumberFormat, *, is_1904: bool) -> str | None:
    """What a cell of date or time holds, to the second; None where Excel shows none.

    Args:
        days: since the first day of the workbook's date system.
        form: its format, which tells days from times of day and durations.
        is_1904: that system begins in 1904.
    """
    seconds = floor(abs(days) * _DAY + 0.5)
    if form.elapsed:
        return ("-" if days < 0 < seconds else "") + _duration(seconds, form)
    if days < 0:
        return None
    if days < 1 and not form.shows_date:
        return _clock(min(seconds, _DAY - 1))
    day = _day_text(seconds // _DAY, is_1904=is_1904)
    if day is None or not (seconds % _DAY or form.shows_time):
        return day
    return f"{day} {_clock(seconds % _DAY)}"


@lru_cache(maxsize=1024)
def _day_text(number: int, *, is_1904: bool) -> str | None:
    # Excel takes 1900 for a leap year, and its day 0 is one that never was.
    if not is_1904 and number in (0, 60):
        return "1900-02-29" if number else "1900-01-00"
    first = date(1904, 1, 1) if is_1904 else date(1899, 12, 31 if number < 60 else 30)
    return None if number > (_LAST_DAY - first).days else str(first + timedelta(number))


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _duration(seconds: int, form: NumberFormat) -> str:
    if form.elapsed == "s":
        return str(seconds)
    if form.elapsed == "m" and not form.shows_time and seconds % 60 == 0:
        return str(seconds // 60)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
