"""The partitions of an installation: days, months and years since its first day.

Belongs here: the three definitions, in the hotline's time zone. The month and the year in progress
are partitions, too: the daily report needs this month's facts.
"""

from dataclasses import dataclass
from datetime import date

import dagster as dg

from schemas.columns import EARLIEST_YEAR, TIME_ZONE
from schemas.tables import Cadence


@dataclass(frozen=True)
class Partitions:
    """Partition definitions by cadence.

    Exports are expected from the first day of the installation on. Their rows may belong to any
    earlier month: the first night brings changes of tickets accepted long before.

    Attributes:
        daily: days that have ended, since the first day.
        monthly: months since the earliest that a row may belong to, the present one included.
        yearly: years, likewise.
    """

    daily: dg.DailyPartitionsDefinition
    monthly: dg.MonthlyPartitionsDefinition
    yearly: dg.TimeWindowPartitionsDefinition

    @classmethod
    def since(cls, start: date) -> "Partitions":
        """Partitions from the first day of an installation."""
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
        )

    def of(self, cadence: Cadence) -> dg.TimeWindowPartitionsDefinition:
        """The definition of a cadence."""
        return {"daily": self.daily, "monthly": self.monthly, "yearly": self.yearly}[cadence]

    @staticmethod
    def key(cadence: Cadence, day: date) -> str:
        """The partition that an export date belongs to."""
        return day.strftime({"daily": "%Y-%m-%d", "monthly": "%Y-%m", "yearly": "%Y"}[cadence])
