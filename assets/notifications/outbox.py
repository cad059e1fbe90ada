"""Notify people of what is new: look, write down (`ledger/notices.json`), send, strike off.

What is new is written down before anything is sent, and struck off after it was: a crash between
the two repeats a message and loses none. A channel that fails keeps what it is owed; nothing here
fails the work before it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    Warehouse,
    disk_cause,
    make_folder,
    write_bytes,
)
from assets.installation import Channel, Installation
from assets.notifications.channels import limit, send
from assets.notifications.events import Notice, event_of, failure_notice, reason
from assets.notifications.gather import Gathered, gather
from assets.notifications.message import Message, compose

# A failure is over at once: its id is kept for as long as somebody may report it again.
_FAILURES_KEPT = timedelta(days=31)


@dataclass(frozen=True)
class Outbox:
    """The record.

    Attributes:
        known: id of each notice that still holds -> since when, ISO.
        owed: name of a channel -> what it is to be told, oldest first.
    """

    known: dict[str, str] = field(default_factory=dict)
    owed: dict[str, tuple[Notice, ...]] = field(default_factory=dict)

    def with_new(self, found: Gathered, channels: Iterable[Channel], at: datetime) -> "Outbox":
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

    def without(self, channel: str) -> "Outbox":
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


def updated_outbox(
    installation: Installation, channels: Sequence[Channel], failures: Iterable[Notice] = ()
) -> Outbox:
    """The outbox with what is new; nothing is written."""
    before = read_outbox(installation.warehouse)
    found = gather(installation, before.known)
    found = replace(found, notices=[*failures, *found.notices])
    return before.with_new(found, channels, installation.now())


def preview(installation: Installation, channel: Channel) -> Message | None:
    """What a channel would be sent now; nothing is written or sent."""
    return _message(installation, updated_outbox(installation, [channel]), channel)


def _message(installation: Installation, outbox: Outbox, channel: Channel) -> Message | None:
    city = f"（{installation.title or installation.name}）" if installation.name else ""
    return compose(
        outbox.owed[channel.name],
        organisation=f"{installation.reports.organisation}{city}",
        at=installation.now(),
        limit=limit(channel),
    )


def notify_channels(installation: Installation, failures: Iterable[Notice] = ()) -> list[str]:
    """Send each channel what it is owed.

    Args:
        installation: the installation; its warehouse is held for writing meanwhile.
        failures: what failed, which no later look at the state would find.

    Returns:
        A sentence for each channel that could not be reached, and where the record could not be
        written; nothing where everything was delivered or nothing was new.
    """
    channels, problems = installation.notices.channels, dict[str, None]()

    def keep(outbox: Outbox) -> Outbox:
        """Write the record; a full disk is one more reason to tell people, not to be silent."""
        try:
            write_outbox(installation.warehouse, outbox)
        except OSError as error:
            problems[f"通知记录写不进去（{disk_cause(error)}），同样的通知可能再发一次。"] = None
        return outbox

    if not channels:
        return []
    with installation.held():
        outbox = keep(updated_outbox(installation, channels, failures))
        for channel in channels:
            message = _message(installation, outbox, channel)
            if message is None:
                continue
            if problem := send(channel, message):
                problems[problem] = None
            else:
                outbox = keep(outbox.without(channel.name))
    return list(problems)


@contextmanager
def notify_on_exit(
    installation: Installation, run: str, subject: str, say: Callable[[str], None]
) -> Iterator[Callable[[str], None]]:
    """Tell people what is new once the work inside is over, even where it fails.

    Args:
        installation: the installation.
        run: names the work, so that its failure is told once.
        subject: what the work is, in Chinese.
        say: told of each channel that could not be reached.

    Yields:
        What to call with a sentence where something was left undone.
    """
    failures: list[Notice] = []

    def report_incomplete(sentence: str) -> None:
        failures.append(failure_notice(run, subject, sentence))

    try:
        yield report_incomplete
    except Exception as error:
        _tell_and_say(installation, failures or [failure_notice(run, subject, error)], say)
        raise
    _tell_and_say(installation, failures, say)


def _tell_and_say(
    installation: Installation, failures: list[Notice], say: Callable[[str], None]
) -> None:
    """Tell people; what goes wrong with that is said and never fails the work before it."""
    try:
        problems = notify_channels(installation, failures)
    except Exception as error:
        problems = [f"通知没有发出：{reason(error)}。"]
    for problem in problems:
        say(problem)
