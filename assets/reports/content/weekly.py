"""The weekly report: a week against the week before, for those who run the hotline.

Belongs here: which sections it has, in which order, and its first section.
"""

from datetime import timedelta

from assets.installation import ReportSettings
from assets.reports.content import findings
from assets.reports.content.breakdown import CHANNEL, REGION, TICKET_TYPE
from assets.reports.content.callbacks import callback_section
from assets.reports.content.data_quality import quality_section
from assets.reports.content.days import days_section
from assets.reports.content.definitions import definitions_section
from assets.reports.content.headline_figures import Against, cards, comparison_table
from assets.reports.content.imprint import report_of
from assets.reports.content.model import Period, Points, Report, Section
from assets.reports.content.periods import previous, span_of, year_before
from assets.reports.content.reading import Facts, Span
from assets.reports.content.repeats import repeats_section
from assets.reports.content.structure import structure_section
from assets.reports.content.topics import topics_section
from assets.reports.content.units import units_section

_TITLE = "12345政务服务便民热线运行周报"
_NOW = "本周"
_CARDS = (
    *("calls_offered", "answer_rate", "tickets_accepted", "direct_answer_rate"),
    *("on_time_in_period", "callback_satisfaction_rate"),
)
_FIGURES = (
    *("calls_offered", "calls_answered", "answer_rate", "service_level_15s", "average_wait"),
    *("tickets_accepted", "direct_answer_rate", "handed_over", "closed_in_period"),
    *("on_time_in_period", "callback_reach_rate", "callback_satisfaction_rate"),
)
_TREND_WEEKS, _WINDOW_WEEKS, _WINDOW, _ENOUGH_WEEKS = 8, 12, "近12周", 8
_SHOWN = {CHANNEL: 10, TICKET_TYPE: 10, REGION: 20}


def weekly_report(facts: Facts, period: Period, settings: ReportSettings) -> Report:
    """The content of the report of a week.

    Args:
        facts: the release.
        period: the week.
        settings: what the installation decides.
    """
    span = span_of(period)
    last = Against("上周", "较上周", span_of(previous(period)))
    sections = (
        days_section(facts, span, last, _NOW),
        units_section(facts, span, _NOW, minimum=settings.minimum_ranked_week, settings=settings),
        topics_section(
            facts,
            span,
            last,
            now=_NOW,
            shown=settings.topics_shown,
            minimum=settings.rising_minimum,
            settings=settings,
        ),
        repeats_section(facts, span, last, _NOW, settings),
        callback_section(facts, span, last.span, against=last.change),
        structure_section(facts, span, last, _NOW, _SHOWN),
        quality_section(facts, span, _NOW),
    )
    first = _summary(facts, period, last, sections)
    definitions = definitions_section(_FIGURES)
    return report_of(facts, period, settings, _TITLE, (first, *sections, definitions))


def _last_weeks(span: Span, weeks: int) -> list[Span]:
    """So many weeks up to one, oldest first."""
    return [
        Span(span.first - timedelta(weeks=back), span.last - timedelta(weeks=back))
        for back in reversed(range(weeks))
    ]


def _summary(facts: Facts, period: Period, last: Against, sections: tuple[Section, ...]) -> Section:
    """The week in figures, and the findings of all sections at a glance."""
    span = span_of(period)
    year = Against("上年同周", "同比", span_of(year_before(period)))
    headline = findings.headline(
        facts,
        _CARDS,
        _last_weeks(span, _WINDOW_WEEKS),
        last,
        kind=period.kind,
        window=_WINDOW,
        enough=_ENOUGH_WEEKS,
        nothing=f"{_NOW}没有数据",
    )
    return Section(
        "summary",
        "总体情况",
        headline,
        (
            cards(
                facts,
                f"{_NOW}主要指标",
                _CARDS,
                span,
                (last, year),
                kind=period.kind,
                trend=_last_weeks(span, _TREND_WEEKS),
            ),
            Points((f"{headline}。", *(f"{each.topic}：{each.headline}。" for each in sections))),
            comparison_table(
                facts, "主要指标对比", _FIGURES, span, (last, year), now=_NOW, kind=period.kind
            ),
        ),
    )
