"""The units in charge: what was handed to them, whether it was closed in time, what came back.

Belongs here: figures by unit for any span, their ranking, and the section on them. Closing is
counted on the day it happened, so that the table says the same whenever it is made; only tickets
sent back are as they now stand.
"""

from dataclasses import dataclass

from assets.installation import ReportSettings
from assets.reports.content.backlog import backlogs, end_of
from assets.reports.content.figures import count, goal, rate
from assets.reports.content.measures import NO_WORKLOAD, ON_TIME_TARGET, measure
from assets.reports.content.model import (
    Cell,
    Column,
    Figure,
    Form,
    Row,
    Section,
    Table,
    Text,
    Tone,
)
from assets.reports.content.reading import Facts, Span

_NAME, _TOPIC = "units", "承办单位"
NOT_RANKED = "不排名"
_PLEASED_TARGET = measure("ticket_satisfaction_rate").target


@dataclass(frozen=True)
class Unit:
    """What a unit did in a span.

    Attributes:
        name: of the unit.
        handed_over: tickets accepted in the span and handed to it.
        closed: tickets closed in the span, whenever accepted.
        late: of these, after their deadline.
        overdue: open past their deadline at the end of the span.
        returned: of the tickets handed over, those sent back at least once, as they now stand.
        reached: callbacks in the span that reached the citizen.
        dissatisfied: of these, not satisfied.
    """

    name: str
    handed_over: int = 0
    closed: int = 0
    late: int = 0
    overdue: int = 0
    returned: int = 0
    reached: int = 0
    dissatisfied: int = 0

    @property
    def on_time(self) -> Figure:
        """Closed in time of closed."""
        return rate(self.closed - self.late, self.closed, reason="没有办结的工单")

    @property
    def pleased(self) -> Figure:
        """Not dissatisfied of reached."""
        return rate(self.reached - self.dissatisfied, self.reached, reason="没有接通的回访")

    @property
    def return_rate(self) -> Figure:
        """Sent back of handed over."""
        return rate(self.returned, self.handed_over, reason="没有转办的工单")

    @property
    def misses_on_time(self) -> bool:
        """Whether the target of closing in time is missed, without rounding."""
        return _misses(self.closed - self.late, self.closed, ON_TIME_TARGET)

    @property
    def misses_pleased(self) -> bool:
        """Whether the target of satisfaction is missed, without rounding."""
        return _misses(self.reached - self.dissatisfied, self.reached, _PLEASED_TARGET)


def _misses(top: int, bottom: int, target: int | None) -> bool:
    return bool(bottom) and target is not None and 100 * top < target * bottom


# Field of a unit, and the table and measure that it is counted from.
_FIELDS = (
    ("handed_over", "workload", "opened"),
    ("closed", "workload", "closed"),
    ("late", "workload", "overdue_closed"),
    ("returned", "tickets", "returned_tickets"),
    ("reached", "callbacks", "reached"),
    ("dissatisfied", "callbacks", "dissatisfied"),
)


def units_of(facts: Facts, span: Span) -> list[Unit]:
    """Every unit that had a ticket or a callback in a span or has an overdue one, by name."""
    sums: dict[str, dict[str, int]] = {}
    for field, table, counted in _FIELDS:
        for name, value in facts.tally(table, "unit", counted, span).items():
            # Without a name: answered on the spot, or the ticket of a callback is not known.
            if name:
                sums.setdefault(name, {})[field] = value
    for each in backlogs(facts, span):
        if each.overdue:
            sums.setdefault(each.unit, {})["overdue"] = each.overdue
    return [Unit(name, **values) for name, values in sorted(sums.items())]


def ranked(units: list[Unit], minimum: int) -> list[tuple[int | None, Unit]]:
    """Units with their rank: by closing in time, then by tickets sent back, as displayed.

    Args:
        units: in any order.
        minimum: tickets handed over below which a unit is listed, not ranked.

    Returns:
        Ranked ones first; equal ones share a rank and the next rank is left out; a unit without
        a rank has None.
    """

    def merit(unit: Unit) -> tuple[float, float]:
        return -(unit.on_time.value or 0), unit.return_rate.value or 0

    able = [each for each in units if each.handed_over >= minimum and each.closed]
    able.sort(key=lambda each: (*merit(each), each.name))
    found: list[tuple[int | None, Unit]] = []
    for place, unit in enumerate(able, start=1):
        same = place > 1 and merit(able[place - 2]) == merit(unit)
        found.append((found[-1][0] if same else place, unit))
    rest = [each for each in units if each not in able]
    rest.sort(key=lambda each: (-each.handed_over, each.name))
    return found + [(None, each) for each in rest]


def _marked(figure: Figure, misses: bool) -> Figure:
    return Figure(figure.form, figure.value, figure.text, Tone.BAD) if misses else figure


def _table(units: list[Unit], span: Span, now: str, minimum: int) -> Table:
    def cells(rank: str, unit: Unit) -> tuple[Cell, ...]:
        return (
            unit.name,
            rank,
            count(unit.handed_over),
            count(unit.closed),
            _marked(unit.on_time, unit.misses_on_time),
            count(unit.overdue),
            count(unit.returned),
            unit.return_rate,
            count(unit.dissatisfied),
            _marked(unit.pleased, unit.misses_pleased),
        )

    whole = Unit(
        "合计",
        *(
            sum(getattr(each, field) for each in units)
            for field in list(Unit.__dataclass_fields__)[1:]
        ),
    )
    rows = tuple(
        Row(
            cells(NOT_RANKED if rank is None else str(rank), unit),
            tone=Tone.BAD if unit.misses_on_time or unit.overdue else Tone.NEUTRAL,
        )
        for rank, unit in ranked(units, minimum)
    )
    return Table(
        _NAME,
        f"各承办单位{now}办理情况",
        (
            Column("承办单位"),
            Column("名次"),
            Column("转办", "件", bar=True),
            Column("办结", "件"),
            Column("按时办结率"),
            Column("期末逾期", "件"),
            Column("退单", "件"),
            Column("退单率"),
            Column("不满意", "次"),
            Column("满意率"),
        ),
        (*rows, Row(cells("", whole), total=True)),
        f"名次依次比较按时办结率、退单率，并列的名次相同；转办不足{count(minimum).text}件或没有办结的不排名。"
        f"办结按办结时间统计，期末逾期{end_of(span.last)}；退单为{now}转办工单截至数据截至时有过"
        "退单的；满意率＝（回访接通－不满意）÷回访接通。",
    )


def units_section(
    facts: Facts, span: Span, now: str, *, minimum: int, settings: ReportSettings
) -> Section:
    """What the units did in a span, ranked.

    Args:
        facts: the release.
        span: the period.
        now: what the period is called, such as 本周.
        minimum: tickets handed over below which a unit is not ranked.
        settings: how many units a sentence names.
    """
    if not facts.published("workload"):
        return Section(_NAME, _TOPIC, "未能统计承办单位", (Text(f"{NO_WORKLOAD}，本节从缺。"),))
    if not facts.arrived("workload", span):
        words = f"{now}的工单文件未到，本节从缺。"
        return Section(_NAME, _TOPIC, f"{now}没有工单数据", (Text(words),))
    units = units_of(facts, span)
    if not units:
        words = f"{now}没有转办、办结和回访的工单。"
        return Section(_NAME, _TOPIC, f"{now}没有转办工单", (Text(words),))
    headline = _headline(units, minimum, settings)
    return Section(_NAME, _TOPIC, headline, (_table(units, span, now, minimum),))


def _headline(units: list[Unit], minimum: int, settings: ReportSettings) -> str:
    in_rank = [unit for rank, unit in ranked(units, minimum) if rank is not None]
    slow = [unit for unit in reversed(in_rank) if unit.misses_on_time]
    target = "" if ON_TIME_TARGET is None else goal(ON_TIME_TARGET, Form.RATE).text
    if slow:
        most = settings.names_shown
        names = "、".join(f"{each.name}（{each.on_time.text}）" for each in slow[:most])
        said = f"按时办结率低于{target}的有{names}{'等' if len(slow) > most else ''}"
    elif in_rank:
        said = f"参加排名的单位按时办结率均达到{target}"
    else:
        said = f"各单位转办均不足{count(minimum).text}件，不排名"
    back = _most("退单", "件", [(each.returned, each.name) for each in units])
    angry = _most("不满意", "次", [(each.dissatisfied, each.name) for each in units])
    return "；".join(words for words in (said, back, angry) if words)


def _most(what: str, sign: str, found: list[tuple[int, str]]) -> str:
    """A total in words, and the unit with most of it where one stands out."""
    whole = sum(value for value, _ in found)
    most = max(value for value, _ in found)
    names = [name for value, name in found if value == most]
    if not whole:
        return ""
    first = f"，最多的是{names[0]}（{count(most).text}{sign}）" if _stands_out(most, names) else ""
    return f"{what}{count(whole).text}{sign}{first}"


def _stands_out(most: int, names: list[str]) -> bool:
    return most > 1 and len(names) == 1
