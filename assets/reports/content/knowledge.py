"""The knowledge base against its monthly target, and whether a month will still reach it.

Belongs here: the section of monthly and annual reports, and the projection, which a daily or
weekly report may ask for while there is still time to act. The 2023 evaluation took 1.8 of 2 points
because nine months missed the target and nobody saw it coming.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low

from assets.reports.content.figures import count, rounded
from assets.reports.content.measures import measure
from assets.reports.content.model import (
    Block,
    Chart,
    Column,
    Figure,
    Row,
    Section,
    Series,
    Table,
    Text,
)
from assets.reports.content.months import (
    day_title,
    last_months,
    month_span,
    month_title,
    shifted,
)
from assets.reports.content.reading import Facts, Span
from schemas.kpis import KPIS

TARGET = next(kpi.target for kpi in KPIS if kpi.id == "knowledge_updates") or 100
_RECENT = 3
_SHOWN = 10


@dataclass(frozen=True)
class Projection:
    """Where the month is heading.

    Attributes:
        done: updates so far.
        days: days gone.
        of_days: days of the month.
        expected: updates by the end of the month at the pace so far.
        lacking: updates still lacking for the target; 0 where it is reached.
        a_day: updates a day that would still reach it; 0 where reached, None when it is over.
    """

    done: int
    days: int
    of_days: int
    expected: Figure
    lacking: int
    a_day: int | None

    @property
    def on_course(self) -> bool:
        """Whether the target is reached or will be at this pace."""
        return (self.expected.value or 0) >= TARGET


def projection(facts: Facts, day: date) -> Projection:
    """The month of a day, as of the end of that day.

    Args:
        facts: the release.
        day: the last day that counts.
    """
    month = Span(day.replace(day=1), month_span(f"{day:%Y-%m}").last)
    done = facts.sums("knowledge_updates", Span(month.first, day))[0] or 0
    days, of_days = day.day, month.last.day
    lacking = max(0, TARGET - done)
    left = of_days - days
    a_day = 0 if not lacking else -(-lacking // left) if left else None
    return Projection(done, days, of_days, rounded(done * of_days, days), lacking, a_day)


def _chart(facts: Facts, months: list[str]) -> Chart:
    values = tuple(facts.kpi("knowledge_updates", month_span(month)) for month in months)
    met = [v for v in values if v.value is not None and v.value >= TARGET]
    known = [v for v in values if v.value is not None]
    target = f"达到{count(TARGET).text}条的"
    reached = f"{target}有{count(len(met)).text}个月" if met else f"没有{target}月份"
    return Chart(
        "knowledge_months",
        "各月知识库更新量（条）",
        "columns",
        tuple(month_title(month) for month in months),
        (Series("更新量", values),),
        count(TARGET),
        f"{count(len(known)).text}个月中，{reached}。",
    )


def _unit_table(facts: Facts, span: Span) -> Table:
    rows = facts.grouped("knowledge", ("unit",), span)
    found = sorted(
        rows.select("unit", "added", "revised", "retired").rows(),
        key=lambda row: (-(row[1] + row[2]), -row[3], row[0]),
    )

    def row(name: str, parts: list[tuple[str, int, int, int]], *, total: bool = False) -> Row:
        added, revised, retired = map(sum, list(zip(*parts, strict=True))[1:])
        cells = (count(added + revised), count(added), count(revised), count(retired))
        return Row((name, *cells), total=total)

    shown = [row(part[0], [part]) for part in found[:_SHOWN]]
    if found[_SHOWN:]:
        rest = found[_SHOWN:]
        shown.append(row(f"其他{count(len(rest)).text}个单位", rest))
    if found:
        shown.append(row("合计", found, total=True))
    columns = (
        Column("报送单位"),
        Column("更新量", "条", bar=True),
        Column("新增", "条"),
        Column("修改", "条"),
        Column("作废", "条"),
    )
    note = "更新量＝新增＋修改，不含作废。" if found else "本期没有单位报送更新。"
    return Table("knowledge_units", "各单位报送情况", columns, tuple(shown), note)


def year_to_date(facts: Facts, last: str) -> tuple[int, int]:
    """Months of the year up to one with data, and of them those that reached the target."""
    months = [f"{last[:4]}-{number:02d}" for number in range(1, int(last[5:]) + 1)]
    values = [facts.kpi("knowledge_updates", month_span(month)).value for month in months]
    known = [value for value in values if value is not None]
    return len(known), len([value for value in known if value >= TARGET])


def next_month(facts: Facts, month: str) -> Figure:
    """What the coming month will bring at the pace of the last three: their middle value."""
    values = [
        int(value)
        for each in last_months(month, _RECENT)
        if (value := facts.kpi("knowledge_updates", month_span(each)).value) is not None
    ]
    if len(values) < _RECENT:
        return count(None, reason=f"不足{_RECENT}个月的数据")
    return count(median_low(values))


def knowledge_section(facts: Facts, span: Span) -> Section:
    """The knowledge base in a period that ends with a month.

    Args:
        facts: the release.
        span: the period.
    """
    name, topic = "knowledge", "知识库"
    if not facts.arrived("knowledge", span):
        missing = "本期没有知识库数据（knowledge 知识库月度事实），本节从缺。"
        return Section(name, topic, "本期没有知识库数据", (Text(missing),))
    month = f"{span.last:%Y-%m}"
    cutoff = facts.cutoff.date() - timedelta(days=1)
    sentences = [_month_sentence(facts, span, min(span.last, max(span.first, cutoff)))]
    known, met = year_to_date(facts, month)
    if known > 1:
        sentences.append(f"本年{_year_words(known, met)}。")
    sentences.append(_outlook(facts, month))
    months = [
        each for each in last_months(month, 12) if facts.arrived("knowledge", month_span(each))
    ]
    blocks: list[Block] = [
        *(Text(each) for each in sentences if each),
        _chart(facts, months),
        _unit_table(facts, span),
    ]
    return Section(name, topic, _headline(facts, span, known, met), tuple(blocks))


def _headline(facts: Facts, span: Span, known: int, met: int) -> str:
    """Whether the month reached its target; for a longer period, how many months did."""
    said = f"知识库更新{facts.kpi('knowledge_updates', span).text}条"
    target = f"每月{count(TARGET).text}条"
    if span.first.month != span.last.month:
        return f"{said}，{_year_words(known, met)}（目标{target}）"
    verdict = "达标" if measure("knowledge_updates").met(facts, span, "monthly") else "未达标"
    return f"{said}，{verdict}（目标{target}）"


def _month_sentence(facts: Facts, span: Span, day: date) -> str:
    rows = facts.grouped("knowledge", ("date",), span)
    done = facts.kpi("knowledge_updates", span)
    if not done.value:
        return f"本期知识库没有更新，目标为每月{count(TARGET).text}条。"
    active = rows.filter((rows["added"] + rows["revised"]) > 0).height
    units = facts.grouped("knowledge", ("unit",), span)
    reporting = units.filter((units["added"] + units["revised"]) > 0).height
    said = (
        f"本期知识库更新{done.text}条，由{count(reporting).text}个单位报送，"
        f"更新集中在{count(active).text}天"
    )
    ahead = projection(facts, day)
    if ahead.days == ahead.of_days:
        lacking = f"，距目标差{count(ahead.lacking).text}条" if ahead.lacking else ""
        return f"{said}{lacking}。"
    pace = f"{said}。按截至{day_title(day)}的进度，预计月末为{ahead.expected.text}条"
    if ahead.on_course:
        return f"{pace}，能够达标。"
    lacking, a_day = count(ahead.lacking).text, count(ahead.a_day).text
    return f"{pace}，达标还差{lacking}条，今后每天需更新{a_day}条。"


def _year_words(known: int, met: int) -> str:
    months, reached, missed = (count(each).text for each in (known, met, known - met))
    if not met:
        return f"有数据的{months}个月均未达标"
    if met == known:
        return f"有数据的{months}个月均达标"
    return f"有数据的{months}个月中，{reached}个月达标，{missed}个月未达标"


def _outlook(facts: Facts, month: str) -> str:
    expected = next_month(facts, month)
    if expected.value is None:
        return ""
    following = month_title(shifted(month, 1))
    enough = "能够达标" if expected.value >= TARGET else "仍难以达标"
    return f"按近{_RECENT}个月的中位数预计，{following}更新{expected.text}条，{enough}。"


def shortfall(facts: Facts, span: Span) -> Figure:
    """Updates lacking for a month's target; 0 where it is reached."""
    done = facts.sums("knowledge_updates", span)[0]
    return count(None if done is None else max(0, TARGET - done))
