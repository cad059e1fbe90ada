"""Every operation that changes the disk, so that each can be made to fail in a test.

Belongs here: durable primitives (write, replace, link, rename, remove). What is written, and in
which order, is decided elsewhere. The rule behind all of them: data is complete and on the disk
under a temporary name before it gets its final one, and a temporary name starts with a dot.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
PUBLIC_FILE = 0o644
READ_ONLY_FILE = 0o444
PUBLIC_FOLDER = 0o755
TEMPORARY = ".tmp-"
_CHUNK = 1 << 20


def make_folder(path: Path, mode: int = PUBLIC_FOLDER) -> None:
    """Make a folder and its missing parents, all with this mode; existing ones keep theirs."""
    if not path.is_dir():
        make_folder(path.parent, mode)
        path.mkdir(mode=mode, exist_ok=True)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(
    path: Path, write: Callable[[BinaryIO], object], *, mode: int = PUBLIC_FILE
) -> None:
    """Write a file so that its final name never holds less than the whole of it.

    Args:
        path: final name; its folder exists.
        write: writes the content to the open file.
        mode: permissions of the file.
    """
    temporary = path.with_name(f"{TEMPORARY}{path.name}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_bytes(path: Path, content: bytes, *, mode: int = PUBLIC_FILE) -> None:
    """Write bytes atomically."""
    write_atomically(path, lambda file: file.write(content), mode=mode)


def copy_hashing(source: Path, folder: Path, place: Callable[[str], Path]) -> str:
    """Copy a file to a name made from its SHA-256, private to the owner.

    The content is durable afterwards, its name is not: the caller syncs the folders once, after
    many files and before it relies on them.

    Args:
        source: file to copy.
        folder: where the temporary copy is made; on the same file system as the final name.
        place: final name for a SHA-256.

    Returns:
        The SHA-256 of the bytes copied, in hex.
    """
    temporary = folder / f"{TEMPORARY}{os.getpid()}"
    digest = hashlib.sha256()
    try:
        with source.open("rb") as reader, temporary.open("wb") as writer:
            os.chmod(temporary, PRIVATE_FILE)
            while chunk := reader.read(_CHUNK):
                digest.update(chunk)
                writer.write(chunk)
            writer.flush()
            os.fsync(writer.fileno())
        sha256 = digest.hexdigest()
        final = place(sha256)
        make_folder(final.parent, PRIVATE_FOLDER)
        os.replace(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)
    return sha256


def link_or_copy(source: Path, target: Path) -> None:
    """Give a finished file a second name; copy it where the file system knows no hard links."""
    make_folder(target.parent)
    try:
        os.link(source, target)
    except OSError:
        write_bytes(target, source.read_bytes())


def point_symlink(link: Path, target: str) -> None:
    """Let a symbolic link name another target, in one step."""
    temporary = link.with_name(f"{TEMPORARY}{link.name}")
    temporary.unlink(missing_ok=True)
    os.symlink(target, temporary)
    os.replace(temporary, link)
    sync_folder(link.parent)


def rename_folder(source: Path, target: Path) -> None:
    """Give a complete folder its final name."""
    os.rename(source, target)
    sync_folder(target.parent)


def write_folder(final: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files so that its final name never holds less than all of them.

    Args:
        final: final name; nothing is there yet.
        files: name -> content.
    """
    make_folder(final.parent)
    draft = final.with_name(f"{TEMPORARY}{final.name}")
    remove_folder(draft)
    try:
        make_folder(draft)
        for name, content in files.items():
            with (draft / name).open("wb") as file:
                os.chmod(file.fileno(), READ_ONLY_FILE)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        sync_folder(draft)
        rename_folder(draft, final)
    except BaseException:
        remove_folder(draft)
        raise
    # The folder may be the first of its kind: its own name must last, too.
    sync_folder(final.parent.parent)


def remove_folder(path: Path) -> None:
    """Remove a folder and what is in it, if it is there."""
    if path.exists():
        shutil.rmtree(path)


def remove_file(path: Path) -> None:
    """Remove a file, if it is there."""
    path.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
