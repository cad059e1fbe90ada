"""Issue a report: decide whether it is new, number it, write its folder, enter it in the ledger.

An issue that was interrupted left a folder that the ledger does not name; the next one takes its
place. A folder that the ledger names is never written again.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from assets.core import holds, remove_folder, write_folder
from assets.installation import Installation
from assets.reports.content import Facts, Period, Report, Stamp, due_date, facts_of
from assets.reports.issue.due import HOTLINE_ZONE, check_reportable, due_moment, release_arrivals
from assets.reports.issue.ledger import Entry, Ledger, file_name
from assets.reports.issue.renderer import Renderer
from assets.reports.issue.revisions import CONTENT_FILE, content_bytes, describe_changes
from schemas.reports import ReportKind

_WEEK = 7


@dataclass(frozen=True)
class Issued:
    """What came of asking for a report.

    Attributes:
        entry: its last revision.
        folder: where the files of that are.
        changes: what the revision changes, a sentence each.
        report: the content.
        stamp: what issuing added; None where nothing was new.
    """

    entry: Entry
    folder: Path
    changes: tuple[str, ...]
    report: Report
    stamp: Stamp | None

    @property
    def files(self) -> dict[str, Path]:
        """Form -> file."""
        return {form: self.folder / Path(path).name for form, path in self.entry.files.items()}


class Issuer:
    """Issues reports from the current release; one for as many reports as there are to issue.

    Args:
        installation: the installation; hold its warehouse for writing.
        renderer: makes what composes and renders, from the facts of the release.

    Raises:
        NoReport: nothing was published yet.
    """

    def __init__(
        self,
        installation: Installation,
        renderer: Callable[[Facts, Installation], Renderer] = Renderer,
    ) -> None:
        self._installation = installation
        self._arrived = release_arrivals(installation)
        self._facts = facts_of(installation.warehouse.releases / self._arrived.release)
        self._renderer = renderer(self._facts, installation)
        self._ledger = Ledger(installation.warehouse)

    def issue(self, period: Period) -> Issued:
        """Issue a report, its next revision, or nothing where nothing is new.

        Raises:
            NoReport: there can be no report of the period (`check_reportable`).
        """
        check_reportable(self._installation, self._arrived, period)
        report = self._renderer.compose(period)
        content = content_bytes(report)
        last = self._ledger.last(period.kind, period.key)
        reasons = () if last is None else self._reasons(last, content)
        if last is None or reasons:
            return self._write(report, content, last, reasons)
        deliveries = self._arrived.deliveries(period)
        if last.deliveries != deliveries:
            # Remember by which exports it was found to be as it should be.
            self._ledger.enter(replace(last, deliveries=deliveries))
        return Issued(last, self._installation.root / last.path, (), report, None)

    def preview(self, issued: Issued) -> bytes:
        """The first page of a new issue as a PNG."""
        if issued.stamp is None:
            raise ValueError("nothing was issued")
        return self._renderer.preview(issued.report, issued.stamp)

    def _reasons(self, last: Entry, content: bytes) -> tuple[str, ...]:
        """Why a report must be issued again: what changed, or what became of its files."""
        root = self._installation.root
        if last.content != _sha256(content):
            record = root / last.path / CONTENT_FILE
            if not holds(record, last.content):
                return (f"内容有改动；第{last.revision}版的内容记录缺失或被改动，无法逐项列出。",)
            return describe_changes(json.loads(record.read_bytes()), json.loads(content))
        damaged = [
            form for form, path in last.files.items() if not holds(root / path, getattr(last, form))
        ]
        if not damaged:
            return ()
        return (f"内容未变；第{last.revision}版的{'、'.join(damaged)}文件缺失或被改动，重新印发。",)

    def _write(
        self, report: Report, content: bytes, last: Entry | None, reasons: tuple[str, ...]
    ) -> Issued:
        period = report.period
        # As exactly as it is printed.
        now = self._installation.local_now().replace(microsecond=0)
        if last is not None:
            number, due, in_time, backfilled = last.number, last.due, last.in_time, last.backfilled
        else:
            number = running_number(period, self._installation.first_reported(period.kind))
            due = due_date(period.kind, period)
            limit = self._installation.reports.backfilled_after_days
            in_time, backfilled = timeliness(
                period.kind, due, now, backfilled_after_days=limit, zone=self._installation.zone
            )
        revision = last.revision + 1 if last else 1
        stamp = Stamp(number, revision, now, due, backfilled, reasons)
        forms = self._renderer.forms(report, stamp)
        path = Path("reports", period.kind, period.key, f"r{revision}")
        folder = self._installation.root / path
        # An interrupted issue left it: no row of the ledger names it.
        remove_folder(folder)
        files = {file_name(period.kind, period.key, form): body for form, body in forms.items()}
        write_folder(folder, {**files, CONTENT_FILE: content})
        entry = Entry(
            kind=period.kind,
            period=period.key,
            revision=revision,
            first=period.first,
            last=period.last,
            number=number,
            due=due,
            issued_at=now,
            in_time=in_time,
            backfilled=backfilled,
            release=self._arrived.release,
            cutoff=self._facts.cutoff,
            content=_sha256(content),
            deliveries=self._arrived.deliveries(period),
            path=path.as_posix(),
            **{form: _sha256(body) for form, body in forms.items()},
        )
        self._ledger.enter(entry)
        return Issued(entry, folder, reasons, report, stamp)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def running_number(period: Period, first: date) -> int:
    """Position of a period in its year, from 1: 第N期.

    It depends on the period alone and not on when it was issued: reports that are made up for in
    any order get the same numbers, and a day without data leaves a number unused. A period belongs
    to the year of its first day, so the week over New Year is the last of the old year.

    Args:
        period: not before the first that is reported (`due.is_reported`).
        first: first day for which reports of this kind are made.
    """
    day = period.first
    begin = max(first, date(day.year, 1, 1))
    if period.kind == "daily":
        return (day - begin).days + 1
    if period.kind == "weekly":
        # Whole weeks since the first that begins in the year.
        return (day - begin).days // _WEEK + 1
    return day.month - begin.month + 1 if period.kind == "monthly" else 1


def timeliness(
    kind: ReportKind,
    due: date,
    issued_at: datetime,
    *,
    backfilled_after_days: int,
    zone: tzinfo = HOTLINE_ZONE,
) -> tuple[bool, bool]:
    """Judge a first issue.

    What is issued so long after its due moment that nobody waited for it any more, such as the
    reports of the years before an installation, is backfilled: it says so in its head and counts
    neither as in time nor as late.

    Args:
        kind: of the report.
        due: day by which it was due.
        issued_at: when it was issued.
        backfilled_after_days: days after the due moment from which on an issue is backfilled.
        zone: of the days.

    Returns:
        Whether it is in time, and whether it is backfilled.
    """
    moment = due_moment(kind, due, zone)
    return issued_at <= moment, issued_at > moment + timedelta(days=backfilled_after_days)
