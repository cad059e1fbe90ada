"""One installation: where its exports come from, where its warehouse is, and its rules.

Belongs here: what every step needs to know and none of them decides. Made from hotline.toml by
`pipelines.config`; the clock and the listener are parameters, so that a test can set both.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from assets.core import MEMORY, Warehouse
from assets.deadlines import Deadlines, load_calendar, load_deadlines
from assets.installation.settings.cluster import ClusterSettings
from assets.installation.settings.notices import NoticeSettings
from assets.installation.settings.operations import Operations
from assets.installation.settings.postgres import Postgres
from assets.installation.settings.reports import IssueSettings, ReportSettings
from assets.profiles import Profile, load_profile
from schemas.reports import ReportKind
from schemas.wall_clock import TIME_ZONE


class Listener(Protocol):
    """Whoever watches the work: a progress bar, a test, nobody."""

    def advance(self, step: str, count: int) -> None:
        """Some files or months of a step are done."""

    def problem(self, where: str, sentence: str) -> None:
        """Something did not work; the rest goes on."""


class Nobody:
    """A listener that does not listen."""

    def advance(self, step: str, count: int) -> None:
        """Nothing."""

    def problem(self, where: str, sentence: str) -> None:
        """Nothing."""


def local_now() -> datetime:
    """The present moment in the hotline's time zone."""
    return datetime.now(ZoneInfo(TIME_ZONE))


@dataclass
class Installation:
    """One installation.

    Attributes:
        landing: folder of the exports, unless the profile names another source.
        root: the warehouse folder.
        profile_name: built-in profile or path of one.
        start: first day for which exports are expected.
        calendar_path: the operator's own working days, on top of the built-in ones.
        deadlines_path: the operator's own deadline rules, in place of the built-in ones.
        keep_releases: how many releases stay.
        lock_timeout: seconds to wait for another process.
        memory: bytes that rows may take while they are worked on.
        warn_change: share by which a past month may move before a person is asked.
        reports: what reports say.
        issuing: from when on reports are issued, and with what.
        postgres: where Dagster records runs, in place of files in the warehouse.
        name: name of the city in an installation of several; empty where there is one.
        title: the same for people.
        operations: how it is watched.
        notices: who is told what.
        cluster: where the warehouse is shared with other machines; None where it is not.
        now: the clock.
        listener: who watches.
        stand_in: folder that files are taken from in place of the source, while it is set.
    """

    landing: Path
    root: Path
    profile_name: str = "hanzhong"
    start: date = date(2023, 1, 1)
    calendar_path: Path | None = None
    deadlines_path: Path | None = None
    keep_releases: int = 30
    lock_timeout: float = 600.0
    memory: int = MEMORY
    warn_change: float = 0.05
    reports: ReportSettings = field(default_factory=ReportSettings)
    issuing: IssueSettings = field(default_factory=IssueSettings)
    postgres: Postgres | None = None
    name: str = ""
    title: str = ""
    operations: Operations = field(default_factory=Operations)
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    cluster: ClusterSettings | None = None
    now: Callable[[], datetime] = local_now
    listener: Listener = field(default_factory=Nobody)
    stand_in: Path | None = None

    @property
    def warehouse(self) -> Warehouse:
        """Where everything lies."""
        return Warehouse(self.root)

    @property
    def today(self) -> date:
        """The present day in the hotline's time zone."""
        return self.now().date()

    def first_reported(self, kind: ReportKind) -> date:
        """First day for which reports of a kind are made: not before the installation's."""
        return max(self.issuing.first.get(kind, self.start), self.start)

    @cached_property
    def profile(self) -> Profile:
        """How the platform exports."""
        return load_profile(self.profile_name)

    @cached_property
    def deadlines(self) -> Deadlines:
        """When tickets are due."""
        return load_deadlines(load_calendar(self.calendar_path), self.deadlines_path)
