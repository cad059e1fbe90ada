"""Issue a report: decide whether it is new, number it, write its folder, enter it in the ledger.

Belongs here: the order of these steps. An issue that was interrupted left a folder that the ledger
does not name; the next one takes its place. A folder that the ledger names is never written again.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from assets.core import holds, remove_folder, write_folder
from assets.installation import Installation
from assets.reports.content import Facts, Period, Report, Stamp, due_date, facts_of
from assets.reports.issue.content import FILE as CONTENT_FILE
from assets.reports.issue.content import content_bytes
from assets.reports.issue.issued import Issued, file_name
from assets.reports.issue.ledger import Entry, Ledger
from assets.reports.issue.numbering import number
from assets.reports.issue.refusal import arrived, check
from assets.reports.issue.revisions import changes
from assets.reports.issue.timeliness import timeliness
from schemas.reports import FORMS


@dataclass(frozen=True)
class Standing:
    """What a report keeps through all its revisions.

    Attributes:
        number: 第N期.
        due: day by which it was due.
        in_time: whether its first issue was in time.
        backfilled: whether its first issue was made long after.
    """

    number: int
    due: date
    in_time: bool
    backfilled: bool


class Press(Protocol):
    """What makes the documents of one release (`assets.reports.issue.forms`)."""

    def compose(self, period: Period) -> Report:
        """The content of a report."""

    def forms(self, report: Report, stamp: Stamp) -> dict[str, bytes]:
        """The documents by form."""

    def preview(self, report: Report, stamp: Stamp) -> bytes:
        """The first page as a PNG."""


class Issuer:
    """Issues reports from the current release; one for as many reports as there are to issue.

    Args:
        installation: the installation; hold its warehouse for writing.
        press: makes what makes the documents, from the facts of the release.

    Raises:
        NoReport: nothing was published yet.
    """

    def __init__(
        self, installation: Installation, press: Callable[[Facts, Installation], Press]
    ) -> None:
        self._installation = installation
        self._arrived = arrived(installation)
        self._facts = facts_of(installation.warehouse.releases / self._arrived.release)
        self._press = press(self._facts, installation)
        self._ledger = Ledger(installation.warehouse)

    def issue(self, period: Period) -> Issued:
        """Issue a report, its next revision, or nothing where nothing is new.

        Raises:
            NoReport: there can be no report of the period (`check`).
        """
        check(self._installation, self._arrived, period)
        report = self._press.compose(period)
        said = content_bytes(report)
        last = self._ledger.last(period.kind, period.key)
        told = () if last is None else self._reasons(last, period, said)
        if last is not None and not told:
            self._looked_at(last, period)
            return Issued(last, self._installation.root / last.path, (), report, None)
        return self._write(report, said, last, told)

    def preview(self, issued: Issued) -> bytes:
        """The first page of a new issue as a PNG."""
        if issued.stamp is None:
            raise ValueError("nothing was issued")
        return self._press.preview(issued.report, issued.stamp)

    def _reasons(self, last: Entry, period: Period, said: bytes) -> tuple[str, ...]:
        """Why a report must be issued again: what changed, or what became of its files."""
        folder = self._installation.root / last.path
        if last.content != _sha256(said):
            record = folder / CONTENT_FILE
            if not holds(record, last.content):
                return (f"内容有改动；第{last.revision}版的内容记录缺失或被改动，无法逐项列出。",)
            return changes(json.loads(record.read_bytes()), json.loads(said))
        damaged = [
            form
            for form in FORMS
            if not holds(folder / file_name(period, form), getattr(last, form))
        ]
        if not damaged:
            return ()
        return (f"内容未变；第{last.revision}版的{'、'.join(damaged)}文件缺失或被改动，重新印发。",)

    def _looked_at(self, last: Entry, period: Period) -> None:
        """Remember by which exports a report was found to be as it should be."""
        deliveries = self._arrived.deliveries(period)
        if last.deliveries != deliveries:
            self._ledger.enter(replace(last, deliveries=deliveries))

    def _standing(self, period: Period, last: Entry | None, now: datetime) -> Standing:
        if last is not None:
            return Standing(last.number, last.due, last.in_time, last.backfilled)
        due = due_date(period.kind, period)
        limit = self._installation.issuing.backfilled_after_days
        judged = timeliness(period.kind, due, now, backfilled_after_days=limit)
        position = number(period, self._installation.first_reported(period.kind))
        return Standing(position, due, judged.in_time, judged.backfilled)

    def _write(
        self, report: Report, said: bytes, last: Entry | None, told: tuple[str, ...]
    ) -> Issued:
        period = report.period
        # As exactly as it is printed.
        now = self._installation.now().replace(microsecond=0)
        standing = self._standing(period, last, now)
        revision = last.revision + 1 if last else 1
        stamp = Stamp(
            number=standing.number,
            revision=revision,
            issued_at=now,
            due=standing.due,
            backfilled=standing.backfilled,
            changes=told,
        )
        forms = self._press.forms(report, stamp)
        path = Path("reports", period.kind, period.key, f"r{revision}")
        folder = self._installation.root / path
        # An interrupted issue left it: no row of the ledger names it.
        remove_folder(folder)
        files = {file_name(period, form): body for form, body in forms.items()}
        write_folder(folder, {**files, CONTENT_FILE: said})
        entry = Entry(
            kind=period.kind,
            period=period.key,
            revision=revision,
            first=period.first,
            last=period.last,
            number=standing.number,
            due=standing.due,
            issued_at=now,
            in_time=standing.in_time,
            backfilled=standing.backfilled,
            release=self._arrived.release,
            cutoff=self._facts.cutoff,
            content=_sha256(said),
            deliveries=self._arrived.deliveries(period),
            docx=_sha256(forms["docx"]),
            xlsx=_sha256(forms["xlsx"]),
            html=_sha256(forms["html"]),
            pdf=_sha256(forms["pdf"]),
            path=path.as_posix(),
        )
        self._ledger.enter(entry)
        return Issued(entry, folder, told, report, stamp)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
