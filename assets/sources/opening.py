"""Make the source that a profile names; its library is imported here and not before."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from assets.sources.folder import Folder
from assets.sources.settings import FolderSettings, S3Settings, SftpSettings, SourceSettings
from assets.sources.source import Interrupted, Item, Request, Source, SourceError, T

_MODULES = {"sftp": ("asyncssh",), "s3": ("obstore",), "sql": ("psycopg", "pymysql")}


def open_source(
    settings: SourceSettings,
    *,
    landing: Path,
    requests: Callable[[], Sequence[Request]],
    zone: str,
    limit: int,
    with_retries: bool,
) -> Source:
    """Make a source; it connects when it is first asked.

    Args:
        settings: which kind, and where.
        landing: the folder, for a source that is one.
        requests: gives what a database is asked.
        zone: of the times that a database gives.
        limit: size in bytes above which the result of a query is refused.
        with_retries: whether to try again what was interrupted.

    Raises:
        SourceError: its library is not installed.
    """
    if isinstance(settings, FolderSettings):
        return Folder(landing)
    try:
        for name in ("tenacity", *_MODULES[settings.kind]):
            import_module(name)
    except ImportError:
        raise SourceError(
            f"来源类型 {settings.kind} 需要附加组件：请先执行 pip install -e '.[sources]'。"
        ) from None
    source: Source
    if isinstance(settings, SftpSettings):
        from assets.sources.sftp import Sftp

        source = Sftp(settings)
    elif isinstance(settings, S3Settings):
        from assets.sources.s3 import S3

        source = S3(settings)
    else:
        from assets.sources.sql import Database

        source = Database(settings, requests(), zone=zone, limit=limit)
    attempts = settings.attempts if with_retries else 1
    return RetryingSource(source, attempts=attempts, delay=settings.retry_seconds)


class RetryingSource:
    """A source that tries a call again, on a new connection, after it was interrupted.

    Args:
        source: the source.
        attempts: how often a call is tried.
        delay: seconds before the second attempt; each later one waits twice as long.
    """

    # A new connection for one fetch would end the connection of another.
    at_once = 1

    def __init__(self, source: Source, *, attempts: int, delay: float) -> None:
        from tenacity import (
            Retrying,
            retry_if_exception_type,
            stop_after_attempt,
            wait_exponential,
        )

        self._source = source
        self._attempts = Retrying(
            retry=retry_if_exception_type(Interrupted),
            stop=stop_after_attempt(attempts),
            wait=wait_exponential(multiplier=delay),
            before_sleep=lambda _: source.close(),
            reraise=True,
        )

    def close(self) -> None:
        """End the connection."""
        self._source.close()

    def items(self) -> Iterable[Item]:
        """Everything that is there."""
        return self._attempts(self._source.items)

    def fetch(self, item: Item, receive: Callable[[Iterator[bytes]], T]) -> T:
        """Hand the bytes of an item to `receive`, from the beginning at each attempt."""
        return self._attempts(lambda: self._source.fetch(item, receive))
