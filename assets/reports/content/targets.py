"""Targets against a year of results: which were missed for months, and which ask too little.

Belongs here: the section of the annual report. The 2023 evaluation took points for a target of
satisfaction that every month of three years had exceeded by far; a year of months shows that.
"""

from dataclasses import dataclass, replace

from assets.reports.content.figures import count
from assets.reports.content.measures import Measure, measure
from assets.reports.content.model import Column, Figure, Form, Row, Section, Table, Text, Tone
from assets.reports.content.months import month_span
from assets.reports.content.reading import Facts
from schemas.kpis import KPIS

_NAME, _TOPIC = "targets", "目标与实绩"
# Points by which every month exceeds a target before it is called low.
_FAR = 5
_ENOUGH = 6


@dataclass(frozen=True)
class Record:
    """A KPI with a target over the months of a year.

    Attributes:
        measure: the KPI.
        goal: its monthly target.
        known: months with a value.
        met: of these, months that reach the target.
        lowest: the lowest month.
        highest: the highest month.
    """

    measure: Measure
    goal: Figure
    known: int
    met: int
    lowest: Figure
    highest: Figure

    @property
    def low(self) -> bool:
        """Whether every month exceeds the target by far, and a higher one is possible."""
        if self.goal.form is not Form.RATE or self.known < _ENOUGH:
            return False
        return (self.lowest.value or 0) * 100 >= (self.measure.target or 0) + _FAR

    @property
    def often_missed(self) -> bool:
        """Whether more months miss the target than reach it."""
        return 2 * self.met < self.known


def records(facts: Facts, year: int) -> list[Record]:
    """The KPIs with a monthly target that have data, as declared."""
    months = [month_span(f"{year}-{number:02d}") for number in range(1, 13)]
    found = []
    for each in (measure(kpi.id) for kpi in KPIS):
        goal = each.goal("monthly")
        values = [(each.figure(facts, span), each.met(facts, span, "monthly")) for span in months]
        known = [(figure, met) for figure, met in values if figure.value is not None]
        if goal is None or not known:
            continue
        ordered = sorted((figure for figure, _ in known), key=lambda each: each.value or 0)
        met = len([True for _, reached in known if reached])
        found.append(Record(each, goal, len(known), met, ordered[0], ordered[-1]))
    return found


def _hint(record: Record) -> str:
    if record.low:
        return f"各月均高出目标{count(_FAR).text}个百分点以上，目标偏低，可考虑提高"
    if record.often_missed:
        return "多数月份未达标，须分析原因"
    return ""


def targets_section(facts: Facts, year: int) -> Section:
    """Every monthly target beside the months of a year.

    Args:
        facts: the release.
        year: the year.
    """
    found = records(facts, year)
    if not found:
        return Section(_NAME, _TOPIC, "没有可比较的数据", (Text("本年没有数据，本节从缺。"),))
    rows = tuple(
        Row(
            (
                each.measure.title,
                f"≥{each.goal.text}{each.measure.sign}",
                count(each.known),
                replace(count(each.met), tone=Tone.BAD if each.often_missed else Tone.NEUTRAL),
                each.lowest,
                each.highest,
                _hint(each),
            ),
            tone=Tone.BAD if each.often_missed else Tone.NEUTRAL,
        )
        for each in found
    )
    columns = (
        Column("指标"),
        Column("每月目标"),
        Column("有数据", "个月"),
        Column("达标", "个月"),
        Column("最低的月份"),
        Column("最高的月份"),
        Column("提示"),
    )
    low = [each.measure.title for each in found if each.low]
    missed = [each.measure.title for each in found if each.often_missed]
    said = []
    if missed:
        said.append(f"{'、'.join(missed)}多数月份未达标")
    if low:
        said.append(f"{'、'.join(low)}各月均远高于目标，目标偏低")
    headline = "；".join(said) or "各项目标与实绩相当"
    table = Table(_NAME, f"{year}年各项目标的达成情况", columns, rows)
    return Section(_NAME, _TOPIC, headline, (table,))
