"""What came of asking for a report, and what its files are called."""

from dataclasses import dataclass
from pathlib import Path

from assets.reports.content import Period, Report, Stamp
from assets.reports.issue.ledger import Entry
from schemas.reports import FORMS, TITLES


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
        return {form: self.folder / file_name(self.report.period, form) for form in FORMS}


def file_name(period: Period, form: str) -> str:
    """Name of a form of a report, as it is sent around."""
    return f"{period.key}_{TITLES[period.kind]}.{form}"
