"""问题与建议: what the figures of a month call for, as a draft that a person edits.

The rules, in order of weight. Each looks at figures that the report shows and gives the phenomenon,
what it rests on and what to do about it; none of them guesses a cause.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from assets.facts import SUMMED
from assets.reports.content.comparing import spread
from assets.reports.content.context import Context, brief
from assets.reports.content.figures import count, listed, rate
from assets.reports.content.measures import TARGETS, measure, no_workload
from assets.reports.content.model import Row, Section, Table, columns
from assets.reports.content.periods import day_title
from assets.reports.content.sections.callbacks import callback_gaps, waiting_tickets
from assets.reports.content.sections.hours import week_of, worst_hours, worst_words
from assets.reports.content.sections.knowledge import shortfall
from assets.reports.content.sections.ranking import with_rates
from assets.reports.content.sections.rota import can_compute, needs, seats_of_week, short_words
from assets.reports.content.sections.topics import rising
from assets.reports.content.units import (
    backlogs,
    judged_apart,
    late_units,
    returning_units,
    units_of,
)

_NAME, _TOPIC = "advice", "问题与建议"
_MOST = 8
_NAMED = 3


@dataclass(frozen=True)
class Finding:
    """One problem."""

    problem: str  # what is so, in a sentence
    basis: str  # the figures that it rests on
    advice: str  # what to do, by whom


def _late(context: Context) -> Finding | None:
    if no_workload(context.facts, context.span):
        return None
    late = late_units(judged_apart(context.facts, context.span, context.settings.minimum_ranked))
    if not late:
        return None
    return Finding(
        f"{len(late):,}家承办单位按时办结率低于{TARGETS['on_time_rate']}%。",
        f"{with_rates(late)}。",
        "向上述单位发督办函，限5个工作日内说明原因、提出整改措施，下月月报通报整改情况。",
    )


def _overdue(context: Context) -> Finding | None:
    if no_workload(context.facts, context.span):
        return None
    parts = [each for each in backlogs(context.facts, context.span) if each.overdue]
    if not parts:
        return None
    units = spread([(each.unit, each.overdue) for each in parts], "件", _NAMED)
    return Finding(
        f"月末有{sum(each.overdue for each in parts):,}件工单逾期未办结。",
        f"截至{day_title(context.span.last)}，{units}。",
        "逐件列入督办清单，由承办单位明确办结日期；确属复杂事项的，按规定办理延期。",
    )


def _calls(context: Context) -> Finding | None:
    each = measure("answer_rate")
    if context.met(each) is not False:
        return None
    said = each.said(context.facts, context.span)
    compared = each.compared(context.facts, context.span, context.before)
    worst = worst_words(worst_hours(week_of(context.facts, context.span)))
    return Finding(
        f"{said}，低于{each.target}%的目标。",
        f"{said}{compared}{f'；呼损率明显偏高的时段有{worst}' if worst else ''}。",
        "按“话务时段与排班”一节的所需在席调整班次，高峰时段安排回访、后台人员支援接听。",
    )


def _hours(context: Context) -> Finding | None:
    """Hours whose loss exceeds the target although the whole month does not."""
    each = measure("answer_rate")
    if not context.met(each):
        return None
    week, target = week_of(context.facts, context.span), TARGETS[each.id]
    bad = [hour for hour in worst_hours(week) if (hour.lost.value or 0) > (100 - target) / 100]
    if not bad:
        return None
    advice = "核对这些时段的排班、示忙和振铃超时情况，错开用餐、回访和话后整理时间。"
    if context.facts.published("seats") and can_compute(week):
        found = needs(context.facts, context.span, week, seats_of_week(week))
        short = [need for need in found if need.short]
        if short:
            advice = f"目前在席少于所需的{short_words(short)}优先增加班次；{advice}"
        else:
            advice = f"{advice}按测算在席人数足够，暂不需要为此增员。"
    return Finding(
        f"全月接通率达标，但有{len(bad):,}个较忙的时段接通率低于{target}%。",
        f"呼损率明显偏高的有{worst_words(bad)}。",
        advice,
    )


def _knowledge(context: Context) -> Finding | None:
    lacking = shortfall(context.facts, context.span)
    if not lacking:
        return None
    done = context.figure(measure("knowledge_updates")).text
    handed = _questions(context)
    asked = f"未能直接解答、转办较多的咨询是{handed}。" if handed else ""
    first = "优先就上述事项补充知识条目；" if handed else ""
    return Finding(
        f"知识库更新{done}条，低于每月{TARGETS['knowledge_updates']:,}条的目标。",
        f"差{lacking:,}条。{asked}",
        f"{first}向各成员单位下达报送任务，每旬通报一次，避免集中在月末、年末补报。",
    )


def _questions(context: Context) -> str:
    """Subjects that citizens ask about and the hotline cannot answer itself."""
    if context.facts.lacks("tickets", "ticket_type", "category", "dispatched"):
        return ""
    rows = context.facts.grouped("tickets", ("ticket_type", "category"), context.span)
    asked = rows.filter((pl.col("ticket_type") == "咨询") & (pl.col("dispatched") > 0))
    found = asked.select("category", "dispatched").rows()
    found.sort(key=lambda each: (-each[1], each[0]))
    return "、".join(f"“{name}”（{handed:,}件）" for name, handed in found[:_NAMED])


def _callbacks(context: Context) -> Finding | None:
    each = measure("callback_rate")
    if context.met(each) is not False:
        return None
    figure = context.figure(each).text
    basis = f"本月首次回访的工单占接单数的{figure}，要求为100%。"
    if context.facts.published("workload"):
        waiting = waiting_tickets(callback_gaps(context.facts, context.span))
        basis += f"截至{day_title(context.span.last)}，本年已办结未回访{waiting:,}件。"
    return Finding(
        f"{each.title}{figure}，未实现件件回访。",
        basis,
        "先回访投诉、举报类和承办单位办结的工单；咨询类可改用短信、微信评价，减少人工回访量。",
    )


def _returned(context: Context) -> Finding | None:
    if context.facts.lacks("tickets", "dispatched", "returned_tickets"):
        return None
    units = units_of(context.facts, context.span)
    high = returning_units(units)
    if not high:
        return None
    sent, back = (sum(getattr(e, name) for e in units) for name in ("handed_over", "returned"))
    named = listed([f"{e.name}（{e.return_rate.text}，{e.returned:,}件）" for e in high], _NAMED)
    return Finding(
        f"{len(high):,}家单位退单率明显高于总体。",
        f"总体退单率{rate(back, sent).text}；{named}。",
        "由热线管理部门会同上述单位逐件核对退单理由，修订派单目录，职责交叉的事项明确首接单位。",
    )


def _rising(context: Context) -> Finding | None:
    up = rising(context.facts, context.span, context.settings.rising_minimum)
    if not up:
        return None
    topics = "、".join(
        f"“{each.topic}”（{each.now.text}件，预期{each.usual.text}件）" for each in up[:_NAMED]
    )
    return Finding(
        f"{len(up):,}项诉求明显上升。",
        f"{topics}。",
        "请主管部门研判是否有共性原因；可以统一答复的，提供口径并录入知识库。",
    )


def _target(metric: str, advice: str) -> Callable[[Context], Finding | None]:
    """A rule for a KPI that is simply below its target."""

    def rule(context: Context) -> Finding | None:
        each = measure(metric)
        goal = each.goal(context.kind)
        if goal is None or context.met(each) is not False:
            return None
        said = each.said(context.facts, context.span)
        compared = each.compared(context.facts, context.span, context.before)
        problem = f"{said}，低于{goal.text}{each.sign}的目标。"
        return Finding(problem, f"{said}{compared}。", advice)

    return rule


_REVIEW = "对回访不满意的工单逐件复核，必要时退回承办单位重新办理。"
_RULES: tuple[Callable[[Context], Finding | None], ...] = (
    _late,
    _overdue,
    _calls,
    _hours,
    _target("ticket_satisfaction_rate", _REVIEW),
    _target("callback_satisfaction_rate", _REVIEW),
    _callbacks,
    _knowledge,
    _target("direct_answer_rate", "梳理转办的咨询类工单，能够直接答复的补充知识库并培训话务员。"),
    _returned,
    _rising,
    _target("monitoring_pass_rate", "对不合格录音逐条讲评，扣分集中的话务员安排复训。"),
    _target("monitoring_rate", "按目标比例补足抽检，覆盖夜班和周末班次。"),
    _target("staff_pass_rate", "对考评不合格人员安排复训和补考。"),
    _target("agents_on_duty", "督促话务服务单位按合同配足话务员。"),
)


def advice_section(context: Context) -> Section:
    """Problems with what they rest on and what to do, the weightiest first, as a draft."""
    facts, span = context.facts, context.span
    if not facts.arrived("calls", span) and not facts.arrived("tickets", span):
        return brief(_NAME, _TOPIC, _TOPIC, "本期没有话务和工单数据，未能提出问题与建议。")
    found = [finding for rule in _RULES if (finding := rule(context)) is not None][:_MOST]
    if not found:
        known = "有数据的" if any(map(facts.absent, SUMMED)) else ""
        words = f"{known}各项指标均达到目标，未发现需要督办的问题"
        return brief(_NAME, _TOPIC, words, f"{words}。")
    rows = tuple(
        Row((count(place).text, each.problem, each.basis, each.advice))
        for place, each in enumerate(found, start=1)
    )
    note = "由程序按规则从本期数字得出，供编辑人员核实、修改后使用。"
    heads = columns("序号", "问题", "依据", "建议")
    table = Table(_NAME, "问题、依据与建议", heads, rows, note)
    return Section(_NAME, _TOPIC, f"需要关注的问题{len(found):,}项", (table,))
