"""One installation: its settings, its folders, its clock, and what went wrong.

`pipelines.config` makes it from hotline.toml; a test sets the clock.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from assets.core import Warehouse, write_lock
from assets.deadlines import Deadlines, load_calendar, load_deadlines
from assets.installation.settings import CitySettings
from assets.profiles import Profile, load_profile
from schemas.reports import ReportKind
from schemas.wall_clock import TIME_ZONE


@dataclass
class Progress:
    """What did not work while the rest went on, each sentence once.

    Attributes:
        problems: where, and a sentence.
    """

    problems: list[tuple[str, str]] = field(default_factory=list)

    def problem(self, where: str, sentence: str) -> None:
        """Something did not work; the rest goes on."""
        if (where, sentence) not in self.problems:
            self.problems.append((where, sentence))


def local_now() -> datetime:
    """The present moment, in the zone of what is stored."""
    return datetime.now(ZoneInfo(TIME_ZONE))


@dataclass(frozen=True)
class Installation(CitySettings):
    """One installation: the settings, and what is known only while the program runs.

    Attributes:
        name: name of the city in an installation of several; empty where there is one.
        now: the clock; `local_now` of the installation is what it shows in its zone.
        progress: told of what does not work.
        stand_in: folder that files are taken from in place of the source, if any.
    """

    name: str = ""
    now: Callable[[], datetime] = local_now
    progress: Progress = field(default_factory=Progress)
    stand_in: Path | None = None

    @property
    def warehouse(self) -> Warehouse:
        """Where everything lies."""
        return Warehouse(self.root)

    def held(self, say: Callable[[str], None] = lambda _: None) -> AbstractContextManager[None]:
        """Hold the warehouse for writing.

        Args:
            say: told once who is waited for.

        Raises:
            HotlineError: the warehouse cannot be written, or its holder did not finish in time.
        """
        return write_lock(self.warehouse, timeout=self.lock_timeout, now=self.now, say=say)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its days, hours and months: that of its profile."""
        return ZoneInfo(self.profile.time_zone)

    def local_now(self) -> datetime:
        """The present moment in its zone."""
        return self.now().astimezone(self.zone)

    @property
    def today(self) -> date:
        """The present day in its zone."""
        return self.local_now().date()

    def first_reported(self, kind: ReportKind) -> date:
        """First day for which reports of a kind are made: not before the installation's."""
        return max(self.reports.first.get(kind, self.start), self.start)

    @cached_property
    def profile(self) -> Profile:
        """How the platform exports."""
        return load_profile(self.profile_name)

    @cached_property
    def deadlines(self) -> Deadlines:
        """When tickets are due."""
        return load_deadlines(load_calendar(self.calendar_path), self.deadlines_path)
