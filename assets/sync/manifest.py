"""What a backup holds: `backup.json`, and the contents by their SHA-256 beside it.

Belongs here: the shape of a backup folder. Contents are only ever added before the manifest that
names them is put in place, and removed after: whatever interrupts a backup, the last one that was
finished is still whole.

backup.json             every file, folder and link, mode and SHA-256; replacing it is the commit
objects/ab/<sha256>     contents
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assets.core import PRIVATE_FILE, HotlineError, write_bytes

MANIFEST = "backup.json"
OBJECTS = "objects"
FORMAT = 1


@dataclass(frozen=True)
class Item:
    """One name below the warehouse.

    Attributes:
        path: relative to the warehouse, with "/".
        kind: file, folder or link.
        mode: permissions.
        sha256: of a file.
        size: of a file, in bytes.
        target: of a link.
    """

    path: str
    kind: str
    mode: int = 0
    sha256: str = ""
    size: int = 0
    target: str = ""


@dataclass(frozen=True)
class Manifest:
    """A finished backup.

    Attributes:
        at: when it was made, ISO.
        release: the release that was current; empty where none was.
        items: folders before what is in them, links last.
    """

    at: str
    release: str
    items: tuple[Item, ...]


def object_path(folder: Path, sha256: str) -> Path:
    """Where a content lies."""
    return folder / OBJECTS / sha256[:2] / sha256


def write_manifest(folder: Path, at: str, release: str, items: Sequence[Item]) -> None:
    """Finish a backup."""
    content = {
        "format": FORMAT,
        "at": at,
        "release": release,
        "items": [asdict(each) for each in items],
    }
    text = json.dumps(content, ensure_ascii=False, indent=0)
    write_bytes(folder / MANIFEST, text.encode(), mode=PRIVATE_FILE)


def read_manifest(folder: Path) -> Manifest:
    """Read what a backup holds.

    Raises:
        HotlineError: there is no finished backup, or it cannot be understood.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_bytes())
        if content["format"] != FORMAT:
            raise HotlineError(
                f"备份 {folder} 的格式是 {content['format']}，本程序只认识 {FORMAT}："
                "请用做这份备份的程序版本恢复。"
            )
        items = tuple(Item(**each) for each in content["items"])
        return Manifest(content["at"], content["release"], items)
    except FileNotFoundError:
        raise HotlineError(
            f"{folder} 里没有完成的备份（缺 {MANIFEST}）：请核对目录，"
            "或再运行一次 hotline backup 让它做完。"
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise HotlineError(
            f"备份清单 {path} 无法读取（{type(error).__name__}）：请换一份备份。"
        ) from None
