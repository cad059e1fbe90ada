"""Next year's volume and the seats that it will take, by a method that fits in two sentences.

Belongs here: the projection of the annual report. The growth of the year against the year before
goes on, where both years are complete; otherwise the volume stays. Around it stand a lower and a
higher case, so that a budget is not built on one number.
"""

from dataclasses import dataclass
from datetime import date

from assets.reports.content.figures import change, count, rounded
from assets.reports.content.findings import moved_words
from assets.reports.content.heat import week_of
from assets.reports.content.measures import measure, uneven
from assets.reports.content.model import Block, Column, Figure, Row, Section, Table, Text
from assets.reports.content.periods import period_of, span_of
from assets.reports.content.reading import Facts, Span
from assets.reports.content.rota import can_compute, seats_of_week
from schemas.kpis import KPIS

_NAME, _TOPIC = "projection", "下一年度预测"
# Percent above and below the expected volume.
_CASES = ((-10, "低方案（减10%）"), (0, "预计"), (10, "高方案（增10%）"))
_VOLUMES = ("calls_offered", "tickets_accepted")
_TARGET = next(kpi.target for kpi in KPIS if kpi.id == "answer_rate") or 95


@dataclass(frozen=True)
class Expected:
    """A volume of the next year.

    Attributes:
        metric: id of the KPI.
        now: this year's volume.
        growth: change against the year before; without a value where it cannot be formed.
        numerator: of the factor on this year's volume.
        denominator: of that factor.
    """

    metric: str
    now: int
    growth: Figure
    numerator: int
    denominator: int

    def volume(self, percent: int) -> Figure:
        """The volume of a case, so many percent above or below the expected one."""
        return rounded(self.now * self.numerator * (100 + percent), 100 * self.denominator)

    def factor(self, percent: int) -> float:
        """Calls of the case for each call of this year."""
        return self.numerator * (100 + percent) / (100 * self.denominator)


def expected(facts: Facts, year: int, metric: str) -> Expected | None:
    """A volume of the year after; None where this one has no data.

    Args:
        facts: the release.
        year: the last year that is known.
        metric: id of a KPI that is a count.
    """
    span, before = (span_of(period_of("annual", str(each))) for each in (year, year - 1))
    now, then = (facts.sums(metric, each)[0] for each in (span, before))
    if now is None:
        return None
    unlike = uneven(facts, measure(metric).table, span, before)
    growth = unlike or change(count(now), count(then))
    if then and growth.value is not None:
        return Expected(metric, now, growth, now, then)
    return Expected(metric, now, growth, 1, 1)


def _volume_table(found: list[Expected], year: int) -> Table:
    rows = tuple(
        Row(
            (
                f"{measure(each.metric).title}（{measure(each.metric).sign}）",
                count(each.now),
                each.growth,
                *(each.volume(percent) for percent, _ in _CASES),
            )
        )
        for each in found
    )
    columns = (
        Column("指标"),
        Column(f"{year}年"),
        Column("同比"),
        *(Column(f"{year + 1}年{title}") for _, title in _CASES),
    )
    return Table(
        "projection_volumes", f"{year + 1}年业务量预测", columns, rows, _method(found, year)
    )


def _method(found: list[Expected], year: int) -> str:
    if any(each.growth.value is not None for each in found):
        return (
            f"以{year}年实绩为基数，按本年同比增幅外推；没有完整的上一年数据的，按持平预计；"
            "高、低方案各浮动10%。"
        )
    return f"没有{year - 1}年全年数据，不能计算增幅，按与{year}年持平预计；高、低方案各浮动10%。"


def _seat_table(facts: Facts, span: Span, calls: Expected, year: int) -> Table | None:
    week = week_of(facts, span)
    if not can_compute(week):
        return None
    rows = []
    for percent, title in _CASES:
        seats = seats_of_week(week, growth=calls.factor(percent))
        hours = sum(map(sum, seats))
        rows.append(
            Row(
                (
                    title,
                    calls.volume(percent),
                    count(max(map(max, seats))),
                    rounded(hours, 7),
                    count(hours),
                )
            )
        )
    columns = (
        Column("方案"),
        Column("全年话务量", "通"),
        Column("高峰时段所需在席", "席"),
        Column("平均每天在席小时", "小时"),
        Column("每周在席小时", "小时"),
    )
    note = (
        f"按 Erlang A 排队模型、接通率{_TARGET}%测算，各星期各时段的话务按全年同比例增减，"
        "处理时长和忍耐时间取本年实绩。只含接听电话，不含话后整理、回访、工单审核、培训、轮休和请假；"
        "折算用工人数时，用每周在席小时除以人均每周可接听的小时数。"
    )
    return Table("projection_seats", f"{year + 1}年接听在席需求", columns, tuple(rows), note)


def projection_section(facts: Facts, year: int) -> Section:
    """What the coming year will bring.

    Args:
        facts: the release.
        year: the last year that is known.
    """
    span = Span(date(year, 1, 1), date(year, 12, 31))
    found = [each for each in (expected(facts, year, metric) for metric in _VOLUMES) if each]
    if not found:
        return Section(_NAME, _TOPIC, "未能预测", (Text("本年没有话务和工单数据，未作预测。"),))
    blocks: list[Block] = []
    said = []
    for each in found:
        title, sign = measure(each.metric).title, measure(each.metric).sign
        basis = "持平" if each.growth.value is None else moved_words(each.growth)
        said.append(f"{title}预计{each.volume(0).text}{sign}（按{basis}推算）")
    headline = f"{year + 1}年{'，'.join(said)}"
    blocks.append(_volume_table(found, year))
    calls = next((each for each in found if each.metric == "calls_offered"), None)
    seats = _seat_table(facts, span, calls, year) if calls else None
    if seats:
        blocks.append(seats)
    else:
        blocks.append(Text("本年话务数据不足以估计处理时长和忍耐时间，未测算在席需求。"))
    return Section(_NAME, _TOPIC, headline, tuple(blocks))
