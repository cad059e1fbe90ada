"""reconciliation: declared figures beside what the rows say (FACTS.md, section 5)."""

from schemas.columns import Column, Kind
from schemas.facts.indicators import number
from schemas.facts.shared import label
from schemas.tables import FactTable

reconciliation = FactTable(
    name="reconciliation",
    title="对账",
    zh="运营方填报的数字与算出的数字逐项对照，差多少、为什么。",
    description="Declared figures, the computed ones that are published, and what lies between.",
    path="{table}/{period}.parquet",
    grain=("period", "metric", "source"),
    columns=(
        Column(name="period", title="期间", kind=Kind.PERIOD, description="Year or month."),
        label("metric", "指标", "Id of the KPI."),
        label("source", "来源", "Where the declared figure is printed."),
        number("declared", "填报值", "The declared figure.", required=True),
        number("computed", "计算值", "The same figure from the facts, not rounded."),
        label("display", "显示值", "The computed figure as printed, by the display rule."),
        number("difference", "差额", "Declared less computed."),
        number("relative", "相对差额", "Difference over computed; empty where that is zero."),
        label("verdict", "结论", "agrees, differs or cannot be computed."),
        label("reproduced_by", "可复现口径", "Bases that give the declared figure; empty if none."),
    ),
)
