"""What the next day or week will bring, how many seats it takes, and how good such forecasts were.

Everything comes from the published table `expectations`: what was expected on the last day of the
period, and what had been expected of the period itself.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from assets.reports.content.context import Context, brief
from assets.reports.content.facts import Facts
from assets.reports.content.figures import count, listed, rate
from assets.reports.content.measures import Measure, measure
from assets.reports.content.model import Block, Figure, HeatMap, Row, Section, Table, Text, columns
from assets.reports.content.periods import WEEKDAYS, Span, day_title, days_of
from assets.reports.content.sections.hours import HOUR_HEADS, HOURS, Week, week_of
from assets.reports.content.sections.rota import (
    TARGET,
    can_compute,
    seats_for,
    staffed_hours,
)

_NAME, _TOPIC = "outlook", "预测"
_OF = (("calls", measure("calls_offered")), ("tickets", measure("tickets_accepted")))
# Staffing, handling and the hit rate of single days are those of the last four weeks.
_RECENT = timedelta(days=27)
_NAMED = 3
_BAND = "区间按五次中有四次落在其中估计"


def outlook_section(context: Context, days: int) -> Section:
    """The days that follow a period.

    Args:
        context: what the report is about.
        days: how many, 1 or 7.
    """
    facts, last = context.facts, context.span.last
    ahead = days_of(Span(last + timedelta(days=1), last + timedelta(days=days)))
    if not facts.published("expectations"):
        words = "本版数据没有预期表（expectations），本节从缺。"
        return brief(_NAME, _TOPIC, "未能预测", words)
    made = [(dataset, each, _expected(facts, dataset, last, ahead)) for dataset, each in _OF]
    known = [(each, rows) for _, each, rows in made if not isinstance(rows, str)]
    lacking = "；".join(
        f"{each.title}未能预测（{rows}）" for _, each, rows in made if isinstance(rows, str)
    )
    if not known:
        return brief(_NAME, _TOPIC, "未能预测", f"{lacking}。")
    blocks: list[Block] = [_table(known, ahead), Text(_record(context, days))]
    if lacking:
        blocks.append(Text(f"{lacking}。"))
    blocks += _staffing(context, ahead)
    name = "次日" if days == 1 else "下一周"
    said = "，".join(_said(each, rows) for each, rows in known)
    return Section(_NAME, _TOPIC, f"{name}{said}", tuple(blocks))


def _expected(
    facts: Facts, dataset: str, made_on: date, days: Sequence[date]
) -> dict[date, tuple[int, int, int]] | str:
    """Expectation, low and high of each day, or why there is none."""
    rows = facts.expectations.filter(
        pl.col("date").is_in(list(days)), kind="day", dataset=dataset, made_on=made_on
    )
    why = rows.filter(pl.col("expected").is_null())["verdict"].unique().sort().to_list()
    if why or rows.height < len(days):
        return why[0] if why else "以往的数据不足"
    values = rows.select("date", "expected", "low", "high").iter_rows()
    return {day: (expected, low, high) for day, expected, low, high in values}


def _said(each: Measure, rows: dict[date, tuple[int, int, int]]) -> str:
    total = sum(expected for expected, *_ in rows.values())
    words = f"{each.title}预计{count(total).text}{each.sign}"
    if len(rows) > 1:
        return words
    ((_, low, high),) = rows.values()
    return f"{words}（{low:,}至{high:,}）"


def _table(
    known: Sequence[tuple[Measure, dict[date, tuple[int, int, int]]]], ahead: Sequence[date]
) -> Table:
    heads = columns(
        "日期", *(head for each, _ in known for head in ((each.title, each.sign), "区间"))
    )
    table_rows = []
    for day in ahead:
        cells: list[Figure | str] = [f"{day_title(day)}（{WEEKDAYS[day.weekday()]}）"]
        for _, rows in known:
            expected, low, high = rows[day]
            cells += [count(expected), f"{low:,}至{high:,}"]
        table_rows.append(Row(tuple(cells)))
    return Table("outlook", "业务量预测", heads, tuple(table_rows), f"{_BAND}。")


def _record(context: Context, days: int) -> str:
    """How good the last forecasts were."""
    facts, span = context.facts, context.span
    # Of single days each one of the last four weeks; of a week those of the week itself.
    since = span.first if days > 1 else span.last - _RECENT
    found = facts.expectations.filter(
        pl.col("date").is_between(since, span.last), pl.col("found").is_not_null(), kind="day"
    )
    if days > 1:
        found = found.filter(made_on=span.first - timedelta(days=1))
    else:
        found = found.filter(pl.col("made_on") == pl.col("date") - timedelta(days=1))
    said = []
    for dataset, each in _OF:
        rows = found.filter(dataset=dataset)
        if rows.is_empty():
            continue
        hits = rows.filter(pl.col("found").is_between("low", "high")).height
        off = int((rows["expected"] - rows["found"]).abs().sum())
        said.append(
            f"{each.title}{rows.height:,}天中有{hits:,}天落在区间内，"
            f"平均误差{rate(off, int(rows['found'].sum())).text}"
        )
    window = "上一周末对本周的预测" if days > 1 else "近四周的次日预测"
    return f"{window}：{'；'.join(said)}。" if said else f"{window}还没有可比的。"


def _staffing(context: Context, ahead: Sequence[date]) -> list[Block]:
    """Seats that the hours need, beside those that were staffed lately."""
    facts, last = context.facts, context.span.last
    recent = Span(last - _RECENT, last)
    week = week_of(facts, recent)
    rows = facts.expectations.filter(
        pl.col("date").is_in(list(ahead)), kind="hour", dataset="calls", made_on=last
    )
    if rows.height < len(ahead) * len(HOURS):
        return []
    if not can_compute(week):
        return [Text("近四周没有未接通的来电或没有通话时长，不能测算所需在席。")]
    calls = {(day, hour): n for day, hour, n in rows.select("date", "hour", "expected").iter_rows()}
    seats = {key: seats_for(week, n) for key, n in calls.items()}
    day, hour = max(seats, key=lambda key: (seats[key], calls[key], -key[0].toordinal(), -key[1]))
    when = f"{hour}时" if len(ahead) == 1 else f"{WEEKDAYS[day.weekday()]}{hour}时"
    busiest = (
        f"{when}最忙，预计{calls[day, hour]:,}通，接通率达到{TARGET}%需要{seats[day, hour]:,}席"
    )
    short = _short(facts, recent, week, seats)
    blocks: list[Block] = [Text(f"{busiest}；{short}。")]
    if len(ahead) > 1:
        cells = tuple(tuple(count(seats[each, h]) for h in HOURS) for each in ahead)
        heads = tuple(WEEKDAYS[each.weekday()] for each in ahead)
        blocks.append(
            HeatMap(
                "outlook_seats", "下一周所需在席（席）", heads, HOUR_HEADS, cells, summary=busiest
            )
        )
    return blocks


def _short(facts: Facts, recent: Span, week: Week, seats: dict[tuple[date, int], int]) -> str:
    """Hours that need more seats than were staffed at that hour in the last four weeks."""
    staffed = staffed_hours(facts, recent)
    if not staffed:
        return "没有计划或实际的在席情况可比"
    lacking = []
    for (day, hour), needed in seats.items():
        weekday = day.weekday()
        of = week.hours[weekday][hour]
        there = staffed.get((weekday, hour), 0)
        # Whoever answers no call in a quiet hour is not seen.
        if of.days and of.answered >= 2 * needed * of.days and there < needed * of.days:
            lacking.append((there / of.days - needed, day, hour))
    if not lacking:
        return "近四周同时段的在席足够"
    many = len({day for _, day, _ in lacking}) > 1
    named = [
        f"{WEEKDAYS[day.weekday()] if many else ''}{hour}时" for _, day, hour in sorted(lacking)
    ]
    return f"近四周同时段的在席不足的有{len(named):,}个时段（{listed(named, _NAMED)}）"
