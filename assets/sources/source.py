"""What every source of exports offers: listing items, handing on their bytes, and how that fails.

HotlineError
  SourceError          the source cannot be read, and trying again does not help
    Interrupted        it did not answer or broke off: the next attempt may succeed
Vanished, Forbidden, TooLarge    this one item cannot be had
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol, TypeVar

from assets.core import HotlineError

CHUNK = 1 << 20
T = TypeVar("T")


class Item(NamedTuple):
    """Something that lies in a source.

    Attributes:
        path: relative to the source, with "/".
        size: in bytes; None where it is known only once the bytes are there.
        modified: in nanoseconds since the epoch.
        kind: "file"; "outside" for a link that leaves the source; "other" for what is no file;
            "gone" for what went away while the source was listed.
    """

    path: str
    size: int | None
    modified: int
    kind: Literal["file", "outside", "other", "gone"] = "file"


@dataclass(frozen=True)
class Request:
    """What a database is asked: the rows of a period, and the file that they become.

    Attributes:
        dataset: name of the dataset.
        path: name of the file.
        start: midnight at the beginning of the period, without a zone.
        end: midnight after it.
        modified: when it was last worth asking, in nanoseconds since the epoch.
    """

    dataset: str
    path: str
    start: datetime
    end: datetime
    modified: int


class Source(Protocol):
    """A place that exports are taken from; whoever opens it closes it.

    Attributes:
        at_once: how many items may be fetched at a time, in threads.
    """

    at_once: int

    def items(self) -> Iterable[Item]:
        """Everything that is there, apart from what is hidden.

        Raises:
            SourceError: it cannot be listed.
        """

    def fetch(self, item: Item, receive: Callable[[Iterator[bytes]], T]) -> T:
        """Hand the bytes of an item to `receive`, and return what it makes of them.

        The bytes end normally only where they are all of the item as it was listed.

        Raises:
            SourceError: the source cannot be read.
            Vanished: the item went away or changed.
            Forbidden: this item may not be read.
            TooLarge: it is over the limit.
        """

    def close(self) -> None:
        """End the connection; the next call begins a new one."""


class SourceError(HotlineError):
    """A source cannot be read, and trying again does not help: a sentence with the remedy."""


class Interrupted(SourceError):
    """A source did not answer or broke off: the next attempt may succeed."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where} 连不上或中途断开：请检查网络和服务器，恢复后再运行一次；上一版发布未受影响。"
        )


class Vanished(Exception):
    """An item went away, or is not what was listed: the next run will see it."""


class Forbidden(Exception):
    """An item may not be read."""


class TooLarge(Exception):
    """An item is over the size limit.

    Attributes:
        size: how many bytes were seen, at least.
    """

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


# Controls, and the marks that let a terminal show a name other than it is.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

_NO_NAMES = frozenset(("", ".", ".."))


def is_unsafe_name(path: str) -> bool:
    """Whether a path leads somewhere else, or is written so that a person is misled."""
    # Most names are printable, which is much quicker to tell than what an odd one holds.
    misleads = not path.isprintable() and _UNPRINTABLE.search(path) is not None
    return misleads or not _NO_NAMES.isdisjoint(path.split("/"))


def printable(path: str) -> str:
    """A path as it may be shown."""
    return _UNPRINTABLE.sub("\ufffd", path)


def limited(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Pass chunks on until they are over a limit.

    Raises:
        TooLarge: they are.
    """
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLarge(size)
        yield chunk
