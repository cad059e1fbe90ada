"""The units in charge: handed over, closed on time, satisfied, sent back, and in which order."""

from collections.abc import Sequence

from assets.reports.content.context import Context, brief, summed
from assets.reports.content.figures import count, goal, listed, marked, nothing
from assets.reports.content.measures import NO_WORKLOAD, TARGETS
from assets.reports.content.model import (
    Block,
    Cell,
    Form,
    Row,
    Section,
    Table,
    Text,
    Tone,
    columns,
)
from assets.reports.content.sections.backlog import end_of
from assets.reports.content.units import (
    LIABLE,
    Place,
    Unit,
    late_units,
    places,
    ranked,
    units_of,
)

_TOPIC = "承办单位"
_NAMED = 5
_TARGET = goal(TARGETS["on_time_rate"], Form.RATE).text
_ABSENT = ("未能统计承办单位", f"{NO_WORKLOAD}，本节从缺。")


def units_section(context: Context, *, minimum: int) -> Section:
    """What the units did in a week, ranked together where `minimum` tickets were handed over."""
    name, facts, now = "units", context.facts, context.now
    if not facts.published("workload"):
        return brief(name, _TOPIC, *_ABSENT)
    if not facts.arrived("workload", context.span):
        return context.no_files(name, _TOPIC, "工单")
    lacking = context.lacking(name, _TOPIC, "tickets", "returned_tickets") or context.lacking(
        name, _TOPIC, "callbacks", "reached", "dissatisfied"
    )
    if lacking:
        return lacking
    units = units_of(facts, context.span)
    if not units:
        return brief(name, _TOPIC, f"{now}没有转办工单", f"{now}没有转办、办结和回访的工单。")
    found = ranked(units, minimum, by_satisfaction=False)

    def row(unit: Unit, rank: str, *, is_total: bool = False) -> Row:
        cells = (
            *(unit.name, rank, count(unit.handed_over), count(unit.closed)),
            *(marked(unit.on_time, unit.misses_on_time), count(unit.overdue)),
            *(count(unit.returned), unit.return_rate),
            *(count(unit.dissatisfied), marked(unit.pleased, unit.misses_pleased)),
        )
        return Row(cells, total=is_total, tone=Tone.NEUTRAL if is_total else _tone(unit))

    heads = columns(
        *("承办单位", "名次", ("转办", "件"), ("办结", "件"), "按时办结率", ("期末逾期", "件")),
        *(("退单", "件"), "退单率", ("不满意", "次"), "满意率"),
        bar="转办",
    )
    rows = (*(row(each.unit, _rank(each)) for each in found),
            row(summed(Unit, units, "合计"), "", is_total=True))  # fmt: skip
    note = (
        f"名次依次比较按时办结率、退单率，并列的名次相同；转办不足{minimum:,}件或没有办结的不排名。"
        f"办结按办结时间统计，期末逾期{end_of(context.span.last)}；退单为{now}转办工单截至数据截至时"
        "有过退单的；满意率＝（回访接通－不满意）÷回访接通。"
    )
    table = Table(name, f"各承办单位{now}办理情况", heads, rows, note)
    headline = _week_headline(units, found, minimum, context.settings.names_shown)
    return Section(name, _TOPIC, headline, (table,))


def _week_headline(units: Sequence[Unit], found: Sequence[Place], minimum: int, names: int) -> str:
    in_rank = [each.unit for each in found if each.rank is not None]
    slow = [unit for unit in reversed(in_rank) if unit.misses_on_time]
    if slow:
        said = f"按时办结率低于{_TARGET}的有{with_rates(slow, names)}"
    elif in_rank:
        said = f"参加排名的单位按时办结率均达到{_TARGET}"
    else:
        said = f"各单位转办均不足{minimum:,}件，不排名"
    back = _most("退单", "件", [(each.returned, each.name) for each in units])
    angry = _most("不满意", "次", [(each.dissatisfied, each.name) for each in units])
    return "；".join(filter(None, (said, back, angry)))


def _most(what: str, sign: str, found: Sequence[tuple[int, str]]) -> str:
    """A total in words, and the unit with most of it where one stands out."""
    whole = sum(value for value, _ in found)
    if not whole:
        return ""
    most = max(value for value, _ in found)
    names = [name for value, name in found if value == most]
    stands_out = most > 1 and len(names) == 1
    first = f"，最多的是{names[0]}（{most:,}{sign}）" if stands_out else ""
    return f"{what}{whole:,}{sign}{first}"


def ranking_section(context: Context, *, minimum: int) -> Section:
    """Departments and districts of a month or a year, ranked apart as in `places`."""
    name, facts, before = "ranking", context.facts, context.before.span
    if not facts.published("workload"):
        return brief(name, _TOPIC, *_ABSENT)
    if not facts.arrived("workload", context.span):
        return context.no_files(name, _TOPIC, "工单", now="本期")
    lacking = context.lacking(name, _TOPIC, "tickets", "returned_tickets") or context.lacking(
        name, _TOPIC, "callbacks", "reached", "dissatisfied"
    )
    if lacking:
        return lacking
    found = places(facts, context.span, minimum)
    earlier = places(facts, before, minimum) if facts.arrived("workload", before) else []
    then = {each.unit.name: each for each in earlier}
    note = (
        "名次依次比较按时办结率、满意率（均从高到低）和退单率（从低到高），三项显示值相同的并列；"
        f"接单不足{minimum:,}件的单位列出但不排名。按时办结率按期内办结的转办工单计；"
        "满意率＝（回访接通－不满意）÷回访接通；退单率＝有过退单的工单÷接单。"
    )
    blocks: list[Block] = []
    liable = [unit for unit in late_units(found) if unit.liable]
    if liable:
        words = (
            f"按时办结率低于{goal(LIABLE, Form.RATE).text}的有{len(liable):,}个单位："
            f"{with_rates(liable)}，按规定应当追究责任。"
        )
        blocks.append(Text(words))
    for table, title, district in (
        ("ranking_departments", "市直部门和单位", False),
        ("ranking_districts", "县区和开发区", True),
    ):
        group = [each for each in found if each.district is district]
        if group:
            blocks.append(_ranking_table(table, title, group, then, note))
            # Once is enough.
            note = ""
    return Section(name, _TOPIC, _month_headline(found), tuple(blocks))


def _ranking_table(
    name: str, title: str, found: Sequence[Place], before: dict[str, Place], note: str
) -> Table:
    def cells(place: Place) -> tuple[Cell, ...]:
        unit = place.unit
        then = before.get(unit.name)
        return (
            *(unit.name, _rank(place)),
            _rank(then) if then else nothing(Form.PLAIN, "上期没有该单位的数据"),
            *(count(unit.handed_over), count(unit.closed)),
            marked(unit.on_time, unit.misses_on_time),
            marked(unit.pleased, unit.misses_pleased),
            *(unit.return_rate, count(unit.overdue)),
        )

    heads = columns(
        *("承办单位", "名次", "上期名次", ("接单", "件"), ("办结", "件")),
        *("按时办结率", "满意率", "退单率", ("期末逾期", "件")),
        bar="接单",
    )
    return Table(name, title, heads, tuple(Row(cells(e), tone=_tone(e.unit)) for e in found), note)


def _rank(place: Place) -> str:
    return "不排名" if place.rank is None else f"{place.rank:,}"


def _tone(unit: Unit) -> Tone:
    return Tone.BAD if unit.misses_on_time or unit.overdue else Tone.NEUTRAL


def with_rates(units: Sequence[Unit], most: int = _NAMED) -> str:
    """Units with their rate on time, in a sentence."""
    return listed([f"{each.name}（{each.on_time.text}）" for each in units], most)


def _month_headline(found: Sequence[Place]) -> str:
    in_rank = [each.unit for each in found if each.rank is not None]
    if not in_rank:
        return "没有单位达到参加排名的件数"
    late = late_units(found)
    if late:
        return f"{len(late):,}个单位按时办结率低于{_TARGET}：{with_rates(late)}"
    said = f"参加排名的{len(in_rank):,}个单位按时办结率均不低于{_TARGET}"
    sent_back = [each for each in in_rank if each.return_rate.value]
    if not sent_back:
        return f"{said}，没有退单"
    top = min(sent_back, key=lambda each: (-(each.return_rate.value or 0), each.name))
    return f"{said}；退单率最高的是{top.name}（{top.return_rate.text}）"
