"""年度填报: figures and judgements that no export holds (DATA.md, section 2)."""

from schemas.columns import Column, Kind, Protection
from schemas.exports.shared import identifier, text
from schemas.tables import ExportTable

# Columns of the form that the office fills in (`assets.indicators.forms`).
TITLE, BOUNDS, LAST_YEAR, EXPLANATION = "三级指标", "允许范围", "上年数值", "说明"

annual = ExportTable(
    name="annual",
    title="年度填报",
    zh="年终填报的数字和评判，其他导出里没有。",
    description="Declared figures and judged scores of a year.",
    cadence="yearly",
    key=("year", "indicator", "item"),
    period="year",
    helping=(TITLE, BOUNDS, LAST_YEAR, EXPLANATION),
    columns=(
        Column(
            name="year",
            title="年度",
            kind=Kind.INTEGER,
            description="Year.",
            minimum=2015,
            maximum=2100,
        ),
        identifier("indicator", "指标", "Id of an indicator of that year's scheme."),
        text("item", "数据项", "Which figure of the indicator."),
        Column(name="value", title="数值", kind=Kind.NUMBER, description="The figure."),
        text("unit", "单位", "Unit of the figure."),
        text(
            "evidence",
            "依据",
            "What it rests on.",
            max_length=20_000,
            protection=Protection.MASKED,
        ),
    ),
)
