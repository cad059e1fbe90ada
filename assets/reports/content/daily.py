"""The daily report: one day, for tomorrow morning's desk, on about two pages.

Belongs here: which sections it has, in which order, and its first section.
"""

from datetime import timedelta

from assets.installation import ReportSettings
from assets.reports.content import findings
from assets.reports.content.backlog import backlog_section
from assets.reports.content.breakdown import CHANNEL, REGION, TICKET_TYPE
from assets.reports.content.data_quality import quality_section
from assets.reports.content.focus import focus_section
from assets.reports.content.headline_figures import Against, cards, comparison_table
from assets.reports.content.hours import hours_section
from assets.reports.content.imprint import report_of
from assets.reports.content.model import Period, Points, Report, Section
from assets.reports.content.periods import (
    days_of,
    month_to_date,
    month_to_date_before,
    previous,
    span_of,
    week_before,
)
from assets.reports.content.reading import Facts, Span
from assets.reports.content.structure import structure_section
from assets.reports.content.topics import topics_section

_TITLE = "12345政务服务便民热线运行日报"
_NOW = "当日"
_CARDS = ("calls_offered", "answer_rate", "tickets_accepted", "direct_answer_rate")
_FIGURES = (
    *("calls_offered", "answer_rate", "tickets_accepted", "direct_answer_rate"),
    *("closed_in_period", "on_time_in_period"),
)
_TREND_DAYS, _WINDOW_DAYS, _WINDOW, _ENOUGH_DAYS = 14, 30, "近30天", 14
_NOT_AT_A_GLANCE = ("structure", "data_quality")
_TOPICS_SHOWN = 5
_SHOWN = {CHANNEL: 2, TICKET_TYPE: 3, REGION: 3}


def daily_report(facts: Facts, period: Period, settings: ReportSettings) -> Report:
    """The content of the report of a day.

    Args:
        facts: the release.
        period: the day.
        settings: what the installation decides.
    """
    span = span_of(period)
    week_ago = Against("上周同日", "较上周同日", span_of(week_before(period)))
    sections = (
        backlog_section(facts, span, _NOW, settings),
        focus_section(facts, span, _NOW, settings),
        topics_section(
            facts,
            span,
            week_ago,
            now=_NOW,
            shown=_TOPICS_SHOWN,
            minimum=settings.rising_minimum_day,
            settings=settings,
        ),
        structure_section(facts, span, week_ago, _NOW, _SHOWN, together=True),
        hours_section(facts, span, _NOW),
        quality_section(facts, span, _NOW),
    )
    first = _summary(facts, period, span, week_ago, sections)
    return report_of(facts, period, settings, _TITLE, (first, *sections))


def _last_days(span: Span, days: int) -> list[Span]:
    """So many single days up to the last of a span, oldest first."""
    first = span.last - timedelta(days=days - 1)
    return [Span(day, day) for day in days_of(Span(first, span.last))]


def _summary(
    facts: Facts, period: Period, span: Span, week_ago: Against, sections: tuple[Section, ...]
) -> Section:
    """The day in figures, and the findings of all sections at a glance."""
    yesterday = Against("前一日", "较前一日", span_of(previous(period)))
    month = Against(
        "上月同期",
        "较上月同期",
        month_to_date_before(span.last),
        of=month_to_date(span.last),
        title="本月累计",
    )
    headline = findings.headline(
        facts,
        _CARDS,
        _last_days(span, _WINDOW_DAYS),
        week_ago,
        kind=period.kind,
        window=_WINDOW,
        enough=_ENOUGH_DAYS,
        nothing=f"{_NOW}没有数据",
    )
    # What requests are made up of changes little, and what arrived stands on the head already.
    told = (each for each in sections if each.name not in _NOT_AT_A_GLANCE)
    points = Points((f"{headline}。", *(f"{each.topic}：{each.headline}。" for each in told)))
    return Section(
        "summary",
        "总体情况",
        headline,
        (
            cards(
                facts,
                "当日主要指标",
                _CARDS,
                span,
                (yesterday, week_ago),
                kind=period.kind,
                trend=_last_days(span, _TREND_DAYS),
            ),
            points,
            comparison_table(
                facts,
                "主要指标对比",
                _FIGURES,
                span,
                (yesterday, week_ago, month),
                now=_NOW,
                kind=period.kind,
                show_spans=False,
            ),
        ),
    )
