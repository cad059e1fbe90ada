"""Next year's volume and the seats that it will take, by a method that fits in two sentences.

The growth of the year against the year before goes on, where both years are complete; otherwise the
volume stays. Around it stand a lower and a higher case, so that a budget is not built on one
number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assets.reports.content.context import Context, brief
from assets.reports.content.facts import Facts
from assets.reports.content.figures import change, count, moved_words, rounded
from assets.reports.content.measures import Measure, measure, uneven
from assets.reports.content.model import Figure, Row, Section, Table, Text, columns
from assets.reports.content.periods import year_span
from assets.reports.content.sections.hours import week_of
from assets.reports.content.sections.rota import TARGET, can_compute, seats_of_week

_NAME, _TOPIC = "projection", "下一年度预测"
# Percent above and below the expected volume.
_CASES = ((-10, "低方案（减10%）"), (0, "预计"), (10, "高方案（增10%）"))


@dataclass(frozen=True)
class Expected:
    """A volume of the next year."""

    measure: Measure  # what is counted
    now: int  # this year's volume
    growth: Figure  # change against the year before; without a value where it cannot be formed
    numerator: int  # of the factor on this year's volume
    denominator: int  # of that factor

    def volume(self, percent: int) -> Figure:
        """The volume of a case, so many percent above or below the expected one."""
        return rounded(self.now * self.numerator * (100 + percent), 100 * self.denominator)

    def factor(self, percent: int) -> float:
        """Calls of the case for each call of this year."""
        return self.numerator * (100 + percent) / (100 * self.denominator)

    @property
    def said(self) -> str:
        """The expected volume in a sentence."""
        basis = "持平" if self.growth.value is None else moved_words(self.growth)
        volume = f"{self.volume(0).text}{self.measure.sign}"
        return f"{self.measure.title}预计{volume}（按{basis}推算）"


def expected(facts: Facts, year: int, metric: str) -> Expected | None:
    """A volume of the year after; None where this one has no data.

    Args:
        facts: the release.
        year: the last year that is known.
        metric: id of a KPI that is a count.
    """
    each, span, before = measure(metric), year_span(year), year_span(year - 1)
    now, then = (each.sums(facts, days)[0] for days in (span, before))
    if now is None:
        return None
    growth = uneven(facts, each.table, span, before) or change(count(now), count(then))
    if then and growth.value is not None:
        return Expected(each, now, growth, now, then)
    return Expected(each, now, growth, 1, 1)


def _volume_table(found: Sequence[Expected], year: int) -> Table:
    rows = tuple(
        Row(
            (
                *(each.measure.label, count(each.now), each.growth),
                *(each.volume(percent) for percent, _ in _CASES),
            )
        )
        for each in found
    )
    heads = columns("指标", f"{year}年", "同比", *(f"{year + 1}年{title}" for _, title in _CASES))
    if any(each.growth.value is not None for each in found):
        method = (
            f"以{year}年实绩为基数，按本年同比增幅外推；没有完整的上一年数据的，按持平预计；"
            "高、低方案各浮动10%。"
        )
    else:
        method = (
            f"没有{year - 1}年全年数据，不能计算增幅，按与{year}年持平预计；高、低方案各浮动10%。"
        )
    return Table("projection_volumes", f"{year + 1}年业务量预测", heads, rows, method)


def _seat_table(context: Context, calls: Expected) -> Table | None:
    week = week_of(context.facts, context.span)
    if not can_compute(week):
        return None

    def row(percent: int, title: str) -> Row:
        seats = seats_of_week(week, growth=calls.factor(percent))
        hours = sum(map(sum, seats))
        peak = count(max(map(max, seats)))
        return Row((title, calls.volume(percent), peak, rounded(hours, 7), count(hours)))

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
    return Table("projection_seats", title, heads, tuple(row(*case) for case in _CASES), note)


def projection_section(context: Context) -> Section:
    """What the coming year will bring."""
    facts, year = context.facts, context.year
    calls, tickets = (
        expected(facts, year, metric) for metric in ("calls_offered", "tickets_accepted")
    )
    found = [each for each in (calls, tickets) if each]
    if not found:
        return brief(_NAME, _TOPIC, "未能预测", "本年没有话务和工单数据，未作预测。")
    headline = f"{year + 1}年{'，'.join(each.said for each in found)}"
    seats = _seat_table(context, calls) if calls else None
    unknown = Text("本年话务数据不足以估计处理时长和忍耐时间，未测算在席需求。")
    return Section(_NAME, _TOPIC, headline, (_volume_table(found, year), seats or unknown))
