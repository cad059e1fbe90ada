"""The section [reports]: what reports say, and from when on and with what they are issued."""

from dataclasses import fields
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from assets.installation import IssueSettings, ReportSettings
from schemas.reports import KINDS


class ReportsConfig(BaseModel):
    """The section [reports] of hotline.toml.

    Attributes:
        organisation: who issues the reports.
        week_start: weekday on which a week starts, 0 for Monday to 6 for Sunday.
        first_daily: first day that has a daily report.
        first_weekly: the first week is the one that starts on this day or next after it.
        first_monthly: the first month is the one that holds this day.
        first_annual: the first year is the one that holds this day.
        backfilled_after_days: days after the due moment from which on an issue is backfilled.
        templates: folder of the office's own Word templates.
        fonts: folder of further fonts for the PDF.
        minimum_ranked: tickets in a month below which a unit is listed, not ranked.
        minimum_ranked_week: the same for a week.
        rising_minimum: tickets that a topic needs in a week to count as rising.
        rising_minimum_day: the same for a day.
        rising_percent: by how much a rising topic exceeds its mean, in percent.
        topics_shown: rows of the table of hot topics.
        units_shown: rows of the table of overdue tickets by unit in a daily report.
        names_shown: units, regions or subjects that a sentence names.
        focus_shown: rows of the list of followed tickets.
    """

    model_config = ConfigDict(extra="forbid")

    organisation: str = Field(ReportSettings.organisation, min_length=1, max_length=60)
    week_start: int = Field(ReportSettings.week_start, ge=0, le=6)
    first_daily: date | None = None
    first_weekly: date | None = None
    first_monthly: date | None = None
    first_annual: date | None = None
    backfilled_after_days: int = Field(IssueSettings.backfilled_after_days, ge=0, le=366)
    templates: Path | None = None
    fonts: Path | None = None
    minimum_ranked: int = Field(ReportSettings.minimum_ranked, ge=1)
    minimum_ranked_week: int = Field(ReportSettings.minimum_ranked_week, ge=1)
    rising_minimum: int = Field(ReportSettings.rising_minimum, ge=1)
    rising_minimum_day: int = Field(ReportSettings.rising_minimum_day, ge=1)
    rising_percent: int = Field(ReportSettings.rising_percent, ge=1)
    topics_shown: int = Field(ReportSettings.topics_shown, ge=1)
    units_shown: int = Field(ReportSettings.units_shown, ge=1)
    names_shown: int = Field(ReportSettings.names_shown, ge=1)
    focus_shown: int = Field(ReportSettings.focus_shown, ge=1)

    def content(self) -> ReportSettings:
        """What of it decides what reports say."""
        return ReportSettings(
            **{each.name: getattr(self, each.name) for each in fields(ReportSettings)}
        )

    def issuing(self) -> IssueSettings:
        """What of it decides how they are issued."""
        first = {kind: getattr(self, f"first_{kind}") for kind in KINDS}
        return IssueSettings(
            first={kind: day for kind, day in first.items() if day},
            backfilled_after_days=self.backfilled_after_days,
            templates=self.templates,
            fonts=self.fonts,
        )
