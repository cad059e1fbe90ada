"""Tell people what is new: look, write down, send, strike off.

Belongs here: the order of these steps, and taking them at the end of other work. A channel that
fails is told of in a sentence and keeps what it is owed; nothing here fails a night.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from assets.core import disk_cause, writing
from assets.installation import Channel, Installation
from assets.notifications.gather import failure, gather, reason
from assets.notifications.message import Message, compose
from assets.notifications.notice import Notice
from assets.notifications.outbox import Outbox, read_outbox, write_outbox
from assets.notifications.sending import limit, send


def tell(installation: Installation, failures: Iterable[Notice] = ()) -> list[str]:
    """Send each channel what it is owed.

    Args:
        installation: the installation; its warehouse is held for writing meanwhile.
        failures: what failed, which no later look at the state would find.

    Returns:
        A sentence for each channel that could not be reached, and where the record could not be
        written; nothing where everything was delivered or nothing was new.
    """
    if not installation.notices.channels:
        return []
    with writing(installation.warehouse, timeout=installation.lock_timeout, now=installation.now):
        return _tell(installation, failures)


def _tell(installation: Installation, failures: Iterable[Notice]) -> list[str]:
    problems: list[str] = []
    outbox = noted(installation, installation.notices.channels, failures)
    _keep(installation, outbox, problems)
    for channel in installation.notices.channels:
        message = _message(installation, outbox.owed[channel.name], limit(channel))
        if message is None:
            continue
        problem = send(channel, message)
        if problem:
            problems.append(problem)
        else:
            outbox = outbox.told(channel.name)
            _keep(installation, outbox, problems)
    return problems


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

    def left(sentence: str) -> None:
        failures.append(failure(run, subject, sentence))

    try:
        yield left
    except Exception as error:
        _tell_and_say(installation, failures or [failure(run, subject, error)], say)
        raise
    _tell_and_say(installation, failures, say)


def _tell_and_say(
    installation: Installation, failures: list[Notice], say: Callable[[str], None]
) -> None:
    """Tell people; what goes wrong with that is said and never fails the work before it."""
    try:
        problems = tell(installation, failures)
    except Exception as error:
        problems = [f"通知没有发出：{reason(error)}。"]
    for problem in problems:
        say(problem)


def noted(
    installation: Installation, channels: Sequence[Channel], failures: Iterable[Notice] = ()
) -> Outbox:
    """The outbox with what is new; nothing is written."""
    before = read_outbox(installation.warehouse)
    found = gather(installation, before.known)
    found.notices = [*failures, *found.notices]
    return before.noted(found, channels, installation.now())


def preview(installation: Installation, channel: Channel) -> Message | None:
    """What a channel would be sent now; nothing is written or sent."""
    owed = noted(installation, [channel]).owed[channel.name]
    return _message(installation, owed, limit(channel))


def _message(installation: Installation, owed: Sequence[Notice], most: int) -> Message | None:
    return compose(owed, organisation=organisation(installation), at=installation.now(), limit=most)


def organisation(installation: Installation) -> str:
    """Whose installation it is, and which of its cities."""
    city = f"（{installation.title or installation.name}）" if installation.name else ""
    return f"{installation.reports.organisation}{city}"


def _keep(installation: Installation, outbox: Outbox, problems: list[str]) -> None:
    """Write the record; a full disk is one more reason to tell people, not to be silent."""
    try:
        write_outbox(installation.warehouse, outbox)
    except OSError as error:
        said = f"通知记录写不进去（{disk_cause(error)}），同样的通知可能再发一次。"
        if said not in problems:
            problems.append(said)
