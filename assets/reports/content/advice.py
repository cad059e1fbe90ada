"""问题与建议: what the figures call for, as a draft that a person edits.

Belongs here: the rules, in order of weight. Each looks at figures that the report shows and gives
the phenomenon, what it rests on and what to do about it; none of them guesses a cause.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from assets.installation import ReportSettings
from assets.reports.content.backlog import backlogs, total
from assets.reports.content.callbacks import callback_gaps
from assets.reports.content.figures import count, rate
from assets.reports.content.findings import moved_words
from assets.reports.content.heat import week_of, worst_hours
from assets.reports.content.knowledge import TARGET as KNOWLEDGE_TARGET
from assets.reports.content.knowledge import shortfall
from assets.reports.content.measures import measure
from assets.reports.content.model import Column, Row, Section, Table, Text
from assets.reports.content.months import day_title
from assets.reports.content.ranking import Place, late_units, named, places
from assets.reports.content.reading import Facts, Span
from assets.reports.content.rota import Need, can_compute, needs
from assets.reports.content.topics import rising

_NAME, _TOPIC = "advice", "问题与建议"
_MOST = 8
_NAMED = 3
# Returned tickets that are more than chance, and how far above the whole a unit must be.
_RETURNED = 5
_RETURN_FACTOR = 2


@dataclass(frozen=True)
class Finding:
    """One problem.

    Attributes:
        problem: what is so, in a sentence.
        basis: the figures that it rests on.
        advice: what to do, by whom.
    """

    problem: str
    basis: str
    advice: str


@dataclass(frozen=True)
class Situation:
    """What the rules look at.

    Attributes:
        facts: the release.
        span: the period.
        before: the period before.
        units: the units as ranked.
        settings: what the installation decides.
    """

    facts: Facts
    span: Span
    before: Span
    units: list[Place]
    settings: ReportSettings


def _late(case: Situation) -> Finding | None:
    late = late_units(case.units)
    if not late:
        return None
    target = measure("on_time_rate").target
    return Finding(
        f"{count(len(late)).text}个承办单位按时办结率低于{target}%。",
        f"{named(late, lambda each: each.on_time)}。",
        "向上述单位发督办函，限5个工作日内说明原因、提出整改措施，下月月报通报整改情况。",
    )


def _overdue(case: Situation) -> Finding | None:
    if not case.facts.published("workload"):
        return None
    parts = [each for each in backlogs(case.facts, case.span) if each.overdue]
    if not parts:
        return None
    units = "、".join(f"{each.unit}（{count(each.overdue).text}件）" for each in parts[:_NAMED])
    most = f"{count(len(parts)).text}个单位，最多的是" if len(parts) > _NAMED else ""
    return Finding(
        f"月末有{count(total(parts).overdue).text}件工单逾期未办结。",
        f"截至{day_title(case.span.last)}，涉及{most}{units}。",
        "逐件列入督办清单，由承办单位明确办结日期；确属复杂事项的，按规定办理延期。",
    )


def _calls(case: Situation) -> Finding | None:
    each = measure("answer_rate")
    figure = each.figure(case.facts, case.span)
    if each.met(case.facts, case.span, "monthly") is not False:
        return None
    moved = each.compare(case.facts, case.span, case.before)
    compared = f"，环比{moved_words(moved)}" if moved.value is not None else ""
    return Finding(
        f"话务接通率{figure.text}，低于{each.target}%的目标。",
        f"话务接通率{figure.text}{compared}；{_worst(case)}",
        "按“话务时段与排班”一节的所需在席调整班次，高峰时段安排回访、后台人员支援接听。",
    )


def _worst(case: Situation) -> str:
    worst = worst_hours(week_of(case.facts, case.span))[:_NAMED]
    return f"呼损率最高的时段是{'、'.join(f'{each.title}（{each.lost.text}）' for each in worst)}。"


def _hours(case: Situation) -> Finding | None:
    """Hours whose loss exceeds the target although the whole month does not."""
    each = measure("answer_rate")
    if each.target is None or not each.met(case.facts, case.span, "monthly"):
        return None
    week = week_of(case.facts, case.span)
    allowed = (100 - each.target) / 100
    bad = [hour for hour in worst_hours(week) if (hour.lost.value or 0) > allowed]
    if not bad:
        return None
    hours = "、".join(f"{hour.title}（{hour.lost.text}）" for hour in bad[:_NAMED])
    staffed = case.facts.published("seats") and can_compute(week)
    short = []
    if staffed:
        short = [need for need in needs(case.facts, case.span, week) if need.short]
    advice = "核对这些时段的排班、示忙和振铃超时情况，错开用餐、回访和话后整理时间。"
    if short:
        advice = f"目前在席少于所需的{_clock(short)}优先增加班次；{advice}"
    elif staffed:
        advice = f"{advice}按测算在席人数足够，暂不需要为此增员。"
    return Finding(
        f"全月接通率达标，但有{count(len(bad)).text}个较忙的时段接通率低于{each.target}%。",
        f"呼损率最高的是{hours}。",
        advice,
    )


def _clock(found: list[Need]) -> str:
    return "、".join(f"{need.hour.hour}时" for need in found)


def _knowledge(case: Situation) -> Finding | None:
    lacking = shortfall(case.facts, case.span)
    if not lacking.value:
        return None
    done = case.facts.kpi("knowledge_updates", case.span)
    handed = _questions(case)
    asked = f"未能直接解答、转办较多的咨询是{handed}。" if handed else ""
    first = "优先就上述事项补充知识条目；" if handed else ""
    return Finding(
        f"知识库更新{done.text}条，低于每月{count(KNOWLEDGE_TARGET).text}条的目标。",
        f"差{lacking.text}条。{asked}",
        f"{first}向各成员单位下达报送任务，每旬通报一次，避免集中在月末、年末补报。",
    )


def _questions(case: Situation) -> str:
    """Subjects that citizens ask about and the hotline cannot answer itself."""
    rows = case.facts.grouped("tickets", ("ticket_type", "category"), case.span)
    asked = rows.filter((pl.col("ticket_type") == "咨询") & (pl.col("dispatched") > 0))
    found = sorted(
        asked.select("category", "dispatched").rows(), key=lambda each: (-each[1], each[0])
    )
    return "、".join(f"“{name}”（{count(handed).text}件）" for name, handed in found[:_NAMED])


def _callbacks(case: Situation) -> Finding | None:
    figure = case.facts.kpi("callback_rate", case.span)
    if measure("callback_rate").met(case.facts, case.span, "monthly") is not False:
        return None
    basis = f"本月首次回访的工单占接单数的{figure.text}，要求为100%。"
    if case.facts.published("workload"):
        waiting = [gap for gap in callback_gaps(case.facts, case.span) if gap.waiting]
        sum_ = count(sum(gap.waiting for gap in waiting)).text
        basis += f"截至{day_title(case.span.last)}，本年已办结未回访{sum_}件。"
    return Finding(
        f"回访率{figure.text}，没有做到件件回访。",
        basis,
        "先回访投诉、举报类和承办单位办结的工单；咨询类可改用短信、微信评价，减少人工回访量。",
    )


def _returned(case: Situation) -> Finding | None:
    rows = case.facts.grouped("tickets", ("unit",), case.span).drop_nulls("unit")
    sent, returned = int(rows["dispatched"].sum()), int(rows["returned_tickets"].sum())
    high = [
        (unit, rate(back, handed), back)
        for unit, handed, back in rows.select("unit", "dispatched", "returned_tickets").rows()
        if back >= _RETURNED and back * sent >= _RETURN_FACTOR * returned * handed
    ]
    if not high:
        return None
    high.sort(key=lambda each: (-(each[1].value or 0), each[0]))
    units = "、".join(
        f"{unit}（{shown.text}，{count(back).text}件）" for unit, shown, back in high[:_NAMED]
    )
    return Finding(
        f"{count(len(high)).text}个单位退单率达到总体的{_RETURN_FACTOR}倍以上。",
        f"总体退单率{rate(returned, sent).text}；{units}。",
        "由热线管理部门会同上述单位逐件核对退单理由，修订派单目录，职责交叉的事项明确首接单位。",
    )


def _rising(case: Situation) -> Finding | None:
    settings = case.settings
    up = rising(case.facts, case.span, settings.rising_minimum, settings.rising_percent)
    if not up:
        return None
    topics = "、".join(
        f"“{each.topic}”（{each.now.text}件，较前四周均值{moved_words(each.excess)}）"
        for each in up[:_NAMED]
    )
    return Finding(
        f"{count(len(up)).text}类诉求明显上升。",
        f"{topics}。",
        "请主管部门研判是否有共性原因；可以统一答复的，提供口径并录入知识库。",
    )


def _target(metric: str, advice: str) -> Callable[[Situation], Finding | None]:
    """A rule for a KPI that is simply below its target."""

    def rule(case: Situation) -> Finding | None:
        each = measure(metric)
        figure, goal = each.figure(case.facts, case.span), each.goal("monthly")
        if goal is None or each.met(case.facts, case.span, "monthly") is not False:
            return None
        moved = each.compare(case.facts, case.span, case.before)
        compared = f"，环比{moved_words(moved)}" if moved.value is not None else ""
        return Finding(
            f"{each.title}{figure.text}{each.sign}，低于{goal.text}{each.sign}的目标。",
            f"{each.title}{figure.text}{each.sign}{compared}。",
            advice,
        )

    return rule


_REVIEW = "对回访不满意的工单逐件复核，必要时退回承办单位重新办理。"
_RULES: tuple[Callable[[Situation], Finding | None], ...] = (
    _late,
    _overdue,
    _calls,
    _hours,
    _target("ticket_satisfaction_rate", _REVIEW),
    _target(
        "callback_satisfaction_rate", "对回访不满意的工单逐件复核，必要时退回承办单位重新办理。"
    ),
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


def advice(facts: Facts, span: Span, before: Span, settings: ReportSettings) -> list[Finding]:
    """All findings of a period, most important first.

    Args:
        facts: the release.
        span: the period.
        before: the period before.
        settings: what the installation decides.
    """
    units = places(facts, span, settings.minimum_ranked) if facts.published("workload") else []
    case = Situation(facts, span, before, units, settings)
    return [finding for rule in _RULES if (finding := rule(case)) is not None]


def advice_section(facts: Facts, span: Span, before: Span, settings: ReportSettings) -> Section:
    """Problems with what they rest on and what to do, as a draft."""
    if not facts.arrived("calls", span) and not facts.arrived("tickets", span):
        words = "本期没有话务和工单数据，未能提出问题与建议。"
        return Section(_NAME, _TOPIC, _TOPIC, (Text(words),))
    found = advice(facts, span, before, settings)[:_MOST]
    if not found:
        words = "各项指标均达到目标，未发现需要督办的问题。"
        return Section(_NAME, _TOPIC, words[:-1], (Text(words),))
    columns = (Column("序号"), Column("问题"), Column("依据"), Column("建议"))
    rows = tuple(
        Row((count(place).text, each.problem, each.basis, each.advice))
        for place, each in enumerate(found, start=1)
    )
    note = "由程序按规则从本期数字得出，供编辑人员核实、修改后使用。"
    headline = f"需要关注的问题{count(len(found)).text}项"
    return Section(
        _NAME, _TOPIC, headline, (Table(_NAME, "问题、依据与建议", columns, rows, note),)
    )
