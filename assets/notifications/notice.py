"""One thing that somebody should hear of."""

from dataclasses import dataclass

from assets.notifications.events import EVENTS, Event


@dataclass(frozen=True)
class Notice:
    """One fact.

    Attributes:
        id: the same for the same fact; begins with the id of its event and "/".
        subject: what it is about; facts of one event and subject share a line.
        detail: what is the case, in Chinese; no personal datum, no file name.
    """

    id: str
    subject: str
    detail: str

    @property
    def event(self) -> Event:
        """What happened."""
        return EVENTS[event_of(self.id)]


def event_of(notice_id: str) -> str:
    """Id of the event of a notice."""
    return notice_id.partition("/")[0]
