"""Declared figures beside what the rows say (FACTS.md, section 5).

The computed figure is the one that is published. A declared one that differs is no error of the
pipeline but a finding, and closes no gate. Where one differs, the other bases that its name has in
the field are tried: a figure that one of them gives was counted on that base.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from assets.facts import NOTHING, kpi_value_and_display, sum_of
from assets.indicators.inputs import KPI, YearInputs
from schemas import FACTS
from schemas.kpis import Sum

AGREES, DIFFERS, UNKNOWN = "agrees", "differs", "cannot be computed"


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
    kpi = KPI[metric]
    return Base(kpi.title, kpi.numerator, kpi.denominator)


_ANSWERED = Sum("calls", ("answered",))

# KPI -> bases. Annex 1 of the 2023 evaluation divides callbacks by tickets, its table by attempts;
# operators leave out calls that the caller gave up; platforms count voided tickets, or each
# handling of one ticket.
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


def agrees(declared: float, value: float | None, display: str) -> bool:
    """Whether a figure is the declared one, at the declared one's own precision.

    Printed 97.39 is 97.3882 rounded, printed 57 is 57.0017; and 99.99, by the display rule, is
    99.9967, which plain rounding would print as 100.
    """
    if value is None:
        return False
    printed = Decimal(repr(declared)).normalize()
    if display != NOTHING and Decimal(display) == printed:
        return True
    step = Decimal(1).scaleb(min(int(printed.as_tuple().exponent), 0))
    return Decimal(repr(value)).quantize(step, ROUND_HALF_UP) == printed


def _reproduces(base: Base, metric: str, declared: float, period: str, year: YearInputs) -> bool:
    def added(total: Sum | None) -> int | None:
        if total is None:
            return None
        in_period = pl.col("month").str.starts_with(period)
        return sum_of(total, year.facts(total.table).filter(in_period))

    figure = kpi_value_and_display(KPI[metric], added(base.numerator), added(base.denominator))
    return agrees(declared, *figure)


def reconciliation(year: YearInputs) -> pl.DataFrame:
    """The declared figures of a year, in the columns of the table `reconciliation`."""
    rows = []
    declared = year.rows("declared").select("period", "metric", "source", "value").collect()
    for period, metric, source, value in declared.iter_rows():
        computed, display = kpi_value_and_display(KPI[metric], *year.kpi_sums(metric, period))
        same = agrees(value, computed, display)
        bases = () if same or computed is None else BASES.get(metric, ())
        reproduced = [
            each.title for each in bases if _reproduces(each, metric, value, period, year)
        ]
        rows.append(
            {
                "period": period,
                "metric": metric,
                "source": source,
                "declared": value,
                "computed": computed,
                "display": display,
                "difference": None if computed is None else value - computed,
                "relative": (value - computed) / computed if computed else None,
                "verdict": UNKNOWN if computed is None else AGREES if same else DIFFERS,
                "reproduced_by": "、".join(reproduced),
            }
        )
    columns = FACTS["reconciliation"].columns
    return pl.DataFrame(rows, schema={column.name: column.polars_type for column in columns})
