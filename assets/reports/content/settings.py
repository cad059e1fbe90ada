"""What an installation may decide about its reports.

Belongs here: the settings with the defaults of REPORTS.md; each says what it changes on paper.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportSettings:
    """Settings of the reports' content.

    Attributes:
        organisation: who issues the reports, as on their head.
        week_start: weekday on which a week starts, 0 for Monday to 6 for Sunday.
        minimum_ranked: tickets in a month below which a unit is listed, not ranked.
        minimum_ranked_week: the same for a week.
        rising_minimum: tickets that a topic needs in a week to count as rising.
        rising_minimum_day: the same for a day.
        rising_percent: by how much a rising topic exceeds its mean, in percent.
        topics_shown: rows of the table of hot topics.
        units_shown: rows of the table of overdue tickets by unit in a daily report.
        names_shown: units that a sentence names.
        focus_shown: rows of the list of followed tickets.
    """

    organisation: str = "12345政务服务便民热线管理中心"
    week_start: int = 0
    minimum_ranked: int = 30
    minimum_ranked_week: int = 10
    rising_minimum: int = 15
    rising_minimum_day: int = 6
    rising_percent: int = 50
    topics_shown: int = 10
    units_shown: int = 4
    names_shown: int = 2
    focus_shown: int = 20
