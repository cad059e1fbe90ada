"""kpi_monthly: every KPI of a month with its two sums, display and target (FACTS.md, section 3)."""

from schemas.fields import Moment, flag, integer, label, moment, month, number
from schemas.table import Fact


class KpiMonthly(
    Fact,
    name="kpi_monthly",
    title="月度关键指标",
    description="KPIs of a month; the rate of several months is sum over sum.",
    grain=("month", "metric"),
):
    """每月的关键指标：分子、分母、目标和报告上的写法。"""

    month: str = month()
    metric: str = label("指标", "Id of the KPI.")
    numerator: int = integer("分子", "The count itself, or what is divided.", required=False)
    denominator: int = integer("分母", "What it is divided by; empty for counts.", required=False)
    value: float = number(
        "数值", "In the KPI's unit, not rounded; empty where it cannot be formed.", required=False
    )
    display: str = label("显示值", "As printed in reports, by the display rule.")
    unit: str = label("单位", "Unit of value and target.")
    target: float = number("目标值", "At least this; empty where there is none.", required=False)
    met: bool = flag(
        "是否达标", "Whether the target is reached; empty without target or value.", required=False
    )
    basis: str = label("口径", "What is divided by what.")
    complete: bool = flag("数据完整", "Whether every expected file of the month has been taken.")
    cutoff: Moment = moment("数据截至", "Moment as of which the month's figures are stated.")
