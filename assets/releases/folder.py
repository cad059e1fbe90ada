"""Read a release folder: what its descriptor says, whether its files are those, and which is meant.

Belongs here: looking at releases as they lie on the disk. What must hold for their contents is in
`assets.releases.gate`, how they come about in `assets.releases.publish`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.core import TEMPORARY, HotlineError, Warehouse, sha256_of
from assets.releases.gate import FactFile
from assets.releases.package import is_id_of

DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True)
class Described:
    """A release by its own descriptor.

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

    @property
    def files(self) -> list[FactFile]:
        """The files that there should be."""
        return [
            FactFile(each["path"], self.folder / each["path"], each["table"], each["hash"][7:])
            for each in self.resources.values()
        ]


def described(folder: Path) -> Described:
    """Read the descriptor of a release.

    Raises:
        HotlineError: it is not there or says nothing that can be understood.
    """
    try:
        package = (folder / DESCRIPTOR).read_bytes()
        content = json.loads(package)
        resources = {(each["table"], each["month"]): each for each in content["resources"]}
        return Described(folder, package, content["cutoff"], resources)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HotlineError(
            f"发布 {folder.name} 的 {DESCRIPTOR} 无法读取（{type(error).__name__}）："
            "请运行 hotline run 重新发布，或用 hotline rollback 回退到另一版。"
        ) from None


def is_sound(folder: Path) -> bool:
    """Whether a release is complete and unchanged: its id, and the checksum of every file."""
    try:
        release = described(folder)
        return is_id_of(folder.name, release.package) and all(
            sha256_of(file.path) == file.sha256 for file in release.files
        )
    except (HotlineError, FileNotFoundError):
        return False


def kept_releases(warehouse: Warehouse) -> list[str]:
    """Ids of the releases on the disk, sorted."""
    if not warehouse.releases.is_dir():
        return []
    names = (path.name for path in warehouse.releases.iterdir())
    return sorted(name for name in names if not name.startswith(TEMPORARY))


def named_release(warehouse: Warehouse, text: str) -> str:
    """The release that an operator means: "current", an id, or the beginning or end of one.

    Raises:
        HotlineError: there is none, or more than one.
    """
    kept = kept_releases(warehouse)
    if text == "current" and warehouse.current.is_symlink():
        return warehouse.current.readlink().name
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
