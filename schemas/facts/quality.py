"""quality: inspections of calls (FACTS.md, section 2)."""

from schemas.columns import Column, Kind
from schemas.facts.shared import MONTH, count, date, label
from schemas.tables import FactTable

quality = FactTable(
    name="quality",
    title="话务监听月度事实",
    zh="按日期和方式统计的话务监听。",
    description="Inspections by day and mode.",
    grain=("month", "date", "mode"),
    columns=(
        MONTH,
        date("Day of the inspection."),
        label("mode", "质检方式", "在线 or 事后."),
        count("monitored", "监听数", "通", "Calls inspected."),
        count("passed", "合格数", "通", "Calls that passed."),
        Column(
            name="score_sum",
            title="得分合计",
            kind=Kind.NUMBER,
            description="Sum of scores, exact to the hundredth.",
            unit="分",
        ),
    ),
)
