"""What a warehouse is in an object store: contents, a manifest of them, and one pointer.

Belongs here: the shape, and reading it.

pointer.json            generation, manifest, current release and the objects of its files
<generation>/<sha256>   a content, several small ones, or a manifest; never changed

A generation is what one machine made of the one before. All of its objects are there before the
pointer names it, so whoever has read the pointer once can read everything that it leads to.
"""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from assets.core import HotlineError, write_atomically
from assets.sync.manifest import Item
from assets.sync.store import Missing, Store

POINTER = "pointer.json"
_FORMAT = 2
# In the first format every content was an object of its own.
_READABLE = (1, _FORMAT)


def object_key(generation: int, sha256: str) -> str:
    """Where a content lies."""
    return f"{generation}/{sha256}"


@dataclass(frozen=True)
class Pointer:
    """One state of a warehouse.

    Attributes:
        generation: how many states there were before; 0 where there is none yet.
        manifest: key of its manifest.
        release: id of the current release; empty where there is none.
        files: path below the release -> key, for readers.
    """

    generation: int = 0
    manifest: str = ""
    release: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """As it is stored. No two states look alike, so no two have the same ETag."""
        content = {"format": _FORMAT, **asdict(self)}
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


@dataclass(frozen=True)
class Manifest:
    """Everything in a warehouse.

    Attributes:
        items: every file, folder and link.
        generations: SHA-256 -> generation that its object was written in, of a content that has
            one of its own.
        packs: object -> SHA-256 -> size, of the contents that lie in it in the order of their
            SHA-256.
    """

    items: Sequence[Item] = ()
    generations: Mapping[str, int] = field(default_factory=dict)
    packs: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def objects(self) -> set[str]:
        """Keys of all objects that it needs."""
        return {object_key(number, each) for each, number in self.generations.items()}.union(
            self.packs
        )

    def encoded(self) -> bytes:
        """As it is stored."""
        content = {
            "items": [asdict(each) for each in self.items],
            "generations": self.generations,
            "packs": self.packs,
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        return gzip.compress(text.encode(), mtime=0)


def read_pointer(store: Store) -> tuple[Pointer, str | None]:
    """The present state and its ETag; None where nothing was ever put.

    Raises:
        HotlineError: it is of another version of the program.
    """
    try:
        content, etag = store.get(POINTER)
    except Missing:
        return Pointer(), None
    try:
        told = json.loads(content)
        if told.pop("format") not in _READABLE:
            raise ValueError("of another format")
        return Pointer(**told), etag
    except (ValueError, KeyError, TypeError):
        raise HotlineError(
            f"对象存储中的 {POINTER} 无法读懂：请确认各台机器的程序版本相同。"
        ) from None


def read_manifest(store: Store, pointer: Pointer) -> Manifest:
    """The manifest of a state; raises Missing where the state is no longer kept."""
    if not pointer.manifest:
        return Manifest()
    content = json.loads(gzip.decompress(b"".join(store.read(pointer.manifest))))
    items = [Item(**each) for each in content["items"]]
    return Manifest(items, content["generations"], content.get("packs", {}))


def fetch(store: Store, key: str, path: Path, mode: int) -> None:
    """Write an object to a file, if it is what its name says.

    Raises:
        HotlineError: its bytes are others; there is no file then.
        Missing: the state that named it is no longer kept.
    """
    wanted = key.rpartition("/")[2]

    def write(file: IO[bytes]) -> None:
        digest = hashlib.sha256()
        for piece in store.read(key):
            digest.update(piece)
            file.write(piece)
        if digest.hexdigest() != wanted:
            raise damaged(key)

    write_atomically(path, write, mode=mode)


def damaged(key: str) -> HotlineError:
    """An object holds other bytes than it should."""
    return HotlineError(f"对象存储中的 {key} 与登记的校验值不符：请检查存储，并从备份恢复。")
