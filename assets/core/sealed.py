"""Files that carry their own checksum, which is looked at whenever they are read.

A Parquet file holds it in its footer, over every byte but its own digits; JSON holds it beside the
other fields. What was written before there were checksums is read as it is.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import polars as pl

from assets.core.errors import DamagedFile, DamagedRecord
from assets.core.files import PRIVATE_FILE, sha256_of, write_atomically

_NAME = "hotline.sha256"
_BLANK = "0" * 64
# To be written among the metadata of a file that is sealed afterwards.
SEAL = {_NAME: _BLANK}
# As Parquet writes the two: name, the second field of a pair, its length, digits.
_WRITTEN = re.compile(rb"hotline\.sha256\x18\x40(.{64})", re.DOTALL)
# The footer's own metadata lie at its end, behind nothing but the schema for Arrow.
_TAIL = 1 << 20
_CHUNK = 1 << 20
_MAGIC = b"PAR1"
_JSON_NAME = "checksum"

State = tuple[int, int, int, int]


# --- Parquet --------------------------------------------------------------------------------------


def write_sealed(
    path: Path, write: Callable[[IO[bytes]], object], *, mode: int = PRIVATE_FILE
) -> None:
    """Write a Parquet file with its checksum, atomically.

    Args:
        path: final name; its folder exists.
        write: writes the file, with `SEAL` among its metadata.
        mode: permissions.
    """
    write_atomically(path, write, mode=mode, complete=_seal)


def write_rows(
    path: Path,
    rows: pl.DataFrame,
    *,
    metadata: Mapping[str, str] | None = None,
    compression_level: int | None = None,
) -> None:
    """Write rows as a private Parquet file with its checksum, atomically."""
    described = {**(metadata or {}), **SEAL}
    write_sealed(
        path,
        lambda file: rows.write_parquet(
            file, metadata=described, compression_level=compression_level
        ),
    )


def _seal(path: Path) -> None:
    """Put the checksum where its place was left; other files stay as they are."""
    with path.open("r+b") as file:
        if place := _place(file):
            digest = _digest_without(file, place[0])
            file.seek(place[0])
            file.write(digest)


def _place(file: IO[bytes]) -> tuple[int, bytes] | None:
    """Where the digits of the checksum begin, and what they are; None where there are none."""
    size = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, size - _TAIL))
    found = list(_WRITTEN.finditer(file.read()))
    return (start + found[-1].start(1), found[-1][1]) if found else None


def _digest_without(file: IO[bytes], place: int) -> bytes:
    """SHA-256 of a file as it was before the checksum was put into it."""
    digest = hashlib.sha256()
    file.seek(0)
    left = place
    while left:
        piece = file.read(min(_CHUNK, left))
        digest.update(piece)
        left -= len(piece)
    digest.update(_BLANK.encode())
    file.seek(len(_BLANK), os.SEEK_CUR)
    while piece := file.read(_CHUNK):
        digest.update(piece)
    return digest.hexdigest().encode()


def is_whole(path: Path) -> bool:
    """Whether a Parquet file is there as it was written; asked of each state of a file once."""
    try:
        return _is_whole(path, _state(path))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


@lru_cache(maxsize=1 << 14)
def _is_whole(path: Path, _: State) -> bool:
    with path.open("rb") as file:
        place = _place(file)
        if place:
            return _digest_without(file, place[0]) == place[1]
        # Written before there were checksums, if it is Parquet at all.
        file.seek(max(0, file.seek(0, os.SEEK_END) - len(_MAGIC)))
        return file.read() == _MAGIC


def whole(path: Path) -> Path:
    """The same path.

    Raises:
        DamagedFile: the file is not there as it was written.
    """
    if not is_whole(path):
        raise DamagedFile(path)
    return path


def scan_whole(paths: Iterable[Path]) -> pl.LazyFrame:
    """The rows of Parquet files that are as they were written; raises DamagedFile."""
    return pl.scan_parquet([whole(path) for path in paths])


def read_whole(path: Path) -> pl.DataFrame:
    """The rows of a Parquet file that is as it was written; raises DamagedFile."""
    try:
        return pl.read_parquet(whole(path))
    except pl.exceptions.PolarsError:
        raise DamagedFile(path) from None


def read_record(path: Path, title: str) -> pl.DataFrame:
    """The rows of a record that cannot be computed again.

    Args:
        path: of the record, which must be there.
        title: what it is, in Chinese.

    Raises:
        DamagedRecord: it is not there as it was written.
    """
    try:
        return read_whole(path)
    except DamagedFile:
        raise DamagedRecord(
            f"{title}（{path}）缺失或已损坏，无法重新算出，所以没有继续：请从备份恢复这个文件"
            f"（hotline restore 备份目录 --file {path.parent.name}/{path.name}），再运行一次。"
        ) from None


# --- any file -------------------------------------------------------------------------------------


def present_sha256(path: Path) -> str:
    """SHA-256 of a file, asked of each state of it once; empty where there is no file."""
    try:
        return _sha256(path, _state(path))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ""


@lru_cache(maxsize=1 << 14)
def _sha256(path: Path, _: State) -> str:
    return sha256_of(path)


def _state(path: Path) -> State:
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


# --- JSON -----------------------------------------------------------------------------------------


def sealed_json(fields: Mapping[str, Any]) -> str:
    """Fields as JSON, with a checksum beside them."""
    return json.dumps(
        {**fields, _JSON_NAME: _of_fields(fields)}, ensure_ascii=False, sort_keys=True
    )


def open_json(text: str | bytes) -> dict[str, Any]:
    """The fields of what `sealed_json` gave.

    Raises:
        ValueError: they are not those that were written.
    """
    fields = json.loads(text)
    if not isinstance(fields, dict):
        raise ValueError("not an object")
    digest = fields.pop(_JSON_NAME, None)
    if digest is not None and digest != _of_fields(fields):
        raise ValueError("altered")
    return fields


def _of_fields(fields: Mapping[str, Any]) -> str:
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
