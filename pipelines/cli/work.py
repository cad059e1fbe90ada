"""Run the night from the command line, recorded in the instance that the schedule uses, too.

Belongs here: setting up instance and definitions, which takes a second; commands that only look at
the warehouse do not import this module's dependencies.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assets.exports.take import waiting
from assets.files import make_folder, write_bytes
from assets.lock import writing
from assets.site import Site
from pipelines.cli.console import bars, err, show_problems
from schemas.columns import TIME_ZONE

if TYPE_CHECKING:
    from pipelines.night import Night, Outcome

_INSTANCE = """\
# Written by hotline at first start; yours to change.
telemetry:
  enabled: false
run_monitoring:
  enabled: true
  max_runtime_seconds: 14400
concurrency:
  runs:
    max_concurrent_runs: 1
event_log_storage:
  module: pipelines.event_log
  class: EventLog
  config:
    base_dir: {history}
"""


def prepare_home(site: Site) -> Path:
    """DAGSTER_HOME: as set, or `<warehouse>/dagster`, with a configuration to begin with."""
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(site.root / "dagster")))
    make_folder(home)
    if not (home / "dagster.yaml").exists():
        history = json.dumps(str(home / "history"))
        write_bytes(home / "dagster.yaml", _INSTANCE.format(history=history).encode())
    return home


def set_clock(site: Site, day: date | None) -> None:
    """Let the installation believe that it is the night after a day."""
    if day is not None:
        night = datetime.combine(day + timedelta(days=1), time(2), ZoneInfo(TIME_ZONE))
        site.now = lambda: night


@contextmanager
def recorded(
    site: Site, *, why: str, totals: dict[str, int], issues: bool = True
) -> Iterator["Night"]:
    """A night whose runs are recorded, with progress bars; says afterwards what went wrong.

    Args:
        site: the installation; hold its warehouse for writing.
        why: what led to it, for the journal.
        totals: how much there is to do, by step.
        issues: whether the night issues reports that are due.
    """
    home = prepare_home(site)
    from pipelines import definitions
    from pipelines.night import Night
    from pipelines.record import recording

    with bars(totals) as listener, recording(home) as instance:
        # The jobs hold their own installation, read from the same configuration.
        own = definitions.site
        own.now, own.listener, own.stand_in = site.now, listener, site.stand_in
        yield Night(
            site=own,
            partitions=definitions.partitions,
            job=definitions.job,
            instance=instance,
            why=why,
            issues=issues,
        )
    show_problems(listener.problems)


def bring_up_to_date(
    site: Site,
    *,
    why: str,
    wanted: Callable[[date], bool] = lambda _: True,
    stand_in: Path | None = None,
    issues: bool = True,
) -> "Outcome":
    """Run the night with progress bars; say what went wrong, a line each.

    Args:
        site: the installation.
        why: what led to it, for the journal.
        wanted: export dates to take.
        stand_in: folder to take them from, in place of the source.
        issues: whether reports that are due are issued.
    """
    site.stand_in = stand_in
    with held(site):
        totals = {"exports": waiting(site).count(wanted)}
        with recorded(site, why=why, totals=totals, issues=issues) as night:
            return night.bring_up_to_date(wanted)


def held(site: Site) -> AbstractContextManager[None]:
    """Hold the warehouse for writing; says who is waited for."""
    return writing(site.warehouse, timeout=site.lock_timeout, now=site.now, say=err.print)
