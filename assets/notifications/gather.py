"""All notices that hold now.

Belongs here: asking every source, and going on where one of them cannot answer: a damaged ledger
must not keep people from being told of everything else.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial

from assets.core import HotlineError, disk_cause
from assets.installation import Installation
from assets.notifications import exports, results
from assets.notifications.notice import Notice

_Source = tuple[tuple[str, ...], Callable[[Installation], list[Notice]]]
# Events and who finds their notices.
_SOURCES: tuple[_Source, ...] = (
    (("missing",), exports.missing),
    (("refused",), exports.refused),
    (("drift",), exports.drift),
    (("quarantined",), exports.quarantined),
    (("backlog",), exports.backlog),
    (("held",), results.held),
    (("report", "report_late"), results.reports),
    (("knowledge",), results.knowledge),
    (("published",), results.published),
    (("summary",), results.summary),
)


@dataclass
class Gathered:
    """What a look at the installation found.

    Attributes:
        notices: everything that holds, and what could not be asked.
        unasked: events of which it is not known what holds.
    """

    notices: list[Notice] = field(default_factory=list)
    unasked: set[str] = field(default_factory=set)


def gather(installation: Installation, known: Collection[str]) -> Gathered:
    """Look at an installation.

    Args:
        installation: the installation.
        known: ids of the notices that were noticed before.
    """
    found = Gathered()
    late: _Source = (("late",), partial(exports.late, known=known))
    for events, source in (*_SOURCES, late):
        try:
            found.notices += source(installation)
        except Exception as error:
            found.unasked.update(events)
            found.notices.append(failure(f"{installation.today}/{events[0]}", "核对现状", error))
    return found


def failure(what: str, subject: str, error: Exception | str) -> Notice:
    """A notice that something failed.

    Args:
        what: names the failure, so that it is told once.
        subject: what failed, in Chinese.
        error: what was raised, or a sentence.
    """
    said = reason(error) if isinstance(error, Exception) else error
    return Notice(f"failed/{what}", subject, said.rstrip("。"))


def reason(error: Exception) -> str:
    """Why something failed, as far as it is fit to be said."""
    if isinstance(error, HotlineError):
        return str(error)
    if isinstance(error, OSError):
        return disk_cause(error)
    # Its text may hold values of rows.
    return f"这是程序的错误（{type(error).__name__}），请联系维护人员"
