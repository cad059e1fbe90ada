"""The forms that are filled in by hand: 年度填报 and 运营方填报 (DATA.md, section 2)."""

from schemas.fields import code, free_text, identifier, integer, number, period, text
from schemas.kpis import KPIS
from schemas.table import Export

# Columns of the form that the office fills in (`assets.indicators`).
TITLE, BOUNDS, LAST_YEAR, EXPLANATION = "三级指标", "允许范围", "上年数值", "说明"


class Annual(
    Export,
    name="annual",
    title="年度填报",
    description="Declared figures and judged scores of a year.",
    cadence="yearly",
    key=("year", "indicator", "item"),
    period="year",
    helping=(TITLE, BOUNDS, LAST_YEAR, EXPLANATION),
):
    """年终填报的数字和评判，其他导出里没有。"""

    year: int = integer("年度", "Year.", minimum=2000, maximum=2100)
    indicator: str = identifier("指标", "Id of an indicator of that year's scheme.")
    item: str = text("数据项", "Which figure of the indicator.")
    value: float = number("数值", "The figure.")
    unit: str = text("单位", "Unit of the figure.")
    evidence: str = free_text("依据", "What it rests on.")


class Declared(
    Export,
    name="declared",
    title="运营方填报",
    description="Figures that the operator reports of itself.",
    cadence="yearly",
    key=("period", "metric", "source"),
    period="period",
):
    """运营方自己上报的数字，用来与算出的数字对账。"""

    period: str = period("期间", "Year or month it is about.")
    metric: str = code("指标", "Id of a KPI.", tuple(kpi.id for kpi in KPIS))
    value: float = number("数值", "The declared figure.")
    source: str = text("来源", "Page or table where it is printed.")
