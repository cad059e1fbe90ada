"""The four reports: which sections each has, in which order, and what it is compared with.

`compose` is the entry; below it the sections of each kind, in order.
"""

from collections.abc import Callable
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
from assets.reports.content.sections import (
    advice,
    backlog,
    callbacks,
    data_quality,
    evaluation,
    focus,
    hours,
    inspection,
    knowledge,
    outlook,
    projection,
    ranking,
    repeats,
    rota,
    structure,
    summary,
    topics,
    trend,
)
from schemas.reports import TITLES, ReportKind

_CALLS_AND_TICKETS = ("calls_offered", "answer_rate", "tickets_accepted", "direct_answer_rate")
_FLOWS = ("closed_in_period", "on_time_in_period")
_WEEK_FIGURES = (
    *("calls_offered", "calls_answered", "answer_rate", "service_level_15s", "average_wait"),
    *("tickets_accepted", "direct_answer_rate", "handed_over", *_FLOWS),
    *("callback_reach_rate", "callback_satisfaction_rate"),
)
# Rows of the tables of what requests are made up of.
_DAY_ROWS = {"channel": 2, "ticket_type": 3, "region": 3}
_WEEK_ROWS = {"channel": 10, "ticket_type": 10, "region": 20}
_LONG_ROWS = {"ticket_type": 30, "channel": 30, "region": 30}
_MONTHS = 12


def compose(facts: Facts, period: Period, settings: ReportSettings) -> Report:
    """The content of the report of a period.

    Args:
        facts: the release.
        period: what the report is about, of any kind.
        settings: what the installation decides.
    """
    context = context_of(facts, period, settings)
    return Report(
        period=period,
        title=f"12345政务服务便民热线运行{TITLES[period.kind]}",
        organisation=settings.organisation,
        release=facts.release,
        cutoff=facts.cutoff,
        completeness=data_quality.completeness(facts, context.span),
        rate_note=data_quality.RATE_NOTE,
        sections=_SECTIONS[period.kind](context),
    )


# Still called by kind elsewhere.
daily_report = weekly_report = monthly_report = annual_report = compose


def context_of(facts: Facts, period: Period, settings: ReportSettings) -> Context:
    """What the sections of a report are made from: what its period is compared with.

    Args:
        facts: the release.
        period: what the report is about.
        settings: what the installation decides.
    """
    looked_at: tuple[Against, ...] = ()
    day, before = period.last, period.first - timedelta(days=1)
    match period.kind:
        case "daily":
            now = "当日"
            looked_at = (
                Against("前一日", "较前一日", span_of(previous(period))),
                Against(
                    *("上月同期", "较上月同期", month_to_date_before(day)),
                    of=month_to_date(day),
                    title="本月累计",
                ),
                Against("近30天", "较近30天", Span(day - timedelta(days=29), before)),
            )
            against = [Against("上周同日", "较上周同日", span_of(week_before(period)))]
        case "weekly":
            now = "本周"
            looked_at = (
                Against("上年同周", "同比", span_of(year_before(period))),
                Against("近12周", "较近12周", Span(period.first - timedelta(weeks=11), before)),
            )
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
    return Context(facts, period, settings, now, tuple(against), looked_at)


def _daily(context: Context) -> tuple[Section, ...]:
    """A day, for tomorrow morning's desk, on about two pages."""
    period, settings = context.period, context.settings
    day = period.last
    sections = (
        outlook.outlook_section(context, 1),
        backlog.backlog_section(context),
        focus.focus_section(context),
        topics.topics_section(context, shown=5, minimum=settings.rising_minimum_day),
        structure.structure_section(context, _DAY_ROWS, together=True),
        hours.hours_section(context),
        data_quality.quality_section(context),
    )
    yesterday, month, window = context.looked_at
    first = summary.glance_section(
        context,
        # What requests are made up of changes little, and what arrived stands on the head already.
        [each for each in sections if each.name not in ("structure", "data_quality")],
        key=_CALLS_AND_TICKETS,
        figures=(*_CALLS_AND_TICKETS, *_FLOWS),
        against=(yesterday, *context.against),
        more_against=(month,),
        past=[Span(each, each) for each in days_of(Span(day - timedelta(days=29), day))],
        window=window,
        drawn=14,
        show_spans=False,
    )
    return (first, *sections)


def _weekly(context: Context) -> tuple[Section, ...]:
    """A week, for those who run the hotline."""
    period, settings = context.period, context.settings
    sections = (
        backlog.backlog_section(context),
        trend.days_section(context),
        outlook.outlook_section(context, 7),
        ranking.units_section(context, minimum=settings.minimum_ranked_week),
        topics.topics_section(
            context, shown=settings.topics_shown, minimum=settings.rising_minimum
        ),
        repeats.repeats_section(context),
        callbacks.callback_section(context),
        structure.structure_section(context, _WEEK_ROWS),
        data_quality.quality_section(context),
    )
    weeks = (timedelta(weeks=back) for back in reversed(range(12)))
    year, window = context.looked_at
    first = summary.glance_section(
        context,
        sections,
        key=(*_CALLS_AND_TICKETS, "on_time_in_period", "callback_satisfaction_rate"),
        figures=_WEEK_FIGURES,
        against=(*context.against, year),
        past=[Span(period.first - back, period.last - back) for back in weeks],
        window=window,
        drawn=8,
    )
    return (first, *sections, data_quality.definitions_section(_WEEK_FIGURES))


def _monthly(context: Context) -> tuple[Section, ...]:
    """A month, for leaders and units, as a printed 公文."""
    settings = context.settings
    sections = (
        advice.advice_section(context),
        trend.trend_section(context),
        structure.structure_section(context, _LONG_ROWS, named=True),
        topics.topics_section(
            context, shown=settings.topics_shown, minimum=settings.rising_minimum
        ),
        ranking.ranking_section(context, minimum=settings.minimum_ranked),
        backlog.backlog_section(context),
        rota.rota_section(context),
        inspection.inspection_section(context),
        knowledge.knowledge_section(context),
        callbacks.callback_section(context),
        data_quality.corrections_section(),
        data_quality.quality_section(context),
        data_quality.definitions_section(each.id for each in ALL_KPIS),
    )
    first = summary.summary_section(
        context,
        sections,
        key=(
            *(*_CALLS_AND_TICKETS, "on_time_rate", "callback_satisfaction_rate"),
            *("return_rate", "knowledge_updates"),
        ),
        told=("topics", "ranking", "backlog", "rota"),
        trend=list(map(month_span, last_months(context.period.key, _MONTHS))),
        standing=True,
    )
    return (first, *sections)


def _annual(context: Context) -> tuple[Section, ...]:
    """A year, with everything that an evaluation of it will ask for."""
    settings = context.settings
    sections = (
        evaluation.evaluation_section(context),
        evaluation.targets_section(context),
        evaluation.indicator_section(context),
        evaluation.reconciliation_section(context),
        trend.trend_section(context),
        structure.structure_section(context, _LONG_ROWS, named=True),
        ranking.ranking_section(context, minimum=settings.minimum_ranked * _MONTHS),
        rota.rota_section(context),
        inspection.inspection_section(context),
        knowledge.knowledge_section(context),
        callbacks.callback_section(context),
        projection.projection_section(context),
        data_quality.quality_section(context),
        data_quality.definitions_section(each.id for each in ALL_KPIS),
    )
    first = summary.summary_section(
        context,
        sections,
        key=(
            *(*_CALLS_AND_TICKETS, "on_time_rate", "callback_rate"),
            *("callback_satisfaction_rate", "knowledge_updates"),
        ),
        told=("targets", "ranking", "rota", "callbacks", "projection"),
        trend=[year_span(context.year - back) for back in reversed(range(5))],
    )
    return (first, *sections)


_SECTIONS: dict[ReportKind, Callable[[Context], tuple[Section, ...]]] = {
    "daily": _daily,
    "weekly": _weekly,
    "monthly": _monthly,
    "annual": _annual,
}
