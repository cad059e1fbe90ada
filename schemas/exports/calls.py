"""话务: one row per call that reached the hotline (DATA.md, section 2)."""

from datetime import timedelta
from typing import Final

import pandera.polars as pa
import polars as pl

from schemas.fields import Moment, Protection, code, identifier, name, text, timestamp
from schemas.table import Export

ANSWERED: Final = "接通"
HUNG_UP: Final = "用户挂断"
RING_TIMEOUT: Final = "振铃超时"
AGENT_REJECTED: Final = "坐席拒接"
TEST: Final = "测试"
# A call takes no longer.
LONGEST: Final = timedelta(hours=6)
OUTCOMES = (ANSWERED, HUNG_UP, RING_TIMEOUT, AGENT_REJECTED, TEST)


class Calls(
    Export,
    name="calls",
    title="话务",
    description="Calls that reached the hotline, answered or lost.",
    cadence="daily",
    key=("call_id",),
    period="offered_at",
    order=("offered_at", "answered_at", "ended_at"),
    tolerance_seconds=2,
):
    """打进热线的每一通电话，接通的和没有接通的。"""

    call_id: str = identifier("话单编号", "Call record id.", aliases=("录音流水号", "通话记录ID"))
    caller: str = identifier(
        "主叫号码",
        "Caller's number; kept only as a keyed pseudonym, caller_key. Empty where it is not known.",
        required=False,
        header_required=True,
        aliases=("来电号码", "主叫", "客户来电号码"),
        protection=Protection.PSEUDONYM,
        stored_as="caller_key",
    )
    line: str = name(
        "接入热线",
        "Line that was dialled.",
        may_be_number=True,
        aliases=("被叫号码", "被叫", "来电热线号码"),
    )
    offered_at: Moment = timestamp(
        "呼入时间",
        "When the call reached the hotline.",
        aliases=("开始时间", "联系时间", "通话开始时间"),
    )
    answered_at: Moment = timestamp(
        "接通时间", "When an agent answered.", required=False, aliases=("座席接起时间",)
    )
    ended_at: Moment = timestamp("挂断时间", "When the call ended.", aliases=("结束时间",))
    agent_id: str = identifier(
        "坐席工号",
        "Agent who answered or was rung.",
        required=False,
        aliases=("座席号", "坐席编号"),
    )
    outcome: str = code("呼叫结果", "What became of the call.", OUTCOMES)
    rating: str = text("满意度评价", "Rating that the caller keyed in.", required=False)

    @pa.check("ended_at", name="call_too_long", title="通话超过6小时，请核对呼入时间和挂断时间。")
    def _call_too_long(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """The call is longer than 6 hours."""
        length = pl.col("ended_at") - pl.col("offered_at")
        return data.lazyframe.select(length <= LONGEST)

    @pa.check(
        "outcome",
        name="outcome_answered",
        title="呼叫结果为“接通”的应有接通时间，其他结果不应有（测试呼叫除外）。",
    )
    def _outcome_answered(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Outcome 接通 exactly where answered_at is present (test calls may have either)."""
        answered = pl.col("outcome") == ANSWERED
        return data.lazyframe.select(
            (pl.col("outcome") == TEST) | (answered == pl.col("answered_at").is_not_null())
        )
