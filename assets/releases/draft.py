"""A release before readers see it: what is to be in it, and writing its folder.

Belongs here: the folder. Files are linked into one with a temporary name, made durable, and only
then does it get the name that is its id. When it may become current is `assets.releases.publish`.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assets.core import (
    TEMPORARY,
    Warehouse,
    link_or_copy,
    make_folder,
    remove_folder,
    rename_folder,
    sync_folder,
    write_bytes,
)
from assets.facts import Built, built_path
from assets.releases.folder import DESCRIPTOR
from assets.releases.gate import FactFile, contents
from assets.releases.package import published_path, release_id


@dataclass(frozen=True)
class Candidate:
    """What may become the current release.

    Attributes:
        built: its files.
        package: its descriptor.
        cutoff: data cutoff, ISO.
    """

    built: Sequence[Built]
    package: bytes
    cutoff: str

    @property
    def id(self) -> str:
        """Its id."""
        return release_id(self.package, self.cutoff)


def as_described(warehouse: Warehouse, built: Sequence[Built]) -> list[FactFile]:
    """The files of a candidate where they were built."""
    return [
        FactFile(
            published_path(each),
            built_path(warehouse, each),
            each.table,
            each.sha256,
        )
        for each in built
    ]


def _as_published(folder: Path, built: Sequence[Built]) -> list[FactFile]:
    return [
        FactFile(published_path(each), folder / published_path(each), each.table, each.sha256)
        for each in built
    ]


def write_release(warehouse: Warehouse, candidate: Candidate) -> None:
    """Write the folder of a candidate, unless a sound one is there."""
    name, package, built = candidate.id, candidate.package, candidate.built
    final = warehouse.releases / name
    if final.exists():
        descriptor = final / DESCRIPTOR
        genuine = descriptor.exists() and descriptor.read_bytes() == package
        if genuine and all(each.passed for each in contents(_as_published(final, built))):
            return
    make_folder(warehouse.releases)
    draft = warehouse.releases / f"{TEMPORARY}{name}"
    remove_folder(draft)
    for each in built:
        link_or_copy(built_path(warehouse, each), draft / published_path(each))
    write_bytes(draft / DESCRIPTOR, package)
    for folder, _, _ in os.walk(draft):
        sync_folder(warehouse.root / folder)
    # One of this name is damaged, or it would have been found genuine above.
    remove_folder(final)
    rename_folder(draft, final)
