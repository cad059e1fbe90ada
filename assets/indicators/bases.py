"""Other bases that a KPI's name stands for in the field, tried where a declared figure differs.

Belongs here: the declaration. Annex 1 of the 2023 evaluation divides callbacks by tickets, its
table by attempts; operators leave out calls that the caller gave up; platforms count voided
tickets, or each handling of one ticket.
"""

from dataclasses import dataclass

from schemas.kpis import KPIS, Sum


@dataclass(frozen=True)
class Base:
    """One way of counting.

    Attributes:
        title: in Chinese, what is divided by what.
        numerator: what is counted.
        denominator: what it is divided by; None for counts.
    """

    title: str
    numerator: Sum
    denominator: Sum | None = None


def _kpi(metric: str) -> Base:
    kpi = next(each for each in KPIS if each.id == metric)
    return Base(kpi.title, kpi.numerator, kpi.denominator)


_ANSWERED = Sum("calls", ("answered",))

BASES: dict[str, tuple[Base, ...]] = {
    "calls_offered": (
        Base("含测试呼叫", Sum("calls", ("offered", "excluded_test"))),
        _kpi("calls_answered"),
        _kpi("tickets_accepted"),
    ),
    "answer_rate": (
        Base("接通数÷（话务量－用户挂断）", _ANSWERED, Sum("calls", ("offered",), ("hung_up",))),
        Base("接通数÷（接通数＋振铃超时）", _ANSWERED, Sum("calls", ("answered", "ring_timeout"))),
        Base(
            "接通数÷（接通数＋坐席拒接）", _ANSWERED, Sum("calls", ("answered", "agent_rejected"))
        ),
        _kpi("service_level_15s"),
    ),
    "tickets_accepted": (
        Base("含已作废", Sum("tickets", ("accepted", "excluded_void"))),
        Base("不含已并单", Sum("tickets", ("accepted",), ("merged",))),
        Base("接单数＋退单次数", Sum("tickets", ("accepted", "returns"))),
        Base("接单数＋退单次数＋已作废", Sum("tickets", ("accepted", "returns", "excluded_void"))),
        _kpi("tickets_closed"),
        _kpi("calls_offered"),
    ),
    "tickets_closed": (_kpi("tickets_closed_on_time"), _kpi("tickets_accepted")),
    "close_rate": (_kpi("dispatched_close_rate"), _kpi("on_time_rate")),
    "callbacks_attempted": (
        _kpi("callbacks_reached"),
        Base("首次回访的工单数", Sum("callbacks", ("tickets_called",))),
        Base("接通＋拒访", Sum("callbacks", ("reached", "refused"))),
    ),
    "callbacks_reached": (
        _kpi("callbacks_attempted"),
        Base("首次回访的工单数", Sum("callbacks", ("tickets_called",))),
    ),
    "callback_reach_rate": (
        _kpi("callback_rate"),
        Base("回访总数÷接单数", Sum("callbacks", ("attempts",)), Sum("tickets", ("accepted",))),
    ),
    "callback_rate": (
        _kpi("callback_reach_rate"),
        Base("回访总数÷接单数", Sum("callbacks", ("attempts",)), Sum("tickets", ("accepted",))),
    ),
    "callback_satisfaction_rate": (
        _kpi("ticket_satisfaction_rate"),
        Base(
            "（满意＋基本满意）÷（满意＋基本满意＋不满意）",
            Sum("callbacks", ("satisfied", "basically_satisfied")),
            Sum("callbacks", ("satisfied", "basically_satisfied", "dissatisfied")),
        ),
        Base("满意÷回访接通数", Sum("callbacks", ("satisfied",)), Sum("callbacks", ("reached",))),
    ),
    "ticket_satisfaction_rate": (_kpi("callback_satisfaction_rate"),),
    "monitoring_rate": (
        Base("监听数÷话务量", Sum("quality", ("monitored",)), Sum("calls", ("offered",))),
    ),
    "knowledge_updates": (Base("含作废", Sum("knowledge", ("added", "revised", "retired"))),),
}
