"""The units in charge: handed over, closed on time, satisfied, sent back, and in which band."""

from collections.abc import Sequence

from assets.reports.content.comparing import level, outstanding
from assets.reports.content.context import Context, brief, summed
from assets.reports.content.figures import count, goal, listed, marked, nothing
from assets.reports.content.measures import TARGETS, no_workload
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
    BANDS,
    LIABLE,
    Judged,
    Unit,
    bands_of,
    judged,
    judged_apart,
    late_units,
    returning_units,
    units_of,
)

_TOPIC = "承办单位"
_NAMED = 5
_TARGET = goal(TARGETS["on_time_rate"], Form.RATE).text


def units_section(context: Context, *, minimum: int) -> Section:
    """What the units did in a week, judged where `minimum` tickets were handed over."""
    name, facts, now = "units", context.facts, context.now
    if why := no_workload(facts, context.span):
        return brief(name, _TOPIC, "未能统计承办单位", f"{why}，本节从缺。")
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
    found = judged(units, minimum, bands_of(context.span))

    def row(unit: Unit, band: str, *, is_total: bool = False) -> Row:
        cells = (
            *(unit.name, band, count(unit.handed_over), count(unit.closed)),
            *(marked(unit.on_time, unit.misses_on_time), count(unit.overdue)),
            *(count(unit.returned), unit.return_rate),
            *(count(unit.dissatisfied), marked(unit.pleased, unit.misses_pleased)),
        )
        return Row(cells, total=is_total, tone=Tone.NEUTRAL if is_total else _tone(unit))

    heads = columns(
        *("承办单位", "评定", ("转办", "件"), ("办结", "件"), "按时办结率", ("期末逾期", "件")),
        *(("退单", "件"), "退单率", ("不满意", "次"), "满意率"),
        bar="转办",
    )
    rows = (*(row(each.unit, _band(each)) for each in found),
            row(summed(Unit, units, "合计"), "", is_total=True))  # fmt: skip
    note = (
        f"{_method(context, minimum)}办结按办结时间统计，期末逾期{end_of(context.span.last)}；"
        f"退单为{now}转办工单截至数据截至时有过退单的；满意率＝（回访接通－不满意）÷回访接通。"
    )
    table = Table(name, f"各承办单位{now}办理情况", heads, rows, note)
    headline = _week_headline(units, found, minimum, context.settings.names_shown)
    return Section(name, _TOPIC, headline, (table,))


def _week_headline(units: Sequence[Unit], found: Sequence[Judged], minimum: int, names: int) -> str:
    said = _bands_said(found, names) or f"各单位转办均不足{minimum:,}件，未作评定"
    back = _most("退单", "件", [(each.name, each.returned) for each in units])
    angry = _most("不满意", "次", [(each.name, each.dissatisfied) for each in units])
    return "；".join(filter(None, (said, back, angry)))


def _most(what: str, sign: str, found: Sequence[tuple[str, int]]) -> str:
    """A total in words, and the units with most of it where they are set apart."""
    whole = sum(value for _, value in found)
    if not whole:
        return ""
    top = outstanding(found)
    most = max(value for _, value in found)
    first = f"，最多的是{level(top, f'{most:,}{sign}')}" if top and most > 1 else ""
    return f"{what}{whole:,}{sign}{first}"


def _bands_said(found: Sequence[Judged], names: int) -> str:
    """How many units are in which band, and which are in the last; empty where none is judged."""
    bands = [each.band for each in found if each.band is not None]
    if not bands:
        return ""
    counted = "、".join(f"{band}{bands.count(band):,}家" for band in BANDS if band in bands)
    weak = [each.unit.name for each in found if each.band == BANDS[-1]]
    which = f"，评定为差的是{listed(weak, names)}" if weak else ""
    return f"参加评定的{len(bands):,}家单位中，{counted}{which}"


def _method(context: Context, minimum: int) -> str:
    """How units are judged, in one sentence."""
    bands = bands_of(context.span)
    on_time, satisfied = ("、".join(map(str, each)) for each in (bands.on_time, bands.satisfied))
    return (
        f"评定分优、良、中、差，界限为按时办结率{on_time}（%）、满意率{satisfied}（%），"
        "超出随机波动范围的差距才计入，同档不分先后；期末有逾期的不评优；"
        f"不足{minimum:,}件的不参与评定。"
    )


def ranking_section(context: Context, *, minimum: int) -> Section:
    """Departments and districts of a month or a year, each in its band."""
    name, facts, before = "ranking", context.facts, context.before.span
    if why := no_workload(facts, context.span):
        return brief(name, _TOPIC, "未能统计承办单位", f"{why}，本节从缺。")
    if not facts.arrived("workload", context.span):
        return context.no_files(name, _TOPIC, "工单", now="本期")
    lacking = context.lacking(name, _TOPIC, "tickets", "returned_tickets") or context.lacking(
        name, _TOPIC, "callbacks", "reached", "dissatisfied"
    )
    if lacking:
        return lacking
    found = judged_apart(facts, context.span, minimum)
    whole = not facts.missing_days("workload", before)
    earlier = judged_apart(facts, before, minimum) if whole else []
    then = {each.unit.name: each for each in earlier}
    note = (
        f"{_method(context, minimum)}按时办结率按期内办结的转办工单计；"
        "满意率＝（回访接通－不满意）÷回访接通；退单率＝有过退单的工单÷接单。"
    )
    blocks: list[Block] = []
    liable = [unit for unit in late_units(found) if unit.liable]
    if liable:
        words = (
            f"按时办结率低于{goal(LIABLE, Form.RATE).text}的有{len(liable):,}家单位："
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
    name: str, title: str, found: Sequence[Judged], before: dict[str, Judged], note: str
) -> Table:
    def cells(place: Judged) -> tuple[Cell, ...]:
        unit = place.unit
        then = before.get(unit.name)
        return (
            *(unit.name, _band(place)),
            _band(then) if then else nothing(Form.PLAIN, "上期没有该单位的数据或数据不完整"),
            *(count(unit.handed_over), count(unit.closed)),
            marked(unit.on_time, unit.misses_on_time),
            marked(unit.pleased, unit.misses_pleased),
            *(unit.return_rate, count(unit.overdue)),
        )

    heads = columns(
        *("承办单位", "评定", "上期评定", ("接单", "件"), ("办结", "件")),
        *("按时办结率", "满意率", "退单率", ("期末逾期", "件")),
        bar="接单",
    )
    return Table(name, title, heads, tuple(Row(cells(e), tone=_tone(e.unit)) for e in found), note)


def _band(found: Judged) -> str:
    return found.band or "不参与评定"


def _tone(unit: Unit) -> Tone:
    return Tone.BAD if unit.misses_on_time or unit.overdue else Tone.NEUTRAL


def with_rates(units: Sequence[Unit], most: int = _NAMED) -> str:
    """Units with their rate on time, in a sentence."""
    return listed([f"{each.name}（{each.on_time.text}）" for each in units], most)


def _month_headline(found: Sequence[Judged]) -> str:
    said = _bands_said(found, _NAMED)
    if not said:
        return "各单位均未达到参加评定的件数"
    late = late_units(found)
    if late:
        said += f"；{len(late):,}家单位按时办结率低于{_TARGET}：{with_rates(late)}"
    back = returning_units([each.unit for each in found])
    if back:
        rates = [f"{each.name}（{each.return_rate.text}）" for each in back]
        said += f"；退单率明显偏高的有{listed(rates, _NAMED)}"
    return said
