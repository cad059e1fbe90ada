"""An object store, by the few operations that a warehouse needs of it.

Belongs here: the operations, and how many of them are under way at a time. The conditional put is
the only thing that one machine can tell another by.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol, TypeVar

from assets.core import abreast

# A store takes its time to answer, whatever it is asked, and answers many at once.
_AT_ONCE = 8

T = TypeVar("T")
R = TypeVar("R")


class Missing(LookupError):
    """There is no such object."""


class Store(Protocol):
    """What a warehouse needs of an object store; keys are relative to the warehouse."""

    def read(self, key: str) -> Iterator[bytes]:
        """Read an object in pieces; raises Missing."""

    def get(self, key: str) -> tuple[bytes, str]:
        """A small object and its ETag; raises Missing."""

    def put(self, key: str, content: Path | bytes) -> None:
        """Write an object, whatever was there."""

    def put_if(self, key: str, content: bytes, etag: str | None) -> bool:
        """Write an object if it still is the one of the ETag; None: if there is none.

        Returns:
            Whether it was written.
        """

    def list(self, prefix: str) -> Iterator[str]:
        """Keys that begin with a prefix, which is whole parts of a path."""

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects."""


def at_once(move: Callable[[T], R], contents: Iterable[T]) -> list[R]:
    """Move contents to a store or from it, several at a time.

    Nothing is under way any more when it returns or raises.

    Args:
        move: moves one; called in threads.
        contents: what is to be moved.

    Returns:
        What each call returned, in order.
    """
    return list(abreast(move, contents, threads=_AT_ONCE))
