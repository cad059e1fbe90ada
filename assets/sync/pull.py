"""Read a shared warehouse: what it is in an object store, and making a folder a copy of it.

pointer.json            generation, manifest, current release and the objects of its files
<generation>/<sha256>   a content, several small ones ("pack"), or a manifest; never changed

A generation is what one machine made of the one before. All of its objects are there before the
pointer names it, so whoever has read the pointer can read everything that it leads to.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, TypeVar

from assets.core import (
    PRIVATE_FILE,
    READ_ONLY_FILE,
    HotlineError,
    Warehouse,
    holds,
    link_or_copy,
    make_folder,
    point_symlink,
    remove_file,
    remove_folder,
    sha256_of,
    write_atomically,
    write_bytes,
)
from assets.sync.s3 import S3, Missing, at_once
from assets.sync.tree import Item, apply_items, scan

POINTER = "pointer.json"
# In the first format every content was an object of its own.
_FORMAT, _READABLE = 2, (1, 2)
# In a copy: what `scan_copy` found there.
KNOWN = ".copy.json"
# Dagster's records of a city's own runs stay on the machine that ran them.
_LEFT_OUT = "dagster"

T = TypeVar("T")


@dataclass(frozen=True)
class Pointer:
    """One state of a shared warehouse.

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
    """Everything in a shared warehouse.

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

    def key(self, sha256: str) -> str:
        """Key of a content that has an object of its own."""
        return f"{self.generations[sha256]}/{sha256}"

    @property
    def objects(self) -> set[str]:
        """Keys of all objects that it needs."""
        return {*map(self.key, self.generations), *self.packs}

    def encoded(self) -> bytes:
        """As it is stored."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return gzip.compress(text.encode(), mtime=0)


def read_pointer(store: S3) -> tuple[Pointer, str | None]:
    """The present state and its ETag; None where nothing was ever put.

    Raises:
        HotlineError: it is of another version of the program.
    """
    try:
        content, etag = store.get(POINTER)
    except Missing:
        return Pointer(), None
    try:
        fields = json.loads(content)
        if fields.pop("format") not in _READABLE:
            raise ValueError("of another format")
        return Pointer(**fields), etag
    except (ValueError, KeyError, TypeError):
        raise HotlineError(
            f"对象存储中的 {POINTER} 无法读懂：请确认各台机器的程序版本相同。"
        ) from None


def read_manifest(store: S3, pointer: Pointer) -> Manifest:
    """The manifest of a state; raises Missing where the state is no longer kept."""
    if not pointer.manifest:
        return Manifest()
    content = json.loads(gzip.decompress(b"".join(store.read(pointer.manifest))))
    items = [Item(**each) for each in content["items"]]
    return Manifest(items, content["generations"], content.get("packs", {}))


def with_latest(store: S3, use: Callable[[Pointer], T]) -> tuple[Pointer, str | None, T]:
    """Use the present state; start again where another machine replaces it meanwhile.

    Returns:
        The state, its ETag, and what `use` returned.

    Raises:
        HotlineError: an object of the present state is not there.
    """
    pointer, etag = read_pointer(store)
    while True:
        try:
            return pointer, etag, use(pointer)
        except Missing as missing:
            later = read_pointer(store)
            if later[1] == etag:
                raise HotlineError(
                    f"对象存储中缺少 {missing}：请检查存储，并从备份恢复。"
                ) from None
            pointer, etag = later


def pull(store: S3, root: Path, manifest: Manifest) -> None:
    """Make a folder a copy of a state; nobody else may write to it.

    Raises:
        HotlineError: the folder holds something that is not a copy; an object is damaged.
        Missing: the state is no longer kept.
    """
    # The lock and Dagster leave these in an empty folder.
    empty = {_LEFT_OUT, Warehouse(root).layout.name}
    if not (root / KNOWN).exists() and any(
        each.name[0] != "." and each.name not in empty for each in root.iterdir()
    ):
        raise HotlineError(
            f"{root} 里有不是从对象存储取来的内容，不能覆盖：请移走它，或核对 hotline.toml。"
        )

    def fetch(files: Sequence[Item]) -> None:
        alone = [each for each in files if each.sha256 in manifest.generations]
        at_once(
            lambda each: _fetch(store, manifest.key(each.sha256), root / each.path, each.mode),
            alone,
        )
        packed = {each.sha256: each for each in files if each.sha256 not in manifest.generations}
        packs = [each for each in manifest.packs.items() if not packed.keys().isdisjoint(each[1])]
        at_once(lambda pack: _fetch_packed(store, root, *pack, packed), packs)

    apply_items(root, scan_copy(root), manifest.items, fetch)
    scan_copy(root)


def scan_copy(root: Path) -> list[Item]:
    """List what lies in a copy, hashing only files that changed since the last time.

    As in git the SHA-256 of each file is remembered beside its size, time and inode.
    """
    try:
        known = json.loads((root / KNOWN).read_bytes())
    except (FileNotFoundError, ValueError):
        known = {}
    now: dict[str, list[int | str]] = {}

    def digest(path: Path) -> str:
        status = path.stat()
        seen = [status.st_size, status.st_mtime_ns, status.st_ino]
        name = path.relative_to(root).as_posix()
        before = known.get(name, [])
        sha256 = str(before[3]) if before[:3] == seen else sha256_of(path)
        now[name] = [*seen, sha256]
        return sha256

    items = scan(root, (_LEFT_OUT,), digest)
    if now != known or not (root / KNOWN).exists():
        make_folder(root)
        write_bytes(root / KNOWN, json.dumps(now).encode(), mode=PRIVATE_FILE)
    return items


def _fetch(store: S3, key: str, path: Path, mode: int) -> None:
    """Write an object to a file, if it is what its name says.

    Raises:
        HotlineError: its bytes are others; there is no file then.
        Missing: the state that named it is no longer kept.
    """

    def write(file: IO[bytes]) -> None:
        digest = hashlib.sha256()
        for piece in store.read(key):
            digest.update(piece)
            file.write(piece)
        if digest.hexdigest() != key.rpartition("/")[2]:
            raise _damaged(key)

    write_atomically(path, write, mode=mode)


def _fetch_packed(
    store: S3, root: Path, key: str, sizes: Mapping[str, int], files: Mapping[str, Item]
) -> None:
    """Write those files of a pack that are wanted (by SHA-256), if they are what they should be."""
    content, end = b"".join(store.read(key)), 0
    for sha256 in sorted(sizes):
        begin, end = end, end + sizes[sha256]
        if sha256 not in files:
            continue
        own = content[begin:end]
        if hashlib.sha256(own).hexdigest() != sha256:
            raise _damaged(key)
        write_bytes(root / files[sha256].path, own, mode=files[sha256].mode)


def _damaged(key: str) -> HotlineError:
    return HotlineError(f"对象存储中的 {key} 与登记的校验值不符：请检查存储，并从备份恢复。")


def pull_release(store: S3, root: Path, wanted: Callable[[str], bool] = lambda _path: True) -> str:
    """Have the current release of a shared warehouse below a folder, and nothing else.

    What is as it was in the release that lies there is not fetched again.

    Args:
        store: where it is.
        root: where `releases/<id>` and `current` shall be, as in a warehouse.
        wanted: which of its files, by their path in the release.

    Returns:
        Its id; empty where there is none.
    """

    def use(pointer: Pointer) -> None:
        missing = []
        for path, key in pointer.files.items():
            target, before = root / "releases" / pointer.release / path, root / "current" / path
            sha256 = key.rpartition("/")[2]
            if not wanted(path) or holds(target, sha256):
                continue
            remove_file(target)
            if holds(before, sha256):
                link_or_copy(before, target)
            else:
                make_folder(target.parent)
                missing.append((key, target))
        at_once(lambda each: _fetch(store, *each, READ_ONLY_FILE), missing)

    pointer, _, _ = with_latest(store, use)
    if pointer.release:
        point_symlink(root / "current", f"releases/{pointer.release}")
        for other in (root / "releases").iterdir():
            if other.name != pointer.release:
                remove_folder(other)
    return pointer.release
