"""What was noticed, and what each channel is still owed: `ledger/notices.json`.

Belongs here: that file and the rules by which a notice enters and leaves it. What is new is written
down before anything is sent, and struck off after it was: a crash between the two repeats a message
and loses none.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from assets.core import PRIVATE_FILE, PRIVATE_FOLDER, Warehouse, make_folder, write_bytes
from assets.installation import Channel
from assets.notifications.gather import Gathered
from assets.notifications.notice import Notice, event_of

# A failure is over at once: its id is kept for as long as somebody may report it again.
_FAILURES_KEPT = timedelta(days=31)


@dataclass(frozen=True)
class Outbox:
    """The record.

    Attributes:
        known: id of each notice that was noticed and still holds -> since when, ISO.
        owed: name of a channel -> what it is to be told, oldest first.
    """

    known: dict[str, str] = field(default_factory=dict)
    owed: dict[str, tuple[Notice, ...]] = field(default_factory=dict)

    def noted(self, found: Gathered, channels: Iterable[Channel], at: datetime) -> "Outbox":
        """The record after a look: what is new is owed to every channel that asked for it.

        Args:
            found: what holds now.
            channels: all channels; what is owed to others is dropped.
            at: now.
        """
        held = {each.id: each for each in found.notices}
        oldest = (at - _FAILURES_KEPT).isoformat(timespec="seconds")
        kept = {
            name: since
            for name, since in self.known.items()
            if name in held
            or event_of(name) in found.unasked
            or (event_of(name) == "failed" and since > oldest)
        }
        fresh = [each for each in held.values() if each.id not in kept]
        return Outbox(
            kept | dict.fromkeys((each.id for each in fresh), at.isoformat(timespec="seconds")),
            {
                channel.name: (
                    *self.owed.get(channel.name, ()),
                    *(each for each in fresh if each.event.id in channel.events),
                )
                for channel in channels
            },
        )

    def told(self, channel: str) -> "Outbox":
        """The record after a channel took its message."""
        return replace(self, owed=self.owed | {channel: ()})


def read_outbox(warehouse: Warehouse) -> Outbox:
    """The record; empty where there is none, or where it is damaged: people are told once more."""
    try:
        content = json.loads(warehouse.notices.read_bytes())
        owed = {
            str(name): tuple(Notice(**each) for each in notices)
            for name, notices in content["owed"].items()
        }
        return Outbox(dict(content["known"]), owed)
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return Outbox()


def write_outbox(warehouse: Warehouse, outbox: Outbox) -> None:
    """Replace the record, durably."""
    make_folder(warehouse.notices.parent, PRIVATE_FOLDER)
    content = json.dumps(asdict(outbox), ensure_ascii=False, sort_keys=True)
    write_bytes(warehouse.notices, content.encode(), mode=PRIVATE_FILE)
