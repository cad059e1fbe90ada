"""What should exist, what is stale and what is left over: one rule for every table that is built.

A table is built one period at a time. The record of a period says what it was built from; a period
is stale while that differs from what it should be built from, or while it has no record.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from assets.core.files import remove_file, sync_folder


class Record(Protocol):
    """What is written down with a built period."""

    @property
    def fingerprint(self) -> str:
        """Fingerprint of everything it was built from."""


R = TypeVar("R", bound=Record)


class Builds(ABC, Generic[R]):
    """The files of one table in one folder.

    A subclass says which periods there should be, what each is built from and how. `build` writes
    atomically: a period has either its new record or its old one.

    Args:
        folder: where the files lie.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    @abstractmethod
    def periods(self) -> Sequence[str]:
        """Periods that should exist, in order."""

    @abstractmethod
    def expected(self, period: str) -> str:
        """Fingerprint of what a period should be built from."""

    @abstractmethod
    def record(self, period: str) -> R | None:
        """The record of a period; None where it was never built or is damaged."""

    @abstractmethod
    def files(self, period: str) -> Iterable[Path]:
        """Files that a period and its record consist of."""

    @abstractmethod
    def build(self, period: str) -> R:
        """Build a period from its inputs as they are now."""

    def stale(self) -> list[str]:
        """Periods that are not built from what they should be."""
        return [each for each in self.periods if not self.is_current(each)]

    def is_current(self, period: str) -> bool:
        """Whether a period is built from what it should be."""
        record = self.record(period)
        return record is not None and record.fingerprint == self.expected(period)

    def delete_orphans(self) -> None:
        """Delete files of periods that should not exist, and files that no record names."""
        kept = {path for period in self.periods for path in self.files(period)}
        orphans = [path for path in self.folder.glob("[!.]*") if path not in kept]
        for path in orphans:
            remove_file(path)
        if orphans:
            sync_folder(self.folder)
