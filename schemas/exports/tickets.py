"""工单: one row per ticket and day of change, as it then stood (DATA.md, section 2)."""

from typing import Final

import pandera.polars as pa
import polars as pl

from schemas.fields import (
    TITLE_LENGTH,
    Moment,
    code,
    free_text,
    identifier,
    integer,
    name,
    timestamp,
)
from schemas.table import Export

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


class Tickets(
    Export,
    name="tickets",
    title="工单",
    description="Tickets, once more whenever they change.",
    cadence="daily",
    key=("ticket_id",),
    period="accepted_at",
    order=("accepted_at", "dispatched_at", "closed_at"),
    version="updated_at",
    fixed="accepted_at",
):
    """每一件诉求；有变化时，平台再导出一次。"""

    ticket_id: str = identifier(
        "工单编号",
        "Ticket id.",
        aliases=("诉求编号", "办件编号", "12345工单编号", "案件公文号"),
    )
    call_id: str = identifier("话单编号", "Call that the ticket came from.", required=False)
    channel: str = code(
        "受理渠道", "How the request came in.", CHANNELS, aliases=("诉求来源", "工单来源")
    )
    ticket_type: str = code(
        "诉求类型", "Kind of request.", TICKET_TYPES, aliases=("工单类型", "业务类型")
    )
    category: str = name("诉求分类", "Subject of the request.", aliases=("事项大类", "一级分类"))
    sector: str = code(
        "重点领域",
        "One of the four sectors that the city leaders follow daily.",
        SECTORS,
        required=False,
    )
    urgency: str = code("紧急程度", "Urgency.", URGENCIES, aliases=("紧急度",))
    region: str = name("所属区县", "County or district.", aliases=("诉求区域", "事发区域"))
    title: str = free_text("诉求标题", "Title, personal numbers masked.", max_length=TITLE_LENGTH)
    content: str = free_text("诉求内容", "Text of the request, personal numbers masked.")
    accepted_at: Moment = timestamp(
        "受理时间",
        "When the ticket was accepted; decides its month.",
        aliases=("登记时间", "录入时间", "立案日期"),
    )
    handling: str = code("办理方式", "Answered on the spot, or handed over.", (DIRECT, DISPATCHED))
    dispatched_at: Moment = timestamp("转办时间", "When it was handed over.", required=False)
    unit: str = name(
        "承办单位",
        "Unit in charge.",
        required=False,
        aliases=("主办单位", "责任单位", "办理单位", "批转单位"),
    )
    extended_to: Moment = timestamp(
        "延期至",
        "Deadline after an approved extension; a date alone is the end of its day.",
        required=False,
        horizon_days=366,
        ends_day=True,
    )
    closed_at: Moment = timestamp(
        "办结时间",
        "When it was closed.",
        required=False,
        aliases=("办理结束时间", "实际完成时间"),
    )
    status: str = code(
        "工单状态",
        "State at the time of the export.",
        STATUSES,
        aliases=("办件状态", "事件状态"),
    )
    returns: int = integer("退单次数", "How often a unit sent it back.", unit="次", minimum=0)
    merged_into: str = identifier("主办工单编号", "Ticket that it was merged into.", required=False)
    updated_at: Moment = timestamp(
        "更新时间", "Time of the latest change; decides which version is newer."
    )

    @pa.check(
        "closed_at",
        name="closed_exactly_when_done",
        title="状态为“已办结”或“已并单”的应有办结时间，其他状态不应有。",
    )
    def _closed_exactly_when_done(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """closed_at exactly where the status is 已办结 or 已并单."""
        done = pl.col("status").is_in([CLOSED, MERGED])
        return data.lazyframe.select(done == pl.col("closed_at").is_not_null())

    @pa.check("unit", name="dispatched_without_unit", title="转办的工单应填写承办单位。")
    def _dispatched_without_unit(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """A dispatched ticket names its unit."""
        direct = pl.col("handling") != DISPATCHED
        return data.lazyframe.select(direct | pl.col("unit").is_not_null())

    @pa.check("merged_into", name="merged_into", title="主办工单编号应在且仅在“已并单”时填写。")
    def _merged_into(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """merged_into exactly where the status is 已并单."""
        merged = pl.col("status") == MERGED
        return data.lazyframe.select(merged == pl.col("merged_into").is_not_null())

    @pa.check(
        "merged_into", name="merged_into_itself", title="主办工单编号就是本工单的编号，请核对。"
    )
    def _merged_into_itself(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """merged_into names the ticket itself."""
        return data.lazyframe.select(pl.col("merged_into") != pl.col("ticket_id"))

    @pa.check("extended_to", name="extended_before_accepted", title="延期至早于受理时间，请核对。")
    def _extended_before_accepted(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """extended_to lies before accepted_at."""
        return data.lazyframe.select(pl.col("extended_to") >= pl.col("accepted_at"))
