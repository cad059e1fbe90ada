"""The last twelve months of the key figures, beside the same months of the year before.

Belongs here: the trend section of monthly and annual reports, and what stands out in a series
(highest, lowest, moving one way for months), which is only said where enough months are there.
"""

from collections.abc import Sequence
from typing import Literal

from assets.reports.content.figures import change, count, rate
from assets.reports.content.findings import extreme, moved_words
from assets.reports.content.model import (
    Block,
    Chart,
    Column,
    Figure,
    Form,
    Row,
    Section,
    Series,
    Table,
    Text,
    Tone,
)
from assets.reports.content.months import last_months, month_span, month_title, shifted
from assets.reports.content.reading import Facts
from schemas.kpis import KPIS

_KPIS = {kpi.id: kpi for kpi in KPIS}
_MONTHS = 12
_ENOUGH = 3
_COLUMNS = (
    "calls_offered",
    "answer_rate",
    "tickets_accepted",
    "direct_answer_rate",
    "on_time_rate",
    "return_rate",
    "callback_satisfaction_rate",
    "monitoring_pass_rate",
    "knowledge_updates",
)


def series(facts: Facts, metric: str, months: Sequence[str]) -> tuple[Figure, ...]:
    """A KPI of each month; one without data is a gap."""
    return tuple(facts.kpi(metric, month_span(month)) for month in months)


def standing(values: Sequence[Figure]) -> str:
    """What stands out about the last of a series: highest, lowest, rising or falling for months.

    Args:
        values: one a month, oldest first.

    Returns:
        Words such as 为近12个月最高 or 连续3个月下降; empty where nothing stands out or too few
        months are known.
    """
    known = [value.value for value in values if value.value is not None]
    if len(known) <= _ENOUGH or values[-1].value is None:
        return ""
    window = "近12个月" if len(known) == _MONTHS else f"有数据的{count(len(known)).text}个月中"
    return extreme(values, window, _ENOUGH) or _run(known)


def _run(known: Sequence[float]) -> str:
    """How long the series has moved one way, where that is three steps or more."""
    for words, sign in (("上升", 1), ("下降", -1)):
        steps = 0
        while steps + 1 < len(known) and sign * (known[-1 - steps] - known[-2 - steps]) > 0:
            steps += 1
        if steps >= _ENOUGH:
            return f"连续{count(steps).text}个月{words}"
    return ""


def finding(facts: Facts, metric: str, month: str) -> str:
    """What stands out about a KPI of a month, such as 话务接通率97.55%，为近12个月最高."""
    values = series(facts, metric, last_months(month, _MONTHS))
    words = standing(values)
    return f"{_KPIS[metric].title}{values[-1].text}，{words}" if words else ""


def _chart(
    facts: Facts, metric: str, shape: Literal["columns", "line"], months: Sequence[str]
) -> Chart:
    kpi = _KPIS[metric]
    values = series(facts, metric, months)
    before = series(facts, metric, [shifted(month, -_MONTHS) for month in months])
    drawn = [Series("本期", values)]
    if any(value.value is not None for value in before):
        drawn.append(Series("上年同月", before, faded=True))
    target = rate(kpi.target, 100) if kpi.unit == "%" and kpi.target is not None else None
    if kpi.unit != "%" and kpi.target is not None:
        target = count(kpi.target)
    unit = "" if kpi.unit == "%" else f"（{kpi.unit}）"
    return Chart(
        metric,
        f"近{count(len(months)).text}个月{kpi.title}{unit}",
        shape,
        tuple(month_title(month) for month in months),
        tuple(drawn),
        target,
        _summary(months, values, "" if kpi.unit == "%" else kpi.unit),
    )


def _summary(months: Sequence[str], values: Sequence[Figure], unit: str) -> str:
    """Highest and lowest month in words; the earliest where several are equal."""
    known = [
        (value.value, month_title(month), value.text)
        for month, value in zip(months, values, strict=True)
        if value.value is not None
    ]
    if len(known) < 2:
        return "有数据的月份不足两个，看不出走势。"
    _, top_month, top = max(known, key=lambda each: each[0])
    _, low_month, low = min(known, key=lambda each: each[0])
    if top == low:
        return f"有数据的各月均为{top}{unit}。"
    return f"最高为{top_month}的{top}{unit}，最低为{low_month}的{low}{unit}。"


def _table(facts: Facts, months: Sequence[str]) -> Table:
    columns = [
        Column(_KPIS[metric].title, "" if _KPIS[metric].unit == "%" else _KPIS[metric].unit)
        for metric in _COLUMNS
    ]
    held = [series(facts, metric, months) for metric in _COLUMNS]
    rows = tuple(
        Row((month_title(month), *(_marked(f, m) for f, m in zip(values, _COLUMNS, strict=True))))
        for month, *values in zip(months, *held, strict=True)
    )
    return Table(
        "trend_months",
        f"近{count(len(months)).text}个月主要指标",
        (Column("月份"), *columns),
        rows,
        f"{month_title(shifted(months[0], -1))}及以前没有数据。" if len(months) < _MONTHS else "",
    )


def _marked(figure: Figure, metric: str) -> Figure:
    """A figure in bad tone where it misses the target of a month."""
    target = _KPIS[metric].target
    if figure.value is None or target is None:
        return figure
    scale = 100 if figure.form is Form.RATE else 1
    if figure.value * scale >= target:
        return figure
    return Figure(figure.form, figure.value, figure.text, Tone.BAD)


def _known_months(facts: Facts, month: str) -> list[str]:
    """The last twelve months without those before the first of which anything is known."""
    months = last_months(month, _MONTHS)
    known = (facts.arrived("calls", month_span(each)) for each in months)
    return months[next((i for i, there in enumerate(known) if there), len(months) - 1) :]


def trend_section(facts: Facts, month: str) -> Section:
    """Twelve months up to one, this year against last."""
    months = _known_months(facts, month)
    if len(months) == 1:
        words = "只有一个月的数据，走势自有两个月的数据起列出。"
        return Section("trend", "走势", "走势", (Text(words), _table(facts, months)))
    blocks: list[Block] = [
        _chart(facts, "calls_offered", "columns", months),
        _chart(facts, "answer_rate", "line", months),
        _chart(facts, "tickets_accepted", "columns", months),
        _table(facts, months),
    ]
    found = (finding(facts, metric, month) for metric in ("answer_rate", "calls_offered"))
    return Section(
        "trend", "走势", next(filter(None, found), "") or _plain(facts, month), tuple(blocks)
    )


def _plain(facts: Facts, month: str) -> str:
    """What happened since the month before, where nothing stands out."""
    now, before = (
        facts.kpi("calls_offered", month_span(each)) for each in (month, shifted(month, -1))
    )
    moved = change(now, before)
    if moved.value is None:
        return "走势"
    return f"话务量{now.text}通，环比{moved_words(moved)}"
