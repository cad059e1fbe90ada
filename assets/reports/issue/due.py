"""Which reports are due, by when, and why there can be no report of a period.

Answered from the ledger and the release's account of the exports alone: nothing is composed, so an
idle night asks in milliseconds.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from assets.core import HotlineError, fingerprint, read_whole
from assets.exports import TAKEN
from assets.installation import Installation
from assets.releases import current_release
from assets.reports.content import (
    Arrivals,
    Facts,
    Period,
    containing,
    days_of,
    due_date,
    span_of,
)
from assets.reports.issue.ledger import Ledger
from schemas import EXPORTS
from schemas.reports import KINDS, TITLES, ReportKind
from schemas.table import Cadence
from schemas.wall_clock import TIME_ZONE

HOTLINE_ZONE = ZoneInfo(TIME_ZONE)
_MORNING = time(9)  # when the office opens
# Exports that a report of a kind waits for.
_AWAITED: dict[ReportKind, tuple[Cadence, ...]] = {
    "daily": ("daily",),
    "weekly": ("daily",),
    "monthly": ("daily", "monthly"),
    "annual": ("daily", "monthly", "yearly"),
}


class NoReport(HotlineError):
    """There is no report of a period; the sentence says why."""


class ReleaseArrivals:
    """What arrived for the days of a report, as one release says.

    Tickets change for weeks after their day, and with them the fact files of past months; that is
    no correction, and the next report tells it. So a report is held against the exports of its own
    days: one that is late, replaced or corrected is a reason to look at an issued report again, a
    ticket that was closed since is none.

    Args:
        folder: the release.

    Attributes:
        release: id of the release.
        cutoff: the first day that it knows nothing of.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.release = folder.name
        self.cutoff = Facts(folder).cutoff.date()
        files = read_whole(folder / "files.parquet")
        self._arrivals = Arrivals(files)
        rows = files.filter(state=TAKEN).select("export_date", "dataset", "delivery").rows()
        self._deliveries: dict[date, list[tuple[str, str]]] = {}
        for day, dataset, delivery in sorted(rows):
            self._deliveries.setdefault(day, []).append((dataset, delivery))

    @cached_property
    def days(self) -> list[date]:
        """Days for which there is data: calls arrived, or a ticket was accepted."""
        days = self._deliveries.items()
        found = {day for day, each in days if any(name == "calls" for name, _ in each)}
        tickets = self._folder / "facts" / "tickets"
        if any(tickets.glob("*.parquet")):
            accepted = pl.scan_parquet(tickets / "*.parquet").select(pl.col("date").unique())
            found |= set(accepted.collect()["date"])
        return sorted(found)

    def has_data(self, period: Period) -> bool:
        """Whether there is data for any day of a period."""
        return any(period.first <= day <= period.last for day in self.days)

    def deliveries(self, period: Period) -> str:
        """Fingerprint of the exports of the days of a period."""
        days = [day for day in days_of(span_of(period)) if day in self._deliveries]
        return fingerprint([(day, self._deliveries[day]) for day in days])

    def is_complete(self, period: Period, datasets: Iterable[str]) -> bool:
        """Whether every export that a report waits for has arrived.

        Args:
            period: the period.
            datasets: those that the platform exports at all.
        """
        awaited = [name for name in datasets if EXPORTS[name].cadence in _AWAITED[period.kind]]
        return not any(self._arrivals.missing(name, period.first, period.last) for name in awaited)


def release_arrivals(installation: Installation) -> ReleaseArrivals:
    """What arrived, as the current release says.

    Raises:
        NoReport: nothing was published yet.
    """
    release = current_release(installation.warehouse)
    if release is None:
        raise NoReport("还没有发布过数据，不能印发报告：请先运行 hotline run。")
    return ReleaseArrivals(installation.warehouse.releases / release)


def due_reports(installation: Installation) -> dict[ReportKind, list[str]]:
    """Keys of the periods whose reports are to be issued or looked at again, by kind.

    A report is issued once its period is over and all its exports are there, and on its due day at
    the latest, with what there is. An issued report is looked at again where the exports of its own
    days have changed; whether that makes a revision, its content decides. What was issued by an
    older version of the program stays as it is until somebody asks for the report by name.

    Args:
        installation: the installation; its clock decides which periods are over.
    """
    try:
        known = release_arrivals(installation)
    except NoReport:
        return {}
    ledger = Ledger(installation.warehouse)
    found = {
        kind: [
            period.key
            for period in _over(installation, known, kind)
            if _is_due(installation, known, ledger, period)
        ]
        for kind in KINDS
    }
    return {kind: keys for kind, keys in found.items() if keys}


def _over(installation: Installation, known: ReleaseArrivals, kind: ReportKind) -> Iterable[Period]:
    """Reported periods with data that are over, in order."""
    week_start = installation.reports.week_start
    end, first = min(known.cutoff, installation.today), installation.first_reported(kind)
    periods = dict.fromkeys(containing(kind, day, week_start) for day in known.days)
    return [each for each in periods if each.last < end and is_reported(each, first)]


def _is_due(
    installation: Installation, known: ReleaseArrivals, ledger: Ledger, period: Period
) -> bool:
    last = ledger.last(period.kind, period.key)
    if last is not None:
        return last.deliveries != known.deliveries(period)
    if installation.today >= due_date(period.kind, period):
        return True
    return known.is_complete(period, installation.profile.datasets)


def is_reported(period: Period, first: date) -> bool:
    """Whether there are reports of a period.

    Days and weeks begin on the first reported day or after it; the month and the year that hold it
    count.
    """
    return (period.first if period.kind in ("daily", "weekly") else period.last) >= first


def check_reportable(installation: Installation, known: ReleaseArrivals, period: Period) -> None:
    """Say why there can be no report of a period.

    Args:
        installation: the installation; its clock decides what is over.
        known: what arrived.
        period: the period asked for.

    Raises:
        NoReport: the period is not over, not reported, or without data.
    """
    name = f"{period.title}{TITLES[period.kind]}"
    first = installation.first_reported(period.kind)
    if not is_reported(period, first):
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


def due_moment(kind: ReportKind, due: date, zone: tzinfo = HOTLINE_ZONE) -> datetime:
    """The last moment at which a report that is due on a day is in time.

    The end of the day; for a daily report 09:00, when the office opens. A report that is due and
    was never issued has no row in the ledger: whoever counts must count it as late.
    Days are those of the zone.
    """
    if kind == "daily":
        return datetime.combine(due, _MORNING, zone)
    return datetime.combine(due + timedelta(days=1), time(0), zone)
