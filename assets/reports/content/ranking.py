"""The ranking of units in charge: handed over, closed on time, satisfied, sent back.

Belongs here: the order of monthly and annual reports. No weights: units are compared by their rate
on time, then by satisfaction, then by tickets sent back, all as displayed, so that a reader can
check every place; departments and districts are different work and stand apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assets.reports.content.figures import count, plain, rate
from assets.reports.content.measures import ON_TIME_TARGET
from assets.reports.content.model import (
    Block,
    Cell,
    Column,
    Figure,
    Row,
    Section,
    Table,
    Text,
    Tone,
)
from assets.reports.content.reading import Facts, Span

_NAME, _TOPIC = "ranking", "承办单位"
_NOT_RANKED = "不排名"
_NAMED = 5
_TARGET = ON_TIME_TARGET or 95
# The city's rule: a month below this calls for an account of who is responsible.
_LIABLE = 90


@dataclass(frozen=True)
class Standing:
    """A unit and its figures.

    Attributes:
        unit: the unit in charge.
        district: whether it is a district or county and not a department.
        dispatched: tickets handed over to it.
        on_time: closed on time of closed.
        satisfied: satisfied or basically satisfied of citizens reached.
        returned: tickets sent back of those handed over.
        rank: its place among its like; None where it has too few tickets.
    """

    unit: str
    district: bool
    dispatched: int
    on_time: Figure
    satisfied: Figure
    returned: Figure
    rank: int | None = None

    @property
    def merit(self) -> tuple[float, float, float]:
        """What decides the place, the best highest; a rate that cannot be formed comes last."""
        on_time, satisfied, returned = (
            each.value for each in (self.on_time, self.satisfied, self.returned)
        )
        return (
            -1.0 if on_time is None else on_time,
            -1.0 if satisfied is None else satisfied,
            -2.0 if returned is None else -returned,
        )

    def below(self, percent: int) -> bool:
        """Whether the rate on time is below a percentage."""
        return self.on_time.value is not None and self.on_time.value < percent / 100


def standings(facts: Facts, span: Span, minimum: int) -> list[Standing]:
    """All units, ranked ones first, each group in order; equal ones by name.

    Args:
        facts: the release.
        span: the period.
        minimum: tickets below which a unit is listed, not ranked.
    """
    regions = tuple(
        each for each in facts.grouped("tickets", ("region",), span)["region"] if each is not None
    )
    asked = {
        unit: (satisfied + basically, reached)
        for unit, satisfied, basically, reached in facts.grouped("callbacks", ("unit",), span)
        .select("unit", "satisfied", "basically_satisfied", "reached")
        .rows()
    }
    tickets = facts.grouped("tickets", ("unit",), span).drop_nulls("unit")
    measures = ("dispatched", "closed", "closed_on_time", "returned_tickets")
    found = [
        Standing(
            unit,
            unit.startswith(regions),
            dispatched,
            rate(on_time, closed, reason="没有办结的工单"),
            rate(*asked.get(unit, (0, 0)), reason="没有回访到群众"),
            rate(returned, dispatched, reason="没有转办的工单"),
        )
        for unit, dispatched, closed, on_time, returned in tickets.select("unit", *measures).rows()
    ]
    placed = [
        each
        for district in (False, True)
        for each in _ranked([s for s in found if s.district is district], minimum)
    ]
    rest = [each for each in found if each.dispatched < minimum]
    return [*placed, *sorted(rest, key=lambda each: (-each.dispatched, each.unit))]


def _ranked(found: Sequence[Standing], minimum: int) -> list[Standing]:
    """Those with enough tickets, best first; equals share a place and the next one is skipped."""
    enough = sorted(
        (each for each in found if each.dispatched >= minimum),
        key=lambda each: (*(-part for part in each.merit), each.unit),
    )
    ranked: list[Standing] = []
    for place, each in enumerate(enough, start=1):
        tied = bool(ranked) and ranked[-1].merit == each.merit
        ranked.append(replace(each, rank=ranked[-1].rank if tied else place))
    return ranked


def _table(
    name: str, title: str, found: Sequence[Standing], before: dict[str, Standing], note: str
) -> Table:
    rows = []
    for each in found:
        earlier = before.get(each.unit)
        cells: tuple[Cell, ...] = (
            each.unit,
            _place(each),
            _place(earlier) if earlier else "—",
            count(each.dispatched),
            _toned(each.on_time, each.below),
            each.satisfied,
            each.returned,
        )
        late = each.rank is not None and each.below(_TARGET)
        rows.append(Row(cells, tone=Tone.BAD if late else Tone.NEUTRAL))
    columns = (
        Column("承办单位"),
        Column("名次"),
        Column("上期名次"),
        Column("接单", "件", bar=True),
        Column("按时办结率"),
        Column("回访满意率"),
        Column("退单率"),
    )
    return Table(name, title, columns, tuple(rows), note)


def _place(each: Standing) -> Cell:
    return _NOT_RANKED if each.rank is None else plain(each.rank)


def _toned(figure: Figure, below: Callable[[int], bool]) -> Figure:
    return replace(figure, tone=Tone.BAD) if below(_TARGET) else figure


def late_units(found: Sequence[Standing], percent: int = _TARGET) -> list[Standing]:
    """Ranked units below a rate on time, the lowest first."""
    late = [each for each in found if each.rank is not None and each.below(percent)]
    return sorted(late, key=lambda each: (each.on_time.value or 0, each.unit))


def named(found: Sequence[Standing], figure: Callable[[Standing], Figure]) -> str:
    """Some units with a figure each, in words."""
    shown = "、".join(f"{each.unit}（{figure(each).text}）" for each in found[:_NAMED])
    return f"{shown}等" if len(found) > _NAMED else shown


def _headline(found: Sequence[Standing]) -> str:
    ranked = [each for each in found if each.rank is not None]
    if not ranked:
        return "没有单位达到排名的件数"
    late = late_units(ranked)
    if late:
        return (
            f"{count(len(late)).text}个单位按时办结率低于{_TARGET}%："
            f"{named(late, lambda each: each.on_time)}"
        )
    worst = [each for each in ranked if each.returned.value]
    said = f"参加排名的{count(len(ranked)).text}个单位按时办结率均不低于{_TARGET}%"
    if not worst:
        return f"{said}，没有退单"
    top = min(worst, key=lambda each: (-(each.returned.value or 0), each.unit))
    return f"{said}；退单率最高的是{top.unit}（{top.returned.text}）"


def ranking_section(facts: Facts, span: Span, before: Span, minimum: int) -> Section:
    """The ranking of a period.

    Args:
        facts: the release.
        span: the period.
        before: the period before, for the places then.
        minimum: tickets of the period below which a unit is listed, not ranked.
    """
    if not facts.arrived("tickets", span):
        missing = "本期没有工单数据（tickets 工单月度事实），本节从缺。"
        return Section(_NAME, _TOPIC, "本期没有工单数据", (Text(missing),))
    found = standings(facts, span, minimum)
    known = facts.arrived("tickets", before)
    earlier = {each.unit: each for each in standings(facts, before, minimum)} if known else {}
    note = (
        "名次依次比较按时办结率、回访满意率（均从高到低）和退单率（从低到高），"
        f"三项显示值相同的并列；接单不足{count(minimum).text}件的单位列出但不排名。"
        "按时办结率＝按时办结÷办结；退单率＝有过退单的工单÷转办工单。"
    )
    blocks: list[Block] = []
    liable = late_units(found, _LIABLE)
    if liable:
        blocks.append(
            Text(
                f"按时办结率低于{_LIABLE}%的有{count(len(liable)).text}个单位："
                f"{named(liable, lambda each: each.on_time)}，按规定应当追究责任。"
            )
        )
    for name, title, district in (
        ("ranking_departments", "市直部门和单位", False),
        ("ranking_districts", "县区", True),
    ):
        group = [each for each in found if each.district is district]
        if group:
            blocks.append(_table(name, title, group, earlier, note))
            note = ""
    return Section(_NAME, _TOPIC, _headline(found), tuple(blocks))
