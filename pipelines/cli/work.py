"""Run the night from the command line, recorded in the instance that the schedule uses, too.

Belongs here: setting up instance and layers, which takes a second and is done when the night first
has something to run.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assets.core import writing
from assets.exports import waiting
from assets.installation import Installation
from pipelines.cli.console import bars, err, show_problems
from pipelines.instance import prepare_home
from pipelines.night import Night
from pipelines.outcome import Outcome
from pipelines.under_way import may_be_under_way
from schemas.wall_clock import TIME_ZONE

if TYPE_CHECKING:
    from pipelines.layers import Layers


def set_clock(installation: Installation, day: date | None) -> None:
    """Let the installation believe that it is the night after a day."""
    if day is not None:
        night = datetime.combine(day + timedelta(days=1), time(2), ZoneInfo(TIME_ZONE))
        installation.now = lambda: night


@contextmanager
def recorded(
    installation: Installation, *, why: str, totals: dict[str, int], issues: bool = True
) -> Iterator[Night]:
    """A night whose runs are recorded, with progress bars; says afterwards what went wrong.

    Args:
        installation: the installation; hold its warehouse for writing.
        why: what led to it, for the journal.
        totals: how much there is to do, by step.
        issues: whether the night issues reports that are due.
    """
    with bars(totals) as listener, ExitStack() as opened:
        installation.listener = listener
        home = prepare_home(installation)

        @cache
        def layers() -> "Layers":
            with _staying():
                from pipelines.layers import layers_of
                from pipelines.record import recording

                instance = opened.enter_context(recording(home, installation.postgres))
                return layers_of(installation, instance, why=why)

        if may_be_under_way(installation, home):
            layers()
        yield Night(installation, layers, issues)
    show_problems(listener.problems)


@contextmanager
def _staying() -> Iterator[None]:
    """What is loaded meanwhile stays to the end: nobody looks through it for what is not needed."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def bring_up_to_date(
    installation: Installation,
    *,
    why: str,
    wanted: Callable[[date], bool] = lambda _: True,
    stand_in: Path | None = None,
    issues: bool = True,
) -> Outcome:
    """Run the night with progress bars; say what went wrong, a line each, and tell people.

    Args:
        installation: the installation.
        why: what led to it, for the journal.
        wanted: export dates to take.
        stand_in: folder to take them from, in place of the source.
        issues: whether reports that are due are issued and people are told; neither is done in
            the name of another day.
    """
    installation.stand_in = stand_in
    with held(installation), _telling(installation, issues) as left:
        found = waiting(installation)
        totals = {"exports": found.count(wanted)}
        with recorded(installation, why=why, totals=totals, issues=issues) as night:
            outcome = night.bring_up_to_date(wanted, found)
        if outcome.undone:
            left(outcome.undone)
        return outcome


def _telling(
    installation: Installation, wanted: bool
) -> AbstractContextManager[Callable[[str], None]]:
    """Tell people at the end of the work, where there is anybody to tell."""
    if not (wanted and installation.notices.channels):
        return nullcontext(lambda _: None)
    from assets.notifications import notify_on_exit

    started = installation.now().isoformat(timespec="seconds")
    return notify_on_exit(
        installation, started, "夜间任务", lambda said: err.print(said, style="yellow")
    )


def held(installation: Installation) -> AbstractContextManager[None]:
    """Hold the warehouse for writing; says who is waited for."""
    return writing(
        installation.warehouse,
        timeout=installation.lock_timeout,
        now=installation.now,
        say=err.print,
    )
