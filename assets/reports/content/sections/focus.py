"""The followed sectors (重点领域): which tickets were handed over, to whom, until when.

State and deadline are those at the end of the period; only an extension granted later shows
already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import polars as pl

from assets.reports.content.context import Context, brief
from assets.reports.content.facts import Facts
from assets.reports.content.figures import count
from assets.reports.content.model import Block, Row, Section, Table, Tone, columns
from assets.reports.content.periods import moment_title
from assets.reports.content.sections.backlog import end_of
from schemas.exports.tickets import SECTORS, URGENCIES
from schemas.wall_clock import TIME_ZONE

_NAME, _TOPIC = "focus", "重点领域"
_ZONE = ZoneInfo(TIME_ZONE)
_SOON = timedelta(hours=24)
_USUAL, _SUDDEN = URGENCIES[0], URGENCIES[-1]
_TITLE_LENGTH = 60
OVERDUE, SOON, OPEN = "已逾期", "24小时内到期", "办理中"
CLOSED, CLOSED_LATE = "已办结", "逾期办结"


@dataclass(frozen=True)
class Followed:
    """A ticket of a followed sector at the end of a period."""

    ticket: str
    month: str
    sector: str
    category: str
    region: str
    unit: str
    urgency: str
    handed_over: datetime
    deadline: datetime | None
    closed: datetime | None
    state: str

    @property
    def order(self) -> tuple[int, datetime, str]:
        """Most urgent first, then the earliest deadline, then by number."""
        rank = -URGENCIES.index(self.urgency) if self.urgency in URGENCIES else 0
        return rank, self.deadline or datetime.max.replace(tzinfo=_ZONE), self.ticket


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    """The midnight that begins a day of a zone, as facts state moments."""
    return datetime.combine(day, datetime.min.time(), zone).astimezone(_ZONE)


def state_at(deadline: datetime | None, closed: datetime | None, end: datetime) -> str:
    """What had become of a ticket by a moment."""
    if closed is not None and closed < end:
        return CLOSED_LATE if deadline is not None and closed > deadline else CLOSED
    if deadline is None or deadline - end >= _SOON:
        return OPEN
    return OVERDUE if deadline < end else SOON


def _followed(facts: Facts, start: datetime, end: datetime) -> list[Followed]:
    """The tickets that were handed over or closed between two moments, or open at the second."""
    handed_over = pl.coalesce("dispatched_at", "accepted_at")
    rows = (
        facts.of_months("focus_tickets", facts.months("focus_tickets"))
        .filter(
            handed_over < end,
            pl.col("closed_at").is_null() | (pl.col("closed_at") >= start) | (handed_over >= start),
        )
        .select(
            *("month", "sector", "category", "region", "unit", "urgency", "deadline"),
            ticket="ticket_id",
            handed_over=handed_over,
            closed="closed_at",
        )
    )
    return [
        Followed(**row, state=state_at(row["deadline"], row["closed"], end))
        for row in rows.iter_rows(named=True)
    ]


def _sector_table(
    found: Sequence[Followed], start: datetime, end: datetime, title: str, now: str
) -> Table:
    def row(name: str, parts: Sequence[Followed], *, is_total: bool = False) -> Row:
        states = [each.state for each in parts]
        late, soon = states.count(OVERDUE), states.count(SOON)
        figures = (
            sum(each.handed_over >= start for each in parts),
            sum(each.closed is not None and start <= each.closed < end for each in parts),
            *(states.count(OPEN) + soon + late, late, soon),
        )
        tone = Tone.BAD if late and not is_total else Tone.NEUTRAL
        return Row((name, *map(count, figures)), total=is_total, tone=tone)

    others = sorted({each.sector for each in found} - set(SECTORS))
    rows = [row(name, [e for e in found if e.sector == name]) for name in (*SECTORS, *others)]
    heads = columns(
        *("重点领域", (f"{now}转办", "件"), (f"{now}办结", "件")),
        *(("在办", "件"), ("逾期未办结", "件"), (SOON, "件")),
        bar=f"{now}转办",
    )
    return Table("focus_sectors", title, heads, (*rows, row("合计", found, is_total=True)))


def _list(context: Context, name: str, title: str, found: Sequence[Followed]) -> Table:
    zone = context.facts.cutoff.tzinfo
    titled = context.settings.show_titles
    # Nothing that somebody must do now is cut off.
    first = context.settings.focus_shown
    listed = [each for at, each in enumerate(found) if at < first or each.state in (OVERDUE, SOON)]
    titles = dict[str, str]()
    if titled:
        months = sorted({each.month for each in listed})
        titles = context.facts.titles((each.ticket for each in listed), months)
    rows = tuple(
        Row(
            (
                *(each.ticket, each.sector, each.category, each.region),
                *((titles.get(each.ticket, "")[:_TITLE_LENGTH],) if titled else ()),
                each.unit,
                moment_title(each.deadline.astimezone(zone)) if each.deadline else "未定",
                each.state if each.urgency == _USUAL else f"{each.state}（{each.urgency}）",
            ),
            tone=Tone.BAD if each.state in (OVERDUE, CLOSED_LATE) else Tone.NEUTRAL,
        )
        for each in listed
    )
    cut = f"共{len(found):,}件，列出{len(listed):,}件，逾期未办结和24小时内到期的全部列出。"
    cut = cut if len(found) > len(listed) else ""
    heads = columns(
        *("工单编号", "重点领域", "诉求分类", "所属区县"),
        *(("诉求标题",) if titled else ()),
        *("承办单位", "办理时限", "状态"),
    )
    return Table(name, title, heads, rows, cut)


def focus_section(context: Context) -> Section:
    """Tickets of the followed sectors that were handed over in a period, and those overdue."""
    facts, span, now = context.facts, context.span, context.now
    if not facts.published("focus_tickets"):
        words = "本版数据没有重点领域工单表（focus_tickets），本节从缺。"
        return brief(_NAME, _TOPIC, "未能统计重点领域工单", words)
    if not facts.arrived("focus_tickets", span):
        return context.no_files(_NAME, _TOPIC, "工单")
    zone = facts.cutoff.tzinfo
    start, end = _midnight(span.first, zone), _midnight(span.last + timedelta(days=1), zone)
    end_words = end_of(span.last)
    found = _followed(facts, start, end)
    new = sorted((e for e in found if e.handed_over >= start), key=lambda each: each.order)
    late = [each for each in found if each.state == OVERDUE]
    old = sorted((e for e in late if e.handed_over < start), key=lambda e: (e.deadline, e.ticket))
    blocks: list[Block] = [_sector_table(found, start, end, f"重点领域工单（{end_words}）", now)]
    if new:
        blocks.append(_list(context, "focus_new", f"{now}转办的重点领域工单", new))
    if old:
        title = f"此前转办、{end_words}逾期未办结的重点领域工单"
        blocks.append(_list(context, "focus_overdue", title, old))
    return Section(_NAME, _TOPIC, _headline(new, len(late), now), tuple(blocks))


def _headline(new: Sequence[Followed], late: int, now: str) -> str:
    rest = f"逾期未办结{late:,}件" if late else "无逾期未办结工单"
    if not new:
        return f"{now}无新转办重点领域工单，{rest}"
    sudden = sum(each.urgency == _SUDDEN for each in new)
    which = f"，其中{_SUDDEN}{sudden:,}件" if sudden else ""
    return f"{now}转办重点领域工单{len(new):,}件{which}；{rest}"
