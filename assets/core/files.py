"""Every operation that changes the disk, so that each can be made to fail in a test.

Data is complete and on the disk under a temporary name before it gets its final one. What a killed
process leaves under such a name is removed by the next one (`assets.core.lock`).
"""

import errno
import hashlib
import io
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from stat import S_IMODE
from threading import RLock, get_ident
from typing import IO

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
PUBLIC_FILE = 0o644
READ_ONLY_FILE = 0o444
PUBLIC_FOLDER = 0o755
TEMPORARY = ".tmp-"
_CHUNK = 1 << 20
_MAKING = RLock()
# File systems that know no hard links, or no more of them, say one of these.
_NO_LINKS = (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS)


class _Durable(io.RawIOBase):
    """A file that is written completely and synced, and keeps the error that prevented it.

    Callers such as Polars may wrap our error.
    """

    def __init__(self, path: Path, mode: int) -> None:
        self.path = path
        self.error: OSError | None = None
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            self._handle = os.open(path, flags, mode)
        except FileExistsError:
            # A leftover may be read-only: it is removed, never opened.
            path.unlink()
            self._handle = os.open(path, flags, mode)
        os.fchmod(self._handle, _wanted(os.fstat(self._handle).st_mode, mode))

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        """Write all of it."""
        view = memoryview(data).cast("B")  # type: ignore[arg-type]
        done = 0
        try:
            while done < len(view):
                done += os.write(self._handle, view[done:])
        except OSError as error:
            self.error = OSError(error.errno, error.strerror, str(self.path))
            raise self.error from None
        return done

    def finish(self) -> None:
        """Make the content durable."""
        os.fsync(self._handle)

    def close(self) -> None:
        """Close the file, once."""
        if not self.closed:
            super().close()
            os.close(self._handle)


def make_folder(path: Path, mode: int = PUBLIC_FOLDER) -> None:
    """Make a folder and its missing parents, all with this mode; existing ones keep theirs.

    Thread-safe; visible only once fsynced.
    """
    with _MAKING:
        if not path.is_dir():
            make_folder(path.parent, mode)
            path.mkdir(mode=mode, exist_ok=True)
            os.chmod(path, _wanted(path.stat().st_mode, mode))
            sync_folder(path.parent)


def _wanted(made: int, mode: int) -> int:
    """Permissions of something new: whatever the umask took from owner and group comes back.

    What it took from all others stays away: so an office lets only a group read.
    """
    return S_IMODE(made) | mode & 0o770


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(
    path: Path,
    write: Callable[[IO[bytes]], object],
    *,
    mode: int = PUBLIC_FILE,
    durable: bool = True,
    complete: Callable[[Path], object] | None = None,
) -> None:
    """Write a file so that its final name never holds less than the whole of it.

    Args:
        path: final name; its folder exists.
        write: writes the content to the open file.
        mode: permissions of the file.
        durable: False for what can be made again at no cost: it need not outlive a power cut.
        complete: called with the written file, before it is durable and has its name.

    Raises:
        OSError: it cannot be written; nothing has changed.
    """
    temporary = path.with_name(f"{TEMPORARY}{path.name}")
    file = _Durable(temporary, mode)
    try:
        try:
            with file:
                write(file)  # type: ignore[arg-type]
                if complete:
                    complete(temporary)
                if durable:
                    file.finish()
        except Exception:
            if file.error is not None:
                raise file.error from None
            raise
        os.replace(temporary, path)
    except BaseException:
        _discard(temporary)
        raise
    if durable:
        sync_folder(path.parent)


def _discard(temporary: Path) -> None:
    """Remove a file that was not finished; the error that stopped it is the one to report."""
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        return  # The next process that takes the lock removes it.


def write_bytes(
    path: Path, content: bytes, *, mode: int = PUBLIC_FILE, durable: bool = True
) -> None:
    """Write bytes atomically."""
    write_atomically(path, lambda file: file.write(content), mode=mode, durable=durable)


def write_hashing(
    chunks: Iterable[bytes], folder: Path, place: Callable[[str], Path]
) -> tuple[str, int]:
    """Write bytes to a name made from their SHA-256, private to the owner.

    The content is durable afterwards, its name is not: the caller syncs the folders once, after
    many files and before it relies on them.

    Args:
        chunks: the bytes; where they end in an error, nothing is kept.
        folder: where the temporary copy is made; on the same file system as the final name.
        place: final name for a SHA-256.

    Returns:
        The SHA-256 of the bytes in hex, and how many they are.
    """
    digest, size = hashlib.sha256(), 0
    # Several threads may copy into one folder.
    file = _Durable(folder / f"{TEMPORARY}copy-{get_ident()}", PRIVATE_FILE)
    try:
        with file:
            for chunk in chunks:
                digest.update(chunk)
                size += file.write(chunk)
            file.finish()
        sha256 = digest.hexdigest()
        final = place(sha256)
        make_folder(final.parent, PRIVATE_FOLDER)
        os.replace(file.path, final)
    except BaseException:
        _discard(file.path)
        raise
    return sha256, size


def copy_hashing(source: Path, folder: Path, place: Callable[[str], Path]) -> str:
    """Copy a file to a name made from its SHA-256, as `write_hashing` does; returns the SHA-256."""
    with source.open("rb") as reader:
        return write_hashing(iter(lambda: reader.read(_CHUNK), b""), folder, place)[0]


def link_or_copy(source: Path, target: Path) -> None:
    """Give a finished file a second name; where the file system knows no hard links, copy it.

    A copy has the permissions of the file, as a second name has.
    """
    make_folder(target.parent)
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        write_bytes(target, source.read_bytes(), mode=S_IMODE(source.stat().st_mode))


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


def rename_file(source: Path, target: Path) -> None:
    """Let a file that is durable take the place of another, in one step."""
    os.replace(source, target)
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
            with _Durable(draft / name, READ_ONLY_FILE) as file:
                file.write(content)
                file.finish()
        sync_folder(draft)
        rename_folder(draft, final)
    except BaseException:
        remove_folder(draft)
        raise


def remove_folder(path: Path) -> None:
    """Remove a folder and what is in it, if it is there.

    It gets a temporary name first, so that nobody finds half of it.
    """
    if not path.name.startswith(TEMPORARY):
        if not path.exists():
            return
        nameless = path.with_name(f"{TEMPORARY}removed-{path.name}")
        remove_folder(nameless)
        rename_folder(path, nameless)
        path = nameless
    if path.exists():
        shutil.rmtree(path)


def set_mode(path: Path, mode: int) -> None:
    """Give a file or folder other permissions."""
    os.chmod(path, mode)


def remove_file(path: Path) -> None:
    """Remove a file, if it is there."""
    path.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def holds(path: Path, sha256: str) -> bool:
    """Whether a file is there whose bytes have this SHA-256."""
    return path.is_file() and sha256_of(path) == sha256
