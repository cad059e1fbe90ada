"""A release as a folder of files and `datapackage.json` (Frictionless): describe, open, find.

The bytes of the descriptor depend on the data alone; their SHA-256 is the identity of the release.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.core import TEMPORARY, HotlineError, Warehouse, sha256_of
from assets.facts import FactRecord, built_path
from schemas import PUBLISHED
from schemas.table import table_schema

CONTRACT = "1.1"
DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True)
class FactFile:
    """A fact file as it is described.

    Attributes:
        name: published path, for messages.
        path: where it lies.
        table: fact table.
        sha256: what its bytes should hash to.
    """

    name: str
    path: Path
    table: str
    sha256: str


# --- describe -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """What may become the current release.

    Attributes:
        built: its files.
        package: its descriptor.
        cutoff: data cutoff, ISO.
    """

    built: Sequence[FactRecord]
    package: bytes
    cutoff: str

    @property
    def id(self) -> str:
        """Its id: the day of the cutoff and the SHA-256 of the descriptor."""
        return f"{self.cutoff[:10].replace('-', '')}-{_digest(self.package)}"

    def files(self, warehouse: Warehouse) -> list[FactFile]:
        """Its files where they were built."""
        return [
            FactFile(published_path(each), built_path(warehouse, each), each.table, each.sha256)
            for each in self.built
        ]


def published_path(built: FactRecord) -> str:
    """Path of a built file below the release."""
    return PUBLISHED[built.table].published_path(built.month)


def datapackage(
    built: Sequence[FactRecord], *, cutoff: str, code: str, about: Mapping[str, Any] | None = None
) -> bytes:
    """The package descriptor.

    Args:
        built: all files of the release.
        cutoff: end of the last day for which exports were taken, ISO.
        code: version of the code that made the facts.
        about: what is said of the package itself, where it is not that of one city.

    Returns:
        UTF-8 JSON, keys sorted.
    """
    content = {
        "profile": "data-package",
        "name": "hotline-12345",
        "title": "12345政务服务热线月度事实",
        "version": CONTRACT,
        "cutoff": cutoff,
        "code": code,
        "resources": [_resource(each) for each in built],
        **(about or {}),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _resource(built: FactRecord) -> dict[str, Any]:
    table = PUBLISHED[built.table]
    return {
        "name": f"{built.table}-{built.month}".rstrip("-").replace("_", "-"),
        "path": published_path(built),
        "title": table.title,
        "description": table.description,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": built.size,
        "hash": f"sha256:{built.sha256}",
        "rows": built.rows,
        "contract": table.version,
        "table": built.table,
        "month": built.month,
        "schema": table_schema(table, built.absent),
    }


def is_id_of(name: str, package: bytes) -> bool:
    """Whether an id is that of a descriptor."""
    return name.rpartition("-")[2] == _digest(package)


def _digest(package: bytes) -> str:
    return hashlib.sha256(package).hexdigest()[:12]


# --- open -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Release:
    """A release on the disk, by its own descriptor.

    Attributes:
        folder: where it lies.
        package: bytes of the descriptor.
        cutoff: data cutoff, ISO.
        resources: (table, month) -> entry of the descriptor.
    """

    folder: Path
    package: bytes
    cutoff: str
    resources: dict[tuple[str, str], dict[str, Any]]

    @classmethod
    def open(cls, folder: Path) -> "Release":
        """Read the descriptor of a release.

        Raises:
            HotlineError: it is not there or says nothing that can be understood.
        """
        try:
            package = (folder / DESCRIPTOR).read_bytes()
            content = json.loads(package)
            resources = {(each["table"], each["month"]): each for each in content["resources"]}
            return cls(folder, package, content["cutoff"], resources)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise HotlineError(
                f"发布 {folder.name} 的 {DESCRIPTOR} 无法读取（{type(error).__name__}）："
                "请运行 hotline run 重新发布，或用 hotline rollback 回退到另一版。"
            ) from None

    @property
    def files(self) -> list[FactFile]:
        """The files that there should be."""
        return [
            FactFile(each["path"], self.folder / each["path"], each["table"], each["hash"][7:])
            for each in self.resources.values()
        ]


def is_sound(folder: Path) -> bool:
    """Whether a release is complete and unchanged: its id, and the checksum of every file."""
    try:
        release = Release.open(folder)
        return is_id_of(folder.name, release.package) and all(
            sha256_of(file.path) == file.sha256 for file in release.files
        )
    except (HotlineError, FileNotFoundError):
        return False


# --- find -----------------------------------------------------------------------------------------


def linked_release(warehouse: Warehouse) -> str | None:
    """Id that the link `current` names, whatever became of it; None where there is no such link."""
    return warehouse.current.readlink().name if warehouse.current.is_symlink() else None


def current_release(warehouse: Warehouse) -> str | None:
    """Id of the release that readers see; None where there is none or its descriptor is wrong."""
    name = linked_release(warehouse)
    try:
        package = (warehouse.releases / str(name) / DESCRIPTOR).read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    return name if name and is_id_of(name, package) else None


def release_ids(warehouse: Warehouse) -> list[str]:
    """Ids of the releases on the disk, sorted."""
    if not warehouse.releases.is_dir():
        return []
    names = (path.name for path in warehouse.releases.iterdir())
    return sorted(name for name in names if not name.startswith(TEMPORARY))


def find_release(warehouse: Warehouse, text: str) -> str:
    """The release that an operator means: "current", an id, or the beginning or end of one.

    Raises:
        HotlineError: there is none, or more than one.
    """
    if text == "current" and (name := linked_release(warehouse)):
        return name
    kept = release_ids(warehouse)
    found = [each for each in kept if each == text]
    found = found or [each for each in kept if each.startswith(text) or each.endswith(text)]
    if len(found) > 1:
        few = "、".join(found[:5])
        raise HotlineError(f"“{text}”可以指几个发布（{few}）：请写出完整的编号。")
    if not found:
        raise HotlineError(
            f"没有发布“{text}”，或它已按 keep_releases 删除：请用 hotline releases 查看现有的编号。"
        )
    return found[0]
