"""An object store, by the five operations that a warehouse needs of it.

Belongs here: the operations. The conditional put is the only thing that one machine can tell
another by.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol


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
