"""The KPIs of FACTS.md, section 3: each a sum over a sum of fact measures, with its target.

Belongs here: the declaration. Several of these names have more than one base in use in the field,
so each names its own (`basis`), and numerator and denominator are always published with it.
"""

from dataclasses import dataclass
from typing import Literal

KpiUnit = Literal["%", "秒", "通", "件", "条", "人"]


@dataclass(frozen=True)
class Sum:
    """A signed sum of measures of one fact table.

    Attributes:
        table: fact table.
        add: measures that are added.
        subtract: measures that are taken away.
        where: column and value that rows must have.
    """

    table: str
    add: tuple[str, ...]
    subtract: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Kpi:
    """A key figure.

    Attributes:
        id: stable id, as in FACTS.md, section 3.
        title: Chinese name.
        unit: unit of the displayed value.
        basis: what is divided by what, in Chinese, for readers.
        numerator: the figure itself, or what is divided.
        denominator: what it is divided by; None for counts.
        target: value that the month must at least reach, in the unit of the KPI.
    """

    id: str
    title: str
    unit: KpiUnit
    basis: str
    numerator: Sum
    denominator: Sum | None = None
    target: int | None = None

    @property
    def tables(self) -> tuple[str, ...]:
        """Fact tables that the KPI draws on."""
        sums = (self.numerator, self.denominator) if self.denominator else (self.numerator,)
        return tuple(dict.fromkeys(each.table for each in sums))


_OFFERED = Sum("calls", ("offered",))
_ANSWERED = Sum("calls", ("answered",))
_ANSWERED_WITHIN_15S = Sum("calls", ("answered_within_15s",))
_LOST = Sum("calls", ("offered",), ("answered",))
_WAIT = Sum("calls", ("answered_wait_seconds",))
_TALK = Sum("calls", ("talk_seconds",))
_MONITORED = Sum("quality", ("monitored",))
_MONITORED_PASSED = Sum("quality", ("passed",))
_ACCEPTED = Sum("tickets", ("accepted",))
_CLOSED = Sum("tickets", ("closed",))
_CLOSED_ON_TIME = Sum("tickets", ("closed_on_time",))
_DISPATCHED = Sum("tickets", ("dispatched",))
_DISPATCHED_CLOSED = Sum("tickets", ("closed",), where=(("handling", "转办"),))
_DIRECT_ANSWERED = Sum("tickets", ("direct_answered",))
_RETURNED = Sum("tickets", ("returned_tickets",))
_UPDATES = Sum("knowledge", ("added", "revised"))
_ATTEMPTS = Sum("callbacks", ("attempts",))
_REACHED = Sum("callbacks", ("reached",))
_TICKETS_CALLED = Sum("callbacks", ("tickets_called",))
_SATISFIED = Sum("callbacks", ("satisfied", "basically_satisfied"))
_NOT_DISSATISFIED = Sum("callbacks", ("reached",), ("dissatisfied",))
_STAFF_ASSESSED = Sum("staff", ("assessed",))
_STAFF_PASSED = Sum("staff", ("passed",))
_AGENTS = Sum("staff", ("on_duty",), where=(("position", "话务员"),))

KPIS: tuple[Kpi, ...] = (
    Kpi("calls_offered", "话务量", "通", "呼入总量，不含测试呼叫", _OFFERED, target=15_000),
    Kpi("calls_answered", "话务接通数", "通", "坐席接通的呼入", _ANSWERED),
    Kpi("answer_rate", "话务接通率", "%", "接通数÷话务量", _ANSWERED, _OFFERED, 95),
    Kpi(
        "service_level_15s",
        "15秒接通率",
        "%",
        "呼入15秒内接通数÷话务量",
        _ANSWERED_WITHIN_15S,
        _OFFERED,
    ),
    Kpi("abandonment_rate", "呼损率", "%", "（话务量－接通数）÷话务量", _LOST, _OFFERED),
    Kpi("average_wait", "平均等待", "秒", "接通呼入的等待总秒数÷接通数", _WAIT, _ANSWERED),
    Kpi("average_talk", "平均通话", "秒", "通话总秒数÷接通数", _TALK, _ANSWERED),
    Kpi("calls_monitored", "话务监听数量", "通", "按质检时间计的质检通数", _MONITORED),
    Kpi("calls_monitored_passed", "话务监听合格数量", "通", "质检合格的通数", _MONITORED_PASSED),
    Kpi(
        "monitoring_pass_rate",
        "话务监听合格率",
        "%",
        "监听合格数÷监听数",
        _MONITORED_PASSED,
        _MONITORED,
        95,
    ),
    Kpi("monitoring_rate", "质检抽样率", "%", "监听数÷接通数", _MONITORED, _ANSWERED, 5),
    Kpi("tickets_accepted", "接单数", "件", "按受理时间计，含已并单，不含已作废", _ACCEPTED),
    Kpi("tickets_closed", "办结数", "件", "当月受理的工单中已办结或已并单的", _CLOSED),
    Kpi("close_rate", "办结率", "%", "办结数÷接单数（附表4-7口径）", _CLOSED, _ACCEPTED, 95),
    Kpi("tickets_closed_on_time", "按时办结数", "件", "在时限内办结的工单", _CLOSED_ON_TIME),
    Kpi("on_time_rate", "工单按时办结率", "%", "按时办结数÷办结数", _CLOSED_ON_TIME, _CLOSED, 95),
    Kpi(
        "dispatched_close_rate",
        "转办办结率",
        "%",
        "转办工单办结数÷转办工单数（附件1口径）",
        _DISPATCHED_CLOSED,
        _DISPATCHED,
    ),
    Kpi(
        "direct_answer_rate",
        "直接解答率",
        "%",
        "直接答复工单数÷接单数",
        _DIRECT_ANSWERED,
        _ACCEPTED,
        50,
    ),
    Kpi("return_rate", "退单率", "%", "有过退单的工单数÷转办工单数", _RETURNED, _DISPATCHED),
    Kpi("knowledge_updates", "知识库更新量", "条", "新增＋修改，不含作废", _UPDATES, target=100),
    Kpi("callbacks_attempted", "总回访数", "件", "回访呼出次数", _ATTEMPTS),
    Kpi("callbacks_reached", "有效回访数", "件", "回访接通次数", _REACHED),
    Kpi(
        "callback_reach_rate",
        "回访接通率",
        "%",
        "回访接通数÷回访总数（附表4-17口径）",
        _REACHED,
        _ATTEMPTS,
    ),
    Kpi(
        "callback_rate",
        "回访率",
        "%",
        "首次回访的工单数÷接单数（附件1口径）",
        _TICKETS_CALLED,
        _ACCEPTED,
        100,
    ),
    Kpi(
        "callback_satisfaction_rate",
        "回访满意率",
        "%",
        "（满意＋基本满意）÷回访接通数",
        _SATISFIED,
        _REACHED,
        90,
    ),
    Kpi(
        "ticket_satisfaction_rate",
        "工单办结满意率",
        "%",
        "（回访接通数－不满意）÷回访接通数",
        _NOT_DISSATISFIED,
        _REACHED,
        85,
    ),
    Kpi(
        "staff_pass_rate",
        "员工考评达标率",
        "%",
        "考评合格及以上人数÷参加考评人数",
        _STAFF_PASSED,
        _STAFF_ASSESSED,
        90,
    ),
    Kpi("agents_on_duty", "在岗话务员", "人", "岗位为话务员且在岗的人数", _AGENTS, target=40),
)
