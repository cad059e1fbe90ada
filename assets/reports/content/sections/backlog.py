"""What is still to be done: open, overdue and soon due tickets by unit at the end of a period.

States come from the flows of `workload`, so that a report of last May says what was open last May,
whenever it is made. Days are counted to their end.
"""

from collections.abc import Sequence
from datetime import date

from assets.reports.content.comparing import spread
from assets.reports.content.context import Context, brief, summed, total_rows
from assets.reports.content.figures import count
from assets.reports.content.measures import no_workload
from assets.reports.content.model import Block, Row, Section, Table, Text, Tone, columns
from assets.reports.content.periods import Span, day_title
from assets.reports.content.units import Backlog, backlogs

_NAME, _TOPIC = "backlog", "在办与逾期"


def end_of(day: date) -> str:
    """The moment of which a state is told."""
    return f"截至{day_title(day)}24时"


def _row(name: str, parts: Sequence[Backlog], is_total: bool) -> Row:
    each = summed(Backlog, parts, name)
    late = each.overdue and not is_total
    return Row(
        (name, *map(count, (each.open, each.overdue, each.turned, each.due_soon))),
        total=is_total,
        tone=Tone.BAD if late else Tone.NEUTRAL,
    )


def backlog_section(context: Context) -> Section:
    """Open, overdue and soon due tickets at the end of a period."""
    facts, span, settings = context.facts, context.span, context.settings
    if why := no_workload(facts, span):
        return brief(_NAME, _TOPIC, "未能统计在办与逾期", f"{why}，本节从缺。")
    parts = backlogs(facts, span)
    if not parts:
        return brief(_NAME, _TOPIC, "没有在办工单", "此前没有转办工单的数据。")
    blocks: list[Block] = []
    if not facts.arrived("workload", Span(span.last, span.last)):
        blocks.append(Text("期末当天的工单文件未到，本节按已到的文件统计，可能偏少。"))
    heads = columns(
        "承办单位",
        ("在办", "件"),
        ("逾期未办结", "件"),
        (f"{context.now}新增逾期", "件"),
        ("24小时内到期", "件"),
        bar="逾期未办结",
    )
    title = f"各承办单位在办与逾期的转办工单（{end_of(span.last)}）"
    # Whoever has to act is named; the others may stand together.
    due = sum(bool(each.overdue or each.due_soon) for each in parts)
    shown = max(due, settings.units_shown)
    rows = total_rows(parts, shown, _row, name=lambda each: each.unit)
    blocks.append(Table(_NAME, title, heads, rows))
    headline = _headline(parts, context.now, settings.names_shown)
    return Section(_NAME, _TOPIC, headline, tuple(blocks))


def _headline(parts: Sequence[Backlog], now: str, names: int) -> str:
    whole = summed(Backlog, parts, "")
    soon = f"24小时内到期{whole.due_soon:,}件" if whole.due_soon else "24小时内无到期工单"
    if not whole.overdue:
        return f"在办工单{whole.open:,}件，无逾期；{soon}"
    late = spread([(each.unit, each.overdue) for each in parts], "件", names)
    new = f"{now}新增逾期{whole.turned:,}件" if whole.turned else f"{now}无新增逾期"
    return f"逾期未办结{whole.overdue:,}件，{late}；{new}，{soon}"
