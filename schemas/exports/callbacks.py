"""回访: one row per attempt to call a citizen back about a ticket (DATA.md, section 2)."""

from typing import Final

import polars as pl

from schemas.exports.shared import code, identifier, timestamp
from schemas.rules import RowCheck, RowRule
from schemas.tables import ExportTable

REACHED: Final = "接通"
REFUSED: Final = "拒访"
RESULTS = (REACHED, "未接通", REFUSED)
SATISFIED: Final = "满意"
BASICALLY_SATISFIED: Final = "基本满意"
DISSATISFIED: Final = "不满意"
UNRATED: Final = "未评价"
SATISFACTIONS = (SATISFIED, BASICALLY_SATISFIED, DISSATISFIED, UNRATED)

callbacks = ExportTable(
    name="callbacks",
    title="回访",
    zh="办结后给市民打的每一次回访电话。",
    description="Attempts to call citizens back.",
    cadence="daily",
    key=("callback_id",),
    period="called_at",
    columns=(
        identifier("callback_id", "回访编号", "Attempt id."),
        identifier("ticket_id", "工单编号", "Ticket that the attempt is about."),
        timestamp("called_at", "回访时间", "When the attempt was made; decides its month."),
        code("result", "回访结果", "Reached or not.", RESULTS),
        code("satisfaction", "满意度", "What the citizen said.", SATISFACTIONS, required=False),
        identifier("agent_id", "坐席工号", "Agent who called.", required=False),
    ),
    checks=(
        RowCheck(
            RowRule(
                "satisfaction_without_contact",
                "只有回访结果为“接通”时才应有满意度。",
                "satisfaction is present only where the citizen was reached.",
            ),
            "satisfaction",
            (pl.col("result") == REACHED) | pl.col("satisfaction").is_null(),
        ),
    ),
)
