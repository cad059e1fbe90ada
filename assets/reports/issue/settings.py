"""What an installation decides about its reports: from when on, and with what.

Belongs here: values, no reading of hotline.toml (`pipelines.config`).
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assets.reports.content.model import Kind


@dataclass(frozen=True)
class IssueSettings:
    """Settings of issuing.

    Attributes:
        first: first day for which reports of a kind are made; a kind that is not named begins with
            the installation.
        backfilled_after_days: days after its due moment from which on an issue is backfilled.
        templates: folder of the office's own Word templates, `<kind>.docx` each.
        fonts: folder of further fonts for the PDF.
    """

    first: dict[Kind, date] = field(default_factory=dict)
    backfilled_after_days: int = 31
    templates: Path | None = None
    fonts: Path | None = None
