"""Notices about what was made of the exports: releases, reports, the month's target, the day.

Belongs here: what the journal, the current release and the ledger of reports say.
"""

from datetime import timedelta

from assets.health import ENOUGH, overdue, pace
from assets.installation import Installation
from assets.notifications.notice import Notice
from assets.releases import current_release, held_release
from assets.reports.content import TARGET, Facts, month_title
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
    found = held_release(installation.warehouse)
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
    return found + _overdue(installation)


def _overdue(installation: Installation) -> list[Notice]:
    """Reports that are overdue, but not for so long that nobody waits for them any more."""
    waited_for = timedelta(days=installation.issuing.backfilled_after_days)
    return [
        Notice(
            f"report_late/{kind}/{key}/overdue", TITLES[kind], f"{key} 应于 {due} 印发，尚未印发"
        )
        for kind, keys in overdue(installation).items()
        for key, due in keys.items()
        if installation.now() <= due_moment(kind, due) + waited_for
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
    expected = f"预计月末{ahead.expected.text}条，目标{TARGET}条"
    said = f"截至{day}更新{ahead.done}条，{expected}；今后每天需更新{ahead.a_day}条"
    return [Notice(f"knowledge/{day:%Y-%m}", month_title(f"{day:%Y-%m}"), said)]


def summary(installation: Installation) -> list[Notice]:
    """How things stand, once a day."""
    facts = _facts(installation)
    said = "还没有发布"
    if facts is not None:
        said = f"当前发布 {facts.release}，数据截至 {facts.cutoff:%Y-%m-%d %H:%M}"
    return [Notice(f"summary/{installation.today}", f"{installation.today}", said)]
