"""话务: one row per call that reached the hotline (DATA.md, section 2)."""

from typing import Final

import polars as pl

from schemas.columns import ID_LENGTH, Column, Kind, Protection
from schemas.exports.shared import code, identifier, text, timestamp
from schemas.rules import RowCheck, RowRule
from schemas.tables import ExportTable

ANSWERED: Final = "接通"
HUNG_UP: Final = "用户挂断"
RING_TIMEOUT: Final = "振铃超时"
AGENT_REJECTED: Final = "坐席拒接"
TEST: Final = "测试"
OUTCOMES = (ANSWERED, HUNG_UP, RING_TIMEOUT, AGENT_REJECTED, TEST)
LONGEST_CALL = pl.duration(hours=6)

calls = ExportTable(
    name="calls",
    title="话务",
    zh="打进热线的每一通电话，接通的和没有接通的。",
    description="Calls that reached the hotline, answered or lost.",
    cadence="daily",
    key=("call_id",),
    period="offered_at",
    order=("offered_at", "answered_at", "ended_at"),
    tolerance_seconds=2,
    columns=(
        identifier("call_id", "话单编号", "Call record id.", aliases=("录音流水号", "通话记录ID")),
        Column(
            name="caller",
            title="主叫号码",
            kind=Kind.IDENTIFIER,
            description="Caller's number; kept only as a keyed pseudonym, caller_key.",
            aliases=("来电号码", "主叫", "客户来电号码"),
            max_length=ID_LENGTH,
            protection=Protection.PSEUDONYM,
            stored_as="caller_key",
        ),
        text(
            "line",
            "接入热线",
            "Line that was dialled.",
            aliases=("被叫号码", "被叫", "来电热线号码"),
            is_name=True,
        ),
        timestamp(
            "offered_at",
            "呼入时间",
            "When the call reached the hotline.",
            aliases=("开始时间", "联系时间", "通话开始时间"),
        ),
        timestamp(
            "answered_at",
            "接通时间",
            "When an agent answered.",
            required=False,
            aliases=("座席接起时间",),
        ),
        timestamp("ended_at", "挂断时间", "When the call ended.", aliases=("结束时间",)),
        identifier(
            "agent_id",
            "坐席工号",
            "Agent who answered or was rung.",
            required=False,
            aliases=("座席号", "坐席编号"),
        ),
        code("outcome", "呼叫结果", "What became of the call.", OUTCOMES),
        text("rating", "满意度评价", "Rating that the caller keyed in.", required=False),
    ),
    checks=(
        RowCheck(
            RowRule(
                "call_too_long",
                "通话超过6小时，请核对呼入时间和挂断时间。",
                "The call is longer than 6 hours.",
            ),
            "ended_at",
            pl.col("ended_at") - pl.col("offered_at") <= LONGEST_CALL,
        ),
        RowCheck(
            RowRule(
                "outcome_answered",
                "呼叫结果为“接通”的应有接通时间，其他结果不应有（测试呼叫除外）。",
                "Outcome 接通 exactly where answered_at is present (test calls may have either).",
            ),
            "outcome",
            (pl.col("outcome") == TEST)
            | ((pl.col("outcome") == ANSWERED) == pl.col("answered_at").is_not_null()),
        ),
    ),
)
