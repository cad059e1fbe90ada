"""What is still to be done: open, overdue and soon due tickets by unit at the end of a day.

Belongs here: states from the flows of `workload`, so that a report of last May says what was open
last May, whenever it is made.
"""

from dataclasses import dataclass
from datetime import date

from assets.installation import ReportSettings
from assets.reports.content.breakdown import UNNAMED
from assets.reports.content.figures import count
from assets.reports.content.measures import NO_WORKLOAD
from assets.reports.content.model import Block, Column, Row, Section, Table, Text, Tone
from assets.reports.content.reading import Facts, Span
from schemas.kpis import Sum

_NAME, _TOPIC = "backlog", "在办与逾期"
_OVERDUE = Sum("workload", ("turned_overdue",), ("overdue_closed",))


@dataclass(frozen=True)
class Backlog:
    """Tickets of a unit at the end of a span.

    Attributes:
        unit: the unit in charge.
        open: not closed.
        overdue: of these, past their deadline.
        turned: that passed their deadline within the span, closed since or not.
        due_soon: open, with a deadline within 24 hours.
    """

    unit: str
    open: int
    overdue: int
    turned: int
    due_soon: int


def backlogs(facts: Facts, span: Span) -> list[Backlog]:
    """The backlog of each unit that has or had one, most overdue first."""
    turned = facts.tally("workload", "unit", "turned_overdue", span)
    found = [
        Backlog(
            str(row["unit"] or UNNAMED),
            row["opened"] - row["closed"],
            row["turned_overdue"] - row["overdue_closed"],
            turned.get(row["unit"], 0),
            row["turned_due_soon"] - row["due_soon_ended"],
        )
        for row in facts.standing("workload", ("unit",), span.last).iter_rows(named=True)
    ]
    found = [each for each in found if each.open or each.turned]
    return sorted(found, key=lambda each: (-each.overdue, -each.due_soon, -each.open, each.unit))


def overdue(facts: Facts, day: date) -> int:
    """Tickets of all units past their deadline at the end of a day."""
    since = date.fromisoformat(f"{facts.months('workload')[0]}-01")
    return facts.total(_OVERDUE, Span(since, day)) or 0


def total(parts: list[Backlog], name: str = "合计") -> Backlog:
    """Several units together."""
    return Backlog(
        name,
        sum(each.open for each in parts),
        sum(each.overdue for each in parts),
        sum(each.turned for each in parts),
        sum(each.due_soon for each in parts),
    )


def named(parts: list[Backlog], settings: ReportSettings) -> str:
    """The units with overdue tickets in words: all of them where they are few."""
    late = [each for each in parts if each.overdue]
    top = late[: settings.names_shown]
    words = "、".join(f"{each.unit}（{count(each.overdue).text}件）" for each in top)
    return f"涉及{words}" if len(late) == len(top) else f"较多的是{words}"


def end_of(day: date) -> str:
    """The moment of which a state is told."""
    return f"截至{day.month}月{day.day}日24时"


def _table(parts: list[Backlog], span: Span, now: str, shown: int) -> Table:
    top = parts if len(parts) <= shown + 1 else parts[:shown]
    rest = parts[len(top) :]

    def row(each: Backlog, *, whole: bool = False) -> Row:
        figures = map(count, (each.open, each.overdue, each.turned, each.due_soon))
        late = bool(each.overdue) and not whole
        return Row((each.unit, *figures), total=whole, tone=Tone.BAD if late else Tone.NEUTRAL)

    rows = [row(each) for each in top]
    if rest:
        rows.append(row(total(rest, f"其他{count(len(rest)).text}个单位")))
    rows.append(row(total(parts), whole=True))
    return Table(
        _NAME,
        f"各承办单位在办与逾期的转办工单（{end_of(span.last)}）",
        (
            Column("承办单位"),
            Column("在办", "件"),
            Column("逾期未办结", "件", bar=True),
            Column(f"{now}新增逾期", "件"),
            Column("24小时内到期", "件"),
        ),
        tuple(rows),
    )


def backlog_section(facts: Facts, span: Span, now: str, settings: ReportSettings) -> Section:
    """Open, overdue and soon due tickets at the end of a span.

    Args:
        facts: the release.
        span: the period; the state is that at its end.
        now: what the period is called, such as 当日.
        settings: how many units are shown and named.
    """
    if not facts.published("workload"):
        return Section(_NAME, _TOPIC, "未能统计在办与逾期", (Text(f"{NO_WORKLOAD}，本节从缺。"),))
    parts = backlogs(facts, span)
    if not parts:
        return Section(_NAME, _TOPIC, "没有在办工单", (Text("此前没有转办工单的数据。"),))
    whole = total(parts)
    blocks: list[Block] = []
    if not facts.arrived("workload", Span(span.last, span.last)):
        blocks.append(Text("期末当天的工单文件未到，本节按已到的文件统计，可能偏少。"))
    blocks.append(_table(parts, span, now, settings.units_shown))
    return Section(_NAME, _TOPIC, _headline(whole, parts, now, settings), tuple(blocks))


def _headline(whole: Backlog, parts: list[Backlog], now: str, settings: ReportSettings) -> str:
    soon = f"24小时内到期{count(whole.due_soon).text}件" if whole.due_soon else "24小时内没有到期的"
    if not whole.overdue:
        return f"在办{count(whole.open).text}件，没有逾期；{soon}"
    new = f"{now}新增逾期{count(whole.turned).text}件" if whole.turned else f"{now}没有新增逾期"
    return f"逾期未办结{count(whole.overdue).text}件，{named(parts, settings)}；{new}，{soon}"
