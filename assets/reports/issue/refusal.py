"""Why there can be no report of a period, in one sentence.

Belongs here: what must hold before a report is composed. Nothing of it needs the renderers, so a
command can say it at once.
"""

from assets.core import HotlineError
from assets.installation import Installation
from assets.releases import current_release
from assets.reports.content import Period
from assets.reports.issue.arrival import Arrived
from assets.reports.issue.numbering import is_reported
from schemas.reports import TITLES


class NoReport(HotlineError):
    """There is no report of a period; the sentence says why."""


def arrived(installation: Installation) -> Arrived:
    """The account of the exports of the current release.

    Raises:
        NoReport: nothing was published yet.
    """
    release = current_release(installation.warehouse)
    if release is None:
        raise NoReport("还没有发布过数据，不能印发报告：请先运行 hotline run。")
    return Arrived(installation.warehouse.releases / release)


def check(installation: Installation, known: Arrived, period: Period) -> None:
    """Say why there can be no report of a period.

    Args:
        installation: the installation; its clock decides what is over.
        known: the account of the exports.
        period: the period asked for.

    Raises:
        NoReport: the period is not over, not reported, or without data.
    """
    name = f"{period.title}{TITLES[period.kind]}"
    first = installation.first_reported(period.kind)
    if not is_reported(period.kind, period.first, period.last, first):
        raise NoReport(
            f"{name}早于起始日 {first}，不印发：确实需要，请改 hotline.toml 的 [reports]。"
        )
    if period.last >= installation.today:
        raise NoReport(f"{name}的统计期间尚未结束，{period.last} 之后才能印发。")
    if period.last >= known.cutoff:
        raise NoReport(
            f"{name}还不能印发：数据截至 {known.cutoff}，不足整个期间。"
            "请等导出到齐，或运行 hotline run。"
        )
    if not known.has_data(period):
        raise NoReport(f"{name}没有数据，不印发：请用 hotline status 查看缺少的日期。")
