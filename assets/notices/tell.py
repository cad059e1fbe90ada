"""Tell people what is new: look, write down, send, strike off.

Belongs here: the order of these steps, and taking them at the end of other work. A channel that
fails is told of in a sentence and keeps what it is owed; nothing here fails a night.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from assets.errors import disk_cause
from assets.lock import writing
from assets.notices.gather import failure, gather, reason
from assets.notices.message import Message, compose
from assets.notices.notice import Notice
from assets.notices.outbox import Outbox, read_outbox, write_outbox
from assets.notices.send import limit, send
from assets.settings.notices import Channel
from assets.site import Site


def tell(site: Site, failures: Iterable[Notice] = ()) -> list[str]:
    """Send each channel what it is owed.

    Args:
        site: the installation; its warehouse is held for writing meanwhile.
        failures: what failed, which no later look at the state would find.

    Returns:
        A sentence for each channel that could not be reached, and where the record could not be
        written; nothing where everything was delivered or nothing was new.
    """
    if not site.notices.channels:
        return []
    with writing(site.warehouse, timeout=site.lock_timeout, now=site.now):
        return _tell(site, failures)


def _tell(site: Site, failures: Iterable[Notice]) -> list[str]:
    problems: list[str] = []
    outbox = noted(site, site.notices.channels, failures)
    _keep(site, outbox, problems)
    for channel in site.notices.channels:
        message = _message(site, outbox.owed[channel.name], limit(channel))
        if message is None:
            continue
        problem = send(channel, message)
        if problem:
            problems.append(problem)
        else:
            outbox = outbox.told(channel.name)
            _keep(site, outbox, problems)
    return problems


@contextmanager
def telling(
    site: Site, run: str, subject: str, say: Callable[[str], None]
) -> Iterator[Callable[[str], None]]:
    """Tell people what is new once the work inside is over, even where it fails.

    Args:
        site: the installation.
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
        _tell_and_say(site, failures or [failure(run, subject, error)], say)
        raise
    _tell_and_say(site, failures, say)


def _tell_and_say(site: Site, failures: list[Notice], say: Callable[[str], None]) -> None:
    """Tell people; what goes wrong with that is said and never fails the work before it."""
    try:
        problems = tell(site, failures)
    except Exception as error:
        problems = [f"通知没有发出：{reason(error)}。"]
    for problem in problems:
        say(problem)


def noted(site: Site, channels: Sequence[Channel], failures: Iterable[Notice] = ()) -> Outbox:
    """The outbox with what is new; nothing is written."""
    before = read_outbox(site.warehouse)
    found = gather(site, before.known)
    found.notices = [*failures, *found.notices]
    return before.noted(found, channels, site.now())


def preview(site: Site, channel: Channel) -> Message | None:
    """What a channel would be sent now; nothing is written or sent."""
    owed = noted(site, [channel]).owed[channel.name]
    return _message(site, owed, limit(channel))


def _message(site: Site, owed: Sequence[Notice], most: int) -> Message | None:
    return compose(owed, organisation=organisation(site), at=site.now(), limit=most)


def organisation(site: Site) -> str:
    """Whose installation it is, and which of its cities."""
    city = f"（{site.title or site.name}）" if site.name else ""
    return f"{site.reports.organisation}{city}"


def _keep(site: Site, outbox: Outbox, problems: list[str]) -> None:
    """Write the record; a full disk is one more reason to tell people, not to be silent."""
    try:
        write_outbox(site.warehouse, outbox)
    except OSError as error:
        said = f"通知记录写不进去（{disk_cause(error)}），同样的通知可能再发一次。"
        if said not in problems:
            problems.append(said)
