"""The working days of the State Council: weekends, holidays and make-up days.

`working_days.csv` holds the days on which a year differs from Monday to Friday. The list for a year
is published in the autumn before; an operator adds it in the same form with the setting `calendar`
of hotline.toml.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from assets.core import HotlineError, fingerprint

BUILT_IN = Path(__file__).parent / "working_days.csv"
_WORKS = {"休": False, "班": True}


@dataclass(frozen=True)
class Calendar:
    """Working days of the years that are known.

    Attributes:
        exceptions: day -> whether it is a working day, where that differs from its weekday.
    """

    exceptions: dict[date, bool]

    @cached_property
    def first(self) -> date:
        """First day that is known."""
        return date(min(day.year for day in self.exceptions), 1, 1)

    @cached_property
    def last(self) -> date:
        """Last day that is known without a gap: a year without any holiday is not known."""
        years = {day.year for day in self.exceptions}
        year = self.first.year
        while year + 1 in years:
            year += 1
        return date(year, 12, 31)

    @cached_property
    def version(self) -> str:
        """Fingerprint of the calendar."""
        return fingerprint(sorted((str(day), work) for day, work in self.exceptions.items()))

    def is_working_day(self, day: date) -> bool:
        """Whether people work on a day."""
        return self.exceptions.get(day, day.weekday() < 5)

    @cached_property
    def days_off(self) -> list[date]:
        """All days from the first to the last on which people do not work."""
        length = (self.last - self.first).days + 1
        days = (self.first + timedelta(offset) for offset in range(length))
        return [day for day in days if not self.is_working_day(day)]


def _read(path: Path) -> dict[date, bool]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise HotlineError(f"工作日历 {path} 无法读取（{type(error).__name__}）。") from None
    found: dict[date, bool] = {}
    for line, row in enumerate(rows, start=2):
        try:
            found[date.fromisoformat(row["date"])] = _WORKS[row["day"]]
        except (KeyError, ValueError, TypeError):
            raise HotlineError(
                f"工作日历 {path} 第{line}行有误：应为“日期,休或班,名称”，如 2026-10-01,休,国庆节。"
            ) from None
    return found


def load_calendar(extra: Path | None = None) -> Calendar:
    """The built-in calendar, with the operator's own file on top.

    Raises:
        HotlineError: a file cannot be read or a line of it is wrong.
    """
    # Day by day: next year's list may move a working day of this year's December.
    return Calendar(_read(BUILT_IN) | (_read(extra) if extra else {}))
