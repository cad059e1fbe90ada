"""Notices about what was made of the exports: releases, reports, the month's target, the day.

Belongs here: what the journal, the current release and the ledger of reports say.
"""

from datetime import timedelta

from assets.notices.notice import Notice
from assets.releases.hold import held_release
from assets.releases.publish import current_release
from assets.reports.content.knowledge import TARGET
from assets.reports.content.months import month_title
from assets.reports.content.reading import Facts
from assets.reports.issue.ledger import Ledger
from assets.reports.issue.timeliness import due_moment
from assets.site import Site
from assets.standing.course import ENOUGH, pace
from assets.standing.issues import overdue
from schemas.reports import TITLES


def _facts(site: Site) -> Facts | None:
    """The current release; None where there is none."""
    release = current_release(site.warehouse)
    return Facts(site.warehouse.releases / release) if release else None


def published(site: Site) -> list[Notice]:
    """The current release."""
    facts = _facts(site)
    if facts is None:
        return []
    until = f"{facts.cutoff:%Y-%m-%d %H:%M}"
    return [Notice(f"published/{facts.release}", facts.release, f"数据截至 {until}")]


def held(site: Site) -> list[Notice]:
    """A release that waits for a person, once for as long as the same release stays current."""
    found = held_release(site.warehouse)
    if found is None:
        return []
    why = "当前发布已固定" if found.pinned else f"已结束的月份变动较大，共 {len(found.reasons)} 项"
    kind = "pinned" if found.pinned else "moved"
    current = current_release(site.warehouse)
    said = f"{why}；请运行 hotline status 查看，核对后用 hotline accept 确认"
    return [Notice(f"held/{kind}/{current}", found.release, said)]


def reports(site: Site) -> list[Notice]:
    """Reports that were issued, in time or late, and those that are overdue."""
    found = []
    for entry in Ledger(site.warehouse).entries:
        again = f"第{entry.revision}版" if entry.revision > 1 else ""
        late = not again and not entry.in_time and not entry.backfilled
        event = "report_late" if late else "report"
        said = f"{entry.period}{again}{'（迟发）' if late else ''}"
        name = f"{event}/{entry.kind}/{entry.period}/r{entry.revision}"
        found.append(Notice(name, TITLES[entry.kind], said))
    return found + _overdue(site)


def _overdue(site: Site) -> list[Notice]:
    """Reports that are overdue, but not for so long that nobody waits for them any more."""
    waited_for = timedelta(days=site.issuing.backfilled_after_days)
    return [
        Notice(
            f"report_late/{kind}/{key}/overdue", TITLES[kind], f"{key} 应于 {due} 印发，尚未印发"
        )
        for kind, keys in overdue(site).items()
        for key, due in keys.items()
        if site.now() <= due_moment(kind, due) + waited_for
    ]


def knowledge(site: Site) -> list[Notice]:
    """The knowledge base where it will miss this month's target at its pace so far."""
    found = pace(site)
    if found is None:
        return []
    day, ahead = found
    this_month = (day.year, day.month) == (site.today.year, site.today.month)
    if not this_month or ahead.days < ENOUGH or ahead.on_course:
        return []
    expected = f"预计月末{ahead.expected.text}条，目标{TARGET}条"
    said = f"截至{day}更新{ahead.done}条，{expected}；今后每天需更新{ahead.a_day}条"
    return [Notice(f"knowledge/{day:%Y-%m}", month_title(f"{day:%Y-%m}"), said)]


def summary(site: Site) -> list[Notice]:
    """How things stand, once a day."""
    facts = _facts(site)
    said = "还没有发布"
    if facts is not None:
        said = f"当前发布 {facts.release}，数据截至 {facts.cutoff:%Y-%m-%d %H:%M}"
    return [Notice(f"summary/{site.today}", f"{site.today}", said)]
