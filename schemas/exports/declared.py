"""运营方填报: figures that the operator reports of itself (DATA.md, section 2)."""

from schemas.columns import Column, Kind
from schemas.exports.shared import code, text
from schemas.kpis import KPIS
from schemas.tables import ExportTable

declared = ExportTable(
    name="declared",
    title="运营方填报",
    zh="运营方自己上报的数字，用来与算出的数字对账。",
    description="Figures that the operator reports of itself.",
    cadence="yearly",
    key=("period", "metric", "source"),
    period="period",
    columns=(
        Column(
            name="period", title="期间", kind=Kind.PERIOD, description="Year or month it is about."
        ),
        code("metric", "指标", "Id of a KPI.", tuple(kpi.id for kpi in KPIS)),
        Column(name="value", title="数值", kind=Kind.NUMBER, description="The declared figure."),
        text("source", "来源", "Page or table where it is printed."),
    ),
)
