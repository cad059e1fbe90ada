"""The ranking of units in charge: handed over, closed on time, satisfied, sent back.

Belongs here: the order of monthly and annual reports. No weights: units are compared by their rate
on time, then by satisfaction, then by tickets sent back, all as displayed, so that a reader can
check every place; departments and districts are different work and stand apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assets.reports.content.figures import count, goal, nothing
from assets.reports.content.measures import NO_WORKLOAD, ON_TIME_TARGET
from assets.reports.content.model import (
    Block,
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
from assets.reports.content.units import NOT_RANKED, Unit, units_of

_NAME, _TOPIC = "ranking", "承办单位"
_NAMED = 5
# A county's government, or the committee that runs a development zone.
_DISTRICT_ENDINGS = ("人民政府", "管理委员会", "管委会")
# A unit that begins with the name of one of these is the district's own; a region that bears the
# name of the whole city would make every department a district.
_REGION_ENDINGS = ("区", "县", "旗")
# The city's rule: a month below this calls for an account of who is responsible.
_LIABLE = 90


@dataclass(frozen=True)
class Place:
    """A unit in its order.

    Attributes:
        unit: the unit and what it did.
        district: whether it is a district or county and not a department.
        rank: its place among its like; None where it has too few tickets.
    """

    unit: Unit
    district: bool
    rank: int | None = None

    @property
    def merit(self) -> tuple[float, float, float]:
        """What decides the place, the best highest; a rate that cannot be formed comes last."""
        on_time, pleased, returned = (
            each.value for each in (self.unit.on_time, self.unit.pleased, self.unit.return_rate)
        )
        return (
            -1.0 if on_time is None else on_time,
            -1.0 if pleased is None else pleased,
            -2.0 if returned is None else -returned,
        )


def places(facts: Facts, span: Span, minimum: int) -> list[Place]:
    """All units that did anything, departments first, each group in order, then those unranked.

    Args:
        facts: the release.
        span: the period.
        minimum: tickets handed over below which a unit is listed, not ranked.
    """
    named = facts.grouped("tickets", ("region",), span)["region"]
    regions = tuple(each for each in named if each and each.endswith(_REGION_ENDINGS))
    found = [
        Place(each, each.name.startswith(regions) or each.name.endswith(_DISTRICT_ENDINGS))
        for each in units_of(facts, span)
    ]
    ordered = [
        each
        for district in (False, True)
        for each in _ranked([place for place in found if place.district is district], minimum)
    ]
    rest = [each for each in found if not _enough(each, minimum)]
    rest.sort(key=lambda each: (-each.unit.handed_over, each.unit.name))
    return [*ordered, *rest]


def _enough(place: Place, minimum: int) -> bool:
    return place.unit.handed_over >= minimum and place.unit.closed > 0


def _ranked(found: Sequence[Place], minimum: int) -> list[Place]:
    """Those with enough tickets, best first; equals share a place and the next one is skipped."""
    able = sorted(
        (each for each in found if _enough(each, minimum)),
        key=lambda each: (*(-part for part in each.merit), each.unit.name),
    )
    ranked: list[Place] = []
    for place, each in enumerate(able, start=1):
        tied = bool(ranked) and ranked[-1].merit == each.merit
        ranked.append(replace(each, rank=ranked[-1].rank if tied else place))
    return ranked


def _cells(place: Place, before: Place | None) -> tuple[Cell, ...]:
    unit = place.unit
    return (
        unit.name,
        _words(place),
        _words(before) if before else nothing(Form.PLAIN, "上期没有该单位的数据"),
        count(unit.handed_over),
        count(unit.closed),
        _marked(unit.on_time, unit.misses_on_time),
        _marked(unit.pleased, unit.misses_pleased),
        unit.return_rate,
        count(unit.overdue),
    )


def _words(place: Place) -> str:
    return NOT_RANKED if place.rank is None else count(place.rank).text


def _marked(figure: Figure, misses: bool) -> Figure:
    return replace(figure, tone=Tone.BAD) if misses else figure


def _table(
    name: str, title: str, found: Sequence[Place], before: dict[str, Place], note: str
) -> Table:
    rows = tuple(
        Row(
            _cells(each, before.get(each.unit.name)),
            tone=Tone.BAD if each.unit.misses_on_time or each.unit.overdue else Tone.NEUTRAL,
        )
        for each in found
    )
    columns = (
        Column("承办单位"),
        Column("名次"),
        Column("上期名次"),
        Column("接单", "件", bar=True),
        Column("办结", "件"),
        Column("按时办结率"),
        Column("满意率"),
        Column("退单率"),
        Column("期末逾期", "件"),
    )
    return Table(name, title, columns, rows, note)


def late_units(found: Sequence[Place]) -> list[Unit]:
    """Ranked units that miss the target of closing on time, the lowest first."""
    late = [each.unit for each in found if each.rank is not None and each.unit.misses_on_time]
    return sorted(late, key=lambda each: (each.on_time.value or 0, each.name))


def liable_units(found: Sequence[Place]) -> list[Unit]:
    """Of these, those so low that somebody has to answer for it."""
    return [
        each
        for each in late_units(found)
        if each.closed * _LIABLE > 100 * (each.closed - each.late)
    ]


def named(units: Sequence[Unit], figure: Callable[[Unit], Figure]) -> str:
    """Some units with a figure each, in words."""
    shown = "、".join(f"{each.name}（{figure(each).text}）" for each in units[:_NAMED])
    return f"{shown}等" if len(units) > _NAMED else shown


def _headline(found: Sequence[Place]) -> str:
    ranked = [each.unit for each in found if each.rank is not None]
    if not ranked:
        return "没有单位达到参加排名的件数"
    target = goal(ON_TIME_TARGET or 0, Form.RATE).text
    late = late_units(found)
    if late:
        return (
            f"{count(len(late)).text}个单位按时办结率低于{target}："
            f"{named(late, lambda each: each.on_time)}"
        )
    said = f"参加排名的{count(len(ranked)).text}个单位按时办结率均不低于{target}"
    worst = [each for each in ranked if each.return_rate.value]
    if not worst:
        return f"{said}，没有退单"
    top = min(worst, key=lambda each: (-(each.return_rate.value or 0), each.name))
    return f"{said}；退单率最高的是{top.name}（{top.return_rate.text}）"


def ranking_section(facts: Facts, span: Span, before: Span, minimum: int) -> Section:
    """The ranking of a period.

    Args:
        facts: the release.
        span: the period.
        before: the period before, for the places then.
        minimum: tickets of the period below which a unit is listed, not ranked.
    """
    if not facts.published("workload"):
        return Section(_NAME, _TOPIC, "未能统计承办单位", (Text(f"{NO_WORKLOAD}，本节从缺。"),))
    if not facts.arrived("workload", span):
        words = "本期的工单文件未到，本节从缺。"
        return Section(_NAME, _TOPIC, "本期没有工单数据", (Text(words),))
    found = places(facts, span, minimum)
    known = facts.arrived("workload", before)
    earlier = {each.unit.name: each for each in places(facts, before, minimum)} if known else {}
    note = (
        "名次依次比较按时办结率、满意率（均从高到低）和退单率（从低到高），三项显示值相同的并列；"
        f"接单不足{count(minimum).text}件的单位列出但不排名。按时办结率按期内办结的转办工单计；"
        "满意率＝（回访接通－不满意）÷回访接通；退单率＝有过退单的工单÷接单。"
    )
    blocks: list[Block] = []
    liable = liable_units(found)
    if liable:
        blocks.append(
            Text(
                f"按时办结率低于{goal(_LIABLE, Form.RATE).text}的有"
                f"{count(len(liable)).text}个单位：{named(liable, lambda each: each.on_time)}，"
                "按规定应当追究责任。"
            )
        )
    for name, title, district in (
        ("ranking_departments", "市直部门和单位", False),
        ("ranking_districts", "县区和开发区", True),
    ):
        group = [each for each in found if each.district is district]
        if group:
            blocks.append(_table(name, title, group, earlier, note))
            note = ""
    return Section(_NAME, _TOPIC, _headline(found), tuple(blocks))
