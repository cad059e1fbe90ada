"""Whether this month's knowledge base will reach its target.

Belongs here: the projection of the reports, held against the target while there is time to act.
"""

from datetime import date

import polars as pl

from assets.exports import TAKEN
from assets.health.finding import Finding
from assets.installation import Installation
from assets.releases import current_release
from assets.reports.content import TARGET, Facts, Projection, projection

# A pace of fewer days says nothing.
ENOUGH = 7


def pace(installation: Installation) -> tuple[date, Projection] | None:
    """The last day with an export of the knowledge base, and where its month is heading.

    From the current release; None where there is none, or no such export in it.
    """
    release = current_release(installation.warehouse)
    if release is None:
        return None
    folder = installation.warehouse.releases / release
    taken = pl.read_parquet(folder / "files.parquet").filter(dataset="knowledge", state=TAKEN)
    day = taken["export_date"].max()
    return (day, projection(Facts(folder), day)) if isinstance(day, date) else None


def knowledge_on_course(installation: Installation) -> Finding:
    """Whether the month of the last day with an export reaches its target at its pace."""
    if "knowledge" not in installation.profile.datasets:
        return Finding(True, 0, "来源配置里没有知识库的导出。")
    found = pace(installation)
    if found is None and current_release(installation.warehouse) is None:
        return Finding(False, 0, "还没有发布过数据，看不出知识库的进度：请先运行 hotline run。")
    if found is None:
        return Finding(False, 0, "还没有收到知识库的导出，看不出进度：请向平台索要。")
    day, ahead = found
    done = f"{day.year}年{day.month}月截至{day.day}日更新 {ahead.done} 条，目标 {TARGET} 条"
    if ahead.on_course:
        return Finding(True, ahead.days, f"{done}，按这个进度能够达标。")
    if ahead.days < ENOUGH:
        return Finding(True, ahead.days, f"{done}；月初不足 {ENOUGH} 天，还看不出进度。")
    if ahead.a_day is None:
        return Finding(
            False, ahead.days, f"{done}，月份已结束，差 {ahead.lacking} 条：请报告主管。"
        )
    return Finding(
        False,
        ahead.days,
        f"{done}，按这个进度月末只有 {ahead.expected.text} 条："
        f"请督促各单位报送，今后每天需更新 {ahead.a_day} 条。",
    )
