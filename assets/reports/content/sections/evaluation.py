"""What an evaluation of the year will ask for: its tables, targets, indicators, declared figures.

The tables stand in the form in which an evaluation prints them (`assets/evaluation`), so that a
year can be held against the printed ones cell by cell. Indicators and reconciliation are published
by the release (FACTS.md, sections 4 and 5); they are shown, not judged: scores are an evaluator's.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from assets.evaluation import TABLES, TOTAL
from assets.reports.content.context import Context, brief
from assets.reports.content.facts import Facts
from assets.reports.content.figures import count, marked, plain, published
from assets.reports.content.measures import ALL_KPIS, Measure, measure
from assets.reports.content.model import (
    Block,
    Column,
    Figure,
    Form,
    Row,
    Section,
    Table,
    Text,
    Tone,
    columns,
)
from assets.reports.content.periods import (
    Span,
    month_span,
    month_title,
    months_of_year,
    year_span,
)

# Points by which every month exceeds a target before it is called low, and months that are enough.
_FAR = 5
_ENOUGH = 6
_KINDS = {"computed": "计算", "declared": "填报", "judged": "评定"}
_STATUS = {"complete": "齐全", "partial": "部分", "missing": "缺"}
_VERDICTS = {"agrees": "一致", "differs": "不一致", "cannot be computed": "无法计算"}
_NONE = "—"


@cache
def _declared() -> Sequence[Mapping[str, Any]]:
    """The printed tables: number, title, and of each column title, metric and perhaps total."""
    tables: Sequence[Mapping[str, Any]] = tomllib.loads(TABLES.read_text("utf-8"))["table"]
    return tables


def evaluation_tables(facts: Facts, year: int) -> tuple[Table, ...]:
    """Tables 4-4 to 4-8, 4-17 and 4-19 of a year, in the order of the evaluation."""
    return tuple(_printed_table(facts, each, year) for each in _declared())


def _printed_table(facts: Facts, declared: Mapping[str, Any], year: int) -> Table:
    measures = [measure(each["metric"]) for each in declared["column"]]

    def cells(span: Span) -> tuple[Figure, ...]:
        return tuple(_as_printed(each.figure(facts, span)) for each in measures)

    rows = [
        Row((str(place), month_title(month), *cells(month_span(month))))
        for place, month in enumerate(months_of_year(year), start=1)
    ]
    if all("total" in each for each in declared["column"]):
        rows.append(Row((TOTAL, "", *cells(year_span(year))), total=True))
    # A rate bears its sign in the cell; on paper its column has none.
    heads = (
        Column(each["title"].removesuffix("%"), counted.sign)
        for each, counted in zip(declared["column"], measures, strict=True)
    )
    return Table(
        f"table_{declared['number'].replace('-', '_')}",
        f"表{declared['number']} {year}年{declared['title']}",
        (*columns("序号", "月份"), *heads),
        tuple(rows),
    )


def _as_printed(figure: Figure) -> Figure:
    """Counts without separators, as on paper."""
    if figure.form is not Form.COUNT:
        return figure
    return plain(None if figure.value is None else int(figure.value), reason=figure.reason)


def evaluation_section(context: Context) -> Section:
    """The tables as a section."""
    facts, year = context.facts, context.year
    words = "以下各表的编号、栏目和口径与绩效评价报告一致，可以逐格核对。"
    if not all(facts.arrived("calls", month_span(month)) for month in months_of_year(year)):
        words += "没有数据的月份为“—”，合计只含有数据的月份。"
    blocks: tuple[Block, ...] = (Text(words), *evaluation_tables(facts, year))
    return Section("evaluation_tables", "绩效评价各月数据表", f"{year}年各月数据", blocks)


@dataclass(frozen=True)
class Record:
    """A KPI with a target over the months of a year."""

    measure: Measure  # the KPI
    goal: Figure  # its monthly target
    known: int  # months with a value
    met: int  # of these, months that reach the target
    lowest: Figure  # the lowest month
    highest: Figure  # the highest month

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

    @property
    def hint(self) -> str:
        """What the months say about the target; empty where it fits."""
        if self.low:
            return f"各月均高出目标{_FAR}个百分点以上，目标偏低，可考虑提高"
        return "多数月份未达标，须分析原因" if self.often_missed else ""


def records(facts: Facts, year: int) -> list[Record]:
    """The KPIs with a monthly target that have data, as declared.

    The 2023 evaluation took points for a target of satisfaction that every month of three years had
    exceeded by far; a year of months shows that.
    """
    spans = [month_span(month) for month in months_of_year(year)]
    found = []
    for each in ALL_KPIS:
        goal = each.goal("monthly")
        known = [
            (figure, each.met(facts, span, "monthly"))
            for span in spans
            if (figure := each.figure(facts, span)).value is not None
        ]
        if goal is None or not known:
            continue
        values = sorted((figure for figure, _ in known), key=lambda figure: figure.value or 0)
        met = sum(bool(reached) for _, reached in known)
        found.append(Record(each, goal, len(known), met, values[0], values[-1]))
    return found


def targets_section(context: Context) -> Section:
    """Every monthly target beside the months of a year: which were missed, which ask too little."""
    name, topic = "targets", "目标与实绩"
    found = records(context.facts, context.year)
    if not found:
        return brief(name, topic, "没有可比较的数据", "本年没有数据，本节从缺。")
    rows = tuple(
        Row(
            (
                *(each.measure.title, f"≥{each.goal.text}{each.measure.sign}", count(each.known)),
                marked(count(each.met), each.often_missed),
                *(each.lowest, each.highest, each.hint),
            ),
            tone=Tone.BAD if each.often_missed else Tone.NEUTRAL,
        )
        for each in found
    )
    heads = columns(
        *("指标", "每月目标", ("有数据", "个月"), ("达标", "个月")),
        *("最低的月份", "最高的月份", "提示"),
    )
    missed = "、".join(each.measure.title for each in found if each.often_missed)
    low = "、".join(each.measure.title for each in found if each.low)
    said = [f"{missed}多数月份未达标"] if missed else []
    said += [f"{low}各月均远高于目标，目标偏低"] if low else []
    table = Table(name, f"{context.year}年各项目标的达成情况", heads, rows)
    return Section(name, topic, "；".join(said) or "各项目标与实绩相当", (table,))


def indicator_section(context: Context) -> Section:
    """Every 三级指标 of the year's scheme: value, target, where it comes from, what is missing."""
    name, topic, year = "indicators", "绩效指标数据", context.year
    rows = context.facts.yearly("indicators", year)
    if rows is None:
        words = f"本版数据没有{year}年绩效指标数据（indicators/{year}），本节从缺。"
        return brief(name, topic, "没有绩效指标数据", words)
    shown = tuple(
        Row(
            (
                *(row["level3"], f"{row['level1']}／{row['level2']}", published(row["weight"])),
                _words(row["kind"], _KINDS),
                "" if row["target"] is None else f"{published(row['target'])}{row['unit'] or ''}",
                _figure(row["display"], row["unit"]),
                "" if row["met"] is None else "达标" if row["met"] else "未达标",
                *(_words(row["status"], _STATUS), str(row["evidence"] or "")),
            ),
            tone=Tone.BAD if row["met"] is False or row["status"] == "missing" else Tone.NEUTRAL,
        )
        for row in rows.sort("position").iter_rows(named=True)
    )
    heads = columns(
        *("三级指标", "一级／二级", "分值", "来源", "目标", "数值", "评价", "状态", "依据")
    )
    note = "来源为计算的，由本版数据算出；为填报、评定的，取自年度填报表，缺的须补报。"
    missing = rows.filter(pl.col("status") != "complete").height
    headline = f"{rows.height:,}项指标数据齐全"
    if missing:
        headline = f"{rows.height:,}项指标中{missing:,}项数据不全"
    table = Table(name, f"{year}年绩效指标数据", heads, shown, note)
    return Section(name, topic, headline, (table,))


def reconciliation_section(context: Context) -> Section:
    """Declared figures beside computed ones."""
    name, topic, year = "reconciliation", "数据核对", context.year
    rows = context.facts.yearly("reconciliation", year)
    if rows is None:
        words = f"本版数据没有{year}年核对结果（reconciliation/{year}），本节从缺。"
        return brief(name, topic, "没有核对结果", words)
    shown = tuple(
        Row(
            (
                *(str(row["period"]), measure(row["metric"]).title, str(row["source"])),
                *(published(row["declared"]), _computed(row)),
                published(None if row["difference"] is None else round(row["difference"], 2)),
                _conclusion(row),
            ),
            tone=Tone.BAD if row["verdict"] == "differs" else Tone.NEUTRAL,
        )
        for row in rows.iter_rows(named=True)
    )
    heads = columns("期间", "指标", "来源", "填报数", "计算数", "差额", "结论")
    differing = rows.filter(pl.col("verdict") == "differs").height
    result = f"{differing:,}项不一致" if differing else "全部一致"
    table = Table(name, topic, heads, shown, "公布的是计算数；填报数取自各来源。")
    return Section(name, topic, f"核对{rows.height:,}项，{result}", (table,))


def _words(value: object, known: Mapping[str, str]) -> str:
    return known.get(str(value), str(value)) if value is not None else _NONE


def _figure(display: str | None, unit: str | None) -> str:
    """A figure as the table publishes it, with its unit."""
    return f"{display}{unit or ''}" if display and display != _NONE else _NONE


def _computed(row: Mapping[str, Any]) -> str:
    """The computed figure: a count with separators like the declared one, a rate as printed."""
    form = measure(row["metric"]).form
    if form is Form.COUNT:
        return published(row["computed"])
    return _figure(row["display"], "%" if form is Form.RATE else "")


def _conclusion(row: Mapping[str, Any]) -> str:
    """The verdict, and the base that gives the declared figure where another one does."""
    verdict = _words(row["verdict"], _VERDICTS)
    return f"{verdict}；按“{row['reproduced_by']}”可得" if row["reproduced_by"] else verdict
