"""回访: one row per attempt to call a citizen back about a ticket (DATA.md, section 2)."""

from typing import Final

import pandera.polars as pa
import polars as pl

from schemas.fields import Moment, code, identifier, timestamp
from schemas.table import Export

REACHED: Final = "接通"
REFUSED: Final = "拒访"
RESULTS = (REACHED, "未接通", REFUSED)
SATISFIED: Final = "满意"
BASICALLY_SATISFIED: Final = "基本满意"
DISSATISFIED: Final = "不满意"
UNRATED: Final = "未评价"
SATISFACTIONS = (SATISFIED, BASICALLY_SATISFIED, DISSATISFIED, UNRATED)


class Callbacks(
    Export,
    name="callbacks",
    title="回访",
    description="Attempts to call citizens back.",
    cadence="daily",
    key=("callback_id",),
    period="called_at",
):
    """办结后给市民打的每一次回访电话。"""

    callback_id: str = identifier("回访编号", "Attempt id.")
    ticket_id: str = identifier("工单编号", "Ticket that the attempt is about.")
    called_at: Moment = timestamp("回访时间", "When the attempt was made; decides its month.")
    result: str = code("回访结果", "Reached or not.", RESULTS)
    satisfaction: str = code("满意度", "What the citizen said.", SATISFACTIONS, required=False)
    agent_id: str = identifier("坐席工号", "Agent who called.", required=False)

    @pa.check(
        "satisfaction",
        name="satisfaction_without_contact",
        title="只有回访结果为“接通”时才应有满意度。",
    )
    def _satisfaction_without_contact(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """satisfaction is present only where the citizen was reached."""  # noqa: D403
        reached = pl.col("result") == REACHED
        return data.lazyframe.select(reached | pl.col("satisfaction").is_null())
