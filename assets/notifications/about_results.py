"""Notices about what was made of the exports: releases, reports, indicators, topics."""

from datetime import timedelta

from assets.health import (
    ENOUGH,
    check_deadlines,
    late_reports,
    pace,
)
from assets.installation import Installation
from assets.notifications.events import Notice
from assets.releases import current_release, pending_approval
from assets.reports.content import KNOWLEDGE_TARGET, Facts, Span, month_title
from assets.reports.content import rising as rising_slices
from assets.reports.issue import Ledger, due_moment
from schemas.reports import TITLES


def _facts(installation: Installation) -> Facts | None:
    """The current release; None where there is none."""
    release = current_release(installation.warehouse)
    return Facts(installation.warehouse.releases / release) if release else None


def published(installation: Installation) -> list[Notice]:
    """The current release."""
    facts = _facts(installation)
    if facts is None:
        return []
    until = f"{facts.cutoff:%Y-%m-%d %H:%M}"
    return [Notice(f"published/{facts.release}", facts.release, f"数据截至 {until}")]


def held(installation: Installation) -> list[Notice]:
    """A release that waits for a person, once for as long as the same release stays current."""
    found = pending_approval(installation.warehouse)
    if found is None:
        return []
    why = "当前发布已固定" if found.pinned else f"已结束的月份变动较大，共 {len(found.reasons)} 项"
    kind = "pinned" if found.pinned else "moved"
    current = current_release(installation.warehouse)
    said = f"{why}；请运行 hotline status 查看，核对后用 hotline accept 确认"
    return [Notice(f"held/{kind}/{current}", found.release, said)]


def reports(installation: Installation) -> list[Notice]:
    """Reports that were issued, in time or late, and those that are overdue."""
    found = []
    for entry in Ledger(installation.warehouse).entries:
        again = f"第{entry.revision}版" if entry.revision > 1 else ""
        late = not again and not entry.in_time and not entry.backfilled
        event = "report_late" if late else "report"
        said = f"{entry.period}{again}{'（迟发）' if late else ''}"
        name = f"{event}/{entry.kind}/{entry.period}/r{entry.revision}"
        found.append(Notice(name, TITLES[entry.kind], said))
    # After some weeks nobody waits for a report any more.
    waited_for = timedelta(days=installation.reports.backfilled_after_days)
    for kind, keys in late_reports(installation).items():
        for key, due in keys.items():
            if installation.now() <= due_moment(kind, due, installation.zone) + waited_for:
                said = f"{key} 应于 {due} 印发，尚未印发"
                found.append(Notice(f"report_late/{kind}/{key}/overdue", TITLES[kind], said))
    return found


def calendar(installation: Installation) -> list[Notice]:
    """Years that the working-day calendar lacks and tickets are due in."""
    return [
        Notice(
            f"calendar/{year}", f"{year}年", "有工单的时限算不出，相关数字从缺；请按手册“11.”补上"
        )
        for year in check_deadlines(installation).faults
    ]


def knowledge(installation: Installation) -> list[Notice]:
    """The knowledge base where it will miss this month's target at its pace so far."""
    found = pace(installation)
    if found is None:
        return []
    day, ahead = found
    this_month = (day.year, day.month) == (installation.today.year, installation.today.month)
    if not this_month or ahead.days < ENOUGH or ahead.on_course:
        return []
    expected = f"预计月末{ahead.expected.text}条，目标{KNOWLEDGE_TARGET}条"
    said = f"截至{day}更新{ahead.done}条，{expected}；今后每天需更新{ahead.a_day}条"
    return [Notice(f"knowledge/{day:%Y-%m}", month_title(f"{day:%Y-%m}"), said)]


def summary(installation: Installation) -> list[Notice]:
    """How things stand, once a day."""
    facts = _facts(installation)
    said = "还没有发布"
    if facts is not None:
        said = f"当前发布 {facts.release}，数据截至 {facts.cutoff:%Y-%m-%d %H:%M}"
    return [Notice(f"summary/{installation.today}", f"{installation.today}", said)]


def rising(installation: Installation) -> list[Notice]:
    """What is asked about more than expected on the last day; told once while it lasts."""
    name = current_release(installation.warehouse)
    if name is None:
        return []
    facts = Facts(installation.warehouse.releases / name)
    last = facts.cutoff.date() - timedelta(days=1)
    return [
        Notice(
            f"rising/{each.kind}/{each.topic}",
            each.topic,
            f"{each.days}{each.now.text}件，预期{each.usual.text}件",
        )
        for each in rising_slices(facts, Span(last, last)) or []
    ]
