"""The monthly report: a calendar month, for leaders and units, as a printed 公文.

Belongs here: which sections it has, in which order, and its first section.
"""

from assets.installation import ReportSettings
from assets.reports.content.advice import advice_section
from assets.reports.content.backlog import backlog_section
from assets.reports.content.callbacks import callback_section
from assets.reports.content.composition import composition_section
from assets.reports.content.corrections import corrections_section
from assets.reports.content.data_quality import quality_section
from assets.reports.content.definitions import definitions_section
from assets.reports.content.headline_figures import Against, cards, comparison_table
from assets.reports.content.highlights import (
    change_sentence,
    headline,
    target_sentence,
    volume_sentence,
)
from assets.reports.content.imprint import report_of
from assets.reports.content.inspection import inspection_section
from assets.reports.content.knowledge import knowledge_section
from assets.reports.content.model import Period, Points, Report, Section
from assets.reports.content.months import last_months, month_span
from assets.reports.content.periods import previous, span_of, year_before
from assets.reports.content.ranking import ranking_section
from assets.reports.content.reading import Facts, Span
from assets.reports.content.rota import rota_section
from assets.reports.content.topics import topics_section
from assets.reports.content.trend import finding, trend_section
from schemas.kpis import KPIS

_TITLE = "12345政务服务便民热线运行月报"
_NOW = "本月"
_CARDS = (
    *("calls_offered", "answer_rate", "tickets_accepted", "direct_answer_rate"),
    *("on_time_rate", "callback_satisfaction_rate", "return_rate", "knowledge_updates"),
)
_IN_SUMMARY = ("topics", "ranking", "backlog", "rota")


def monthly_report(
    facts: Facts, period: Period, settings: ReportSettings, before: Facts | None = None
) -> Report:
    """The content of the report of a month.

    Args:
        facts: the release.
        period: the month.
        settings: what the installation decides.
        before: the release of the issue before, for corrections of earlier months.
    """
    span = span_of(period)
    month_ago = Against("上月", "环比", span_of(previous(period)))
    year_ago = Against("上年同月", "同比", span_of(year_before(period)))
    against = (month_ago, year_ago)
    sections = (
        trend_section(facts, period.key),
        composition_section(facts, span, against, now=_NOW),
        topics_section(
            facts,
            span,
            month_ago,
            now=_NOW,
            shown=settings.topics_shown,
            minimum=settings.rising_minimum,
            settings=settings,
        ),
        ranking_section(facts, span, month_ago.span, settings.minimum_ranked),
        backlog_section(facts, span, _NOW, settings),
        rota_section(facts, span, month_ago.span),
        inspection_section(facts, span, against, now=_NOW, kind=period.kind),
        knowledge_section(facts, span),
        callback_section(facts, span, month_ago.span),
        corrections_section(before, facts, last_months(period.key, 12)[:-1]),
        quality_section(facts, span, _NOW),
        definitions_section(kpi.id for kpi in KPIS),
    )
    first = _summary(facts, period, span, against, sections)
    advice = advice_section(facts, span, month_ago.span, settings)
    return report_of(facts, period, settings, _TITLE, (first, advice, *sections))


def _summary(
    facts: Facts,
    period: Period,
    span: Span,
    against: tuple[Against, Against],
    sections: tuple[Section, ...],
) -> Section:
    """The month in a few sentences and figures."""
    trend = [month_span(month) for month in last_months(period.key, 12)]
    found = {each.name: each.headline for each in sections}
    sentences = (
        volume_sentence(facts, span, against),
        target_sentence(facts, span, period.kind),
        change_sentence(facts, span, against[0]),
        *(f"{found[name]}。" for name in _IN_SUMMARY),
    )
    standing = finding(facts, "answer_rate", period.key)
    return Section(
        "summary",
        "本月要点",
        headline(facts, span, period.kind, standing),
        (
            Points(tuple(filter(None, sentences))),
            cards(facts, "主要指标", _CARDS, span, against, kind=period.kind, trend=trend),
            comparison_table(
                facts,
                "主要指标对比",
                [kpi.id for kpi in KPIS],
                span,
                against,
                now=_NOW,
                kind=period.kind,
            ),
        ),
    )
