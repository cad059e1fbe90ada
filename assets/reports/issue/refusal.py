"""Why there can be no report of a period, in one sentence.

Belongs here: what must hold before a report is composed. Nothing of it needs the renderers, so a
command can say it at once.
"""

from assets.errors import HotlineError
from assets.releases.publish import current_release
from assets.reports.content.model import Period
from assets.reports.issue.arrived import Arrived
from assets.reports.issue.numbering import is_reported
from assets.site import Site
from schemas.reports import TITLES


class NoReport(HotlineError):
    """There is no report of a period; the sentence says why."""


def arrived(site: Site) -> Arrived:
    """The account of the exports of the current release.

    Raises:
        NoReport: nothing was published yet.
    """
    release = current_release(site.warehouse)
    if release is None:
        raise NoReport("还没有发布过数据，不能印发报告：请先运行 hotline run。")
    return Arrived(site.warehouse.releases / release)


def check(site: Site, known: Arrived, period: Period) -> None:
    """Say why there can be no report of a period.

    Args:
        site: the installation; its clock decides what is over.
        known: the account of the exports.
        period: the period asked for.

    Raises:
        NoReport: the period is not over, not reported, or without data.
    """
    name = f"{period.title}{TITLES[period.kind]}"
    first = site.first_reported(period.kind)
    if not is_reported(period.kind, period.first, period.last, first):
        raise NoReport(
            f"{name}早于起始日 {first}，不印发：确实需要，请改 hotline.toml 的 [reports]。"
        )
    if period.last >= site.today:
        raise NoReport(f"{name}的统计期间尚未结束，{period.last} 之后才能印发。")
    if period.last >= known.cutoff:
        raise NoReport(
            f"{name}还不能印发：数据截至 {known.cutoff}，不足整个期间。"
            "请等导出到齐，或运行 hotline run。"
        )
    if not known.has_data(period):
        raise NoReport(f"{name}没有数据，不印发：请用 hotline status 查看缺少的日期。")
