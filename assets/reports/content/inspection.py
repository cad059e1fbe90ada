"""Quality inspection of calls: how many, how they did, and by which mode.

Belongs here: the section of monthly and annual reports.
"""

from collections.abc import Sequence
from fractions import Fraction

from assets.reports.content.figures import count, mean, rate
from assets.reports.content.findings import moved_words
from assets.reports.content.headline_figures import Against, comparison_table
from assets.reports.content.measures import measure
from assets.reports.content.model import Block, Column, Figure, Row, Section, Table, Text
from assets.reports.content.reading import Facts, Span
from schemas.reports import ReportKind

_METRICS = (
    "calls_monitored",
    "calls_monitored_passed",
    "monitoring_pass_rate",
    "monitoring_rate",
)


def _score(total: float, monitored: int) -> Figure:
    """Mean score; scores are exact to the hundredth, their sum as well."""
    hundredths = round(Fraction(str(total)) * 100)
    return mean(hundredths, 100 * monitored)


def _mode_table(facts: Facts, span: Span) -> Table:
    rows = facts.grouped("quality", ("mode",), span)
    rows = rows.sort("monitored", "mode", descending=[True, False])

    def cells(monitored: int, passed: int, score: float) -> tuple[Figure, ...]:
        counts = (count(monitored), count(passed))
        return (*counts, rate(passed, monitored), _score(score, monitored))

    measures = ("monitored", "passed", "score_sum")
    shown = [Row((mode, *cells(*sums))) for mode, *sums in rows.select("mode", *measures).rows()]
    monitored, passed = int(rows["monitored"].sum()), int(rows["passed"].sum())
    total = cells(monitored, passed, float(rows["score_sum"].sum()))
    return Table(
        "inspection_modes",
        "按质检方式",
        (
            Column("质检方式"),
            Column("监听数", "通", bar=True),
            Column("合格数", "通"),
            Column("合格率"),
            Column("平均得分", "分"),
        ),
        (*shown, Row(("合计", *total), total=True)),
    )


def inspection_section(
    facts: Facts, span: Span, against: Sequence[Against], *, now: str, kind: ReportKind
) -> Section:
    """Inspections of a period.

    Args:
        facts: the release.
        span: the period.
        against: spans that it is compared with, the one before first.
        now: head of the period's column.
        kind: of the report.
    """
    name, topic = "inspection", "话务质检"
    if not facts.arrived("quality", span):
        missing = "本期没有质检数据（quality 话务监听月度事实），本节从缺。"
        return Section(name, topic, "本期没有质检数据", (Text(missing),))
    table = comparison_table(facts, "话务质检", _METRICS, span, against, now=now, kind=kind)
    passed, sampled = measure("monitoring_pass_rate"), measure("monitoring_rate")
    blocks: list[Block] = [
        Text(_sentence(facts, span, against)),
        Table("inspection", table.title, table.columns, table.rows, table.note),
        _mode_table(facts, span),
    ]
    verdicts = [
        f"{each.title}{each.figure(facts, span).text}"
        + ("" if met is None else "，达标" if met else "，未达标")
        for each in (passed, sampled)
        for met in [each.met(facts, span, kind)]
    ]
    return Section(name, topic, "；".join(verdicts), tuple(blocks))


def _sentence(facts: Facts, span: Span, against: Sequence[Against]) -> str:
    monitored, passed = (facts.sums("monitoring_pass_rate", span)[i] or 0 for i in (1, 0))
    pass_rate = measure("monitoring_pass_rate")
    said = (
        f"本期质检{count(monitored).text}通，合格{count(passed).text}通，"
        f"不合格{count(monitored - passed).text}通，合格率{pass_rate.figure(facts, span).text}"
    )
    if against:
        moved = pass_rate.compare(facts, span, against[0].span)
        if moved.value is not None:
            said += f"，{against[0].change}{moved_words(moved)}"
    sampled = facts.kpi("monitoring_rate", span)
    return f"{said}；抽样率{sampled.text}。" if sampled.value is not None else f"{said}。"
