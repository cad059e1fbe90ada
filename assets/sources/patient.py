"""A source whose passing errors are waited out: the only place where anything is tried again."""

from collections.abc import Callable, Iterable, Iterator

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from assets.sources.source import Interrupted, Item, Source, T


class Patient:
    """A source that tries a verb again, on a new connection, after it was interrupted."""

    # A new connection for one fetch would end the connection of another.
    at_once = 1

    def __init__(self, source: Source, *, attempts: int, delay: float) -> None:
        """Wrap a source.

        Args:
            source: the source.
            attempts: how often a verb is tried.
            delay: seconds before the second attempt; each later one waits twice as long.
        """
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
