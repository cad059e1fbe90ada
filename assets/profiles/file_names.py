"""File names as a profile writes them: text, `*` for anything, and dates in braces.

A date is what its letters say, in any order and with anything between them: `{YYYYMMDD}`,
`{YYYY-MM-DD}`, `{DD.MM.YYYY}`, `{YYYY年M月D日}`, `{D-MMM-YY}`. It may be spread over several
braces, and over folders: `{YYYY}/{MM}/calls_{DD}`. When a file was changed last is never its date:
a copy would have another one.
"""

import calendar
import re
from datetime import date
from functools import cached_property

EXAMPLES = ("{YYYYMMDD}", "{YYYY-MM-DD}", "{DD-MM-YYYY}", "{YYYYMM}", "{YYYY}")
_MONTHS = tuple(name.lower() for name in calendar.month_abbr[1:])
# Letters -> (part of the date, how it is found, how it is written).
_PARTS = {
    "YYYY": ("year", "[12][0-9]{3}", "%Y"),
    "YY": ("year", "[0-9]{2}", "%y"),
    "MMM": ("month", "[A-Za-z]{3,9}", "%b"),
    "MM": ("month", "[0-9]{2}", "%m"),
    "M": ("month", "[0-9]{1,2}", "%m"),
    "DD": ("day", "[0-9]{2}", "%d"),
    "D": ("day", "[0-9]{1,2}", "%d"),
}
_LETTERS = re.compile("Y{4}|Y{2}|M{1,3}|D{1,2}")
_TOKEN = re.compile(r"\{([^{}]*)\}")

# Looked for in a name in this order: whole dates first, and years first among them.
_BETWEEN = ("-", "_", ".", " ", "")
_FORMS = (
    *(between.join(("YYYY", "MM", "DD")) for between in _BETWEEN),
    *("YYYY年M月D日", "YYYY-M-D", "YYYY.M.D"),
    *(
        between.join(order)
        for order in (("DD", "MM", "YYYY"), ("MM", "DD", "YYYY"))
        for between in _BETWEEN
    ),
    *(between.join(("D", "MMM", "YYYY")) for between in _BETWEEN),
    *("YYYY-MM", "YYYY_MM", "YYYY.MM", "YYYY年M月", "YYYYMM", "YYYY"),
)


class FileNames:
    """The names of the files of one dataset.

    Args:
        written: as the profile has it, without ending.

    Raises:
        ValueError: it names no date; a Chinese sentence says how one is written.
    """

    def __init__(self, written: str) -> None:
        self.written = written
        known = [_PARTS[letters][0] for letters in self._letters()]
        literal = [_LETTERS.sub("", token) for token in _TOKEN.findall(written)]
        wrong = any(character.isalnum() and character.isascii() for character in "".join(literal))
        if wrong or "year" not in known or ("day" in known and "month" not in known):
            raise ValueError(
                f"files：“{written}”没有完整的日期，请用花括号写出，如 {'、'.join(EXAMPLES)}；"
                "日期在文件夹名里的写作 {YYYY-MM-DD}/名称"
            )
        self.grain = "day" if "day" in known else "month" if "month" in known else "year"

    def _letters(self) -> list[str]:
        return [each for token in _TOKEN.findall(self.written) for each in _LETTERS.findall(token)]

    @cached_property
    def expression(self) -> str:
        """As a regular expression; its groups are in the order of `_letters`."""
        found, end = "", 0
        for token in _TOKEN.finditer(self.written):
            found += _literal(before := self.written[end : token.start()])
            # A date is not cut out of a longer number.
            found += "(?<![0-9])" if before.endswith("*") else ""
            at = 0
            for letters in _LETTERS.finditer(token[1]):
                found += re.escape(token[1][at : letters.start()])
                found += f"({_PARTS[letters[0]][1]})"
                at = letters.end()
            found += re.escape(token[1][at:]) + "(?![0-9])"
            end = token.end()
        return f"{found}{_literal(self.written[end:])}"

    def date_of(self, path: str) -> date | None:
        """Export date of a file: its day, or the last day of its month or year.

        Args:
            path: with "/" and without ending; as many folders count as the profile has written.

        Returns:
            None where the name is another one, or holds no date that exists.
        """
        depth = self.written.count("/") + 1
        match = re.fullmatch(self.expression, "/".join(path.split("/")[-depth:]))
        if match is None:
            return None
        parts: dict[str, int] = {}
        for letters, text in zip(self._letters(), match.groups(), strict=True):
            number = _number(letters, text)
            if parts.setdefault(_PARTS[letters][0], number) != number:
                return None
        return _last_day(**parts)

    def covers(self, day: date) -> tuple[date, date]:
        """First and last day of the period that a file holds which has a day in it."""
        if self.grain == "day":
            return day, day
        first = day.replace(day=1) if self.grain == "month" else day.replace(month=1, day=1)
        last = _last_day(first.year, first.month if self.grain == "month" else None)
        return first, last or first

    def name_of(self, day: date) -> str:
        """Name of the file that holds a day, nothing where anything may stand."""

        def dated(token: re.Match[str]) -> str:
            return _LETTERS.sub(lambda each: day.strftime(_PARTS[each[0]][2]), token[1])

        return _TOKEN.sub(dated, self.written).replace("*", "")


def draft_names(stem: str) -> str:
    """A name as a profile may write it, its last date as a token; empty where it holds none.

    Args:
        stem: the name of a file without its ending.
    """
    for form in _FORMS:
        names = FileNames(f"{{{form}}}")
        dates = re.finditer(f"(?<![0-9])(?:{names.expression})", stem)
        for found in reversed(list(dates)):
            if names.date_of(found[0]):
                return f"{stem[: found.start()]}{{{form}}}*"
    return ""


def _literal(text: str) -> str:
    return re.escape(text).replace(r"\*", "[^/]*")


def _number(letters: str, text: str) -> int:
    if letters == "MMM":
        short = text[:3].lower()
        return _MONTHS.index(short) + 1 if short in _MONTHS else 0
    return int(text) + (2000 if letters == "YY" else 0)


def _last_day(year: int, month: int | None = None, day: int | None = None) -> date | None:
    try:
        month = 12 if month is None else month
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None
