"""Earlier months whose figures have changed since they were last reported (更正).

Belongs here: the comparison of two releases, as a pure function of both. A release never changes;
which one an earlier issue was made from is known to whoever issues reports.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from assets.reports.content.figures import change, count
from assets.reports.content.measures import measure
from assets.reports.content.model import Column, Figure, Row, Section, Table, Text
from assets.reports.content.months import month_span, month_title
from assets.reports.content.reading import Facts
from schemas.kpis import KPIS

_NAME, _TOPIC = "corrections", "对以前月份的更正"
# A ticket counts in the month of its acceptance, so these move until its last ticket is closed.
_STILL_MOVING = frozenset(
    {
        "tickets_closed",
        "close_rate",
        "tickets_closed_on_time",
        "on_time_rate",
        "dispatched_close_rate",
        "return_rate",
    }
)


@dataclass(frozen=True)
class Correction:
    """A figure that is no longer as it was reported.

    Attributes:
        month: YYYY-MM.
        metric: id of the KPI.
        before: as reported.
        now: as it is.
    """

    month: str
    metric: str
    before: Figure
    now: Figure


def corrections(before: Facts | None, now: Facts, months: Iterable[str]) -> list[Correction]:
    """KPIs of earlier months that read otherwise in two releases, by month, then as declared.

    Args:
        before: the release of the issue before; None where there is none.
        now: the release of this issue.
        months: the months that were reported then.
    """
    if before is None:
        return []
    found = []
    for month in months:
        span = month_span(month)
        for kpi in KPIS:
            then, here = before.kpi(kpi.id, span), now.kpi(kpi.id, span)
            if then.text != here.text:
                found.append(Correction(month, kpi.id, then, here))
    return found


def corrections_section(before: Facts | None, now: Facts, months: Iterable[str]) -> Section:
    """What has changed about earlier months since the issue before.

    Args:
        before: the release of the issue before; None where there is none.
        now: the release of this issue.
        months: the months that were reported then.
    """
    if before is None:
        words = "以前月份的数字如有更正，重新印发该月月报，并在其首页列明改动。"
        return Section(_NAME, _TOPIC, _TOPIC, (Text(words),))
    found = corrections(before, now, months)
    cutoff = f"{before.cutoff:%Y-%m-%d %H:%M}"
    compared = f"与上一期月报所依据的数据（截至{cutoff}，版本{before.release}）比较"
    if not found:
        return Section(_NAME, _TOPIC, "以前月份没有更正", (Text(f"{compared}，没有变化。"),))
    rows = tuple(
        Row(
            (
                month_title(each.month),
                _title(each.metric),
                each.before,
                each.now,
                change(each.now, each.before),
                "工单后续办理" if each.metric in _STILL_MOVING else "数据补报或更正",
            )
        )
        for each in found
    )
    columns = (
        Column("月份"),
        Column("指标"),
        Column("原公布"),
        Column("现更正为"),
        Column("变化"),
        Column("原因"),
    )
    note = (
        f"{compared}。工单按受理月份统计，受理后办结、退单的，相应月份的数字随之变化；"
        "其他变化来自迟到或更正的导出文件。"
    )
    table = Table(_NAME, "更正明细", columns, rows, note)
    touched = len({each.month for each in found})
    headline = f"更正{count(touched).text}个月份的{count(len(found)).text}项数字"
    return Section(_NAME, _TOPIC, headline, (table,))


def _title(metric: str) -> str:
    each = measure(metric)
    return f"{each.title}（{each.sign}）" if each.sign else each.title
