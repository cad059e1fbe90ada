"""The hours of the day: when people call, and when nobody answers.

Belongs here: the section of the daily report on hours. How many seats an hour needs is a matter of
months (the heat map), not of one day.
"""

from assets.reports.content.figures import count
from assets.reports.content.model import Chart, Section, Series, Text
from assets.reports.content.reading import Facts, Span

_NAME, _TOPIC = "hours", "分时段话务"
_HOURS = range(24)


def hours_section(facts: Facts, span: Span, now: str) -> Section:
    """Calls by hour of the day.

    Args:
        facts: the release.
        span: the period.
        now: what the period is called, such as 当日.
    """
    if not facts.arrived("calls", span):
        words = f"{now}的话务文件未到，本节从缺。"
        return Section(_NAME, _TOPIC, f"{now}没有话务数据", (Text(words),))
    offered, answered = (
        facts.tally("calls", "hour", each, span) for each in ("offered", "answered")
    )
    lost = {hour: calls - answered.get(hour, 0) for hour, calls in offered.items()}
    headline = _headline(offered, lost)
    chart = Chart(
        "calls_by_hour",
        f"{now}各小时话务量与未接通（通）",
        "columns",
        tuple(f"{hour}时" for hour in _HOURS),
        (
            Series("话务量", tuple(count(offered.get(hour, 0)) for hour in _HOURS), faded=True),
            Series("未接通", tuple(count(lost.get(hour, 0)) for hour in _HOURS)),
        ),
        summary=f"{headline}。",
    )
    return Section(_NAME, _TOPIC, headline, (chart,))


def _most(by_hour: dict[int, int]) -> tuple[int, int]:
    """The hour with the most, the earliest of several."""
    return max(by_hour.items(), key=lambda each: (each[1], -each[0]))


def _headline(offered: dict[int, int], lost: dict[int, int]) -> str:
    if not sum(offered.values()):
        return "没有来电"
    hour, calls = _most(offered)
    busiest = f"{hour}时来电最多（{count(calls).text}通）"
    worst, missed = _most(lost)
    if not missed:
        return f"{busiest}，各时段全部接通"
    if worst == hour:
        return f"{busiest}，未接通也最多（{count(missed).text}通）"
    return f"{busiest}，{worst}时未接通最多（{count(missed).text}通）"
