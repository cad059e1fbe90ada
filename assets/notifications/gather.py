"""All notices that hold now, from what `assets.health` and the records say."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from assets.installation import Installation
from assets.notifications.about_exports import (
    backlog,
    drift,
    late,
    missing,
    quarantined,
    refused,
    suspect,
    unusual,
)
from assets.notifications.about_results import (
    calendar,
    held,
    knowledge,
    published,
    reports,
    rising,
    summary,
)
from assets.notifications.events import Notice, failure_notice

# Events and what finds their notices.
_Source = tuple[tuple[str, ...], Callable[[Installation], list[Notice]]]


@dataclass(frozen=True)
class Gathered:
    """What a look at the installation found.

    Attributes:
        notices: everything that holds, and what could not be asked.
        unasked: events of which it is not known what holds.
    """

    notices: list[Notice]
    unasked: set[str]


def gather(installation: Installation, known: Collection[str]) -> Gathered:
    """Look at an installation.

    One question that cannot be answered keeps nobody from being told of everything else.

    Args:
        installation: the installation.
        known: ids of the notices that held at the look before.
    """
    notices: list[Notice] = []
    unasked: set[str] = set()
    late_source: _Source = (("late",), partial(late, known=known))
    for events, source in (*_SOURCES, late_source):
        try:
            notices += source(installation)
        except Exception as error:
            unasked.update(events)
            notices.append(failure_notice(f"{installation.today}/{events[0]}", "核对现状", error))
    return Gathered(notices, unasked)


_SOURCES: tuple[_Source, ...] = (
    (("missing",), missing),
    (("refused",), refused),
    (("suspect", "suspect_overdue"), suspect),
    (("unusual",), unusual),
    (("drift",), drift),
    (("quarantined",), quarantined),
    (("backlog",), backlog),
    (("rising",), rising),
    (("held",), held),
    (("report", "report_late"), reports),
    (("calendar",), calendar),
    (("knowledge",), knowledge),
    (("published",), published),
    (("summary",), summary),
)
