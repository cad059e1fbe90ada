"""What the province is made of: the current release of each city, read as any reader reads it.

Belongs here: finding and reading them. Nothing else of a city's warehouse is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import polars as pl

from assets.core import HotlineError, sha256_of
from assets.installation import Installation
from assets.releases import DESCRIPTOR, Described, current_release, described
from schemas import BY_SITE, FACTS

_READ = (
    DESCRIPTOR,
    *(FACTS[table.of].path.format(table=table.of, period="*") for table in BY_SITE.values()),
)


@dataclass(frozen=True)
class CityRelease:
    """The current release of a city.

    Attributes:
        name: name of the city.
        title: the same for people.
        release: its release.
    """

    name: str
    title: str
    release: Described

    @property
    def told(self) -> dict[str, str]:
        """What the descriptor of the province says of it."""
        return {"site": self.name, "title": self.title, "release": self.release.folder.name}

    def sha256(self, table: str, month: str) -> str | None:
        """SHA-256 of a fact file; None where there is none."""
        resource = self.release.resources.get((table, month))
        return resource["hash"] if resource else None

    def scan(self, table: str, month: str) -> pl.LazyFrame | None:
        """The rows of a fact file; None where there is none.

        Raises:
            HotlineError: its bytes are not those that were published.
        """
        resource: dict[str, Any] | None = self.release.resources.get((table, month))
        if resource is None:
            return None
        path = self.release.folder / resource["path"]
        if not path.exists() or f"sha256:{sha256_of(path)}" != resource["hash"]:
            raise HotlineError(
                f"城市 {self.name} 的发布 {self.release.folder.name} 不完整或被改动过："
                f"请运行 hotline run --city {self.name}，再汇总。"
            )
        return pl.scan_parquet(path)


def is_read(path: str) -> bool:
    """Whether the roll-up reads a file of a city's release: its descriptor, and counts.

    On several machines nothing else of a city comes to the one that rolls up: single tickets
    stay where they are.
    """
    return any(fnmatchcase(path, pattern) for pattern in _READ)


def current_releases(installations: Sequence[Installation]) -> list[CityRelease]:
    """The current release of every city that has one."""
    found = []
    for installation in installations:
        name = current_release(installation.warehouse)
        if name is not None:
            release = described(installation.warehouse.releases / name)
            found.append(CityRelease(installation.name, installation.title, release))
    return found
