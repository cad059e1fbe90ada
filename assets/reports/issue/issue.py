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

from assets.errors import HotlineError
from assets.files import remove_folder, sha256_of, write_folder
from assets.releases.publish import current_release
from assets.reports.content.model import Period, Report, Stamp
from assets.reports.content.periods import due_date
from assets.reports.content.reading import Facts
from assets.reports.issue.arrived import Arrived
from assets.reports.issue.changes import changes
from assets.reports.issue.content import FILE as CONTENT_FILE
from assets.reports.issue.content import content_bytes
from assets.reports.issue.issued import NAMES, Issued, file_name
from assets.reports.issue.ledger import Entry, Ledger
from assets.reports.issue.numbering import is_reported, number
from assets.reports.issue.timeliness import timeliness
from assets.site import Site
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


class Issuer:
    """Issues reports from the current release; one for as many reports as there are to issue.

    Args:
        site: the installation; hold its warehouse for writing.
        press: makes what makes the documents, from the facts of the release.

    Raises:
        HotlineError: nothing was published yet.
    """

    def __init__(self, site: Site, press: Callable[[Facts, Site], Press]) -> None:
        release = current_release(site.warehouse)
        if release is None:
            raise HotlineError("还没有发布过数据，不能印发报告：请先运行 hotline run。")
        self._site = site
        self._release = site.warehouse.releases / release
        self._facts = Facts(self._release)
        self._arrived = Arrived(self._release)
        self._press = press(self._facts, site)
        self._ledger = Ledger(site.warehouse)

    def check(self, period: Period) -> None:
        """Say why there can be no report of a period.

        Raises:
            HotlineError: the period is not over, not reported, or without data.
        """
        name = f"{period.title}{NAMES[period.kind]}"
        first = self._site.first_reported(period.kind)
        if not is_reported(period.kind, period.first, period.last, first):
            raise HotlineError(
                f"{name}早于起始日 {first}，不印发：确实需要，请改 hotline.toml 的 [reports]。"
            )
        if period.last >= self._site.today:
            raise HotlineError(f"{name}的统计期间尚未结束，{period.last} 之后才能印发。")
        if period.last >= self._arrived.cutoff:
            raise HotlineError(
                f"{name}还不能印发：数据截至 {self._arrived.cutoff}，不足整个期间。"
                "请等导出到齐，或运行 hotline run。"
            )
        if not self._arrived.has_data(period):
            raise HotlineError(f"{name}没有数据，不印发：请用 hotline status 查看缺少的日期。")

    def issue(self, period: Period) -> Issued:
        """Issue a report, its next revision, or nothing where nothing is new.

        Raises:
            HotlineError: there can be no report of the period (`check`).
        """
        self.check(period)
        report = self._press.compose(period)
        said = content_bytes(report)
        last = self._ledger.last(period.kind, period.key)
        told = () if last is None else self._reasons(last, period, said)
        if last is not None and not told:
            self._looked_at(last, period)
            return Issued(last, self._site.root / last.path, (), report, None)
        return self._write(report, said, last, told)

    def _reasons(self, last: Entry, period: Period, said: bytes) -> tuple[str, ...]:
        """Why a report must be issued again: what changed, or what became of its files."""
        folder = self._site.root / last.path
        if last.content != _sha256(said):
            record = folder / CONTENT_FILE
            if not _holds(record, last.content):
                return (f"内容有改动；第{last.revision}版的内容记录缺失或被改动，无法逐项列出。",)
            return changes(json.loads(record.read_bytes()), json.loads(said))
        damaged = [
            form
            for form in FORMS
            if not _holds(folder / file_name(period, form), getattr(last, form))
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
        limit = self._site.issuing.backfilled_after_days
        judged = timeliness(period.kind, due, now, backfilled_after_days=limit)
        position = number(period, self._site.first_reported(period.kind))
        return Standing(position, due, judged.in_time, judged.backfilled)

    def _write(
        self, report: Report, said: bytes, last: Entry | None, told: tuple[str, ...]
    ) -> Issued:
        period = report.period
        # As exactly as it is printed.
        now = self._site.now().replace(microsecond=0)
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
        folder = self._site.root / path
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


def _holds(path: Path, sha256: str) -> bool:
    """Whether a file is there as it was written."""
    return path.is_file() and sha256_of(path) == sha256
