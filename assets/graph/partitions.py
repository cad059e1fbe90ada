"""The partitions of an installation: days, weeks, months and years since its first day.

Belongs here: the definitions, in the hotline's time zone. The month and the year in progress are
partitions of the facts, too: the daily report needs this month's. Reports are of periods that are
over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import dagster as dg

from assets.installation import Installation
from schemas.reports import ReportKind
from schemas.table import Cadence
from schemas.wall_clock import EARLIEST_YEAR, TIME_ZONE


@dataclass(frozen=True)
class Partitions:
    """Partition definitions by cadence.

    Exports are expected from the first day of the installation on. Their rows may belong to any
    earlier month: the first night brings changes of tickets accepted long before.

    Attributes:
        daily: days that have ended, since the first day.
        monthly: months since the earliest that a row may belong to, the present one included.
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
        return cls.since(installation.start, installation.reports.week_start)

    @classmethod
    def since(cls, start: date, week_start: int = 0) -> "Partitions":
        """Partitions from the first day of an installation.

        Args:
            start: the first day.
            week_start: weekday on which a week of the reports starts, 0 for Monday.
        """
        return cls(
            dg.DailyPartitionsDefinition(start.isoformat(), timezone=TIME_ZONE),
            dg.MonthlyPartitionsDefinition(
                f"{EARLIEST_YEAR}-01", fmt="%Y-%m", timezone=TIME_ZONE, end_offset=1
            ),
            dg.TimeWindowPartitionsDefinition(
                start=str(EARLIEST_YEAR),
                fmt="%Y",
                cron_schedule="0 0 1 1 *",
                timezone=TIME_ZONE,
                end_offset=1,
            ),
            _reports(start, week_start),
        )

    def of(self, cadence: Cadence) -> dg.TimeWindowPartitionsDefinition:
        """The definition of a cadence."""
        return {"daily": self.daily, "monthly": self.monthly, "yearly": self.yearly}[cadence]

    @staticmethod
    def key(cadence: Cadence, day: date) -> str:
        """The partition that an export date belongs to."""
        return day.strftime({"daily": "%Y-%m-%d", "monthly": "%Y-%m", "yearly": "%Y"}[cadence])


def _reports(start: date, week_start: int) -> dict[ReportKind, dg.TimeWindowPartitionsDefinition]:
    return {
        "daily": dg.DailyPartitionsDefinition(start.isoformat(), timezone=TIME_ZONE),
        # Dagster counts weekdays from Sunday.
        "weekly": dg.WeeklyPartitionsDefinition(
            start.isoformat(), timezone=TIME_ZONE, day_offset=(week_start + 1) % 7
        ),
        "monthly": dg.MonthlyPartitionsDefinition(
            f"{start:%Y-%m}", fmt="%Y-%m", timezone=TIME_ZONE
        ),
        "annual": dg.TimeWindowPartitionsDefinition(
            start=f"{start:%Y}", fmt="%Y", cron_schedule="0 0 1 1 *", timezone=TIME_ZONE
        ),
    }
