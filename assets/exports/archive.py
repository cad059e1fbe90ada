"""Keep every file as it was delivered, by its SHA-256, before anything looks into it.

The archive is enough to rebuild everything; nothing in it is ever changed.
"""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from assets.core import (
    PRIVATE_FOLDER,
    DamagedRecord,
    Warehouse,
    make_folder,
    map_in_order,
    remove_file,
    sync_folder,
    write_hashing,
)
from assets.exports.deliveries import Delivery, catalogue, write_catalogue
from assets.exports.discover import ExportFile
from assets.exports.redaction import RawFile, Redacted
from assets.masking import masked_path
from assets.sources import Forbidden, Source, SourceError, TooLarge, Vanished, limited
from schemas import EXPORTS

_GZIP = ".gz"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class _Copied:
    """What was copied: hash of the bytes and of what they hold, size; or the rule against it.

    Of bytes from which rows were erased, `former` names what was delivered.
    """

    sha256: str = ""
    content: str = ""
    size: int = 0
    barred: str = ""
    former: tuple[str, ...] = ()


def new_files(
    files: Iterable[ExportFile], known: Iterable[Delivery], limit: int
) -> list[ExportFile]:
    """Files that are not what was last archived under their path, by size and time.

    A file whose bytes could not be copied is tried again: one that nobody may read each time, since
    permissions leave no mark on it, one that was too large once it is below the limit.

    Args:
        files: what lies in the source.
        known: the catalogue.
        limit: larger files are barred.
    """
    newest = {each.path: each for each in sorted(known, key=lambda each: each.generation)}

    def is_new(file: ExportFile) -> bool:
        last, size = newest.get(file.path), file.item.size
        if last is None or last.modified != file.item.modified or size not in (None, last.size):
            return True
        retry = last.barred == "too_large" and last.size <= limit
        return retry or last.barred == "unreadable"

    return [file for file in files if is_new(file)]


def read_archived(warehouse: Warehouse, sha256: str, path: str) -> bytes:
    """The bytes of a raw file.

    Args:
        warehouse: where the archive lies.
        sha256: of the bytes.
        path: where the file came from, for the message.

    Raises:
        DamagedRecord: they are not there any more.
    """
    archived = warehouse.archived(sha256)
    content = archived.read_bytes() if archived.is_file() else b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedRecord(
            f"存档中的 {masked_path(path)} 缺失或已损坏，没有用它重算：请从备份恢复"
            f"（hotline restore 备份目录 --file {archived.relative_to(warehouse.root)}），"
            "没有备份时请平台重新导出这个文件，再运行一次。"
        )
    return content


def archive_faults(warehouse: Warehouse) -> list[str]:
    """Raw files that the catalogues name and the archive does not hold, or not in their size.

    Returns:
        Dataset, export date and name of each.
    """
    return [
        f"{dataset} {each.export_date} {masked_path(each.path)}"
        for dataset in EXPORTS
        for each in catalogue(warehouse, dataset)
        if each.sha256 and not _is_there(warehouse.archived(each.sha256), each)
    ]


def _is_there(path: Path, delivery: Delivery) -> bool:
    # Without what was erased it has another size than it had when it was delivered.
    return path.is_file() and (bool(delivery.former) or path.stat().st_size == delivery.size)


def remove_former(warehouse: Warehouse) -> None:
    """Remove raw files from which rows were erased: what is left of them has another name."""
    entries = [each for dataset in EXPORTS for each in catalogue(warehouse, dataset)]
    named = {each.sha256 for each in entries}
    for sha256 in sorted({one for each in entries for one in each.former} - named):
        remove_file(warehouse.archived(sha256))


def archive(
    files: Iterable[ExportFile],
    outside: Iterable[ExportFile],
    *,
    source: Source,
    warehouse: Warehouse,
    limit: int,
    unpacked_limit: int,
    today: date,
    redact: Callable[[RawFile], Redacted] | None = None,
) -> None:
    """Copy new files of one dataset into the archive and enter them in its catalogue.

    Args:
        files: new files of the dataset.
        outside: links that leave the source; entered as barred, not followed.
        source: where they lie.
        warehouse: where the archive lies.
        limit: larger files are barred.
        unpacked_limit: what a .gz file holds is compared with other files up to this size.
        today: day on which they arrive.
        redact: takes out of a file what was erased; None where nothing ever was.

    Raises:
        SourceError: the source broke off; what had been copied by then is entered.
    """
    make_folder(warehouse.archive, PRIVATE_FOLDER)
    found = [(file, False) for file in files] + [(file, True) for file in outside]
    # Of files that are found together the one that was written later came later.
    found.sort(key=lambda each: (each[0].export_date, each[0].item.modified, each[0].path))
    if not found:
        return
    dataset = found[0][0].dataset
    entries = {each.delivery: each for each in catalogue(warehouse, dataset)}
    of_path: dict[str, list[Delivery]] = {}
    for each in entries.values():
        of_path.setdefault(each.path, []).append(each)
    touched: set[Path] = set()
    broken: SourceError | None = None
    copy = partial(
        _copy,
        source=source,
        warehouse=warehouse,
        limit=limit,
        unpacked_limit=unpacked_limit,
        redact=redact,
    )
    # Entered by this loop alone: where it breaks off, nothing goes on being copied.
    for (file, _), copied in zip(
        found, map_in_order(copy, found, threads=source.at_once), strict=True
    ):
        if isinstance(copied, SourceError):
            broken = copied
            break
        if copied is None:
            continue
        if copied.sha256:
            touched.add(warehouse.archived(copied.sha256).parent)
        # A listing names a path once.
        _enter(entries, of_path.get(file.path, []), file, copied, today)
    for folder in touched:
        sync_folder(folder)
    write_catalogue(warehouse, dataset, entries.values())
    if broken is not None:
        raise broken


def _copy(
    found: tuple[ExportFile, bool],
    *,
    source: Source,
    warehouse: Warehouse,
    limit: int,
    unpacked_limit: int,
    redact: Callable[[RawFile], Redacted] | None,
) -> _Copied | SourceError | None:
    """Copy a file into the archive, unless it is a link that leaves the source.

    Returns:
        None where the file went away or changed while it was read: the next run will see it.
    """
    file, outside = found
    size = file.item.size or 0
    if outside:
        return _Copied(size=size, barred="outside_landing")
    if size > limit:
        return _Copied(size=size, barred="too_large")
    keep = partial(write_hashing, folder=warehouse.archive, place=warehouse.archived)
    try:
        sha256, size = source.fetch(file.item, lambda chunks: keep(limited(chunks, limit)))
    except Forbidden:
        return _Copied(size=size, barred="unreadable")
    except TooLarge as error:
        return _Copied(size=error.size, barred="too_large")
    except Vanished:
        return None
    except SourceError as error:
        return error
    packed = file.name.lower().endswith(_GZIP)
    content = _unpacked(warehouse.archived(sha256), unpacked_limit) if packed else None
    copied = _Copied(sha256, content or sha256, size)
    if redact is None:
        return copied
    raw = warehouse.archived(sha256).read_bytes()
    left = redact(RawFile(raw, file.dataset, file.path, file.export_date, sha256)).content
    if left is None:
        return copied
    sha256, barred = (keep([left])[0], "") if left else ("", "erased")
    return replace(copied, sha256=sha256, barred=barred, former=(copied.sha256,))


def _unpacked(path: Path, limit: int) -> str | None:
    """SHA-256 of what a .gz file holds; None where it cannot be unpacked or holds too much."""
    digest, size = hashlib.sha256(), 0
    try:
        with gzip.open(path) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if size > limit:
                    return None
    except (OSError, EOFError, zlib.error):
        return None
    return digest.hexdigest()


def _enter(
    entries: dict[str, Delivery],
    same_path: list[Delivery],
    file: ExportFile,
    copied: _Copied,
    today: date,
) -> None:
    """Enter a file beside the other contents that its path had."""
    for each in same_path:
        if not each.sha256:
            entries.pop(each.delivery, None)
    delivered = copied.former[0] if copied.former else copied.sha256
    known = f"{file.dataset}\0{file.path}\0{delivered}".encode()
    delivery = hashlib.sha256(known).hexdigest()[:16]
    newest = max((each.generation for each in same_path if each.sha256), default=-1)
    again = entries.get(delivery)
    # Bytes that a path had last are no new arrival; older ones that come back are.
    stays = again and again.generation == newest
    last = max((each.generation for each in entries.values()), default=-1)
    entries[delivery] = Delivery(
        delivery,
        file.dataset,
        file.export_date,
        file.path,
        copied.sha256,
        copied.size,
        file.item.modified,
        newest if stays else last + 1,
        copied.barred,
        copied.content or delivery,
        again.arrived if again and stays else today,
        copied.former,
    )
