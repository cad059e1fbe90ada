"""The four reports: which sections each has, in which order, and what it is compared with.

A day for tomorrow morning's desk, on about two pages; a week for those who run the hotline; a month
for leaders and units, as a printed 公文; a year with everything that an evaluation will ask for.
"""

from datetime import timedelta

from assets.installation import ReportSettings
from assets.reports.content.context import Context
from assets.reports.content.facts import Facts
from assets.reports.content.measures import ALL_KPIS, Against
from assets.reports.content.model import Period, Report, Section
from assets.reports.content.periods import (
    Span,
    days_of,
    last_months,
    month_span,
    month_to_date,
    month_to_date_before,
    previous,
    span_of,
    week_before,
    year_before,
    year_span,
)
from assets.reports.content.sections.advice import advice_section
from assets.reports.content.sections.backlog import backlog_section
from assets.reports.content.sections.callbacks import callback_section
from assets.reports.content.sections.data_quality import (
    RATE_NOTE,
    completeness,
    corrections_section,
    definitions_section,
    quality_section,
)
from assets.reports.content.sections.evaluation import (
    evaluation_section,
    indicator_section,
    reconciliation_section,
    targets_section,
)
from assets.reports.content.sections.focus import focus_section
from assets.reports.content.sections.hours import hours_section
from assets.reports.content.sections.inspection import inspection_section
from assets.reports.content.sections.knowledge import knowledge_section
from assets.reports.content.sections.projection import projection_section
from assets.reports.content.sections.ranking import ranking_section, units_section
from assets.reports.content.sections.repeats import repeats_section
from assets.reports.content.sections.rota import rota_section
from assets.reports.content.sections.structure import (
    CHANNEL,
    REGION,
    TICKET_TYPE,
    structure_section,
)
from assets.reports.content.sections.summary import glance_section, summary_section
from assets.reports.content.sections.topics import topics_section
from assets.reports.content.sections.trend import days_section, trend_section
from schemas.reports import TITLES

_CALLS_AND_TICKETS = ("calls_offered", "answer_rate", "tickets_accepted", "direct_answer_rate")
_FLOWS = ("closed_in_period", "on_time_in_period")
_WEEK_FIGURES = (
    *("calls_offered", "calls_answered", "answer_rate", "service_level_15s", "average_wait"),
    *("tickets_accepted", "direct_answer_rate", "handed_over", *_FLOWS),
    *("callback_reach_rate", "callback_satisfaction_rate"),
)
_LONG_ROWS = {TICKET_TYPE: 30, CHANNEL: 30, REGION: 30}
_MONTHS = 12


def context_of(facts: Facts, period: Period, settings: ReportSettings) -> Context:
    """What the sections of a report are made from: what its period is compared with.

    Args:
        facts: the release.
        period: what the report is about.
        settings: what the installation decides.
    """
    match period.kind:
        case "daily":
            now = "当日"
            against = [Against("上周同日", "较上周同日", span_of(week_before(period)))]
        case "weekly":
            now = "本周"
            against = [Against("上周", "较上周", span_of(previous(period)))]
        case "monthly":
            now = "本月"
            against = [
                Against("上月", "环比", span_of(previous(period))),
                Against("上年同月", "同比", span_of(year_before(period))),
            ]
        case "annual":
            now = "本年"
            against = [Against("上年", "同比", span_of(year_before(period)))]
    return Context(facts, period, settings, now, tuple(against))


def daily_report(facts: Facts, period: Period, settings: ReportSettings) -> Report:
    """The content of the report of a day.

    Args:
        facts: the release.
        period: the day.
        settings: what the installation decides.
    """
    context = context_of(facts, period, settings)
    day = period.last
    sections = (
        backlog_section(context),
        focus_section(context),
        topics_section(context, shown=5, minimum=settings.rising_minimum_day),
        structure_section(context, {CHANNEL: 2, TICKET_TYPE: 3, REGION: 3}, together=True),
        hours_section(context),
        quality_section(context),
    )
    month = Against(
        *("上月同期", "较上月同期", month_to_date_before(day)),
        of=month_to_date(day),
        title="本月累计",
    )
    yesterday = Against("前一日", "较前一日", span_of(previous(period)))
    summary = glance_section(
        context,
        # What requests are made up of changes little, and what arrived stands on the head already.
        [each for each in sections if each.name not in ("structure", "data_quality")],
        key=_CALLS_AND_TICKETS,
        figures=(*_CALLS_AND_TICKETS, *_FLOWS),
        against=(yesterday, *context.against),
        more_against=(month,),
        past=[Span(each, each) for each in days_of(Span(day - timedelta(days=29), day))],
        window="近30天",
        drawn=14,
        show_spans=False,
    )
    return _report(context, (summary, *sections))


def weekly_report(facts: Facts, period: Period, settings: ReportSettings) -> Report:
    """The content of the report of a week.

    Args:
        facts: the release.
        period: the week.
        settings: what the installation decides.
    """
    context = context_of(facts, period, settings)
    sections = (
        days_section(context),
        units_section(context, minimum=settings.minimum_ranked_week),
        topics_section(context, shown=settings.topics_shown, minimum=settings.rising_minimum),
        repeats_section(context),
        callback_section(context),
        structure_section(context, {CHANNEL: 10, TICKET_TYPE: 10, REGION: 20}),
        quality_section(context),
    )
    weeks = (timedelta(weeks=back) for back in reversed(range(12)))
    summary = glance_section(
        context,
        sections,
        key=(*_CALLS_AND_TICKETS, "on_time_in_period", "callback_satisfaction_rate"),
        figures=_WEEK_FIGURES,
        against=(*context.against, Against("上年同周", "同比", span_of(year_before(period)))),
        past=[Span(period.first - back, period.last - back) for back in weeks],
        window="近12周",
        drawn=8,
    )
    return _report(context, (summary, *sections, definitions_section(_WEEK_FIGURES)))


def monthly_report(facts: Facts, period: Period, settings: ReportSettings) -> Report:
    """The content of the report of a month.

    Args:
        facts: the release.
        period: the month.
        settings: what the installation decides.
    """
    context = context_of(facts, period, settings)
    sections = (
        advice_section(context),
        trend_section(context),
        structure_section(context, _LONG_ROWS, named=True),
        topics_section(context, shown=settings.topics_shown, minimum=settings.rising_minimum),
        ranking_section(context, minimum=settings.minimum_ranked),
        backlog_section(context),
        rota_section(context),
        inspection_section(context),
        knowledge_section(context),
        callback_section(context),
        corrections_section(),
        quality_section(context),
        definitions_section(each.id for each in ALL_KPIS),
    )
    summary = summary_section(
        context,
        sections,
        key=(
            *(*_CALLS_AND_TICKETS, "on_time_rate", "callback_satisfaction_rate"),
            *("return_rate", "knowledge_updates"),
        ),
        told=("topics", "ranking", "backlog", "rota"),
        trend=list(map(month_span, last_months(period.key, _MONTHS))),
        standing=True,
    )
    return _report(context, (summary, *sections))


def annual_report(facts: Facts, period: Period, settings: ReportSettings) -> Report:
    """The content of the report of a year.

    Args:
        facts: the release.
        period: the year.
        settings: what the installation decides.
    """
    context = context_of(facts, period, settings)
    sections = (
        evaluation_section(context),
        targets_section(context),
        indicator_section(context),
        reconciliation_section(context),
        trend_section(context),
        structure_section(context, _LONG_ROWS, named=True),
        ranking_section(context, minimum=settings.minimum_ranked * _MONTHS),
        rota_section(context),
        inspection_section(context),
        knowledge_section(context),
        callback_section(context),
        projection_section(context),
        quality_section(context),
        definitions_section(each.id for each in ALL_KPIS),
    )
    summary = summary_section(
        context,
        sections,
        key=(
            *(*_CALLS_AND_TICKETS, "on_time_rate", "callback_rate"),
            *("callback_satisfaction_rate", "knowledge_updates"),
        ),
        told=("targets", "ranking", "rota", "callbacks", "projection"),
        trend=[year_span(context.year - back) for back in reversed(range(5))],
    )
    return _report(context, (summary, *sections))


def _report(context: Context, sections: tuple[Section, ...]) -> Report:
    """A report of its sections, with what every report says of itself."""
    return Report(
        period=context.period,
        title=f"12345政务服务便民热线运行{TITLES[context.kind]}",
        organisation=context.settings.organisation,
        release=context.facts.release,
        cutoff=context.facts.cutoff,
        completeness=completeness(context.facts, context.span),
        rate_note=RATE_NOTE,
        sections=sections,
    )
