"""kpi_monthly: every KPI of a month with its two sums, display and target (FACTS.md, section 3)."""

from schemas.columns import Column, Kind
from schemas.facts.shared import MONTH, label
from schemas.tables import FactTable

kpi_monthly = FactTable(
    name="kpi_monthly",
    title="月度关键指标",
    zh="每月的关键指标：分子、分母、目标和报告上的写法。",
    description="KPIs of a month; the rate of several months is sum over sum.",
    grain=("month", "metric"),
    columns=(
        MONTH,
        label("metric", "指标", "Id of the KPI."),
        Column(
            name="numerator",
            title="分子",
            kind=Kind.INTEGER,
            description="The count itself, or what is divided.",
            required=False,
        ),
        Column(
            name="denominator",
            title="分母",
            kind=Kind.INTEGER,
            description="What it is divided by; empty for counts.",
            required=False,
        ),
        Column(
            name="value",
            title="数值",
            kind=Kind.NUMBER,
            description="In the KPI's unit, not rounded; empty where it cannot be formed.",
            required=False,
        ),
        label("display", "显示值", "As printed in reports, by the display rule."),
        label("unit", "单位", "Unit of value and target."),
        Column(
            name="target",
            title="目标值",
            kind=Kind.NUMBER,
            description="At least this; empty where there is none.",
            required=False,
        ),
        Column(
            name="met",
            title="是否达标",
            kind=Kind.FLAG,
            description="Whether the target is reached; empty without target or value.",
            required=False,
        ),
        label("basis", "口径", "What is divided by what."),
        Column(
            name="complete",
            title="数据完整",
            kind=Kind.FLAG,
            description="Whether every expected file of the month has been taken.",
        ),
        Column(
            name="cutoff",
            title="数据截至",
            kind=Kind.TIMESTAMP,
            description="Moment as of which the month's figures are stated.",
        ),
    ),
)
