"""What an installation decides about its reports: what they say, from when on, and with what.

Belongs here: values with the defaults of REPORTS.md; no reading of hotline.toml
(`pipelines.config`).
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from schemas.reports import ReportKind


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


@dataclass(frozen=True)
class IssueSettings:
    """Settings of issuing.

    Attributes:
        first: first day for which reports of a kind are made; a kind that is not named begins with
            the installation.
        backfilled_after_days: days after its due moment from which on an issue is backfilled.
        templates: folder of the office's own Word templates, `<kind>.docx` each.
        fonts: folder of further fonts for the PDF.
    """

    first: dict[ReportKind, date] = field(default_factory=dict)
    backfilled_after_days: int = 31
    templates: Path | None = None
    fonts: Path | None = None
