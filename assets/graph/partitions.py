"""The partitions of an installation: days, weeks, months and years since its first day.

In the zone of the profile. The month and the year in progress are partitions of the facts, too: the
daily report needs this month's. Reports are of periods that are over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import dagster as dg

from assets.installation import Installation
from schemas.reports import ReportKind
from schemas.table import Cadence
from schemas.wall_clock import TIME_ZONE


@dataclass(frozen=True)
class Partitions:
    """Partition definitions by cadence.

    Exports are expected from the first day of the installation on. Their rows may belong to earlier
    months, which are partitions from when there are any: the first night brings changes of tickets
    accepted long before.

    Attributes:
        daily: days that have ended, since the first day.
        monthly: months since the first day, or the earliest with a row; the present one included.
        yearly: years, likewise.
        reports: by kind of report, the days, weeks, months and years that are over, from the first
            day; the month and the year that hold it are the first.
    """

    daily: dg.DailyPartitionsDefinition
    monthly: dg.MonthlyPartitionsDefinition
    yearly: dg.TimeWindowPartitionsDefinition
    reports: Mapping[ReportKind, dg.TimeWindowPartitionsDefinition]

    @classmethod
    def of_installation(cls, installation: Installation) -> "Partitions":
        """Partitions of an installation."""
        details = installation.warehouse.details("").glob("*/[0-9]*.parquet")
        periods = {each.stem for each in details}
        return cls.since(
            installation.start,
            installation.reports.week_start,
            periods,
            installation.profile.time_zone,
        )

    @classmethod
    def since(
        cls,
        start: date,
        week_start: int = 0,
        periods: Collection[str] = (),
        zone: str = TIME_ZONE,
    ) -> "Partitions":
        """Partitions from the first day of an installation.

        Args:
            start: the first day.
            week_start: weekday on which a week of the reports starts, 0 for Monday.
            periods: months and years that there are rows of.
            zone: of days.
        """
        daily = dg.DailyPartitionsDefinition(start.isoformat(), timezone=zone)
        # Dagster counts weekdays from Sunday.
        weekly = dg.WeeklyPartitionsDefinition(
            start.isoformat(), timezone=zone, day_offset=(week_start + 1) % 7
        )
        return cls(
            daily=daily,
            monthly=_months(
                min([f"{start:%Y-%m}", *(each for each in periods if len(each) == 7)]),
                zone,
                ahead=1,
            ),
            yearly=_years(min([f"{start:%Y}", *(each[:4] for each in periods)]), zone, ahead=1),
            reports={
                "daily": daily,
                "weekly": weekly,
                "monthly": _months(f"{start:%Y-%m}", zone),
                "annual": _years(f"{start:%Y}", zone),
            },
        )

    def of(self, cadence: Cadence) -> dg.TimeWindowPartitionsDefinition:
        """The definition of a cadence."""
        return {"daily": self.daily, "monthly": self.monthly, "yearly": self.yearly}[cadence]

    @staticmethod
    def key(cadence: Cadence, day: date) -> str:
        """The partition that an export date belongs to."""
        return day.strftime({"daily": "%Y-%m-%d", "monthly": "%Y-%m", "yearly": "%Y"}[cadence])


def _months(first: str, zone: str, ahead: int = 0) -> dg.MonthlyPartitionsDefinition:
    return dg.MonthlyPartitionsDefinition(first, fmt="%Y-%m", timezone=zone, end_offset=ahead)


def _years(first: str, zone: str, ahead: int = 0) -> dg.TimeWindowPartitionsDefinition:
    return dg.TimeWindowPartitionsDefinition(
        start=first, fmt="%Y", cron_schedule="0 0 1 1 *", timezone=zone, end_offset=ahead
    )
