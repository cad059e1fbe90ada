"""The annual report: a calendar year, with everything that an evaluation of it will ask for.

Belongs here: which sections it has, in which order, and its first section.
"""

from assets.installation import ReportSettings
from assets.reports.content.callbacks import callback_section
from assets.reports.content.composition import composition_section
from assets.reports.content.data_quality import quality_section
from assets.reports.content.definitions import definitions_section
from assets.reports.content.evaluation_tables import evaluation_section
from assets.reports.content.headline_figures import Against, cards, comparison_table
from assets.reports.content.highlights import (
    change_sentence,
    headline,
    target_sentence,
    volume_sentence,
)
from assets.reports.content.imprint import report_of
from assets.reports.content.indicators import indicator_section, reconciliation_section
from assets.reports.content.inspection import inspection_section
from assets.reports.content.knowledge import knowledge_section
from assets.reports.content.model import Period, Points, Report, Section
from assets.reports.content.periods import period_of, span_of, year_before
from assets.reports.content.projections import projection_section
from assets.reports.content.ranking import ranking_section
from assets.reports.content.reading import Facts, Span
from assets.reports.content.rota import rota_section
from assets.reports.content.targets import targets_section
from assets.reports.content.trend import trend_section
from schemas.kpis import KPIS

_TITLE = "12345政务服务便民热线运行年报"
_NOW, _AGAINST = "本年", "同比"
_CARDS = (
    *("calls_offered", "answer_rate", "tickets_accepted", "direct_answer_rate"),
    *("on_time_rate", "callback_rate", "callback_satisfaction_rate", "knowledge_updates"),
)
_IN_SUMMARY = ("targets", "ranking", "rota", "callbacks", "projection")
_MONTHS = 12
# Years that a card draws.
_TREND = 5


def annual_report(facts: Facts, period: Period, settings: ReportSettings) -> Report:
    """The content of the report of a year.

    Args:
        facts: the release.
        period: the year.
        settings: what the installation decides.
    """
    span, year = span_of(period), period.first.year
    last = Against("上年", _AGAINST, span_of(year_before(period)))
    sections = (
        evaluation_section(facts, year),
        targets_section(facts, year),
        indicator_section(facts, year),
        reconciliation_section(facts, year),
        trend_section(facts, f"{year}-12"),
        composition_section(facts, span, (last,), now=_NOW),
        ranking_section(facts, span, last.span, settings.minimum_ranked * _MONTHS),
        rota_section(facts, span, last.span, against=_AGAINST),
        inspection_section(facts, span, (last,), now=_NOW, kind=period.kind),
        knowledge_section(facts, span),
        callback_section(facts, span, last.span, against=_AGAINST),
        projection_section(facts, year),
        quality_section(facts, span, _NOW),
        definitions_section(kpi.id for kpi in KPIS),
    )
    first = _summary(facts, period, span, last, sections)
    return report_of(facts, period, settings, _TITLE, (first, *sections))


def _summary(
    facts: Facts, period: Period, span: Span, last: Against, sections: tuple[Section, ...]
) -> Section:
    """The year in a few sentences and figures."""
    year = period.first.year
    trend = [span_of(period_of("annual", str(each))) for each in range(year - _TREND + 1, year + 1)]
    found = {each.name: each.headline for each in sections}
    sentences = (
        volume_sentence(facts, span, (last,)),
        target_sentence(facts, span, period.kind),
        change_sentence(facts, span, last),
        *(f"{found[name]}。" for name in _IN_SUMMARY),
    )
    return Section(
        "summary",
        "本年要点",
        headline(facts, span, period.kind, ""),
        (
            Points(tuple(filter(None, sentences))),
            cards(facts, "主要指标", _CARDS, span, (last,), kind=period.kind, trend=trend),
            comparison_table(
                facts,
                "主要指标对比",
                [kpi.id for kpi in KPIS],
                span,
                (last,),
                now=_NOW,
                kind=period.kind,
            ),
        ),
    )
