"""What is owed of the results: months that are out of date, reports that are late, a target."""

from collections import Counter
from datetime import date

from assets.core import GOOD, NOTE, WRONG, CheckResult, Level, read_whole
from assets.exports import TAKEN
from assets.facts import MONTHLY, FactsPlan, Inputs
from assets.installation import Installation
from assets.releases import current_release, stale_items
from assets.reports.content import (
    KNOWLEDGE_TARGET,
    Facts,
    KnowledgeProjection,
    due_date,
    knowledge_projection,
    period_of,
)
from assets.reports.issue import Ledger, due_moment, due_reports
from schemas.reports import KINDS, TITLES, ReportKind

STALE = "nothing_stale", "现状：各期都已按现有数据算出，没有过期或失败的"
REPORTS = "issued_by_due_date", "现状：到期的报告都已印发"
KNOWLEDGE = "on_course", "现状：按目前进度，本月知识库更新能够达标"
DEADLINES = "deadlines_known", "现状：每件工单的时限都算得出"
# The pace of fewer days says nothing.
ENOUGH = 7
_SHOWN = 5


def _few(names: list[str]) -> str:
    return "、".join(names[:_SHOWN]) + ("……" if names[_SHOWN:] else "")


def check_stale(installation: Installation) -> CheckResult:
    """Whether no month or year is out of date or could not be built."""
    plan = FactsPlan(installation)
    found = stale_items(installation, plan)
    sentence = "各期都是按现有数据算出的。"
    if found:
        sentence = (
            f"有 {len(found)} 项没有按现有数据算出（{_few(found)}）："
            "请运行 hotline run，仍不行就看它给出的原因。"
        )
    return CheckResult(
        *STALE,
        WRONG if found else GOOD,
        sentence,
        examined=sum(len(plan.months(table)) for table in MONTHLY),
        faults=tuple(found),
    )


def late_reports(installation: Installation) -> dict[ReportKind, dict[str, date]]:
    """Reports past their due moment that were never issued: day by which each was due, by key."""
    ledger = Ledger(installation.warehouse)
    found: dict[ReportKind, dict[str, date]] = {kind: {} for kind in KINDS}
    for kind, keys in due_reports(installation).items():
        for key in keys:
            due = due_date(kind, period_of(kind, key, installation.reports.week_start))
            if (
                installation.now() > due_moment(kind, due, installation.zone)
                and ledger.last(kind, key) is None
            ):
                found[kind][key] = due
    return found


def check_reports(installation: Installation) -> dict[ReportKind, CheckResult]:
    """Whether there is no report of each kind that is past its due moment and was never issued."""
    entries = Ledger(installation.warehouse).entries
    issued = Counter(each.kind for each in entries if each.revision == 1)
    found = {}
    for kind, late in late_reports(installation).items():
        title = TITLES[kind]
        sentence = f"到期的{title}都已印发。"
        if late:
            sentence = (
                f"有 {len(late)} 份{title}已过期限还没有印发（{_few(list(late))}）："
                "请运行 hotline run，仍不行就看它给出的原因。"
            )
        found[kind] = CheckResult(
            *REPORTS,
            WRONG if late else GOOD,
            sentence,
            examined=issued[kind] + len(late),
            faults=tuple(late),
        )
    return found


def pace(installation: Installation) -> tuple[date, KnowledgeProjection] | None:
    """The last day with an export of the knowledge base, and where its month is heading.

    From the current release; None where there is none, or no such export in it.
    """
    release = current_release(installation.warehouse)
    if release is None:
        return None
    folder = installation.warehouse.releases / release
    taken = read_whole(folder / "files.parquet").filter(dataset="knowledge", state=TAKEN)
    day = taken["export_date"].max()
    return (day, knowledge_projection(Facts(folder), day)) if isinstance(day, date) else None


def check_deadlines(installation: Installation) -> CheckResult:
    """Whether the working-day calendar has every year that a ticket is due in."""
    tickets = Inputs(installation.warehouse).details["tickets"]
    lacking = {month: each.years_unknown for month, each in tickets.items() if each.years_unknown}
    years = sorted({year for found in lacking.values() for year in found})
    sentence = "每件工单的时限都算得出。"
    if years:
        sentence = (
            f"工作日历没有{'、'.join(map(str, years))}年，{_few(sorted(lacking))} 受理的工单中"
            "有的算不出时限，这些月份的按时办结、逾期等数字从缺："
            "请按手册“11.”补上节假日和调休，再运行 hotline run。"
        )
    return CheckResult(
        *DEADLINES,
        WRONG if years else GOOD,
        sentence,
        examined=len(tickets),
        faults=tuple(map(str, years)),
    )


def check_knowledge(installation: Installation) -> CheckResult:
    """Whether the month of the last day with an export reaches its target at its pace."""
    level, sentence, examined = _knowledge(installation)
    return CheckResult(*KNOWLEDGE, level, sentence, examined=examined)


def _knowledge(installation: Installation) -> tuple[Level, str, int]:
    """Level, sentence and number of days that the pace is taken from."""
    if "knowledge" not in installation.profile.datasets:
        return GOOD, "来源配置里没有知识库的导出。", 0
    found = pace(installation)
    if found is None:
        if current_release(installation.warehouse) is None:
            return NOTE, "还没有发布过数据，看不出知识库的进度：请先运行 hotline run。", 0
        return NOTE, "还没有收到知识库的导出，看不出进度：请向平台索要。", 0
    day, ahead = found
    done = (
        f"{day.year}年{day.month}月截至{day.day}日更新 {ahead.done} 条，目标 {KNOWLEDGE_TARGET} 条"
    )
    if ahead.on_course:
        return GOOD, f"{done}，按这个进度能够达标。", ahead.days
    if ahead.days < ENOUGH:
        return GOOD, f"{done}；月初不足 {ENOUGH} 天，还看不出进度。", ahead.days
    if ahead.a_day is None:
        return NOTE, f"{done}，月份已结束，差 {ahead.lacking} 条：请报告主管。", ahead.days
    return (
        NOTE,
        f"{done}，按这个进度月末只有 {ahead.expected.text} 条："
        f"请督促各单位报送，今后每天需更新 {ahead.a_day} 条。",
        ahead.days,
    )
