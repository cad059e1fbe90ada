"""Indicators that are no KPI: seats, service hours, late replies, complaints, coverage, survey.

There is one function for each name that a scheme may give as `measure`. Each says in words where
its cases are, because "3 gaps" helps nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from assets.indicators.inputs import YearInputs
from assets.indicators.scheme import Indicator, Scheme

_SERVICE_CATEGORY = "热线服务态度"
_PROVINCE = "省级平台"
_SATISFACTION_QUESTION = 9
_CONTENT = ("非常满意", "满意")
_UNKNOWN = "平台没有所需的数据，从缺"
_NAMED = 10  # cases that are named one by one


@dataclass(frozen=True)
class Measured:
    """What an indicator came to.

    Attributes:
        numerator: what is counted or divided; None where it cannot be.
        denominator: what it is divided by; None for counts.
        unit: unit of the figure.
        parts: part -> its numerator and denominator.
        leading: KPI whose months say whether the year is complete; empty where none does.
        words: where it comes from, in Chinese.
    """

    numerator: float | None
    denominator: float | None = None
    unit: str = ""
    parts: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)
    leading: str = ""
    words: str = ""


def _lacks(rows: pl.LazyFrame, *columns: str) -> bool:
    """Whether one of some columns that every row fills is empty: the platform does not have it."""
    return bool(rows.select(pl.any_horizontal(pl.col(columns).has_nulls())).collect().item())


def _listed(cases: list[str]) -> str:
    if not cases:
        return "无"
    more = f" 等{len(cases)}项" if len(cases) > _NAMED else ""
    return "、".join(cases[:_NAMED]) + more


def agent_seats(year: YearInputs, scheme: Scheme, indicator: Indicator) -> Measured:
    """Agents on duty over planned seats, both summed over the months that are there."""
    months = year.kpi("agents_on_duty").height
    on_duty, _ = year.kpi_sums("agents_on_duty")
    planned = year.form.get((indicator.id, indicator.source.over))
    return Measured(
        on_duty,
        planned.value * months if planned and months else None,
        leading="agents_on_duty",
        words=f"各月在岗话务员之和÷（{indicator.source.over}×月数）；{indicator.source.over}"
        + (f" {planned.value:g}{planned.unit}" if planned else "未填报"),
    )


def continuous_service(year: YearInputs, scheme: Scheme, indicator: Indicator) -> Measured:
    """Days with calls answered, and hours of the day in which calls were answered on some day."""
    calls = year.facts("calls").filter(pl.col("answered") > 0)
    if _lacks(year.facts("calls"), "answered"):
        return Measured(None, leading="calls_offered", words=_UNKNOWN)
    days = set(calls.select("date").unique().collect()["date"])
    hours = set(calls.select("hour").unique().collect()["hour"])
    every = pl.date_range(date(year.year, 1, 1), date(year.year, 12, 31), "1d", eager=True)
    length = len(every)
    gaps = [f"{day:%m-%d}" for day in every if day not in days]
    silent = [f"{hour}时" for hour in range(24) if hour not in hours]
    return Measured(
        float(len(days)) if days else None,
        float(length),
        parts={
            "全年每天": (float(len(days)), float(length)),
            "每天24小时": (float(len(hours)), 24.0),
        },
        leading="calls_offered",
        words=f"有接通来电的天数和时段；没有接通的日期：{_listed(gaps)}；没有接通的时段：{_listed(silent)}",
    )


def reply_timeliness(year: YearInputs, scheme: Scheme, indicator: Indicator) -> Measured:
    """Tickets closed late or open past their deadline; extensions are in the deadline."""
    if _lacks(year.facts("tickets"), "closed_late", "open_overdue", "urgency", "ticket_type"):
        return Measured(None, leading="tickets_accepted", words=_UNKNOWN)
    part = (
        pl.when(pl.col("urgency") == "突发")
        .then(pl.lit("突发"))
        .when(pl.col("ticket_type") == "咨询")
        .then(pl.lit("咨询"))
        .otherwise(pl.lit("诉求"))
    )
    late_or_overdue = (pl.col("closed_late") + pl.col("open_overdue")).sum()
    by_part = year.facts("tickets").group_by(part.alias("part")).agg(late_or_overdue)
    counted = dict(by_part.collect().iter_rows())
    late = {each.part: float(counted.get(each.part, 0)) for each in indicator.rule.parts}
    return Measured(
        sum(late.values()) if counted else None,
        parts={name: (count, None) for name, count in late.items()},
        leading="tickets_accepted",
        words="逾期办结和在办已逾期的转办工单：咨询3个工作日、诉求5个工作日、突发2小时，延期后以延期为准",
    )


def service_complaints(year: YearInputs, scheme: Scheme, indicator: Indicator) -> Measured:
    """Tickets about the hotline's own service, those from the province as a part of their own."""
    province = pl.col("channel") == _PROVINCE
    accepted = pl.col("accepted").cast(pl.Float64)
    rows = year.facts("tickets")
    if _lacks(rows, "category", "channel", "accepted"):
        return Measured(None, leading="tickets_accepted", words=_UNKNOWN)
    own = pl.col("category") == _SERVICE_CATEGORY
    counts = rows.select(
        accepted.filter(own & ~province).sum(),
        accepted.filter(own & province).sum().alias("provincial"),
        pl.len().alias("rows"),
    )
    other, provincial, known = counts.collect().row(0)
    return Measured(
        other + provincial if known else None,
        parts={"市级渠道": (other, None), "省级渠道": (provincial, None)},
        leading="tickets_accepted",
        words=f"诉求分类为“{_SERVICE_CATEGORY}”的工单，来自{_PROVINCE}的另计",
    )


def coverage(year: YearInputs, scheme: Scheme, indicator: Indicator) -> Measured:
    """First-level categories of the scheme without a single ticket in the year."""
    if _lacks(year.facts("tickets"), "category", "accepted"):
        return Measured(None, leading="tickets_accepted", words=_UNKNOWN)
    first = pl.col("category").str.split("-").list.first()
    accepted = year.facts("tickets").filter(pl.col("accepted") > 0)
    seen = set(accepted.select(first.unique()).collect().to_series())
    empty = [each for each in scheme.categories if each not in seen]
    return Measured(
        float(len(empty)) if seen else None,
        leading="tickets_accepted",
        words=f"指标体系所列{len(scheme.categories)}类中全年没有工单的：{_listed(empty)}",
    )


def report_timeliness(year: YearInputs, scheme: Scheme, indicator: Indicator) -> Measured:
    """Reports that were due by the cutoff and were issued late."""
    issued = year.reports
    late = issued.filter(~pl.col("in_time"))
    names = [f"{kind} {period}" for kind, period in late.select("kind", "period").iter_rows()]
    declared = year.form.get((indicator.id, indicator.source.instead))
    if not issued.height and declared:
        return Measured(
            declared.value, words=f"报告台账尚无按期记录，据年度填报：{declared.evidence}"
        )
    return Measured(
        float(late.height) if issued.height else None,
        words=f"报告台账：应出并已出 {issued.height} 期（补发的不计），逾期的：{_listed(names)}",
    )


def public_satisfaction(year: YearInputs, scheme: Scheme, indicator: Indicator) -> Measured:
    """Responses that are content with the hotline on the whole."""
    answers = year.rows("survey").filter(pl.col("question") == _SATISFACTION_QUESTION)
    counts = answers.select(pl.col("answer").is_in(_CONTENT).sum(), pl.len().alias("all"))
    content, responses = counts.collect().row(0)
    return Measured(
        float(content) if responses else None,
        float(responses) if responses else None,
        words=f"问卷第{_SATISFACTION_QUESTION}题答“{'”“'.join(_CONTENT)}”的份数÷有效答卷数",
    )


MEASURE: dict[str, Callable[[YearInputs, Scheme, Indicator], Measured]] = {
    each.__name__: each
    for each in (
        agent_seats,
        continuous_service,
        reply_timeliness,
        report_timeliness,
        service_complaints,
        coverage,
        public_satisfaction,
    )
}
