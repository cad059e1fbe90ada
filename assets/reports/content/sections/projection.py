"""Next year's volume and the seats that it will take, with the error of such a forecast.

The volumes are those that the release expects of the year after the last day of this one. How wrong
forecasts of this year's rest were, made in the same way at the ends of its quarters, is the margin
of the lower and the higher case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from assets.reports.content.context import Context, brief
from assets.reports.content.facts import Facts
from assets.reports.content.figures import change, count, rate, rounded
from assets.reports.content.measures import Measure, measure, uneven
from assets.reports.content.model import Figure, Row, Section, Table, Text, columns
from assets.reports.content.periods import Span, days_of, year_span
from assets.reports.content.sections.hours import week_of
from assets.reports.content.sections.rota import TARGET, can_compute, seats_of_week

_NAME, _TOPIC = "projection", "下一年度预测"
_OF = (("calls", measure("calls_offered")), ("tickets", measure("tickets_accepted")))
_LOW, _EXPECTED, _HIGH = "低方案", "预计", "高方案"


@dataclass(frozen=True)
class Volume:
    """A volume that is expected of the next year.

    Attributes:
        measure: what is counted.
        now: this year's volume.
        growth: its change against the year before.
        cases: name of the case -> volume of the next year.
        error: mean error of the earlier forecasts; without a value where there were none.
        daily: this year's mean volume of a day with data.
    """

    measure: Measure
    now: int
    growth: Figure
    cases: dict[str, int]
    error: Figure
    daily: float

    @property
    def said(self) -> str:
        """The expected volume in a sentence."""
        volume = f"{self.measure.title}预计{self.cases[_EXPECTED]:,}{self.measure.sign}"
        return volume if self.error.value is None else f"{volume}（回测误差{self.error.text}）"

    def factor(self, case: str, days: int) -> float:
        """Calls of a case on a day for each call of a day of this year."""
        return self.cases[case] / days / self.daily


def expected(facts: Facts, year: int, dataset: str, each: Measure) -> Volume | str:
    """A volume of the year after, or why there is none.

    Args:
        facts: the release.
        year: the last year that is known.
        dataset: calls or tickets.
        each: what is counted of it.
    """
    span, before = year_span(year), year_span(year - 1)
    now, then = (each.sums(facts, days)[0] for days in (span, before))
    if now is None:
        return "本年没有数据"
    rows = facts.expectations.filter(kind="year", dataset=dataset)
    made = rows.filter(date=date(year + 1, 12, 31), made_on=span.last)
    if made.is_empty():
        return "数据未到年末，或没有预期表"
    ((volume, low, high, why),) = made.select("expected", "low", "high", "verdict").rows()
    if volume is None:
        return str(why)
    past = rows.filter(pl.col("found") > 0, date=span.last)
    error = _mean_error(past)
    if error.value is not None:
        low, high = (round(volume * (1 + sign * error.value)) for sign in (-1, 1))
    growth = uneven(facts, each.table, span, before) or change(count(now), count(then))
    days = len(days_of(span)) - facts.missing_days(each.table, span)
    cases = {_LOW: low, _EXPECTED: volume, _HIGH: high}
    return Volume(each, now, growth, cases, error, now / max(days, 1))


def _mean_error(past: pl.DataFrame) -> Figure:
    """Mean of the relative errors, in hundredths of a percent."""
    errors = [abs(e - f) * 10_000 // f for e, f in past.select("expected", "found").iter_rows()]
    return rate(sum(errors), 10_000 * len(errors), reason="没有可回测的数据")


def _volume_table(found: Sequence[Volume], year: int) -> Table:
    rows = tuple(
        Row(
            (
                *(each.measure.label, count(each.now), each.growth),
                *(count(volume) for volume in each.cases.values()),
                each.error,
            )
        )
        for each in found
    )
    cases = (f"{year + 1}年{case}" for case in (_LOW, _EXPECTED, _HIGH))
    heads = columns("指标", f"{year}年", "同比", *cases, "回测误差")
    method = (
        f"按{year}年末及以前逐日数据的星期、节假日、季节和增长推算。回测误差是用同样方法在{year}年"
        "各季度末推算其后至年末的数量，与实际相差的平均；高、低方案按回测误差浮动，没有可回测的"
        "按五次中有四次落在其中的区间。"
    )
    return Table("projection_volumes", f"{year + 1}年业务量预测", heads, rows, method)


def _seat_table(context: Context, calls: Volume) -> Table | None:
    week = week_of(context.facts, context.span)
    if not can_compute(week):
        return None
    days = len(days_of(Span(context.span.last + timedelta(1), date(context.year + 1, 12, 31))))

    def row(case: str) -> Row:
        seats = seats_of_week(week, growth=calls.factor(case, days))
        hours = sum(map(sum, seats))
        peak = count(max(map(max, seats)))
        return Row((case, count(calls.cases[case]), peak, rounded(hours, 7), count(hours)))

    heads = columns(
        *("方案", ("全年话务量", "通"), ("高峰时段所需在席", "席")),
        *(("平均每天在席小时", "小时"), ("每周在席小时", "小时")),
    )
    note = (
        f"按 Erlang A 排队模型、接通率{TARGET}%测算，各星期各时段的话务按全年同比例增减，"
        "处理时长和忍耐时间取本年实绩。只含接听电话，不含话后整理、回访、工单审核、培训、轮休和请假；"
        "折算用工人数时，用每周在席小时除以人均每周可接听的小时数。"
    )
    title = f"{context.year + 1}年接听在席需求"
    return Table("projection_seats", title, heads, tuple(map(row, calls.cases)), note)


def projection_section(context: Context) -> Section:
    """What the coming year will bring."""
    facts, year = context.facts, context.year
    made = {each.title: expected(facts, year, dataset, each) for dataset, each in _OF}
    found = {title: each for title, each in made.items() if isinstance(each, Volume)}
    lacking = "；".join(
        f"{title}未作预测（{each}）" for title, each in made.items() if isinstance(each, str)
    )
    if not found:
        return brief(_NAME, _TOPIC, "未能预测", f"{lacking}。")
    headline = f"{year + 1}年{'，'.join(each.said for each in found.values())}"
    calls = found.get(_OF[0][1].title)
    seats = _seat_table(context, calls) if calls else None
    unknown = Text("本年话务数据不足以估计处理时长和忍耐时间，未测算在席需求。")
    blocks = (_volume_table(list(found.values()), year), seats or unknown)
    missing = (Text(f"{lacking}。"),) if lacking else ()
    return Section(_NAME, _TOPIC, headline, (*blocks, *missing))
