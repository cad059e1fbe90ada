"""The followed sectors (重点领域): which tickets were handed over, to whom, until when.

Belongs here: the section of the daily report. State and deadline are those at the end of the
period; only an extension granted later shows already.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from assets.installation import ReportSettings
from assets.reports.content.backlog import end_of
from assets.reports.content.figures import count
from assets.reports.content.model import Block, Column, Row, Section, Table, Text, Tone
from assets.reports.content.periods import moment_title
from assets.reports.content.reading import Facts, Span
from schemas import FACTS
from schemas.exports.tickets import SECTORS, URGENCIES
from schemas.wall_clock import TIME_ZONE

table = FACTS["focus_tickets"]

_NAME, _TOPIC = "focus", "重点领域"
_ZONE = ZoneInfo(TIME_ZONE)
_SOON = timedelta(hours=24)
_USUAL = URGENCIES[0]
_TITLE_LENGTH = next(c.max_length for c in table.columns if c.name == "title")
OVERDUE, SOON, OPEN, CLOSED, CLOSED_LATE = (
    "已逾期",
    "24小时内到期",
    "办理中",
    "已办结",
    "逾期办结",
)


@dataclass(frozen=True)
class Followed:
    """A ticket of a followed sector at the end of a period."""

    ticket: str
    sector: str
    title: str
    unit: str
    urgency: str
    handed_over: datetime
    deadline: datetime | None
    closed: datetime | None
    state: str

    @property
    def order(self) -> tuple[int, datetime, str]:
        """Most urgent first, then the earliest deadline, then by number."""
        known = self.urgency in URGENCIES
        rank = -URGENCIES.index(self.urgency) if known else 0
        return rank, self.deadline or datetime.max.replace(tzinfo=_ZONE), self.ticket


def end_moment(day: date) -> datetime:
    """The midnight that ends a day."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), _ZONE)


def state_at(deadline: datetime | None, closed: datetime | None, end: datetime) -> str:
    """What had become of a ticket by a moment."""
    if closed is not None and closed < end:
        return CLOSED_LATE if deadline is not None and closed > deadline else CLOSED
    if deadline is None or deadline - end >= _SOON:
        return OPEN
    return OVERDUE if deadline < end else SOON


def followed(facts: Facts, start: datetime, end: datetime) -> list[Followed]:
    """The tickets that were handed over or closed between two moments, or open at the second."""
    handed_over = pl.coalesce("dispatched_at", "accepted_at")
    rows = (
        facts.of_months("focus_tickets", facts.months("focus_tickets"))
        .filter(
            handed_over < end,
            pl.col("closed_at").is_null() | (pl.col("closed_at") >= start) | (handed_over >= start),
        )
        .with_columns(handed_over=handed_over)
    )
    return [
        Followed(
            row["ticket_id"],
            row["sector"],
            row["title"][:_TITLE_LENGTH],
            row["unit"],
            row["urgency"],
            row["handed_over"],
            row["deadline"],
            row["closed_at"],
            state_at(row["deadline"], row["closed_at"], end),
        )
        for row in rows.iter_rows(named=True)
    ]


def _sector_table(found: list[Followed], span: Span, now: str) -> Table:
    start, end = end_moment(span.first - timedelta(days=1)), end_moment(span.last)

    def row(name: str, parts: list[Followed], *, whole: bool = False) -> Row:
        states = [each.state for each in parts]
        figures = (
            sum(each.handed_over >= start for each in parts),
            sum(each.closed is not None and start <= each.closed < end for each in parts),
            states.count(OPEN) + states.count(SOON) + states.count(OVERDUE),
            states.count(OVERDUE),
            states.count(SOON),
        )
        late = bool(states.count(OVERDUE)) and not whole
        return Row(
            (name, *map(count, figures)), total=whole, tone=Tone.BAD if late else Tone.NEUTRAL
        )

    others = sorted({each.sector for each in found} - set(SECTORS))
    rows = [row(name, [e for e in found if e.sector == name]) for name in (*SECTORS, *others)]
    return Table(
        "focus_sectors",
        f"重点领域工单（{end_of(span.last)}）",
        (
            Column("重点领域"),
            Column(f"{now}转办", "件", bar=True),
            Column(f"{now}办结", "件"),
            Column("在办", "件"),
            Column("逾期未办结", "件"),
            Column(SOON, "件"),
        ),
        (*rows, row("合计", found, whole=True)),
    )


def _list(name: str, title: str, found: list[Followed], shown: int) -> Table:
    rows = tuple(
        Row(
            (
                each.ticket,
                each.sector,
                each.title,
                each.unit,
                moment_title(each.deadline) if each.deadline else "未定",
                each.state if each.urgency == _USUAL else f"{each.state}（{each.urgency}）",
            ),
            tone=Tone.BAD if each.state in (OVERDUE, CLOSED_LATE) else Tone.NEUTRAL,
        )
        for each in found[:shown]
    )
    cut = (
        f"共{count(len(found)).text}件，列出前{count(shown).text}件；全部见工单系统。"
        if len(found) > shown
        else ""
    )
    return Table(
        name,
        title,
        (
            Column("工单编号"),
            Column("重点领域"),
            Column("诉求标题"),
            Column("承办单位"),
            Column("办理时限"),
            Column("状态"),
        ),
        rows,
        cut,
    )


def focus_section(facts: Facts, span: Span, now: str, settings: ReportSettings) -> Section:
    """Tickets of the followed sectors that were handed over in a period, and those overdue.

    Args:
        facts: the release.
        span: the period; states are those at its end.
        now: what the period is called, such as 当日.
        settings: how many tickets are listed.
    """
    if not facts.published("focus_tickets"):
        words = "本版数据没有重点领域工单表（focus_tickets），本节从缺。"
        return Section(_NAME, _TOPIC, "未能统计重点领域工单", (Text(words),))
    if not facts.arrived("focus_tickets", span):
        return Section(
            _NAME, _TOPIC, f"{now}没有工单数据", (Text(f"{now}的工单文件未到，本节从缺。"),)
        )
    start = end_moment(span.first - timedelta(days=1))
    found = followed(facts, start, end_moment(span.last))
    new = sorted((e for e in found if e.handed_over >= start), key=lambda each: each.order)
    overdue = sorted(
        (each for each in found if each.state == OVERDUE and each not in new),
        key=lambda each: (each.deadline, each.ticket),
    )
    blocks: list[Block] = [_sector_table(found, span, now)]
    if new:
        blocks.append(_list("focus_new", f"{now}转办的重点领域工单", new, settings.focus_shown))
    if overdue:
        title = f"此前转办、{end_of(span.last)}逾期未办结的重点领域工单"
        blocks.append(_list("focus_overdue", title, overdue, settings.focus_shown))
    return Section(_NAME, _TOPIC, _headline(found, new, now), tuple(blocks))


def _headline(found: list[Followed], new: list[Followed], now: str) -> str:
    late = sum(each.state == OVERDUE for each in found)
    rest = f"逾期未办结{count(late).text}件" if late else "没有逾期未办结的"
    if not new:
        return f"{now}没有转办重点领域工单，{rest}"
    sudden = [each for each in new if each.urgency == URGENCIES[-1]]
    which = ""
    if sudden:
        which = f"，其中{URGENCIES[-1]}{count(len(sudden)).text}件"
    return f"{now}转办重点领域工单{count(len(new)).text}件{which}；{rest}"
