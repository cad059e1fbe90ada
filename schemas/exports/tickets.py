"""工单: one row per ticket and day of change, as it then stood (DATA.md, section 2)."""

from typing import Final

import polars as pl

from schemas.columns import TITLE_LENGTH, Column, Kind
from schemas.exports.shared import code, free_text, identifier, text, timestamp
from schemas.rules import RowCheck, RowRule
from schemas.tables import ExportTable

CHANNELS = ("电话", "微信", "网站", "APP", "市长信箱", "省级平台", "其他")
TICKET_TYPES = ("咨询", "求助", "投诉", "举报", "建议", "表扬", "其他")
SECTORS = ("欠薪", "安全生产", "农村饮水住房安全", "社会矛盾纠纷")
URGENCIES = ("一般", "紧急", "突发")
DIRECT: Final = "直接答复"
DISPATCHED: Final = "转办"
CLOSED: Final = "已办结"
MERGED: Final = "已并单"
VOIDED: Final = "已作废"
STATUSES = ("受理", "办理中", "退回", CLOSED, MERGED, VOIDED)

tickets = ExportTable(
    name="tickets",
    title="工单",
    zh="每一件诉求；有变化时，平台再导出一次。",
    description="Tickets, once more whenever they change.",
    cadence="daily",
    key=("ticket_id",),
    period="accepted_at",
    order=("accepted_at", "dispatched_at", "closed_at"),
    version="updated_at",
    fixed="accepted_at",
    columns=(
        identifier(
            "ticket_id",
            "工单编号",
            "Ticket id.",
            aliases=("诉求编号", "办件编号", "12345工单编号", "案件公文号"),
        ),
        identifier("call_id", "话单编号", "Call that the ticket came from.", required=False),
        code(
            "channel",
            "受理渠道",
            "How the request came in.",
            CHANNELS,
            aliases=("诉求来源", "工单来源"),
        ),
        code(
            "ticket_type",
            "诉求类型",
            "Kind of request.",
            TICKET_TYPES,
            aliases=("工单类型", "业务类型"),
        ),
        text(
            "category",
            "诉求分类",
            "Subject of the request.",
            aliases=("事项大类", "一级分类"),
            is_name=True,
        ),
        code(
            "sector",
            "重点领域",
            "One of the four sectors that the city leaders follow daily.",
            SECTORS,
            required=False,
        ),
        code("urgency", "紧急程度", "Urgency.", URGENCIES, aliases=("紧急度",)),
        text(
            "region",
            "所属区县",
            "County or district.",
            aliases=("诉求区域", "事发区域"),
            is_name=True,
        ),
        free_text("title", "诉求标题", "Title, personal numbers masked.", max_length=TITLE_LENGTH),
        free_text("content", "诉求内容", "Text of the request, personal numbers masked."),
        timestamp(
            "accepted_at",
            "受理时间",
            "When the ticket was accepted; decides its month.",
            aliases=("登记时间", "录入时间", "立案日期"),
        ),
        code("handling", "办理方式", "Answered on the spot, or handed over.", (DIRECT, DISPATCHED)),
        timestamp("dispatched_at", "转办时间", "When it was handed over.", required=False),
        text(
            "unit",
            "承办单位",
            "Unit in charge.",
            required=False,
            aliases=("主办单位", "责任单位", "办理单位", "批转单位"),
            is_name=True,
        ),
        timestamp(
            "extended_to",
            "延期至",
            "Deadline after an approved extension.",
            required=False,
            horizon_days=366,
        ),
        timestamp(
            "closed_at",
            "办结时间",
            "When it was closed.",
            required=False,
            aliases=("办理结束时间", "实际完成时间"),
        ),
        code(
            "status",
            "工单状态",
            "State at the time of the export.",
            STATUSES,
            aliases=("办件状态", "事件状态"),
        ),
        Column(
            name="returns",
            title="退单次数",
            kind=Kind.INTEGER,
            description="How often a unit sent it back.",
            unit="次",
            minimum=0,
        ),
        identifier(
            "merged_into", "主办工单编号", "Ticket that it was merged into.", required=False
        ),
        timestamp(
            "updated_at", "更新时间", "Time of the latest change; decides which version is newer."
        ),
    ),
    checks=(
        RowCheck(
            RowRule(
                "closed_exactly_when_done",
                "状态为“已办结”或“已并单”的应有办结时间，其他状态不应有。",
                "closed_at exactly where the status is 已办结 or 已并单.",
            ),
            "closed_at",
            pl.col("status").is_in([CLOSED, MERGED]) == pl.col("closed_at").is_not_null(),
        ),
        RowCheck(
            RowRule(
                "dispatched_without_unit",
                "转办的工单应填写承办单位。",
                "A dispatched ticket names its unit.",
            ),
            "unit",
            (pl.col("handling") != DISPATCHED) | pl.col("unit").is_not_null(),
        ),
        RowCheck(
            RowRule(
                "merged_into",
                "主办工单编号应在且仅在“已并单”时填写。",
                "merged_into exactly where the status is 已并单.",
            ),
            "merged_into",
            (pl.col("status") == MERGED) == pl.col("merged_into").is_not_null(),
        ),
        RowCheck(
            RowRule(
                "extended_before_accepted",
                "延期至早于受理时间，请核对。",
                "extended_to lies before accepted_at.",
            ),
            "extended_to",
            pl.col("extended_to") >= pl.col("accepted_at"),
        ),
    ),
)
